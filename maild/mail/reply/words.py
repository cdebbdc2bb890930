"""The table of languages folded into what the recognisers look up: sets, dicts, and alternatives for patterns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from maild.mail.reply.languages import LANGUAGES
from maild.mail.reply.languages.language import Language

KINDS = ("from", "to", "cc", "bcc", "date", "subject", "reply-to", "other")
_FIRST_JOINED = "\u3000"  # from here on the characters of scripts that have no blanks between words


def phrases(values: Iterable[str]) -> tuple[str, ...]:
    """The phrases of several fields, each once, in order."""
    lines = (line for value in values for line in value.split("\n"))
    return tuple(dict.fromkeys(each.strip() for line in lines for each in line.split("|") if each.strip()))


def plain(text: str) -> str:
    """Small letters, as the lookups have them; a Turkish `İ` becomes two characters, of which one is kept."""
    return text.lower().replace("\u0307", "")


def any_of(several: Iterable[str]) -> str:
    """A pattern of alternatives, the longest first."""
    return "|".join(re.escape(each) for each in sorted(several, key=len, reverse=True))


def any_word_of(several: Iterable[str]) -> str:
    """The same, for whole words where words are set apart."""
    several = tuple(several)
    joined = tuple(each for each in several if each[0] >= _FIRST_JOINED)
    spaced = rf"\b(?:{any_of(each for each in several if each[0] < _FIRST_JOINED)})\b"
    return f"{spaced}|{any_of(joined)}" if joined else spaced


def _small(values: Iterable[str]) -> tuple[str, ...]:
    return phrases(map(plain, values))


def _labels_of(language: Language) -> tuple[str, ...]:
    """The labels in the order of `KINDS`."""
    row = language
    return (row.author, row.to, row.cc, row.bcc, row.date, row.subject, row.reply_to, row.other)


def _kinds_of() -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for language in LANGUAGES:
        for kind, labels in zip(KINDS, _labels_of(language), strict=True):
            for label in _small([labels]):
                found.setdefault(label, set()).add(kind)
    return {label: frozenset(kinds) for label, kinds in found.items()}


def _by_last_word(several: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for each in several:
        last = each.rpartition(" ")[2]
        found[last] = (*found.get(last, ()), each)
    return found


KINDS_OF = _kinds_of()  # what a label can mean
LABELS_OF = {each.tag: frozenset(_small(_labels_of(each))) for each in LANGUAGES}

LEADS = phrases(each.leads for each in LANGUAGES)
VERBS = _by_last_word(_small(each.wrote for each in LANGUAGES))
JOINED_VERBS = phrases(each.wrote_joined for each in LANGUAGES)
FIRST_PERSON = _small(each.we_wrote for each in LANGUAGES)
OF = _small(each.of for each in LANGUAGES)
AT = _small(each.at for each in LANGUAGES)
NUMBERED = _small(each.numbered for each in LANGUAGES)
FILLERS = frozenset(word for each in LANGUAGES for word in f"{each.fillers} {each.of} {each.at}".replace("|", " ").split())

ORIGINAL = _small(each.original for each in LANGUAGES)
FORWARDED = _small(each.forwarded for each in LANGUAGES)
ON_BEHALF = _small(each.on_behalf for each in LANGUAGES)
FORWARD_PREFIXES = {each.tag: frozenset(_small([each.forward_prefixes])) for each in LANGUAGES}
REPLY_PREFIXES = {each.tag: frozenset(_small([each.reply_prefixes])) for each in LANGUAGES}

ALARMS = _small(each.alarms for each in LANGUAGES)
THIS_MAIL = _small(each.this_mail for each in LANGUAGES)
FROM_OUTSIDE = _small(each.from_outside for each in LANGUAGES)
RARELY = _small(each.rarely for each in LANGUAGES)
WHY_IMPORTANT = _small(each.why_important for each in LANGUAGES)
ADVICE = _small(each.advice for each in LANGUAGES)
ADVICE_ABOUT = _small(each.advice_about for each in LANGUAGES)

FOOTERS = _small(each.footers for each in LANGUAGES)
EXCUSES = _small(each.excuses for each in LANGUAGES)
DEVICES = _small(each.devices for each in LANGUAGES)
CLOSINGS = _small(each.closings for each in LANGUAGES)
NOTICES = _small(each.notices for each in LANGUAGES)
REPLY_ABOVE = _small(each.reply_above for each in LANGUAGES)
