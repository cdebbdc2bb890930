"""Octets of an unsure character set."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.mail.mime.charset import clean, to_text, told_inside


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


@pytest.mark.parametrize(
    ("raw", "declared", "text"),
    [
        ("Grüße".encode(), "iso-8859-1", "Grüße"),
        ("Grüße".encode(), "windows-1251", "Grüße"),
        ("Grüße".encode("cp1252"), "utf-8", "Grüße"),
        ("Grüße".encode("cp1252"), "us-ascii", "Grüße"),
        ("„Grüße“ – 5 €".encode("cp1252"), "iso-8859-15", "„Grüße“ – 5 €"),
        ("„účet“ š".encode("cp1250"), "iso-8859-2", "„účet“ š"),
        ("„счёт“".encode("cp1251"), "iso-8859-5", "„счёт“"),
        (b"plain", "utf-16", "plain"),
        ("é".encode(), "utf-16le", "é"),
        ("日本語".encode(), "iso-2022-jp", "日本語"),
        ("日本語".encode("iso-2022-jp"), None, "日本語"),
        ("日本語".encode("iso-2022-jp"), "us-ascii", "日本語"),
        ("안녕".encode("iso-2022-kr"), "utf-8", "안녕"),
        ("hi é".encode("utf-16"), None, "hi é"),
        ("hi é".encode("utf-16-le"), None, "hi é"),
        ("\ufeffhi é".encode(), None, "hi é"),
        (b"a \xe9 b", "hz", "a é b"),
    ],
)
def test_lying_and_missing_declarations(raw: bytes, declared: str | None, text: str) -> None:
    """What is declared is not what was sent: the octets tell better."""
    assert to_text(raw, declared)[0] == text


@pytest.mark.parametrize(
    ("raw", "declared", "text"),
    [
        ("é".encode("utf-16-be"), "utf-16", "é"),
        ("hi é".encode("utf-16-le"), "utf-16", "hi é"),
        ("hi é".encode("utf-16-le") + b"x", "utf-16le", "hi é"),
        ("hi".encode("utf-32"), "utf-32", "hi"),
        ("é+".encode("utf-7"), "utf-7", "é+"),
        (b"a+ b", "utf-7", "a\N{REPLACEMENT CHARACTER}b"),
        ("请".encode("hz"), "HZ-GB-2312", "请"),
        ("港嘅".encode("big5hkscs"), "big5", "港嘅"),
        (b"\x1b$B-!F|\x1b(B", "iso-2022-jp", "①日"),
        ("ｱ".encode("iso2022_jp_ext"), "iso-2022-jp", "ｱ"),
        ("Счёт".encode("koi8-r"), "x-koi8-r", "Счёт"),
        ("Счёт".encode("koi8-r"), "koi8-r (Cyrillic)", "Счёт"),
        ("é".encode("cp1252"), "x-user-defined", "é"),
        ("é".encode("cp1252"), "ISO_8859-1", "é"),
        ("é".encode("cp1252"), "cp-1252;", "é"),
        ("é".encode("cp1252"), "'iso-8859-1'", "é"),
    ],
)
def test_declarations_as_they_are_written(raw: bytes, declared: str, text: str) -> None:
    """Quotes, comments, other names, no byte order mark, signs that Windows adds: what was meant is read."""
    assert to_text(raw, declared)[0] == text


def test_a_text_of_two_sources_keeps_both() -> None:
    """A few octets that do not fit are read as Windows-1252; the rest stays what it was."""
    raw = "Grüße, schöne – naïve, ".encode() + b"caf\xe9"
    assert to_text(raw, "utf-8") == ("Grüße, schöne – naïve, café", "charset: utf-8 is wrong, read as utf-8 and cp1252")
    cut = "请尽快处理，谢谢。".encode("gbk") * 3
    assert to_text(cut[:-1], "gb2312")[0][:26] == "请尽快处理，谢谢。请尽快处理，谢谢。请尽快处理，谢谢"


@pytest.mark.parametrize(
    ("html", "told"),
    [
        (b'<html><head><meta charset="koi8-r">', "koi8-r"),
        (b"<META http-equiv=Content-Type content='text/html; charset=windows-1251'>", "windows-1251"),
        (b'<?xml version="1.0" encoding="iso-8859-2"?>', "iso-8859-2"),
        (b"<p>charset=koi8-r</p>", None),
        (b"<meta " + b"x" * 5_000 + b"charset=koi8-r>", None),
    ],
)
def test_what_html_says_of_itself(html: bytes, told: str | None) -> None:
    """Near its beginning, in a meta element or an XML declaration."""
    assert told_inside(html) == told
    if told:
        assert to_text(html + "Счёт".encode("koi8-r"), None, "koi8-r")[0].endswith("Счёт")


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
