"""Labels and what stands at them: `Label: value` in its many spellings, headings with a block below, rows of tables."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from maild.problem.fields.layout import LIST_ITEM, WIDTH, closings
from maild.problem.fields.values import MAX_VALUE, has_boxes, read_value
from maild.problem.machines import logs
from maild.problem.table import MAX_LABEL, FieldSpec, FieldTable, PatternMatch, first_word, fold_label, fold_words

MAX_BLOCK = 500  # lines
MAX_HEADING = 45  # characters of a label that stands alone in its line
MAX_BEFORE = 3  # words before a label, and its first
MAX_LINE = 2_000  # of a line, what is looked at for labels
MAX_TOKENS = 3  # words that the answer to a question for a token may have
MAX_ANSWER = 8  # words that the line below the label of a short value may have
_FIRST_WORD = re.compile(r"(?:[\W_]|\w{1,2}[.)][ \t]+)*([^\s*_#>|\u2022\-.:?()=\]]+)")
_RULE = re.compile(r"[\s|+:=\-_~*^#\u2013\u2500-\u257F`]*\Z")  # frames, underlines, fences: lines without a word
_QUESTION = re.compile(r"[ \t>|*_\u00bf\-]*([^?]{4,120})\?[ \t*_:]+(\S.*)")
_OWN_LINE = re.compile(r"[ \t>|*_\u00bf\-]*([^?]{4,120})\?[ \t*_:]*\Z")
_ANSWER = re.compile(
    r"[ \t]*(?:(?:a|r|answer|antw(?:ort|oord)?|r[e\u00e9]ponse|resp(?:uesta|osta)?|risposta)[ \t]?\d{0,2}[ \t]*[:.)]|[-=]>|\u2192)[ \t]*",
    re.I,
)
_WORDED = re.compile(  # a label of several words that no table may have
    r"(?:[\W_]|\w{1,2}[.)][ \t]+){0,20}([^\W\d_][^:=|?!;,\t]{3,50}?)(?:[ \t]*\([^()]*\))?[*_]{0,2}"
    r"(?:\.?[ \t]*[:=][ \t]*|[ \t]*[|\t]|[ \t]*\.{3,}|[ \t]{2,}|[ \t]-+>?[ \t]|[ \t]\u2013[ \t])[ \t|*_:.]*(\S.*)"
)
MAX_WORDED = 6  # words of such a label
MIN_WORD = 5  # letters of the word in it that tells the field
_UNKNOWN = re.compile(
    r"[ \t>|*_\-]*[^\W\d_][^:|.!?\t]{1,40}(?:[ \t]*[:|\t]|[ \t]{2,})[ \t]*\S"
)  # what may be one more row of a form
_SEPARATES = re.compile(
    r"[:=?|\t>\u00b7\u2026\])*_]|\.{3}|[ ]{2}|[ ][-\u2013\u2192\u203a]"
)  # without any, a label would stand alone in its line
_SENTENCE_GOES_ON = re.compile(r"[.!?;)\]](?=[.,]?\s+[^\W\d_a-z])|;(?=\s)")
_CELLS = re.compile(r"[ \t]*[|\t][ \t]*|[ \t]{2,}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A label and what stands at it. `name` is empty for a label of something else; `value` may be. Places are of the text."""

    name: str
    value: str
    label_at: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Label:
    name: str
    at: int  # where the label starts in its line
    value_at: int
    columns: bool  # only blanks between label and value: a row of a table


class Page:
    """A text by lines, as written and `plain`."""

    def __init__(self, text: str, plainly: str, table: FieldTable) -> None:
        self.text, self.table = text, table
        self.lines = text.split("\n")
        self.plain = self.lines if plainly is text else plainly.split("\n")
        self.starts = list(accumulate((len(line) + 1 for line in self.lines), initial=0))
        self._closed = closings(plainly, table.prose.closing if table.prose else None)
        self._known: dict[int, _Label | None] = {}
        self.logged = set[int]()  # lines where `result = …` is no label
        for start, end in logs(plainly):
            self.logged.update(range(bisect_right(self.starts, start) - 1, bisect_right(self.starts, end)))

    def label(self, number: int) -> _Label | None:
        """The label at the start of a line."""
        if number not in self._known:
            line = self.plain[number][:MAX_LINE]
            self._known[number] = None if number in self.logged else self._look(line) or self._answered_below(number, line)
        return self._known[number]

    def beside_label(self, number: int) -> bool:
        """Whether the line above or below, over one empty line, has a label with its value in the same line."""
        for step in (-1, 1):
            at = (
                number + step if 0 <= number + step < len(self.lines) and self.plain[number + step].strip() else number + 2 * step
            )
            label = self.label(at) if 0 <= at < len(self.lines) else None
            if label is not None and self.plain[at][label.value_at :].strip():
                return True
        return False

    def closes(self, number: int) -> bool:
        """Whether the letter ends here: what follows is a name."""
        return self.starts[number] in self._closed

    def _look(self, line: str) -> _Label | None:
        if len(line) > MAX_HEADING and not _SEPARATES.search(line):
            return None
        match = next((match for word in self._first_words(line) if (match := self._match(word, line)) is not None), None)
        if match is None:
            return self._asked(line) if "?" in line else self._worded(line)
        at, end, value_at = match.start(1), match.end(1), match.end()
        name = self.table.labels.get(fold_label(line[at:end]))
        between = line[end:value_at]
        columns = value_at < len(line) and not between.strip(" \t*_") and ("  " in between or "\t" in between)
        return None if name is None else _Label(name, at, value_at, columns)

    def _first_words(self, line: str) -> Iterator[str]:
        """What a label may begin with there: the first word, and the one behind `our` and the like."""
        at = 0
        for _ in range(MAX_BEFORE):
            found = _FIRST_WORD.match(line, at)
            if found is None:
                return
            word = first_word(found[1].casefold())
            yield word
            if word not in self.table.label_forms.before:
                return
            at = found.end()

    def _match(self, word: str, line: str) -> PatternMatch | None:
        pattern = self.table.label_forms.line(word)
        return pattern.match(line) if pattern else None

    def _asked(self, line: str) -> _Label | None:
        """A question of a form with its answer behind it: `Is your database customised? Yes`."""
        question = _QUESTION.match(line)
        name = asked(question[1], self.table) if question else None
        if question is None or name is None:
            return None
        spec = self.table.spec(name)
        return _Label(name, question.start(1), question.start(2), False) if _answers(spec, question[2]) else None

    def _answered_below(self, number: int, line: str) -> _Label | None:
        """A question of a form on a line of its own, where what stands below it is no more than its answer."""
        question = _OWN_LINE.match(line) if "?" in line else None
        name = asked(question[1], self.table) if question else None
        below = next((each for each in range(number + 1, min(number + 3, len(self.plain))) if self.plain[each].strip()), None)
        if question is None or ". " in question[1] or name is None or below is None or self.closes(below):
            return None
        answer, spec = self.plain[below][:MAX_LINE], self.table.spec(name)
        mark = _ANSWER.match(answer)
        answer = answer[mark.end() :] if mark else answer
        label = _Label(name, question.start(1), len(line), False)
        if spec is None or answer.rstrip().endswith("?"):
            return None
        if spec.kind == "text":
            return label if mark else None
        if spec.kind == "token":
            return label if _answers(spec, answer) and (mark or len(answer.split()) == 1 or len(spec.forms) > 3) else None
        said = fold_words(answer).split()
        return label if said and _answers(spec, answer) and (said[0] in spec.words or spec.kind == "choice") else None

    def _worded(self, line: str) -> _Label | None:
        """A label that has the word of one short field in it, and a value that is one of that field: `Database of the shop: x`."""
        worded = _WORDED.match(line)
        if worded is None or len(worded[1].split()) > MAX_WORDED:
            return None
        names = set[str]()
        for match in self.table.label_forms.asked.finditer(worded[1]):
            label = fold_label(match.group(1) or "")
            if len(label) >= MIN_WORD and (match.start() == 0 or match.end() == len(worded[1].rstrip(" *_"))):
                names.add(self.table.labels.get(label, ""))
        names = {name for name in names if name and (each := self.table.spec(name)) and each.kind != "text"}
        name = names.pop() if len(names) == 1 else ""
        spec = self.table.spec(name)
        if spec is None or not _answers(spec, worded[2]):
            return None
        if spec.kind == "token" and self.table.label_forms.foreign.search(worded[1]):
            return None
        return _Label(name, worded.start(1), worded.start(2), False)


def asked(question: str, table: FieldTable) -> str | None:
    """The field that a `plain` question names. One word is enough for a short field, passages want more: `problem` is in many questions."""
    named = []
    for match in table.label_forms.asked.finditer(question):
        label = match.group(1) or ""
        name = table.labels.get(fold_label(label))
        spec = table.spec(name or "")
        if name and spec and (spec.kind != "text" or (" " in label and 2 * len(label) >= len(question))):
            named.append((len(label), name))
    return max(named)[1] if named else None


def _answers(spec: FieldSpec | None, written: str) -> bool:
    """Whether this is no more than a value of this field."""
    words = len(written.split())
    if spec is None or spec.kind == "text":
        return spec is not None and 0 < words <= MAX_TOKENS
    if has_boxes(written):
        return True
    limit = MAX_TOKENS if spec.kind == "token" else MAX_ANSWER
    return 0 < words <= limit and read_value(spec, written, "", 0) is not None


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


def _at(page: Page, number: int, label: _Label, column: int) -> Generator[Entry, None, int]:
    """What stands at one label; returns the line to go on with. `column`: the rows around it have their values there."""
    line, start = page.lines[number], page.starts[number]
    spec = page.table.spec(label.name)
    long = spec is not None and spec.kind == "text"
    rest = line[label.value_at :].strip()
    if not rest:
        taken, first, after = _below(page, number + 1, long, column, spec is not None and spec.kind in ("choice", "truth"))
        if not long and len(" ".join(taken).split()) > MAX_ANSWER and not has_boxes(taken[0]):
            taken, after = [], number + 1
        mark = _ANSWER.match(taken[0]) if taken else None
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
    """Labels further on in a line: `…, Version: 17.0, Database: x`. A value goes on to the next one."""
    line = page.plain[number][:MAX_LINE]
    if number in page.logged or (":" not in line and "=" not in line) or len(line) - at < 4:
        return
    found = list(page.table.label_forms.inside.finditer(line[at:]))
    for match, following in zip(found, [*found[1:], None][: len(found)], strict=True):
        name = page.table.labels.get(fold_label(match.group(1) or ""))
        value_at = at + match.end()
        stop = _before(line, at + following.start(1)) if following else len(page.lines[number])
        stop = _short_of(page, name, number, value_at, stop)
        if name is not None:
            start = page.starts[number]
            value = page.lines[number][value_at:stop].strip(" \t,;|")
            value = value or (_cut_off(page, number + 1) if following is None else "")
            yield Entry(name=name, value=value, label_at=start + at + match.start(1), start=start + value_at, end=start + stop)


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
            name = page.table.labels.get(fold_label(cell)) if len(cell) <= MAX_LABEL else None
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
