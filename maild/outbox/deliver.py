"""Sends what is in the outbox: claims mails, hands them to the next hop, writes their fates down. Runs in the front."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from itertools import groupby

from maild.clock import Clock, stopwatch
from maild.errors import StoreTrouble
from maild.log import Logger, reason_of
from maild.mail.outgoing import Outgoing
from maild.outbox.hops import HopDown, NextHop
from maild.outbox.retry import Attempt, Result, codes_of, next_step
from maild.store.outbox import Claimed, Outbox, Settled

CLAIM = 128  # how many mails are in flight at the most: what a crash may send twice
LOW = CLAIM // 4  # more are claimed when no more than this are left: every exchange is a commit
SETTLE_SECONDS = 0.25  # the longest that a known fate waits for others to be written down with it
PAUSE_FIRST, PAUSE_LONGEST = 1.0, 300.0
NEVER = timedelta(days=1)
STOP_SECONDS = 10.0  # how long a stop waits for mails that are on their way


class Deliverer:
    """One loop that claims and settles, and as many senders as the hop can use."""

    def __init__(
        self,
        outbox: Outbox,
        hop: NextHop,
        give_up: timedelta,
        clock: Clock,
        chance: Callable[[], float],
        log: Logger,
        enclosures: Callable[[Outgoing], Outgoing] = lambda mail: mail,
        on_news: Callable[[], None] = lambda: None,
        give_way: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        self._outbox = outbox
        self._hop = hop
        self._give_up = give_up
        self._clock = clock
        self._chance = chance
        self._log = log
        self._enclosures = enclosures
        self._on_news = on_news
        self._give_way = give_way
        self._ready: deque[Claimed] = deque()
        self._settled: list[Settled] = []
        self._in_flight = 0
        self._wake = asyncio.Event()
        self._few = asyncio.Event()
        self._work = asyncio.Condition()
        self._pause = 0.0
        self._resume_at = 0.0
        self._stopping = False
        self.trouble = ""

    def wake(self) -> None:
        """There may be something to send."""
        self._wake.set()

    def stop(self) -> None:
        """Lets `run` end: what no sender has begun goes back, and what is on its way gets a while to arrive."""
        self._stopping = True
        self.wake()

    @property
    def unsettled(self) -> int:
        """Mails whose fate is not known. Once `run` has ended: those that it had to leave as they were, `sending`."""
        return self._in_flight

    async def run(self) -> None:
        """Until `stop`, or until cancelled. Fates that are known are written down before it ends."""
        senders = [asyncio.create_task(self._sender()) for _ in range(self._hop.senders)]
        try:
            while not self._stopping:
                await self._exchange()
            await self._wind_down()
        finally:
            for task in senders:
                task.cancel()
            await asyncio.gather(*senders, return_exceptions=True)
            with contextlib.suppress(StoreTrouble):
                await asyncio.to_thread(self._outbox.exchange, self._settled, 0, self._clock.now())
            await self._hop.close()

    async def _exchange(self) -> None:
        """One turn: settle what is known, claim what is due, wait for the next reason to."""
        if self._in_flight > LOW:
            self._few.clear()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(SETTLE_SECONDS):
                    await self._few.wait()
        self._wake.clear()
        settled, self._settled = self._settled, []
        paused = self._paused_for()
        room = 0 if paused else CLAIM - self._in_flight
        try:
            claimed = await asyncio.to_thread(self._outbox.exchange, settled, room, self._clock.now())
        except Exception as error:  # what is known of mails on their way must be written down, sooner or later
            self._settled = settled + self._settled
            self._log.warning("outbox waits", reason=reason_of(error))
            await asyncio.sleep(PAUSE_FIRST)
            return
        if any(each.is_news for each in settled):
            self._on_news()
        if claimed:
            self._in_flight += len(claimed)
            async with self._work:
                self._ready.extend(claimed)
                self._work.notify_all()
        if not self._wake.is_set() and not self._stopping:
            await self._wait(paused, room > len(claimed))

    async def _wind_down(self) -> None:
        """A stop sends nothing twice: rows that are left `sending` would be, at the next start."""
        now = self._clock.now()
        for claimed in self._ready:
            key, ticket = claimed.mail.key, claimed.mail.ticket
            self._settled.append(Settled(key=key, ticket=ticket, state="queued", due_at=now, twice=claimed.twice, reply=""))
        self._in_flight -= len(self._ready)
        self._ready.clear()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(STOP_SECONDS):
                while self._in_flight:
                    self._few.clear()
                    await self._few.wait()

    def _paused_for(self) -> float:
        """Seconds until the next hop may be tried again."""
        return max(0.0, self._resume_at - stopwatch())

    async def _wait(self, paused: float, took_all: bool) -> None:
        """Until somebody calls, the pause is over, or the next mail is due."""
        seconds = paused or None
        if not paused and took_all:
            due = await asyncio.to_thread(self._outbox.next_due)
            seconds = max(0.0, ((due or self._clock.now() + NEVER) - self._clock.now()).total_seconds())
        try:
            async with asyncio.timeout(seconds):
                await self._wake.wait()
        except TimeoutError:
            pass

    async def _sender(self) -> None:
        while True:
            if self._give_way is not None:
                await self._give_way()
            async with self._work:
                await self._work.wait_for(lambda: self._ready and not self._stopping)
                portion = [self._ready.popleft() for _ in range(min(self._hop.portion, len(self._ready)))]
            results = await self._send([each.mail for each in portion])
            self._settle(portion, results)

    async def _send(self, mails: Sequence[Outgoing]) -> list[Result]:
        """In order. A mail with files goes by itself: the files of one may be missing, and those of many would fill the memory."""
        results: list[Result] = []
        for has_files, group in groupby(mails, lambda mail: bool(mail.enclosed)):
            together = list(group)
            for portion in [[mail] for mail in together] if has_files else [together]:
                results += await self._hand_over(portion)
        return results

    async def _hand_over(self, mails: Sequence[Outgoing]) -> list[Result]:
        if self._paused_for():  # claimed before it was known that the hop is down: what waits must not pester it
            return [Result(fate="deferred", reply=self.trouble)] * len(mails)
        try:
            results = await self._hop.send([await self._whole(mail) for mail in mails])
            self._pause, self.trouble = 0.0, ""
            return results
        except HopDown as error:
            self.trouble = reply = str(error)
            if not self._paused_for():  # senders fail together: that is one failure
                self._pause = min(max(PAUSE_FIRST, self._pause * 2), PAUSE_LONGEST)
                self._resume_at = stopwatch() + self._pause
            self._log.warning("next hop", reason=codes_of(reply), pause=self._pause)
        except Exception as error:  # one mail's trouble must not end the sender; the mail is tried again
            self._log.error("sending failed", reason=reason_of(error))
            reply = type(error).__name__
        return [Result(fate="deferred", reply=reply)] * len(mails)

    async def _whole(self, mail: Outgoing) -> Outgoing:
        """The mail with the files that go along."""
        return await asyncio.to_thread(self._enclosures, mail) if mail.enclosed else mail

    def _settle(self, portion: Sequence[Claimed], results: Sequence[Result]) -> None:
        now = self._clock.now()
        for claimed, result in zip(portion, results, strict=True):
            attempt = Attempt(
                kind=claimed.mail.kind, attempts=claimed.attempts, created_at=claimed.created_at, twice=claimed.twice
            )
            step = next_step(attempt, result, now, self._give_up, self._chance())
            mail = claimed.mail
            self._settled.append(
                Settled(
                    key=mail.key,
                    ticket=mail.ticket,
                    state=step.state,
                    due_at=step.due_at,
                    twice=step.twice,
                    reply=step.reply,
                    watched=mail.watched,
                )
            )
            log = self._log.info if step.state == "sent" else self._log.warning
            log("mail", state=step.state, key=mail.key, ticket=mail.ticket, kind=mail.kind, reason=codes_of(step.reply))
        self._in_flight -= len(portion)
        if self._in_flight <= LOW:
            self._few.set()
        self._wake.set()
