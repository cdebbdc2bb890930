"""The tables of docs/flow.md are those of the code."""

from __future__ import annotations

import runpy
from pathlib import Path


def test_tables(root: Path) -> None:
    """`scripts/tables.py` would change nothing."""
    script = runpy.run_path(str(root / "scripts" / "tables.py"))
    text = (root / "docs" / "flow.md").read_text("utf-8")
    assert script["page"](text) == text
    assert text.count("<!-- end -->") == 3
