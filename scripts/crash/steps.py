"""Kills at every step instead of at random: before the first, the second, … system call of a kind, thread by thread.

strace does it (`inject=…:signal=SIGKILL:when=N`). One mail is on its road at a time, so that what a step is does not depend on luck.
"""

import argparse
import asyncio
import contextlib
import os
import select
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from campaign import PROGRESS_SECONDS, Campaign, Stuck
from daemon import Daemon

_MISSES = 2  # a call that was not reached by so many mails is behind the end of the road


@dataclass(frozen=True, slots=True)
class Road:
    """The calls of one part of the daemon. `threads` chooses among its threads, oldest first; `large`: a large mail has more steps."""

    name: str
    worker: bool
    threads: Callable[[list[int]], list[int]]
    calls: Sequence[str]
    large: bool = False


ROADS = (
    Road("dialogue", False, lambda threads: threads[:1], ("sendto", "write")),
    # A thread for the store's migration comes first, then that of the spool; the pool of threads grows behind it.
    Road("spool", False, lambda threads: threads[2:3], ("pwrite64", "fdatasync", "sendto")),
    Road("outbox", False, lambda threads: threads[1:2] + threads[3:], ("pwrite64", "fdatasync")),
    Road("large mail", False, lambda threads: threads[1:2] + threads[3:], ("write", "fsync", "rename"), large=True),
    Road("worker", True, lambda threads: threads, ("read", "pwrite64", "fdatasync", "write")),
)
# Each call of the first start, but of the hundred writes of the new tables, which are one transaction, every ninth.
START_CALLS = {"mkdir": 1, "fsync": 1, "link": 1, "unlink": 1, "fdatasync": 1, "pwrite64": 9, "write": 1}


class Steps(Campaign):
    """One mail at a time, and a kill before each of its system calls."""

    def __init__(self, options: argparse.Namespace, folder: Path) -> None:
        super().__init__(options, folder)
        self._workers = self._connections = 1
        self._allowed = 0

    async def _kills(self) -> None:
        await self._first_starts()
        for road in ROADS:
            self.customers.large_share = 1.0 if road.large else 0.0
            for call in road.calls:
                number, missed = 1, 0
                while missed < _MISSES:
                    died = await self._step(road, call, number)
                    missed = 0 if died else missed + 1
                    number += died
                print(f"{road.name:11}  {call:10}  killed {number - 1} times", flush=True)

    async def _step(self, road: Road, call: str, number: int) -> bool:
        """Sends one mail past the trap; whether it snapped."""
        if road.worker and not await asyncio.to_thread(self._has_worker):
            self._allowed = len(self.customers.letters) + 1  # one that died with nothing in its hands is missed by the next mail
            await self._drained()
        with contextlib.ExitStack() as stack:
            victim = self._victim(road.worker)
            stack.callback(os.close, victim.handle)
            trap = stack.enter_context(contextlib.ExitStack())
            if trap.enter_context(_trap(victim.pid, road.threads(_threads(victim.pid)), call, number)) is None:
                return False
            self._allowed = len(self.customers.letters) + 1
            await self._past(victim.handle)
            trap.close()
            died = _is_gone(victim.handle)  # what the clock noticed may have sprung it behind the mail
        if died and not road.worker:
            await asyncio.to_thread(self.daemon.kill_front)  # it is dead; this waits for it
            self._count("front", self.daemon.in_flight())
            await asyncio.to_thread(self.daemon.start)
        elif died:
            self.kills["worker"] += 1
        await self._drained()
        return died

    async def _past(self, handle: int) -> None:
        """Until the victim is dead, or the mail has come through."""
        since = time.monotonic()
        while not _is_gone(handle):
            if (
                len(self.customers.letters) >= self._allowed
                and self._is_through()
                and not any(await asyncio.to_thread(self._undone))
            ):
                return
            if time.monotonic() - since > PROGRESS_SECONDS:
                raise Stuck("one mail alone does not come through")
            await asyncio.sleep(0.01)

    async def _drained(self) -> None:
        since = time.monotonic()
        while len(self.customers.letters) < self._allowed or not self._is_through():
            if time.monotonic() - since > PROGRESS_SECONDS:
                raise Stuck("one mail alone does not come through after the kill")
            await asyncio.sleep(0.01)
        await self._drain()

    def _is_through(self) -> bool:
        customers = self.customers
        return customers.acknowledged == len(customers.letters) and customers.acknowledged_for_desk <= len(self._notified)

    def _may_write(self) -> bool:
        return len(self.customers.letters) < self._allowed

    def _victim(self, worker: bool) -> "_Victim":
        if not worker:
            return _Victim(self.daemon.pid, os.pidfd_open(self.daemon.pid))
        handle, *others = self.daemon.workers()
        for other in others:
            os.close(other)
        return _Victim(_pid_of(handle), handle)

    def _has_worker(self) -> bool:
        for _ in range(100):
            workers = self.daemon.workers()
            for worker in workers:
                os.close(worker)
            if workers:
                return True
            time.sleep(0.02)
        return False

    # --- the first start of all -------------------------------------------------------------------------------

    async def _first_starts(self) -> None:
        """A daemon without a state folder is killed before each call that makes one; the next start must find its way."""
        for call, stride in START_CALLS.items():
            kills = 0
            while await asyncio.to_thread(self._first_start, call, 1 + kills * stride):
                kills += 1
            print(f"first start  {call:10}  killed {kills} times", flush=True)
            self.kills["start"] += kills

    def _first_start(self, call: str, number: int) -> bool:
        folder = self._folder / "first"
        trap = f"strace -D -f -qq -o /dev/null -e trace={call} -e inject={call}:signal=SIGKILL:when={number}".split()
        trapped = Daemon(folder, "maildir:sent", (*trap, sys.executable, "-m", "maild"))
        died = not trapped.comes_up()
        trapped.kill_all()
        again = Daemon(folder, "maildir:sent")
        again.start()
        code = again.stop()
        shutil.rmtree(folder)
        if code != os.EX_OK:
            raise Stuck(f"killed before {call} number {number} of its first start, its second ended with {code}")
        return died


@dataclass(frozen=True, slots=True)
class _Victim:
    pid: int
    handle: int


@contextlib.contextmanager
def _trap(pid: int, threads: list[int], call: str, number: int) -> Iterator[object]:
    """strace on these threads alone, there for sure when this goes on; None where there are no such threads."""
    if not threads:
        yield None
        return
    command = f"strace -qq -o /dev/null -e trace={call} -e inject={call}:signal=SIGKILL:when={number}".split()
    for thread in threads:
        command += ["-p", str(thread)]
    tracer = subprocess.Popen(command, stderr=subprocess.PIPE)
    try:
        while not all(_is_traced(pid, thread) for thread in threads):
            if tracer.poll() is not None:
                raise Stuck(f"strace: {tracer.communicate()[1].decode().strip()}")
            time.sleep(0.005)
        yield tracer
    finally:
        tracer.terminate()
        tracer.communicate()


def _is_gone(handle: int) -> bool:
    return bool(select.select([handle], [], [], 0)[0])


def _threads(pid: int) -> list[int]:
    return sorted(int(task.name) for task in Path(f"/proc/{pid}/task").iterdir())


def _is_traced(pid: int, thread: int) -> bool:
    try:
        status = Path(f"/proc/{pid}/task/{thread}/status").read_text()
    except OSError:
        return True  # it ended meanwhile
    return "TracerPid:\t0\n" not in status


def _pid_of(handle: int) -> int:
    lines = Path(f"/proc/self/fdinfo/{handle}").read_text().splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith("Pid:")))
