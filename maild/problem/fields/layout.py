"""Marks of lists, and what is no text of the author's: tracebacks, log lines, fenced code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from maild.problem.table import Pattern

MAX_CLOSINGS = 100
WIDTH = 66  # where the next word would have fitted, a line was ended on purpose
LIST_ITEM = re.compile(
    r"[ \t]*(?:[-*+\u2022\u25aa\u25e6\u2013\u00b7\u25cf\u25cb]|\(?\w{1,2}[.)]{1,2}"
    r"|(?i:step|stap|schritt|[e\u00e9]tape|paso|passo|fase)[ \t]+\w{1,6}[ \t]*[.):\u2013-]{1,2})[ \t]+"
)
_TRACE = re.compile(r"(?m)^[ \t>]*(?:Traceback \(most recent call last\)|\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d)")
_MAYBE_LOGS = re.compile(r"Traceback \(|\d-\d\d \d\d:")
_FENCE = re.compile(r"(?m)^[ \t]*```")
_TRACE_GOES_ON = re.compile(
    r"[ \t]+\S|[\w.]+(?:Error|Exception|Warning|Violation|Interrupt|Exit)\b|[A-Z]\w+(?:\.\w+)+:"
    r"|Traceback|During handling|The above exc|\d{4}-\d\d-\d\d \d\d:"
)


def closings(text: str, closing: Pattern | None) -> frozenset[int]:
    """Where lines start at which a letter ends."""
    return frozenset(match.start() for match in islice(closing.finditer(text), MAX_CLOSINGS)) if closing else frozenset()


def logs(text: str) -> Iterator[tuple[int, int]]:
    """Where tracebacks and log lines stand."""
    at = 0 if _MAYBE_LOGS.search(text) else len(text)
    while match := _TRACE.search(text, at):
        line_end = text.find("\n", match.end())
        while line_end >= 0 and _TRACE_GOES_ON.match(text, line_end + 1):
            line_end = text.find("\n", line_end + 1)
        at = line_end if line_end >= 0 else len(text)
        yield match.start(), at


def fences(text: str) -> Iterator[tuple[int, int]]:
    """Where fenced code stands."""
    marks = [match.start() for match in _FENCE.finditer(text)] if "```" in text else []
    for start, end in zip(marks[::2], [*marks[1::2], len(text)], strict=False):
        yield start, min(end + 3, len(text))
