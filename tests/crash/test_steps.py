"""Killed between two steps of the road: whatever was begun is taken up again, and what was done is not done twice."""

from __future__ import annotations

import asyncio
import shutil
import smtplib
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from maild.config import Config
from maild.desk import Desk, build_desk
from maild.intake.spool import Spool
from maild.keys.ring import open_keyring
from maild.log import logger
from maild.mail.compose import compose
from maild.mail.envelope import Envelope
from maild.mail.outgoing import Outgoing
from maild.outbox.deliver import Deliverer
from maild.outbox.hops import ACCEPTED
from maild.outbox.retry import Result
from maild.pipeline import Item, work
from maild.store.outbox import Outbox, Settled
from maild.store.spool import SpoolReader, move
from maild.store.store import HEAD
from maild.talk import Batch, Done
from maild.worker import serve

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
UNDONE_IN = "SELECT COUNT(*) FROM entry WHERE state NOT IN ('done', 'hold')"
UNDONE_OUT = "SELECT COUNT(*) FROM outbox WHERE state <> 'sent'"
TICKETS = "SELECT m.ticket, s.entry FROM message m JOIN seen s ON s.entry = m.id ORDER BY 1, 2"


def _spool(config: Config) -> Spool:
    return Spool(config.state, open_keyring(config.state / "keys").seal.public, min_free=0)


def _envelope(*to: str) -> Envelope:
    return Envelope(reverse_path="ann@example.org", forward_paths=to, arrived_at=NOON, intake="smtp", trusted=True)


# --- while the desk's file is being made -------------------------------------------------------------------------


def test_a_store_that_was_killed_while_it_was_made_is_made_at_the_next_start(config: Config) -> None:
    """A journal beside the file must be played back first, which a connection that only reads cannot do."""
    killed = (
        "import os, sqlite3, sys\n"
        "connection = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
        "connection.execute('CREATE TABLE something (text)')\n"
        "connection.execute('PRAGMA cache_size = 1')\n"
        "connection.execute('BEGIN IMMEDIATE')\n"
        "connection.executemany('INSERT INTO something VALUES (?)', [('x' * 5000,)] * 20)\n"
        "os.kill(os.getpid(), 9)\n"
    )
    subprocess.run([sys.executable, "-c", killed, str(config.state / "maild.db")], check=False)
    assert (config.state / "maild.db-journal").stat().st_size > 0
    desk = build_desk(config, open_keyring(config.state / "keys"))
    assert desk.store.migrate() == (None, HEAD)
    desk.store.require_current()
    desk.store.close()


# --- between the desk's commit and the worker's answer ----------------------------------------------------------


def test_a_batch_that_was_committed_changes_nothing_when_it_comes_again(
    desk: Desk, item: Callable[..., Item], stored: Callable[[], dict[str, list[Any]]]
) -> None:
    """A worker dies after its commit and before its answer: the same batch decides nothing the second time."""
    batch = [item(1), item(2), item(3, In_Reply_To="<1@example.org>"), replace(item(4), raw=item(1).raw)]
    assert len(work(batch, desk)) == 4
    after = stored()
    assert work(batch, desk) == []
    assert work([*batch[2:], item(5)], desk)[0].entry == item(5).entry
    assert {row[0] for row in stored()["ticket"]} == {1, 2, 3}
    assert after["message"] == stored()["message"][:3]


def test_a_worker_that_dies_answers_the_same_the_second_time(config: Config, desk: Desk) -> None:
    """What the first worker put on hold is on hold in the second one's answer, too: it must not pass for done."""

    async def spool_two(spool: Spool) -> list[str]:
        spool.start()
        raw = b"From: ann@example.org\r\nMessage-ID: <%d@example.org>\r\n\r\nHello\r\n"
        kept = [
            await spool.accept(_envelope(to), raw % number, sealed=False)
            for number, to in enumerate(("support@example.com", "postmaster@example.com"))
        ]
        await spool.submit(lambda connection: move(connection, kept, "active"))
        await spool.stop()
        return kept

    entries = asyncio.run(spool_two(_spool(config)))
    reader = SpoolReader(config.state, open_keyring(config.state / "keys").seal)
    batch = Batch(items=tuple((each, "") for each in entries))
    first, second = serve(batch, desk, reader), serve(batch, desk, reader)
    reader.close()
    assert first == second == Done(held={entries[1]: "for-the-operator"})


# --- between handing out and the mark that it is done ---------------------------------------------------------


def test_what_was_in_a_workers_hands_is_incoming_at_the_next_start(config: Config) -> None:
    """Entries that were left `active` are handed out again, in their old order; all others stay what they were."""

    async def leave(spool: Spool) -> list[str]:
        spool.start()
        kept = [
            await spool.accept(_envelope("support@example.com"), b"From: ann@example.org\r\n\r\n%d\r\n" % n, sealed=False)
            for n in range(5)
        ]
        await spool.submit(lambda connection: move(connection, kept[:4], "active"))
        await spool.submit(lambda connection: move(connection, kept[:1], "done"))
        await spool.submit(lambda connection: move(connection, kept[1:2], "hold", "no-sender"))
        await spool.stop()
        return kept

    async def start_again(spool: Spool) -> tuple[int, dict[str, str]]:
        interrupted = spool.start()
        states = {each.id: str(each.state) for each in spool.reader.listed(["incoming", "active", "hold", "done"])}
        await spool.stop()
        return interrupted, states

    kept = asyncio.run(leave(_spool(config)))
    interrupted, states = asyncio.run(start_again(_spool(config)))
    assert interrupted == 2
    assert list(states.items()) == list(zip(kept, ["done", "hold", "incoming", "incoming", "incoming"], strict=True))


# --- between the claim of a mail and its fate -------------------------------------------------------------------


def test_a_mail_that_was_on_its_way_is_sent_again_and_marked(desk: Desk, item: Callable[..., Item]) -> None:
    """Rows left `sending` are queued with a mark; the second sending is the same to the byte, and the mark stays for good."""
    work([item(1), item(2)], desk)
    outbox = Outbox(desk.store)
    claimed = outbox.exchange([], 3, NOON)
    sent, *lost = claimed
    fate = Settled(key=sent.mail.key, ticket=1, state="sent", due_at=NOON, twice=False, reply="")
    assert outbox.exchange([fate], 0, NOON) == []

    after_the_crash = Outbox(desk.store)
    assert after_the_crash.recover(NOON) == 2
    again = {each.mail.key: each for each in after_the_crash.exchange([], 10, NOON)}
    assert len(again) == 3, "two that were under way, and the one that was still queued"
    for each in lost:
        assert again[each.mail.key].twice
        assert compose(again[each.mail.key].mail.draft) == compose(each.mail.draft)
    assert sum(each.twice for each in again.values()) == 2
    fates = [
        Settled(key=key, ticket=each.mail.ticket, state="sent", due_at=NOON, twice=each.twice, reply="")
        for key, each in again.items()
    ]
    after_the_crash.exchange(fates, 0, NOON)
    marked = {row["key"] for row in after_the_crash.listed(["sent"]) if row["possible_duplicate"]}
    assert marked == {each.mail.key for each in lost}
    assert after_the_crash.recover(NOON) == 0


class SlowHop:
    """A next hop that has taken a mail and says nothing until it is let go."""

    portion = 1
    senders = 2

    def __init__(self) -> None:
        self.begun = asyncio.Event()
        self.go_on = asyncio.Event()
        self.sent: list[str] = []

    async def send(self, mails: Sequence[Outgoing]) -> list[Result]:
        """Accepted, in the end."""
        self.begun.set()
        await self.go_on.wait()
        self.sent += [mail.key for mail in mails]
        return [ACCEPTED] * len(mails)

    async def close(self) -> None:
        """Holds nothing."""


def test_a_stop_in_peace_leaves_nothing_to_be_sent_twice(desk: Desk, item: Callable[..., Item], clock: Any) -> None:
    """Asked to stop, the outbox brings to its end what is on its way, and gives back what was claimed and not begun."""
    work([item(number) for number in range(1, 6)], desk)
    outbox, hop = Outbox(desk.store), SlowHop()
    deliverer = Deliverer(outbox, hop, timedelta(days=5), clock, lambda: 0.5, logger("deliver"))

    async def stop_in_the_middle() -> None:
        running = asyncio.create_task(deliverer.run())
        await hop.begun.wait()
        deliverer.stop()
        async with asyncio.timeout(10):
            while deliverer._ready:  # until it has given back what nobody has begun
                await asyncio.sleep(0)
            hop.go_on.set()
            await running

    asyncio.run(stop_in_the_middle())
    assert outbox.counts() == {"sent": len(hop.sent), "queued": 10 - len(hop.sent)}
    assert 1 <= len(hop.sent) <= hop.senders
    assert outbox.recover(clock.now()) == 0
    assert not any(row["possible_duplicate"] for row in outbox.listed(["sent", "queued"]))


# --- after a restore ------------------------------------------------------------------------------------------------


@pytest.fixture
def hand_in(entry_of: Callable[..., str]) -> Callable[..., str]:
    """Hands a mail to a daemon; returns the entry."""

    def send(daemon: Any, number: int, to: str = "support@example.com") -> str:
        with smtplib.SMTP("127.0.0.1", daemon.port) as client:
            client.ehlo()
            client.mail("ann@example.org")
            client.rcpt(to)
            return entry_of(
                client.data(f"From: ann@example.org\r\nMessage-ID: <{number}@example.org>\r\nSubject: s\r\n\r\n{number}\r\n")
            )

    return send


def _restore(copy: Path, state: Path) -> None:
    for name in ("maild.db", "maild.db-wal", "maild.db-shm"):
        (state / name).unlink(missing_ok=True)
    shutil.copy(copy, state / "maild.db")


def test_an_older_desk_database_gets_what_it_does_not_remember_from_the_spool(
    new_daemon: Callable[..., Any], hand_in: Callable[..., str], until: Callable[..., None], tmp_path: Path
) -> None:
    """After a restore, mail that the spool calls done and the desk does not know walks the road again, to the same numbers."""
    daemon = new_daemon()

    def drained() -> bool:
        return daemon.read("spool.db", UNDONE_IN) == [(0,)] and daemon.read("maild.db", UNDONE_OUT) == [(0,)]

    daemon.start()
    early = [hand_in(daemon, number) for number in range(3)]
    until(drained, "the first mails are through")
    assert daemon.stop() == 0
    assert not (daemon.state / "maild.db-wal").exists(), "a stopped desk is one file, which can be copied"
    shutil.copy(daemon.state / "maild.db", tmp_path / "backup.db")

    daemon.start()
    late = [hand_in(daemon, number) for number in range(3, 8)]
    held = hand_in(daemon, 8, "postmaster@example.com")
    until(drained, "the later mails are through")
    before = daemon.read("maild.db", TICKETS)
    assert {entry for _, entry in before} == {*early, *late}
    daemon.kill_all()
    _restore(tmp_path / "backup.db", daemon.state)
    assert {entry for _, entry in daemon.read("maild.db", TICKETS)} == set(early)

    daemon.start()
    until(drained, "what the restored desk did not know is through again")
    assert daemon.said("started")[-1]["forgotten"] == len(late)
    assert daemon.read("maild.db", TICKETS) == before
    assert daemon.read("spool.db", "SELECT id, reason FROM entry WHERE state = 'hold'") == [(held, "for-the-operator")]
    assert daemon.stop() == 0


def test_what_the_operator_dropped_does_not_come_back_with_a_restore(
    new_daemon: Callable[..., Any], hand_in: Callable[..., str], until: Callable[..., None], tmp_path: Path
) -> None:
    """An entry that was dropped is done for a reason of its own, although no desk ever knew of it."""
    daemon = new_daemon()
    daemon.start()
    assert daemon.stop() == 0
    shutil.copy(daemon.state / "maild.db", tmp_path / "backup.db")
    daemon.start()
    entry = hand_in(daemon, 1, "postmaster@example.com")
    state = f"SELECT state FROM entry WHERE id = '{entry}'"
    until(lambda: daemon.read("spool.db", state) == [("hold",)], "the mail is on hold")
    assert daemon.command("spool", "drop", entry).returncode == 0
    until(lambda: daemon.read("spool.db", state) == [("done",)], "the order was carried out")
    daemon.kill_all()
    _restore(tmp_path / "backup.db", daemon.state)
    daemon.start()
    assert daemon.said("started")[-1]["forgotten"] == 0
    assert daemon.read("spool.db", state) == [("done",)]
    assert daemon.stop() == 0
