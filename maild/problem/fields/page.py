"""The lines of a text, and the label that each begins with: `Label: value` in its many spellings, headings, questions of a form."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate
from typing import NamedTuple

from maild.problem.fields.layout import closings
from maild.problem.fields.values import has_boxes, read_value
from maild.problem.labels import Label
from maild.problem.machines import logs, machines
from maild.problem.table import FieldSpec, FieldTable, fold_words

MAX_HEADING = 45  # characters of a label that stands alone in its line
MAX_LINE = 2_000  # of a line, what is looked at for labels
MAX_TOKENS = 3  # words that the answer to a question for a token may have
MAX_ANSWER = 8  # words that the line below the label of a short value may have
MAX_WORDED = 6  # words of a label that is in no table
MIN_WORD = 5  # letters of the word in it that tells the field
ANSWER = re.compile(
    r"[ \t]*(?:(?:a|r|answer|antw(?:ort|oord)?|r[e\u00e9]ponse|resp(?:uesta|osta)?|risposta)[ \t]?\d{0,2}[ \t]*[:.)]|[-=]>|\u2192)[ \t]*",
    re.I,
)
# Quote marks, frames, bullets, numbers, Markdown: what may stand before a label.
_LEAD = re.compile(r"[\W_]*(?:(?:\d{1,2}(?:\.\d{1,2})?|[a-z])[.)][ \t]+[\W_]*)?")
_TAIL = r'[ \t]{0,2}[*_"\])}>]{0,4}'
_MARKED = rf"{_TAIL}(?:[ \t]*[(\[][^()\[\]]*[)\]])?{_TAIL}"  # with a hint in brackets
_SEPARATOR = "|".join(
    (
        r"\.?[ \t]*\??[ \t]*[:=][=>]?[ \t]*[*_]{0,3}[ \t]*",  # Label: value, Label = value, **Label:** value
        r"[ \t]*\?[ \t]*",  # Label? value
        r"[ \t]+(?:-+>?|\u2013|=>|\u2192|\u203a|>)[ \t]+",  # Label - value
        r"[ \t]*[|\t][ \t|]*",  # cells
        r"(?:\.[ \t])?[ \t]*[.\u00b7_\u2026]{3,}[ \t]*:?[ \t]*",  # Label ..... value
        r"[ \t]{2,}",  # columns
        r"[ \t:=*_#~+|\])}\-\u2013]*\Z",  # a heading
    )
)
_BEHIND = re.compile(rf"[\]*_]{{1,2}}[ \t]+|{_MARKED}(?:{_SEPARATOR})")
# Behind what a label may stand inside of a line, and what must follow it there.
_MARK = re.compile(r'(?:^|[.;,|/!?()"\u2022\u2013]|(?<![ \t])[ \t]{2}|[ \t]-)[ \t]*+[*_]{0,2}(?=[^\W_])')
_COLON = re.compile(rf"{_MARKED}[ \t]*[:=][*_]{{0,2}}[ \t]*")
_SEPARATES = re.compile(  # without any, a label would stand alone in its line
    r"[:=?|\t>\u00b7\u2026\])*_]|\.{3}|[ ]{2}|[ ][-\u2013\u2192\u203a]"
)
_QUESTION = re.compile(r"[ \t>|*_\u00bf\-]*([^?]{4,120})\?[ \t*_:]+(\S.*)")
_OWN_LINE = re.compile(r"[ \t>|*_\u00bf\-]*([^?]{4,120})\?[ \t*_:]*\Z")
_WORDED = re.compile(  # a label of several words that no table may have
    r"(?:[\W_]|\w{1,2}[.)][ \t]+){0,20}([^\W\d_][^:=|?!;,\t]{3,50}?)(?:[ \t]*+\([^()]*+\))?[*_]{0,2}"
    r"(?:\.?[ \t]*+[:=]|[ \t]*+[|\t]|[ \t]*+\.{3}|[ \t]{2}|[ \t]-++>?[ \t]|[ \t]\u2013[ \t])[ \t|*_:.]*+(\S.*)"
)


class Start(NamedTuple):
    """The label that a line begins with, and where its value does. `columns`: only blanks between them, as in a row of a table."""

    name: str
    at: int
    value_at: int
    columns: bool


class Page:
    """A text by lines: as written, `plain`, folded. `machines`: where those wrote; `closed`: where lines start that may end a letter."""

    def __init__(self, text: str, plainly: str, table: FieldTable) -> None:
        self.table = table
        self.lines = text.split("\n")
        self.plain = self.lines if plainly is text else plainly.split("\n")
        self.folded = plainly.lower().split("\n")
        self.starts = list(accumulate((len(line) + 1 for line in self.lines), initial=0))
        self.closed = closings(plainly, table.prose.closing if table.prose else None)
        self.machines = machines(plainly)
        self._known: dict[int, Start | None] = {}
        self._logged = set[int]()  # lines where `result = …` is no label
        for start, end in logs(plainly) if self.machines else ():
            self._logged.update(range(bisect_right(self.starts, start) - 1, bisect_right(self.starts, end)))

    def label(self, number: int) -> Start | None:
        """The label at the start of a line."""
        if number not in self._known:
            self._known[number] = None if number in self._logged else self._look(number) or self._answered_below(number)
        return self._known[number]

    def inside(self, number: int, at: int) -> Iterator[tuple[Label, int]]:
        """Labels further on in a line, and where their values begin: `…, Version: 17.0, Database: x`."""
        line = self.folded[number][at:MAX_LINE]
        if number in self._logged or (":" not in line and "=" not in line):
            return
        done = 0
        for mark in _MARK.finditer(line):
            labels = self.table.labels.at(line, mark.end()) if mark.start() >= done else ()
            for label in labels:
                if colon := _COLON.match(line, label.end):
                    done = colon.end()
                    yield Label(label.name, at + label.start, at + label.end), at + done
                    break

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
        return self.starts[number] in self.closed

    def _look(self, number: int) -> Start | None:
        line = self.folded[number][:MAX_LINE]
        is_heading = not _SEPARATES.search(line)
        if is_heading and len(line) > MAX_HEADING:
            return None
        lead = _LEAD.match(line)
        for label in self.table.labels.at(line, lead.end() if lead else 0):
            behind = _BEHIND.match(line, label.end)
            if behind is not None:
                return _start(label, line, behind)
        return None if is_heading else self._asked(number, line) if "?" in line else self._worded(number, line)

    def _asked(self, number: int, line: str) -> Start | None:
        """A question of a form with its answer behind it: `Is your database customised? Yes`."""
        question = _QUESTION.match(line)
        name = asked(question[1], self.table) if question else None
        if question is None or name is None or not self._answers(name, number, question.start(2)):
            return None
        return Start(name, question.start(1), question.start(2), False)

    def _answered_below(self, number: int) -> Start | None:
        """A question of a form on a line of its own, where what stands below it is no more than its answer."""
        line = self.folded[number][:MAX_LINE]
        question = _OWN_LINE.match(line) if "?" in line else None
        if question is None:
            return None
        name = asked(question[1], self.table)
        below = next((each for each in range(number + 1, min(number + 3, len(self.plain))) if self.plain[each].strip()), None)
        if ". " in question[1] or name is None or below is None or self.closes(below):
            return None
        answer, spec = self.plain[below][:MAX_LINE], self.table.spec(name)
        mark = ANSWER.match(answer)
        answer = answer[mark.end() :] if mark else answer
        label = Start(name, question.start(1), len(line), False)
        if spec is None or answer.rstrip().endswith("?"):
            return None
        if spec.kind == "text":
            return label if mark else None
        if spec.kind == "token":
            return label if _answers(spec, answer) and (mark or len(answer.split()) == 1 or len(spec.forms) > 3) else None
        said = fold_words(answer).split()
        return label if said and _answers(spec, answer) and (said[0] in spec.words or spec.kind == "choice") else None

    def _worded(self, number: int, line: str) -> Start | None:
        """A label that has the word of one short field in it, and a value that is one of that field: `Database of the shop: x`."""
        worded = _WORDED.match(line.rstrip())
        if worded is None or len(worded[1].split()) > MAX_WORDED:
            return None
        words, table = worded[1], self.table
        there = [each for each in table.labels.within(words) if each.end - each.start >= MIN_WORD]
        names = {each.name for each in there if each.start == 0 or each.end == len(words.rstrip(" *_"))}
        short = [(name, spec) for name in names if (spec := table.spec(name)) and spec.kind != "text"]
        if len(short) != 1 or not self._answers(short[0][0], number, worded.start(2)):
            return None
        name, spec = short[0]
        is_foreign = spec.kind == "token" and table.labels.is_foreign(words)
        return None if is_foreign else Start(name, worded.start(1), worded.start(2), False)

    def _answers(self, name: str, number: int, value_at: int) -> bool:
        return _answers(self.table.spec(name), self.plain[number][value_at:MAX_LINE])


def _start(label: Label, line: str, behind: re.Match[str]) -> Start:
    """A label with what stands behind it."""
    between, value_at = behind[0], behind.end()
    is_row = value_at < len(line) and not between.strip(" \t*_") and ("  " in between or "\t" in between)
    return Start(label.name, label.start, value_at, is_row)


def asked(question: str, table: FieldTable) -> str | None:
    """The field that a folded question names. One word is enough for a short field, passages want more: `problem` is in many questions."""
    named = []
    for label in table.labels.within(question):
        words = question[label.start : label.end]
        spec = table.spec(label.name)
        if spec and (spec.kind != "text" or (" " in words and 2 * len(words) >= len(question))):
            named.append((len(words), label.name))
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
