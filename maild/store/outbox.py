"""The outbox: rows claimed for sending, and their fates. The claim is committed before the first byte leaves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, Connection, bindparam, func, select, update

from maild.clock import from_stamp, iso, to_stamp
from maild.mail.outgoing import Outgoing
from maild.store.private import Private
from maild.store.rows import event_to_row, outgoing_from_row
from maild.store.store import Store
from maild.store.tables import EVENTS, LETTERS, OUTBOX
from maild.tickets.ticket import Event

WAITING = ("queued", "deferred")
FINAL = ("sent", "failed", "uncertain")
LOGGED = {"failed": "MailFailed", "uncertain": "MailUncertain"}
_ROWS = select(OUTBOX, LETTERS.c.private).join(LETTERS, LETTERS.c.key == OUTBOX.c.key)
_DUE = (
    _ROWS.where(OUTBOX.c.state.in_(WAITING), OUTBOX.c.due_at <= bindparam("now"))
    .order_by(OUTBOX.c.due_at, OUTBOX.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True, of=OUTBOX)
)
_NEXT = select(func.min(OUTBOX.c.due_at)).where(OUTBOX.c.state.in_(WAITING))
_CLAIM = update(OUTBOX).where(OUTBOX.c.id == bindparam("row")).values(state="sending", attempts=OUTBOX.c.attempts + 1)
_SETTLE = (
    update(OUTBOX)
    .where(OUTBOX.c.key == bindparam("which"), OUTBOX.c.state == "sending")
    .values(
        state=bindparam("new_state"),
        due_at=bindparam("new_due"),
        twice=bindparam("new_twice"),
        reply=bindparam("new_reply"),
        news=OUTBOX.c.watched & bindparam("new_final", type_=Boolean),
        settled_at=bindparam("new_settled"),
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """A mail that is ours to send now."""

    mail: Outgoing
    attempts: int
    twice: bool
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What became of it."""

    key: str
    ticket: int | None
    state: str
    due_at: datetime
    twice: bool
    reply: str
    watched: bool = False

    @property
    def is_news(self) -> bool:
        """Whether its ticket must be told: its fate is known, and matters to it."""
        return self.watched and self.state in FINAL


class Outbox:
    """The outbox table, for the one process of this host that sends."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._private = Private(store.keys)

    def recover(self, now: datetime) -> int:
        """At start: what was being sent may have arrived; it is sent again, the same bytes, and marked. Returns how many."""
        with self._store.database.writing() as connection:
            statement = update(OUTBOX).where(OUTBOX.c.state == "sending").values(state="queued", twice=True, due_at=to_stamp(now))
            return connection.execute(statement).rowcount

    def exchange(self, settled: Sequence[Settled], most: int, now: datetime) -> list[Claimed]:
        """Writes fates down and claims up to `most` mails that are due: one commit for both."""
        if not settled and not self._anything_due(now):
            return []
        with self._store.database.writing() as connection:
            if settled:
                connection.execute(_SETTLE, [_settle_row(each, to_stamp(now)) for each in settled])
                self._log_failures(connection, settled, now)
            rows = connection.execute(_DUE, {"now": to_stamp(now), "most": most}).mappings().all() if most > 0 else []
            if rows:
                connection.execute(_CLAIM, [{"row": row["id"]} for row in rows])
        return [self._claimed(dict(row)) for row in rows]

    def next_due(self) -> datetime | None:
        """When the next waiting mail is due."""
        with self._store.database.reading() as connection:
            stamp = connection.execute(_NEXT).scalar()
        return None if stamp is None else from_stamp(stamp)

    def listed(self, states: Sequence[str], most: int = 1000) -> list[dict[str, Any]]:
        """Rows as plain values, oldest first; addresses included, for the operator's eyes."""
        with self._store.database.reading() as connection:
            statement = _ROWS.where(OUTBOX.c.state.in_(states)).order_by(OUTBOX.c.id).limit(most)
            return [self._shown(dict(row)) for row in connection.execute(statement).mappings()]

    def find(self, prefix: str) -> list[dict[str, Any]]:
        """Rows whose key starts so, with the mail itself."""
        with self._store.database.reading() as connection:
            statement = _ROWS.where(OUTBOX.c.key >= prefix, OUTBOX.c.key < prefix + "g").limit(10)
            rows = [dict(row) for row in connection.execute(statement).mappings()]
        return [{**self._shown(row), "mail": outgoing_from_row(row, self._private)} for row in rows]

    def retry(self, keys: Sequence[str], now: datetime) -> int:
        """Makes mails due at once, whatever became of them but `sent` and `sending`."""
        with self._store.database.writing() as connection:
            waits = OUTBOX.c.state.in_(("deferred", "failed", "uncertain", "queued"))
            twice = OUTBOX.c.twice | (OUTBOX.c.state == "uncertain")
            self._log_untold(connection, keys, now)
            statement = update(OUTBOX).where(OUTBOX.c.key.in_(keys), waits)
            return connection.execute(
                statement.values(state="queued", due_at=to_stamp(now), attempts=0, twice=twice, news=False)
            ).rowcount

    def drop(self, keys: Sequence[str], now: datetime) -> int:
        """Gives mails up that wait."""
        with self._store.database.writing() as connection:
            statement = update(OUTBOX).where(OUTBOX.c.key.in_(keys), OUTBOX.c.state.in_((*WAITING, "uncertain")))
            dropped = statement.values(
                state="failed",
                due_at=to_stamp(now),
                reply="dropped by the operator",
                news=OUTBOX.c.watched,
                settled_at=to_stamp(now),
            )
            return connection.execute(dropped).rowcount

    def counts(self) -> Mapping[str, int]:
        """How many mails are in each state."""
        with self._store.database.reading() as connection:
            rows = connection.execute(select(OUTBOX.c.state, func.count()).group_by(OUTBOX.c.state))
            return {state: count for state, count in rows}

    def _anything_due(self, now: datetime) -> bool:
        due = self.next_due()
        return due is not None and due <= now

    def _log_failures(self, connection: Connection, settled: Sequence[Settled], now: datetime) -> None:
        """Only what is no news: of that the road writes `MailLost`, and nothing stands in a log twice."""
        rows = [
            event_to_row(each.ticket, _failure(each.state, each.key, each.reply, now))
            for each in settled
            if each.ticket is not None and each.state in LOGGED and not each.is_news
        ]
        if rows:
            connection.execute(EVENTS.insert(), rows)

    def _log_untold(self, connection: Connection, keys: Sequence[str], now: datetime) -> None:
        """Failures that their tickets will not hear of any more."""
        untold = select(OUTBOX).where(OUTBOX.c.key.in_(keys), OUTBOX.c.news, OUTBOX.c.state.in_(LOGGED))
        rows = [event_to_row(row.ticket, _failure(row.state, row.key, row.reply, now)) for row in connection.execute(untold)]
        if rows:
            connection.execute(EVENTS.insert(), rows)

    def _claimed(self, row: Mapping[str, Any]) -> Claimed:
        return Claimed(
            mail=outgoing_from_row(row, self._private),
            attempts=row["attempts"] + 1,
            twice=row["twice"],
            created_at=from_stamp(row["created_at"]),
        )

    def _shown(self, row: Mapping[str, Any]) -> dict[str, Any]:
        words = self._private.unpack(row["private"], row["sealed"])
        return {
            "key": row["key"],
            "ticket": row["ticket"],
            "class": row["kind"],
            "state": row["state"],
            "to": words["recipient"],
            "subject": "(sealed)" if row["sealed"] else words["subject"],
            "attempts": row["attempts"],
            "possible_duplicate": row["twice"],
            "created_at": iso(from_stamp(row["created_at"])),
            "due_at": iso(from_stamp(row["due_at"])),
            "reply": row["reply"],
        }


def _failure(state: str, key: str, reply: str, now: datetime) -> Event:
    return Event(kind=LOGGED[state], at=now, actor="desk", reason=reply, data={"mail": key})


def _settle_row(each: Settled, now: int) -> dict[str, Any]:
    return {
        "which": each.key,
        "new_state": each.state,
        "new_due": to_stamp(each.due_at),
        "new_twice": each.twice,
        "new_reply": each.reply,
        "new_final": each.state in FINAL,
        "new_settled": now,
    }
