"""Which required fields are missing, by service, scope, kind and what the rules say of the mail."""

from __future__ import annotations

from typing import Any

import pytest

from maild.problem.completeness import Asked, Requirement, Requirements
from maild.problem.found import Field
from maild.rules.policy import Policy


def known(**values: str | bool | None) -> dict[str, Field]:
    """Fields with these values; None: spoken of, but not settled."""
    return {name: Field(value=value, source="block", confidence=1.0, ambiguous=value is None) for name, value in values.items()}


@pytest.fixture(scope="session")
def required(shipped: Policy) -> Requirements:
    """The shipped table."""
    return shipped.lexicon.required


ALL = ("version", "database", "steps", "current", "expected")


@pytest.mark.parametrize(
    ("asked", "fields", "missing"),
    [
        ({}, {}, ALL),
        ({}, {"version": "17.0"}, ALL[1:]),
        ({}, {"version": None}, ALL),
        ({}, {"contract": "SUB-2025-0042"}, ("version", "steps", "current", "expected")),
        ({}, {"database": "mycompany"}, ("version", "steps", "current", "expected")),
        ({}, {"kind": "administration"}, ("database",)),
        ({}, {"kind": "administration", "contract": "SUB-2025-0042"}, ()),
        ({}, {"kind": "functional"}, ALL),
        ({}, {"kind": "bugfix"}, ALL),
        ({}, {"kind": None}, ALL),
        ({"tags": ("question",)}, {}, ("version", "database")),
        ({"tags": ("question", "training")}, {"contract": "SUB-2025-0042"}, ("version",)),
        ({"issues": 2}, {}, ("version", "database")),
        ({"issues": 3}, {"version": "17.0", "database": "mycompany"}, ()),
        ({"service": "upgrade", "scope": "upgrade"}, {}, ("version", "target_version", "database", "customised")),
        ({"service": "upgrade", "scope": "upgrade"}, {"contract": "SUB-2025-0042", "customised": False}, ("version", "target_version", "database")),
        ({"service": "upgrade", "tags": ("test-finding",)}, {}, ALL),
        ({"service": "security", "scope": "security"}, {}, ()),
        ({"scope": "security"}, {}, ()),
        ({"scope": "thanks-only", "issues": 0}, {}, ()),
        ({"scope": "automatic", "issues": 0}, {}, ()),
    ],
)  # fmt: skip
def test_missing(asked: dict[str, Any], fields: dict[str, Any], missing: tuple[str, ...], required: Requirements) -> None:
    """The first row that fits says what is needed; `no` is an answer, `unclear` is none."""
    assert required.missing(Asked(**{"service": "support", **asked}), known(**fields)) == missing


@pytest.mark.parametrize(
    ("told", "made_up", "missing"), [(0, (), ALL), (19, (), ALL), (20, (), ("version", "database", "current", "expected")),
                                     (0, ("steps",), ("version", "database", "current", "expected"))],
)  # fmt: skip
def test_a_description_makes_up_for_steps(
    told: int, made_up: tuple[str, ...], missing: tuple[str, ...], required: Requirements
) -> None:
    """Who has told enough is not asked for the steps; nor is he later, when a short answer came."""
    assert required.missing(Asked(service="support", told=told, made_up=made_up), {}) == missing


def test_all_that_is_required_is_enough(required: Requirements) -> None:
    """With every needed field known nothing is missing."""
    fields = known(version="17.0", database="mycompany", steps="a", current="b", expected="c")
    assert required.missing(Asked(service="support"), fields) == ()


def test_no_row_fits() -> None:
    """Then nothing is asked for."""
    rows = [Requirement(fields=("version",), service=frozenset({"upgrade"}))]
    assert Requirements(rows=rows, described={}).missing(Asked(service="support"), {}) == ()
