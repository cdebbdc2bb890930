"""The line model of a mail's text: each line with its depth of quoting, and what stands behind the marks."""

from __future__ import annotations

import re
from dataclasses import dataclass

MAX_LINES = 20_000
MAX_ADDRESS = 320
MAX_LINE = 2_000  # of a longer one the start is looked at
_MARKS = re.compile(r"[ \t\xa0]{0,3}((?:>[ \t\xa0]{0,2}){1,60})")
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\u00ad]")
_SPACES = re.compile("[\u00a0\u2000-\u200a\u202f\u205f\u3000]")


@dataclass(frozen=True, slots=True)
class Line:
    """`text` as it stands in the mail; `depth` counts its quote marks; `bare` is what follows these, without blanks around."""

    text: str
    depth: int
    bare: str


def lines_of(text: str) -> list[Line]:
    """All lines; what follows the last of `MAX_LINES` stands in one."""
    lines: list[Line] = []
    is_open = False
    for each in text.split("\n", MAX_LINES):
        lines.append(_line(each, is_open))
        is_open = "<" in each and each.rfind("<", -MAX_ADDRESS) > each.rfind(">", -MAX_ADDRESS)
    return lines


def _line(text: str, is_open: bool) -> Line:
    start = text[:MAX_LINE]
    depth = 0
    if ">" in start and not is_open:  # an address was folded before its closing mark
        marks = _MARKS.match(start)
        if marks:
            depth = marks[1].count(">")
            start = start[marks.end() :]
    if not start.isascii():
        start = _SPACES.sub(" ", _INVISIBLE.sub("", start))
    return Line(text, depth, start.strip())


def unquoted(lines: list[Line]) -> str:
    """The text without one level of marks: what was quoted once, as its author wrote it."""
    return "\n".join(_MARKS_ONCE.sub("", each.text) for each in lines)


_MARKS_ONCE = re.compile(r"\A[ \t\xa0]{0,3}>[ \t\xa0]?")
