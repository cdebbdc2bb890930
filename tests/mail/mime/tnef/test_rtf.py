"""Rich text: unpacked, and read as words."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.mail.mime.tnef.rtf import MAX_RTF, decompressed, read_rtf


def packed(content: bytes, size: int | None = None) -> bytes:
    """LZFu of literals alone, as a program may that saves no octets."""
    out = bytearray()
    for at in range(0, len(content), 8):
        out += b"\0" + content[at : at + 8]
    return struct.pack("<IIII", len(out) + 12, len(content) if size is None else size, 0x75465A4C, 0) + bytes(out)


def test_the_example_of_the_specification() -> None:
    """MS-OXRTFCP, section 3.1.1: a text with references into the dictionary."""
    whole = bytes.fromhex(
        "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c09002062770 5b06c647d0a800fa0".replace(" ", "")
    )
    assert decompressed(whole) == b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"


def test_a_reference_that_overlaps_what_it_makes() -> None:
    """MS-OXRTFCP, section 3.1.2: the same letters again and again."""
    whole = bytes.fromhex("1a0000001c0000004c5a4675e2d44b51410004205758595a0d6e7d010eb0")
    assert decompressed(whole) == b"{\\rtf1 WXYZWXYZWXYZWXYZWXYZ}"


def test_text_that_is_not_packed() -> None:
    """The other kind: as it stands."""
    assert decompressed(struct.pack("<IIII", 20, 5, 0x414C454D, 0) + b"{\\rtf") == b"{\\rtf"


@given(content=st.binary(max_size=300))
def test_literals_come_out_as_they_went_in(content: bytes) -> None:
    """Whatever the octets are."""
    assert decompressed(packed(content)) == content


@given(octets=st.binary(max_size=300), size=st.sampled_from([0, 10, 0x7FFFFFFF]))
def test_any_octets_unpack_to_something_bounded(octets: bytes, size: int) -> None:
    """A size that is a lie costs no memory."""
    assert len(decompressed(struct.pack("<IIII", 9, size, 0x75465A4C, 0) + octets)) <= min(size, MAX_RTF)


@pytest.mark.parametrize(
    ("rtf", "text"),
    [
        (rb"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}}{\colortbl;\red0;}\pard caf\'e9\par two\tab words}", "café\ntwo\twords"),
        (rb"{\rtf1\ansicpg932 \'93\'fa\'96\'7b}", "日本"),
        (rb"{\rtf1 \uc1\u8364 ?5 {\uc2\u8364 ??}6 \uc0\u233}", "€5 €6 é"),
        (rb"{\rtf1 \u-10179?\u-8704?}", "😀"),
        (rb"{\rtf1 \u-10179? alone}", "\N{REPLACEMENT CHARACTER} alone"),
        (rb"{\rtf1 a\{b\}c\\d\~e\_f\-g}", "a{b}c\\d\xa0e-fg"),
        (rb"{\rtf1 {\*\generator Word;}{\pict 89504e47}seen{\info{\author Ann}}}", "seen"),
        (rb"{\rtf1 \ldblquote hi\rdblquote \emdash x}", "“hi”—x"),
        (rb"{\rtf1 never closed {\b bold", "never closed bold"),
        (rb"}}} closed too often", " closed too often"),
        (b"", ""),
    ],
)
def test_rich_text_as_words(rtf: bytes, text: str) -> None:
    """Layout, fonts and pictures are gone; what people read is there."""
    assert read_rtf(rtf) == (text, False)


def test_html_that_outlook_wrapped() -> None:
    """MS-OXRTFEX: tags stand in groups of their own, and layout for others between the word htmlrtf and its end."""
    rtf = (
        rb"{\rtf1\ansi\ansicpg1252\fromhtml1 {\fonttbl{\f0 Arial;}}"
        rb"{\*\htmltag19 <html>}{\*\htmltag64 <p>}\htmlrtf \par\b \htmlrtf0 caf\'e9{\*\htmltag72 </p>}{\*\mhtmltag <x>}}"
    )
    assert read_rtf(rtf) == ("<html><p>café</p>", True)


@given(rtf=st.lists(st.sampled_from([b"{", b"}", b"\\", b"\\*", b"\\u", b"-1", b"99999999999", b"\\'", b"e9", b"\\uc", b"\\par ", b"\\htmlrtf", b"\\fromhtml", b"a", b"\xff"]), max_size=30).map(b"".join))  # fmt: skip
def test_any_rich_text_is_text(rtf: bytes) -> None:
    """Whatever stands there, valid Unicode comes out."""
    read_rtf(rtf)[0].encode()
