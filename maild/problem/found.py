"""A value that was found, with where and how surely."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """`value` is None where the mail speaks of it but does not settle it (`ambiguous`).

    `source` names the place: `text:120-126` (characters of the visible text), `subject`, `block`, `registry`, `default`.
    `confidence` is between 0 and 1: a filled-in block 1, a label 0.9, a pattern anywhere 0.7.
    """

    value: str | bool | None
    source: str
    confidence: float
    ambiguous: bool = False


Fields = Mapping[str, Field]


def merged(old: Fields, new: Fields) -> dict[str, Field]:
    """What is known after one more mail: a settled value replaces an older one, an unsettled one replaces nothing settled."""
    out = dict(old)
    for name, field in new.items():
        known = out.get(name)
        if known is None or known.value is None or (field.value is not None and field.confidence >= known.confidence * 0.75):
            out[name] = field
    return out
