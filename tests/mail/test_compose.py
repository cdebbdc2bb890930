"""Values to octets, with Python's own parser as the oracle: what it reads is what was meant, and nothing more."""

from __future__ import annotations

import base64
import email
import email.header
import email.message
import email.policy
import email.utils
import html as entities
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maild.mail.compose import Draft, Enclosure, compose, format_date, trimmed
from maild.mail.message import Mailbox
from maild.mail.mime.header import one_line
from maild.mail.parse import parse

WHEN = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
DESK = Mailbox(name="Example Support", address="support@example.com")
ANN = Mailbox(name="Ann Berg", address="ann@example.org")


def draft(**changes: object) -> Draft:
    """A small mail, changed as told."""
    values: dict[str, object] = {
        "date": WHEN,
        "from_": DESK,
        "to": [ANN],
        "subject": "Hello",
        "message_id": "1.abc@mail.example.com",
        "text": "Hello\n",
    }
    return Draft(**(values | changes))  # type: ignore[arg-type]


def oracle(raw: bytes) -> email.message.EmailMessage:
    """The mail as Python's modern parser reads it."""
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(message, email.message.EmailMessage)
    return message


def people(raw: bytes, name: str) -> list[tuple[str, str]]:
    """(name, address) of a field's mailboxes, by the older functions: the modern parser of Python 3.11 puts blanks between words."""
    unfolded = email.message_from_bytes(raw).get(name, "").replace("\r\n", "")
    decoded = [(email.header.decode_header(each), address) for each, address in email.utils.getaddresses([unfolded])]
    return [(str(email.header.make_header(pieces)), address) for pieces, address in decoded]


def text_of(part: email.message.EmailMessage | None) -> str:
    """A text part's content, with LF, without the empty lines at its end."""
    assert part is not None
    content = part.get_content()
    assert isinstance(content, str)
    return content.replace("\r\n", "\n").rstrip("\n")


def field_names(raw: bytes) -> list[str]:
    """The names of the header fields, counted by octets alone: a line that does not begin with a blank is a field."""
    lines = raw.split(b"\r\n\r\n", 1)[0].split(b"\r\n")
    return [line.partition(b":")[0].decode() for line in lines if not line.startswith((b" ", b"\t"))]


def well_formed(raw: bytes) -> bool:
    """CRLF only, no line above 998 octets, no NUL, only ASCII in the header."""
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert b"\r" not in raw.replace(b"\r\n", b"")
    assert b"\0" not in raw
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    return raw.split(b"\r\n\r\n", 1)[0].isascii()


ANYTHING = st.text(st.characters(), max_size=120)  # lone surrogates, controls and all
WORDS = st.text(st.characters(codec="utf-8"), max_size=120)
ADDRESSES = st.from_regex(r"[a-z0-9._+-]{1,15}@[a-z0-9]{1,10}\.example", fullmatch=True)
NAMES = WORDS.map(lambda text: one_line(text).strip('" '))
TEXTS = st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), max_size=100), max_size=5).map("\n".join)
# In HTML what is not ASCII may be a character reference, and those of controls and non-characters mean something else.
PAGES = st.lists(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cn")), max_size=100), max_size=5).map("\n".join)
FILES = st.builds(
    Enclosure,
    name=st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=40),
    type=st.sampled_from(["image/png", "application/pdf", "application/x-thing", "application/octet-stream"]),
    content=st.binary(max_size=300),
)


@given(subject=WORDS, sender=NAMES, to=st.lists(st.builds(Mailbox, name=NAMES, address=ADDRESSES), min_size=1, max_size=4), cc=st.lists(st.builds(Mailbox, name=NAMES, address=ADDRESSES), max_size=3))  # fmt: skip
@settings(max_examples=120)
def test_header_values_come_back(subject: str, sender: str, to: Sequence[Mailbox], cc: Sequence[Mailbox]) -> None:
    """Subject and people are read as they were, whatever Unicode they hold and wherever lines were folded."""
    raw = compose(draft(subject=subject, from_=Mailbox(name=sender, address="support@example.com"), to=to, cc=cc))
    assert well_formed(raw)
    found = oracle(raw)
    assert one_line(found["Subject"]) == one_line(subject)
    assert people(raw, "From") == [(sender, "support@example.com")]
    assert people(raw, "To") == [(each.name, each.address) for each in to]
    assert people(raw, "Cc") == [(each.name, each.address) for each in cc]
    assert [each.addr_spec for each in found["To"].addresses] == [each.address for each in to]


@given(text=TEXTS, html=st.none() | PAGES, files=st.lists(FILES, max_size=3))
@settings(max_examples=120)
def test_bodies_and_enclosures_come_back(text: str, html: str | None, files: Sequence[Enclosure]) -> None:
    """Text, HTML and files are read octet by octet as they were, in a structure that every client knows."""
    raw = compose(draft(text=text, html=html, enclosures=files))
    assert well_formed(raw)
    found = oracle(raw)
    assert text_of(found.get_body(("plain",))) == text.rstrip("\n")
    if html is not None:
        assert entities.unescape(text_of(found.get_body(("html",)))) == entities.unescape(html.rstrip("\n"))
    attached = list(found.iter_attachments()) if files else []
    assert [(each.get_filename(), each.get_content_type(), each.get_payload(decode=True)) for each in attached] == [
        (each.name, each.type, each.content) for each in files
    ]
    assert [part.defects for part in found.walk() if part.defects] == []


@given(text=TEXTS, subject=WORDS, name=NAMES, files=st.lists(FILES, max_size=2))
def test_what_is_composed_is_understood_here_too(text: str, subject: str, name: str, files: Sequence[Enclosure]) -> None:
    """The desk reads its own mails without a defect."""
    message = parse(
        compose(draft(text=text, subject=subject, from_=Mailbox(name=name, address="support@example.com"), enclosures=files))
    )
    assert message.subject == one_line(subject)
    assert message.text.strip("\n") == text.replace("\0", "\ufffd").strip("\n") or not text.strip()
    assert message.message_id == "1.abc@mail.example.com"
    assert len(message.attachments) == len(files)
    assert message.defects == ()


HOSTILE = st.one_of(ANYTHING, st.lists(st.sampled_from(["\r\n", "\n", "\r", "\0", "\u2028", "\x85", "\x0b", "Bcc: evil@x.example", " ", '"', "\\", "<", ">", ",", "=?utf-8?q?=0d=0aBcc:_x?=", "a" * 500, "é"]), max_size=8).map("".join))  # fmt: skip


@given(
    subject=HOSTILE, name=HOSTILE, address=HOSTILE, ids=st.lists(HOSTILE, max_size=3), file=HOSTILE, kind=HOSTILE, more=HOSTILE
)
@settings(max_examples=200)
def test_no_value_makes_a_field(
    subject: str, name: str, address: str, ids: Sequence[str], file: str, kind: str, more: str
) -> None:
    """Whatever the values hold, the fields are those that were asked for, once each, for this parser and by the octets."""
    enclosure = Enclosure(name=file[:60], type=kind, content=b"x")
    raw = compose(
        draft(
            subject=subject,
            from_=Mailbox(name=name, address="support@example.com"),
            to=[ANN, Mailbox(name=name, address=address)],
            reply_to=Mailbox(name=name, address="support+1@example.com"),
            in_reply_to=ids[0] if ids else None,
            references=ids,
            more=[("X-Maild-Ticket", "1"), ("Auto-Submitted", more)],
            enclosures=[enclosure],
        )
    )
    expected = ["Date", "From", "To", "Reply-To", "Subject", "Message-ID", *(["In-Reply-To"] if ids and ids[0] else []), *(["References"] if ids else []), "X-Maild-Ticket", "Auto-Submitted", "MIME-Version", "Content-Type"]  # fmt: skip
    assert field_names(raw) == expected
    assert email.message_from_bytes(raw).keys() == expected
    assert b"\n" not in raw.replace(b"\r\n", b"")
    parts = list(email.message_from_bytes(raw).walk())
    assert [part.get_content_type() for part in parts[:2]] == ["multipart/mixed", "text/plain"]
    assert len(parts) == 3
    assert set(parts[2].keys()) == {"Content-Type", "Content-Transfer-Encoding", "Content-Disposition"}
    assert parse(raw).defects == ()


@given(
    lines=st.lists(
        st.sampled_from(["--=_", "\r\n--x--\r\n", ".", "..", "From ann", "--", "a" * 2000, "é" * 700, "=", " ", "\t", "\0"]),
        max_size=8,
    )
)
def test_no_text_breaks_its_part(lines: list[str]) -> None:
    """Lines like boundaries, of any length, with blanks at their ends: the text comes back, and nothing is a part of its own."""
    text = "\n".join(lines)
    raw = compose(draft(text=text, html="<p>x</p>", enclosures=[Enclosure(name="a", type="image/png", content=text.encode())]))
    assert well_formed(raw)
    found = oracle(raw)
    assert text_of(found.get_body(("plain",))) == text.replace("\r\n", "\n").rstrip("\n")
    assert len(list(found.iter_attachments())) == 1


def test_a_boundary_is_in_no_part() -> None:
    """A text that quotes the boundary of its own mail, as a reply with the raw mail does, gets another boundary."""
    first = compose(draft(html="<p>x</p>"))
    boundary = oracle(first).get_boundary()
    assert boundary is not None
    second = oracle(compose(draft(text=f"--{boundary}\n--{boundary}--\n", html="<p>x</p>")))
    assert second.get_boundary() != boundary
    assert len(list(second.iter_parts())) == 2


@given(text=TEXTS, subject=ANYTHING, files=st.lists(FILES, max_size=2))
@settings(max_examples=30)
def test_the_same_values_make_the_same_octets(text: str, subject: str, files: Sequence[Enclosure]) -> None:
    """A mail that is tried again is the same mail: no chance, no clock."""
    values = draft(text=text, subject=subject, html="<p>x</p>", enclosures=files)
    assert compose(values) == compose(values)


@pytest.mark.parametrize(
    "word",
    [
        "a" * 3000,
        "a" * 990 + " " + "b" * 990,
        "é" * 3000,
        "=?" * 900,
        '"' * 1500,
        "(" * 1500,
        "A: " * 600,
        "a:" * 900,
        ": " * 500,
    ],
)
def test_long_words_stay_within_the_line(word: str) -> None:
    """RFC 5322, section 2.1.1: 998 octets, even where a name or subject has no blank to fold at."""
    raw = compose(
        draft(subject=word, from_=Mailbox(name=word, address="support@example.com"), to=[Mailbox(name=word, address="a@b.c")] * 3)
    )
    assert well_formed(raw)
    assert one_line(oracle(raw)["Subject"]).replace(" ", "") == word.replace(" ", "")


@pytest.mark.parametrize("word", ["A: " * 600, "Berg, Ann: " * 90, "a b: " * 90])
def test_colons_fold_like_other_words(word: str) -> None:
    """RFC 5322, section 2.2.3: 78 characters a line where there are blanks to fold at."""
    name = Mailbox(name=word.strip(), address="support@example.com")
    raw = compose(draft(subject=word, from_=name, to=[name] * 3))
    assert max(map(len, raw.split(b"\r\n\r\n")[0].split(b"\r\n"))) <= 78


@pytest.mark.parametrize(
    "more",
    [("X-A\r\nBcc: eve@evil.example\r\nX-B", "x"), ("Subject", "twice"), ("Evil name", "x"), ("X-Long", "x"), ("", "x")],
    ids=["a field", "twice", "no name", "fine", "empty"],
)
def test_what_is_not_read_back_does_not_go_out(more: tuple[str, str]) -> None:
    """A name that somebody chose could break out where every value is made safe: what was serialised is parsed again."""
    if more[0] == "X-Long":
        assert compose(draft(more=[more])).count(b"X-Long") == 1
        return
    with pytest.raises(ValueError, match="a header field of its own"):
        compose(draft(more=[more]))


@pytest.mark.parametrize(
    "address", ["x:y@b.c", "e[f@b.c", "a\\@b.c", '"qr"@b.c', "a@b.c@d.e", "a,b@c.d", "<a@b.c", "a b@c.d", 130 * "\u00e9" + "@b.c"]
)
def test_addresses_that_somebody_reads_otherwise(address: str) -> None:
    """They are left out of a field, which then names those that are left."""
    raw = compose(draft(to=[Mailbox(name="", address=address), Mailbox(name="Bob", address="bob@example.org")]))
    assert people(raw, "To") == [("Bob", "bob@example.org")]
    assert oracle(compose(draft(to=[Mailbox(name="", address=address)])))["To"] == "undisclosed-recipients:;"


@given(text=st.text(st.characters(codec="utf-8", min_codepoint=128), min_size=1, max_size=200))
def test_encoded_words_are_short_and_whole(text: str) -> None:
    """RFC 2047, sections 2 and 5: a word has at most 75 characters, and no character is split between words."""
    raw = compose(draft(subject=text, from_=Mailbox(name=text, address="support@example.com")))
    for word in re.findall(rb"=\?utf-8\?b\?([^?]*)\?=", raw):
        assert len(word) <= 75 - len("=?utf-8?b??=")
        base64.b64decode(word).decode()


def test_long_lists_are_folded() -> None:
    """A thousand recipients and references: no line above 998, none above 78 but where one word is longer."""
    people = [Mailbox(name=f"Person {number}", address=f"u{number}@example.org") for number in range(1000)]
    raw = compose(draft(to=people, references=[f"{number}@x" for number in range(1000)]))
    assert well_formed(raw)
    assert max(len(line) for line in raw.split(b"\r\n\r\n")[0].split(b"\r\n")) <= 78
    assert len(oracle(raw)["To"].addresses) == 1000


def test_a_mail_to_nobody_says_so() -> None:
    """A mail without visible recipients keeps a To field that is none of anybody's."""
    assert oracle(compose(draft(to=[])))["To"] == "undisclosed-recipients:;"


@pytest.mark.parametrize("address", ["a@b.c\r\nBcc: x@y.z", "a@b.c, x@y.z", "<x@y.z>", "a b@c.d", "a@b.c\0", "a(b)@c.d"])
def test_addresses_that_would_break_out_are_left_out(address: str) -> None:
    """An address that would become two, or a field, is not written."""
    raw = compose(draft(to=[ANN, Mailbox(name="x", address=address)]))
    assert [each.addr_spec for each in oracle(raw)["To"].addresses] == ["ann@example.org"]


@pytest.mark.parametrize("message_id", ["a b@c", "a@b>", "<a@b", "a@b\r\nBcc: x", "é@b", "a" * 1000 + "@b"])
def test_foreign_message_ids_that_would_break_out_are_left_out(message_id: str) -> None:
    """Of a customer's Message-IDs only those are repeated that are ones."""
    raw = compose(draft(in_reply_to=message_id, references=["good@x", message_id]))
    assert well_formed(raw)
    assert oracle(raw)["References"] == "<good@x>"
    assert oracle(raw)["In-Reply-To"] == ""


def test_threads_are_trimmed_in_their_middle() -> None:
    """The first reference and the last ones tell most."""
    ids = [f"{number}@x" for number in range(50)]
    assert trimmed(ids, 5) == ["0@x", "46@x", "47@x", "48@x", "49@x"]
    assert trimmed(["a", "b", "a"]) == ["a", "b"]


@pytest.mark.parametrize("kind", ["message/rfc822", "multipart/mixed", "text", "image/png\r\nX: y", "tëxt/plain", "", "a/b/c"])
def test_types_that_could_mislead_are_octets(kind: str) -> None:
    """RFC 2046, section 5.2.1: what may not be base64, and what is no type, goes as application/octet-stream."""
    (attached,) = oracle(compose(draft(enclosures=[Enclosure(name="a", type=kind, content=b"x")]))).iter_attachments()
    assert attached.get_content_type() == "application/octet-stream"


@pytest.mark.parametrize(
    ("when", "written"),
    [
        (WHEN, "Wed, 4 Mar 2026 12:00:00 +0000"),
        (datetime(2026, 12, 31, 23, 59, 59, tzinfo=timezone(timedelta(hours=5, minutes=30))), "Thu, 31 Dec 2026 23:59:59 +0530"),
        (datetime(2026, 1, 1, 0, 0, 0, tzinfo=timezone(-timedelta(hours=3, minutes=30))), "Thu, 1 Jan 2026 00:00:00 -0330"),
    ],
)
def test_dates(when: datetime, written: str) -> None:
    """RFC 5322, section 3.3, in English and with the zone, whatever the machine's language is."""
    assert format_date(when) == written
    assert oracle(compose(draft(date=when)))["Date"].datetime == when


@pytest.mark.parametrize(
    "count",
    [20, 60, 120],
)
def test_long_file_names_stay_within_the_line(count: int) -> None:
    """A name of as many characters as `safe_name` lets through, of three and four octets each."""
    for character in ("a", "é", "語", "😀"):
        raw = compose(draft(enclosures=[Enclosure(name=character * count + ".pdf", type="application/pdf", content=b"x")]))
        assert well_formed(raw)
        (attached,) = oracle(raw).iter_attachments()
        assert attached.get_filename() == character * count + ".pdf"
