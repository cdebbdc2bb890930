"""Lists in a text: items that begin with a bullet, a number or a letter, with what goes on below them, and what introduces them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

MAX_LINES = 2_000
_BULLET = re.compile(
    r"(\s{0,20})(?:([-*+\u2022\u2023\u25aa\u25cf\u25e6\u00b7\u2013\u2014]+)\s"
    r"|\(?(\d{1,2}|[a-z])(?:\.\)|[.)/]|\s?[-\u2013:])\s*(?=\D))",
    re.I,
)
_RING = re.compile(r"(\s{0,20})([\u2460-\u2473\u2776-\u277f]|\d\ufe0f?\u20e3)")  # numbers in circles and on keys


@dataclass(frozen=True, slots=True, kw_only=True)
class Items:
    """A list: its items as text, without their marks; `numbered` with figures or letters; `intro`, the paragraph above it."""

    items: Sequence[str]
    numbered: bool
    intro: str


@dataclass(slots=True)
class _Mark:
    indent: int
    kind: str  # the bullet itself; `1` for figures, `a` for letters
    number: int
    end: int


def lists_in(text: str) -> Iterator[Items]:
    """The lists of a text with two items or more; what is set in below an item belongs to it."""
    lines = text.split("\n")[:MAX_LINES]
    place = 0
    while place < len(lines):
        mark = _mark_of(lines[place])
        if mark is None or mark.number > 1:
            place += 1
            continue
        items, after = _items(lines, place, mark)
        if len(items) > 1:
            yield Items(items=items, numbered=mark.kind in "1a", intro=_intro(lines, place))
        place = max(after, place + 1)


def _items(lines: Sequence[str], place: int, first: _Mark) -> tuple[list[str], int]:
    items: list[list[str]] = []
    kept = False  # an empty line ends an item, unless the next one follows or what follows is set in
    while place < len(lines):
        line = lines[place]
        mark = _mark_of(line)
        if (
            mark
            and mark.kind == first.kind
            and mark.indent <= first.indent + 1
            and (not mark.number or mark.number == len(items) + 1)
        ):
            items.append([line[mark.end :].strip()])
            kept = False
        elif mark and mark.kind == first.kind and mark.number == 1 and len(items) > 1:
            break  # the next list
        elif not line.strip():
            kept = True
        elif kept and (mark is None or mark.indent <= first.indent) and not line.startswith((" " * (first.indent + 2), "\t")):
            following = next(
                (at for at in range(place, min(place + 12, len(lines))) if _follows(lines[at], first, len(items) + 1)), None
            )
            if following is None or first.kind not in "1a":
                break
            items[-1].append(line.strip())
        else:
            items[-1].append(line.strip())
        place += 1
    return ["\n".join(each) for each in items], place


def _follows(line: str, first: _Mark, number: int) -> bool:
    mark = _mark_of(line)
    return mark is not None and mark.kind == first.kind and mark.number == number


def _mark_of(line: str) -> _Mark | None:
    found = _BULLET.match(line)
    if found is None:
        ring = None if line.isascii() else _RING.match(line)
        return _Mark(len(ring[1]), "1", _ring_number(ring[2]), ring.end()) if ring else None
    indent, bullet, number = found.groups()
    if bullet:
        return _Mark(len(indent), bullet[0], 0, found.end())
    if number.isdecimal():
        return _Mark(len(indent), "1", int(number), found.end())
    return _Mark(len(indent), "a", ord(number.lower()) - ord("a") + 1, found.end())


def _ring_number(ring: str) -> int:
    code = ord(ring[0])
    return int(ring[0]) if ring[0].isdecimal() else (code - 0x2460) % 20 + 1 if code < 0x2776 else (code - 0x2776) % 10 + 1


def _intro(lines: Sequence[str], place: int) -> str:
    """The lines right above, up to an empty one; that one may stand before the list itself."""
    place -= 1
    while place >= 0 and not lines[place].strip():
        place -= 1
    end = place + 1
    while place >= 0 and lines[place].strip() and end - place < 6:
        place -= 1
    return "\n".join(lines[place + 1 : end])
