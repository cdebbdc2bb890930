"""Versions of several vendors in order, and the lists of versions that advisories have."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.problem.version import ranges, version_key

NUMBERS = st.lists(st.integers(0, 3000), min_size=2, max_size=4)


@pytest.mark.parametrize(
    ("version", "key"),
    [
        ("17.0", (17, 0)),
        (" 17.0 ", (17, 0)),
        ("18", (18, 0)),
        ("v18", (18, 0)),
        ("Version 18", (18, 0)),
        ("saas~18.2", (18, 2)),
        ("saas-18.2", (18, 2)),
        ("SaaS 18.2", (18, 2)),
        ("2024.1", (2024, 1)),
        ("R2023.2", (2023, 2)),
        ("10.0.19045", (10, 0, 19045)),
    ],
)
def test_version_keys(version: str, key: tuple[int, ...]) -> None:
    """Numbers with dots, behind an optional channel."""
    assert version_key(version) == key


@pytest.mark.parametrize(
    "version", ["", "latest", "17.", ".17", "17.0e", "17,0", "17.0 18.0", "~18.2", "1" * 10, "1.2.3.4.5.6.7", "١٧.٠"]
)
def test_what_is_no_version(version: str) -> None:
    """What cannot be ordered is refused with a sentence, not guessed."""
    with pytest.raises(ValueError, match=r"is no version; write numbers with dots, like"):
        version_key(version)


@pytest.mark.parametrize("version", ["saas~17", "saas-6", "Odoo 18"])
def test_a_channel_needs_two_numbers(version: str) -> None:
    """`saas~17` was counted differently in other years, so it is not taken for 17.0."""
    with pytest.raises(ValueError, match="could be several versions"):
        version_key(version)


@given(NUMBERS, NUMBERS)
def test_versions_are_ordered_by_their_numbers(one: list[int], other: list[int]) -> None:
    """The order is that of the numbers, part by part: 9.0 is before 10.0."""
    assert (version_key(".".join(map(str, one))) < version_key(".".join(map(str, other)))) == (one < other)


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        ("16.0", ["16.0", "16", "v16.0", "16.0.3"], ["16.1", "saas~16.1", "15.0", "17.0"]),
        ("16.0, 17.0 - 18.0", ["16.0", "17.0", "saas~17.2", "18.0"], ["saas~16.3", "saas~18.1", "19.0"]),
        ("17.0-18.0", ["17.4"], ["18.1"]),
        ("17.0 \u2013 18.0", ["17.4"], ["18.1"]),
        ("saas-17.2 - saas-18.2", ["17.2", "18.0", "18.2"], ["17.1", "18.3"]),
        ("saas-17.2-saas-18.2", ["17.2", "18.2"], ["18.3"]),
        ("2023.2 - 2024.1", ["2023.2", "2023.10", "2024.1", "2024.1.9"], ["2023.1", "2024.2"]),
        ("2024.1.0 - 2024.1.2", ["2024.1", "2024.1.2", "2024.1.2.7"], ["2024.1.3", "2023.9.9"]),
        ("16.0; 17.0,", ["16.0", "17.0"], ["16.5"]),
    ],
)
def test_ranges(text: str, inside: list[str], outside: list[str]) -> None:
    """Both ends belong to a range, and so does all that begins with its last version: who might be affected is told."""
    found = ranges(text)
    assert [each for each in inside if not found.covers(each)] == []
    assert [each for each in outside if found.covers(each)] == []


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "no version is named"),
        (" , ;", "no version is named"),
        ("16.0, all", "'all' is neither a version nor a range"),
        ("16.0 17.0", "'16.0 17.0' is neither"),
        ("16.0 - 17.0 - 18.0", "is neither"),
        ("18.0 - 17.0", "'18.0 - 17.0' goes backwards; write the older version first"),
        ("saas~17 - 18.0", "'saas~17' could be several versions"),
        (",".join(["17.0"] * 201), "201 ranges are too many"),
        ("x" * 1000, f"'{'x' * 60}' is neither"),
    ],
)
def test_ranges_that_cannot_be_read(text: str, sentence: str) -> None:
    """The sentence says which part is wrong, and how it is written."""
    with pytest.raises(ValueError, match=re.escape(sentence)):
        ranges(text)
