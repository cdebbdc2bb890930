"""Writes `expected.txt` of every flow anew, or of those that are named: read the difference before you keep it."""

from __future__ import annotations

import runpy
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent


def main(names: list[str]) -> int:
    """Regenerates; tells what has changed."""
    flows = runpy.run_path(str(HERE / "conftest.py"))
    for mail in sorted(HERE.glob("*/in-1.eml")):
        folder = mail.parent
        if names and folder.name not in names:
            continue
        with tempfile.TemporaryDirectory() as state:
            told = flows["tell"](folder, Path(state), flows["shipped_policy"](Path(state)))
        expected = folder / "expected.txt"
        if not expected.exists() or expected.read_text("utf-8") != told:
            expected.write_text(told, "utf-8")
            print(f"{folder.name}: written anew")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
