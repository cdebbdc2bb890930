"""`phrases.yaml`: replies that say one thing and nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from maild.document import Binder, Document, Steps
from maild.problem.phrases import Phrases
from maild.problem.table import Pattern
from maild.rules.patterns import BadPattern, compile_pattern


@dataclass(frozen=True, slots=True, kw_only=True)
class _Thanks:
    says: tuple[str, ...] = ()
    solved: tuple[str, ...] = ()
    reacts: tuple[str, ...] = ()
    polite: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _PhrasesFile:
    thanks: Mapping[str, _Thanks]
    consent: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Replies:
    """What a reply may say and nothing else."""

    thanks: Phrases
    consents: Phrases


def read_phrases(document: Document, binder: Binder) -> Replies | None:
    """Thanks and consent, with the words of all languages together: people thank in another one than they wrote in."""
    written = binder.bind(_PhrasesFile)
    if written is None:
        return None
    thanks = written.thanks
    says = _compiled({("thanks", name, "says"): words.says for name, words in thanks.items()}, binder)
    solved = _compiled({("thanks", name, "solved"): words.solved for name, words in thanks.items()}, binder)
    reacts = _compiled({("thanks", name, "reacts"): words.reacts for name, words in thanks.items()}, binder)
    polite = _compiled({("thanks", name, "polite"): words.polite for name, words in thanks.items()}, binder)
    agreed = _compiled({("consent", name): words for name, words in written.consent.items()}, binder)
    return Replies(thanks=Phrases([*says, *solved], polite, reacts), consents=Phrases(agreed, [*polite, *says]))


def _compiled(lists: Mapping[Steps, Sequence[str]], binder: Binder) -> list[Pattern]:
    found = (_whole(each, (*steps, number), binder) for steps, words in lists.items() for number, each in enumerate(words))
    return [each for each in found if each is not None]


def _whole(pattern: str, steps: Steps, binder: Binder) -> Pattern | None:
    try:
        compiled: Pattern = compile_pattern(rf"(?i)\A(?:{pattern})\z")
        return compiled
    except BadPattern as error:
        binder.fail(steps, f"RE2 does not take this pattern: {error}", "mend it")
        return None
