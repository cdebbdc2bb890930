"""Words that a text must have for a pattern to match in it: of a thousand patterns, a sentence is worth trying a few.

A pattern is read as the strings that it may match, as far as they are few, with an EDGE where no word goes on and ANYTHING where anything
may stand. Of each part one word is taken: `word`, `word*` that begins so, `*word` that ends so, or a mark like `>`. Digits are all one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from itertools import product

EDGE, ANYTHING, DIGIT = " ", "\0", "0"
MAX_STRINGS = 200  # that a part of a pattern may stand for
MAX_RANGE = 8  # characters of one class that are told apart
_PIECE = re.compile(
    r"[^\\\[\](){}|*+?.^$]+(?![*+?{])"  # what stands for itself; a character that is repeated stands apart
    r"|\\[pP](?:\{\^?\w+\}|.)|\\x(?:\{[0-9A-Fa-f]+\}|[0-9A-Fa-f]{2})|\\.|\[\^?\]?(?:\[:\^?\w+:\]|\\.|[^\]\\])*\]"
    r"|\(\?[imsU-]+\)|\((?:\?[^:)<]*:|\?P?<\w+>)?|[)|]|(?:[*+?]|\{\d+(?:,\d*)?\})\??|.",
    re.S,
)
_MEMBER = re.compile(r"\\[^\W\d_]\{[^}]*\}|\\.|[^\\]-[^\\\]]|.", re.S)
_WORD = re.compile(r"[a-z0-9]+")
_OF_WORDS = frozenset(ANYTHING + "abcdefghijklmnopqrstuvwxyz0123456789_")
_DIGITS = re.compile(r"[0-9]")
_ESCAPED = {"d": DIGIT, "s": EDGE, "b": EDGE, "W": EDGE, "A": EDGE, "z": EDGE, "n": EDGE, "t": EDGE, "r": EDGE}

Strings = tuple[str, ...]
Needs = tuple[frozenset[str], ...]
words_and_marks = re.compile(r"[a-z0-9]+|[^a-z0-9\s]").findall  # of a text in small letters


class NotRead(ValueError):
    """What this reader does not know; RE2 may."""


def needs(pattern: str) -> Needs:
    """Of each of these sets a text must have one, the most telling first; none where nothing can be said. Pure; total."""
    try:
        strings, found = _Reader(pattern).alternatives(0, len(pattern), ANYTHING, outer=True)
    except NotRead:
        return ()
    return tuple(sorted(dict.fromkeys((*found, *_anchors(strings, ANYTHING, ANYTHING))), key=_worth, reverse=True))


class _Reader:
    """One pattern, by its pieces. Parts are given by the places of their first piece and of the one behind their last."""

    def __init__(self, pattern: str) -> None:
        self._pieces = _PIECE.findall(pattern)
        self._closed: dict[int, int] = {}  # of each bracket, the place of the other one
        opened: list[int] = []
        for at, piece in enumerate(self._pieces):
            if _opens(piece):
                opened.append(at)
            elif piece == ")":
                if not opened:
                    raise NotRead(pattern)
                self._closed[opened.pop()] = at
        if opened:
            raise NotRead(pattern)

    def alternatives(self, start: int, end: int, before: str, *, outer: bool) -> tuple[Strings, Needs]:
        """What a part may match, and what it needs beside.

        Args:
            start, end: the part.
            before: EDGE where no word can go on into it, else ANYTHING.
            outer: whether it stands for all that the pattern matches, so that each of its words is needed.
        """
        end = min(end, len(self._pieces))
        bars = [at for at in self._level(start, end) if self._pieces[at] == "|"]
        if not bars:
            return self._sequence(start, end, before, outer=outer)
        several = [
            self._sequence(first, last, before, outer=False)
            for first, last in zip([start, *(at + 1 for at in bars)], [*bars, end], strict=True)
        ]
        together = tuple(dict.fromkeys(string for strings, _ in several for string in strings))
        if len(together) <= MAX_STRINGS and not any(found for _, found in several):
            return together, ()
        best = [max((*found, *_anchors(strings, before, ANYTHING)), key=_worth, default=None) for strings, found in several]
        anchors = frozenset[str]().union(*(each for each in best if each))
        return (ANYTHING + EDGE * all(map(_ends_a_word, together)),), (() if None in best else (anchors,))

    def _level(self, start: int, end: int) -> Iterable[int]:
        """The pieces of a part that are inside of no group."""
        while start < end:
            yield start
            start = self._closed.get(start, start) + 1

    def _sequence(self, start: int, end: int, before: str, *, outer: bool) -> tuple[Strings, Needs]:
        run: Strings = ("",)
        known = ""  # of what stands before it in this part, where that is not in the strings any more
        found: list[frozenset[str]] = []
        while start < end:
            last = self._closed.get(start, start)
            times = self._pieces[last + 1] if last + 1 < end and self._pieces[last + 1][0] in "*+?{" else ""
            edge = EDGE if all(_ends_a_word(before + each) for each in run) else ANYTHING
            if outer and edge == EDGE and run != ("",):  # its words are whole
                found += _anchors(run, before, "")
                run, before, known = ("",), EDGE, ANYTHING + EDGE
            strings, inner = self._part(start, last, edge, outer=outer and not times)
            if times:
                strings, inner = _repeated(strings, times), (inner if times[0] == "+" else ())
            start = last + 1 + bool(times)
            if len(run) * len(strings) <= MAX_STRINGS and not inner:
                run = tuple({a + b: None for a, b in product(run, strings)}) if run != ("",) else strings
                continue
            after = EDGE if all(each and each[0] not in _OF_WORDS for each in strings) else ANYTHING
            found += (*_anchors(run, before, after), *inner)
            run, before, known = tuple(edge + each for each in strings), "", ANYTHING
        return tuple(known + each for each in run), tuple(found)

    def _part(self, start: int, last: int, before: str, *, outer: bool) -> tuple[Strings, Needs]:
        piece = self._pieces[start]
        if last > start:
            return self.alternatives(start + 1, last, before, outer=outer)
        return (("",) if piece.startswith("(?") else _characters(piece)), ()


def _opens(piece: str) -> bool:
    return piece[0] == "(" and not (len(piece) > 1 and piece[-1] == ")")


@cache
def _characters(piece: str) -> Strings:
    """Characters that stand for themselves, or a class of them."""
    if piece in ("^", "$"):
        return (EDGE,)
    if piece[0] == "\\":
        if piece[1] == "Q" or piece[1].isdigit():
            raise NotRead(piece)
        return (_ESCAPED.get(piece[1], ANYTHING) if piece[1].isalnum() else _plain(piece[1]),)
    if piece[0] == "[" and len(piece) > 1:
        return _class(piece)
    return (ANYTHING,) if piece == "." else (_plain(piece),)


def _class(piece: str) -> Strings:
    if piece[1] == "^" or "[:" in piece or ("\\" in piece and "-" in piece[2:-2]):  # ends of ranges may be escaped
        return (ANYTHING,)
    found: list[str] = []
    for each in _MEMBER.findall(piece[1:-1]):
        if len(each) == 3 and each[1] == "-":
            first, last = ord(each[0]), ord(each[2])
            if not each[0].isdigit() and last - first > MAX_RANGE:
                return (ANYTHING,)
            found += (_plain(chr(code)) for code in range(first, last + 1))
        else:
            found += _characters(each) if each[0] == "\\" else (_plain(each),)
    return (ANYTHING,) if ANYTHING in found else tuple(dict.fromkeys(found))


def _plain(written: str) -> str:
    return with_one_digit(re.sub(r"\s", EDGE, written.lower()))


def with_one_digit(text: str) -> str:
    """With all digits alike."""
    return _DIGITS.sub(DIGIT, text)


def _repeated(strings: Strings, times: str) -> Strings:
    """Once or more is what stands there first, and then anything; what may be missing tells nothing."""
    if times[0] == "?":
        return tuple(dict.fromkeys((*strings, "")))
    optional = ("",) if times[0] == "*" or times[1:2] == "0" else ()
    if strings == (EDGE,):
        return (*strings, *optional)
    ends = ANYTHING + EDGE * all(map(_ends_a_word, strings))
    return (ends, *optional) if optional else tuple(each + ends for each in strings)


def _anchors(strings: Iterable[str], before: str, after: str) -> Needs:
    """One word of each string; nothing where one of them has none."""
    found = {_anchor(before + each + after) for each in strings}
    return () if "" in found or not found else (frozenset(found),)


@cache
def _anchor(string: str) -> str:
    """The word that is the rarest, by its length; else a mark."""
    best, most = "", (0, False)
    for word in _WORD.finditer(string):
        begins = word.start() == 0 or string[word.start() - 1] != ANYTHING
        ends = word.end() == len(string) or string[word.end()] != ANYTHING
        worth = (len(word[0]), begins and ends)
        if (begins or ends) and worth > most:
            best, most = "*" * (not begins) + word[0] + "*" * (not ends), worth
    return best or next((each for each in string if not (each in (EDGE, ANYTHING) or each.isalnum())), "")


def _worth(anchors: frozenset[str]) -> tuple[int, int]:
    """Long words are rare; and few are rarer than many."""
    return min(min(6, len(each.strip("*"))) * 2 - ("*" in each) for each in anchors), -len(anchors)


def _ends_a_word(string: str) -> bool:
    return string != "" and string[-1] not in _OF_WORDS
