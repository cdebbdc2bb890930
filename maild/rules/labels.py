"""The labels of `fields.yaml` as two patterns that find them in text: at the start of a line, and inside of one."""

from __future__ import annotations

import re
from collections.abc import Iterable

import re2

from maild.problem.plain import plain
from maild.problem.table import LabelForms
from maild.rules.patterns import compile_pattern

_BETWEEN = re.compile(r"[\s_\-]+")
# Quote marks, frames, bullets, numbers, Markdown: what may stand before a label.
_LEAD = (
    r"[^\pL\pN\n]*"
    r'(?:\(?(?:\d{1,2}(?:\.\d{1,2})?|[a-z])[.)][ \t]+)?[ \t*_\["]*'
)
_TAIL = r'[ \t]{0,2}[*_"\])}>]{0,4}'
_HINT = r"(?:[ \t]*[(\[][^()\[\]]{0,100}[)\]])?"
_MARK = r'(?:^|[.;,|/!?()"\x{2022}\x{2013}]|[ \t]{2,}|[ \t]-)'  # behind what a label may stand inside of a line
NEVER = r"\z\A."
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
    several = sorted({_words(each) for each in labels if each.strip()}, key=len, reverse=True) or [NEVER]
    article = "|".join(sorted({_words(each) for each in before}, key=len, reverse=True))
    label = rf"({'|'.join(several)})"
    lead = rf"(?:(?:{article})[ \t]+)?" if article else ""
    marked = rf"{_TAIL}{_HINT}{_TAIL}"
    return LabelForms(
        line=compile_pattern(rf"(?i)^{_LEAD}{lead}{label}(?:[\]*_]{{1,2}}[ \t]+|{marked}(?:{_SEPARATOR}))"),
        inside=compile_pattern(rf"(?i){_MARK}[ \t]*[*_]{{0,2}}{lead}{label}{marked}[ \t]*[:=][*_]{{0,2}}[ \t]*"),
        asked=compile_pattern(rf"(?i)\b{label}\b"),
        foreign=compile_pattern(rf"(?i)\b(?:{'|'.join([_words(each) for each in foreign] or [NEVER])})"),
    )


def _words(label: str) -> str:
    """A label with any blanks, hyphens or underscores between its words."""
    return r"[ \t_\-]+".join(str(re2.escape(word)) for word in _BETWEEN.split(plain(label).strip()))
