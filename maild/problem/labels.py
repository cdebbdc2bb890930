"""The labels of all fields, found word by word: at the start of a line, inside of one, in a question."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from maild.problem.plain import plain

MAX_LABEL = 60
MAX_BEFORE = 3  # little words before a label, and its first
_MARKS = re.compile(r"[\s*_#>\u2022\-]+")
_WORD = re.compile(r"[^\W_]+")
_NEXT = re.compile(r"[.'/\u00b0#&]{0,2}[ \t_\-]*\(?([^\W_]+)")
_BLANKS = re.compile(r"[ \t]+")


class Label(NamedTuple):
    """A label in a text, and its field: empty where it is the label of something else."""

    name: str
    start: int
    end: int


@dataclass(slots=True)
class _Node:
    """What may follow some words of labels, and the field of the label that they are."""

    name: str | None = None
    following: dict[str, _Node] = field(default_factory=dict)


class Labels:
    """`names` maps folded labels to their fields, to an empty name where it is the label of something else.

    Texts are `folded`: places are those of what was written.

    Args:
        names: as above.
        before: words that may stand before any label: articles, `our`.
        foreign: beginnings of words that make a label one of something else, unless it is in the table.
    """

    def __init__(self, names: Mapping[str, str], before: Iterable[str] = (), foreign: Iterable[str] = ()) -> None:
        self._names = names
        self._before = frozenset(word for each in before for word in fold_label(each).split())
        self._foreign = re.compile(rf"\b(?:{'|'.join(map(re.escape, map(folded, foreign))) or '(?!)'})")
        self._first: dict[str, _Node] = {}
        for label, name in names.items():
            node, following = _Node(), self._first
            for word in _WORD.findall(folded(label)):
                node = following.setdefault(word, _Node())
                following = node.following
            node.name = name

    def named(self, text: str) -> str | None:
        """The field of a text that is a label and nothing else, however it is written."""
        return self._names.get(fold_label(text)) if len(text) <= MAX_LABEL else None

    def at(self, text: str, place: int) -> Iterator[Label]:
        """The labels that begin at a word, the longest first; before the label itself a little word may stand."""
        for _ in range(MAX_BEFORE):
            word = _WORD.match(text, place)
            if word is None:
                return
            yield from reversed(list(self._here(text, word)))
            blanks = _BLANKS.match(text, word.end()) if word[0] in self._before else None
            if blanks is None:
                return
            place = blanks.end()

    def within(self, text: str) -> Iterator[Label]:
        """The labels anywhere in a text, the longest where several begin."""
        place = 0
        while word := _WORD.search(text, place):
            found = list(self._here(text, word))
            if found:
                yield found[-1]
            place = found[-1].end if found else word.end()

    def is_foreign(self, text: str) -> bool:
        """Whether a label that is in no table is one of something else."""
        return self._foreign.search(text) is not None

    def _here(self, text: str, word: re.Match[str]) -> Iterator[Label]:
        """The labels that begin with this word, the shortest first."""
        node, end = self._first.get(word[0]), word.end()
        while node is not None:
            if node.name is not None:
                yield Label(node.name, word.start(), end)
            following = _NEXT.match(text, end) if node.following else None
            if following is None:
                return
            node, end = node.following.get(following[1]), following.end()


def folded(text: str) -> str:
    """Without letter case and accents, of the same length."""
    return plain(text).lower()


def fold_label(text: str) -> str:
    """How labels are compared: folded, no list marks, single blanks."""
    return _MARKS.sub(" ", folded(text)).strip(" .:?()\u00bf")
