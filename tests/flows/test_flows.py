"""Whole flows: mails in, and in words what the desk then knows and sends. `regenerate.py` writes the words anew."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

FLOWS = sorted(path.parent for path in Path(__file__).parent.glob("*/in-1.eml"))


@pytest.mark.parametrize("folder", FLOWS, ids=lambda folder: folder.name)
def test_flow(folder: Path, story: Callable[[Path], str]) -> None:
    """A flow ends as it is written down in its folder."""
    assert story(folder) == (folder / "expected.txt").read_text("utf-8")
