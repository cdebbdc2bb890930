"""What is remembered of IMAP folders: each UID wanted once and taken once, and no more than is left to do."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from maild.mail.envelope import Envelope
from maild.store import fetched
from maild.store.fetched import Folder, Marks, TakenAlready
from maild.store.spool import SCHEMA, VERSION, NewEntry, SpoolReader, insert, open_writer

FOLDER = Folder(validity=7, low=20)


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """The writing connection of an empty spool."""
    connection = open_writer(tmp_path / "spool.db")
    yield connection
    connection.close()


@pytest.fixture
def left(writer: sqlite3.Connection) -> Callable[..., Marks]:
    """What is left to do in a folder of source `a`."""
    return lambda validity=7, most=100: fetched.marks(writer, "a", validity, most)


def test_life_of_a_mark(writer, left) -> None:
    """Wanted, taken, forgotten; a mail that has an entry gets no other."""
    assert fetched.folder_of(writer, "a") is None
    fetched.begin(writer, "a", FOLDER, [3, 5])
    fetched.want(writer, "a", 7, [21, 22])
    assert fetched.folder_of(writer, "a") == Folder(validity=7, low=22)
    assert left() == Marks(wanted=(3, 5, 21, 22), taken=())
    assert left(most=2).wanted == (3, 5)
    fetched.mark_taken(writer, "a", 7, 5)
    assert left() == Marks(wanted=(3, 21, 22), taken=(5,))
    with pytest.raises(TakenAlready):
        fetched.mark_taken(writer, "a", 7, 5)
    fetched.forget(writer, "a", 7, [5])
    with pytest.raises(TakenAlready):
        fetched.mark_taken(writer, "a", 7, 5)
    assert left() == Marks(wanted=(3, 21, 22), taken=())


def test_sources_are_apart(writer, left) -> None:
    """Two folders may have the same UIDs."""
    fetched.begin(writer, "a", FOLDER, [3])
    fetched.begin(writer, "b", FOLDER, [3])
    fetched.mark_taken(writer, "b", 7, 3)
    assert left() == Marks(wanted=(3,), taken=())


def test_numbered_anew(writer, left) -> None:
    """With another UIDVALIDITY what was remembered is void; mails over the limit are still told of."""
    fetched.begin(writer, "a", FOLDER, [3, 5, 6])
    fetched.mark_taken(writer, "a", 7, 5)
    fetched.mark_large(writer, "a", 7, 6)
    fetched.drained(writer, "a", 99)
    assert fetched.folder_of(writer, "a") == Folder(validity=7, low=20, drained_at=99)
    fetched.begin(writer, "a", Folder(validity=8, low=3, drained_at=99), [1])
    assert left() == Marks(wanted=(), taken=())
    assert left(8) == Marks(wanted=(1,), taken=())
    assert fetched.folder_of(writer, "a") == Folder(validity=8, low=3, drained_at=99)
    assert fetched.large(writer, "a") == [(7, 6)]


def test_too_large(writer, left) -> None:
    """A mail over the limit is told of until somebody was told; it is wanted no more."""
    fetched.begin(writer, "a", FOLDER, [3, 4])
    fetched.mark_large(writer, "a", 7, 3)
    assert (left().wanted, fetched.large(writer, "a"), fetched.large(writer, "b")) == ((4,), [(7, 3)], [])
    fetched.told_large(writer, "a", [(7, 3), (7, 4)])
    assert (left().wanted, fetched.large(writer, "a")) == ((4,), [])


def test_an_older_spool_is_brought_up(tmp_path: Path) -> None:
    """A spool of version 1 gets the new tables and keeps its mail; the result is what a new spool has."""
    mail = Envelope(
        reverse_path="a@b.example", forward_paths=("c@d.example",), arrived_at=datetime(2026, 3, 4, tzinfo=UTC), intake="smtp"
    )
    old = sqlite3.connect(tmp_path / "spool.db", isolation_level=None)
    old.executescript(f"PRAGMA journal_mode=WAL;{SCHEMA}PRAGMA user_version=1;")
    insert(old, NewEntry(id="ab" * 16, envelope=mail, size=5, sealed=False, conversation=(), body=b"hello"))
    old.close()
    writer = open_writer(tmp_path / "spool.db")
    fetched.begin(writer, "a", FOLDER, [3])
    assert writer.execute("PRAGMA user_version").fetchone() == (VERSION,)
    reader = SpoolReader(tmp_path)
    (entry,) = reader.waiting(0, 10)
    assert (entry.envelope, reader.bytes_of(entry)) == (mail, b"hello")
    reader.close()
    new = open_writer(tmp_path / "new" / "spool.db")
    schema = "SELECT type, name, sql FROM sqlite_master ORDER BY name"
    assert writer.execute(schema).fetchall() == new.execute(schema).fetchall()
    writer.close()
    new.close()
    open_writer(tmp_path / "spool.db").close()  # and again: nothing is left to do
