"""Which required fields are missing."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from maild.problem.found import Fields, value_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What decides on what must be known.

    `tags` are those of the rules; `told` is how many words the customer has spent on it, `made_up` what earlier ones made up for.
    """

    service: str
    scope: str = "in-scope"
    tags: Collection[str] = ()
    issues: int = 1
    told: int = 0
    made_up: Collection[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """What must be known where all of this fits; None fits everything. `database|contract` means either."""

    fields: tuple[str, ...]
    service: frozenset[str] | None = None
    kind: frozenset[str] | None = None
    scope: frozenset[str] | None = None
    tag: frozenset[str] | None = None
    several: bool | None = None  # issues in one mail

    def fits(self, asked: Asked, kind: object) -> bool:
        """Whether this is the requirement for such a mail."""
        return (
            (self.service is None or asked.service in self.service)
            and (self.kind is None or kind in self.kind)
            and (self.scope is None or asked.scope in self.scope)
            and (self.tag is None or not self.tag.isdisjoint(asked.tags))
            and (self.several is None or (asked.issues > 1) is self.several)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirements:
    """The rows, of which the first that fits counts; and fields that so many words of the customer's own make up for."""

    rows: Sequence[Requirement]
    described: Mapping[str, int]

    def missing(self, asked: Asked, fields: Fields) -> tuple[str, ...]:
        """Required and not known, in the table's order. `a|b` is missing as `a`, without either."""
        kind = value_of(fields, "kind")
        row = next((row for row in self.rows if row.fits(asked, kind)), None)
        needs = (need.split("|") for need in row.fields) if row else ()
        return tuple(names[0] for names in needs if not any(self._known(name, asked, fields) for name in names))

    def _known(self, name: str, asked: Asked, fields: Fields) -> bool:
        is_known = name in fields and fields[name].value is not None
        return is_known or name in asked.made_up or asked.told >= self.described.get(name, asked.told + 1)
