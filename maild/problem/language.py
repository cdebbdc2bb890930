"""Which language a text is written in, by its little words and its letters; of a mixed one, by what stands first."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

MAX_TEXT = 3_000
SURE, AHEAD = 9.0, 2.5  # a score that decides at once, and how many times the next one it must be
LETTER = 0.7  # what one counts beside a word
FEW = 0.6  # below this nothing is claimed
SHARE = 0.11  # of the words that the best must come to, where there are enough to tell; other languages do not
ENOUGH_WORDS = 12
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)?")
_NAME = re.compile(r"[/@\\_=<>{}]|\w\.\w")  # in an address, a path, code: of no language


@dataclass(frozen=True, slots=True, kw_only=True)
class Languages:
    """`words` and `letters`: which languages have them. One that several share counts for each of them the less."""

    names: tuple[str, ...]
    words: Mapping[str, Sequence[str]]
    letters: Mapping[str, Sequence[str]]

    def of(self, *texts: str) -> str | None:
        """The language of the first text that tells one; None where hardly a word is known."""
        for text in texts:
            scores: dict[str, float] = {}
            total = 0
            for line in unicodedata.normalize("NFC", text[:MAX_TEXT]).replace("\u2019", "'").split("\n"):
                words = _WORD.findall(_without_names(line).lower())
                total += len(words)
                self._count(words, line, scores)
                if _leads(scores, SURE):
                    return max(scores, key=scores.__getitem__)
            if _leads(scores, FEW) and (total <= ENOUGH_WORDS or max(scores.values()) >= SHARE * total):
                return max(scores, key=scores.__getitem__)
        return None

    def _count(self, words: Sequence[str], line: str, scores: dict[str, float]) -> None:
        """Adds what a line tells."""
        told: dict[str, float] = {}
        for word in words:
            languages = self.words.get(word)
            if languages is None and "'" in word:
                languages = self.words.get(word[: word.index("'") + 1])
            for each in languages or ():
                told[each] = told.get(each, 0) + 1 / len(languages or ())
        lettered: dict[str, float] = {}
        for letter in () if line.isascii() else (each for each in line.lower() if each in self.letters):
            for each in self.letters[letter]:
                lettered[each] = lettered.get(each, 0) + LETTER / len(self.letters[letter])
        for each, score in told.items():  # letters only add to words: other languages have them, too
            scores[each] = scores.get(each, 0) + score + min(score, lettered.get(each, 0))


def _without_names(line: str) -> str:
    return " ".join(word for word in line.split() if not _NAME.search(word)) if _NAME.search(line) else line


def _leads(scores: Mapping[str, float], least: float) -> bool:
    best, second, *_ = (*sorted(scores.values(), reverse=True), 0.0, 0.0)
    ahead = AHEAD if least == SURE else 1.0
    return best >= least and best > ahead * second
