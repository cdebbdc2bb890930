"""The states of a spool entry, and what moves it from one to another."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path

import pytest

from maild.errors import StoreTrouble
from maild.mail.envelope import Envelope
from maild.store.spool import (
    FOLLOWS,
    NewEntry,
    SpoolReader,
    begin_attempt,
    insert,
    move,
    open_writer,
    purge,
    recover,
    retry,
    told,
)

STATES = tuple(FOLLOWS)


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """The writing connection of an empty spool."""
    connection = open_writer(tmp_path / "spool.db")
    yield connection
    connection.close()


@pytest.fixture
def reader(tmp_path: Path, writer: sqlite3.Connection) -> Iterator[SpoolReader]:
    """The same spool for reading."""
    opened = SpoolReader(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def put(writer: sqlite3.Connection, to_support: Envelope) -> Callable[..., str]:
    """Puts an entry with this id into a state, by force."""

    def put(entry: str, state: str = "incoming", envelope: Envelope = to_support) -> str:
        insert(writer, NewEntry(id=entry, envelope=envelope, size=5, sealed=False, conversation=("a", "b"), body=b"hello"))
        writer.execute("UPDATE entry SET state = ? WHERE id = ?", (state, entry))
        return entry

    return put


@pytest.mark.parametrize(("before", "after"), list(product(STATES, STATES)))
def test_only_the_table_allows_a_move(writer, reader, put, before: str, after: str) -> None:
    """An entry moves exactly where the table says it may, with its reason; else nothing changes."""
    put("e1", before)
    moved = move(writer, ["e1"], after, "because", 7)
    entry = reader.entries(["e1"])["e1"]
    if after in FOLLOWS[before]:
        assert (moved, entry.state, entry.reason, entry.due_at) == (1, after, "because", 7)
    else:
        assert (moved, entry.state, entry.reason) == (0, before, "")


def test_every_state_can_be_left() -> None:
    """No state is a dead end, and what is done comes back only as incoming."""
    assert all(FOLLOWS.values())
    assert FOLLOWS["done"] == {"incoming"}


def test_an_entry_is_kept_as_it_came(writer, reader, envelope) -> None:
    """Envelope, size, seal and conversation are read as they were written; entries come in the order of arrival."""
    first = envelope("support@example.com", "jörg+ü@example.com", reverse_path="")
    insert(writer, NewEntry(id="b", envelope=first, size=3, sealed=True, conversation=("k1", "k2"), body=b"abc"))
    insert(writer, NewEntry(id="a", envelope=envelope(), size=1, sealed=False, conversation=(), body=b"x"))
    one, two = reader.waiting(0, 10)
    assert (one.id, one.envelope, one.size, one.sealed, one.conversation) == ("b", first, 3, True, ("k1", "k2"))
    assert two.seq > one.seq
    assert reader.waiting(one.seq, 10) == [two]
    assert reader.waiting(0, 1) == [one]


def test_an_id_is_taken_once(writer, put) -> None:
    """The same id is never recorded twice."""
    put("e1")
    with pytest.raises(sqlite3.IntegrityError):
        put("e1")


def test_place_numbers_are_not_used_again(writer, reader, put) -> None:
    """After the last entry is purged, the next one still comes behind all that the front has handed out."""
    put("e1", "done")
    before = reader.entries(["e1"])["e1"].seq
    assert purge(writer, 1 << 60, 10) == ["e1"]
    put("e2")
    assert reader.entries(["e2"])["e2"].seq > before


def test_start_takes_back_what_was_in_a_workers_hands(writer, reader, put) -> None:
    """Active is incoming again, with its attempts; all else stays."""
    for state in STATES:
        put(state, state)
    begin_attempt(writer, "incoming")
    assert recover(writer) == 2
    assert {name: each.state for name, each in reader.entries(STATES).items()} == {
        "incoming": "incoming",
        "active": "incoming",
        "deferred": "deferred",
        "hold": "hold",
        "done": "done",
    }
    assert reader.entries(["incoming"])["incoming"].attempts == 1


def test_an_attempt_is_written_down(writer, reader, put) -> None:
    """Each attempt counts once, and makes the entry active."""
    put("e1")
    begin_attempt(writer, "e1")
    move(writer, ["e1"], "incoming", "worker died")
    begin_attempt(writer, "e1")
    entry = reader.entries(["e1"])["e1"]
    assert (entry.attempts, entry.state) == (2, "active")


def test_an_operators_retry_counts_anew(writer, reader, put) -> None:
    """A retry brings back what is held or deferred, its attempts and reason forgotten, and nothing else."""
    for state in STATES:
        put(state, state)
    writer.execute("UPDATE entry SET attempts = 3, reason = 'broken', due_at = 9")
    assert retry(writer, STATES) == 2
    found = reader.entries(STATES)
    assert {name for name, each in found.items() if each.attempts == 0} == {"hold", "deferred"}
    assert {(found[name].state, found[name].reason, found[name].due_at) for name in ("hold", "deferred")} == {("incoming", "", 0)}
    assert found["done"].state == "done"


def test_the_operator_is_told_once(writer, reader, put) -> None:
    """What is on hold is told of once; when it is put on hold again, it is news again."""
    put("e1", "hold")
    assert [each.id for each in reader.newly_held()] == ["e1"]
    told(writer, ["e1"])
    assert reader.newly_held() == []
    retry(writer, ["e1"])
    move(writer, ["e1"], "hold", "again")
    assert [each.reason for each in reader.newly_held()] == ["again"]


def test_what_is_due(writer, reader, put) -> None:
    """A deferred entry is due at its time and not before."""
    put("e1", "active")
    move(writer, ["e1"], "deferred", "later", 100)
    assert reader.due(99) == []
    assert [each.id for each in reader.due(100)] == ["e1"]


def test_retention(writer, reader, put, envelope, clock) -> None:
    """Only what is done and old goes, bytes and all, in portions."""
    for number, state in enumerate((*STATES, "done")):
        put(f"e{number}", state)
    assert purge(writer, 0, 10) == []
    assert len(purge(writer, 1 << 60, 1)) == 1
    assert len(purge(writer, 1 << 60, 10)) == 1
    assert {each.state for each in reader.listed(STATES)} == set(STATES) - {"done"}
    assert writer.execute("SELECT COUNT(*) FROM body").fetchone() == (4,)


def test_look_ups(writer, reader, put) -> None:
    """Entries are found by the start of their id, counted by state, and listed by state; what is done is counted nowhere."""
    put("abcd")
    put("abff", "hold")
    put("b000", "done")
    assert [each.id for each in reader.find("ab")] == ["abcd", "abff"]
    assert [each.id for each in reader.find("abf")] == ["abff"]
    assert reader.find("c") == []
    assert reader.counts() == {"incoming": 1, "hold": 1}
    assert [each.id for each in reader.listed(["hold", "done"])] == ["abff", "b000"]
    assert list(reader.done_ids()) == [["b000"]]


def test_a_reader_cannot_write(writer, reader, put) -> None:
    """A reader's connection refuses every change."""
    put("e1")
    reader.find("e1")
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        reader._connection.execute("DELETE FROM entry")


def test_a_newer_spool_is_refused(tmp_path: Path, writer: sqlite3.Connection) -> None:
    """A spool that a newer maild has written is not touched, and the message says what to do."""
    writer.execute("PRAGMA user_version=99")
    with pytest.raises(StoreTrouble, match=r"version 99.*run the maild that wrote it"):
        open_writer(tmp_path / "spool.db")


def test_a_file_that_is_no_spool(tmp_path: Path) -> None:
    """A damaged database is told by its name."""
    (tmp_path / "spool.db").write_bytes(b"this is no database" * 100)
    with pytest.raises(StoreTrouble, match=r"spool\.db"):
        open_writer(tmp_path / "spool.db")


@pytest.mark.parametrize(
    "read",
    [
        lambda reader: reader.waiting(0, 9),
        lambda reader: reader.due(0),
        lambda reader: reader.oldest_waiting(),
        lambda reader: reader.held_conversations(),
        lambda reader: reader.counts(),
        lambda reader: list(reader.done_ids()),
    ],
    ids=["waiting", "due", "oldest", "held", "counts", "done"],
)
def test_a_damaged_spool_is_trouble(tmp_path: Path, read: Callable[[SpoolReader], object]) -> None:
    """Whatever is asked of it: the store's trouble, which pauses the road, and never somebody else's exception."""
    (tmp_path / "spool.db").write_bytes(b"no database" * 1000)
    reader = SpoolReader(tmp_path)
    with pytest.raises(StoreTrouble, match=r"^spool: "):
        read(reader)
    reader.close()


def test_a_desk_that_never_had_mail(tmp_path: Path) -> None:
    """Nothing waits."""
    reader = SpoolReader(tmp_path)
    assert (reader.oldest_waiting(), reader.held_conversations(), reader.counts()) == (None, frozenset(), {})
