"""What is done and old is forgotten."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from pathlib import Path

from maild.clock import to_stamp
from maild.intake.maildrop import sweep
from maild.intake.spool import Spool
from maild.store.store import Store

ABANDONED = timedelta(days=1)  # a pipe that was killed half-way; it never said that the mail was taken


async def forget(spool: Spool, maildrop: Path, store: Store, now: datetime, retention: timedelta) -> None:
    """Mail that arrived longer ago than `retention`, what pipes left half-written, and counts of hours that no budget looks at."""
    await spool.purge(to_stamp(now - retention))
    await asyncio.to_thread(sweep, maildrop, now - ABANDONED)
    await asyncio.to_thread(_forget_budgets, store, now)


def _forget_budgets(store: Store, now: datetime) -> None:
    with store.transaction() as tx:
        tx.forget_budgets(now)
