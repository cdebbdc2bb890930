"""MAPI properties as TNEF writes them (MS-OXTNEF, section 2.1.3.4): a number each, and its values as octets."""

from __future__ import annotations

from dataclasses import dataclass
from struct import Struct

LONG = Struct("<I")
_TAG = Struct("<HH")
_MULTIPLE = 0x1000
_FIRST_NAMED = 0x8000
_STRING8, _UNICODE, _OBJECT, _BINARY = 0x1E, 0x1F, 0x0D, 0x102
_VARIABLE = (_STRING8, _UNICODE, _OBJECT, _BINARY)
# Octets that a value of each fixed type takes, padded to four.
_WIDTHS = {0x02: 4, 0x03: 4, 0x04: 4, 0x05: 8, 0x06: 8, 0x07: 8, 0x0A: 4, 0x0B: 4, 0x14: 8, 0x40: 8, 0x48: 16, 0x01: 0, 0x00: 0}
MAX_PROPERTIES = 1_000
MAX_VALUES = 500

# The properties that are read here (MS-OXPROPS).
BODY, RTF_COMPRESSED, HTML = 0x1000, 0x1009, 0x1013
DISPLAY_NAME, DATA, EXTENSION, SHORT_NAME, LONG_NAME = 0x3001, 0x3701, 0x3703, 0x3704, 0x3707
TRANSPORT_NAME, MIME_TYPE, CONTENT_ID = 0x370C, 0x370E, 0x3712
INTERNET_CODEPAGE, MESSAGE_CODEPAGE = 0x3FDE, 0x3FFD


@dataclass(frozen=True, slots=True)
class Value:
    """The octets of a property, and what they are."""

    octets: bytes
    is_unicode: bool
    is_object: bool

    def text(self, codepage: str) -> str:
        """As text, up to its NUL."""
        found = self.octets.decode("utf-16-le" if self.is_unicode else codepage, "replace")
        return found.partition("\0")[0]

    def number(self) -> int:
        """As a number; 0 where it is none."""
        return LONG.unpack_from(self.octets)[0] if len(self.octets) >= LONG.size else 0


class Cut(Exception):
    """The octets end within a property, or are none. Never leaves this folder."""


def read_properties(data: bytes) -> dict[int, Value]:
    """All properties by number; of what is cut or odd, those before. Of several values the first counts."""
    found: dict[int, Value] = {}
    try:
        (count,) = _unpack(LONG, data, 0)
        at = LONG.size
        for _ in range(min(count, MAX_PROPERTIES)):
            number, kind, at = _tag(data, at)
            value, at = _values(data, at, kind)
            if value is not None:
                found.setdefault(number, value)
    except Cut:
        pass
    return found


def _unpack(layout: Struct, data: bytes, at: int) -> tuple[int, ...]:
    if at + layout.size > len(data):
        raise Cut
    return layout.unpack_from(data, at)


def _tag(data: bytes, at: int) -> tuple[int, int, int]:
    """(number, type, where the values begin). Named properties say their name in between."""
    kind, number = _unpack(_TAG, data, at)
    at += _TAG.size
    if number >= _FIRST_NAMED:
        (by_name,) = _unpack(LONG, data, at + 16)  # after a GUID
        at += 20
        (length,) = _unpack(LONG, data, at)
        at += LONG.size + (_padded(length) if by_name else 0)
    return number, kind, at


def _values(data: bytes, at: int, kind: int) -> tuple[Value | None, int]:
    """The first value and where the last one ends."""
    single = kind & ~_MULTIPLE
    if single in _VARIABLE:
        return _variable(data, at, single)
    width = _WIDTHS.get(single)
    if width is None:
        raise Cut
    count = 1
    if kind & _MULTIPLE:
        (count,) = _unpack(LONG, data, at)
        at += LONG.size
    return Value(data[at : at + width], False, False), at + width * count


def _variable(data: bytes, at: int, kind: int) -> tuple[Value | None, int]:
    (count,) = _unpack(LONG, data, at)
    at += LONG.size
    first = None
    if count > MAX_VALUES:
        raise Cut
    for _ in range(count):
        (length,) = _unpack(LONG, data, at)
        at += LONG.size
        if at + length > len(data):
            raise Cut
        first = first or Value(data[at : at + length], kind == _UNICODE, kind == _OBJECT)
        at += _padded(length)
    return first, at


def _padded(length: int) -> int:
    return length + -length % 4
