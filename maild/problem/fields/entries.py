"""Labels and what stands at them: the rest of the line, a block below a heading, a row of a table."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator, Sequence
from typing import NamedTuple

from maild.problem.fields.layout import LIST_ITEM, WIDTH
from maild.problem.fields.page import ANSWER, MAX_ANSWER, MAX_LINE, Page, Start
from maild.problem.fields.values import MAX_VALUE, has_boxes

MAX_BLOCK = 500  # lines
_RULE = re.compile(r"[\s|+:=\-_~*^#\u2013\u2500-\u257F`]*\Z")  # frames, underlines, fences: lines without a word
_UNKNOWN = re.compile(  # what may be one more row of a form
    r"[ \t>|*_\-]*[^\W\d_][^:|.!?\t]{1,40}(?:[ \t]*+[:|\t]|[ \t]{2})[ \t]*+\S"
)
_SENTENCE_GOES_ON = re.compile(r"[.!?;)\]](?=[.,]?\s+[^\W\d_a-z])|;(?=\s)")
_CELLS = re.compile(r"[ \t]*[|\t][ \t]*|[ \t]{2,}")


class Entry(NamedTuple):
    """A label and what stands at it. `name` is empty for a label of something else; `value` may be. Places are of the text."""

    name: str
    value: str
    label_at: int
    start: int
    end: int


def entries(page: Page) -> Iterator[Entry]:
    """Every label of the text with its value, from the top."""
    number, column = 0, 0
    while number < len(page.lines):
        header = _header(page, number)
        if header:
            number = yield from _columns_below(page, number, header)
            continue
        label = page.label(number)
        if label is None:
            if _UNKNOWN.match(page.plain[number][:MAX_LINE]) and page.beside_label(number):
                start, end = page.starts[number], page.starts[number] + len(page.lines[number])
                yield Entry(name="", value=page.lines[number].strip()[:MAX_VALUE], label_at=start, start=end, end=end)
            else:
                yield from _inside(page, number, 0)
            column = column if not page.lines[number].strip() else 0
            number += 1
            continue
        column = label.value_at if label.columns else column if not page.lines[number][label.value_at :].strip() else 0
        number = yield from _at(page, number, label, column)


def _at(page: Page, number: int, label: Start, column: int) -> Generator[Entry, None, int]:
    """What stands at one label; returns the line to go on with. `column`: the rows around it have their values there."""
    line, start = page.lines[number], page.starts[number]
    spec = page.table.spec(label.name)
    long = spec is not None and spec.kind == "text"
    rest = line[label.value_at :].strip()
    if not rest:
        taken, first, after = _below(page, number + 1, long, column, spec is not None and spec.kind in ("choice", "truth"))
        if not long and len(" ".join(taken).split()) > MAX_ANSWER and not has_boxes(taken[0]):
            taken, after = [], number + 1
        mark = ANSWER.match(taken[0]) if taken else None
        taken = [taken[0][mark.end() :], *taken[1:]] if mark else taken
        value_at = page.starts[first] if taken else start + len(line)
        end = page.starts[after - 1] + len(page.lines[after - 1]) if taken else value_at
        yield Entry(name=label.name, value="\n".join(taken)[:MAX_VALUE], label_at=start + label.at, start=value_at, end=end)
        return after if taken else number + 1
    inside = list(_inside(page, number, label.value_at))
    if inside or not long:
        stop = _before(line, inside[0].label_at - start) if inside else len(line)
        stop = stop if long else _short_of(page, label.name, number, label.value_at, stop)
        more, after = ([], number + 1) if inside or not label.columns else _indented(page, number + 1, label.value_at)
        value = "\n".join([line[label.value_at : stop].strip(" \t,;|"), *more])
    else:
        goes_on = label.columns or _wrapped(page, number)
        more, after = _going_on(page, number + 1, label.value_at if label.columns else 0) if goes_on else ([], number + 1)
        stop, value = len(line), "\n".join([rest, *more])
    end = page.starts[after - 1] + len(page.lines[after - 1]) if more else start + stop
    value_at = start + label.value_at + len(line[label.value_at :]) - len(line[label.value_at :].lstrip())
    yield Entry(name=label.name, value=value[:MAX_VALUE].strip(), label_at=start + label.at, start=value_at, end=end)
    yield from inside
    return after


def _wrapped(page: Page, number: int) -> bool:
    """Whether a passage that starts beside its label goes on in the next line: cut at a width, in small letters, or a list."""
    line, following = page.lines[number], page.lines[number + 1] if number + 1 < len(page.lines) else ""
    word = following.lstrip()
    if len(line) + 1 + len(word.split(None, 1)[0] if word else "") > WIDTH or LIST_ITEM.match(following):
        return True
    return word[:1].islower() and line.rstrip()[-1:] not in ".!?"


def _short_of(page: Page, name: str | None, number: int, value_at: int, stop: int) -> int:
    """Where the value of a short field ends, if a sentence goes on behind it in the same line."""
    spec = page.table.spec(name or "")
    if spec is None or spec.kind == "text" or has_boxes(page.lines[number][value_at:stop]):
        return stop
    end = _SENTENCE_GOES_ON.search(page.plain[number], value_at, stop)
    return end.start() + 1 if end else stop


def _before(line: str, label_at: int) -> int:
    """Where the value before a further label ends: marks of enumerations are no part of it, a sentence's end is."""
    return len(line[:label_at].rstrip(" \t,;|/*_([-\u2013\u2022"))


def _inside(page: Page, number: int, at: int) -> Iterator[Entry]:
    """Labels further on in a line. A value goes on to the next one."""
    found = list(page.inside(number, at))
    line, start = page.lines[number], page.starts[number]
    for (label, value_at), following in zip(found, [*found[1:], None][: len(found)], strict=True):
        stop = _before(line, following[0].start) if following else len(line)
        stop = _short_of(page, label.name, number, value_at, stop)
        value = line[value_at:stop].strip(" \t,;|") or (_cut_off(page, number + 1) if following is None else "")
        yield Entry(name=label.name, value=value, label_at=start + label.start, start=start + value_at, end=start + stop)


def _cut_off(page: Page, number: int) -> str:
    """The value of a label that a line ended with: the client cut the line there."""
    line = page.lines[number][:MAX_LINE] if number < len(page.lines) and not page.label(number) else ""
    return line.partition(",")[0].strip()


def _below(page: Page, number: int, long: bool, column: int, boxes: bool) -> tuple[list[str], int, int]:
    """What stands below a heading, the line where it starts, and the line behind it."""
    while number < len(page.lines) and _RULE.match(page.lines[number]):
        number += 1
    first = number
    if column:
        taken, after = _indented(page, number, column)
        return taken, first, after
    if number >= len(page.lines) or page.label(number) or page.closes(number):
        return [], first, first
    if not long:
        several = boxes and has_boxes(page.lines[number])
        if several:
            taken, after = _going_on(page, number, 0)
            return taken, first, after
        return [page.lines[number].strip()], first, number + 1
    taken, after = _going_on(page, number, 0)
    return taken, first, after


def _going_on(page: Page, number: int, column: int) -> tuple[list[str], int]:
    """The lines of a passage from here: up to a label, the letter's end, or an empty line that no list goes on after."""
    if column:
        return _indented(page, number, column)
    taken: list[str] = []
    while number < len(page.lines) and len(taken) < MAX_BLOCK:
        if not page.lines[number].strip():
            after = _next_line(page, number)
            listed = after < len(page.lines) and LIST_ITEM.match(page.lines[after])
            if not (taken and listed and (LIST_ITEM.match(taken[-1]) or taken[-1].endswith(":"))) or page.label(after):
                break
            number = after
            continue
        if page.label(number) or page.closes(number):
            break
        if not _RULE.match(page.lines[number]):
            taken.append(page.lines[number].strip())
        number += 1
    return taken, number


def _indented(page: Page, number: int, column: int) -> tuple[list[str], int]:
    """What goes on in the column of the values, over single empty lines."""
    taken: list[str] = []
    while number < len(page.lines) and len(taken) < MAX_BLOCK:
        at = number if page.lines[number].strip() else number + 1
        line = page.lines[at] if at < len(page.lines) else ""
        if not line.strip() or len(line) - len(line.lstrip()) < column - 1:
            break
        taken.append(line.strip())
        number = at + 1
    return taken, number


def _next_line(page: Page, number: int) -> int:
    """The next line with something in it."""
    while number < len(page.lines) and not page.lines[number].strip():
        number += 1
    return number


def _header(page: Page, number: int) -> list[tuple[str, int]]:
    """The columns of a table whose first row has nothing but labels: their fields, and where they start."""
    line = page.plain[number]
    if len(line) > MAX_LINE or not ("|" in line or "\t" in line or "  " in line.strip()):
        return []
    cells, at = list[tuple[str, int]](), 0
    for cell in _CELLS.split(line):
        at = line.index(cell, at) if cell else at
        if cell:
            name = page.table.labels.named(cell)
            if name is None:
                return []
            cells.append((name, at))
            at += len(cell)
    return cells if len(cells) > 1 and len({name for name, _ in cells}) > 1 else []


def _columns_below(page: Page, number: int, header: Sequence[tuple[str, int]]) -> Generator[Entry, None, int]:
    """The first row below a header: by marks where it has them, else by the columns' places. Returns the line behind it."""
    below = number + 1
    while below < len(page.lines) and below < number + 4 and _RULE.match(page.lines[below]):
        below += 1
    if below >= len(page.lines):
        return below
    line, start = page.lines[below][:MAX_LINE], page.starts[below]
    bounds = [(at, header[n + 1][1] if n + 1 < len(header) else len(line)) for n, (_, at) in enumerate(header)]
    marked = line.strip().strip("|")
    if "|" in marked or "\t" in line.strip():
        bounds, at = [], len(line) - len(line.lstrip(" \t|"))
        for cell in re.split(r"[|\t]", line[at:].rstrip(" \t|")):
            bounds.append((at, at + len(cell)))
            at += len(cell) + 1
    for (name, _), (first, last) in zip(header, bounds, strict=False):
        label_at = page.starts[number]
        yield Entry(name=name, value=line[first:last].strip(), label_at=label_at, start=start + first, end=start + last)
    return below + 1
