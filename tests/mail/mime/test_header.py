"""Encoded words, raw octets, Message-IDs: one line of text each."""

from __future__ import annotations

import base64
import email.header

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.mail.mime.header import decode, message_ids, one_line


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("plain", "plain"),
        ("=?utf-8?q?caf=C3=A9?=", "café"),
        ("=?UTF-8?B?Y2Fmw6k=?=", "café"),
        ("=?iso-8859-15?Q?5_=A4?= each", "5 € each"),
        ("Re: =?utf-8?q?caf=C3=A9?= now", "Re: café now"),
        ("=?utf-8?q?a?= =?utf-8?q?b?=", "ab"),
        ("=?utf-8?q?a?=\r\n =?utf-8?q?b?=", "ab"),
        ("=?utf-8?q?a_?= =?utf-8?q?b?=", "a b"),
        ("=?utf-8?q?a?= b =?utf-8?q?c?=", "a b c"),
        ("=?utf-8*de?q?Gr=C3=BC=C3=9Fe?=", "Grüße"),
    ],
)
def test_encoded_words(raw: str, text: str) -> None:
    """RFC 2047: words are decoded, blanks between neighbours are none, all else stays."""
    assert decode(raw) == text


@pytest.mark.parametrize("encoding", ["q", "b"])
def test_a_character_split_between_two_words(encoding: str) -> None:
    """Clients cut between octets: neighbours of one character set are joined before they are decoded."""
    octets = "für €".encode()
    for cut in range(1, len(octets)):
        words = [
            f"=?utf-8?b?{base64.b64encode(each).decode()}?="
            if encoding == "b"
            else f"=?utf-8?q?{''.join(f'={o:02X}' for o in each)}?="
            for each in (octets[:cut], octets[cut:])
        ]
        assert decode(" ".join(words)) == "für €"


def test_a_shifting_character_set_split_between_words() -> None:
    """ISO-2022-JP has states: each word returns to ASCII, so both halves come out."""
    first, second = "日本".encode("iso-2022-jp"), "語".encode("iso-2022-jp")
    words = " ".join(f"=?iso-2022-jp?b?{base64.b64encode(each).decode()}?=" for each in (first, second))
    assert decode(words) == "日本語"


@pytest.mark.parametrize(
    ("octets", "text"),
    [
        ("café".encode(), "café"),
        ("日本".encode(), "日本"),
        ("Grüße aus Köln, schöne Tage".encode("cp1252"), "Grüße aus Köln, schöne Tage"),
    ],
)
def test_raw_octets_are_read_as_what_they_were_meant_to_be(octets: bytes, text: str) -> None:
    """Octets above 127 stand raw in many headers, against RFC 5322: UTF-8 if they fit, else a guess."""
    assert decode(octets.decode("ascii", "surrogateescape")) == text


@pytest.mark.parametrize(
    "raw",
    ["=?utf-8?q?two words", "=?utf-8?x?abc?=", "=?utf-8?q?", "=?", "=? utf-8?q?abc?=", "a =? b ?= c"],
)
def test_what_is_no_encoded_word_stays(raw: str) -> None:
    """A broken word is shown as it was written."""
    assert decode(raw) == raw


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("=?x-unheard-of?q?caf=C3=A9?=", "café"),
        ("=?us-ascii?q?caf=C3=A9?=", "café"),
        ("=?utf-8?b?Y2Fmw6k?=", "café"),
        ("=?utf-8?q?=ZZ?=", "=ZZ"),
        ("=?rot13?q?uryyb?=", "uryyb"),
        ("=?hex?q?414243?=", "414243"),
    ],
)
def test_a_wrong_character_set_or_encoding_does_no_harm(raw: str, text: str) -> None:
    """UTF-8 is tried where the name is unknown or lies, a guess where that fails; codecs that are no charsets are not used."""
    assert decode(raw) == text


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("=?utf-8?q?two words?=", "two words"),
        ("=?utf-8?q?why?_and_how??=", "why? and how?"),
        ("=?utf-8?q?why?=20not?=", "why? not"),
        ("=?utf-8?q?caf=C3=A9", "café"),
        ("=?utf-8?q?broken =?utf-8?q?caf=C3=A9?=", "=?utf-8?q?broken café"),
        ("a=?utf-8?q?b?=c", "abc"),
        ("=?utf-8?q?a?==?utf-8?q?b?=", "ab"),
        ("=?utf-8?b?Y2Fm\r\n w6k=?=", "café"),
        ("=?utf-8?b?Y2Fmw?= =?utf-8?b?6k=?=", "café"),
        ("=?utf-8?b?Y2Fmw6k?= =?utf-8?b?IGF1?=", "café au"),
        ("=?utf-8?b?caf=C3=A9?=", "café"),
        ("=?utf-8?b??= =?utf-8?q??=", ""),
        ("=??q?caf=C3=A9?=", "café"),
        ('"=?utf-8?q?caf=C3=A9?="', '"café"'),
        ("(=?utf-8?q?caf=C3=A9?=)", "(café)"),
        ("=?gb2312?b?zuTKv8/j?= =?utf-8?q?!?=", "武士香!"),
    ],
)
def test_words_as_programs_break_them(raw: str, text: str) -> None:
    """Blanks and question marks inside, ends that lack, base64 cut anywhere, one encoding under the name of the other."""
    assert decode(raw) == text


@pytest.mark.parametrize(
    ("octets", "text"),
    [
        (b"=?iso-8859-1?q?Fr\xf6sche?=", "Frösche"),
        (b"=?koi8-r?q?\xf3\xde?= \xfc", "Сч ü"),
        ("=?utf-8?q?Frösche?= und Mäuse".encode(), "Frösche und Mäuse"),
        ("=?iso-8859-1?q?Frösche?=".encode(), "Frösche"),
        ("日本語".encode("iso-2022-jp"), "日本語"),
    ],
)
def test_raw_octets_inside_and_beside_of_words(octets: bytes, text: str) -> None:
    """What should have been encoded stands raw: in a word its character set is told, beside of it guessed."""
    assert decode(octets.decode("ascii", "surrogateescape")) == text


@given(text=st.text(max_size=80), charset=st.sampled_from(["utf-8", "utf-16-be"]), width=st.integers(40, 75))
def test_words_of_the_standard_library_come_back(text: str, charset: str, width: int) -> None:
    """What Python's email package encodes, folded at any width, is decoded to the same line."""
    plain = one_line(text)
    raw = email.header.Header(plain, "utf-8", maxlinelen=width).encode(linesep="\r\n")
    assert decode(raw.replace("\r\n", "")) == plain


@given(raw=st.text(st.characters(codec="utf-8"), max_size=200) | st.text(alphabet="=?utf-8?qb_Aé \t\r\n\0", max_size=200))
def test_a_decoded_value_is_one_line(raw: str) -> None:
    """Whatever stands there, the result is one line of valid Unicode, and decoding ends."""
    found = decode(raw.encode().decode("ascii", "surrogateescape"))
    assert len(found.splitlines()) <= 1
    assert "\0" not in found
    found.encode()


@pytest.mark.parametrize(
    "text", ["a\rb", "a\nb", "a\r\n b", "a\0b", "a\x0bb", "a\x1cb", "a\x85b", "a\u2028b", "a\u2029b", " a \t b "]
)
def test_line_breaks_of_all_kinds_are_blanks(text: str) -> None:
    """`one_line` knows every character that some reader takes for a line end."""
    assert one_line(text) == "a b"


@pytest.mark.parametrize(
    ("raw", "ids"),
    [
        ("<1@a>", ("1@a",)),
        ("<1@a> <2@b>\r\n <3@c>", ("1@a", "2@b", "3@c")),
        ("<1@a><2@b>", ("1@a", "2@b")),
        ("<1@a> <1@a>", ("1@a",)),
        ("< 1@a >", ("1@a",)),
        ("1@a", ("1@a",)),
        ("Your message of Monday <1@a>", ("1@a",)),
        ("hello", ()),
        ("<a b@c>", ()),
        ("", ()),
        (None, ()),
    ],
)
def test_message_ids(raw: str | None, ids: tuple[str, ...]) -> None:
    """Message-IDs in order, once each; clients that forget the brackets are understood, prose is not."""
    assert message_ids(raw) == ids


def test_of_a_long_list_the_ends_are_kept() -> None:
    """RFC 5322, section 3.6.4: the first and the last references tell most."""
    ids = message_ids(" ".join(f"<{number}@x>" for number in range(500)), most=10)
    assert ids == ("0@x", *(f"{number}@x" for number in range(491, 500)))
