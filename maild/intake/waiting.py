"""The mails that wait for a worker, in the order of arrival, and which of them may be handed to whom.

Mails of one conversation are never with two workers at once, and never overtake each other. Pure but for its own state.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, replace

from maild.store.spool import Entry

BATCH = 32
IN_MEMORY, LOW = 4_000, 1_000
LOOK_AHEAD = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiter:
    """A waiting mail. One that was in a failed batch goes `alone`, so that the bad one shows itself."""

    entry: Entry
    alone: bool = False


class Waiting:
    """The queue before the workers. It holds the next few thousand; the rest is fetched from the spool when needed."""

    def __init__(self, fetch: Callable[[int, int], list[Entry]]) -> None:
        self._fetch = fetch
        self._queue: deque[Waiter] = deque()
        self._busy: Counter[str] = Counter()  # conversations that are with a worker
        self._known: set[str] = set()  # entries that wait here or are with a worker
        self._last_seq = 0
        self._complete = False

    def __len__(self) -> int:
        return len(self._queue)

    def arrived(self, entry: Entry) -> None:
        """A mail was just accepted. Beyond what is held in memory it stays in the spool alone."""
        if self._complete and len(self._queue) < IN_MEMORY:
            self._add(entry)
        else:
            self._complete = False

    def again(self, entry: Entry) -> None:
        """A mail is incoming once more: an operator's retry, or one whose time has come."""
        if entry.id not in self._known:
            self._known.add(entry.id)
            self._queue.append(Waiter(entry=entry, alone=entry.attempts > 0))

    def take(self, beside_others: bool = False) -> list[Waiter]:
        """The next batch: at most `BATCH` mails, or one that must be alone. Empty where nothing may go now.

        `beside_others`: the worker has mail already, so that one that must be alone waits, and with it all that came later.
        """
        self._refill()
        if beside_others and self._queue and self._queue[0].alone:
            return []
        batch: list[Waiter] = []
        passed: list[Waiter] = []
        blocked = set(self._busy)
        while self._queue and len(batch) < BATCH and len(passed) < LOOK_AHEAD:
            waiter = self._queue.popleft()
            if blocked.isdisjoint(waiter.entry.conversation) and not (waiter.alone and batch):
                batch.append(waiter)
                if waiter.alone:
                    break
            else:
                blocked.update(waiter.entry.conversation)
                passed.append(waiter)
        self._queue.extendleft(reversed(passed))
        for waiter in batch:
            self._busy.update(waiter.entry.conversation)
        return batch

    def finished(self, batch: list[Waiter]) -> None:
        """The batch is done with: committed, or on hold."""
        self._release(batch)
        self._known.difference_update(waiter.entry.id for waiter in batch)

    def back(self, batch: list[Waiter], alone: bool) -> None:
        """The batch must be handed out again, before everything that came later."""
        self._release(batch)
        self._queue.extendleft(replace(waiter, alone=alone or waiter.alone) for waiter in reversed(batch))

    def _release(self, batch: list[Waiter]) -> None:
        for waiter in batch:
            self._busy.subtract(waiter.entry.conversation)
        self._busy += Counter()  # drops what is at zero

    def _refill(self) -> None:
        while not self._complete and len(self._queue) < LOW:
            found = self._fetch(self._last_seq, IN_MEMORY)
            for entry in found:
                self._add(entry)
            self._complete = len(found) < IN_MEMORY

    def _add(self, entry: Entry) -> None:
        if entry.seq > self._last_seq:
            self._last_seq = entry.seq
            if entry.id not in self._known:
                self._known.add(entry.id)
                self._queue.append(Waiter(entry=entry, alone=entry.attempts > 0))
