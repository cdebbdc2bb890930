"""Answers written between the lines of a quoted mail: the question above tells what each one answers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from maild.problem.fields.page import asked
from maild.problem.fields.values import MAX_VALUE, read_value
from maild.problem.found import LABEL, Field
from maild.problem.labels import folded
from maild.problem.table import FieldTable

MAX_LINES = 5_000
MAX_LINE = 400
_QUOTED = re.compile(r"[ \t]{0,3}>")
_ASKS = re.compile(r"[?:][\s\"')*]*\Z")


def find_answers(text: str, table: FieldTable) -> dict[str, Field]:
    """What stands below each quoted question; the first settled answer of each field counts."""
    if not (_QUOTED.match(text) or "\n>" in text):
        return {}
    found: dict[str, Field] = {}
    for question, answer, start in _pairs(text):
        spec = table.spec(asked(folded(question), table) or "")
        if spec is None or (spec.name in found and found[spec.name].value is not None):
            continue
        field = read_value(spec, answer[:MAX_VALUE], f"text:{start}-{start + len(answer)}", LABEL)
        if field is not None:
            found[spec.name] = field
    return found


def _pairs(text: str) -> Iterator[tuple[str, str, int]]:
    """(quoted line that asks, what is written below it, where that starts in the text)."""
    at, question, answer, start = 0, "", "", 0
    for line in text.split("\n", MAX_LINES)[:MAX_LINES]:
        if _QUOTED.match(line):
            if answer:
                yield question, answer.strip(), start
            bare = line.lstrip("> \t")
            question, answer = (bare[:MAX_LINE] if _ASKS.search(bare[:MAX_LINE]) else ""), ""
        elif question and line.strip():
            start = start if answer else at + len(line) - len(line.lstrip())
            answer += line + "\n"
        elif answer:  # an empty line ends it
            yield question, answer.strip(), start
            question, answer = "", ""
        at += len(line) + 1
    if answer:
        yield question, answer.strip(), start
