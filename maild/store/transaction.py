"""One transaction of the road: facts about a batch are gathered, decisions are saved. Few statements, whatever the batch's size."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.base import Executable

from maild.clock import to_stamp
from maild.keys.marks import mark
from maild.keys.ring import Keyring
from maild.mail.outgoing import Outgoing
from maild.store.private import Private, to_json
from maild.store.rows import letter_to_row, message_to_row, outgoing_to_row, ticket_from_row, ticket_to_row
from maild.store.schema import (
    BudgetRow,
    CounterRow,
    EventRow,
    LetterRow,
    LinkRow,
    MessageRow,
    OutboxRow,
    ReferenceRow,
    SeenRow,
    TicketRow,
)
from maild.tickets.address import ToBounce, ToTicket
from maild.tickets.arrival import Arrival
from maild.tickets.decision import Decision
from maild.tickets.facts import Facts
from maild.tickets.threading import known_ids
from maild.tickets.ticket import Event

HOUR = 3_600_000_000
TICKETS, MESSAGES, EVENTS, REFERENCES, LINKS, SEEN, OUTBOX, LETTERS, BUDGETS, COUNTERS = (
    getattr(row, "__table__")  # noqa: B009 - mypy does not know SQLModel's attribute
    for row in (TicketRow, MessageRow, EventRow, ReferenceRow, LinkRow, SeenRow, OutboxRow, LetterRow, BudgetRow, CounterRow)
)
_TICKETS_BY_NUMBER = select(TICKETS).where(TICKETS.c.number.in_(bindparam("keys", expanding=True)))
_PLACED = select(REFERENCES.c.mark, REFERENCES.c.ticket).where(REFERENCES.c.mark.in_(bindparam("keys", expanding=True)))
_SETTLED = SEEN.c.disposition != "hold"  # what is held was not done: an operator may try it again
_DONE = select(SEEN.c.entry).where(SEEN.c.entry.in_(bindparam("keys", expanding=True)), _SETTLED)
_HELD = select(SEEN.c.entry, SEEN.c.reason).where(
    SEEN.c.entry.in_(bindparam("keys", expanding=True)), SEEN.c.disposition == "hold"
)
_SAME_DIGEST = select(SEEN.c.digest, SEEN.c.target, SEEN.c.entry).where(
    SEEN.c.digest.in_(bindparam("keys", expanding=True)), _SETTLED
)
_OUTGOING = select(OUTBOX.c.key, OUTBOX.c.ticket).where(OUTBOX.c.key.in_(bindparam("keys", expanding=True)))
_BUDGETS = select(BUDGETS).where(BUDGETS.c.recipient.in_(bindparam("keys", expanding=True)), BUDGETS.c.hour >= bindparam("since"))
_LAST_NUMBER = select(COUNTERS.c.value).where(COUNTERS.c.name == "ticket")
_UPDATED = tuple(column for column in TicketRow.model_fields if column not in ("number", "created_at", "arrived_at"))
_UPDATE_TICKET = (
    update(TICKETS).where(TICKETS.c.number == bindparam("key")).values({name: bindparam(f"new_{name}") for name in _UPDATED})
)
_BOUNCED = update(OUTBOX).where(OUTBOX.c.key == bindparam("which")).values(state="failed", reply="bounced")
_COUNT = update(COUNTERS).where(COUNTERS.c.name == "ticket").values(value=bindparam("last"))


class Transaction:
    """An open write transaction (see `Database.writing`), or a view in which nothing can be saved.

    The write lock is held before the first fact is read: on SQLite from the start, on PostgreSQL as a lock on the counter's row.
    """

    def __init__(self, connection: Connection, keys: Keyring, only_looking: bool = False) -> None:
        self._connection = connection
        self._last_number = _LAST_NUMBER if only_looking else _LAST_NUMBER.with_for_update()
        self._keys = keys
        self._private = Private(keys)

    # --- facts ------------------------------------------------------------------------------------------------

    def facts_about(self, arrivals: Sequence[Arrival], now: datetime, limited: Iterable[str] = ()) -> Facts:
        """Everything that deciding about these mails may need. `limited` are further addresses whose budgets count."""
        last_number = self._connection.execute(self._last_number).scalar_one_or_none() or 0  # first: it waits for its turn
        ids = {each for arrival in arrivals for each in known_ids(arrival.reading.message)}
        by_mark = {self._mark("message-id", each): each for each in ids}
        placed = {by_mark[row.mark]: row.ticket for row in self._rows(_PLACED, by_mark)}
        outgoing = {row.key: row.ticket for row in self._rows(_OUTGOING, _bounced_keys(arrivals)) if row.ticket is not None}
        numbers = {*placed.values(), *outgoing.values(), *_claimed_numbers(arrivals)}
        tickets = {row["number"]: ticket_from_row(row, self._private) for row in self._mappings(_TICKETS_BY_NUMBER, numbers)}
        digests = {self._mark("digest", each.reading.digest.hex()): each.reading.digest for each in arrivals}
        return Facts(
            next_number=last_number + 1,
            tickets=tickets,
            placed=placed,
            seen={(digests[row.digest], row.target): row.entry for row in self._rows(_SAME_DIGEST, digests)},
            sent=self._sent(arrivals, now, limited),
            outgoing=outgoing,
            done=self.done([arrival.entry for arrival in arrivals]),
        )

    def _sent(self, arrivals: Sequence[Arrival], now: datetime, limited: Iterable[str]) -> Mapping[tuple[str, str], int]:
        """Mails per class and author in the last hour: this clock hour's, and the last one's as far as it reaches back."""
        authors = {each.reading.message.author.address.lower() for each in arrivals if each.reading.message.author}
        by_mark = {self._mark("address", address): address for address in {*authors, *limited}}
        hour, into = divmod(to_stamp(now), HOUR)
        counts: dict[tuple[str, str], float] = defaultdict(float)
        for row in self._rows(_BUDGETS, by_mark, since=hour - 1):
            counts[row.kind, by_mark[row.recipient]] += row.count * (1.0 if row.hour == hour else 1 - into / HOUR)
        return {key: round(count) for key, count in counts.items()}

    def done(self, entries: Sequence[str]) -> frozenset[str]:
        """Those of the entries whose work is committed."""
        return frozenset(row.entry for row in self._rows(_DONE, entries))

    def held(self, entries: Sequence[str]) -> Mapping[str, str]:
        """The reasons of those of the entries that a committed verdict put on hold."""
        return {row.entry: row.reason for row in self._rows(_HELD, entries)}

    # --- saving -----------------------------------------------------------------------------------------------

    def save(self, decisions: Sequence[Decision], mails: Sequence[Outgoing], now: datetime) -> None:
        """Writes everything that was decided: one statement a table."""
        stamp = to_stamp(now)
        opened = {each.ticket.number for each in decisions if each.ticket and each.opened}
        last = {each.ticket.number: each.ticket for each in decisions if each.ticket}  # a batch may touch a ticket twice
        rows = {
            number: ticket_to_row(each, self._mark("address", each.requester.address), self._private)
            for number, each in last.items()
        }
        self._insert(TICKETS, [row for number, row in rows.items() if number in opened])
        changed = [
            {"key": number, **{f"new_{name}": row[name] for name in _UPDATED}}
            for number, row in rows.items()
            if number not in opened
        ]
        if changed:
            self._connection.execute(_UPDATE_TICKET, changed)
        if opened:
            self._connection.execute(_COUNT, {"last": max(opened)})
        self._insert_new(
            MESSAGES,
            [message_to_row(each.message, each.ticket, self._private) for each in decisions if each.message and each.ticket],
        )
        self._insert(
            EVENTS, [_event_row(each.ticket.number, event) for each in decisions if each.ticket for event in each.events]
        )
        self._insert_new(REFERENCES, self._references(decisions, mails))
        self._insert_new(
            LINKS,
            [
                {"ticket": each.ticket.number, "kind": link.kind, "other": link.number}
                for each in decisions
                if each.ticket
                for link in each.links
            ],
        )
        self._remember([_seen_row(each, self._mark("digest", each.digest.hex()), stamp) for each in decisions])
        failed = [{"which": key} for each in decisions for key in each.bounced]
        if failed:
            self._connection.execute(_BOUNCED, failed)
        self.put(mails, now)

    def forget_budgets(self, now: datetime) -> None:
        """Removes counts of hours that no budget looks at any more."""
        self._connection.execute(BUDGETS.delete().where(BUDGETS.c.hour < to_stamp(now) // HOUR - 1))

    def put(self, mails: Sequence[Outgoing], now: datetime) -> None:
        """Queues mails and counts them against their recipients' budgets."""
        marks = {mail.recipient: self._mark("address", mail.recipient) for mail in mails}
        stamp = to_stamp(now)
        self._insert_new(OUTBOX, [outgoing_to_row(mail, marks[mail.recipient], stamp) for mail in mails])
        self._insert_new(LETTERS, [letter_to_row(mail, self._private) for mail in mails])
        counts: dict[tuple[str, str], int] = defaultdict(int)
        for mail in mails:
            counts[mail.kind, marks[mail.recipient]] += 1
        hour = stamp // HOUR
        rows = [{"kind": kind, "recipient": each, "hour": hour, "count": count} for (kind, each), count in counts.items()]
        if rows:
            statement = self._dialect_insert(BUDGETS)
            add = {"count": BUDGETS.c.count + statement.excluded.count}
            self._connection.execute(
                statement.on_conflict_do_update(index_elements=["kind", "recipient", "hour"], set_=add), rows
            )

    def _references(self, decisions: Sequence[Decision], mails: Sequence[Outgoing]) -> list[dict[str, Any]]:
        rows: dict[str, dict[str, Any]] = {}
        for each in decisions:
            if each.ticket is None:
                continue
            own = each.message.message_id if each.message else None
            for message_id in each.message_ids:
                key = self._mark("message-id", message_id)
                rows.setdefault(key, {"mark": key, "ticket": each.ticket.number, "weak": message_id != own})
        for mail in mails:
            if mail.ticket is not None:
                key = self._mark("message-id", mail.draft.message_id)
                rows.setdefault(key, {"mark": key, "ticket": mail.ticket, "weak": False})
        return list(rows.values())

    # --- plumbing ---------------------------------------------------------------------------------------------

    def _mark(self, kind: str, value: str) -> str:
        return mark(self._keys.hashing, kind, value.lower() if kind == "address" else value)

    def _rows(self, statement: Executable, keys: Iterable[Any], **more: Any) -> Sequence[Any]:
        wanted = list(keys)
        return self._connection.execute(statement, {"keys": wanted, **more}).all() if wanted else ()

    def _mappings(self, statement: Executable, keys: Iterable[Any]) -> Sequence[Mapping[str, Any]]:
        wanted = list(keys)
        return [dict(row) for row in self._connection.execute(statement, {"keys": wanted}).mappings()] if wanted else ()

    def _insert(self, table: Table, rows: list[dict[str, Any]]) -> None:
        if rows:
            self._connection.execute(table.insert(), rows)

    def _insert_new(self, table: Table, rows: list[dict[str, Any]]) -> None:
        """Inserts what is not there yet: the first ticket that a Message-ID led to keeps it."""
        if rows:
            self._connection.execute(self._dialect_insert(table).on_conflict_do_nothing(), rows)

    def _remember(self, rows: list[dict[str, Any]]) -> None:
        """What became of mails; a verdict of `hold` is replaced by what came of a later try."""
        if rows:
            statement = self._dialect_insert(SEEN)
            new = {name: statement.excluded[name] for name in ("digest", "ticket", "disposition", "reason", "at")}
            self._connection.execute(statement.on_conflict_do_update(index_elements=["entry", "target"], set_=new), rows)

    def _dialect_insert(self, table: Table) -> Any:
        return (postgresql if self._connection.dialect.name == "postgresql" else sqlite).insert(table)


def _claimed_numbers(arrivals: Sequence[Arrival]) -> set[int]:
    return {target.number for arrival in arrivals for _, target in arrival.targets if isinstance(target, ToTicket)}


def _bounced_keys(arrivals: Sequence[Arrival]) -> set[str]:
    return {target.key for arrival in arrivals for _, target in arrival.targets if isinstance(target, ToBounce)}


def _event_row(number: int, event: Event) -> dict[str, Any]:
    return {
        "ticket": number,
        "at": to_stamp(event.at),
        "kind": event.kind,
        "actor": event.actor,
        "reason": event.reason,
        "rule": event.rule,
        "data": to_json(event.data),
    }


def _seen_row(decision: Decision, digest: str, stamp: int) -> dict[str, Any]:
    return {
        "entry": decision.entry,
        "target": decision.target,
        "digest": digest,
        "ticket": decision.ticket.number if decision.ticket else None,
        "disposition": decision.verdict.disposition,
        "reason": decision.verdict.reason,
        "at": stamp,
    }
