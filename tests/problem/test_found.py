"""What is known after one more mail."""

from __future__ import annotations

import pytest

from maild.problem.found import Field, merged


def field(value: str | None, confidence: float = 0.9) -> Field:
    """A value of this confidence."""
    return Field(value=value, source="text:0-1", confidence=confidence, ambiguous=value is None)


@pytest.mark.parametrize(
    ("old", "new", "kept"),
    [
        (None, field("17.0"), "17.0"),
        (field("17.0"), None, "17.0"),
        (field("17.0"), field("18.0"), "18.0"),
        (field("17.0"), field(None), "17.0"),
        (field(None), field("18.0", 0.1), "18.0"),
        (field(None), field(None), None),
        (field("17.0", 1.0), field("18.0", 0.7), "17.0"),
        (field("17.0", 0.9), field("18.0", 0.7), "18.0"),
        (field("17.0", 0.7), field("18.0", 1.0), "18.0"),
    ],
)
def test_a_newer_settled_value_counts(old: Field | None, new: Field | None, kept: str | None) -> None:
    """A settled value replaces an older one of about its confidence; an unsettled one replaces nothing that is settled."""
    before = {"version": old} if old else {}
    after = merged(before, {"version": new} if new else {})
    assert after["version"].value == kept
    assert before == ({"version": old} if old else {})
