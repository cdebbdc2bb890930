"""The daemon's front: builds everything from the configuration, listens, supervises, and stops cleanly.

It parses no bodies and decides nothing: mail goes from `intake` to the spool, from there to the workers (`pool`), and what
they put into the outbox goes to the next hop (`outbox.deliver`).
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import gc
import os
import random
import signal
import socket
import ssl
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from maild import log as logging
from maild.clock import SystemClock, to_stamp
from maild.config import Config, Listener, load_config
from maild.errors import BadConfiguration, MaildError, Problem, TryAgain
from maild.intake.collect import Collector
from maild.intake.rate import Rate
from maild.intake.smtp import Doorkeeper, MailLMTP, MailSMTP
from maild.intake.spool import Spool
from maild.jobs.schedule import start_jobs
from maild.keys.ring import open_keyring
from maild.outbox.deliver import Deliverer
from maild.outbox.hops import open_hop
from maild.pool import Pool
from maild.store.outbox import Outbox
from maild.store.spool import Entry, move, purge, told
from maild.worker import GC_THRESHOLD, build_desk

STOP_SECONDS = 20.0
PURGE_PORTION = 500


class Front:
    """The daemon, once it is built. Everything it owns is made here and handed down."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._clock = SystemClock()
        self._log = logging.logger("front")
        config.state.mkdir(parents=True, exist_ok=True)
        self._lock = _only_one(config.state)
        keys = open_keyring(config.state / "keys")
        self._desk = build_desk(config, keys)
        self._spool = Spool(config.state, keys.seal.public, int(config.settings.intake.min_free))
        store = config.settings.store
        self._rate = Rate()
        self._pool = Pool(
            config.file,
            store.workers,
            store.mail_time.total_seconds(),
            self._spool,
            self._clock,
            logging.logger("pool"),
            self._committed,
        )
        self._outbox = Outbox(self._desk.store)
        self._deliverer = Deliverer(
            self._outbox,
            open_hop(config),
            config.settings.delivery.give_up,
            self._clock,
            random.random,
            logging.logger("deliver"),
            self._rate.let_intake_go_first,
        )
        self._collector = Collector(config.state / "maildrop", self._spool, self._clock, logging.logger("maildrop"))
        self._servers: list[asyncio.Server] = []
        self._told: set[str] = set()
        self._doors: list[Doorkeeper] = []
        self._scheduler: AsyncIOScheduler | None = None

    async def run(self, ready: Callable[[], None]) -> None:
        """Serves until SIGTERM or SIGINT, or until the disk fails.

        Raises:
            MaildError: it could not start, or had to stop.
        """
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop.set)
        loop.add_signal_handler(signal.SIGHUP, lambda: asyncio.ensure_future(self._reload()))
        await self._start()
        delivering = asyncio.create_task(self._deliverer.run())
        stopping = asyncio.create_task(stop.wait())
        assert self._spool.broken is not None
        reasons: set[asyncio.Future[Any]] = {stopping, delivering, self._spool.broken}
        gc.freeze()  # what was built lives as long as the process
        gc.set_threshold(GC_THRESHOLD)
        try:
            ready()
            await asyncio.wait(reasons, return_when=asyncio.FIRST_COMPLETED)
        finally:
            stopping.cancel()
            await self._stop(delivering)
        for ended in (delivering, self._spool.broken):
            if ended.done() and not ended.cancelled() and ended.exception():
                raise TryAgain(f"stopped: {ended.exception()}")

    # --- starting and stopping --------------------------------------------------------------------------------

    async def _start(self) -> None:
        before, after = await asyncio.to_thread(self._desk.store.migrate)
        interrupted = self._spool.start()
        forgotten = await self._take_back_unknown()
        again = await asyncio.to_thread(self._outbox.recover, self._clock.now())
        self._spool.on_accepted = self._accepted
        await self._pool.start()
        for listener, kind in ((self._config.settings.intake.smtp, MailSMTP), (self._config.settings.intake.lmtp, MailLMTP)):
            await self._listen(listener, kind)
        self._scheduler = start_jobs(
            {
                "maildrop": self._collect,
                "deferred": self._take_up_deferred,
                "outbox": self._wake_outbox,
                "operator": self._tell_operator,
                "retention": self._forget,
            },
            logging.logger("jobs"),
        )
        self._pool.notice()
        self._log.info(
            "started", schema=after, migrated=before != after, interrupted=interrupted, forgotten=forgotten, sent_again=again
        )

    async def _stop(self, delivering: asyncio.Task[None]) -> None:
        """No new mail, then what is under way to its end, then the databases."""
        if self._scheduler is not None:
            self._scheduler.shutdown(wait=False)
        for server in self._servers:
            server.close()
        await self._dismiss_sessions()
        await self._pool.stop()
        self._deliverer.stop()
        await asyncio.gather(delivering, return_exceptions=True)
        with contextlib.suppress(MaildError):
            await self._spool.stop()
        await asyncio.to_thread(self._desk.store.close)
        self._log.info("stopped")

    async def _dismiss_sessions(self) -> None:
        """Sessions in the middle of a mail may end it; the others are told to come again (RFC 5321, section 3.8)."""
        deadline = asyncio.get_running_loop().time() + STOP_SECONDS
        told: set[MailSMTP] = set()
        while any(door.sessions for door in self._doors):
            late = asyncio.get_running_loop().time() > deadline
            for session in [each for door in self._doors for each in door.sessions]:
                if late or not (session.in_data or session in told):
                    session.dismiss("421 4.3.2 shutting down")
                    told.add(session)
            await asyncio.sleep(0.02)
            if late:
                return

    async def _listen(self, listener: Listener, kind: type[MailSMTP]) -> None:
        door = Doorkeeper(self._config, listener, self._desk.book, self._spool, self._clock, logging.logger("intake"))
        self._doors.append(door)
        tls = _tls(self._config, listener)
        loop = asyncio.get_running_loop()
        for where in listener.listen:
            try:
                if where.startswith("unix:"):
                    path = self._config.path(where.removeprefix("unix:"))
                    path.parent.mkdir(parents=True, exist_ok=True)
                    self._servers.append(await loop.create_unix_server(lambda: kind(door, tls), str(_free(path))))
                    path.chmod(0o660)
                else:
                    host, port = _host_and_port(where)
                    self._servers.append(await loop.create_server(lambda: kind(door, tls), host, port, backlog=512))
            except (OSError, ValueError) as error:
                remedy = "is another server there? mend the listen setting"
                raise BadConfiguration([Problem(self._config.file.name, f"cannot listen on {where}: {error}", remedy)]) from error

    async def _take_back_unknown(self) -> int:
        """After a restore the desk may not remember what the spool calls done: then it is incoming again."""
        count = 0
        for portion in self._spool.reader.done_ids():
            unknown = await asyncio.to_thread(self._unknown, portion)
            if unknown:
                await self._spool.submit(partial(move, ids=unknown, state="incoming"))
                count += len(unknown)
        return count

    def _unknown(self, entries: list[str]) -> list[str]:
        with self._desk.store.preview() as tx:
            known = tx.done(entries)
        dropped = {each.id for each in self._spool.reader.entries(set(entries) - known).values() if each.reason}
        return [each for each in entries if each not in known and each not in dropped]

    async def _reload(self) -> None:
        """SIGHUP: new rules, tables and templates for the workers, if all of them are right; listeners need a restart."""
        try:
            config = load_config(self._config.file)
            desk = await asyncio.to_thread(build_desk, config, self._desk.store.keys)
            await asyncio.to_thread(desk.store.close)
        except MaildError as error:
            self._log.error("not reloaded: the old configuration stays", reason=str(error))
            return
        self._pool.replace_workers()
        self._log.info("reloaded")

    # --- what others call -------------------------------------------------------------------------------------

    def _accepted(self, entry: Entry) -> None:
        self._rate.count()
        self._pool.waiting.arrived(entry)
        self._pool.notice()

    def _committed(self) -> None:
        self._deliverer.wake()

    # --- jobs -------------------------------------------------------------------------------------------------

    async def _collect(self) -> None:
        if await self._collector.collect():
            for entry in await asyncio.to_thread(self._spool.reader.listed, ["incoming"]):
                self._pool.waiting.again(entry)
            self._pool.notice()

    async def _take_up_deferred(self) -> None:
        due = self._spool.reader.due(to_stamp(self._clock.now()))
        if due:
            await self._spool.submit(lambda connection: move(connection, [each.id for each in due], "incoming"))
            for entry in due:
                self._pool.waiting.again(entry)
            self._pool.notice()

    async def _wake_outbox(self) -> None:
        self._deliverer.wake()

    async def _tell_operator(self) -> None:
        """One note for all that needs a hand since the last. Its key follows from what it tells, so it is queued once."""
        held = self._spool.reader.newly_held()
        lines = [f"held: {each.reason} (maild spool show {each.id[:12]}, then maild spool retry or drop)" for each in held]
        about = [each.id for each in held]
        for trouble in {self._deliverer.trouble, self._pool.trouble} - {""} - self._told:
            lines.append(f"trouble: {trouble}")
            about.append(f"{trouble} {self._clock.now():%Y-%m-%d %H}")
        self._told = {self._deliverer.trouble, self._pool.trouble}
        if not lines:
            return
        now = self._clock.now()
        mail = self._desk.renderer.for_operator(lines, about, now)

        def queue() -> None:
            with self._desk.store.transaction() as tx:
                tx.put([mail], now)

        await asyncio.to_thread(queue)
        await self._spool.submit(lambda connection: told(connection, [each.id for each in held]))
        self._deliverer.wake()

    async def _forget(self) -> None:
        now = self._clock.now()
        before = to_stamp(now - self._config.settings.intake.retention)
        while gone := await self._spool.submit(lambda connection: purge(connection, before, PURGE_PORTION)):
            for entry in gone:
                (self._config.state / "spool" / f"{entry}.mail").unlink(missing_ok=True)

        day_ago = now.timestamp() - 86_400
        for part in (self._config.state / "maildrop").glob("*.part"):
            if part.stat().st_mtime < day_ago:  # a pipe that was killed half-way; it never said that the mail was taken
                part.unlink(missing_ok=True)

        def forget() -> None:
            with self._desk.store.transaction() as tx:
                tx.forget_budgets(now)

        await asyncio.to_thread(forget)


def _only_one(state: Path) -> int:
    """Two daemons on one state folder would be two writers of one spool. Raises TryAgain."""
    handle = os.open(state / "daemon.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(handle)
        raise TryAgain(f"{state}: another maild runs here; stop it first") from error
    return handle


def _free(path: Path) -> Path:
    """A Unix socket that a dead daemon left behind goes."""
    path.unlink(missing_ok=True)
    return path


def _host_and_port(where: str) -> tuple[str, int]:
    host, _, port = where.rpartition(":")
    return host.strip("[]"), int(port)


def _tls(config: Config, listener: Listener) -> ssl.SSLContext | None:
    if not listener.tls_certificate:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    try:
        context.load_cert_chain(config.path(listener.tls_certificate), config.path(listener.tls_key or listener.tls_certificate))
    except (OSError, ssl.SSLError) as error:
        raise BadConfiguration([Problem(listener.tls_certificate, str(error), "mend tls_certificate and tls_key")]) from error
    return context


def tell_systemd(state: str) -> None:
    """sd_notify(3), where systemd listens."""
    where = os.environ.get("NOTIFY_SOCKET")
    if not where:
        return
    address = f"\0{where[1:]}" if where.startswith("@") else where
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as out, contextlib.suppress(OSError):
        out.sendto(state.encode("ascii"), address)


def run(config_file: Path) -> None:
    """`maild run`. Raises MaildError."""
    config = load_config(config_file)
    logging.set_up(config.settings.log.level, config.settings.log.format)

    def ready() -> None:
        print("maild: ready", file=sys.stderr, flush=True)
        tell_systemd("READY=1")

    async def serve() -> None:
        await Front(config).run(ready)

    try:
        asyncio.run(serve())
    finally:
        tell_systemd("STOPPING=1")
