"""The daemon with one promise taken out, for tests that must see the difference: `without.py WHAT --config … run`. Not a test itself.

Nothing of the shipped code is changed: names are replaced in this process before it runs.
"""

import asyncio
import os
import sqlite3
import sys
from pathlib import Path

import maild.intake.body as body
import maild.intake.spool as intake
import maild.store.outbox as outbox
from maild.__main__ import main
from maild.store.spool import NewEntry


def wal_sync() -> None:
    """The spool's database is written, and never synced."""
    opened = intake.open_writer

    def open_writer(path: Path) -> sqlite3.Connection:
        connection = opened(path)
        connection.execute("PRAGMA synchronous=OFF")
        return connection

    intake.open_writer = open_writer


def file_sync() -> None:
    """A large mail's file is written, and never synced; its folder still is."""
    sync = os.fsync
    os.fsync = lambda handle: sync(handle) if Path(f"/proc/self/fd/{handle}").is_dir() else None


def folder_sync() -> None:
    """A large mail's file is synced, and its name never."""
    body.sync_folder = lambda _: None


def commit() -> None:
    """250 is said a moment before the mail is recorded."""

    async def keep(spool: intake.Spool, new: NewEntry, beside: intake.Beside | None = None) -> str:
        asyncio.get_running_loop().call_later(0.2, lambda: asyncio.ensure_future(kept(spool, new, beside)))
        return new.id

    kept, intake.Spool.keep = intake.Spool.keep, keep


def mark() -> None:
    """What may reach its recipient twice is not marked."""
    made = outbox.update

    def update(table: object) -> object:
        return _Unmarked(made(table))

    outbox.update = update


class _Unmarked:
    """An UPDATE that leaves out `twice`."""

    def __init__(self, statement: object) -> None:
        self._statement = statement

    def where(self, *conditions: object) -> "_Unmarked":
        return _Unmarked(self._statement.where(*conditions))

    def values(self, **values: object) -> object:
        return self._statement.values(**{name: value for name, value in values.items() if name != "twice"})


if __name__ == "__main__":
    {"wal-sync": wal_sync, "file-sync": file_sync, "folder-sync": folder_sync, "commit": commit, "mark": mark}[sys.argv.pop(1)]()
    sys.exit(main())
