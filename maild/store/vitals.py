"""What monitoring asks of the outbox, and of SQLite: how many, and since when the oldest. Nothing about whom, nothing about what."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import func, select

from maild.clock import from_stamp, to_stamp
from maild.store.spool import Queue
from maild.store.store import Store
from maild.store.tables import OUTBOX


def outbox_queues(store: Store, now: datetime) -> Mapping[str, Queue]:
    """The outbox by state: what is due by now, and what is uncertain. Raises StoreTrouble."""
    statement = (
        select(OUTBOX.c.state, func.count(), func.min(OUTBOX.c.due_at))
        .where(OUTBOX.c.state.in_(("queued", "sending", "deferred", "uncertain")), OUTBOX.c.due_at <= to_stamp(now))
        .group_by(OUTBOX.c.state)
    )
    with store.database.reading() as connection:
        return {state: Queue(count=count, oldest=from_stamp(oldest)) for state, count, oldest in connection.execute(statement)}


def sqlite_version() -> tuple[int, int, int]:
    """The version of the library that is used here."""
    return sqlite3.sqlite_version_info


def has_wal_reset_bug(version: tuple[int, int, int]) -> bool:
    """Whether two writing processes may damage a WAL database: before 3.51.3, but for 3.50.7 and 3.44.6 of the older lines."""
    return (3, 7, 0) <= version < (3, 51, 3) and not ((3, 50, 7) <= version < (3, 51, 0) or (3, 44, 6) <= version < (3, 45, 0))
