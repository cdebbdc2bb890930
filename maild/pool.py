"""The worker processes, as the front sees them: started, handed batches, watched, killed when they take too long, replaced.

A failed batch is handed out again one mail at a time. An attempt alone is written down before it starts; the last one does
not take the mail apart any more, and if that fails, too, the mail goes on hold. Trouble of the store pauses the road for all.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

from maild.clock import Clock, to_stamp
from maild.errors import BadConfiguration, StoreTrouble
from maild.intake.spool import Spool
from maild.intake.waiting import Waiter, Waiting
from maild.log import Logger
from maild.process import WorkerDied, WorkerProcess
from maild.store.spool import begin_attempt, move
from maild.talk import Batch, Done, Trouble

MAX_ATTEMPTS = 3
TIME_FOR_TIME = 10  # times `store.mail_time`: a broadcast writes to thousands in one transaction
AHEAD = 2  # batches that a worker has: the one it works on, and the next
AGAIN_AFTER = timedelta(seconds=2)
PAUSE_FIRST, PAUSE_LONGEST = 0.5, 30.0


def _is_alone(batch: list[Waiter]) -> bool:
    """Whether it is one mail that is tried by itself. A batch may be empty: then only time passes."""
    return bool(batch) and batch[0].alone


class Pool:
    """All workers of this host."""

    def __init__(
        self,
        configuration: Callable[[], Path],
        workers: int,
        mail_time: float,
        spool: Spool,
        clock: Clock,
        log: Logger,
        committed: Callable[[], None],
    ) -> None:
        self._configuration = configuration  # that a worker starts with: what was last found good
        self._count = workers
        self._mail_time = mail_time
        self._spool = spool
        self._clock = clock
        self._log = log
        self._committed = committed
        self._news = asyncio.Event()
        self._resume = asyncio.Event()
        self._resume.set()
        self._pause = PAUSE_FIRST
        self._tasks: list[asyncio.Task[None]] = []
        self._generation = 0
        self._time_passes = False
        self._is_deadly = False  # a worker died at a portion of timers, and not all that was due then is handled
        self.waiting = Waiting(spool.reader.waiting)
        self.pids: set[int] = set()
        self.trouble = ""

    async def start(self) -> None:
        """Starts the workers and waits until the first is ready.

        Raises:
            BadConfiguration: it did not start.
        """
        first = await self._spawn()
        self._tasks = [asyncio.create_task(self._serve(first if number == 0 else None)) for number in range(self._count)]

    def notice(self) -> None:
        """There may be something to hand out."""
        self._news.set()

    def pass_time(self) -> None:
        """Timers may be due, or fates of mails known: the next worker that is free looks."""
        self._time_passes = True
        self.notice()

    def replace_workers(self) -> None:
        """Every worker ends after its batch and a new one starts, with the configuration that is in force now."""
        self._generation += 1
        self.notice()

    async def stop(self) -> None:
        """Lets every worker finish its batch."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    # --- one worker -------------------------------------------------------------------------------------------

    async def _serve(self, process: WorkerProcess | None) -> None:
        """Keeps one worker busy: while it works on a batch the next one waits in its pipe. Starts another when it dies."""
        generation = self._generation
        out: deque[list[Waiter]] = deque()
        try:
            while True:
                if process is None or (generation != self._generation and not out):
                    await self._end(process)
                    generation = self._generation
                    process = await self._respawn()
                await self._hand_out(process, out, generation)
                if out and not await asyncio.shield(asyncio.ensure_future(self._take_answer(process, out))):
                    await self._end(process)
                    process = None
        finally:
            await self._end(process)

    async def _hand_out(self, process: WorkerProcess, out: deque[list[Waiter]], generation: int) -> None:
        """Gives the worker what it may have; with nothing in its hands, waits until there is something."""
        await self._resume.wait()
        while len(out) < AHEAD and generation == self._generation and not (out and _is_alone(out[0])):
            only_time = self._time_passes and not out  # apart from mail, which must not be blamed for what happens then
            batch = [] if only_time else self.waiting.take(beside_others=bool(out))
            if batch or only_time:
                out.append(batch)
                await self._send(process, batch)
            elif out:
                return
            else:
                self._news.clear()  # every worker that waits has looked since; nothing happens between this and the next line
                await self._news.wait()

    async def _send(self, process: WorkerProcess, batch: list[Waiter]) -> None:
        try:
            blind = await self._attempt(batch)
        except StoreTrouble as error:
            self._log.warning("attempt not written down", reason=str(error))
            blind = ""
        items = tuple((waiter.entry.id, blind) for waiter in batch)
        process.hand(Batch(items=items, time=not batch, alone=self._is_deadly))
        self._time_passes = self._time_passes and bool(batch)

    async def _take_answer(self, process: WorkerProcess, out: deque[list[Waiter]]) -> bool:
        """What became of the batch that was handed out first; says whether the worker is still good."""
        try:
            answer = await process.answer(self._mail_time * (len(out[0]) or TIME_FOR_TIME))
        except WorkerDied as error:
            while len(out) > 1:  # these were not begun: they are not to blame
                self.waiting.back(out.pop(), alone=False)
            self._failed(out.popleft(), str(error))
            return False
        batch = out.popleft()
        if isinstance(answer, Done):
            self._done(batch, answer)
        elif isinstance(answer, Trouble):
            self._wait_for_store(batch, answer.why)
        else:
            self._failed(batch, answer.why)
        return True

    async def _attempt(self, batch: list[Waiter]) -> str:
        """Writes an attempt alone down, before it starts; says why the mail is not to be taken apart, if so."""
        ids = [waiter.entry.id for waiter in batch]
        if not _is_alone(batch):
            if ids:  # else only time passes, every few seconds: no business of the spool's
                self._spool.post(lambda connection: move(connection, ids, "active"))
            return ""
        entry = batch[0].entry
        await self._spool.submit(lambda connection: begin_attempt(connection, entry.id))
        batch[0] = replace(batch[0], entry=replace(entry, attempts=entry.attempts + 1))
        return entry.reason or "it failed before" if entry.attempts + 1 >= MAX_ATTEMPTS else ""

    # --- what became of a batch -------------------------------------------------------------------------------

    def _done(self, batch: list[Waiter], answer: Done) -> None:
        done = [waiter.entry.id for waiter in batch if waiter.entry.id not in answer.held]
        if done:
            self._spool.post(lambda connection: move(connection, done, "done"))
        for entry, reason in answer.held.items():
            self._spool.post(partial(move, ids=[entry], state="hold", reason=reason))
        self.waiting.finished(batch)
        self._pause, self.trouble = PAUSE_FIRST, ""
        self._time_passes = self._time_passes or answer.more
        if not batch:
            self._is_deadly = self._is_deadly and answer.more
        self._committed()
        self.notice()

    def _failed(self, batch: list[Waiter], reason: str) -> None:
        self._log.warning("batch failed", mails=len(batch), alone=_is_alone(batch), reason=reason)
        if not batch:  # only time passed; the clock notices again
            self._is_deadly = True
            return
        ids = [waiter.entry.id for waiter in batch]
        attempts = batch[0].entry.attempts
        if not batch[0].alone:
            self._spool.post(lambda connection: move(connection, ids, "incoming", reason))
            self.waiting.back([replace(each, entry=replace(each.entry, reason=reason)) for each in batch], alone=True)
        elif attempts < MAX_ATTEMPTS:  # a trouble of its own, and perhaps a passing one
            due_at = to_stamp(self._clock.now() + AGAIN_AFTER * attempts)
            self._spool.post(lambda connection: move(connection, ids, "deferred", reason, due_at))
            self.waiting.finished(batch)
        else:
            why = f"failed {MAX_ATTEMPTS} times: {reason}"
            self._spool.post(lambda connection: move(connection, ids, "hold", why))
            self.waiting.finished(batch)
        self.notice()

    def _wait_for_store(self, batch: list[Waiter], reason: str) -> None:
        """Nobody's attempt counts: the mails are not to blame."""
        self._log.warning("the road pauses", reason=reason, seconds=self._pause)
        self.trouble = reason
        self.waiting.back(batch, alone=False)
        if self._resume.is_set():
            self._resume.clear()
            asyncio.get_running_loop().call_later(self._pause, self._resume.set)
            self._pause = min(self._pause * 2, PAUSE_LONGEST)
        self.notice()

    # --- processes --------------------------------------------------------------------------------------------

    async def _spawn(self) -> WorkerProcess:
        process = await WorkerProcess.spawn(self._configuration())
        self.pids.add(process.pid)
        self._log.debug("worker ready", pid=process.pid)
        return process

    async def _respawn(self) -> WorkerProcess:
        """Another worker; if it does not start, again and again, ever more slowly. Mail waits in the spool meanwhile."""
        pause = PAUSE_FIRST
        while True:
            try:
                return await self._spawn()
            except (BadConfiguration, OSError) as error:
                self._log.error("worker does not start", reason=str(error), again_in=pause)
                await asyncio.sleep(pause)
                pause = min(pause * 2, PAUSE_LONGEST)

    async def _end(self, process: WorkerProcess | None) -> None:
        if process is not None:
            self.pids.discard(process.pid)
            await process.end()
