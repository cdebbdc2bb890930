"""The header section as a list of fields, and Content-* parameters. Names fold case; bodies are unfolded, not yet decoded."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from maild.mail.mime.charset import is_known, to_text
from maild.mail.mime.header import decode, one_line

_FIELD = re.compile(r"([!-9;-~]+)[ \t]*:[ \t]*(.*)\Z", re.S)
_FOLD = re.compile(r"\r?\n(?![ \t])")
_STRICT_PAIR = r';\s*+([\w.*!#$&^`|~+-]++)=(?:"([^"\\]*+)"|([^\s;"\\\'()]++))'
_STRICT = re.compile(_STRICT_PAIR, re.ASCII)
_AS_IT_SHOULD_BE = re.compile(rf"[^;\s]*+(?:{_STRICT_PAIR})*+[;\s]*+", re.ASCII)
_AFTER_TYPE = re.compile(r"[;,\s](?=\S)|[;,]")
_SKIPPED = re.compile(r"[\s;,]*+[^\s;,]*+")
_NAME = re.compile(r"[\s;,]*+([\w.!#$%&'*+^`{|}~-]{1,80}+)\s*+=\s*+", re.ASCII)
_QUOTED = re.compile(r'"(?P<value>(?:[^"\\]|\\.)*+)(?:"|\\?\Z)(?P<more>[^\s;,]?)', re.S)
_LOOSE = re.compile(r'"([^;]*)"\s*+(?:;|\Z)')
# A value without quotes goes on to the semicolon, or to the next well-known name: a name may have blanks.
_BARE = re.compile(
    r"(?:[^;\s]++|\s++(?!(?:boundary|charset|filename|format|name|protocol|micalg|server|type|delsp|access-type|site)(?:\*[\d*]*+)?=))*+",
    re.I,
)
_PATH = re.compile(r"[A-Za-z]:\\|\\\\[^\\\"]")
_EXTENDED = re.compile(r"([\w.:+-]{0,40})'(?:([\w-]{0,20})')?(.*)", re.S)
_CONTINUED = re.compile(r"(.+?)\*(\d{1,4})?(\*)?\Z")
_ESCAPED = re.compile(r"\\(.)", re.S)
_PERCENT = re.compile(rb"%([0-9a-fA-F]{2})")
_WORD = r"""([^\s()<>@,;:\\"/\[\]?='\x00-\x1f\x7f-\U0010ffff]{1,100}+)"""  # RFC 2045, section 5.1
_TYPE = re.compile(rf"[\s\"']*{_WORD}\s*/\s*{_WORD}")
_MAIN_TYPE = re.compile(r"[\s\"']*([a-z]{1,20})[\s\"'/]*(?:;|\Z)", re.I)
_WITHOUT_SUBTYPE = {
    "html": "text/html",
    "multipart": "multipart/mixed",
    **dict.fromkeys(("application", "audio", "image", "video", "binary"), "application/octet-stream"),
}
MAX_PARAMETERS = 8_192
_SHORT = 1_000


class Piece(NamedTuple):
    """A numbered piece of a parameter, and whether it has percent signs (RFC 2231, section 4.1)."""

    value: str
    encoded: bool


class Fields:
    """Fields in order (RFC 5322, section 2.2). Octets above 127 are kept as surrogate escapes until decoded."""

    __slots__ = ("_first", "_items", "_repeated", "stray")

    def __init__(self, items: list[tuple[str, str]], stray: str = "") -> None:
        self._items = items
        self._first = dict(reversed(items))
        self._repeated = len(self._first) < len(items)
        self.stray = stray  # what follows the first line that is no field

    def first(self, name: str) -> str:
        """The body of the first field of this (lower-case) name, or an empty string."""
        return self._first.get(name, "")

    def all(self, name: str) -> list[str]:
        """The bodies of all fields of this name, in order."""
        if name not in self._first:
            return []
        return [body for each, body in self._items if each == name] if self._repeated else [self._first[name]]

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
        if match is None and items and _goes_on(*items[-1]):
            items[-1] = (items[-1][0], f"{items[-1][1]} {line}")
            continue
        if match is None:
            return Fields(items, "\n".join(lines[number:]))
        body = match[2]
        items.append((match[1].lower(), body.replace("\r\n", "").replace("\n", "") if "\n" in body else body))
    return Fields(items)


def _goes_on(name: str, body: str) -> bool:
    """Whether a parameter is missing, whose line then has lost its indentation."""
    return name.startswith("content-") and body.endswith(";") and len(body) < _SHORT


def content_type(fields: Fields, default: str = "text/plain") -> str:
    """type/subtype in lower case; what is wrong or missing is text/plain (RFC 2045, section 5.2)."""
    if "content-type" not in fields:
        return default
    for body in fields.all("content-type"):
        match = _TYPE.match(body)
        if match:
            return f"{match[1]}/{match[2]}".lower()
    alone = _MAIN_TYPE.match(fields.first("content-type"))
    return _WITHOUT_SUBTYPE.get(alone[1].lower(), default) if alone else default


def parameters(raw: str) -> dict[str, str]:
    """Parameters of a structured field, names in lower case, continuations joined and decoded (RFC 2231, and what is sent)."""
    if "=" not in raw:
        return {}
    plain: dict[str, str] = {}
    pieces: dict[str, dict[int, Piece]] = {}
    for key, value in _pairs(raw[:MAX_PARAMETERS]):
        split = _CONTINUED.match(key) if "*" in key else None
        if split:
            piece = Piece(value, bool(split[3]) or split[2] is None)
            pieces.setdefault(split[1].lower(), {}).setdefault(int(split[2] or 0), piece)
        else:
            plain.setdefault(key.lower(), decode(value))
    for name, numbered in pieces.items():
        value = _join(numbered)
        if name not in plain or "\N{REPLACEMENT CHARACTER}" not in value:
            plain[name] = value
    return plain


def boundary_of(raw: str) -> bytes:
    """The boundary parameter octet by octet: what it is compared with has not been decoded either."""
    found = next((value for key, value in _pairs(raw[:MAX_PARAMETERS]) if key.lower() == "boundary"), "")
    return found.rstrip().encode("utf-8", "surrogateescape")


def _pairs(raw: str) -> Iterable[tuple[str, str]]:
    """(name, value) in order."""
    if _AS_IT_SHOULD_BE.fullmatch(raw):  # nearly always, and faster
        return [(name, quoted or bare) for name, quoted, bare in _STRICT.findall(raw)]
    return _loose_pairs(raw)


def _loose_pairs(raw: str) -> Iterator[tuple[str, str]]:
    """Semicolons may lack, quotes may stand inside of quotes, names may have blanks."""
    start = _AFTER_TYPE.search(raw)
    at = start.start() if start else len(raw)
    while at < len(raw):
        name = _NAME.match(raw, at)
        if name is None:
            skipped = _SKIPPED.match(raw, at)
            at = skipped.end() if skipped else len(raw)
            continue
        at = name.end()
        quoted = _QUOTED.match(raw, at)
        if quoted and not quoted["more"]:
            value, at = _unescaped(quoted["value"]), quoted.end()
        elif quoted and (loose := _LOOSE.match(raw, at)):  # a quote that nobody escaped
            value, at = _unescaped(loose[1]), loose.end()
        else:
            bare = _BARE.match(raw, at)
            value, at = (bare[0].strip("\"' \t"), bare.end()) if bare else ("", at)
        yield name[1], value


def _unescaped(quoted: str) -> str:
    """RFC 822's backslashes undone, but not those of a path, which nobody escapes."""
    return quoted if "\\" not in quoted or _PATH.match(quoted) else _ESCAPED.sub(r"\1", quoted)


def _join(pieces: dict[int, Piece]) -> str:
    """The pieces in the order of their numbers, whichever are there; percent signs where a star or the first piece says so."""
    charset: str | None = None
    octets: list[bytes] = []
    first = pieces[min(pieces)]
    for number in sorted(pieces):
        value, encoded = pieces[number]
        if (
            encoded
            and number == min(pieces)
            and (found := _EXTENDED.match(value))
            and (found[2] is not None or is_known(found[1]))
        ):
            charset, value = found[1], found[3]
        raw = value.encode("utf-8", "surrogateescape")
        octets.append(_PERCENT.sub(lambda hexed: bytes.fromhex(hexed[1].decode()), raw) if encoded else raw)
    whole = b"".join(octets)
    if b"=?" in whole and (not first.encoded or whole.startswith(b"=?")):  # two standards at once
        return decode(whole.decode("utf-8", "surrogateescape"))
    return one_line(to_text(whole, charset)[0])
