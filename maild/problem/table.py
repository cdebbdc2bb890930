"""The operator's tables of fields and prose as values: labels, patterns, words and questions."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from maild.problem.labels import Labels
from maild.problem.plain import plain

FieldKind = Literal["token", "choice", "truth", "text"]
_WORD = re.compile(r"\.?\w+(?:\.\w+)*")
Says = Callable[[str, Collection[str]], bool]  # whether a text says this and nothing else; words of names may stand in it


class Pattern(Protocol):
    """A compiled pattern of linear time (RE2), and how it is `written`."""

    @property
    def written(self) -> str:
        """As the operator wrote it."""
        ...

    def is_in(self, octets: bytes) -> bool:
        """Whether a text in UTF-8 has a match."""
        ...

    def search(self, text: str) -> PatternMatch | None:
        """The first match."""
        ...

    def match(self, text: str) -> PatternMatch | None:
        """The match at the start."""
        ...

    def finditer(self, text: str) -> Iterator[PatternMatch]:
        """All matches."""
        ...


class PatternMatch(Protocol):
    """A match: its groups and places."""

    def groups(self) -> Sequence[str | None]:
        """The texts of all groups."""
        ...

    def group(self, number: int = 0) -> str | None:
        """The text of a group."""
        ...

    def start(self, number: int = 0) -> int:
        """Where a group starts; -1 where it took no part."""
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
    otherwise: str | None = None  # for choices and truths: the value of an answer with none of these words


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """What a pattern in a sentence tells. `does`: see rules/prose.yaml for those of a field, rules/sentences.yaml for the others."""

    does: str
    field: str  # empty for those of sentences
    value: str | None  # of a choice or a truth; for moves, the field of the new value
    group: int  # where the value stands, if this group takes part in the match
    pattern: Pattern  # for `plain` text


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """What a sentence is worth as the current behaviour and as a step: by the kinds of its cues, and by where it stands."""

    current: Mapping[str, int]
    steps: Mapping[str, int]
    facts: int = 0
    first: int = 0
    behind_steps: int = 0
    before_wanted: int = 0
    before_happening: int = 0
    enough: int = 1
    enough_beside_labels: int = 1
    enough_for_steps: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Prose:
    """Everything that is looked for in sentences. `present` tells in one look which cues a sentence has, `facts` which of fields."""

    cues: Sequence[Cue]
    present: Callable[[str], Collection[int]]
    facts: Callable[[str], Collection[int]]
    never: Mapping[str, Collection[str]]  # words, folded, that are no value of a field
    greeting: Pattern | None  # at the start of a sentence: no part of it
    closing: Pattern | None  # a whole line: the letter ends here
    abbreviations: Collection[str]  # folded, without their full stop, which ends no sentence; `no #`: before a number
    weights: Weights


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldTable:
    """All of it."""

    specs: Mapping[str, FieldSpec]
    labels: Labels
    anywhere: Sequence[tuple[str, Pattern]]  # (field, pattern): group 1 is a value wherever it stands
    present: Callable[[str], Collection[int]]  # which of these patterns a text has at all
    prose: Prose | None = None
    opposites: Mapping[str, FieldSpec] = field(default_factory=dict)  # by name of a label's field: its yes is the field's no

    def spec(self, name: str) -> FieldSpec | None:
        """How an answer at a label of this name is read."""
        return self.specs.get(name) or self.opposites.get(name)

    def title(self, name: str, language: str) -> str:
        """The field's label for people who read this language."""
        titles = self.specs[name].title
        return titles.get(language) or titles.get("en") or name

    def hint(self, name: str, language: str) -> str:
        """How to answer, or an empty string."""
        hints = self.specs[name].hint
        return hints.get(language) or hints.get("en") or ""


def fold_words(text: str) -> str:
    """How the words of a choice are compared: folded case, no accents, single blanks and no marks between."""
    return " ".join(_WORD.findall(plain(text).casefold()))
