"""`topics.yaml`, `issues.yaml`, `languages.yaml`: words that tell what a mail is about, how many issues it holds, and its language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import get_args

from maild.document import Binder, Document, Steps, nearest
from maild.problem.issues import Sign, Signs
from maild.problem.language import Languages
from maild.problem.topics import ANY, Topics, Weight
from maild.problem.vocabulary import BadPhrase, read_phrase

SIGNS: tuple[Sign, ...] = get_args(Sign)
COUNTED = ("number", "ordinal")
MAX_WEIGHT = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class _LanguagesFile:
    words: Mapping[str, str]
    letters: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _TopicsFile:
    enough: int
    topics: Mapping[str, Mapping[str, Mapping[str, tuple[str, ...]]]]  # topic -> language -> weight -> phrases


@dataclass(frozen=True, slots=True, kw_only=True)
class _IssuesFile:
    tells: tuple[str, ...]
    signs: Mapping[str, Mapping[str, tuple[str, ...]]]  # sign -> language -> phrases
    counted: Mapping[str, Mapping[str, tuple[str, ...]]]  # sign -> number -> phrases


def read_languages(document: Document, binder: Binder) -> Languages | None:
    """Words and letters, turned round: of each, the languages that have it."""
    written = binder.bind(_LanguagesFile)
    if written is None:
        return None
    for name in written.letters:
        if name not in written.words:
            binder.fail(("letters", name), f"'{name}' has no words", nearest(name, written.words))
    words = _turned({name: text.lower().split() for name, text in written.words.items()})
    letters = _turned({name: list(text.lower()) for name, text in written.letters.items()})
    return Languages(names=tuple(written.words), words=words, letters=letters)


def _turned(lists: Mapping[str, Sequence[str]]) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for name, several in lists.items():
        for each in dict.fromkeys(several):
            found[each] = (*found.get(each, ()), name)
    return found


def read_topics(document: Document, binder: Binder, languages: Sequence[str]) -> Topics | None:
    """The table of topics, with every phrase tried."""
    written = binder.bind(_TopicsFile)
    if written is None:
        return None
    known = (*languages, ANY)
    weights: dict[str, list[Weight]] = {name: [] for name in known}
    for topic, by_language in written.topics.items():
        for language, by_weight in by_language.items():
            steps: Steps = ("topics", topic, language)
            if language not in known:
                binder.fail(steps, f"'{language}' is no language of languages.yaml", nearest(language, known))
                continue
            for key, phrases in by_weight.items():
                weight = _weight(key, (*steps, key), binder)
                _try_phrases(phrases, (*steps, key), binder)
                weights[language] += [Weight(topic=topic, phrase=each, weight=weight) for each in phrases]
    return None if binder.problems else Topics(tuple(written.topics), written.enough, weights)


def _weight(key: str, steps: Steps, binder: Binder) -> int:
    digits = key.removeprefix("-")
    if not digits.isdecimal() or not 1 <= int(digits) <= MAX_WEIGHT:
        binder.fail(
            steps, f"'{key}' is no weight", f"a number from 1 to {MAX_WEIGHT} belongs here, or below 0 what tells against it"
        )
        return 0
    return int(key)


def read_issues(document: Document, binder: Binder, topics: Sequence[str], languages: Sequence[str]) -> Signs | None:
    """The signs of several issues, with every phrase tried."""
    written = binder.bind(_IssuesFile)
    if written is None:
        return None
    for number, topic in enumerate(written.tells):
        if topic not in topics:
            binder.fail(("tells", number), f"there is no topic '{topic}'", nearest(topic, topics))
    phrases: dict[str, list[tuple[Sign, int, str]]] = {name: [] for name in (*languages, ANY)}
    for part, names, tree in (
        ("signs", [each for each in SIGNS if each not in COUNTED], written.signs),
        ("counted", COUNTED, written.counted),
    ):
        for name, lists in tree.items():
            sign = next((each for each in SIGNS if each == name and each in names), None)
            if sign is None:
                binder.fail((part, name), f"'{name}' is not known here", nearest(name, names))
                continue
            for key, several in lists.items():
                _try_phrases(several, (part, name, key), binder)
                number = int(key) if part == "counted" and key.isdecimal() else 0
                if part == "counted" and not number:
                    binder.fail((part, name, key), f"'{key}' is no number", "write 1, 2, 3")
                language = ANY if part == "counted" else key
                if language not in phrases:
                    binder.fail((part, name, key), f"'{key}' is no language of languages.yaml", nearest(key, phrases))
                    continue
                phrases[language] += [(sign, number, each) for each in several]
    return None if binder.problems else Signs(phrases, written.tells)


def _try_phrases(phrases: Sequence[str], steps: Steps, binder: Binder) -> None:
    for number, phrase in enumerate(phrases):
        try:
            read_phrase(phrase)
        except BadPhrase as error:
            binder.fail(
                (*steps, number),
                f"'{phrase}' cannot be looked for: {error}",
                "see the top of topics.yaml",
            )
