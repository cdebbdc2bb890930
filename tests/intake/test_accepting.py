"""Accepting mail: what was answered is durable, whole, and sealed where it must be; what was not answered is not there."""

from __future__ import annotations

import asyncio
import sqlite3
import struct
from collections.abc import Callable
from pathlib import Path

import pytest

from maild.config import Config
from maild.errors import BadInput
from maild.intake.body import LARGE, LargeBody
from maild.intake.conversation import conversation_of
from maild.intake.spool import Spool
from maild.intake.trouble import SpoolBroken, SpoolFull
from maild.keys.ring import open_keyring
from maild.mail.envelope import Envelope
from maild.store.spool import Entry, SpoolReader, move

CANARY = b"Subject: the canary sings\r\n\r\ncanary\r\n"


async def large(spool: Spool, sealed: bool, content: bytes = CANARY * (LARGE // 20)) -> LargeBody:
    """A body that streams to a file, in portions of odd sizes."""
    body = spool.large_body(sealed)
    for start in range(0, len(content), 70_001):
        await body.write(content[start : start + 70_001])
    return body


def commits(state: Path) -> int:
    """How many transactions the write-ahead log holds: frames that carry the database's size end one."""
    wal = (state / "spool.db-wal").read_bytes()
    page_size = struct.unpack(">I", wal[8:12])[0]
    return sum(struct.unpack(">I", wal[at + 4 : at + 8])[0] > 0 for at in range(32, len(wal), page_size + 24))


@pytest.mark.asyncio
async def test_durable_when_answered(spool: Spool, outside: SpoolReader, to_support: Envelope) -> None:
    """Once `accept` has returned, any other connection reads the mail, byte for byte, as incoming."""
    raw = bytes(range(256)) * 10
    entry = await spool.accept(to_support, raw, sealed=False)
    found = outside.entries([entry])[entry]
    assert (found.state, found.envelope, found.size, outside.bytes_of(found)) == ("incoming", to_support, 2560, raw)


@pytest.mark.asyncio
async def test_group_commit(config: Config, spool: Spool, outside: SpoolReader, to_support: Envelope) -> None:
    """Sessions that wait at the same moment share one sync; each gets an id of its own, and its own bytes are kept."""
    before = commits(config.state)
    entries = await asyncio.gather(*(spool.accept(to_support, b"%d" % number, sealed=False) for number in range(500)))
    assert len(set(entries)) == 500
    assert commits(config.state) - before < 50
    found = outside.entries(entries)
    assert [outside.bytes_of(found[each]) for each in entries] == [b"%d" % number for number in range(500)]


@pytest.mark.asyncio
async def test_told_in_the_order_of_the_commits(spool: Spool, to_support: Envelope) -> None:
    """Who listens hears of every entry once, in the order of arrival, and exactly as a reader would read it."""
    heard: list[Entry] = []
    spool.on_accepted = heard.append
    await asyncio.gather(*(spool.accept(to_support, b"x", sealed=False) for _ in range(50)))
    assert heard == spool.reader.waiting(0, 100)


@pytest.mark.asyncio
async def test_the_one_that_cannot_be_kept_is_told(spool: Spool, to_support: Envelope) -> None:
    """In a group with a bad statement only its owner hears of it; the others are kept."""

    def fails(connection: sqlite3.Connection) -> None:
        connection.execute("INSERT INTO nowhere VALUES (1)")

    results = await asyncio.gather(
        *(spool.accept(to_support, b"x", sealed=False) for _ in range(5)),
        spool.submit(fails),
        *(spool.accept(to_support, b"x", sealed=False) for _ in range(5)),
        return_exceptions=True,
    )
    assert [type(each).__name__ for each in results if not isinstance(each, str)] == ["StoreTrouble"]
    assert len(spool.reader.waiting(0, 100)) == 10
    assert spool.broken is not None
    assert not spool.broken.done()


@pytest.mark.asyncio
async def test_full_database(spool: Spool, to_support: Envelope) -> None:
    """A mail for which there is no room raises SpoolFull and leaves nothing; one that fits is taken; with room, all are."""
    pages = await spool.submit(lambda connection: connection.execute("PRAGMA page_count").fetchone()[0])
    await spool.submit(lambda connection: connection.execute(f"PRAGMA max_page_count={pages + 4}").fetchone())
    with pytest.raises(SpoolFull):
        await spool.accept(to_support, b"x" * 100_000, sealed=False)
    await spool.accept(to_support, b"small", sealed=False)
    results = await asyncio.gather(
        *(spool.accept(to_support, b"x" * 100_000, sealed=False) for _ in range(3)),
        spool.accept(to_support, b"small, too", sealed=False),
        return_exceptions=True,
    )
    assert [isinstance(each, SpoolFull) for each in results] == [True, True, True, False]
    await spool.submit(lambda connection: connection.execute("PRAGMA max_page_count=100000").fetchone())
    await spool.accept(to_support, b"x" * 100_000, sealed=False)
    assert [each.size for each in spool.reader.waiting(0, 10)] == [5, 10, 100_000]


@pytest.mark.asyncio
async def test_room_is_kept_in_reserve(config: Config) -> None:
    """Mail is put off while the disk has less free than the reserve and twice the mail."""
    keys = open_keyring(config.state / "keys")
    with pytest.raises(SpoolFull):
        Spool(config.state, keys.seal.public, 1 << 62).require_room(0)
    Spool(config.state, keys.seal.public, 0).require_room(1000)
    with pytest.raises(SpoolFull):
        Spool(config.state, keys.seal.public, 0).require_room(1 << 61)


@pytest.mark.asyncio
async def test_a_broken_disk_stops_everything(config: Config, reopened: Callable[[], Spool], to_support: Envelope) -> None:
    """When the database turns out to be damaged, the mail is not accepted, and the spool says that it is broken."""
    first = reopened()
    first.start()
    await first.accept(to_support, b"x" * 100_000, sealed=False)
    await first.stop()
    again = reopened()
    again.start()
    file = config.state / "spool.db"
    file.write_bytes(file.read_bytes()[:4096] + b"\xff" * (file.stat().st_size - 4096))
    with pytest.raises(SpoolBroken):
        await again.accept(to_support, b"hello", sealed=False)
    assert again.broken is not None
    with pytest.raises(SpoolBroken):
        await asyncio.wait_for(again.broken, 5)
    await again.stop()


# --- sealed -------------------------------------------------------------------------------------------------------------


@pytest.mark.asyncio
async def test_sealed_mail_is_nowhere_in_plaintext(
    config: Config, spool: Spool, outside: SpoolReader, to_support: Envelope
) -> None:
    """Of sealed mail, small or large, no file of the state folder holds a word; with the key it reads as it came."""
    small = await spool.accept(to_support, CANARY, sealed=True)
    big = await spool.accept(to_support, await large(spool, sealed=True), sealed=True)
    for path in config.state.rglob("*"):
        assert path.is_dir() or b"canary" not in path.read_bytes(), path.name
    found = outside.entries([small, big])
    assert (found[small].sealed, found[small].size, outside.bytes_of(found[small])) == (True, len(CANARY), CANARY)
    assert (found[big].size, outside.bytes_of(found[big])) == (len(CANARY) * (LARGE // 20), CANARY * (LARGE // 20))


@pytest.mark.asyncio
async def test_the_canary_is_found_where_nothing_is_sealed(config: Config, spool: Spool, to_support: Envelope) -> None:
    """The search above would find it: unsealed mail lies there in plaintext."""
    await spool.accept(to_support, CANARY, sealed=False)
    assert any(b"canary" in path.read_bytes() for path in config.state.rglob("spool.db*"))


@pytest.mark.asyncio
async def test_another_key_opens_nothing(config: Config, tmp_path: Path, spool: Spool, to_support: Envelope) -> None:
    """With another desk's key, sealed mail stays closed."""
    entry = await spool.accept(to_support, CANARY, sealed=True)
    stranger = SpoolReader(config.state, open_keyring(tmp_path / "other").seal)
    with pytest.raises(BadInput, match="sealed for another key"):
        stranger.bytes_of(stranger.entries([entry])[entry])
    stranger.close()


# --- large mail ---------------------------------------------------------------------------------------------------------


@pytest.mark.asyncio
async def test_large_mail(config: Config, spool: Spool, outside: SpoolReader, to_support: Envelope) -> None:
    """A large mail lies in a file of its owner's alone, and reads as it came; when the file is gone, that is told."""
    entry = await spool.accept(to_support, await large(spool, sealed=False), sealed=False)
    file = config.state / "spool" / f"{entry}.mail"
    assert file.stat().st_mode & 0o777 == 0o600
    found = outside.entries([entry])[entry]
    assert outside.bytes_of(found) == CANARY * (LARGE // 20)
    file.unlink()
    with pytest.raises(BadInput, match="gone"):
        outside.bytes_of(found)


@pytest.mark.parametrize("turns", [0, 1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144, 233, 377, 610, 987])
@pytest.mark.asyncio
async def test_cancelled_at_any_moment(config: Config, spool: Spool, to_support: Envelope, turns: int) -> None:
    """A session that is cancelled while its large mail is accepted has it kept whole, or not at all."""
    body = await large(spool, sealed=False)
    accepting = asyncio.create_task(spool.accept(to_support, body, sealed=False))
    for _ in range(turns):
        await asyncio.sleep(0)
    accepting.cancel()
    await asyncio.gather(accepting, return_exceptions=True)
    await body.discard()  # as a session does, whatever became of its mail
    while len(asyncio.all_tasks()) > 1:
        await asyncio.sleep(0)
    kept = spool.reader.waiting(0, 10)
    assert all(spool.reader.bytes_of(each) == CANARY * (LARGE // 20) for each in kept)
    assert [path.suffix for path in (config.state / "spool").iterdir()] == [".mail"] * len(kept)


@pytest.mark.asyncio
async def test_a_cancelled_session_has_its_small_mail_kept(spool: Spool, to_support: Envelope) -> None:
    """When the client leaves between the dot and the answer, the mail is in the spool, once."""
    accepting = asyncio.create_task(spool.accept(to_support, b"hello", sealed=False))
    await asyncio.sleep(0)
    accepting.cancel()
    await asyncio.gather(accepting, return_exceptions=True)
    await spool.submit(lambda connection: connection.total_changes)
    assert len(spool.reader.waiting(0, 10)) == 1


@pytest.mark.asyncio
async def test_given_up(config: Config, spool: Spool) -> None:
    """A body that is let go of leaves no file, at whatever moment; letting go twice is harmless."""
    for portions in (0, 1, 2):
        body = spool.large_body(sealed=False)
        for _ in range(portions):
            await body.write(b"x" * 1000)
        await body.discard()
        await body.discard()
    body = spool.large_body(sealed=False)
    writing = asyncio.create_task(body.write(b"x" * 10_000_000))
    await asyncio.sleep(0)
    writing.cancel()
    await asyncio.gather(writing, return_exceptions=True)
    await body.discard()
    assert list((config.state / "spool").iterdir()) == []


# --- starting -----------------------------------------------------------------------------------------------------------


@pytest.mark.asyncio
async def test_start_sweeps(config: Config, reopened: Callable[[], Spool], to_support: Envelope) -> None:
    """At start, files that were never accepted go; those of accepted mail stay, and nothing else is touched."""
    first = reopened()
    first.start()
    entry = await first.accept(to_support, await large(first, sealed=False), sealed=False)
    await first.stop()
    folder = config.state / "spool"
    for name in ("0" * 32 + ".part", "1" * 32 + ".mail", "note.txt"):
        (folder / name).write_bytes(b"left behind")
    again = reopened()
    assert again.start() == 0
    assert {path.name for path in folder.iterdir()} == {f"{entry}.mail", "note.txt"}
    await again.stop()


@pytest.mark.asyncio
async def test_active_is_incoming_again(reopened: Callable[[], Spool], to_support: Envelope) -> None:
    """What was with a worker when the daemon ended waits again, in the old order."""
    first = reopened()
    first.start()
    entries = [await first.accept(to_support, b"x", sealed=False) for _ in range(3)]
    await first.submit(lambda connection: move(connection, entries[:2], "active"))
    await first.stop()
    again = reopened()
    assert again.start() == 2
    assert [each.id for each in again.reader.waiting(0, 10)] == entries
    await again.stop()


@pytest.mark.asyncio
async def test_what_was_posted_is_committed_before_the_end(reopened: Callable[[], Spool], to_support: Envelope) -> None:
    """Stopping commits what still waits: marks that nobody waits for, too."""
    first = reopened()
    first.start()
    entry = await first.accept(to_support, b"x", sealed=False)
    first.post(lambda connection: move(connection, [entry], "active"))
    first.post(lambda connection: move(connection, [entry], "done"))
    await first.stop()
    again = reopened()
    again.start()
    assert again.reader.counts() == {}
    await again.stop()


# --- conversations ------------------------------------------------------------------------------------------------------


def test_conversation_keys() -> None:
    """Mails that name a common Message-ID or signed ticket share a key; strangers share none, and no key holds a word."""
    head = b"Message-ID: <a@x>\r\nReferences: <b@x>\r\n\t<c@x>\r\nSubject: <s@x>\r\n\r\nIn-Reply-To: <body@x>\r\n"
    own = set(conversation_of(head, ["support@example.com"]))
    assert len(own) == 3
    assert own & set(conversation_of(b"in-reply-to : <c@x>\r\n\r\n", []))
    assert own & set(conversation_of(b"MESSAGE-ID:\r\n <b@x>\r\n\r\n", []))
    assert not own & set(conversation_of(b"Message-ID: <s@x>\r\nIn-Reply-To: <body@x>\r\n\r\n", []))
    ticket = conversation_of(b"", ["support+12-c-aaaaaaaaaaaa@example.com"])
    assert ticket == conversation_of(b"", ["upgrade+12-a-bbbbbbbbbbbb@example.com", "support@example.com"])
    assert ticket == conversation_of(b"", ["SUPPORT+12-C-AAAAAAAAAAAA@EXAMPLE.COM"])
    assert ticket != conversation_of(b"", ["support+13-c-aaaaaaaaaaaa@example.com"])
    assert all(len(each) == 12 and int(each, 16) >= 0 for each in own)


def test_conversation_of_a_mail_without_carriage_returns() -> None:
    """A mail from a pipe ends its lines with LF alone; its ids count, its body's do not."""
    assert conversation_of(b"Message-ID: <a@x>\nSubject: y\n\nIn-Reply-To: <body@x>\n", []) == conversation_of(
        b"Message-ID: <a@x>\r\n\r\n", []
    )
