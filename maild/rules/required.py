"""`required.yaml`: what must be known before work can start."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

from maild.document import Binder, Document, nearest
from maild.problem.completeness import Requirement, Requirements
from maild.rules.rule import Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class _Requirement:
    fields: tuple[str, ...]
    service: tuple[Literal["support", "upgrade", "security"], ...] | None = None
    kind: tuple[str, ...] | None = None
    scope: tuple[Scope, ...] | None = None
    tag: tuple[str, ...] | None = None
    several: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _RequiredFile:
    required: tuple[_Requirement, ...]
    described: Mapping[str, int] | None = None


def read_required(document: Document, binder: Binder, fields: Mapping[str, Collection[str]]) -> Requirements | None:
    """The rows, with their names checked. `fields`: each field with the values that it can have, if they are known."""
    written = binder.bind(_RequiredFile)
    if written is None:
        return None
    kinds = fields.get("kind", ())
    for number, row in enumerate(written.required):
        for need in (each for field in row.fields for each in field.split("|")):
            if need not in fields:
                binder.fail(("required", number, "fields"), f"there is no field '{need}'", nearest(need, fields))
        for kind in row.kind or ():
            if kind not in kinds:
                binder.fail(("required", number, "kind"), f"'{kind}' is no kind", nearest(kind, kinds))
    for name in written.described or {}:
        if name not in fields:
            binder.fail(("described", name), f"there is no field '{name}'", nearest(name, fields))
    return Requirements(
        rows=[
            Requirement(
                fields=row.fields,
                service=_set(row.service),
                kind=_set(row.kind),
                scope=_set(row.scope),
                tag=_set(row.tag),
                several=row.several,
            )
            for row in written.required
        ],
        described=written.described or {},
    )


def _set(words: tuple[str, ...] | None) -> frozenset[str] | None:
    return None if words is None else frozenset(words)
