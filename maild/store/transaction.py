"""One transaction of the road: facts about a batch are gathered, decisions are saved. Few statements, whatever the batch's size."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, bindparam, update

from maild.clock import to_stamp
from maild.keys.marks import mark
from maild.keys.ring import Keyring
from maild.mail.outgoing import Outgoing
from maild.store import counters
from maild.store.gather import HOUR, Gathering
from maild.store.private import Private
from maild.store.rows import event_to_row, letter_to_row, message_to_row, outgoing_to_row, ticket_to_row
from maild.store.schema import TicketRow
from maild.store.tables import BUDGETS, EVENTS, LETTERS, LINKS, MESSAGES, OUTBOX, REFERENCES, SEEN, TICKETS, insert_into
from maild.store.timers import forget_news, put_off, replace_timers
from maild.tickets.arrival import Arrival
from maild.tickets.decision import Decision
from maild.tickets.facts import Facts
from maild.tickets.happening import Agendum, MailSettled, MayHappen, TimeCame

_UPDATED = tuple(column for column in TicketRow.model_fields if column not in ("number", "created_at", "arrived_at"))
_UPDATE_TICKET = (
    update(TICKETS).where(TICKETS.c.number == bindparam("key")).values({name: bindparam(f"new_{name}") for name in _UPDATED})
)
_BOUNCED = update(OUTBOX).where(OUTBOX.c.key == bindparam("which")).values(state="failed", reply="bounced", news=False)


class Transaction:
    """An open write transaction (see `Database.writing`), or a view in which nothing can be saved.

    The write lock is held before the first fact is read: on SQLite from the start, on PostgreSQL as a lock on the counter's row.
    """

    def __init__(self, connection: Connection, keys: Keyring, only_looking: bool = False) -> None:
        self._connection = connection
        self._keys = keys
        self._private = Private(keys)
        self._gathering = Gathering(connection, keys, only_looking)

    # --- facts ------------------------------------------------------------------------------------------------

    def facts_about(self, arrivals: Sequence[Arrival], now: datetime, limited: Iterable[str] = ()) -> Facts:
        """See `Gathering.facts_about`."""
        return self._gathering.facts_about(arrivals, now, limited)

    def what_is_due(self, until: datetime, most: int, may_happen: MayHappen) -> tuple[list[MailSettled], list[TimeCame], Facts]:
        """See `Gathering.what_is_due`."""
        return self._gathering.what_is_due(until, most, may_happen)

    def done(self, entries: Sequence[str]) -> frozenset[str]:
        """See `Gathering.done`."""
        return self._gathering.done(entries)

    def held(self, entries: Sequence[str]) -> Mapping[str, str]:
        """See `Gathering.held`."""
        return self._gathering.held(entries)

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
            counters.put(self._connection, "ticket", max(opened))
        replace_timers(
            self._connection,
            {number: each.due for number, each in last.items() if list(each.due) != self._gathering.due_before.get(number, [])},
        )
        self._insert_new(
            MESSAGES,
            [message_to_row(each.message, each.ticket, self._private) for each in decisions if each.message and each.ticket],
        )
        self._insert(
            EVENTS, [event_to_row(each.ticket.number, event) for each in decisions if each.ticket for event in each.events]
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
        self._remember([_seen_row(each, self._mark("digest", each.digest.hex()), stamp) for each in decisions if each.digest])
        numbered = sum(each.numbered for each in decisions)
        if numbered:
            counters.add(self._connection, "advisory", numbered)
        failed = [{"which": key} for each in decisions for key in each.bounced]
        if failed:
            self._connection.execute(_BOUNCED, failed)
        self.put(mails, now)

    def forget_fates(self, fates: Sequence[MailSettled]) -> None:
        """Their tickets know of them now."""
        forget_news(self._connection, [each.key for each in fates])

    def put_off(self, happened: Agendum, now: datetime) -> datetime:
        """See `timers.put_off`."""
        return put_off(self._connection, happened, now)

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
            statement = insert_into(BUDGETS, self._connection)
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

    def _insert(self, table: Table, rows: list[dict[str, Any]]) -> None:
        if rows:
            self._connection.execute(table.insert(), rows)

    def _insert_new(self, table: Table, rows: list[dict[str, Any]]) -> None:
        """Inserts what is not there yet: the first ticket that a Message-ID led to keeps it."""
        if rows:
            self._connection.execute(insert_into(table, self._connection).on_conflict_do_nothing(), rows)

    def _remember(self, rows: list[dict[str, Any]]) -> None:
        """What became of mails; a verdict of `hold` is replaced by what came of a later try."""
        if rows:
            statement = insert_into(SEEN, self._connection)
            new = {name: statement.excluded[name] for name in ("digest", "ticket", "disposition", "reason", "at")}
            self._connection.execute(statement.on_conflict_do_update(index_elements=["entry", "target"], set_=new), rows)


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
