"""Signatures for addresses, and marks that stand for personal data."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from maild.keys.marks import SIGNATURE_LENGTH, mark, same, sign

KEY, OTHER = b"k" * 32, b"o" * 32
PARTS = st.lists(st.text(st.characters(exclude_characters="\0"), max_size=12), min_size=1, max_size=4)


@given(parts=PARTS)
def test_signatures_survive_letter_case_and_addresses(parts: list[str]) -> None:
    """Twelve characters of lower-case base32: 60 bits that no MTA changes."""
    assert re.fullmatch(rf"[a-z2-7]{{{SIGNATURE_LENGTH}}}", sign(KEY, *parts))
    assert sign(KEY, *parts) == sign(KEY, *parts)
    assert sign(KEY, *parts) != sign(OTHER, *parts)


@given(one=PARTS, other=PARTS)
def test_other_parts_have_other_signatures_and_marks(one: list[str], other: list[str]) -> None:
    """Neither moving a character over the border of two parts nor leaving one out makes the same."""
    assert (sign(KEY, *one) == sign(KEY, *other)) is (one == other)
    assert (mark(KEY, *one) == mark(KEY, *other)) is (one == other)


def test_the_border_of_parts_counts() -> None:
    """`ab`, `c` is not `a`, `bc`."""
    assert sign(KEY, "ab", "c") != sign(KEY, "a", "bc")
    assert mark(KEY, "ab", "c") != mark(KEY, "a", "bc")


@given(parts=PARTS)
def test_marks_tell_nothing(parts: list[str]) -> None:
    """128 bits in hexadecimal, different with each key: nobody can try addresses without it."""
    assert re.fullmatch(r"[0-9a-f]{32}", mark(KEY, *parts))
    assert mark(KEY, *parts) != mark(OTHER, *parts)


def test_a_known_signature() -> None:
    """Addresses that were given out must verify for ever: the form may not change."""
    assert sign(b"\0" * 32, "support", "17", "c", "ann@example.org") == "74zq2zz56ebt"
    assert mark(b"\0" * 32, "address", "ann@example.org") == "98e667ff50e1de3652c3e9101a35a948"


@given(one=st.text(max_size=20), other=st.text(max_size=20))
def test_comparison(one: str, other: str) -> None:
    """Equal is equal, whatever a sender puts where a signature belongs."""
    assert same(one, one)
    if one.isascii() and other.isascii():
        assert same(one, other) is (one == other)
