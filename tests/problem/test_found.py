"""What is known after one more mail."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

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


FIELDS = st.dictionaries(
    st.sampled_from(["version", "database", "blocking"]),
    st.builds(
        Field,
        value=st.sampled_from([None, "a", "b", True]),
        source=st.just("subject"),
        confidence=st.sampled_from([0.5, 0.7, 0.9, 1.0]),
    ),
)


@given(old=FIELDS, new=FIELDS)
def test_merged(old: dict[str, Field], new: dict[str, Field]) -> None:
    """Merging forgets no field, unsettles none, and takes each from one of both."""
    out = merged(old, new)
    assert set(out) == set(old) | set(new)
    for name, found in out.items():
        assert found in (old.get(name), new.get(name))
        assert found.value is not None or all(each.get(name, found).value is None for each in (old, new))


@pytest.mark.parametrize(
    ("old", "new", "wins"),
    [(0.9, 0.9, "new"), (0.7, 1.0, "new"), (0.9, 0.7, "new"), (1.0, 0.7, "old"), (1.0, 0.75, "new"), (0.7, 0.5, "old")],
)
def test_surer_wins(old: float, new: float, wins: str) -> None:
    """A later value replaces an earlier one unless it is much less sure."""
    assert merged({"version": field("old", old)}, {"version": field("new", new)})["version"].value == wins
