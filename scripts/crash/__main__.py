"""Kills a real daemon under load, again and again, and proves from outside that no acknowledged mail is lost or counted twice.

`python scripts/crash --kills 100` prints a line for each kill and a summary; its exit code is 1 where anything is wrong.
"""

import argparse
import asyncio
import contextlib
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from customers import Customers, Refused
from daemon import Daemon, DidNotStart, InFlight, kill_workers, signal_worker, wait_for
from sink import Received, Sink
from verify import Evidence, Report, verify

TARGETS = ("front",) * 5 + ("worker",) * 3 + ("both",) * 2
MOMENTS = (
    "any",
    "any",
    "batch",
    "sending",
)  # whenever; while a worker has a batch; while the sink has a mail and has not said so
MOMENT_SECONDS = 3.0  # how long such a moment is waited for
LONGEST_DELAY = 0.4  # seconds, between the last of `--between` mails and the kill
START_KILL_SHARE, START_KILL_SECONDS = 0.2, 1.6  # a daemon that was killed is killed again while it starts
PROGRESS_SECONDS = 120.0  # without any, it hangs


class Stuck(Exception):
    """The daemon runs, and nothing moves."""


class Campaign:
    """One run: customers write, the daemon dies, until `kills` is reached and everything has drained."""

    def __init__(self, options: argparse.Namespace, folder: Path) -> None:
        self._options = options
        self._chance = random.Random(options.seed)
        self.sink = Sink(folder, random.Random(f"{options.seed} sink"))
        self._folder = folder
        self._notified: set[str] = set()
        self.kills: Counter[str] = Counter()
        self.with_batch = self.with_sending = 0
        self.in_flight: Counter[str] = Counter()

    async def run(self) -> None:
        """Raises DidNotStart, Stuck, Refused, TimeoutError."""
        await self.sink.start()
        self.sink.on_mail = self._came
        settings = {"MAILD_STORE_WORKERS": str(self._options.workers)}
        command = (sys.executable, *self._options.program)
        self.daemon = Daemon(self._folder, f"smtp://127.0.0.1:{self.sink.port}", command, **settings)
        self.customers = Customers(self.daemon.port, random.Random(f"{self._options.seed} customers"), self._may_write)
        await asyncio.to_thread(self.daemon.start)
        try:
            async with asyncio.TaskGroup() as group:
                writing = group.create_task(self.customers.run(self._options.connections))
                for number in range(1, self._options.kills + 1):
                    await self._progress(self.customers.acknowledged + self._options.between)
                    await self._kill(number)
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
        before, since = (-1, -1), time.monotonic()
        while True:
            counts = await asyncio.to_thread(self._undone)
            if not any(counts):
                return
            if counts != before:
                before, since = counts, time.monotonic()
            elif time.monotonic() - since > PROGRESS_SECONDS:
                raise Stuck(f"{counts[0]} mails in the spool and {counts[1]} in the outbox do not move")
            await asyncio.sleep(0.05)

    def _undone(self) -> tuple[int, int]:
        spool = self.daemon.read("spool.db", "SELECT COUNT(*) FROM entry WHERE state NOT IN ('done', 'hold')")
        outbox = self.daemon.read("maild.db", "SELECT COUNT(*) FROM outbox WHERE state IN ('queued', 'sending', 'deferred')")
        return spool[0][0], outbox[0][0]


def main(words: list[str] | None = None) -> int:
    """Runs the campaign; the exit code."""
    options = _options(words)
    folder = Path(tempfile.mkdtemp(prefix="maild-crash-"))
    campaign = Campaign(options, folder)
    started = time.monotonic()
    try:
        asyncio.run(campaign.run())
        killed = time.monotonic() - started
        report = verify(
            Evidence(campaign.daemon.state, campaign.daemon.config, campaign.customers, campaign.sink, campaign.in_flight)
        )
    except* (DidNotStart, Stuck, Refused, TimeoutError) as errors:
        killed = time.monotonic() - started
        report = Report(violations=[f"{type(each).__name__}: {each}" for each in errors.exceptions])
    _say(campaign, report, killed, options)
    if report.violations or options.keep:
        print(f"everything is kept in {folder}")
    else:
        shutil.rmtree(folder)
    return 1 if report.violations else 0


def _options(words: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="crash", description="Kills maild under load, and counts what is lost.")
    parser.add_argument("--kills", type=int, default=100, help="how many (kills while it starts come on top)")
    parser.add_argument("--between", type=int, default=200, help="mails acknowledged from one kill to the next, at least")
    parser.add_argument("--seed", type=int, default=None, help="for the moments, the targets and the mails")
    parser.add_argument("--connections", type=int, default=6, help="customers' connections at once")
    parser.add_argument("--workers", type=int, default=2, help="worker processes of the daemon")
    parser.add_argument("--backlog", type=int, default=600, help="customers wait when the desk is so many mails behind")
    parser.add_argument(
        "--program", nargs="+", default=["-m", "maild"], help="a Python program in its place, to see that a planted bug is found"
    )
    parser.add_argument("--keep", action="store_true", help="leave the folder")
    options = parser.parse_args(words)
    if options.seed is None:
        options.seed = random.SystemRandom().randrange(1 << 32)
    return options


def _say(campaign: Campaign, report: Report, seconds: float, options: argparse.Namespace) -> None:
    customers, kills = campaign.customers, campaign.kills
    asked = sum(count for target, count in kills.items() if target != "start")
    started = campaign.daemon.said("started")
    lines = {
        "seed": options.seed,
        "seconds": round(seconds),
        "kills": f"{asked} ({kills['front']} front, {kills['worker']} worker, {kills['both']} both), and {kills['start']} while it started",
        "with a batch in a worker's hands": campaign.with_batch,
        "of the front, with mails on their way out": campaign.with_sending,
        "mails acknowledged": customers.acknowledged,
        "sent again after a lost 250": customers.sent_again,
        "put off with 4xx": customers.put_off,
        "entries taken back from dead workers at start": sum(each["interrupted"] for each in started),
        "batches that died with their worker": len(campaign.daemon.said("batch failed")),
        **report.counts,
        "violations": len(report.violations),
    }
    print()
    for name, value in lines.items():
        print(f"{name:48} {value}")
    for violation in report.violations[:20]:
        print(f"VIOLATION  {violation}")


if __name__ == "__main__":
    sys.exit(main())
