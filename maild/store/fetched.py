"""Which mails of IMAP folders are wanted and which were taken: SQL, in the spool's database, beside the entries.

A folder's `low` is the highest UID about which is decided. At or below it a UID has a mark if something is left to do, and no
mark if nothing is: so what is remembered does not grow with the folder. Each UID is wanted once, and taken once:
```
wanted   decided: this mail is to be fetched
taken    its entry is in the spool, by the same commit; on the server it is still to be flagged, moved or deleted
large    over the limit: it stays where it is, and the operator is to be told
```
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from maild.errors import StoreTrouble

Mark = Literal["wanted", "taken", "large"]


class TakenAlready(StoreTrouble):
    """The mail has an entry: nothing was kept this time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """What is remembered of a folder (RFC 3501, section 2.3.1.1). `drained_at`: when nothing was left in it, 0 for never."""

    validity: int
    low: int
    drained_at: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """UIDs with something left to do, in ascending order."""

    wanted: tuple[int, ...]
    taken: tuple[int, ...]


def folder_of(connection: sqlite3.Connection, source: str) -> Folder | None:
    """What is remembered of this source's folder; None before the first contact."""
    row = connection.execute("SELECT validity, low, drained_at FROM imap_folder WHERE source = ?", (source,)).fetchone()
    return Folder(validity=row[0], low=row[1], drained_at=row[2]) if row else None


def begin(connection: sqlite3.Connection, source: str, folder: Folder, wanted: Iterable[int]) -> None:
    """First contact, or a folder that was numbered anew: what was remembered is void, and these are wanted."""
    connection.execute("DELETE FROM imap_mark WHERE source = ? AND state <> 'large'", (source,))
    connection.execute("DELETE FROM imap_folder WHERE source = ?", (source,))
    connection.execute(
        "INSERT INTO imap_folder (source, validity, low, drained_at) VALUES (?, ?, ?, ?)",
        (source, folder.validity, folder.low, folder.drained_at),
    )
    _want(connection, source, folder.validity, wanted)


def want(connection: sqlite3.Connection, source: str, validity: int, uids: Sequence[int]) -> None:
    """Mails that came since: all of them are wanted."""
    _want(connection, source, validity, uids)
    connection.execute("UPDATE imap_folder SET low = max(low, ?) WHERE source = ?", (max(uids), source))


def _want(connection: sqlite3.Connection, source: str, validity: int, uids: Iterable[int]) -> None:
    connection.executemany(
        "INSERT OR REPLACE INTO imap_mark (source, validity, uid, state) VALUES (?, ?, ?, 'wanted')",
        ((source, validity, uid) for uid in uids),
    )


def marks(connection: sqlite3.Connection, source: str, validity: int, most: int) -> Marks:
    """The first so many of the UIDs that are wanted, and of those that were taken."""

    def uids(state: Mark) -> tuple[int, ...]:
        rows = connection.execute(
            "SELECT uid FROM imap_mark WHERE source = ? AND validity = ? AND state = ? ORDER BY uid LIMIT ?",
            (source, validity, state, most),
        )
        return tuple(row[0] for row in rows)

    return Marks(wanted=uids("wanted"), taken=uids("taken"))


def mark_taken(connection: sqlite3.Connection, source: str, validity: int, uid: int) -> None:
    """In the transaction that records the entry. Raises TakenAlready, which undoes it."""
    if not _mark(connection, "taken", source, validity, uid):
        raise TakenAlready("spool: this mail was fetched before")


def mark_large(connection: sqlite3.Connection, source: str, validity: int, uid: int) -> None:
    """It is over the limit and stays in its folder."""
    _mark(connection, "large", source, validity, uid)


def _mark(connection: sqlite3.Connection, state: Mark, source: str, validity: int, uid: int) -> int:
    cursor = connection.execute(
        "UPDATE imap_mark SET state = ? WHERE source = ? AND validity = ? AND uid = ? AND state = 'wanted'",
        (state, source, validity, uid),
    )
    return cursor.rowcount


def forget(connection: sqlite3.Connection, source: str, validity: int, uids: Iterable[int]) -> None:
    """Nothing is left to do about these."""
    connection.executemany(
        "DELETE FROM imap_mark WHERE source = ? AND validity = ? AND uid = ?", ((source, validity, uid) for uid in uids)
    )


def drained(connection: sqlite3.Connection, source: str, at: int) -> None:
    """At this time the folder held nothing more to take."""
    connection.execute("UPDATE imap_folder SET drained_at = ? WHERE source = ?", (at, source))


def large(connection: sqlite3.Connection, source: str) -> list[tuple[int, int]]:
    """Mails over the limit that the operator was not told of: validity and UID."""
    rows = connection.execute("SELECT validity, uid FROM imap_mark WHERE source = ? AND state = 'large' ORDER BY uid", (source,))
    return [(validity, uid) for validity, uid in rows]


def told_large(connection: sqlite3.Connection, source: str, told: Iterable[tuple[int, int]]) -> None:
    """The operator knows of these."""
    connection.executemany(
        "DELETE FROM imap_mark WHERE source = ? AND state = 'large' AND validity = ? AND uid = ?",
        ((source, validity, uid) for validity, uid in told),
    )
