"""The line model of a mail's text: each line with its depth of quoting, and what stands behind the marks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

MAX_LINES = 5_000
MAX_ADDRESS = 320
MAX_LINE = 2_000  # of a longer one the start is looked at
_MARKS = re.compile(r"[ \t\xa0]{0,3}((?:>[ \t\xa0]{0,2}){1,60}|\|(?=[ \t\xa0]|\Z))")
_ONCE = re.compile(r"^[ \t]{0,3}>(?!>>)", re.M)
_THRICE = ">>> "
_TABLE_ROW = re.compile(r"[ \t]{0,3}\|.*\|")
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\u00ad]")
_SPACES = re.compile("[\u00a0\u2000-\u200a\u202f\u205f\u3000]")


class Line(NamedTuple):
    """`text` as it stands in the mail; `depth` counts its quote marks; `bare` is what follows these, without blanks around."""

    text: str
    depth: int
    bare: str


def lines_of(text: str) -> list[Line]:
    """All lines; what follows the last of `MAX_LINES` stands in one.

    `>>>` is a quote in a quote in a quote; without any of these around it, it is GroupWise's attribution, or a prompt.
    """
    lines: list[Line] = []
    nested = _THRICE in text and _ONCE.search(text) is not None
    is_open = False  # an address, whose closing mark was folded into the next line
    for each in text.split("\n", MAX_LINES):
        lines.append(_line(each, is_open or (not nested and each.startswith(_THRICE))))
        is_open = "<" in each and each.rfind("<", -MAX_ADDRESS) > each.rfind(">", -MAX_ADDRESS)
    return lines


def _line(text: str, unmarked: bool) -> Line:
    start = text[:MAX_LINE]
    depth = 0
    if (">" in start or "|" in start) and not unmarked and not _TABLE_ROW.match(start):
        marks = _MARKS.match(start)
        if marks:
            depth = marks[1].count(">") or 1
            start = start[marks.end() :]
    if not start.isascii():
        start = _SPACES.sub(" ", _INVISIBLE.sub("", start))
    return Line(text, depth, start.strip())


def unquoted(lines: Sequence[Line]) -> str:
    """The text without one level of marks: what was quoted once, as its author wrote it."""
    return "\n".join(_FIRST_MARK.sub("", each.text) for each in lines).strip()


_FIRST_MARK = re.compile(r"\A[ \t\xa0]{0,3}[>|][ \t\xa0]?")
