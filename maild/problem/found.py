"""A value that was found, with where and how surely."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

# How sure a place is. A field of a forwarded mail, and one of the subject, is as sure as its place times the factor.
BLOCK, LABEL, PATTERN, PROSE, PERHAPS = 1.0, 0.9, 0.8, 0.7, 0.5
SUBJECT_FACTOR, FORWARDED_FACTOR = 0.85, 0.9


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """`value` is None where the mail speaks of it but does not settle it (`ambiguous`).

    `source` names the place: `text:120-126` (characters of the visible text), `subject`, `block`, `registry`, `default`.
    `confidence` is between 0 and 1: a filled-in block 1; a label, heading or table 0.9; an address, log or reference that speaks for
    itself 0.8; a sentence 0.7, and 0.5 where it only has
    something of the right form; in the subject or a forwarded mail somewhat less.
    """

    value: str | bool | None
    source: str
    confidence: float
    ambiguous: bool = False


Fields = Mapping[str, Field]


def value_of(fields: Fields, name: str) -> str | bool | None:
    """The value of a field; None where nothing is known, or nothing is settled."""
    return fields[name].value if name in fields else None


def merged(old: Fields, new: Fields) -> dict[str, Field]:
    """What is known after one more mail: a settled value replaces an older one, an unsettled one replaces nothing settled."""
    out = dict(old)
    for name, field in new.items():
        known = out.get(name)
        if known is None or known.value is None or (field.value is not None and field.confidence >= known.confidence * 0.75):
            out[name] = field
    return out
