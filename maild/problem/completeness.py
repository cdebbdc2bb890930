"""Which required fields are missing."""

from __future__ import annotations

from maild.problem.found import Fields
from maild.problem.table import FieldTable


def missing_fields(service: str, fields: Fields, table: FieldTable) -> tuple[str, ...]:
    """Required and not known, in the table's order, by the first requirement that fits. `a|b` is missing without either."""
    kind = fields.get("kind")
    for requirement in table.required:
        if service in requirement.services and (requirement.kind is None or (kind and kind.value == requirement.kind)):
            return tuple(
                need.partition("|")[0] for need in requirement.fields if not any(_known(name, fields) for name in need.split("|"))
            )
    return ()


def _known(name: str, fields: Fields) -> bool:
    return name in fields and fields[name].value is not None
