"""Files inside a text: uuencode (POSIX), its base64 kind, and yEnc. The way of attaching before MIME, and of some programs still."""

from __future__ import annotations

import binascii
import re
from dataclasses import dataclass

_BEGIN = re.compile(rb"^(?:begin(-base64)? [0-7]{3,4} ([^\r\n]{1,300})|=ybegin [^\r\n]{0,300}?\bname=([^\r\n]{1,300}))\r?$", re.M)
_YENC = bytes((octet - 42) % 256 for octet in range(256))
_YENC_ESCAPE = re.compile(rb"=(.)", re.S)
MAX_BLOCKS = 200  # also such as only look like one


@dataclass(frozen=True, slots=True)
class Block:
    """A file in a text: its name as written, what it holds, and which octets of the text it is."""

    name: bytes
    content: bytes
    start: int
    end: int


def blocks_in(text: bytes) -> list[Block]:
    """The files in a text, in order. What only looks like the beginning of one is text."""
    found: list[Block] = []
    if b"begin" not in text:
        return found
    at = 0
    readers = {"uuencode": _lines, "base64": _base64, "yenc": _yenc}
    for _ in range(MAX_BLOCKS):
        begin = _BEGIN.search(text, at)
        if begin is None:
            break
        at = begin.end() + 1
        kind = "yenc" if begin[3] else "base64" if begin[1] else "uuencode"
        content, end = readers[kind](text, at) if kind in readers else (None, at)
        if content is not None:
            found.append(Block((begin[2] or begin[3]).strip(), content, begin.start(), end))
        if end < 0:
            del readers[kind]  # there is no end further on, either
        at = max(at, end)
    return found


def uudecode(body: bytes) -> bytes:
    """A body that is uuencoded as a whole, with or without its first line; as it stands where it is not."""
    begin = _BEGIN.search(body)
    content = _lines(body, begin.end() + 1 if begin and not begin[3] else 0)[0]
    return body if content is None else content


def uuencoded_name(body: bytes) -> bytes | None:
    """The name in the first line of a uuencoded body."""
    begin = _BEGIN.search(body)
    return begin[2] if begin else None


def _lines(text: bytes, at: int) -> tuple[bytes | None, int]:
    """The octets of the lines from here on and where they end, or None where the first is no uuencode."""
    out: list[bytes] = []
    while at < len(text):
        after = _next_line(text, at)
        line = text[at:after].rstrip(b"\r\n")
        if line == b"end":
            return b"".join(out), after
        octets = b"" if not line.strip(b" `") else _line(line)
        if octets is None:
            break
        out.append(octets)
        at = after
    return (b"".join(out), at) if any(out) else (None, at)


def _line(line: bytes) -> bytes | None:
    """The octets of a line: its first character says how many; some encoders add a checksum, some mailers take the blanks."""
    count = (line[0] - 32) & 63
    length = 1 + -(-count // 3) * 4
    if not 32 <= line[0] <= 96 or not length - 4 <= len(line) <= length + 2:
        return None
    try:
        return binascii.a2b_uu(line[:length])
    except binascii.Error:
        return None


def _base64(text: bytes, at: int) -> tuple[bytes | None, int]:
    end = text.find(b"\n====", at)
    if end < 0:
        return None, -1
    try:
        return binascii.a2b_base64(text[at:end]), _next_line(text, end + 1)
    except binascii.Error:
        return None, end


def _yenc(text: bytes, at: int) -> tuple[bytes | None, int]:
    """Lines of octets, each 42 too high, until =yend; =y lines between tell of the part."""
    end = text.find(b"\n=yend", at)
    if end < 0:
        return None, -1
    octets = b"".join(line.rstrip(b"\r") for line in text[at:end].split(b"\n") if not line.startswith(b"=y"))
    escaped = _YENC_ESCAPE.sub(lambda found: bytes(((found[1][0] - 64) % 256,)), octets)
    return escaped.translate(_YENC), _next_line(text, end + 1)


def _next_line(text: bytes, at: int) -> int:
    return text.find(b"\n", at) + 1 or len(text)
