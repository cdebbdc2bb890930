"""A SQLite file as a URI, which is how it is opened read-only. Needs no driver: spool and desk both use it."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import quote


def sqlite_uri(path: Path, options: str) -> str:
    """The file with these options (`mode=ro`), whatever characters its folders have in their names (`%`, `?`, `#`)."""
    return f"file:{quote(os.fsencode(path))}?{options}"
