"""Files inside a text."""

from __future__ import annotations

import base64
import binascii

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.mail.mime.uuencode import blocks_in, uudecode


def uuencoded(content: bytes, name: str = "a.bin", newline: bytes = b"\n") -> bytes:
    """As the program of old writes it."""
    lines = [binascii.b2a_uu(content[at : at + 45], backtick=True) for at in range(0, len(content), 45)]
    return (b"begin 644 " + name.encode() + b"\n" + b"".join(lines) + b"`\nend\n").replace(b"\n", newline)


def yenc(content: bytes, name: str) -> bytes:
    """As newsreaders write it."""
    out = bytearray()
    for octet in content:
        code = (octet + 42) % 256
        out += bytes((0x3D, (code + 64) % 256)) if code in (0, 10, 13, 0x3D) else bytes((code,))
    return b"=ybegin line=128 size=%d name=%s\n%s\n=yend size=%d\n" % (len(content), name.encode(), out, len(content))


@given(content=st.binary(max_size=300), newline=st.sampled_from([b"\n", b"\r\n"]))
def test_a_file_between_lines_of_text(content: bytes, newline: bytes) -> None:
    """The file is found with its name, and where it begins and ends."""
    text = b"before" + newline + uuencoded(content, "two words.bin", newline) + b"after"
    (block,) = blocks_in(text)
    assert (block.name, block.content) == (b"two words.bin", content)
    assert text[: block.start] + text[block.end :] == b"before" + newline + b"after"


@given(content=st.binary(max_size=300))
def test_base64_and_yenc_blocks(content: bytes) -> None:
    """The other two kinds that people meet."""
    encoded = b"begin-base64 644 a.bin\n" + base64.encodebytes(content or b"x") + b"====\n"
    text = b"one\n" + encoded + b"two\n" + yenc(content or b"x", "b.bin") + b"three\n"
    assert [(each.name, each.content) for each in blocks_in(text)] == [(b"a.bin", content or b"x"), (b"b.bin", content or b"x")]


@pytest.mark.parametrize(
    "text",
    [
        b"begin 644 times\nand then stop\n",
        b"We begin 644 a.bin\nM\n",
        b"> begin 644 a.bin\n> " + b"M" * 61 + b"\n",
        b"begin 644 a.bin\n",
        b"begin-base64 644 a.bin\nSGVsbG8=\n",
        b"=ybegin name=a\nabc\n",
        b"begin 999 a\nend\n",
    ],
)
def test_what_only_looks_like_a_file_is_text(text: bytes) -> None:
    """Prose, quotes, and beginnings without anything that follows."""
    assert blocks_in(text) == []


def test_a_file_that_was_cut_is_as_long_as_it_came() -> None:
    """What follows the last good line is text again."""
    whole = uuencoded(b"x" * 200).splitlines(keepends=True)
    (block,) = blocks_in(b"".join(whole[:3]) + b"Ann\n")
    assert block.content == b"x" * 90


def test_lines_with_a_checksum_or_without_their_blanks() -> None:
    """Some encoders add a character to each line, some mailers take blanks from its end."""
    (line,) = [binascii.b2a_uu(b"hello\0")]
    assert uudecode(b"begin 644 a\n" + line.rstrip(b"\n") + b"#\nend\n") == b"hello\0"
    assert uudecode(b"begin 644 a\n" + line.rstrip() + b"\nend\n") == b"hello\0"


@given(text=st.binary(max_size=300) | st.lists(st.sampled_from([b"begin 644 a\n", b"end\n", b"`\n", b"#86)C\n", b"M", b"=ybegin name=a\n", b"\n=yend\n", b"begin-base64 644 b\n", b"QQ==", b"\n====\n"]), max_size=12).map(b"".join))  # fmt: skip
def test_blocks_never_overlap(text: bytes) -> None:
    """Whatever the octets are: in order, and inside of the text."""
    at = 0
    for block in blocks_in(text):
        assert at <= block.start < block.end <= len(text)
        at = block.end
