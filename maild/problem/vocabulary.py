"""Words and phrases of the operator's tables, found in a text in one pass: linear time, whatever was written and however many there are.

A phrase is words between blanks. `word*` is what begins so, `*word` what ends so, `(a|b|)` one of these or nothing, `..` up to
eight words of one sentence, `?` a question mark, `#` a version. Letter case, accents and the kind of apostrophe do not matter.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import product

MAX_WORDS = 4_000
MAX_FORMS = 400  # that one phrase may stand for
MAX_READ = 20_000  # phrases that are not read again
MAX_GAP = 8
MAX_GAPS = 2  # in one phrase: each one multiplies what has to be tried
STEM, BUCKET = 2, 4  # letters that a word with `*` has at the least, and by how many of them it is looked up
MAX_REMEMBERED, MOST_REMEMBERED = 30, 50_000  # letters of a word, and words, whose phrases are remembered
ENDS = (".", "!", "?", ";", "\n")  # of a sentence: nothing is looked for across them
_WORD = re.compile(r"\w+(?:[-.@/~]\w+)*|[.!?;]|\n\s*\n")
_VERSION = re.compile(r"(?:v|[a-z]{2,8}[~-])?\d{1,4}\.\d{1,2}(?:\.\d{1,2})?\Z|(?:v\.?|[a-z]{2,8}~)\d{1,4}\Z|\d{2}(?:\d{2})?\Z")
_GROUP = re.compile(r"\(([^()]*)\)")
# Latin letters without what stands above or below them; combining marks are left out (Unicode, chapter 3.6).
_PLAIN: dict[int, str | None] = {code: unicodedata.normalize("NFD", chr(code))[0] for code in range(0xC0, 0x250)}
_PLAIN |= dict.fromkeys(range(0x300, 0x370))
_PLAIN |= {ord("\u00e6"): "ae", ord("\u0153"): "oe", ord("\u00f8"): "o", 0x2019: "'", 0x2011: "-", 0x00AD: None}


class BadPhrase(ValueError):
    """A phrase that cannot be looked for, with the reason."""


@dataclass(frozen=True, slots=True)
class _Word:
    """One of several words at one place of a phrase; `gap`: so many others may stand before it."""

    whole: frozenset[str]
    begins: tuple[str, ...]
    ends: tuple[str, ...]
    gap: int

    @property
    def all(self) -> tuple[str, ...]:
        """The words and the parts of words."""
        return (*self.whole, *self.begins, *self.ends)

    def fits(self, word: str) -> bool:
        return (
            word in self.whole
            or (bool(self.begins) and word.startswith(self.begins))
            or (bool(self.ends) and word.endswith(self.ends))
            or ("#" in self.whole and _VERSION.match(word) is not None)
        )


@dataclass(frozen=True, slots=True)
class _Form:
    """A phrase as its words, and its number. `anchor`: how far behind its start the rarest word stands, if that is sure."""

    number: int
    words: Sequence[_Word]
    rarest: _Word
    anchor: int | None
    needs: Sequence[frozenset[str]]  # of each of these, a text without one cannot have the phrase


class Words(list[str]):
    """The words of a text, and the places of each."""

    @cached_property
    def where(self) -> Mapping[str, Sequence[int]]:
        """The places of each word."""
        found: dict[str, list[int]] = {}
        for place, word in enumerate(self):
            found.setdefault(word, []).append(place)
        return found


def words_in(text: str) -> Words:
    """The words of a text, folded, with marks where sentences end (`ENDS`)."""
    return Words(word if word[0] != "\n" else "\n" for word in _WORD.findall(fold(text))[:MAX_WORDS])


def starts_of_words(text: str) -> list[int]:
    """Where in the text each of its words begins."""
    folded = [fold(each) for each in text]  # some characters become two
    places = [place for place, each in enumerate(folded) for _ in each]
    return [places[found.start()] for found in _WORD.finditer("".join(folded))][:MAX_WORDS]


def fold(text: str) -> str:
    """Without letter case and accents."""
    folded = text.casefold()
    return folded if folded.isascii() else folded.translate(_PLAIN)


class Vocabulary:
    """Many phrases, each with its number, that a text is searched for together.

    A phrase is looked at only where its rarest word stands, which most mails have none of. What a word leads to is remembered.

    Raises:
        BadPhrase: one of them cannot be looked for.
    """

    def __init__(self, phrases: Sequence[str]) -> None:
        self._phrases = phrases
        self._is_built = False
        for each in phrases:
            read_phrase(each)

    def _build(self) -> None:
        """Only when a text comes: many a process never has one in that language."""
        self._is_built = True
        self._whole: dict[str, list[_Form]] = {}
        self._begins: dict[str, list[tuple[str, _Form]]] = {}
        self._ends: dict[str, list[tuple[str, _Form]]] = {}
        self._known: dict[str, Sequence[_Form]] = {}
        written = [(number, words) for number, phrase in enumerate(self._phrases) for words in read_phrase(phrase)]
        uses = Counter(each for _, words in written for word in words for each in word.all)
        for number, words in written:
            form = _form(number, words, uses)
            for word in form.rarest.whole:
                self._whole.setdefault(word, []).append(form)
            for stem in form.rarest.begins:
                self._begins.setdefault(stem[:BUCKET], []).append((stem, form))
            for stem in form.rarest.ends:
                self._ends.setdefault(stem[-STEM:], []).append((stem, form))

    def find(self, words: Sequence[str]) -> dict[int, int]:
        """The numbers of the phrases that stand there, and the first place of each."""
        found: dict[int, int] = {}
        for place, number in self.places(words):
            found[number] = min(place, found.get(number, place))
        return found

    def places(self, words: Sequence[str]) -> Iterator[tuple[int, int]]:
        """(place, number) of each phrase wherever it stands."""
        if not self._is_built:
            self._build()
        where = words.where if isinstance(words, Words) else Words(words).where
        all_words, known = where.keys(), self._known
        seen: set[int] = set()  # forms whose start must be searched for
        for word, its_places in where.items():
            forms = known.get(word)
            for form in self._led_to(word) if forms is None else forms:
                if any(map(all_words.isdisjoint, form.needs)):
                    continue
                if form.anchor is not None:
                    starts: Iterable[int] = (place - form.anchor for place in its_places)
                elif id(form) in seen:
                    continue
                else:
                    seen.add(id(form))
                    starts = _places_of(form.words[0], where)
                for start in starts:
                    if start >= 0 and form.words[0].fits(words[start]) and _goes_on(form.words, words, start, 1):
                        yield start, form.number

    def _led_to(self, word: str) -> Sequence[_Form]:
        forms = tuple({id(form): form for form in self._forms_with(word)}.values())
        if len(word) <= MAX_REMEMBERED:
            if len(self._known) > MOST_REMEMBERED:
                self._known.clear()
            self._known[word] = forms
        return forms

    def _forms_with(self, word: str) -> Iterator[_Form]:
        yield from self._whole.get(word, ())
        if word[-1:].isdecimal() and _VERSION.match(word):
            yield from self._whole.get("#", ())
        for size in range(STEM, BUCKET + 1):
            yield from (form for stem, form in self._begins.get(word[:size], ()) if word.startswith(stem))
        yield from (form for stem, form in self._ends.get(word[-STEM:], ()) if word.endswith(stem))


def _form(number: int, words: Sequence[_Word], uses: Mapping[str, int]) -> _Form:
    at = min(range(len(words)), key=lambda each: _commonness(words[each], uses))
    anchor = None if any(word.gap for word in words[: at + 1]) else at
    needs = [word.whole for word in words if not (word is words[at] or word.begins or word.ends or "#" in word.whole)]
    return _Form(number, words, words[at], anchor, needs)


def _commonness(word: _Word, uses: Mapping[str, int]) -> tuple[int, int]:
    """How often a place of a phrase is filled, roughly: short words are common, and so are those that many phrases have."""
    return -min(5, *(len(each) for each in word.all)), sum(uses[each] for each in word.all)


def _places_of(wanted: _Word, where: Mapping[str, Sequence[int]]) -> Iterator[int]:
    if wanted.begins or wanted.ends or "#" in wanted.whole:
        yield from (place for word, places in where.items() if wanted.fits(word) for place in places)
    else:
        yield from (place for word in wanted.whole for place in where.get(word, ()))


def _goes_on(form: Sequence[_Word], words: Sequence[str], place: int, number: int) -> bool:
    """Whether the words of a phrase from this number on stand behind a place."""
    for at in range(number, len(form)):
        wanted = form[at]
        if wanted.gap:
            return any(
                wanted.fits(words[each]) and _goes_on(form, words, each, at + 1) for each in _reach(words, place + 1, wanted.gap)
            )
        place += 1
        if place >= len(words) or not wanted.fits(words[place]):
            return False
    return True


def _reach(words: Sequence[str], place: int, gap: int) -> Iterator[int]:
    """Places within the same sentence that a gap may lead to."""
    for each in range(place, min(place + gap + 1, len(words))):
        yield each
        if words[each] in ENDS:
            return


@lru_cache(maxsize=MAX_READ)  # those of all languages stand in each table
def read_phrase(phrase: str) -> Sequence[Sequence[_Word]]:
    """All that a phrase stands for.

    Raises:
        BadPhrase: says why.
    """
    parts = _GROUP.split(fold(phrase))
    if any(mark in "".join(parts[::2]) for mark in "()|"):
        raise BadPhrase("a bracket has no other one beside it")
    # A group of single words is one place of the phrase; any other is written out.
    choices = [[each] if not number % 2 else _choices(each) for number, each in enumerate(parts)]
    forms = ["".join(form) for form in product(*choices)]
    if len(forms) > MAX_FORMS:
        raise BadPhrase(f"it stands for {len(forms)} phrases; the limit is {MAX_FORMS}")
    return [_words(form) for form in forms]


def _choices(group: str) -> list[str]:
    words = group.split("|")
    is_written_out = any(each != "#" and len(words_in(each.replace("*", ""))) != 1 for each in words)
    return words if is_written_out else ["|".join(each.strip() for each in words)]


def _words(form: str) -> list[_Word]:
    found: list[_Word] = []
    gap = 0
    for each in form.split():
        if each == "..":
            gap = MAX_GAP
            continue
        for several in _spelled(each):
            found.append(_word(several, gap))
            gap = 0
    if not found or gap or found[0].gap:
        raise BadPhrase("a word is missing" if not found else "'..' stands between words")
    if sum(each.gap > 0 for each in found) > MAX_GAPS:
        raise BadPhrase(f"'..' stands in it more than {MAX_GAPS} times")
    return found


def _spelled(written: str) -> Sequence[Sequence[str]]:
    """The words of a piece between blanks: `can't` is two of them, as it is in a text; `a|b` is one with a choice."""
    if "|" in written or written == "#":
        return [written.split("|")]
    stars = (written.startswith("*"), written.endswith("*"))
    words = words_in(written.strip("*"))
    if "*" in written.strip("*"):
        raise BadPhrase(f"'{written}': one '*', before or behind a word")
    if not words or not {".", "!", ";"}.isdisjoint(words):
        raise BadPhrase(f"'{written}' is no word")
    words[0] = "*" * stars[0] + words[0]
    words[-1] += "*" * stars[1]
    return [[each] for each in words]


def _word(several: Sequence[str], gap: int) -> _Word:
    for each in several:
        if "*" in each.strip("*") or (each.startswith("*") and each.endswith("*")):
            raise BadPhrase(f"'{each}': one '*', before or behind a word")
        if "*" in each and len(each) <= STEM:
            raise BadPhrase(f"'{each}': more than a letter belongs before or behind '*'")
    return _Word(
        frozenset(each for each in several if "*" not in each),
        tuple(each[:-1] for each in several if each.endswith("*")),
        tuple(each[1:] for each in several if each.startswith("*")),
        gap,
    )
