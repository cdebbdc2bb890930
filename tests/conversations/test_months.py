"""Months of conversations by a seed, with restarts, crashes and a moody next hop; laws that do not ask maild judge each day."""

from __future__ import annotations

from pathlib import Path

import pytest

from maild.rules.policy import Policy
from tests.conversations.months import live


@pytest.mark.parametrize("seed", [1, 2])
def test_months(seed: int, shipped: Policy, tmp_path: Path) -> None:
    """Whatever people, disk and next hop do, the laws hold at the end of each day."""
    _, law = live(tmp_path / "state", shipped, seed, days=25)
    assert {"I1", "I2", "I3", "I4", "I5", "I6", "I7", "I9"} <= law.counts.keys()
