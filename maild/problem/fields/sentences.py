"""A text as sentences and list items, each with its place and the cues that it has: the unit of what is said in prose."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from maild.problem.fields.layout import LIST_ITEM, WIDTH
from maild.problem.table import Cue, Prose

Present = Callable[[str], Collection[int]]  # which cues a text has
MAX_SENTENCE = 1_000
MAX_SENTENCES = 400
GREETED = 300  # characters: a greeting stands no later
MAX_QUOTE = 100
LETTER_END = 1_500  # how near to the end of the text a closing must stand to be one
_END = re.compile(r"(?<![.!?\u2026])[.!?\u2026]++[\"')\]]*+(?=\s)|\n")  # each run once
_WORDY = re.compile(r"[^\W_]")
_WORD = re.compile(r"\S{1,80}")


class Sentence(NamedTuple):
    """`start` and `end` are places in the text; `lead` is the length of a greeting in front. `item`: its list mark, `item_at` its place."""

    text: str  # plain
    start: int
    end: int
    lead: int
    item: str
    item_at: int
    paragraph: int
    cues: Sequence[Cue]


def sentences(
    text: str,
    prose: Prose,
    present: Present,
    taken: Sequence[tuple[int, int]] = (),
    closed: frozenset[int] = frozenset(),
) -> list[Sentence]:
    """The sentences of a `plain` text, without what is `taken` (places) and what follows the letter's end: a line that is `closed`."""
    found = list[Sentence]()
    for paragraph, (start, end, item, item_at) in enumerate(_pieces(text, closed, taken)):
        units = islice(within(text, start, end, prose, present), MAX_SENTENCES - len(found))
        found += (unit._replace(item=item, item_at=item_at, paragraph=paragraph) for unit in units) if item else units
        if len(found) >= MAX_SENTENCES:
            break
    return found


def within(text: str, start: int, end: int, prose: Prose, present: Present) -> Iterator[Sentence]:
    """The sentences between two places, with the cues that are `present`."""
    for first, last in _cut(text, start, end, prose.abbreviations):
        written = text[first : min(last, first + MAX_SENTENCE)]
        greeting = prose.greeting.match(written) if prose.greeting and first <= start + 1 and first < GREETED else None
        lead = greeting.end() if greeting else 0
        if _WORDY.search(written, lead):
            cues = [prose.cues[number] for number in sorted(present(written))]
            yield Sentence(text=written, start=first, end=last, lead=lead, item="", item_at=-1, paragraph=-1, cues=cues)


def _pieces(text: str, closed: frozenset[int], taken: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int, str, int]]:
    """(start, end, list mark, where that stands) of paragraphs and list items."""
    at = 0
    for first, last in _merged([*taken, (len(text), len(text))]):
        start, item, item_at = -1, "", -1
        for line in text[at:first].split("\n"):
            mark = LIST_ITEM.match(line)
            ends = not line.strip() or (at in closed and len(text) - at < LETTER_END)
            if start >= 0 and (ends or mark):
                yield start, at - 1, item, item_at
                start = -1
            if ends and line.strip() and at > 0:
                return
            if start < 0 and not ends:
                start, item = (at + mark.end(), mark[0].strip()) if mark else (at, "")
                item_at = at
            at += len(line) + 1
        if start >= 0:
            yield start, first, item, item_at
        at = last


def _merged(places: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """In order, and without overlaps."""
    at = -1
    for first, last in sorted(places):
        if last > at or first >= at:
            yield max(first, at), max(last, at)
            at = max(last, at)


def _cut(text: str, start: int, end: int, abbreviations: Collection[str]) -> Iterator[tuple[int, int]]:
    """Where the sentences of a paragraph start and end."""
    first = start
    for match in _END.finditer(text, start, end):
        last = match.start() if match[0] == "\n" else match.end()
        if _ends(text, match, first, start, abbreviations):
            yield from _stripped(text, first, last)
            first = match.end()
    yield from _stripped(text, first, end)


def _ends(text: str, match: re.Match[str], first: int, start: int, abbreviations: Collection[str]) -> bool:
    """Whether a mark or a line's end is the end of the sentence that starts at `first`."""
    if match[0] == "\n":
        return _on_purpose(text, match.start(), match.end(), start)
    last, after = match.end(), text[match.end() : match.end() + 3].strip()[:1]
    if match[0] == "." and _is_abbreviated(text[max(first, last - 30) : last - 1], after, abbreviations):
        return False
    if len(match[0]) > 1 and after.islower():  # dots or a quote, and the sentence goes on
        return False
    quoted = text.count('"', max(first, last - MAX_SENTENCE), last) % 2 == 1
    return not (quoted and '"' in text[last : last + MAX_QUOTE])  # inside of what somebody or something says


def _stripped(text: str, first: int, last: int) -> Iterator[tuple[int, int]]:
    written = text[first:last]
    bare = written.strip()
    if bare:
        first += len(written) - len(written.lstrip())
        yield first, first + len(bare)


def _on_purpose(text: str, at: int, following: int, start: int) -> bool:
    """Whether a line was ended by its author and not by a client at a width."""
    line_start = max(text.rfind("\n", max(start, at - 400), at) + 1, start)
    word = _WORD.match(text, following)
    return at - line_start + 1 + (len(word[0]) if word else 0) <= WIDTH


def _is_abbreviated(before: str, after: str, abbreviations: Collection[str]) -> bool:
    """Whether a full stop ends no sentence: after an initial or an abbreviation, or where a small letter follows a short word."""
    word = before.rsplit(None, 1)[-1].lstrip("(\"'") if before.split() else ""
    word = word.casefold()
    if word in abbreviations or (len(word) == 1 and word.isalpha()):
        return True
    if f"{word} #" in abbreviations:  # a number's: otherwise it is a word like any other
        return after.isdigit()
    return after.islower() and (len(word) < 4 or word.isdigit())
