"""Looking at the desk's database: tickets with all that belongs to them, as values. Nothing here writes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, func, select

from maild.clock import from_stamp, to_stamp
from maild.store.private import Private
from maild.store.rows import event_from_row, message_from_row, outgoing_from_row, ticket_from_row
from maild.store.store import Store
from maild.store.tables import EVENTS, LETTERS, LINKS, MESSAGES, OUTBOX, SEEN, TICKETS
from maild.store.timers import all_timers, timers
from maild.tickets.ticket import Event, Link, Ticket, TicketMessage
from maild.tickets.turns.delivery import TO_CUSTOMERS

SHOWN_AS_MESSAGES = TO_CUSTOMERS - {"answer"}  # an answer is the message of the agent who wrote it


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A mail of the desk on a ticket, with its delivery state."""

    message: TicketMessage
    delivery: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """A ticket with its messages, log and links.

    `messages` came in, or are agents' answers; `answers` tells what became of these, by message id. `sent` is the desk's own mail.
    """

    ticket: Ticket
    messages: Sequence[TicketMessage]
    answers: Mapping[str, str]
    sent: Sequence[Sent]
    events: Sequence[Event]
    links: Sequence[Link]


class Look:
    """Queries of the command line."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._private = Private(store.keys)

    def tickets(self, stage: str | None, team: str | None, closed: bool, sealed: bool) -> list[Ticket]:
        """Tickets in the order of the customers' first mails."""
        statement = select(TICKETS).order_by(TICKETS.c.arrived_at, TICKETS.c.number)
        if stage:
            statement = statement.where(TICKETS.c.stage == stage)
        elif not closed:
            statement = statement.where(TICKETS.c.stage != "done")
        if team:
            statement = statement.where(TICKETS.c.team == team)
        if not sealed:
            statement = statement.where(TICKETS.c.sealed.is_(False))
        with self._store.database.reading() as connection:
            rows = connection.execute(statement).mappings().all()
            due = all_timers(connection)
        return [ticket_from_row(dict(row), self._private, due.get(row["number"], ())) for row in rows]

    def answerable(self, opened_before: datetime | None, closed_since: datetime) -> int:
        """How many tickets that were opened before a time (None: any) are open, or were closed since another one."""
        statement = select(func.count()).where(TICKETS.c.closed_at.is_(None) | (TICKETS.c.closed_at >= to_stamp(closed_since)))
        if opened_before is not None:
            statement = statement.where(TICKETS.c.created_at < to_stamp(opened_before))
        with self._store.database.reading() as connection:
            return connection.execute(statement).scalar_one()

    def links(self) -> dict[int, list[Link]]:
        """All links, by the ticket that they start from."""
        found: dict[int, list[Link]] = {}
        with self._store.database.reading() as connection:
            for row in connection.execute(select(LINKS)):
                found.setdefault(row.ticket, []).append(Link(kind=row.kind, number=row.other))
        return found

    def ticket(self, number: int) -> Whole | None:
        """One ticket with everything, or None."""
        with self._store.database.reading() as connection:
            row = connection.execute(select(TICKETS).where(TICKETS.c.number == number)).mappings().first()
            if row is None:
                return None
            ticket = ticket_from_row(dict(row), self._private, timers(connection, [number]).get(number, ()))
            messages = _all(connection, select(MESSAGES).where(MESSAGES.c.ticket == number).order_by(MESSAGES.c.at))
            events = _all(connection, select(EVENTS).where(EVENTS.c.ticket == number).order_by(EVENTS.c.id))
            links = _all(connection, select(LINKS).where(LINKS.c.ticket == number))
            mails = _all(
                connection,
                select(OUTBOX, LETTERS.c.private)
                .join(LETTERS, LETTERS.c.key == OUTBOX.c.key)
                .where(OUTBOX.c.ticket.in_([number, *ticket.absorbed]))
                .order_by(OUTBOX.c.id),
            )
        answers = [each for each in mails if each["kind"] == "answer"]
        answers.sort(key=lambda each: bool(each["recipient"] == row["requester"]))  # whose counts most
        return Whole(
            ticket=ticket,
            messages=[message_from_row(dict(each), self._private) for each in messages],
            answers={each["cause"]: each["state"] for each in answers},
            sent=[self._sent(dict(each)) for each in mails if each["ticket"] == number and each["kind"] in SHOWN_AS_MESSAGES],
            events=[event_from_row(dict(each)) for each in events],
            links=[Link(kind=each["kind"], number=each["other"]) for each in links],
        )

    def put_aside(self, most: int) -> list[tuple[str, str, str, datetime]]:
        """(entry, disposition, reason, when) of the last mails that became no message."""
        statement = select(SEEN).where(SEEN.c.disposition != "accept").order_by(SEEN.c.at.desc()).limit(most)
        with self._store.database.reading() as connection:
            rows = connection.execute(statement).mappings().all()
        return [(row["entry"], row["disposition"], row["reason"], from_stamp(row["at"])) for row in rows]

    def counts(self) -> dict[str, int]:
        """How many tickets are in each stage."""
        with self._store.database.reading() as connection:
            rows = connection.execute(select(TICKETS.c.stage, func.count()).group_by(TICKETS.c.stage))
            return {stage: count for stage, count in rows}

    def _sent(self, row: dict[str, Any]) -> Sent:
        mail = outgoing_from_row(row, self._private)
        message = TicketMessage(
            id=mail.key,
            direction="out",
            visibility="public",
            at=from_stamp(row["created_at"]),
            author=mail.draft.from_,
            subject=mail.draft.subject,
            text=mail.draft.text,
            message_id=mail.draft.message_id,
        )
        return Sent(message=message, delivery=row["state"])


def _all(connection: Connection, statement: Select[Any]) -> Sequence[RowMapping]:
    return connection.execute(statement).mappings().all()
