"""What monitoring asks of spool and outbox: how many, and since when the oldest. Nothing about whom, nothing about what."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select

from maild.clock import from_stamp, to_stamp
from maild.errors import StoreTrouble
from maild.store.store import Store
from maild.store.tables import OUTBOX


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """Mails in one state. `oldest`: for the spool the first arrival, for the outbox the first due time, which is past."""

    count: int
    oldest: datetime


def spool_queues(state: Path) -> Mapping[str, Queue]:
    """The spool by state, without what is done. Raises StoreTrouble."""
    path = state / "spool.db"
    if not path.exists():
        return {}
    statement = "SELECT state, COUNT(*), MIN(arrived_at) FROM entry WHERE state <> 'done' GROUP BY state"
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
            rows = connection.execute(statement).fetchall()
    except sqlite3.Error as error:
        raise StoreTrouble(f"spool: {error}") from error
    return {state: Queue(count=count, oldest=from_stamp(oldest)) for state, count, oldest in rows}


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
