"""The maildrop: where the pipe leaves mail and the command line its orders, whether the daemon runs or not.

A file is complete and synced before it has its name. The first line is JSON (what it is, and the length of what follows);
the rest is the mail. Only the standard library is used, so that the pipe starts at once.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from maild.durable import sync_folder

CHUNK = 65_536
MAX_HEAD = 65_536
MAIL, ORDER = ".drop", ".order"


class TooLarge(ValueError):
    """The mail is over the limit."""


def leave(folder: Path, head: dict[str, Any], source: BinaryIO | None = None, limit: int = 0, seal: Any = None) -> str:
    """Leaves a file and returns its name once it is durable. `seal` is a `SealingStream` where the mailbox is sealed.

    Raises:
        TooLarge: more than `limit` bytes came. OSError: it could not be kept.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    name = secrets.token_hex(16)
    part, path = folder / f"{name}.part", folder / f"{name}{MAIL if head['what'] == 'mail' else ORDER}"
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(json.dumps(head).encode("ascii") + b"\n")
            size = 0
            bare = False
            while source is not None and (chunk := source.read(CHUNK)):
                bare = b"\r\n" not in chunk if size == 0 else bare
                wired = chunk.replace(b"\n", b"\r\n") if bare else chunk  # a pipe's lines end as files' do; the wire's by CRLF
                size += len(wired)
                if limit and size > limit:
                    raise TooLarge(f"more than {limit} bytes")
                out.write(seal.push(wired) if seal else wired)
            if seal:
                out.write(seal.close())
            out.flush()
            os.fsync(out.fileno())
        part.rename(path)
        sync_folder(folder)
    except BaseException:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        raise
    return name


def oldest_drop(folder: Path) -> int | None:
    """When the oldest mail that lies there was left, in microseconds since 1970."""
    oldest: int | None = None
    for path in folder.glob(f"*{MAIL}"):
        with contextlib.suppress(FileNotFoundError):  # the daemon has just taken it
            left_at = path.stat().st_mtime_ns // 1000
            oldest = left_at if oldest is None else min(oldest, left_at)
    return oldest


def complete(folder: Path) -> Iterator[Path]:
    """The files that are wholly there."""
    return (path for path in folder.glob("*") if path.suffix in (MAIL, ORDER))


def sweep(folder: Path, before: datetime) -> None:
    """Removes what was begun before a time, and never had its name."""
    for part in folder.glob("*.part"):
        with contextlib.suppress(FileNotFoundError):
            if part.stat().st_mtime < before.timestamp():
                part.unlink()


def pick_up(folder: Path) -> Iterator[tuple[Path, dict[str, Any], BinaryIO]]:
    """What lies there, oldest first, each opened after its first line. The caller removes the file when its work is durable."""
    found = []
    with contextlib.suppress(FileNotFoundError):
        found = sorted(complete(folder), key=lambda path: path.stat().st_mtime_ns)
    for path in found:
        with path.open("rb") as source:
            try:
                head = json.loads(source.readline(MAX_HEAD))
            except ValueError:
                head = {}
            yield path, head if isinstance(head, dict) else {}, source
