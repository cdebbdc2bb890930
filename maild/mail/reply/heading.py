"""The header block that clients put above a quoted or forwarded message: `From: … Sent: … To: … Subject: …`, in many languages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

import re2

from maild.mail.reply.lines import Line
from maild.mail.reply.words import KINDS, KINDS_OF, any_of, plain

MAX_BLOCK = 40  # lines
MAX_LABEL = 24
SHORT = 2  # letters of a label that may be the end of another word
MAX_GAP = 3  # empty lines between two lines of it
LONG = 60  # characters: a line of that length may have been wrapped
MAX_FOLDS = 6  # lines of one value

_LABEL = re.compile(
    rf"[*_]{{0,2}}([^\W\d][^:\uff1a<>@\n]{{0,{MAX_LABEL}}}?)[ \t]*[*_]{{0,2}}[ \t]?[:\uff1a][ \t]?[*_]{{0,2}}[ \t]*(.*)", re.S
)
_UNKNOWN = re.compile(r"[^\W\d_][\w .-]{1,30}: ")  # a label that no table has
# Fields that no client shows: somebody asks about a header section, and pasted it.
_OF_SERVERS = re.compile(
    r"(?:X-[\w-]+|Received|Return-Path|Message-ID|Authentication-Results|DKIM-Signature|ARC-[\w-]+|MIME-Version|Content-[\w-]+):",
    re.I,
)
# In one line, as Yahoo writes it: `From: Ann <a@example.org>To: …Subject: …`. A short label needs a mark before it.
_COLON = "[ \xa0]?[:\uff1a]"  # no raw string: RE2 has no \\u
_INLINE = re2.compile(
    f"({any_of(each.capitalize() for each in KINDS_OF if len(each) > SHORT)}){_COLON}"
    rf"|(?:\A|[\s>])({any_of(each.capitalize() for each in KINDS_OF if len(each) <= SHORT)}){_COLON}"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """The block's values by kind (`from`, `to`, `cc`, `date`, `subject` …), the line behind it, and the labels that were read."""

    values: dict[str, str]
    end: int
    labels: frozenset[str] = frozenset()  # in small letters

    @property
    def sure(self) -> bool:
        """Whether this is a message's header and not a list of somebody's: two of its parts with an address, or three with a subject."""
        known = self.values.keys() & {"from", "to", "date", "subject"}
        if any("@" in self.values.get(kind, "") for kind in ("from", "to", "cc")):
            return len(known) >= 2
        return len(known) >= 3 and {"subject", "from"} <= known


def heading_at(lines: Sequence[Line], number: int, titled: bool = False) -> Heading | None:
    """The header block that starts at a line, or None. Its first label is capitalised, and it is not what a server added.

    Below a sure title (`titled`) the colons may be missing, as eM Client leaves them out.
    """
    start = lines[number].bare
    if (not titled and label_of(start) is None) or start.lstrip("*_")[:1].islower():  # as most lines
        return None
    values: dict[str, str] = {}
    labels: set[str] = set()
    kind = ""
    depth = lines[number].depth
    last = min(len(lines), number + MAX_BLOCK)
    at = end = number
    while at < last and lines[at].depth == depth:
        bare = lines[at].bare
        label = label_of(bare) or (_label_without_colon(bare) if titled else None)
        if label is not None:
            kind = _fresh(label.kinds, values)
            if not kind:
                break
            values[kind] = label.value
            labels.add(label.word)
        elif not values or not _goes_on(lines, at, last, values[kind]):
            break
        elif bare and not _UNKNOWN.match(bare):
            values[kind] = f"{values[kind]} {bare}".strip()
        at += 1
        end = at if bare else end
    heading = Heading(values=values, end=end, labels=frozenset(labels))
    return heading if heading.sure and not (end < len(lines) and _OF_SERVERS.match(lines[end].bare)) else None


def heading_in(text: str) -> Heading | None:
    """The header block that stands in one line."""
    found = list(_INLINE.finditer(text[:4_000]))
    values: dict[str, str] = {}
    for match, following in zip_longest(found, found[1:]):
        kinds = KINDS_OF.get(plain(match[1] or match[2]), frozenset())
        kind = _fresh(kinds, values)
        if not kind or "subject" in values:  # the subject is the last; what looks like a label there is a part of it
            continue
        end = following.start(following.lastindex) if following and kind != "subject" else len(text)
        values[kind] = text[match.end() : end].strip()
    heading = Heading(values=values, end=0)
    return heading if heading.sure and len(heading.values) >= 3 else None


@dataclass(frozen=True, slots=True)
class Label:
    """A known label in small letters, what it can mean, and the value behind it."""

    word: str
    kinds: frozenset[str]
    value: str


def label_of(bare: str) -> Label | None:
    """The label of a line, or None where it has no known one."""
    if ":" not in bare[: MAX_LABEL + 6] and "\uff1a" not in bare[: MAX_LABEL + 6]:
        return None
    match = _LABEL.match(bare)
    return _known(match[1].strip(" *_"), match[2].strip("* \t")) if match else None


def _label_without_colon(bare: str) -> Label | None:
    label, blank, value = bare.partition(" ")
    return _known(label, value) if blank else None


def _known(label: str, value: str) -> Label | None:
    word = plain(label)
    kinds = KINDS_OF.get(word)
    return Label(word, kinds, value) if kinds else None


def _fresh(kinds: frozenset[str], values: dict[str, str]) -> str:
    """The first meaning that was not there yet; "other" may come again."""
    return next((kind for kind in KINDS if kind in kinds and (kind not in values or kind == "other")), "")


def _goes_on(lines: Sequence[Line], at: int, last: int, value: str) -> bool:
    """Whether a line without a label still belongs to the block: a value that was folded, or the gap between two lines of it."""
    line = lines[at]
    if line.bare and line.text[:1] in " \t" and not line.depth and value:
        return label_of(lines[at - 1].bare) is not None or lines[at - 1].text[:1] in " \t"
    following = range(at + 1, min(last, at + MAX_FOLDS))
    if not line.bare:
        gap = range(at + 1, min(last, at + MAX_GAP))
        after = next((lines[each] for each in gap if lines[each].bare), None)
        return after is not None and label_of(after.bare) is not None
    if not value or value.endswith(("<", ",", ";", "[", "mailto:")):
        return True
    for each in following:
        if not lines[each].bare:
            return each == at + 1 and len(lines[at - 1].bare) >= LONG > len(line.bare)
        if label_of(lines[each].bare) is not None:
            return True
    return False
