"""Octets of an unsure character set."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.mail.charset import clean, to_text


@pytest.mark.parametrize(
    ("declared", "codec"),
    [
        ("utf-8", "utf-8"), ("UTF8", "utf-8"), ('"utf-8"', "utf-8"), (None, "utf-8"), ("", "utf-8"), ("us-ascii", "utf-8"), ("x-unknown", "utf-8"),
        ("iso-8859-15", "iso-8859-15"), ("ISO 8859-15", "iso-8859-15"), ("windows-1252", "cp1252"), ("macintosh", "mac-roman"), ("cp-850", "cp850"),
        ("unicode-1-1-utf-7", "utf-7"), ("utf-16", "utf-16"),
    ],
)  # fmt: skip
def test_declared_character_sets(declared: str | None, codec: str) -> None:
    """The names that mails use for a character set lead to it, without a defect."""
    text = "Grüße: 5 €" if codec not in ("mac-roman", "cp850") else "Grüße"
    assert to_text(text.encode(codec), declared) == (text, None)


@pytest.mark.parametrize(
    ("declared", "codec", "text"),
    [
        ("iso-8859-1", "cp1252", "“quoted” – 5 €"),
        ("gb2312", "gb18030", "发票无法打开 镕"),
        ("ks_c_5601-1987", "cp949", "송장이 열리지 않습니다 뢔"),
        ("shift_jis", "cp932", "請求書 ①"),
        ("tis-620", "cp874", "ใบแจ้งหนี้"),
    ],
)
def test_names_that_are_used_for_their_supersets(declared: str, codec: str, text: str) -> None:
    """Clients say iso-8859-1 and send Windows-1252, say gb2312 and send gb18030: the larger set is used."""
    assert to_text(text.encode(codec), declared) == (text, None)


def test_utf8_goes_before_a_wrong_declaration() -> None:
    """What does not fit its declaration but is UTF-8 is read as UTF-8, and told."""
    assert to_text("日本語".encode(), "iso-2022-jp") == ("日本語", "charset: iso-2022-jp is wrong")
    assert to_text("café".encode(), "x-unheard-of") == ("café", "charset: x-unheard-of is wrong")


def test_undeclared_octets_are_guessed_and_told() -> None:
    """A text without a fitting declaration is read all the same, and the guess is named."""
    sentence = (
        "Die Rechnung läßt sich nicht mehr öffnen; bitte prüfen Sie das möglichst schnell. Wir können keine Aufträge ausführen. "
    )
    text, defect = to_text((sentence * 3).encode("cp1252"), None)
    assert text == sentence * 3
    assert defect is not None
    assert defect.startswith("charset: none is wrong, read as ")


@pytest.mark.parametrize(
    "name",
    [
        "rot13",
        "hex",
        "base64",
        "zip",
        "bz2",
        "idna",
        "punycode",
        "Puny Code",
        "unicode_escape",
        "raw-unicode-escape",
        "undefined",
    ],
)
def test_codecs_that_are_no_character_sets_are_not_used(name: str) -> None:
    """Python knows codecs that transform, unpack, or take quadratic time: none of them touches a mail."""
    raw = rb"uryyb \x41 \u0041 xn--caf-dma-"
    text, defect = to_text(raw, name)
    assert text == raw.decode()
    assert defect is not None


def test_a_declaration_cannot_break_out_of_its_defect() -> None:
    """A defect is shown to people, in mails and on terminals: it holds no control characters, and not much."""
    _, defect = to_text(b"x", "a\r\nb\x1b[2J\0\ud800" + "c" * 500)
    assert defect is not None
    assert defect.isprintable()
    assert len(defect) < 80


@given(
    raw=st.binary(max_size=200),
    declared=st.none() | st.text(max_size=30) | st.sampled_from(["utf-7", "utf-16", "iso-2022-kr", "hz", "big5", "cp037"]),
)
def test_any_octets_are_text(raw: bytes, declared: str | None) -> None:
    """Whatever is declared for whatever octets: valid Unicode without NUL."""
    text, _ = to_text(raw, declared)
    text.encode()
    assert "\0" not in text


@given(text=st.text(st.characters(exclude_characters="\0", codec="utf-8")))
def test_honest_text_is_not_touched(text: str) -> None:
    """UTF-8 that is declared comes out as it was."""
    assert to_text(text.encode(), "utf-8") == (text, None)
    assert clean(text) is text


def test_what_no_database_takes_is_replaced() -> None:
    """NUL and lone surrogates become the replacement character."""
    assert clean("a\0b\ud800c") == "a\ufffdb\ufffdc"
