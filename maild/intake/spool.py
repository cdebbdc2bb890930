"""Accepting mail: durable before it is answered. One thread writes; all sessions that wait share one sync (group commit)."""

from __future__ import annotations

import asyncio
import os
import queue
import sqlite3
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from maild.clock import stopwatch
from maild.durable import put_file
from maild.intake.body import LargeBody, new_id
from maild.intake.conversation import conversation_of
from maild.intake.trouble import SpoolBroken, SpoolFull, is_broken, translated
from maild.keys.seal import PublicSeal
from maild.mail.envelope import Envelope
from maild.store.spool import Entry, NewEntry, SpoolReader, insert, open_writer, purge, recover

PURGE_PORTION = 500
FREE_SECONDS = 0.5  # how long a look at the free space is good for

Beside = Callable[[sqlite3.Connection], None]


@dataclass(slots=True)
class _Job:
    run: Callable[[sqlite3.Connection], Any]
    done: asyncio.Future[Any] | None
    then: Callable[[Any], None] | None = None
    result: Any = None
    error: BaseException | None = None


class Spool:
    """The spool of this host. Only the front has one; everybody else reads (`SpoolReader`) or leaves things in the maildrop."""

    def __init__(self, state: Path, seal: PublicSeal, min_free: int) -> None:
        self._state = state
        self._files = state / "spool"
        self._seal = seal
        self.min_free = min_free
        self._free, self._free_until = 0, 0.0
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._write, name="spool", daemon=True)
        self._loop: asyncio.AbstractEventLoop | None = None
        self.broken: asyncio.Future[None] | None = None
        self.reader = SpoolReader(state)
        self.on_accepted: Callable[[Entry], None] = lambda _: None

    def start(self) -> int:
        """Opens the database and starts the thread; returns how many entries were in a worker's hands before.

        Raises:
            StoreTrouble: the database cannot be opened.
        """
        self._loop = asyncio.get_running_loop()
        self.broken = self._loop.create_future()
        self._files.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._connection = open_writer(self._state / "spool.db")
        interrupted = recover(self._connection)
        self._sweep()
        self._thread.start()
        return interrupted

    async def stop(self) -> None:
        """Commits what waits and closes."""
        self._jobs.put(None)
        await asyncio.to_thread(self._thread.join)
        self.reader.close()
        self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self._connection.close()

    # --- accepting --------------------------------------------------------------------------------------------

    def require_room(self, size: int) -> None:
        """Raises SpoolFull where the disk has not room for twice this size above its reserve."""
        now = stopwatch()
        if now > self._free_until:
            disk = os.statvfs(self._state)
            self._free, self._free_until = disk.f_bavail * disk.f_frsize, now + FREE_SECONDS
        if self._free < self.min_free + 2 * size:
            raise SpoolFull("spool: the disk is nearly full")

    async def accept(self, envelope: Envelope, body: bytes | LargeBody, sealed: bool, beside: Beside | None = None) -> str:
        """Records a mail; returns its id once it is durable. Goes on to its end even if the caller is cancelled.

        `beside`: what is to be written in the same transaction; if it raises, nothing is.

        Raises:
            SpoolFull, SpoolBroken, StoreTrouble: it is not accepted.
        """
        if isinstance(body, bytes):
            raw = self._seal.seal(body) if sealed else body
            return await self.keep(self._new(new_id(), envelope, len(body), sealed, body, raw), beside)
        body.taken = True  # a caller who is cancelled in the middle must not remove the file under the entry
        return await asyncio.shield(asyncio.ensure_future(self._accept_large(envelope, body, sealed, beside)))

    async def _accept_large(self, envelope: Envelope, body: LargeBody, sealed: bool, beside: Beside | None) -> str:
        try:
            await body.finish()
            entry = await self.keep(self._new(body.id, envelope, body.size, sealed, body.head, None), beside)
            body.kept = True
            return entry
        finally:
            await body.remove()

    @staticmethod
    def _new(entry: str, envelope: Envelope, size: int, sealed: bool, head: bytes, raw: bytes | None) -> NewEntry:
        keys = conversation_of(head, envelope.forward_paths)
        return NewEntry(id=entry, envelope=envelope, size=size, sealed=sealed, conversation=keys, body=raw)

    async def keep(self, new: NewEntry, beside: Beside | None = None) -> str:
        """Records an entry that is ready, bytes and all. Raises as `accept` does."""

        def record(connection: sqlite3.Connection) -> int:
            if beside is not None:
                beside(connection)
            return insert(connection, new)

        await self.submit(record, lambda seq: self.on_accepted(_as_entry(new, seq)))
        return new.id

    def large_body(self, sealed: bool) -> LargeBody:
        """A file for a mail that is too large for the database."""
        return LargeBody(self._files, self._seal if sealed else None)

    async def place(self, entry: str, raw: bytes) -> None:
        """Puts the bytes of a large mail that are at hand where `keep` expects them, durable."""
        await asyncio.to_thread(_place, self._files, entry, raw)

    async def purge(self, before: int) -> None:
        """Forgets what is done and arrived before a time. Raises StoreTrouble."""
        while gone := await self.submit(lambda connection: purge(connection, before, PURGE_PORTION)):
            for entry in gone:
                (self._files / f"{entry}.mail").unlink(missing_ok=True)

    # --- the writing thread -----------------------------------------------------------------------------------

    async def submit(self, run: Callable[[sqlite3.Connection], Any], then: Callable[[Any], None] | None = None) -> Any:
        """Runs statements in the next group commit; returns their result once they are durable.

        `then` is called with the result in the order of the commits, before anybody who waits goes on.

        Raises:
            SpoolFull, SpoolBroken, StoreTrouble: they are not.
        """
        assert self._loop is not None
        job = _Job(run, self._loop.create_future(), then)
        self._jobs.put(job)
        assert job.done is not None
        return await job.done  # a caller that is cancelled does not undo the commit

    async def answers(self) -> None:
        """Returns when the writing thread has answered; it may be waiting for the disk. Raises StoreTrouble."""
        await self.submit(lambda _: None)

    def post(self, run: Callable[[sqlite3.Connection], Any]) -> None:
        """The same without waiting: for marks that a restart would make again."""
        self._jobs.put(_Job(run, None))

    def _write(self) -> None:
        while True:
            jobs, last = self._take()
            if jobs:
                self._commit(jobs)
                assert self._loop is not None
                self._loop.call_soon_threadsafe(self._answer, jobs)
            if last:
                return

    def _take(self) -> tuple[list[_Job], bool]:
        """All jobs that wait, at least one; and whether it is time to stop."""
        jobs: list[_Job] = []
        job = self._jobs.get()
        while True:
            if job is None:
                return jobs, True
            jobs.append(job)
            try:
                job = self._jobs.get_nowait()
            except queue.Empty:
                return jobs, False

    def _commit(self, jobs: list[_Job]) -> None:
        """One transaction for all. If it fails, each on its own, so that the one that cannot be kept is the one that is told."""
        try:
            self._transaction(jobs)
        except Exception as error:  # whatever it was, nobody was told 250 yet
            if len(jobs) == 1 or is_broken(error):
                for job in jobs:
                    job.error = translated(error)
                return
            for job in jobs:
                self._commit([job])

    def _transaction(self, jobs: list[_Job]) -> None:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            for job in jobs:
                job.result = job.run(self._connection)
            self._connection.execute("COMMIT")
        except BaseException:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise

    def _answer(self, jobs: list[_Job]) -> None:
        for job in jobs:
            if isinstance(job.error, SpoolBroken) and self.broken is not None and not self.broken.done():
                self.broken.set_exception(job.error)
            if job.then is not None and job.error is None:
                job.then(job.result)
            if job.done is not None and not job.done.done():
                if job.error is not None:
                    job.done.set_exception(job.error)
                else:
                    job.done.set_result(job.result)

    def _sweep(self) -> None:
        """At start: files that were never accepted go."""
        for path in self._files.iterdir():
            if path.suffix == ".part" or (path.suffix == ".mail" and not self.reader.find(path.stem)):
                path.unlink()


def _as_entry(new: NewEntry, seq: int) -> Entry:
    return Entry(
        seq=seq, id=new.id, state="incoming", envelope=new.envelope, size=new.size, sealed=new.sealed,
        conversation=new.conversation, attempts=0, due_at=0, reason="",
    )  # fmt: skip


def _place(folder: Path, entry: str, raw: bytes) -> None:
    try:
        put_file(folder / f"{entry}.mail", raw)
    except OSError as error:
        raise translated(error) from error
