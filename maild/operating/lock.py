"""The lock of a state folder: one daemon, or one restore, at a time."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from maild.errors import TryAgain

FILE = "daemon.lock"
RESTORING = "restore.part"  # there while a restore is under way: what lies beside it is not whole


def only_one(state: Path) -> int:
    """Takes the lock; it is held until the handle is closed, or the process ends.

    Raises:
        TryAgain: another process has it.
    """
    handle = os.open(state / FILE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(handle)
        raise TryAgain(f"{state}: another maild runs here; stop it first") from error
    return handle


def require_whole(state: Path) -> None:
    """Raises TryAgain where a restore was interrupted: half a state would be taken for all there is."""
    if (state / RESTORING).exists():
        raise TryAgain(f"{state / RESTORING}: a restore was interrupted; run `maild restore --force` again")


def is_running(state: Path) -> bool:
    """Whether a daemon holds this state folder."""
    try:
        with (state / FILE).open() as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
            return False
    except BlockingIOError:
        return True
    except OSError:
        return False
