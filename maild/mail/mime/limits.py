"""What of a mail's header section may reach the parser. A hostile one is cut here, in one pass; the original is kept.

The numbers are far above honest mail; each cut is told as a defect.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from maild.mail.mime.parts import cut_header

MAX_HEADER = 262_144
MAX_FIELDS = 1_000
MAX_FIELD = 65_536

_MBOX_LINE = re.compile(rb"\A(?:>?From [^\r\n]*\r?\n)+")
_LATE_HEADER = re.compile(
    rb"(?:[ \t]*+\r?\n)++(?=(?:from|to|subject|date|received|return-path|delivered-to|message-id|mime-version|x-[!-9;-~]{1,60}):)",
    re.I,
)
_FOLD = re.compile(rb"\r?\n(?![ \t])")
# A bare CR is no line end (RFC 5322, section 2.2), but Python's parser takes it for one: it could forge a field.
_BARE = re.compile(rb"\r(?!\n)|\x00|\x0b|\x0c")


@dataclass(frozen=True, slots=True, kw_only=True)
class Guarded:
    """`header` and `body` are fit for the parser."""

    header: bytes
    body: bytes
    defects: tuple[str, ...]


def guard(raw: bytes) -> Guarded:
    """Splits header section and body, the header within limits; the body's are in `parts`."""
    defects: list[str] = []
    raw = _with_line_ends(raw, defects)
    start = _MBOX_LINE.match(raw)
    if start:
        raw = raw[start.end() :]
    if raw.startswith((b"\n", b"\r\n")) and (late := _LATE_HEADER.match(raw)):
        defects.append("header: begins after empty lines")
        raw = raw[late.end() :]
    header, body = cut_header(raw)
    return Guarded(header=_guard_header(header, defects), body=body, defects=tuple(defects))


def _with_line_ends(raw: bytes, defects: list[str]) -> bytes:
    """A mail whose lines end with CR alone, or with one CR too many, as programs write that mend line ends."""
    first = raw.find(b"\n")
    if first < 0 and b"\r" in raw:
        defects.append("header: lines end with CR")
        return raw.replace(b"\r", b"\n")
    if first > 1 and raw.startswith(b"\r\r\n", first - 2):
        defects.append("header: lines end with CR CR LF")
        return raw.replace(b"\r\r\n", b"\r\n")
    return raw


def _guard_header(header: bytes, defects: list[str]) -> bytes:
    if len(header) > MAX_HEADER:
        defects.append(f"header: {len(header)} octets, cut")
        header = header[:MAX_HEADER]
    if _BARE.search(header):
        defects.append("header: bare CR, NUL or form feed")
        header = _BARE.sub(b" ", header)
    if header.count(b"\n") < MAX_FIELDS and len(header) < MAX_FIELD:
        return header
    fields = _FOLD.split(header)
    if len(fields) > MAX_FIELDS:
        defects.append(f"header: {len(fields)} fields, cut")
    if any(len(field) > MAX_FIELD for field in fields):
        defects.append("header: a field is too long, cut")
    return b"\r\n".join(field[:MAX_FIELD] for field in fields[:MAX_FIELDS])
