"""Which required fields are missing, by service and kind."""

from __future__ import annotations

import pytest

from maild.problem.completeness import missing_fields
from maild.problem.found import Field
from maild.problem.table import FieldTable


def known(**values: str | bool | None) -> dict[str, Field]:
    """Fields with these values; None: spoken of, but not settled."""
    return {name: Field(value=value, source="block", confidence=1.0, ambiguous=value is None) for name, value in values.items()}


@pytest.mark.parametrize(
    ("service", "fields", "missing"),
    [
        ("support", {}, ("version", "database", "steps", "current", "expected")),
        ("support", {"version": "17.0"}, ("database", "steps", "current", "expected")),
        ("support", {"version": None}, ("version", "database", "steps", "current", "expected")),
        ("support", {"contract": "SUB-2025-0042"}, ("version", "steps", "current", "expected")),
        ("support", {"database": "mycompany"}, ("version", "steps", "current", "expected")),
        ("support", {"kind": "administration"}, ("database",)),
        ("support", {"kind": "administration", "contract": "SUB-2025-0042"}, ()),
        ("support", {"kind": "functional"}, ("version", "database")),
        ("support", {"kind": "bugfix"}, ("version", "database", "steps", "current", "expected")),
        ("support", {"kind": None}, ("version", "database", "steps", "current", "expected")),
        ("upgrade", {}, ("version", "target_version", "database", "hosting", "customised")),
        ("upgrade", {"customised": False, "kind": "administration"}, ("version", "target_version", "database", "hosting")),
        ("security", {}, ()),
        ("control", {}, ()),
    ],
)
def test_missing_fields(service: str, fields: dict[str, str | bool | None], missing: tuple[str, ...], table: FieldTable) -> None:
    """The first row that fits service and kind says what is needed; `no` is an answer, `unclear` is none."""
    assert missing_fields(service, known(**fields), table) == missing


def test_all_that_is_required_is_enough(table: FieldTable) -> None:
    """With every needed field known nothing is missing."""
    fields = known(version="17.0", database="mycompany", steps="a", current="b", expected="c")
    assert missing_fields("support", fields, table) == ()
