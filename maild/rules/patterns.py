"""Words and patterns of all rules, looked for together: a pattern is tried only where the words are that it needs.

RE2 runs in linear time whatever the pattern and the text: no rule can hang the desk.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache, reduce
from operator import or_
from typing import Any

import re2

from maild.problem.table import Pattern, PatternMatch
from maild.rules.anchors import needs, with_one_digit, words_and_marks

PLACES = ("subject", "text")
MAX_TEXT = 262_144
MOST_REMEMBERED, MAX_REMEMBERED = 50_000, 30  # words, and their letters, whose patterns are remembered
MOST_SHORT, MAX_SHORT = 5_000, 40  # texts of few characters, of which forms and letters have many: greetings, versions, `yes`
NEEDED = 2  # of the words that a pattern needs, so many are asked for
_FOLDED = re.compile(
    "[\u0130\u017f\u212a]"
)  # what is a letter of ASCII in the other case: words around it may be read in two ways
_BLANKS = re.compile(r"[ \t]+")
_BEFORE, _AFTER = r"(?:^|[^\pL\pN_])", r"(?:$|[^\pL\pN_])"


Masks = tuple[int, int]


class BadPattern(ValueError):
    """A pattern that RE2 does not take, with its reason."""


class Linear:
    """A compiled pattern. In ASCII, octets and characters have the same places: there the wrapper's counting is spared."""

    __slots__ = ("_alone", "_regexp", "groups", "written")

    def __init__(self, regexp: Any) -> None:
        self._regexp = regexp
        self.groups: int = regexp.groups
        self.written: str = regexp.pattern
        self._alone: re2.Set | None = None

    def is_in(self, octets: bytes) -> bool:
        """Whether a text in UTF-8 has a match."""
        if self._alone is None:  # a set of one tells no places, and takes a third of the time
            self._alone = re2.Set.SearchSet(_quiet())
            self._alone.Add(self.written)
            self._alone.Compile()
        return self._alone.Match(octets) is not None

    def search(self, text: str) -> PatternMatch | None:
        """The first match."""
        return next(self.finditer(text), None)

    def match(self, text: str) -> PatternMatch | None:
        """The match at the start."""
        if not text.isascii():
            found: PatternMatch | None = self._regexp.match(text)
            return found
        octets = self._regexp.match(text.encode())
        return _InAscii(text, octets) if octets else None

    def finditer(self, text: str) -> Iterator[PatternMatch]:
        """All matches, in order."""
        if not text.isascii():
            yield from self._regexp.finditer(text)
            return
        for octets in self._regexp.finditer(text.encode()):
            yield _InAscii(text, octets)


class _InAscii:
    """A match among octets, told in characters."""

    __slots__ = ("_octets", "_text")

    def __init__(self, text: str, octets: Any) -> None:
        self._text, self._octets = text, octets

    def start(self, number: int = 0) -> int:
        """Where a group starts; -1 where it took no part."""
        place: int = self._octets.start(number)
        return place

    def end(self, number: int = 0) -> int:
        """Where a group ends."""
        place: int = self._octets.end(number)
        return place

    def group(self, number: int = 0) -> str | None:
        """The text of a group."""
        start = self.start(number)
        return self._text[start : self.end(number)] if start >= 0 else None

    def groups(self) -> tuple[str | None, ...]:
        """The texts of all groups."""
        return tuple(self.group(number) for number in range(1, len(self._octets.groups()) + 1))


def compile_pattern(pattern: str) -> Linear:
    """One pattern on its own.

    Raises:
        BadPattern: with RE2's reason (back references and look-around are not known to it).
    """
    try:
        return Linear(re2.compile(pattern, _quiet()))
    except re2.error as error:
        reason = error.args[0].decode() if isinstance(error.args[0], bytes) else str(error)
        raise BadPattern(reason) from error


def _quiet() -> Any:
    options = re2.Options()
    options.log_errors = False
    return options


def words_pattern(words: Sequence[str]) -> str:
    """Any of these words or phrases, whole, letter case and the width of blanks aside."""
    phrases = ("\\s+".join(re2.escape(word) for word in phrase.split()) for phrase in words)
    return f"(?i){_BEFORE}(?:{'|'.join(phrases)}){_AFTER}"


class PatternSet:
    """Patterns that are looked for in one go. What they need is found out when the first text comes: many a process never has one."""

    def __init__(self, patterns: Sequence[Pattern]) -> None:
        self._patterns = patterns
        self._known: dict[str, Masks] = {}
        self._index: _Index | None = None
        self._hits_of_short = lru_cache(MOST_SHORT)(self._hits)

    def hits(self, text: str, first: int | None = None) -> frozenset[int]:
        """The numbers of the patterns that match somewhere; only of the `first` so many, where that is given."""
        return self._hits_of_short(text, first) if len(text) <= MAX_SHORT else self._hits(text, first)

    def _hits(self, text: str, first: int | None) -> frozenset[int]:
        if self._index is None:
            self._index = _Index(self._patterns)
        has, has_too = self._index.always
        for word in set(words_and_marks(text.lower())):
            masks = self._known.get(word) or self._masks(word, self._index)
            has |= masks[0]
            has_too |= masks[1]
        tried = has & has_too if not _FOLDED.search(text) else -1
        tried &= (1 << (len(self._patterns) if first is None else first)) - 1
        octets = text.encode(errors="replace")
        return frozenset(number for number in _numbers(tried) if self._patterns[number].is_in(octets))

    def _masks(self, word: str, index: _Index) -> Masks:
        masks = index.masks(word)
        if len(word) <= MAX_REMEMBERED and len(self._known) < MOST_REMEMBERED:
            self._known[word] = masks
        return masks


class _Index:
    """By words, beginnings and ends of words: the patterns that need them, as bits. `always` are those that need none."""

    def __init__(self, patterns: Sequence[Pattern]) -> None:
        self._tables: tuple[dict[str, list[int]], ...] = ({}, {}, {})
        always = [0] * NEEDED
        for number, pattern in enumerate(patterns):
            needed = needs(pattern.written)
            for place in range(NEEDED):
                for anchor in needed[place] if place < len(needed) else ():
                    bare = anchor.strip("*") or anchor
                    table = self._tables[0 if bare == anchor else 1 if anchor.endswith("*") else 2]
                    table.setdefault(bare, [0] * NEEDED)[place] |= 1 << number
                always[place] |= (place >= len(needed)) << number
        self.always = (always[0], always[1])
        self._longest = max((len(each) for table in self._tables for each in table), default=0)

    def masks(self, word: str) -> Masks:
        word = with_one_digit(word)
        sizes = range(1, min(len(word), self._longest) + 1)
        parts = ([word], [word[:size] for size in sizes], [word[-size:] for size in sizes])
        found = [table[part] for table, several in zip(self._tables, parts, strict=True) for part in several if part in table]
        return reduce(or_, (each[0] for each in found), 0), reduce(or_, (each[1] for each in found), 0)


def _numbers(mask: int) -> Iterator[int]:
    while mask:
        lowest = mask & -mask
        yield lowest.bit_length() - 1
        mask ^= lowest


class PatternIndex:
    """Collects patterns while rules are read, then tells which of them a mail has."""

    def __init__(self) -> None:
        self._numbers: dict[str, dict[str, int]] = {place: {} for place in PLACES}
        self._sets: dict[str, PatternSet] = {}

    def add(self, place: str, pattern: str) -> int:
        """Registers a pattern and returns its number there."""
        return self._numbers[place].setdefault(pattern, len(self._numbers[place]))

    def close(self) -> None:
        """Compiles what was added."""
        self._sets = {place: PatternSet([compile_pattern(each) for each in numbers]) for place, numbers in self._numbers.items()}

    def hits(self, texts: Mapping[str, str]) -> Mapping[str, frozenset[int]]:
        """The numbers of the patterns that each text has; the width of blanks does not matter."""
        return {place: found.hits(_BLANKS.sub(" ", texts.get(place, "")[:MAX_TEXT])) for place, found in self._sets.items()}
