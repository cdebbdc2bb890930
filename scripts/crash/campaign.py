"""One run: customers write, the daemon dies at random moments and is started again, until the last mail has drained."""

import argparse
import asyncio
import contextlib
import os
import random
import signal
import sys
import time
from collections import Counter
from pathlib import Path

from customers import Customers
from daemon import Daemon, InFlight, kill_workers, signal_worker, wait_for
from sink import Received, Sink

TARGETS = ("front",) * 5 + ("worker",) * 3 + ("both",) * 2
MOMENTS = (
    "any",
    "any",
    "batch",
    "sending",
)  # whenever; while a worker has a batch; while the sink has a mail and has not said so
MOMENT_SECONDS = 15.0  # how long such a moment is waited for
LONGEST_DELAY = 0.4  # seconds, between the last of `--between` mails and the kill
START_KILL_SHARE, START_KILL_SECONDS = 0.2, 1.6  # a daemon that was killed is killed again while it starts
PROGRESS_SECONDS = 120.0  # without any, it hangs


class Stuck(Exception):
    """The daemon runs, and nothing moves."""


class Campaign:
    """Kills at random moments. What it knows at the end is for `verify`."""

    def __init__(self, options: argparse.Namespace, folder: Path) -> None:
        self._options = options
        self._chance = random.Random(options.seed)
        self.sink = Sink(folder, random.Random(f"{options.seed} sink"))
        self._folder = folder
        self._workers, self._connections = options.workers, options.connections
        self._notified: set[str] = set()
        self.kills: Counter[str] = Counter()
        self.with_batch = self.with_sending = 0
        self.in_flight: Counter[str] = Counter()

    async def run(self) -> None:
        """Raises DidNotStart, Stuck, Refused, TimeoutError."""
        await self.sink.start()
        self.sink.on_mail = self._came
        settings = {"MAILD_STORE_WORKERS": str(self._workers)}
        command = (sys.executable, *self._options.program)
        self.daemon = Daemon(self._folder, f"smtp://127.0.0.1:{self.sink.port}", command, **settings)
        self.customers = Customers(self.daemon.port, random.Random(f"{self._options.seed} customers"), self._may_write)
        await asyncio.to_thread(self.daemon.start)
        try:
            async with asyncio.TaskGroup() as group:
                writing = group.create_task(self.customers.run(self._connections))
                await self._kills()
                self.customers.stop()
                await writing
            await self._drain()
            code = await asyncio.to_thread(self.daemon.stop)
            if code != os.EX_OK:
                raise Stuck(f"asked to stop in peace, it ended with {code}")
        finally:
            self.daemon.kill_all()
            self.sink.stop()

    # --- kills ------------------------------------------------------------------------------------------------

    async def _kills(self) -> None:
        for number in range(1, self._options.kills + 1):
            await self._progress(self.customers.acknowledged + self._options.between)
            await self._kill(number)

    async def _kill(self, number: int) -> None:
        target = self._chance.choice(TARGETS)
        delay = self._chance.uniform(0, LONGEST_DELAY)
        moment = self._chance.choice(MOMENTS)
        await asyncio.sleep(delay)
        await self._wait_for(moment)
        acknowledged = self.customers.acknowledged
        if target == "worker":
            left, how = await asyncio.to_thread(self._kill_a_worker), ""
        else:
            left, how = await asyncio.to_thread(self._kill_the_front, target == "both")
        self._count(target, left)
        words = f"active {left.active:3}  sending {len(left.sending):3}  incoming {left.waiting:4}"
        when = f"after {delay:.2f} s, {moment}"
        print(f"kill {number:4}  {target:6}  {when:21}  acknowledged {acknowledged:6}  {words}{how}", flush=True)
        if target != "worker":
            await self._start_again()

    async def _wait_for(self, moment: str) -> None:
        deadline = time.monotonic() + MOMENT_SECONDS
        if moment == "sending":
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.sink.holding.wait(), MOMENT_SECONDS)
        while moment == "batch" and time.monotonic() < deadline:
            if (await asyncio.to_thread(self.daemon.in_flight)).active:
                return
            await asyncio.sleep(0.005)

    def _kill_a_worker(self) -> InFlight:
        """One of them, stopped for the moment that it takes to see what it had in its hands."""
        workers = self.daemon.workers()
        for worker in workers:
            signal_worker(worker, signal.SIGSTOP)
        left = self.daemon.in_flight()
        dies = self._chance.randrange(len(workers)) if workers else 0
        for worker in workers[:dies] + workers[dies + 1 :]:
            signal_worker(worker, signal.SIGCONT)
            os.close(worker)
        kill_workers(workers[dies : dies + 1])
        return left

    def _kill_the_front(self, and_workers: bool) -> tuple[InFlight, str]:
        """With its workers, or leaving them behind, who may still commit what they have while the next front starts."""
        workers = self.daemon.workers()
        self.daemon.kill_front()
        if and_workers:
            kill_workers(workers)
            return self.daemon.in_flight(), ""
        left = self.daemon.in_flight()
        if self._chance.random() < 0.4:
            wait_for(workers)
            return left, "  its workers ended first"
        for worker in workers:
            os.close(worker)
        return left, "  its workers may live on"

    async def _start_again(self) -> None:
        while self._chance.random() < START_KILL_SHARE:
            await asyncio.to_thread(self.daemon.spawn)
            await asyncio.sleep(self._chance.uniform(0, START_KILL_SECONDS))
            await asyncio.to_thread(self.daemon.kill_front)
            self._count("start", self.daemon.in_flight())
        await asyncio.to_thread(self.daemon.start)

    def _count(self, target: str, left: InFlight) -> None:
        self.kills[target] += 1
        self.with_batch += left.active > 0
        if target != "worker":
            self.with_sending += bool(left.sending)
            self.in_flight.update(left.sending)

    # --- waiting ----------------------------------------------------------------------------------------------

    def _came(self, copy: Received) -> None:
        letter = self.customers.letters.get(copy.answers)
        if letter is None:
            return  # a note for the operator, or what the comparison at the end will tell of
        if copy.automatic == "auto-replied":
            letter.thread.ticket_address = copy.reply_to
        else:
            self._notified.add(copy.answers)

    def _may_write(self) -> bool:
        """Customers wait where the desk is far behind, so that kills find intake, work and sending all going on."""
        return self.customers.acknowledged_for_desk - len(self._notified) < self._options.backlog

    async def _progress(self, wanted: int) -> None:
        before, since = -1, time.monotonic()
        while self.customers.acknowledged < wanted:
            now = self.customers.acknowledged + len(self._notified)
            if now != before:
                before, since = now, time.monotonic()
            elif time.monotonic() - since > PROGRESS_SECONDS:
                raise Stuck(f"{self.customers.acknowledged} acknowledged, {len(self._notified)} notified, and then nothing")
            await asyncio.sleep(0.005)

    async def _drain(self) -> None:
        before: tuple[int, ...] = ()
        since = time.monotonic()
        while True:
            counts = await asyncio.to_thread(self._undone)
            if not any(counts):
                return
            if counts != before:
                before, since = counts, time.monotonic()
            elif time.monotonic() - since > PROGRESS_SECONDS:
                raise Stuck(f"{counts[0]} mails in the spool, {counts[1]} in the outbox and {counts[2]} fates do not move")
            await asyncio.sleep(0.05)

    def _undone(self) -> tuple[int, ...]:
        spool = self.daemon.read("spool.db", "SELECT COUNT(*) FROM entry WHERE state NOT IN ('done', 'hold')")
        outbox = self.daemon.read("maild.db", "SELECT COUNT(*) FROM outbox WHERE state IN ('queued', 'sending', 'deferred')")
        fates = self.daemon.read("maild.db", "SELECT COUNT(*) FROM outbox WHERE news")
        return spool[0][0], outbox[0][0], fates[0][0]
