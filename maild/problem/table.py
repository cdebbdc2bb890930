"""The operator's table of fields as values: labels, patterns, words and questions."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

FieldKind = Literal["token", "choice", "truth", "text"]
MAX_LABEL = 60
_LABEL_MARKS = re.compile(r"[\s*_#>\u2022\-]+")
Says = Callable[[str, Collection[str]], bool]  # whether a text says this and nothing else; words of names may stand in it


class Pattern(Protocol):
    """A compiled pattern of linear time (RE2)."""

    def search(self, text: str) -> PatternMatch | None:
        """The first match."""
        ...


class PatternMatch(Protocol):
    """A match: its groups and places."""

    def group(self, number: int = 0) -> str | None:
        """The text of a group."""
        ...

    def start(self, number: int = 0) -> int:
        """Where a group starts."""
        ...

    def end(self, number: int = 0) -> int:
        """Where a group ends."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewrite:
    r"""One way to write a value: `match` is searched, `give` is the normal form with `\1`; no `give` means ambiguous."""

    match: Pattern
    give: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldSpec:
    """How one field is found and written."""

    name: str
    kind: FieldKind
    title: Mapping[str, str]  # language -> the label in the fill-in block
    hint: Mapping[str, str]  # language -> how to answer
    forms: Sequence[Rewrite]  # for tokens, in order of preference
    words: Mapping[str, str]  # for choices and truths: a word as written, folded -> value


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldTable:
    """All of it. `labels` maps a folded label to its field."""

    specs: Mapping[str, FieldSpec]
    labels: Mapping[str, str]
    anywhere: Sequence[tuple[str, Pattern]]  # (field, pattern): group 1 is a value wherever it stands
    present: Callable[[str], Collection[int]]  # which of these patterns a text has at all
    first_words: frozenset[str]  # of labels, folded: what cannot start a label is passed over at once

    def title(self, name: str, language: str) -> str:
        """The field's label for people who read this language."""
        titles = self.specs[name].title
        return titles.get(language) or titles.get("en") or name

    def hint(self, name: str, language: str) -> str:
        """How to answer, or an empty string."""
        hints = self.specs[name].hint
        return hints.get(language) or hints.get("en") or ""


def fold_label(text: str) -> str:
    """How labels are compared: folded case, no list marks, single blanks."""
    return _LABEL_MARKS.sub(" ", text.casefold()).strip(" .:?()")
