"""Authentication-Results (RFC 8601): what a host says that it found out about a mail. Whether to believe it is for `guard/`.

Only what is surely meant is read: a field that is too long, or whose comments or quotes do not close, says nothing.
"""

from __future__ import annotations

import re
from itertools import takewhile

from maild.mail.message import Authentication, AuthenticationResult
from maild.mail.mime.fields import Fields

MAX_FIELDS = 10
MAX_LENGTH = 8_192
NAMELESS = "-"  # a server that begins with its first result, as Microsoft 365 does
# A quoted string that does not close ends with the text, so that nothing is read twice.
_PIECE = re.compile(r'("(?:[^"\\]|\\.)*+")|([()])|([^"()]+)|".*', re.S)
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_SERVER = re.compile(r"\s*([\w.-]{1,253})(?:\s+1)?\s*\Z")
_RESULT = re.compile(r"\s*([a-z][\w-]{0,40})(?:\s*/\s*1)?\s*=\s*([a-z]{1,20})(?![\w.-])(.*)\Z", re.I | re.S)
_PROPERTY = re.compile(r"\b([a-z]{1,20})\s*\.\s*([\w.-]{1,80})\s*=\s*([^\s;]{1,320})", re.I)


def authentications(fields: Fields) -> tuple[Authentication, ...]:
    """The fields from the top, down to the first that cannot be read: what stands below it might be a forger's."""
    found = (_read(body) for body in fields.all("authentication-results")[:MAX_FIELDS])
    return tuple(each for each in takewhile(lambda each: each is not None, found) if each is not None)


def _read(body: str) -> Authentication | None:
    clear = len(body) <= MAX_LENGTH and body.isascii() and not _CONTROL.search(body)
    plain = _without_comments(body) if clear else None
    if plain is None:
        return None
    first, *rest = plain.split(";")
    server, result = _SERVER.match(first), _RESULT.match(first)
    if server is None and result is None:
        return None
    results = [match for match in (result, *map(_RESULT.match, rest)) if match]
    return Authentication(
        server=server[1].lower() if server else NAMELESS,
        results=tuple(
            AuthenticationResult(
                method=match[1].lower(),
                result=match[2].lower(),
                properties=_properties(match[3]),
            )
            for match in results
        ),
    )


def _properties(text: str) -> dict[str, str]:
    """By `ptype.property`. What stands there twice, and not alike, is empty: it says nothing."""
    found: dict[str, str] = {}
    for kind, name, value in _PROPERTY.findall(text):
        key = f"{kind}.{name}".lower()
        found[key] = value if found.get(key, value) == value else ""
    return found


def _without_comments(body: str) -> str | None:
    """Comments gone, and quoted strings, too: nothing that counts here is quoted, and what is inside must not be taken for it."""
    depth, out = 0, list[str]()
    for quoted, bracket, plain in _PIECE.findall(body):
        if bracket:
            depth += 1 if bracket == "(" else -1
        elif depth < 0 or not (quoted or plain):
            return None
        elif not depth:
            out.append(plain or "quoted")
    return "".join(out) if depth == 0 else None
