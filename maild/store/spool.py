"""The spool's database: SQL for the record of every mail that was answered 250. Written by one thread of one process (`intake.spool`).

An entry is in exactly one state; `FOLLOWS` says which may follow which.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from maild.clock import from_stamp, to_stamp
from maild.errors import BadInput, StoreTrouble
from maild.keys.seal import BrokenSeal, Seal
from maild.mail.envelope import Envelope
from maild.store.uri import sqlite_uri

State = Literal["incoming", "active", "deferred", "hold", "done"]
FOLLOWS: Mapping[State, frozenset[State]] = {
    "incoming": frozenset({"active", "done", "hold"}),  # straight to done: the desk knew it already, or the operator dropped it
    "active": frozenset({"incoming", "deferred", "hold", "done"}),
    "deferred": frozenset({"incoming", "done", "hold"}),
    "hold": frozenset({"incoming", "done"}),
    "done": frozenset({"incoming"}),  # the desk was restored from a backup and knows nothing of it
}
_COMES_FROM = {state: [each for each, after in FOLLOWS.items() if state in after] for state in FOLLOWS}
VERSION = 2
SCHEMA = """
CREATE TABLE entry (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, state TEXT NOT NULL, arrived_at INTEGER NOT NULL,
  intake TEXT NOT NULL, trusted INTEGER NOT NULL, peer TEXT NOT NULL, helo TEXT NOT NULL, reverse_path TEXT NOT NULL,
  forward_paths TEXT NOT NULL, size INTEGER NOT NULL, sealed INTEGER NOT NULL, conversation TEXT NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0, due_at INTEGER NOT NULL DEFAULT 0,
  reason TEXT NOT NULL DEFAULT '', told INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX entry_waiting ON entry (state, seq) WHERE state <> 'done';
CREATE INDEX entry_done ON entry (arrived_at) WHERE state = 'done';
CREATE TABLE body (seq INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT;
"""
# What was fetched by IMAP lies beside the entries, so that both are one commit (`store.fetched`).
FETCHED = """
CREATE TABLE imap_folder (
  source TEXT PRIMARY KEY, validity INTEGER NOT NULL, low INTEGER NOT NULL, drained_at INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE imap_mark (
  source TEXT NOT NULL, validity INTEGER NOT NULL, uid INTEGER NOT NULL, state TEXT NOT NULL, PRIMARY KEY (source, validity, uid)
) STRICT, WITHOUT ROWID;
"""
# What makes each version out of the one before; 0 is an empty file. A step that was released stays as it is.
STEPS = (SCHEMA, FETCHED)
_COLUMNS = (
    "seq, id, state, arrived_at, intake, trusted, peer, helo, reverse_path, forward_paths, size, sealed, conversation, attempts, due_at"
    ", reason"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A mail in the spool, without its bytes. `id` is random; `seq` is its place in the order of arrival."""

    seq: int
    id: str
    state: State
    envelope: Envelope
    size: int
    sealed: bool
    conversation: tuple[str, ...]
    attempts: int
    due_at: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEntry:
    """A mail to be recorded. `body` is None where the bytes lie in a synced file beside the database."""

    id: str
    envelope: Envelope
    size: int
    sealed: bool
    conversation: tuple[str, ...]
    body: bytes | None


def open_writer(path: Path) -> sqlite3.Connection:
    """The one writing connection; makes the database on first use. To be used by one thread.

    Raises:
        StoreTrouble: it cannot be opened, or is of a newer maild.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "secure_delete=ON",
            "wal_autocheckpoint=4000",
            "journal_size_limit=67108864",
        ):
            connection.execute(f"PRAGMA {pragma}")
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if version < VERSION:
            _migrate(connection, version)
        elif version != VERSION:
            raise StoreTrouble(f"spool: {path} has version {version}, this maild knows {VERSION}; run the maild that wrote it")
        return connection
    except sqlite3.Error as error:
        raise StoreTrouble(f"spool: {path}: {error}") from error


def _migrate(connection: sqlite3.Connection, version: int) -> None:
    """From an older version, or none, to this one: all of it or nothing."""
    steps = "".join(STEPS[version:])
    try:
        connection.executescript(f"BEGIN IMMEDIATE;{steps}PRAGMA user_version={VERSION};COMMIT;")
    except sqlite3.Error:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def insert(connection: sqlite3.Connection, new: NewEntry) -> int:
    """Records a mail as incoming; returns its place in the order."""
    mail = new.envelope
    values = (
        new.id, "incoming", to_stamp(mail.arrived_at), mail.intake, mail.trusted, mail.peer, mail.helo, mail.reverse_path,
        json.dumps(mail.forward_paths), new.size, new.sealed, " ".join(new.conversation),
    )  # fmt: skip
    cursor = connection.execute(
        "INSERT INTO entry (id, state, arrived_at, intake, trusted, peer, helo, reverse_path, forward_paths, size, sealed, conversation)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        values,
    )
    seq = cursor.lastrowid or 0
    if new.body is not None:
        connection.execute("INSERT INTO body (seq, bytes) VALUES (?, ?)", (seq, new.body))
    return seq


def move(connection: sqlite3.Connection, ids: Sequence[str], state: State, reason: str = "", due_at: int = 0) -> int:
    """Moves entries to a state, those of them that may go there; returns how many did."""
    allowed = ", ".join(f"'{each}'" for each in _COMES_FROM[state])
    cursor = connection.executemany(
        f"UPDATE entry SET state = ?, reason = ?, due_at = ?, told = 0 WHERE id = ? AND state IN ({allowed})",  # noqa: S608 - constants
        [(state, reason, due_at, each) for each in ids],
    )
    return cursor.rowcount


def begin_attempt(connection: sqlite3.Connection, entry: str) -> None:
    """Hands one entry to a worker alone; the attempt is written down before it starts."""
    connection.execute("UPDATE entry SET attempts = attempts + 1 WHERE id = ?", (entry,))
    move(connection, [entry], "active")


def retry(connection: sqlite3.Connection, ids: Sequence[str]) -> int:
    """An operator's retry: of these, what is held or deferred is incoming anew, its attempts forgotten. Returns how many."""
    cursor = connection.executemany(
        "UPDATE entry SET state = 'incoming', reason = '', due_at = 0, attempts = 0, told = 0"
        " WHERE id = ? AND state IN ('hold', 'deferred')",
        [(each,) for each in ids],
    )
    return cursor.rowcount


def recover(connection: sqlite3.Connection) -> int:
    """At start: whatever was in a worker's hands is incoming again. Returns how many were."""
    return connection.execute("UPDATE entry SET state = 'incoming' WHERE state = 'active'").rowcount


def told(connection: sqlite3.Connection, ids: Sequence[str]) -> None:
    """The operator knows of these."""
    connection.executemany("UPDATE entry SET told = 1 WHERE id = ?", [(each,) for each in ids])


def purge(connection: sqlite3.Connection, before: int, most: int) -> list[str]:
    """Removes entries that were done and arrived before a time; returns their ids, whose files may go, too."""
    rows = connection.execute(
        "SELECT seq, id FROM entry WHERE state = 'done' AND arrived_at < ? LIMIT ?", (before, most)
    ).fetchall()
    for seq, _ in rows:
        connection.execute("DELETE FROM body WHERE seq = ?", (seq,))
        connection.execute("DELETE FROM entry WHERE seq = ?", (seq,))
    return [row[1] for row in rows]


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """Mails in one state. `oldest`: for the spool the first arrival, for the outbox the first due time, which is past."""

    count: int
    oldest: datetime


class SpoolReader:
    """Reads the spool from any process: never writes, never checkpoints. All of it raises StoreTrouble where it cannot be read."""

    def __init__(self, state: Path, seal: Seal | None = None) -> None:
        self._path = state / "spool.db"
        self._files = state / "spool"
        self._seal = seal
        self._connection: sqlite3.Connection | None = None

    @property
    def exists(self) -> bool:
        """Whether any mail was ever accepted here."""
        return self._path.exists()

    def waiting(self, after: int, most: int) -> list[Entry]:
        """Incoming entries in the order of arrival, after a place in it."""
        return self._select("state = 'incoming' AND seq > ? ORDER BY seq LIMIT ?", (after, most))

    def due(self, now: int) -> list[Entry]:
        """Deferred entries whose time has come."""
        return self._select("state = 'deferred' AND due_at <= ? ORDER BY seq LIMIT 500", (now,))

    def listed(self, states: Sequence[State]) -> list[Entry]:
        """Entries in these states, in the order of arrival."""
        marks = ", ".join("?" * len(states))
        return self._select(f"state IN ({marks}) ORDER BY seq", tuple(states))

    def oldest_waiting(self) -> int | None:
        """When the oldest mail arrived that still waits for the road; what is held waits for a person."""
        if not self.exists:
            return None
        rows = self._rows("SELECT MIN(arrived_at) FROM entry WHERE state IN ('incoming', 'active', 'deferred')")
        stamp: int | None = rows[0][0]
        return stamp

    def held_conversations(self) -> frozenset[str]:
        """The keys of the conversations that have mail on hold."""
        if not self.exists:
            return frozenset()
        return frozenset(key for each in self.listed(("hold",)) for key in each.conversation)

    def newly_held(self) -> list[Entry]:
        """Entries on hold that the operator was not told of."""
        return self._select("state = 'hold' AND told = 0 ORDER BY seq LIMIT 200", ())

    def find(self, prefix: str) -> list[Entry]:
        """Entries whose id starts so."""
        return self._select("id >= ? AND id < ? ORDER BY seq LIMIT 10", (prefix, prefix + "g"))

    def entries(self, ids: Iterable[str]) -> dict[str, Entry]:
        """Entries by id."""
        wanted = list(ids)
        marks = ", ".join("?" * len(wanted))
        return {each.id: each for each in self._select(f"id IN ({marks})", tuple(wanted))}

    def done_ids(self) -> Iterable[list[str]]:
        """The ids of all that is done, in portions."""
        last = 0
        while rows := self._rows("SELECT seq, id FROM entry WHERE state = 'done' AND seq > ? ORDER BY seq LIMIT 500", (last,)):
            yield [row["id"] for row in rows]
            last = rows[-1]["seq"]

    def queues(self) -> dict[State, Queue]:
        """What waits, by state; what is done does not."""
        if not self.exists:
            return {}
        rows = self._rows("SELECT state, COUNT(*), MIN(arrived_at) FROM entry WHERE state <> 'done' GROUP BY state")
        return {state: Queue(count=count, oldest=from_stamp(oldest)) for state, count, oldest in rows}

    def counts(self) -> dict[State, int]:
        """How many entries wait, by state."""
        return {state: queue.count for state, queue in self.queues().items()}

    def bytes_of(self, entry: Entry) -> bytes:
        """The raw mail, opened if it is sealed.

        Raises:
            StoreTrouble: the bytes cannot be read now. BadInput: they are gone, or were sealed for another key.
        """
        try:
            row = self._open().execute("SELECT bytes FROM body WHERE seq = ?", (entry.seq,)).fetchone()
            raw: bytes = row[0] if row else (self._files / f"{entry.id}.mail").read_bytes()
        except FileNotFoundError as error:
            raise BadInput(f"spool: the bytes of {entry.id} are gone") from error
        except (sqlite3.Error, OSError) as error:
            raise StoreTrouble(f"spool: {entry.id}: {error}") from error
        try:
            return self._seal.open(raw) if entry.sealed and self._seal else raw
        except BrokenSeal as error:
            raise BadInput(f"spool: {entry.id} was sealed for another key, or is damaged") from error

    def close(self) -> None:
        """Closes the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            uri = sqlite_uri(self._path, "mode=ro")
            self._connection = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False)
            self._connection.row_factory = sqlite3.Row
        return self._connection

    def _rows(self, statement: str, values: tuple[object, ...] = ()) -> list[sqlite3.Row]:
        try:
            return self._open().execute(statement, values).fetchall()
        except sqlite3.Error as error:
            raise StoreTrouble(f"spool: {error}") from error

    def _select(self, where: str, values: tuple[object, ...]) -> list[Entry]:
        return [_entry(row) for row in self._rows(f"SELECT {_COLUMNS} FROM entry WHERE {where}", values)]  # noqa: S608 - ours


def _entry(row: sqlite3.Row) -> Entry:
    return Entry(
        seq=row["seq"],
        id=row["id"],
        state=row["state"],
        envelope=Envelope(
            reverse_path=row["reverse_path"],
            forward_paths=tuple(json.loads(row["forward_paths"])),
            arrived_at=from_stamp(row["arrived_at"]),
            intake=row["intake"],
            trusted=bool(row["trusted"]),
            helo=row["helo"],
            peer=row["peer"],
        ),
        size=row["size"],
        sealed=bool(row["sealed"]),
        conversation=tuple(row["conversation"].split()),
        attempts=row["attempts"],
        due_at=row["due_at"],
        reason=row["reason"],
    )
