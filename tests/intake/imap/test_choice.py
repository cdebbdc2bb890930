"""Which mails are wanted, in what portions, and how long a pause is. No server."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from maild.intake.imap.choice import LONGEST_PAUSE, is_the_same, new_above, pause_after, portions, wanted_at_first
from maild.intake.imap.replies import Selected
from maild.store.fetched import Folder

KNOWN = Folder(validity=7, low=100)


@pytest.mark.parametrize(
    ("known", "validity", "following", "same"),
    [
        (None, 7, 101, False),
        (KNOWN, 7, 101, True),
        (KNOWN, 7, 500, True),
        (KNOWN, 8, 101, False),
        (KNOWN, 7, 100, False),  # a restored server gives UIDs out again
        (KNOWN, 7, 0, True),  # it did not tell
    ],
)
def test_same_numbers(known: Folder | None, validity: int, following: int, same: bool) -> None:
    """UIDs mean the same mails under the same UIDVALIDITY, unless the server counts backwards."""
    assert is_the_same(known, Selected(validity=validity, next=following)) is same


def test_wanted_at_first() -> None:
    """First contact wants what is unseen; a folder that was numbered anew also what came since it was last empty."""
    assert wanted_at_first(None) == "UNSEEN"
    assert wanted_at_first(datetime(2026, 3, 1, 0, 5, tzinfo=UTC)) == "OR UNSEEN SINCE 27-Feb-2026"


def test_new() -> None:
    """`*` finds the last mail, new or not."""
    assert new_above(9, [9]) == []
    assert new_above(9, [12, 10, 10]) == [10, 12]
    assert new_above(0, []) == []


def test_portions() -> None:
    """At most 50 mails or a megabyte at a time, in order; what must be alone is."""
    sizes = dict.fromkeys(range(120), 1_000)
    assert [len(each) for each in portions(range(120), sizes, ())] == [50, 50, 20]
    sizes = {1: 500_000, 2: 500_000, 3: 100_000, 4: 9_000_000, 5: 10}
    assert list(portions([1, 2, 3, 4, 5], sizes, {4})) == [[1, 2], [3], [4], [5]]
    assert list(portions([5, 1, 2], sizes, {1, 5})) == [[5], [1], [2]]
    assert list(portions([], {}, ())) == []


def test_pause() -> None:
    """A second, doubling to five minutes, a quarter more or less."""
    assert [pause_after(failures, 0.5) for failures in (1, 2, 3, 9, 10, 1_000)] == [1, 2, 4, 256, LONGEST_PAUSE, LONGEST_PAUSE]
    assert (pause_after(1, 0.0), pause_after(1, 1.0)) == (0.75, 1.25)
