"""What a disk may do to the spool, as errors that the dialogue and the daemon know."""

from __future__ import annotations

import errno

from maild.errors import StoreTrouble


class SpoolFull(StoreTrouble):
    """There is no room for more mail: 452 in the dialogue."""


class SpoolBroken(StoreTrouble):
    """The disk failed to keep its word (an I/O error or a failed sync): stop, and recover by starting again."""


def is_broken(error: Exception) -> bool:
    """Whether the disk or the file cannot be relied on any more."""
    name = getattr(error, "sqlite_errorname", "")
    return name.startswith(("SQLITE_IOERR", "SQLITE_CORRUPT", "SQLITE_NOTADB")) or (
        isinstance(error, OSError) and error.errno == errno.EIO
    )


def translated(error: Exception) -> Exception:
    """Foreign exceptions stop here."""
    if getattr(error, "sqlite_errorname", "") == "SQLITE_FULL" or (
        isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)
    ):
        return SpoolFull(f"spool: {error}")
    if is_broken(error):
        return SpoolBroken(f"spool: {error}")
    return error if isinstance(error, StoreTrouble) else StoreTrouble(f"spool: {error}")
