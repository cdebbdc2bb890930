"""The daemon's front: builds everything from the configuration, listens, supervises, and stops cleanly.

It parses no bodies and decides nothing: mail goes from `intake` to the spool, from there to the workers (`pool`), and what
they put into the outbox goes to the next hop (`outbox.deliver`).
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import gc
import random
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from maild import log as logging
from maild.clock import SystemClock, to_stamp
from maild.config import Config, load_config
from maild.desk import Desk
from maild.errors import BadConfiguration, MaildError, StoreTrouble, TryAgain
from maild.inforce import InForce, wait_for_restart
from maild.intake.collect import Collector
from maild.intake.doors import Doors
from maild.intake.imap.sources import Sources
from maild.intake.rate import Rate
from maild.intake.spool import Spool
from maild.jobs.note import OperatorsNote
from maild.jobs.retention import forget
from maild.jobs.schedule import Job, Jobs
from maild.keys.ring import open_keyring
from maild.log import reason_of
from maild.operating.lock import only_one, require_whole
from maild.operating.proof import prove
from maild.operating.standing import Reload, Standing
from maild.operating.systemd import feed_watchdog, tell, tell_reloading
from maild.outbox.deliver import Deliverer
from maild.outbox.enclose import Enclosures
from maild.outbox.hops import open_hop
from maild.outbox.retry import codes_of
from maild.pool import Pool
from maild.store.outbox import Outbox
from maild.store.spool import Entry, SpoolReader, move
from maild.worker import GC_THRESHOLD


class Front:
    """The daemon, once it is built. Everything it owns is made here and handed down."""

    def __init__(self, config: Config) -> None:
        self._clock = SystemClock()
        self._log = logging.logger("front")
        config.state.mkdir(parents=True, exist_ok=True)
        self._lock = only_one(config.state)
        require_whole(config.state)
        self._in_force = InForce(config)
        self._config, self._desk = self._proven()
        self._in_force.put_in_force(self._config)
        keys, store = self._desk.store.keys, self._config.settings.store
        self._spool = Spool(config.state, keys.seal.public, int(self._config.settings.intake.min_free))
        self._rate = Rate()
        self._pool = Pool(
            self._in_force.where,
            store.workers,
            store.mail_time.total_seconds(),
            self._spool,
            self._clock,
            logging.logger("pool"),
            self._committed,
        )
        self._outbox = Outbox(self._desk.store)
        self._deliverer = self._new_deliverer()
        self._collector = Collector(config.state / "maildrop", self._spool, self._clock, logging.logger("maildrop"))
        self._imap = Sources(config, self._desk.book, self._spool, self._clock, random.random, logging.logger("imap"))
        self._standing = Standing(config.state, self._clock)
        self._reload_wanted = asyncio.Event()
        self._doors = Doors(self._spool, self._clock, logging.logger("intake"))
        self._note = OperatorsNote(self._spool, self._imap, self._clock, self._troubles, self._write_note)
        self._jobs = self._all_jobs()

    def _proven(self) -> tuple[Config, Desk]:
        """The operator's files as they are now, copied and proven. Raises BadConfiguration, TryAgain."""
        config = self._in_force.copy()
        try:
            return config, prove(config, open_keyring(config.state / "keys"))
        except BaseException:
            self._in_force.drop(config.kept)
            raise

    def _new_deliverer(self) -> Deliverer:
        return Deliverer(
            self._outbox,
            open_hop(self._config),
            self._config.settings.delivery.give_up,
            self._clock,
            random.random,
            logging.logger("deliver"),
            Enclosures(SpoolReader(self._config.state, self._desk.store.keys.seal)),
            self._pool.pass_time,
            self._rate.let_intake_go_first,
        )

    async def run(self, ready: Callable[[], None]) -> None:
        """Serves until SIGTERM or SIGINT, or until the disk fails.

        Raises:
            MaildError: it could not start, or had to stop.
        """
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(self._unexpected)
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop.set)
        loop.add_signal_handler(signal.SIGHUP, self._reload_wanted.set)
        await self._start()
        delivering = asyncio.create_task(self._deliver())
        beside = [asyncio.create_task(each) for each in (self._reload_when_told(), feed_watchdog(self._spool.answers, self._log))]
        stopping = asyncio.create_task(stop.wait())
        assert self._spool.broken is not None
        reasons: set[asyncio.Future[Any]] = {stopping, delivering, self._spool.broken}
        gc.freeze()  # what was built lives as long as the process
        gc.set_threshold(GC_THRESHOLD)
        try:
            ready()
            await asyncio.wait(reasons, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (stopping, *beside):
                task.cancel()
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
        await self._doors.open(self._config, self._desk.book)
        self._imap.start()
        self._jobs.start()
        await self._note_intake()
        self._pool.pass_time()
        await self._tell_standing()
        self._log.info(
            "started", schema=after, migrated=before != after, interrupted=interrupted, forgotten=forgotten, sent_again=again
        )

    async def _stop(self, delivering: asyncio.Task[None]) -> None:
        """No new mail, then what is under way to its end, then the databases."""
        tell("STOPPING=1")
        self._jobs.stop()
        self._doors.close()
        await self._imap.stop()
        await self._doors.dismiss()
        await self._pool.stop()
        self._deliverer.stop()
        await asyncio.gather(delivering, return_exceptions=True)
        with contextlib.suppress(MaildError):
            await self._spool.stop()
        await asyncio.to_thread(self._desk.store.close)
        self._log.info("stopped")

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

    # --- reloading --------------------------------------------------------------------------------------------

    async def _reload_when_told(self) -> None:
        """SIGHUP: one reload after the other, and one for several orders that came meanwhile."""
        while True:
            await self._reload_wanted.wait()
            self._reload_wanted.clear()
            tell_reloading()
            try:
                await self._reload()
            except Exception as error:  # an operator's file, or a slip of ours in reading it, must not take the daemon down
                problems = [str(each) for each in error.problems] if isinstance(error, BadConfiguration) else [reason_of(error)]
                self._log.error("not reloaded: the old configuration stays", reason="\n".join(problems))
                self._standing.reload = Reload(at=self._clock.now(), taken=False, problems=problems)
            tell("READY=1")
            await self._tell_standing()

    async def _reload(self) -> None:
        """Takes what the operator's files say now, if all of it is right; what only a restart can change stays as it is."""
        config, desk = await asyncio.to_thread(self._proven)
        await asyncio.to_thread(desk.store.close)
        self._doors.renew_certificates(config)
        self._in_force.put_in_force(config)
        self._config, self._desk = config, dataclasses.replace(desk, store=self._desk.store)
        self._pool.replace_workers()  # from here on no old worker gets mail, so no door lets in what a worker does not know
        self._doors.renew(config, desk.book)
        self._imap.renew(desk.book)
        self._spool.min_free = int(config.settings.intake.min_free)
        before, self._deliverer = self._deliverer, self._new_deliverer()
        before.stop()
        assert config.kept is not None
        restart = wait_for_restart(config.kept)
        if restart:
            self._log.warning("needs a restart", settings=restart)
        self._standing.reload = Reload(at=self._clock.now(), taken=True, restart=restart)
        self._log.info("reloaded", configuration=config.kept.name)

    async def _deliver(self) -> None:
        """Sends until the stop. A reload puts another deliverer in place, which begins when the one before has ended."""
        deliverer: Deliverer | None = None
        while deliverer is not self._deliverer:
            if deliverer is not None and deliverer.unsettled:  # it gave up waiting for a reply
                with contextlib.suppress(StoreTrouble):  # then at the next start
                    await asyncio.to_thread(self._outbox.recover, self._clock.now())
            deliverer = self._deliverer
            await deliverer.run()

    def _unexpected(self, _: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """What nobody caught. asyncio itself would show the exception's words, and the values that a callback was given."""
        error = context.get("exception")
        self._log.error("unexpected", where=context["message"].partition("(")[0], reason=reason_of(error) if error else "")

    # --- what others call -------------------------------------------------------------------------------------

    def _accepted(self, entry: Entry) -> None:
        self._rate.count()
        self._pool.waiting.arrived(entry)
        self._pool.notice()

    def _committed(self) -> None:
        self._deliverer.wake()

    # --- jobs -------------------------------------------------------------------------------------------------

    def _all_jobs(self) -> Jobs:
        jobs: Mapping[str, Job] = {
            "maildrop": self._collect,
            "deferred": self._take_up_deferred,
            "outbox": self._wake_outbox,
            "due": self._pass_time,
            "intake": self._note_intake,
            "operator": self._tell_operator,
            "retention": self._forget,
            "standing": self._tell_standing,
        }
        return Jobs(jobs, logging.logger("jobs"))

    async def _collect(self) -> None:
        if await self._collector.collect():
            for entry in await asyncio.to_thread(self._spool.reader.listed, ["incoming"]):
                self._pool.waiting.again(entry)
            self._pool.notice()
            self._deliverer.wake()

    async def _take_up_deferred(self) -> None:
        due = self._spool.reader.due(to_stamp(self._clock.now()))
        if due:
            await self._spool.submit(lambda connection: move(connection, [each.id for each in due], "incoming"))
            for entry in due:
                self._pool.waiting.again(entry)
            self._pool.notice()

    async def _wake_outbox(self) -> None:
        self._deliverer.wake()

    async def _pass_time(self) -> None:
        self._pool.pass_time()

    async def _note_intake(self) -> None:
        """Until when all roads in are known to have been empty: the clocks of silence rely on it."""
        until = self._imap.drained_until(self._clock.now())
        if until is None:
            return
        gap = await asyncio.to_thread(self._desk.store.note_intake, until)
        if gap:
            self._log.warning("the intake was out: clocks go on later by as much", seconds=int(gap.total_seconds()))

    async def _tell_operator(self) -> None:
        if await self._note.tell():
            self._deliverer.wake()

    def _troubles(self) -> set[str]:
        return ({self._deliverer.trouble, self._pool.trouble} | self._imap.troubles()) - {""}

    def _write_note(self, lines: Sequence[str], about: Sequence[str]) -> None:
        now = self._clock.now()
        mail = self._desk.renderer.for_operator(lines, about, now)
        with self._desk.store.transaction() as tx:
            tx.put([mail], now)

    async def _tell_standing(self) -> None:
        """For `maild health` and the supervisor: what nobody could see from outside."""
        troubles = {"next hop": codes_of(self._deliverer.trouble), "store": self._pool.trouble}
        with contextlib.suppress(OSError):  # a full disk has its own voices; this file only grows old
            tell(await asyncio.to_thread(self._standing.write, troubles))

    async def _forget(self) -> None:
        retention = self._config.settings.intake.retention
        await forget(self._spool, self._config.state / "maildrop", self._desk.store, self._clock.now(), retention)


def run(config_file: Path) -> None:
    """`maild run`. Raises MaildError."""
    config = load_config(config_file)
    logging.set_up(config.settings.log.level, config.settings.log.format)

    def ready() -> None:
        print("maild: ready", file=sys.stderr, flush=True)
        tell("READY=1")

    async def serve() -> None:
        await Front(config).run(ready)

    asyncio.run(serve())
