"""Text without accents, of the same length."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.problem.plain import plain


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Größe", "Grose"),
        ("Étapes\u00a0:", "Etapes :"),
        ("\u201eabc\u201c \u00abd\u00bb", '"abc" "d"'),
        ("l\u2019\u0153uf", "l'ouf"),
        ("a\u2011b \u2014 c", "a-b \u2013 c"),
        ("日本", "日本"),
    ],
)
def test_plain(text: str, expected: str) -> None:
    """Accents, quotes, blanks and hyphens as on any keyboard."""
    assert plain(text) == expected


@given(text=st.text())
def test_places_stay(text: str) -> None:
    """Each character stands for one, so that places found in one are places in the other; lines stay lines."""
    assert len(plain(text)) == len(text)
    assert [len(line) for line in plain(text).split("\n")] == [len(line) for line in text.split("\n")]
