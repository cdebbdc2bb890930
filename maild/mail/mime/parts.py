"""The MIME tree of a message, flattened: leaf parts in order, each decoded (RFC 2045, 2046).

Found by searching for boundaries, not line by line: ten times faster than the standard library's parser, which stays the
oracle in the tests. Iterative, and total: a part that lacks its end goes as far as the one around it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from maild.mail.mime.charset import to_text
from maild.mail.mime.fields import Fields, boundary_of, content_type, parameters, parse_fields
from maild.mail.mime.filename import safe_name
from maild.mail.mime.header import one_line, raw_octets
from maild.mail.mime.transfer import decoded, encoding_name
from maild.mail.mime.uuencode import uuencoded_name

_AFTER_BOUNDARY = re.compile(rb"(--)?[ \t]*(?:\r?\n|\Z)")
_LIKE_BOUNDARY = re.compile(
    rb"^--([^\s-][^\r\n]{0,199}?|-[^\r\n]{0,198}?[^\s-])[ \t]*\r?\n(Content-[A-Za-z-]{1,30}:)?", re.M | re.I
)
_CANDIDATES = 5
_PREAMBLE = re.compile(rb"multi-?part|MIME", re.I)
_LOOKED_AT = 1_000
_DISPOSITION = re.compile(r"[\s\"']*([\w-]{1,40}+)(?!\s*=)")
_TEXTS = ("text/plain", "text/html")
MAX_PARTS = 500
MAX_NODES = 4 * MAX_PARTS  # multiparts, too, also those that hold nothing
MAX_DEPTH = 40
MAX_PART_HEADER = 65_536
MAX_NEAR_MISSES = 20_000


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
    delsp: bool = False

    @property
    def is_text(self) -> bool:
        """Whether people see it as the mail's text, and not as something attached."""
        return self.type in _TEXTS and self.disposition != "attachment" and self.name is None


def leaves_of(fields: Fields, body: bytes, defects: list[str]) -> list[Leaf]:
    """All leaf parts in order, at most `MAX_PARTS`."""
    out: list[Leaf] = []
    stack: list[tuple[Fields, bytes, str, int | None, int]] = [(fields, body, "text/plain", None, 0)]
    groups, nodes = 0, 1
    while stack:
        fields, body, default, group, depth = stack.pop()
        kind = content_type(fields, default)
        children = _children(fields, body, depth, defects) if kind.startswith("multipart/") else None
        if children is None:
            if kind.startswith("multipart/") and depth <= MAX_DEPTH:
                kind, body = "text/plain", _without_end(body, boundary_of(fields.first("content-type")))
                if not body or body.isspace():
                    continue
            out.append(_leaf(fields, body, kind, group))
            if len(out) == MAX_PARTS:
                defects.append("mime: too many parts, cut")
                break
            continue
        nodes += len(children)
        if nodes > MAX_NODES:
            defects.append("mime: too many parts, cut")
            children = children[: max(0, MAX_NODES + len(children) - nodes)]
        if kind == "multipart/alternative":
            groups += 1
            group = groups
        inner = "message/rfc822" if kind == "multipart/digest" else "text/plain"
        stack.extend((*split_header(child), inner, group, depth + 1) for child in reversed(children))
    return out


def split_header(raw: bytes) -> tuple[Fields, bytes]:
    """Header section and body of a part or a message; of a header section longer than any honest one the beginning."""
    header, body = cut_header(raw)
    rest = header[MAX_PART_HEADER:]
    fields = parse_fields(header[:MAX_PART_HEADER] if rest else header)
    if fields.stray:
        body = fields.stray.encode("ascii", "surrogateescape") + rest + b"\n\n" + body
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


def _children(fields: Fields, body: bytes, depth: int, defects: list[str]) -> list[bytes] | None:
    """The parts of a multipart; None where it cannot be taken apart, or must not."""
    if depth > MAX_DEPTH:
        defects.append("mime: nested too deep")
        return None
    boundary = boundary_of(fields.first("content-type"))
    children, closed = _split(body, boundary)
    if not children:
        defects.append("mime: boundary not found" if boundary else "mime: multipart without a boundary")
        body = decoded(body, fields.first("content-transfer-encoding"))  # forbidden on a multipart (RFC 2045, section 6.4)
        if not boundary or b"--" + boundary not in body:
            boundary = _boundary_in(body)
        children, closed = _split(body, boundary)
        before = body[: next(_delimiters(body, boundary))[0]] if children else b""
        if before and not before.isspace() and not _PREAMBLE.search(before, 0, _LOOKED_AT):
            children.insert(0, b"\n" + before)
    if children and not closed:
        defects.append("mime: multipart without its end")
    return children or None


def _without_end(body: bytes, boundary: bytes) -> bytes:
    """A multipart that has no parts is text, as far as people see one; not so the line that should end it."""
    return body.replace(b"--" + boundary + b"--", b"") if boundary else body


def _boundary_in(body: bytes) -> bytes:
    """What stands in place of a boundary that was told wrongly or not at all; empty where nothing does."""
    for found in islice(_LIKE_BOUNDARY.finditer(body), _CANDIDATES):
        if found[2] or b"\n--" + found[1] + b"--" in body:
            return found[1]
    return b""


def _split(body: bytes, boundary: bytes) -> tuple[list[bytes], bool]:
    """The parts between delimiter lines (RFC 2046, section 5.1.1), and whether the last was closed."""
    parts: list[bytes] = []
    start: int | None = None
    closed = False
    for begin, end, last in _delimiters(body, boundary) if boundary else ():
        if start is not None:
            parts.append(body[start:begin].removesuffix(b"\n").removesuffix(b"\r"))
        if len(parts) > MAX_PARTS:
            return parts, True
        closed = closed or last
        start = None if last else end  # some programs add parts after the end
    rest = body[start:] if start is not None else b""
    if rest and not rest.isspace():
        parts.append(rest)
    return parts, closed


def _delimiters(body: bytes, boundary: bytes) -> Iterator[tuple[int, int, bool]]:
    """(start of the line, end of the line, is it the closing one) for each delimiter line."""
    mark = b"--" + boundary
    missed = 0
    at = 0 if body.startswith(mark) else body.find(b"\n" + mark) + 1
    while at or body.startswith(mark):
        rest = _AFTER_BOUNDARY.match(body, at + len(mark))
        if rest:
            yield at, rest.end(), rest[1] is not None
        else:
            missed += 1
        following = body.find(b"\n" + mark, at + 1)
        if following < 0 or missed == MAX_NEAR_MISSES:
            return
        at = following + 1


def _leaf(fields: Fields, body: bytes, kind: str, group: int | None) -> Leaf:
    about = parameters(fields.first("content-type"))
    placed = fields.first("content-disposition")
    says = parameters(placed)
    encoding = fields.first("content-transfer-encoding")
    name = says.get("filename") or about.get("name") or says.get("name") or about.get("filename") or _name_inside(body, encoding)
    content_id = fields.first("content-id")
    disposition = _DISPOSITION.match(placed)
    return Leaf(
        type=kind,
        charset=about.get("charset"),
        disposition=disposition[1].lower() if disposition else "",
        name=safe_name(name) if name else None,
        content_id=one_line(raw_octets(content_id)).strip("<> ") or None if content_id else None,
        content=decoded(body, encoding),
        alternatives=group,
        flowed=about.get("format", "").lower() == "flowed",
        delsp=about.get("delsp", "").lower() == "yes",
    )


def _name_inside(body: bytes, encoding: str) -> str | None:
    """Uuencode says a name in its first line."""
    name = uuencoded_name(body) if encoding and "uu" in encoding_name(encoding) else None
    return to_text(name, None)[0] if name else None
