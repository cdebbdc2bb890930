"""What in a text no person wrote: tracebacks, lines of logs, and code between fences."""

from __future__ import annotations

import re
from collections.abc import Iterator

_TRACE = re.compile(
    r"(?m)^[ \t>]*(?:Traceback \(most recent call last\)|\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d|File \"|at [\w.$<>]{1,200}\(|RPC_ERROR"
    r"|(?:\w{1,20} )?Server Error[ \t]*$)"
)
_MARKS = ("Traceback (", 'File "', "RPC_ERROR", "Server Error")
_TIME, _CALL = re.compile(r":\d\d:\d\d"), re.compile(r"at [\w.$<>]{1,200}\(")  # most texts have none of these
_GOES_ON = re.compile(
    r"[ \t]+\S|[\w.]+(?:Error|Exception|Warning|Violation|Interrupt|Fault|Exit)\b|[A-Z]\w+(?:\.\w+)+:"
    r"|Traceback|During handling|The above exc|\d{4}-\d\d-\d\d[ T]\d\d:"
)
_FENCE = re.compile(r"(?m)^[ \t]*```")


def logs(text: str) -> Iterator[tuple[int, int]]:
    """Where tracebacks and log lines stand."""
    at = 0 if any(mark in text for mark in _MARKS) or _TIME.search(text) or _CALL.search(text) else len(text)
    while match := _TRACE.search(text, at):
        line_end = text.find("\n", match.end())
        while line_end >= 0 and _GOES_ON.match(text, line_end + 1):
            line_end = text.find("\n", line_end + 1)
        at = line_end if line_end >= 0 else len(text)
        yield match.start(), at


def fences(text: str) -> Iterator[tuple[int, int]]:
    """Where fenced code stands."""
    marks = [match.start() for match in _FENCE.finditer(text)] if "```" in text else []
    for start, end in zip(marks[::2], [*marks[1::2], len(text)], strict=False):
        yield start, min(end + 3, len(text))


def machines(text: str) -> list[tuple[int, int]]:
    """Both, in order."""
    return sorted([*logs(text), *fences(text)])
