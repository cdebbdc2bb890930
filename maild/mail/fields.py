"""The header section as a list of fields, and Content-* parameters. Names fold case; bodies are unfolded, not yet decoded."""

from __future__ import annotations

import re
from collections.abc import Iterator

from maild.mail.charset import to_text
from maild.mail.header import decode, decode_words, one_line, raw_octets

_FIELD = re.compile(r"([!-9;-~]+)[ \t]*:[ \t]*(.*)\Z", re.S)
_FOLD = re.compile(r"\r?\n(?![ \t])")
_LINE_END = re.compile(r"\r?\n")
_PARAMETER = re.compile(r';\s*([\w.*!#$&^`|~+-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"?|([^;]*))', re.S)
_CONTINUED = re.compile(r"(.+?)\*(\d{1,4})?(\*)?\Z")
_ESCAPED = re.compile(r"\\(.)", re.S)
_PERCENT = re.compile(rb"%([0-9a-fA-F]{2})")
_TYPE = re.compile(r"\s*([\w.+-]{1,100})\s*/\s*([\w.+-]{1,100})")
MAX_PARAMETERS = 16_384


class Fields:
    """Fields in order (RFC 5322, section 2.2). Octets above 127 are kept as surrogate escapes until decoded."""

    __slots__ = ("_first", "_items", "stray")

    def __init__(self, items: list[tuple[str, str]], stray: str = "") -> None:
        self._items = items
        self._first: dict[str, str] = {}
        for name, body in items:
            self._first.setdefault(name, body)
        self.stray = stray  # what follows the first line that is no field

    def first(self, name: str) -> str:
        """The body of the first field of this (lower-case) name, or an empty string."""
        return self._first.get(name, "")

    def all(self, name: str) -> list[str]:
        """The bodies of all fields of this name, in order."""
        return [body for each, body in self._items if each == name] if name in self._first else []

    def text(self, name: str) -> str:
        """The first field's body, decoded, as one line."""
        body = self._first.get(name)
        return decode(body) if body else ""

    def __contains__(self, name: str) -> bool:
        return name in self._first

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self._items)


def parse_fields(header: bytes) -> Fields:
    """Reads a header section. The first line that is no field ends it, as if the empty line had been forgotten."""
    lines = _FOLD.split(header.decode("ascii", "surrogateescape"))
    items: list[tuple[str, str]] = []
    for number, line in enumerate(lines):
        if not line:
            continue
        match = _FIELD.match(line)
        if match is None:
            return Fields(items, "\n".join(lines[number:]))
        body = match[2]
        items.append((match[1].lower(), _LINE_END.sub("", body) if "\n" in body else body))
    return Fields(items)


def content_type(fields: Fields, default: str = "text/plain") -> str:
    """type/subtype in lower case; what is wrong or missing is text/plain (RFC 2045, section 5.2)."""
    match = _TYPE.match(fields.first("content-type"))
    return f"{match[1]}/{match[2]}".lower() if match else default


def parameters(raw: str) -> dict[str, str]:
    """Parameters of a structured field, names in lower case, continuations joined and decoded (RFC 2231, and what is sent)."""
    if ";" not in raw:
        return {}
    plain: dict[str, str] = {}
    pieces: dict[str, dict[int, tuple[str, bool]]] = {}
    for key, quoted, bare in _PARAMETER.findall(raw_octets(raw[:MAX_PARAMETERS])):
        value = _ESCAPED.sub(r"\1", quoted) if quoted else bare.strip()
        split = _CONTINUED.match(key) if "*" in key else None
        if split:
            pieces.setdefault(split[1].lower(), {}).setdefault(int(split[2] or 0), (value, bool(split[3]) or split[2] is None))
        else:
            plain.setdefault(key.lower(), decode_words(value) if "=?" in value else value)
    for name, numbered in pieces.items():
        plain[name] = _join(numbered)
    return plain


def _join(pieces: dict[int, tuple[str, bool]]) -> str:
    charset: str | None = None
    octets: list[bytes] = []
    for number in sorted(pieces):
        value, encoded = pieces[number]
        if encoded and number == min(pieces) and value.count("'") >= 2:
            charset, _, value = value.split("'", 2)
        raw = value.encode("utf-8", "surrogateescape")
        octets.append(_PERCENT.sub(lambda hexed: bytes.fromhex(hexed[1].decode()), raw) if encoded else raw)
    return one_line(to_text(b"".join(octets), charset)[0])
