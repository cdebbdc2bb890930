"""The labels of `fields.yaml` as two patterns that find them in text: at the start of a line, and inside of one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import re2

from maild.problem.plain import plain
from maild.problem.table import LabelForms, Pattern, first_word, fold_label
from maild.rules.patterns import compile_pattern

_NOTHING = r"\z\A."
_BETWEEN = re.compile(r"[\s_\-]+")
# Quote marks, frames, bullets, numbers, Markdown: what may stand before a label.
_LEAD = (
    r"[^\pL\pN\n]*"
    r'(?:\(?(?:\d{1,2}(?:\.\d{1,2})?|[a-z])[.)][ \t]+)?[ \t*_\["]*'
)
_TAIL = r'[ \t]{0,2}[*_"\])}>]{0,4}'
_HINT = r"(?:[ \t]*[(\[][^()\[\]]*[)\]])?"
_MARK = r'(?:^|[.;,|/!?()"\x{2022}\x{2013}]|[ \t]{2,}|[ \t]-)'  # behind what a label may stand inside of a line
_SEPARATOR = "|".join(
    (
        r"\.?[ \t]*\??[ \t]*[:=][=>]?[ \t]*[*_]{0,3}[ \t]*",  # Label: value, Label = value, **Label:** value
        r"[ \t]*\?[ \t]*",  # Label? value
        r"[ \t]+(?:-+>?|\x{2013}|=>|\x{2192}|\x{203a}|>)[ \t]+",  # Label - value
        r"[ \t]*[|\t][ \t|]*",  # cells
        r"(?:\.[ \t])?[ \t]*[.\x{00b7}_\x{2026}]{3,}[ \t]*:?[ \t]*",  # Label ..... value
        r"[ \t]{2,}",  # columns
        r"[ \t:=*_#~+|\])}\-\x{2013}]*$",  # a heading
    )
)


def label_forms(labels: Iterable[str], before: Iterable[str], foreign: Iterable[str] = ()) -> LabelForms:
    """Patterns for `plain` text. `before` are words that may stand before any label: articles, `our`.

    `foreign` are words that no label of a field has in it, unless it is in the table.
    """
    articles = tuple(before)
    several = [each for each in dict.fromkeys(labels) if each.strip()]
    article = "|".join(sorted({_words(each) for each in articles}, key=len, reverse=True))
    label = _any_of(several)
    lead = rf"(?:(?:{article})[ \t]+)?" if article else ""
    marked = rf"{_TAIL}{_HINT}{_TAIL}"
    return LabelForms(
        line=_Lines(several, rf"(?i)^{_LEAD}{lead}", rf"(?:[\]*_]{{1,2}}[ \t]+|{marked}(?:{_SEPARATOR}))"),
        inside=compile_pattern(rf"(?i){_MARK}[ \t]*[*_]{{0,2}}{lead}{label}{marked}[ \t]*[:=][*_]{{0,2}}[ \t]*"),
        before=frozenset(word for each in articles for word in fold_label(each).split()),
        asked=compile_pattern(rf"(?i)\b{label}\b"),
        foreign=compile_pattern(rf"(?i)\b(?:{'|'.join([_words(each) for each in foreign] or [_NOTHING])})"),
    )


class _Lines:
    """Patterns by a line's first word, made when it comes: one of hundreds of labels would be ten times slower."""

    def __init__(self, labels: Sequence[str], before: str, after: str) -> None:
        self._before, self._after = before, after
        self._labels: dict[str, list[str]] = {}
        for each in labels:
            self._labels.setdefault(first_word(fold_label(each)), []).append(each)
        self._known: dict[str, Pattern] = {}

    def __call__(self, word: str) -> Pattern | None:
        if word not in self._labels:
            return None
        if word not in self._known:
            self._known[word] = compile_pattern(self._before + _any_of(self._labels[word]) + self._after)
        return self._known[word]


def _any_of(labels: Iterable[str]) -> str:
    return f"({'|'.join(sorted({_words(each) for each in labels}, key=len, reverse=True) or [_NOTHING])})"


def _words(label: str) -> str:
    """A label with any blanks, hyphens or underscores between its words."""
    return r"[ \t_\-]+".join(str(re2.escape(word)) for word in _BETWEEN.split(plain(label).strip()))
