"""The note to the operator: what needs a hand, told once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from maild.clock import Clock
from maild.intake.imap.sources import Sources, troubles_of
from maild.intake.spool import Spool
from maild.store.spool import told


class OperatorsNote:
    """Looks for mail on hold, folders with mail over the limit, and troubles; tells them all in one note.

    `troubles`: those of now. `write(lines, about)` queues the note; its key follows from `about`, so the same is queued once.
    """

    def __init__(
        self,
        spool: Spool,
        imap: Sources,
        clock: Clock,
        troubles: Callable[[], set[str]],
        write: Callable[[Sequence[str], Sequence[str]], None],
    ) -> None:
        self._spool = spool
        self._imap = imap
        self._clock = clock
        self._troubles = troubles
        self._write = write
        self._told: set[str] = set()

    async def tell(self) -> bool:
        """Writes the note if there is anything new, and says whether it did."""
        held = self._spool.reader.newly_held()
        lines = [f"held: {each.reason} (maild spool show {each.id[:12]}, then maild spool retry or drop)" for each in held]
        about = [each.id for each in held]
        troubles = self._troubles()
        for trouble in troubles - self._told:
            lines.append(f"trouble: {trouble}")
            about.append(f"{trouble} {self._clock.now():%Y-%m-%d %H}")
        large = await self._imap.large()
        lines += troubles_of(large)
        about += [f"{source.key} {mails}" for source, mails in large.items()]
        if lines:
            await asyncio.to_thread(self._write, lines, about)
            await self._spool.submit(lambda connection: told(connection, [each.id for each in held]))
            await self._imap.told(large)
        self._told = troubles
        return bool(lines)
