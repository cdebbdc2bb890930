"""How fast mail comes in: whether there is a storm, in which accepting goes before everything else."""

from __future__ import annotations

import asyncio

from maild.clock import stopwatch

WINDOW = 0.1  # seconds
TURNS = 10  # windows that others wait at the most
STORM = 300.0  # mails a second: more than a desk's work can follow


class Rate:
    """Counts accepted mails; a storm is over with the first quiet window."""

    def __init__(self) -> None:
        self._since = stopwatch()
        self._count = 0
        self._storm = False

    def count(self) -> None:
        """One more was accepted."""
        self._turn()
        self._count += 1

    def is_storm(self) -> bool:
        """Whether the last window had more than the desk can follow."""
        self._turn()
        return self._storm

    async def let_intake_go_first(self) -> None:
        """Waits while there is a storm, for a second at the most: what is in the spool and the outbox is safe, and can."""
        for _ in range(TURNS):
            if not self.is_storm():
                return
            await asyncio.sleep(WINDOW)

    def _turn(self) -> None:
        passed = stopwatch() - self._since
        if passed >= WINDOW:
            self._storm = self._count / passed > STORM
            self._since, self._count = self._since + passed, 0
