"""Files that survive a power cut: complete and synced before they have their name."""

from __future__ import annotations

import os
from pathlib import Path


def sync_folder(folder: Path) -> None:
    """Makes the names in a folder durable. Raises OSError."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def put_file(path: Path, content: bytes, mode: int = 0o600) -> None:
    """Writes a file that is there as a whole or not at all, in place of one of its name. Raises OSError."""
    part = path.with_name(f".{path.name}.part")
    write_file(part, content, mode)
    part.replace(path)
    sync_folder(path.parent)


def write_file(part: Path, content: bytes, mode: int = 0o600) -> None:
    """Writes and syncs a new file; its name is not durable yet. Raises OSError."""
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, mode)
    try:
        write_all(handle, content)
        os.fsync(handle)
    finally:
        os.close(handle)


def write_all(handle: int, content: bytes) -> None:
    """Writes all of it, however little the system takes at a time. Raises OSError."""
    view = memoryview(content)
    while view:
        view = view[os.write(handle, view) :]
