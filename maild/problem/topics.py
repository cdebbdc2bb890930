"""What a mail is about: words of the operator's table count for and against topics, and rules ask which of them have enough."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from maild.problem.vocabulary import Vocabulary

ANY = "any"  # words that count in every language
IN_SUBJECT = 1  # so much more counts what the subject says


@dataclass(frozen=True, slots=True, kw_only=True)
class Weight:
    """A phrase of the table, and how much it counts for its topic; below 0: against it."""

    topic: str
    phrase: str
    weight: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """What counted, and what it comes to."""

    score: int
    phrases: tuple[str, ...]


About = Mapping[str, Topic]  # by name; topics that nothing counts for are not in it


class Topics:
    """The table. `weights` has the phrases of each language, and of `any`; a topic is there with a score of `enough`.

    Raises:
        BadPhrase: one of them cannot be looked for.
    """

    def __init__(self, names: Sequence[str], enough: int, weights: Mapping[str, Sequence[Weight]]) -> None:
        self.names, self.enough = tuple(names), enough
        common = tuple(weights.get(ANY, ()))
        everything = tuple(each for several in weights.values() for each in several)
        tables: dict[str | None, Sequence[Weight]] = {name: (*several, *common) for name, several in weights.items()}
        tables[None] = everything
        self._tables = {name: (several, Vocabulary([each.phrase for each in several])) for name, several in tables.items()}

    def about(self, words: Sequence[str], subject: Sequence[str], language: str | None, bonus: int = IN_SUBJECT) -> About:
        """The topics of a mail in this language (None: of all). Words of the subject count `bonus` more."""
        weights, vocabulary = self._tables.get(language) or self._tables[None]
        counted = dict.fromkeys(vocabulary.find(words), 0)
        counted |= dict.fromkeys(vocabulary.find(subject), bonus)
        scores: dict[str, int] = {}
        phrases: dict[str, list[str]] = {}
        for number, more in counted.items():
            each = weights[number]
            scores[each.topic] = scores.get(each.topic, 0) + each.weight + (more if each.weight > 0 else 0)
            phrases.setdefault(each.topic, []).append(each.phrase)
        return {name: Topic(score=score, phrases=tuple(phrases[name])) for name, score in scores.items() if score > 0}

    def counts_for(self, words: Sequence[str], language: str | None) -> frozenset[str]:
        """The topics that anything in these words counts for."""
        weights, vocabulary = self._tables.get(language) or self._tables[None]
        return frozenset(weights[number].topic for number in vocabulary.find(words) if weights[number].weight > 0)
