"""Lists in a text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.problem.lists import lists_in


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("- a\n- b", ["a", "b"]),
        ("* a\n  goes on\n* b", ["a\ngoes on", "b"]),
        ("1. a\n2. b\n3. c", ["a", "b", "c"]),
        ("1) a\n\n2) b", ["a", "b"]),
        ("1. a\n\ntext of a\n\n2. b", ["a\ntext of a", "b"]),
        ("(a) x\n(b) y", ["x", "y"]),
        ("\u2460 x\n\u2461 y", ["x", "y"]),
        ("1\ufe0f\u20e3 x\n2\ufe0f\u20e3 y", ["x", "y"]),
        ("- a\n\n- b", ["a", "b"]),
        ("1. a\n   a. inner\n   b. inner\n2. b", ["a\na. inner\nb. inner", "b"]),
        ("- alone\ntext", None),
        ("2. a\n3. b", None),
        ("1. January\nthen nothing", None),
        ("1.5 kg\n2.5 kg", None),
        ("plain", None),
        ("", None),
    ],
)
def test_items(text: str, items: list[str] | None) -> None:
    """Bullets, numbers and letters; what is set in belongs to its item."""
    found = [list(each.items) for each in lists_in(text)]
    assert found == ([items] if items else [])


def test_two_lists() -> None:
    """A number one begins another list; the paragraph above is its introduction."""
    first, second = lists_in("Steps:\n1. a\n2. b\n\nAnd then\nthese:\n\n1. c\n2. d\n")
    assert (first.intro, list(first.items)) == ("Steps:", ["a", "b"])
    assert list(second.items) == ["c", "d"]
    assert second.numbered


@given(st.text(alphabet="-*1234ab.) \nx", max_size=200))
def test_total(text: str) -> None:
    """Whatever is written: lists of two items or more."""
    assert all(len(each.items) > 1 for each in lists_in(text))
