"""Content-Transfer-Encodings undone (RFC 2045, section 6). What is broken gives what it holds; what is unknown stays as it is."""

from __future__ import annotations

import binascii
import re

from maild.mail.mime.uuencode import uudecode

_TOKEN = re.compile(r"[\s\"']*([a-z0-9]+(?:[-_][a-z0-9]+)*)", re.I)
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]+")
_GROUPS = re.compile(rb"[A-Za-z0-9+/=\s]{4,}\Z")
_PROSE = re.compile(rb"[A-Za-z,.;:!?] (?=[A-Za-z])")  # base64 has no words
_SOFT_END = re.compile(rb"=[ \t]++(?=\r?\n|\Z)")
_NONE = frozenset(("", "7bit", "8bit", "binary"))
_USUAL = frozenset(("base64", "quoted-printable"))
_LOOKED_AT = 1_000
_WORDS = 8
_MAX_PIECES = 1_000


def encoding_name(field: str) -> str:
    """The first word of a Content-Transfer-Encoding field, in lower case, without quotes, comments and what else people add."""
    found = _TOKEN.match(field[:200])
    return found[1].lower().replace("_", "-") if found else ""


def decoded(body: bytes, encoding: str) -> bytes:
    """The octets behind a Content-Transfer-Encoding; as they stand where it is unknown or a lie."""
    name = encoding.lower()
    if name in _NONE:
        return body
    if name not in _USUAL:
        name = encoding_name(encoding)
    if name in ("base64", "base-64", "b64"):
        return base64_octets(body)
    if name in ("quoted-printable", "quotedprintable", "qp"):
        return _quoted_printable(body)
    if name in ("x-uuencode", "uuencode", "x-uue", "uue"):
        return uudecode(body)
    return body


def base64_octets(body: bytes) -> bytes:
    """Base64 with all that happens to it: foreign characters, padding that lacks or stands in the middle; prose stays prose."""
    if len(_PROSE.findall(body, 0, _LOOKED_AT)) > _WORDS:
        return body
    end = body.find(b"=")
    rest = body[end:].lstrip(b"=\r\n\t ") if end >= 0 else b""
    # Pieces that were encoded each for itself, and no footer of a list.
    if rest and rest.count(b"=") < _MAX_PIECES and _GROUPS.match(rest):
        return b"".join(map(_group, filter(None, body.split(b"="))))
    try:
        return binascii.a2b_base64(body)
    except binascii.Error:
        return _group(body[:end] if end >= 0 else body)


def _group(body: bytes) -> bytes:
    alphabet = _NOT_BASE64.sub(b"", body)
    if len(alphabet) % 4 == 1:
        alphabet = alphabet[:-1]
    return binascii.a2b_base64(alphabet + b"=" * (-len(alphabet) % 4))


def _quoted_printable(body: bytes) -> bytes:
    if b"= " in body or b"=\t" in body:  # blanks after a soft line break, added on the way (RFC 2045, section 6.7, rule 3)
        body = _SOFT_END.sub(b"=", body)
    return binascii.a2b_qp(body)
