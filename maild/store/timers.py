"""What is due, as rows: timers of tickets, and fates of mails that nobody has taken up yet. Functions on an open connection."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import Connection, bindparam, select, text, update

from maild.clock import from_stamp, to_stamp
from maild.store.rows import due_to_row, event_to_row
from maild.store.tables import DUE, EVENTS, OUTBOX
from maild.tickets.happening import Agendum, MailSettled, MayHappen, TimeCame
from maild.tickets.lifecycle import SILENCE
from maild.tickets.ticket import Due, Event

LOOKED_AT = 2_000  # timers of silence that one look goes through, and of all others: most may have to wait
PUT_OFF_LEAST, PUT_OFF_MOST = timedelta(seconds=2), timedelta(hours=1)

_ALL = select(DUE).order_by(DUE.c.at)
_OF_TICKETS = select(DUE).where(DUE.c.ticket.in_(bindparam("keys", expanding=True))).order_by(DUE.c.at)
_FORGET = DUE.delete().where(DUE.c.ticket.in_(bindparam("keys", expanding=True)))
_COME = (
    select(DUE.c.ticket, DUE.c.kind, DUE.c.at)
    .where(DUE.c.at <= bindparam("until"), DUE.c.held_until <= bindparam("until"), DUE.c.waits.is_(False))
    .order_by(DUE.c.at, DUE.c.ticket)
    .limit(LOOKED_AT)
)
_CLASSES_OF_COME = (_COME.where(DUE.c.kind.in_(SILENCE)), _COME.where(DUE.c.kind.not_in(SILENCE)))
# As text: else SQLite does not see that the index of news has them all, and reads every mail.
_NEWS = (
    select(OUTBOX)
    .where(text("outbox.news"), OUTBOX.c.due_at <= bindparam("until"))
    .order_by(OUTBOX.c.settled_at, OUTBOX.c.id)
    .limit(LOOKED_AT)
)
_NO_NEWS = update(OUTBOX).where(OUTBOX.c.key == bindparam("which")).values(news=False)
_TIMER_LATER = (
    update(DUE).where(DUE.c.ticket == bindparam("number"), DUE.c.kind == bindparam("name")).values(held_until=bindparam("later"))
)
_NEWS_LATER = update(OUTBOX).where(OUTBOX.c.key == bindparam("which")).values(due_at=bindparam("later"))


def timers(connection: Connection, numbers: Iterable[int]) -> Mapping[int, list[Due]]:
    """The timers of tickets."""
    wanted = list(numbers)
    return _by_ticket(connection.execute(_OF_TICKETS, {"keys": wanted})) if wanted else {}


def all_timers(connection: Connection) -> Mapping[int, list[Due]]:
    """Those of all tickets: few have any, and an `IN` has a limit."""
    return _by_ticket(connection.execute(_ALL))


def _by_ticket(rows: Iterable[Any]) -> Mapping[int, list[Due]]:
    found: dict[int, list[Due]] = {}
    for row in rows:
        found.setdefault(row.ticket, []).append(Due(kind=row.kind, at=from_stamp(row.at), waits=row.waits))
    return found


def replace_timers(connection: Connection, changed: Mapping[int, Sequence[Due]]) -> None:
    """Writes the timers of these tickets anew."""
    if not changed:
        return
    connection.execute(_FORGET, {"keys": list(changed)})
    rows = [due_to_row(number, each) for number, several in changed.items() for each in several]
    if rows:
        connection.execute(DUE.insert(), rows)


def come(connection: Connection, until: datetime, most: int, may_happen: MayHappen) -> list[TimeCame]:
    """Timers that are due, in the order of their times, but for those that may not fire yet."""
    rows = (row for statement in _CLASSES_OF_COME for row in connection.execute(statement, {"until": to_stamp(until)}))
    found = (TimeCame(ticket=row.ticket, kind=row.kind, at=from_stamp(row.at)) for row in rows)
    return sorted((each for each in found if may_happen(each)), key=lambda each: (each.at, each.ticket))[:most]


def news(connection: Connection, until: datetime, most: int, may_happen: MayHappen) -> list[MailSettled]:
    """Fates of mails that their tickets do not know yet, oldest first, but for those that were put off. `to` is a mark as yet."""
    fates = map(_fate, connection.execute(_NEWS, {"until": to_stamp(until)}))
    return list(islice(filter(may_happen, fates), most))


def _fate(row: Any) -> MailSettled:
    return MailSettled(
        ticket=row.ticket,
        key=row.key,
        kind=row.kind,
        state=row.state,
        created_at=from_stamp(row.created_at),
        at=from_stamp(row.settled_at),
        reply=row.reply,
        to=row.recipient,
    )


def forget_news(connection: Connection, keys: Iterable[str]) -> None:
    """These fates are taken up."""
    rows = [{"which": key} for key in keys]
    if rows:
        connection.execute(_NO_NEWS, rows)


def again_at(happened: Agendum, now: datetime) -> datetime:
    """When something that failed is tried again: after as long again as it is late, two seconds to an hour."""
    return max(now, happened.at) + min(max(now - happened.at, PUT_OFF_LEAST), PUT_OFF_MOST)


def put_off(connection: Connection, happened: Agendum, until: datetime) -> None:
    """It stands in nobody's way before that time."""
    if isinstance(happened, TimeCame):
        connection.execute(_TIMER_LATER, {"number": happened.ticket, "name": happened.kind, "later": to_stamp(until)})
    else:
        connection.execute(_NEWS_LATER, {"which": happened.key, "later": to_stamp(until)})


def postpone(connection: Connection, since: datetime, gap: timedelta, now: datetime) -> None:
    """The intake was out since then, for so long: what customers' silence would have led to comes later by as much."""
    running = DUE.c.kind.in_(SILENCE), DUE.c.at > to_stamp(since)
    numbers = connection.execute(select(DUE.c.ticket).where(*running).distinct()).scalars().all()
    connection.execute(update(DUE).where(*running).values(at=DUE.c.at + gap // timedelta(microseconds=1)))
    reason = f"the intake was out for {gap // timedelta(minutes=1)} minutes"
    postponed = Event(kind="ClocksPostponed", at=now, actor="desk", reason=reason, data={})
    if numbers:
        connection.execute(EVENTS.insert(), [event_to_row(each, postponed) for each in numbers])
