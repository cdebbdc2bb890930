"""The MIME tree of a message, flattened: leaf parts in order, each decoded (RFC 2045, 2046).

Found by searching for boundaries, not line by line: ten times faster than the standard library's parser, which stays the
oracle in the tests. Iterative, and total: a part that lacks its end goes as far as the one around it.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass

from maild.mail.fields import Fields, content_type, parameters, parse_fields
from maild.mail.header import one_line, raw_octets

_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_AFTER_BOUNDARY = re.compile(rb"(--)?[ \t]*(?:\r?\n|\Z)")
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]")
MAX_NAME = 120
MAX_PARTS = 500
MAX_DEPTH = 40


@dataclass(frozen=True, slots=True)
class Leaf:
    """A part that holds no others; a nested message is one. `alternatives` numbers the multipart/alternative around it."""

    type: str
    charset: str | None
    disposition: str
    name: str | None
    content_id: str | None
    content: bytes
    alternatives: int | None
    flowed: bool


def leaves_of(fields: Fields, body: bytes, defects: list[str]) -> list[Leaf]:
    """All leaf parts in order, at most `MAX_PARTS`."""
    out: list[Leaf] = []
    stack: list[tuple[Fields, bytes, str, int | None, int]] = [(fields, body, "text/plain", None, 0)]
    groups = 0
    while stack:
        fields, body, default, group, depth = stack.pop()
        kind = content_type(fields, default)
        about = parameters(fields.first("content-type"))
        children = _children(kind, about, body, depth, defects)
        if children is None:
            out.append(_leaf(fields, body, kind, about, group))
            if len(out) == MAX_PARTS:
                defects.append("mime: too many parts, cut")
                break
            continue
        if kind == "multipart/alternative":
            groups += 1
            group = groups
        inner = "message/rfc822" if kind == "multipart/digest" else "text/plain"
        stack.extend((*split_header(child), inner, group, depth + 1) for child in reversed(children))
    return out


def split_header(raw: bytes) -> tuple[Fields, bytes]:
    """Header section and body of a part or a message."""
    header, body = cut_header(raw)
    fields = parse_fields(header)
    if fields.stray:
        body = fields.stray.encode("ascii", "surrogateescape") + b"\n\n" + body
    return fields, body


def cut_header(raw: bytes) -> tuple[bytes, bytes]:
    """The octets before and after the first empty line."""
    if raw.startswith((b"\r\n", b"\n")):
        return b"", raw[raw.index(b"\n") + 1 :]
    crlf = raw.find(b"\n\r\n")
    lf = raw.find(b"\n\n", 0, crlf if crlf >= 0 else len(raw))
    if lf >= 0:
        return raw[:lf], raw[lf + 2 :]
    if crlf >= 0:
        return raw[:crlf].removesuffix(b"\r"), raw[crlf + 3 :]
    return raw, b""


def _children(kind: str, about: dict[str, str], body: bytes, depth: int, defects: list[str]) -> list[bytes] | None:
    if not kind.startswith("multipart/"):
        return None
    boundary = about.get("boundary", "").rstrip().encode("utf-8", "surrogateescape")
    if not boundary or depth > MAX_DEPTH:
        defects.append("mime: multipart without a boundary" if not boundary else "mime: nested too deep")
        return None
    children, closed = _split(body, boundary)
    if not children:
        defects.append("mime: boundary not found")
        return None
    if not closed:
        defects.append("mime: multipart without its end")
    return children


def _split(body: bytes, boundary: bytes) -> tuple[list[bytes], bool]:
    """The parts between delimiter lines (RFC 2046, section 5.1.1), and whether the last was closed."""
    parts: list[bytes] = []
    start: int | None = None
    for begin, end, last in _delimiters(body, boundary):
        if start is not None:
            parts.append(body[start:begin].removesuffix(b"\n").removesuffix(b"\r"))
        if last or len(parts) > MAX_PARTS:
            return parts, True
        start = end
    if start is not None and body[start:].strip():
        parts.append(body[start:])
    return parts, False


def _delimiters(body: bytes, boundary: bytes) -> Iterator[tuple[int, int, bool]]:
    """(start of the line, end of the line, is it the closing one) for each delimiter line."""
    mark = b"--" + boundary
    at = 0 if body.startswith(mark) else body.find(b"\n" + mark) + 1
    while at or body.startswith(mark):
        rest = _AFTER_BOUNDARY.match(body, at + len(mark))
        if rest:
            yield at, rest.end(), rest[1] is not None
        following = body.find(b"\n" + mark, at + 1)
        if following < 0:
            return
        at = following + 1


def _leaf(fields: Fields, body: bytes, kind: str, about: dict[str, str], group: int | None) -> Leaf:
    placed = fields.first("content-disposition")
    name = parameters(placed).get("filename") or about.get("name")
    content_id = fields.first("content-id")
    return Leaf(
        type=kind,
        charset=about.get("charset"),
        disposition=placed.partition(";")[0].strip().lower(),
        name=safe_name(name) if name else None,
        content_id=one_line(raw_octets(content_id)).strip("<> ") or None if content_id else None,
        content=decoded(body, fields.first("content-transfer-encoding")),
        alternatives=group,
        flowed=about.get("format", "").lower() == "flowed",
    )


def decoded(body: bytes, encoding: str) -> bytes:
    """The octets behind a Content-Transfer-Encoding (RFC 2045, section 6); as they stand where it is unknown or wrong."""
    name = encoding.strip().strip("\"'").lower()
    if name == "base64":
        return _base64(body)
    if name == "quoted-printable":
        return binascii.a2b_qp(body)
    if name in ("x-uuencode", "uuencode", "x-uue", "uue"):
        return _uudecode(body)
    return body


def _base64(body: bytes) -> bytes:
    try:
        return binascii.a2b_base64(body)
    except binascii.Error:
        alphabet = _NOT_BASE64.sub(b"", body.partition(b"=")[0])
        if len(alphabet) % 4 == 1:
            alphabet = alphabet[:-1]
        return binascii.a2b_base64(alphabet + b"=" * (-len(alphabet) % 4))


def _uudecode(body: bytes) -> bytes:
    out = []
    for line in body.splitlines():
        if line.startswith(b"begin ") or not line:
            continue
        if line == b"end":
            break
        try:
            out.append(binascii.a2b_uu(line))
        except binascii.Error:  # some encoders pad the line; its first octet says how much counts
            count = ((line[0] - 32) & 63) * 4 + 5
            try:
                out.append(binascii.a2b_uu(line[: count // 3]))
            except binascii.Error:
                continue
    return b"".join(out)


def safe_name(name: str) -> str | None:
    """An attachment's name as data: no folders, no invisible characters, no leading dots, at most 120 characters."""
    name = _INVISIBLE.sub("", one_line(name)).replace("\\", "/").rpartition("/")[2].strip().lstrip(".")
    if len(name) > MAX_NAME:
        stem, dot, ending = name.rpartition(".")
        name = f"{stem[: MAX_NAME - len(ending) - 1]}.{ending}" if dot and len(ending) < 20 else name[:MAX_NAME]
    return name or None
