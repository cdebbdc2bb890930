"""Several issues in one mail: things that two people could solve apart. A list of steps is one, and so are details of one finding."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from maild.problem.lists import Items, lists_in
from maild.problem.said import Said
from maild.problem.topics import ANY, Topics
from maild.problem.vocabulary import ENDS, Vocabulary, starts_of_words, words_in

MOST = 20
LONG_ITEM = 4  # words of an item that may be an issue of its own
LONG_SENTENCE = 6  # of a sentence that "also" begins
_LABEL = re.compile(r"[^:\n]{1,40}:\s*(.*)\Z", re.S)
_HEADING = re.compile(r"(?m)^[ \t*#_]*([^\W\d_]{4,12})\s*(?:n[\u00b0\u00ba.]|nr\.?|#)?\s*(\d{1,2})\b")

Sign = Literal["number", "several", "thing", "next", "also", "same", "ordinal", "article", "steps", "both"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Issues:
    """How many there are; and the words of the first, where there are several.

    Where they can be told apart, `items` are the texts of all, or `begin` the places of the words that they begin with.
    """

    count: int
    first: Sequence[str] = ()
    items: Sequence[str] = ()
    begin: Sequence[int] = ()


class Signs:
    """The table: phrases that announce, part, number or join issues.

    Args:
        phrases: by language, and by `any` those of all: (sign, number, phrase); the number is that of a number word or an
            ordinal, else 0.
        tells: topics that make a sentence an issue when anything counts for them.

    Raises:
        BadPhrase: one of them cannot be looked for.
    """

    def __init__(self, phrases: Mapping[str, Sequence[tuple[Sign, int, str]]], tells: Sequence[str]) -> None:
        common = tuple(phrases.get(ANY, ()))
        tables: dict[str | None, Sequence[tuple[Sign, int, str]]] = {name: (*own, *common) for name, own in phrases.items()}
        tables[None] = tuple(each for own in phrases.values() for each in own)
        self._tables = {name: (rows, Vocabulary([phrase for *_, phrase in rows])) for name, rows in tables.items()}
        self._tells = frozenset(tells)

    def count(self, said: Said, words: Sequence[str], topics: Topics, language: str | None) -> Issues:
        """The issues of a mail, by whichever sign tells of the most."""
        signs = self._signs_in(words, language)
        above = self._signs_in(words_in(said.subject), language) if not said.is_reply else {}
        found = [self._listed(said, above, topics, language), self._headed(said, language), _numbered(words, signs)]
        best = max(found, key=lambda each: each.count)
        if best.count > 1:
            return best
        parted = self._parted(words, signs, topics, language)
        told = max(_announced(words, signs), _announced(words_in(said.subject), above))
        if told > parted.count and (parted.count > 1 or len(_sentences(words)) > told):
            return replace(parted, count=told, first=parted.first or _first_half(words))
        return parted

    def parts(self, said: Said, topics: Topics, language: str | None) -> Sequence[str]:
        """The text of each issue; empty where they cannot be told apart."""
        texts = self._parts(said, topics, language)
        return texts if all(texts) else ()

    def _parts(self, said: Said, topics: Topics, language: str | None) -> Sequence[str]:
        found = self.count(said, words_in(said.text), topics, language)
        if found.items or found.count < 2:
            return found.items
        starts = starts_of_words(said.text)
        begin = [starts[number] for number in found.begin if number < len(starts)]
        return [said.text[start:end].strip() for start, end in itertools.pairwise([*begin, len(said.text)])]

    def _signs_in(self, words: Sequence[str], language: str | None) -> Mapping[Sign, list[tuple[int, int]]]:
        """(place, number) of each sign."""
        rows, vocabulary = self._tables.get(language) or self._tables[None]
        found: dict[Sign, list[tuple[int, int]]] = {}
        for place, entry in vocabulary.places(words):
            sign, number, _ = rows[entry]
            found.setdefault(sign, []).append((place, number))
        return found

    # --- lists and headings ---------------------------------------------------------------------------------------

    def _listed(self, said: Said, above: Mapping[Sign, list[tuple[int, int]]], topics: Topics, language: str | None) -> Issues:
        items = [item for each in lists_in(said.text) for item in self._issues_of(each, above, topics, language)]
        return Issues(count=min(len(items), MOST), first=words_in(items[0]) if items else (), items=items[:MOST])

    def _issues_of(
        self, found: Items, above: Mapping[Sign, list[tuple[int, int]]], topics: Topics, language: str | None
    ) -> Sequence[str]:
        """The items that are issues: those of a list that is announced as such, or of which most tell of something wrong."""
        intro = self._signs_in(words_in(found.intro), language)
        if "steps" in intro:
            return ()
        items = [words_in(each) for each in found.items]
        announced = _announces(intro) or (_announces(above) and "steps" not in above)
        long = [
            number for number, words in enumerate(items) if len(words) >= LONG_ITEM and not _is_form_line(found.items[number])
        ]
        if announced and len(long) > len(items) / 2:
            return [found.items[number] for number in long]
        opening = found.intro.rstrip()
        if not announced and opening.endswith(":") and self._tells_one(words_in(opening), topics, language):
            return ()  # what is wrong stands above, and the list has the details
        telling = [number for number in long if self._tells_one(items[number], topics, language)]
        is_list = len(telling) > 1 and len(telling) > len(items) * 0.6
        return [found.items[number] for number in long] if is_list else ()

    def _headed(self, said: Said, language: str | None) -> Issues:
        """Headings with a number, like `Problem 2`."""
        found = [each for each in _HEADING.finditer(said.text[:20_000]) if "thing" in self._signs_in(words_in(each[1]), language)]
        numbers = [int(each[2]) for each in found]
        count = next(number for number in range(1, MOST + 1) if number + 1 not in numbers) if 1 in numbers else 1
        if count == 1:
            return Issues(count=1)
        ends = [*(each.start() for each in found[1:]), len(said.text)]
        items = [said.text[each.end() : end].strip(" \t:.-*#_\n") for each, end in zip(found, ends, strict=True)]
        told = numbers[:count] == list(range(1, count + 1))
        return Issues(count=count, first=words_in(items[0]), items=items[:count] if told else ())

    # --- prose ----------------------------------------------------------------------------------------------------

    def _parted(
        self, words: Sequence[str], signs: Mapping[Sign, list[tuple[int, int]]], topics: Topics, language: str | None
    ) -> Issues:
        """Sentences that begin something else: surely so ("another problem"), or where they tell of something wrong ("also")."""
        places = {place for place, _ in signs.get("next", ()) if place > LONG_SENTENCE}
        for place, _ in signs.get("also", ()):
            sentence = _sentence_at(words, place)
            begins = place < LONG_SENTENCE or words[place - 1] in ENDS
            is_own = len(sentence) > LONG_SENTENCE and "same" not in self._signs_in(sentence, language)
            if place > LONG_SENTENCE and begins and is_own and self._tells_one(sentence, topics, language):
                places.add(place)
        apart = sorted(places)
        begin = [0, *(place for before, place in itertools.pairwise([-LONG_SENTENCE, *apart]) if place - before > LONG_SENTENCE)]
        return Issues(count=min(len(begin), MOST), first=words[: apart[0]] if apart else (), begin=begin[:MOST])

    def _tells_one(self, words: Sequence[str], topics: Topics, language: str | None) -> bool:
        return "?" in words or bool(topics.counts_for(words, language) & self._tells)


def _is_form_line(item: str) -> bool:
    """`Database: acme`: a label with hardly anything behind it."""
    label = _LABEL.match(item)
    return label is not None and len(label[1].split()) < LONG_ITEM


def _announces(signs: Mapping[Sign, list[tuple[int, int]]]) -> bool:
    """Several problems, two questions: a number or the like right before the thing; or what always means several."""
    counted = [place for sign in ("number", "several") for place, _ in signs.get(sign, ())]
    return "both" in signs or any(0 < place - each <= 3 for place, _ in signs.get("thing", ()) for each in counted)


def _announced(words: Sequence[str], signs: Mapping[Sign, list[tuple[int, int]]]) -> int:
    """How many the customer says there are."""
    things = [place for place, _ in signs.get("thing", ())]
    said = [number for at, number in signs.get("number", ()) if any(0 < place - at <= 2 for place in things)]
    return max(said, default=1)


def _numbered(words: Sequence[str], signs: Mapping[Sign, list[tuple[int, int]]]) -> Issues:
    """Ordinals in prose that go on from the first: "firstly … secondly …"."""
    places: dict[int, int] = {}
    counting = {place + 1 for place, _ in signs.get("article", ())}  # "the second order" parts nothing
    for place, number in signs.get("ordinal", ()):
        if place not in counting:
            places.setdefault(number, place)
    if 1 not in places or places.get(2, 0) <= places[1] or "steps" in signs:
        return Issues(count=1)
    count = next(number for number in range(2, MOST + 1) if number + 1 not in places)
    begin = [places[number] for number in range(1, count + 1)]
    return Issues(count=count, first=words[places[1] : places[2]], begin=begin)


def _sentence_at(words: Sequence[str], place: int) -> Sequence[str]:
    end = next((at for at in range(place, len(words)) if words[at] in ENDS and words[at] != ";"), len(words))
    return words[place : end + 1]


def _sentences(words: Sequence[str]) -> Sequence[int]:
    return [at for at, word in enumerate(words) if word in ENDS]


def _first_half(words: Sequence[str]) -> Sequence[str]:
    return words[: (len(words) + 1) // 2]
