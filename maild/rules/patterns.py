"""Words and patterns of all rules, matched together: one RE2 set per place, so a hundred rules cost a mail microseconds.

RE2 runs in linear time whatever the pattern and the text: no rule can hang the desk.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import re2

from maild.problem.table import PatternMatch

PLACES = ("subject", "text")
MAX_TEXT = 262_144
MAX_MEMORY = 64 << 20
_BLANKS = re.compile(r"[ \t]+")
_BEFORE, _AFTER = r"(?:^|[^\pL\pN_])", r"(?:$|[^\pL\pN_])"


class BadPattern(ValueError):
    """A pattern that RE2 does not take, with its reason."""


class Linear:
    """A compiled pattern. In ASCII, octets and characters have the same places: there the wrapper's counting is spared."""

    __slots__ = ("_regexp", "groups")

    def __init__(self, regexp: Any) -> None:
        self._regexp = regexp
        self.groups: int = regexp.groups

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
    options = re2.Options()
    options.log_errors = False
    try:
        return Linear(re2.compile(pattern, options))
    except re2.error as error:
        reason = error.args[0].decode() if isinstance(error.args[0], bytes) else str(error)
        raise BadPattern(reason) from error


def words_pattern(words: Sequence[str]) -> str:
    """Any of these words or phrases, whole, letter case and the width of blanks aside."""
    phrases = ("\\s+".join(re2.escape(word) for word in phrase.split()) for phrase in words)
    return f"(?i){_BEFORE}(?:{'|'.join(phrases)}){_AFTER}"


class PatternSet:
    """Patterns that are looked for in one go: the numbers of those that a text has."""

    def __init__(self, patterns: Sequence[str]) -> None:
        self._set: re2.Set | None = None
        if patterns:
            options = re2.Options()
            options.log_errors = False
            options.max_mem = MAX_MEMORY
            self._set = re2.Set.SearchSet(options)
            for pattern in patterns:
                self._set.Add(pattern)
            self._set.Compile()

    def hits(self, text: str) -> frozenset[int]:
        """Which patterns match somewhere."""
        return frozenset(self._set.Match(text) or ()) if self._set is not None else frozenset()


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
        self._sets = {place: PatternSet(list(numbers)) for place, numbers in self._numbers.items()}

    def hits(self, texts: Mapping[str, str]) -> Mapping[str, frozenset[int]]:
        """The numbers of the patterns that each text has; the width of blanks does not matter."""
        return {place: found.hits(_BLANKS.sub(" ", texts.get(place, "")[:MAX_TEXT])) for place, found in self._sets.items()}
