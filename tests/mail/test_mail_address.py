"""Lists of mailboxes, as the standard writes them and as people do."""

from __future__ import annotations

import email.utils
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.mail.address import MAX_MAILBOXES, is_strict, parse_mailboxes


def pairs(raw: str) -> list[tuple[str, str]]:
    """(name, address) of each mailbox."""
    return [(each.name, each.address) for each in parse_mailboxes(raw)]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("ann@example.org", [("", "ann@example.org")]),
        ("<ann@example.org>", [("", "ann@example.org")]),
        ("Ann Berg <ann@example.org>", [("Ann Berg", "ann@example.org")]),
        ('"Berg, Ann" <ann@example.org>', [("Berg, Ann", "ann@example.org")]),
        (r'"Ann \"the\" Berg" <ann@example.org>', [('Ann "the" Berg', "ann@example.org")]),
        ("ann@example.org (Ann Berg)", [("Ann Berg", "ann@example.org")]),
        ("(first) ann@example.org", [("first", "ann@example.org")]),
        ("Ann (at home) <ann@example.org>", [("Ann", "ann@example.org")]),
        ("a@b.c, d@e.f", [("", "a@b.c"), ("", "d@e.f")]),
        ("a@b.c; d@e.f", [("", "a@b.c"), ("", "d@e.f")]),
        ("a@b.c,, ,d@e.f,", [("", "a@b.c"), ("", "d@e.f")]),
        ("Team: Ann <a@b.c>, d@e.f;", [("Ann", "a@b.c"), ("", "d@e.f")]),
        ("Team: a@b.c;, x@y.z", [("", "a@b.c"), ("", "x@y.z")]),
        ("undisclosed-recipients:;", []),
        ("=?utf-8?q?J=C3=BCrgen?= <j@b.c>", [("Jürgen", "j@b.c")]),
        ('"=?utf-8?q?J=C3=BCrgen?=" <j@b.c>', [("Jürgen", "j@b.c")]),
        ("'Ann' <ann@example.org>", [("Ann", "ann@example.org")]),
        ("<@relay.example,@other.example:ann@example.org>", [("", "ann@example.org")]),
        ("Ann <ann@example.org", [("Ann", "ann@example.org")]),
        ("ANN@Example.ORG", [("", "ANN@Example.ORG")]),
        ("Ann Berg", [("Ann Berg", "")]),
        ("Ann, root", [("Ann", ""), ("root", "")]),
        ("=?utf-8?q?Berg, Ann?= <a@b.c>", [("Berg, Ann", "a@b.c")]),
        ("=?utf-8?q?Berg?= =?utf-8?q?_(Ann)?= <a@b.c>, d@e.f", [("Berg (Ann)", "a@b.c"), ("", "d@e.f")]),
        ("=?utf-8?q?Ann_a=40b.c?=", [("", "a@b.c")]),
        ("a=b <a=b@c.d>", [("a=b", "a=b@c.d")]),
        ("", []),
        ("<>", []),
        (",;:", []),
    ],
)
def test_mailboxes(raw: str, expected: list[tuple[str, str]]) -> None:
    """RFC 5322, section 3.4: names, comments, groups, routes, and the slips that people make."""
    assert pairs(raw) == expected


@pytest.mark.parametrize(
    "raw", ["Ann (at (her) home) <ann@example.org>", "(a (b (c))) ann@example.org", "(never closed <ann@example.org>, (b <c@d.e>"]
)
def test_nested_comments_hide_no_address_outside(raw: str) -> None:
    """Comments nest (RFC 5322, section 3.2.2); of their text little is promised, of the address beside them all."""
    assert {address for _, address in pairs(raw)} <= {"ann@example.org"}
    assert bool(pairs(raw)) is not raw.startswith("(never")


@pytest.mark.parametrize(
    "raw",
    [
        "good@corp.example <evil@x.example>",
        '"good@corp.example" <evil@x.example>',
        "good@corp.example (x) <evil@x.example>",
        "<evil@x.example> good@corp.example",
        "=?utf-8?q?good=40corp.example?= <evil@x.example>",
        "good@corp.example\0 <evil@x.example>",
    ],
)
def test_the_angle_brackets_hold_the_address(raw: str) -> None:
    """A name that looks like an address is a name: verifiers authenticate what stands in the brackets."""
    (mailbox,) = parse_mailboxes(raw)
    assert mailbox.address == "evil@x.example"


NAMES = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), max_size=20)
ADDRESSES = st.from_regex(r"[a-z0-9._+-]{1,15}@[a-z0-9]{1,10}\.example", fullmatch=True)


@given(
    people=st.lists(st.tuples(NAMES.filter(lambda name: name.strip("'\" ") == name and "=?" not in name), ADDRESSES), max_size=6)
)
def test_lists_of_the_standard_library_come_back(people: list[tuple[str, str]]) -> None:
    """What Python's email package writes, with its quoting and encoded words, is read as it was."""
    raw = ", ".join(email.utils.formataddr(each, "utf-8") for each in people)
    assert pairs(raw) == people


@given(raw=st.text(alphabet='ab@.,;:<>()"\\ =?\té\0\n', max_size=120))
def test_any_list_gives_sound_mailboxes(raw: str) -> None:
    """Whatever is written there, names and addresses are single lines of valid Unicode, and none is wholly empty."""
    for mailbox in parse_mailboxes(raw.encode().decode("ascii", "surrogateescape")):
        assert mailbox.name or mailbox.address
        for text in (mailbox.name, mailbox.address):
            assert len(text.splitlines()) <= 1
            assert "\0" not in text
            text.encode()
        assert " " not in mailbox.address


def test_no_more_mailboxes_than_the_limit() -> None:
    """A list of many thousands is cut."""
    assert len(parse_mailboxes(", ".join(f"u{number}@x.y" for number in range(3000)))) == MAX_MAILBOXES


@pytest.mark.parametrize(
    "raw",
    [
        '"\\' * 20_000,
        "(\\(" * 20_000,
        "(" * 60_000,
        "<" * 60_000,
        "(a" * 30_000,
        '"' * 60_000,
        "\\" * 60_000,
        "<a" * 30_000,
        ",:;" * 20_000,
    ],
    ids=[
        "quote-escape",
        "comment-escape",
        "comments",
        "angles",
        "comment-letters",
        "quotes",
        "escapes",
        "angle-letters",
        "separators",
    ],
)
def test_what_never_closes_is_read_in_one_pass(raw: str) -> None:
    """Each opening is followed once, however many there are: the mailbox in front is found all the same."""
    assert pairs(f"ann@example.org, {raw}")[0] == ("", "ann@example.org")


# --- strict: tests/guard/test_assurance.py has the table of what may be believed --------------------------------


@given(
    st.lists(
        st.sampled_from(
            [
                "Ann",
                '"',
                "<",
                ">",
                "a@b.cd",
                "@",
                ".",
                ",",
                ":",
                ";",
                "(",
                ")",
                "\\",
                " ",
                "\t",
                "\r",
                "\x00",
                "\u00e4",
                "=?utf-8?q?x?=",
            ]
        ),
        max_size=9,
    ).map("".join)
)
def test_what_is_strict_is_read_alike(raw: str) -> None:
    """A strict From is one mailbox for the lenient reader, too, and its address stands there as it is written."""
    if not is_strict([raw]):
        return
    [mailbox] = parse_mailboxes(raw)
    assert raw.count("@") == 1 or (mailbox.name.lower(), raw.count("@")) == (mailbox.address.lower(), 2)
    assert mailbox.address in raw
    assert raw.rstrip(" \t").rstrip(">").endswith(mailbox.address)
    address = email.utils.parseaddr(raw)[1]
    assert address == mailbox.address


A = "ann@example.org"


@pytest.mark.parametrize("raw", [f'"{A}" <{A}>', f"{A} <{A}>", f"\"'{A}'\" <{A}>", f"'{A}' <{A}>", f'"Ann@Example.org" <{A}>'])
def test_an_address_as_its_own_name(raw: str) -> None:
    """So many clients write a sender of whom they know no name; another's address as a name is another matter."""
    assert is_strict([raw])
    assert parse_mailboxes(raw)[0].address == A
    assert not is_strict([raw.replace("<ann@", "<eve@")])
    assert not is_strict([raw.replace("<ann@", "<ann.@")])
    assert not is_strict([f"{raw}, <eve@evil.example>"])
    assert not is_strict(['"mike@example.com" <mi\u212ae@example.com>'])


@pytest.mark.parametrize("raw", [f"\"{A}' <{A}>", f'"{A} <{A}>', f'{A}" <{A}>', f'"{A}, {A}" <{A}>'])
def test_quotes_that_do_not_match(raw: str) -> None:
    """What is opened must be closed."""
    assert not is_strict([raw])


@pytest.mark.parametrize("bodies", [[], ["a@b.cd", "a@b.cd"], [""], ["a@b.cd", ""]])
def test_not_one_field(bodies: list[str]) -> None:
    """None is nobody, and two are nobody in particular."""
    assert not is_strict(bodies)


@pytest.mark.parametrize(
    "raw", ["a" * 1_000_000, '"' * 1_000_000, '"\\' * 500_000, "a." * 500_000, "a@" + "b." * 500_000, " " * 1_000_000, "x " * 500_000, "<" * 1_000_000, '""' * 500_000, "a@b.c" * 200_000],
    ids=["letters", "quotes", "escapes", "dots", "domain", "blanks", "words", "angles", "pairs", "addresses"],
)  # fmt: skip
def test_strictness_in_one_pass(raw: str) -> None:
    """A megabyte of anything is refused in no time."""
    start = time.perf_counter()
    assert not is_strict([raw])
    assert time.perf_counter() - start < 3
