"""A write transaction of the road: to all that can be looked up comes saving. Few statements, whatever the batch's size."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Insert, Table, bindparam, select, update

from maild.clock import to_stamp
from maild.mail.outgoing import Outgoing
from maild.store import counters
from maild.store.gather import HOUR, Gathering
from maild.store.rows import event_to_row, letter_to_row, message_to_row, outgoing_to_row, seen_to_row, ticket_to_row
from maild.store.schema import MessageRow, TicketRow
from maild.store.tables import BUDGETS, EVENTS, LETTERS, LINKS, MESSAGES, OUTBOX, REFERENCES, SEEN, TICKETS, insert_into
from maild.store.timers import forget_news, put_off, replace_timers
from maild.tickets.budget import payers
from maild.tickets.decision import Decision
from maild.tickets.happening import Agendum, MailSettled

_UPDATED = tuple(column for column in TicketRow.model_fields if column not in ("number", "created_at"))
_UPDATE_TICKET = (
    update(TICKETS).where(TICKETS.c.number == bindparam("key")).values({name: bindparam(f"new_{name}") for name in _UPDATED})
)
_COPIED = tuple(column for column in MessageRow.model_fields if column != "ticket")
# What waits to be sent once more may arrive. Two comparisons, because a list of values cannot stand in a statement for many rows.
_BOUNCED = (
    update(OUTBOX)
    .where(OUTBOX.c.key == bindparam("which"), OUTBOX.c.state != "queued", OUTBOX.c.state != "deferred")
    .values(state="failed", reply="bounced", news=False)
)


class Transaction(Gathering):
    """An open write transaction (see `Database.writing`).

    The write lock is held before the first fact is read: on SQLite from the start, on PostgreSQL as a lock on the counter's row.
    """

    def save(self, decisions: Sequence[Decision], mails: Sequence[Outgoing], now: datetime) -> None:
        """Writes everything that was decided: one statement a table."""
        self._save_tickets(decisions)
        self._save_log(decisions)
        self._save_references(decisions, mails)
        self._save_seen(decisions, now)
        self._save_bounced(decisions)
        self.put(mails, now)

    def put(self, mails: Sequence[Outgoing], now: datetime) -> None:
        """Queues mails and counts them against their recipients' budgets."""
        marks = {mail.recipient: self._mark("address", mail.recipient) for mail in mails}
        stamp = to_stamp(now)
        self._insert_new(OUTBOX, [outgoing_to_row(mail, marks[mail.recipient], stamp) for mail in mails])
        self._insert_new(LETTERS, [letter_to_row(mail, self._private) for mail in mails])
        counted = Counter(
            (mail.kind, self._budget_mark(scope, whose))
            for mail in mails
            for scope, whose in payers(mail.recipient, mail.ticket).items()
        )
        self._count_against_budgets(counted, stamp // HOUR)

    def forget_fates(self, fates: Sequence[MailSettled]) -> None:
        """Their tickets know of them now."""
        forget_news(self._connection, [each.key for each in fates])

    def put_off(self, happened: Agendum, until: datetime) -> None:
        """See `timers.put_off`."""
        put_off(self._connection, happened, until)

    def forget_budgets(self, now: datetime) -> None:
        """Removes counts of hours that no budget looks at any more."""
        self._connection.execute(BUDGETS.delete().where(BUDGETS.c.hour < to_stamp(now) // HOUR - 1))

    def _last_number(self) -> int:
        return counters.hold(self._connection, "ticket")

    # --- saving -----------------------------------------------------------------------------------------------

    def _save_tickets(self, decisions: Sequence[Decision]) -> None:
        """Tickets as they are now, their timers, and the numbers that were given out."""
        opened = {each.ticket.number for each in decisions if each.ticket and each.opened}
        last = {each.ticket.number: each.ticket for each in decisions if each.ticket}  # a batch may touch a ticket twice
        rows = [ticket_to_row(each, self._mark("address", each.requester.address), self._private) for each in last.values()]
        self._insert(TICKETS, [row for row in rows if row["number"] in opened])
        self._update_tickets([row for row in rows if row["number"] not in opened])
        before = self._due_before
        due = {number: each.due for number, each in last.items() if list(each.due) != before.get(number, [])}
        replace_timers(self._connection, due)
        if opened:
            counters.put(self._connection, "ticket", max(opened))
        if numbered := sum(each.numbered for each in decisions):
            counters.add(self._connection, "advisory", numbered)

    def _save_log(self, decisions: Sequence[Decision]) -> None:
        """What only ever grows: messages, events, links."""
        concerned = [(each.ticket, each) for each in decisions if each.ticket]
        self._insert_new(
            MESSAGES, [message_to_row(each.message, ticket, self._private) for ticket, each in concerned if each.message]
        )
        for ticket, each in concerned:
            if each.absorbs is not None:
                self._connection.execute(_absorbing(self._connection), {"from_": each.absorbs, "to": ticket.number})
        self._insert(EVENTS, [event_to_row(ticket.number, event) for ticket, each in concerned for event in each.events])
        self._insert_new(
            LINKS,
            [
                {"ticket": ticket.number, "kind": link.kind, "other": link.number}
                for ticket, each in concerned
                for link in each.links
            ],
        )

    def _save_references(self, decisions: Sequence[Decision], mails: Sequence[Outgoing]) -> None:
        rows: dict[str, dict[str, Any]] = {}
        for message_id, ticket, weak in _references(decisions, mails):
            key = self._mark("message-id", message_id)
            rows.setdefault(key, {"mark": key, "ticket": ticket, "weak": weak})
        self._insert_new(REFERENCES, list(rows.values()))

    def _save_seen(self, decisions: Sequence[Decision], now: datetime) -> None:
        """What became of mails; a verdict of `hold` is replaced by what came of a later try."""
        rows = [seen_to_row(each, self._mark("digest", each.digest.hex()), now) for each in decisions if each.digest]
        if rows:
            statement = insert_into(SEEN, self._connection)
            new = {name: statement.excluded[name] for name in ("digest", "ticket", "disposition", "reason", "at")}
            self._connection.execute(statement.on_conflict_do_update(index_elements=["entry", "target"], set_=new), rows)

    def _save_bounced(self, decisions: Sequence[Decision]) -> None:
        """What the next hop took, and somebody behind it did not, has failed."""
        failed = [{"which": key} for each in decisions for key in each.bounced]
        if failed:
            self._connection.execute(_BOUNCED, failed)

    def _count_against_budgets(self, counts: Mapping[tuple[str, str], int], hour: int) -> None:
        rows = [{"kind": kind, "recipient": each, "hour": hour, "count": count} for (kind, each), count in counts.items()]
        if rows:
            statement = insert_into(BUDGETS, self._connection)
            add = {"count": BUDGETS.c.count + statement.excluded.count}
            upsert = statement.on_conflict_do_update(index_elements=["kind", "recipient", "hour"], set_=add)
            self._connection.execute(upsert, rows)

    # --- plumbing ---------------------------------------------------------------------------------------------

    def _update_tickets(self, rows: list[dict[str, Any]]) -> None:
        if rows:
            changed = [{"key": row["number"], **{f"new_{name}": row[name] for name in _UPDATED}} for row in rows]
            self._connection.execute(_UPDATE_TICKET, changed)

    def _insert(self, table: Table, rows: list[dict[str, Any]]) -> None:
        if rows:
            self._connection.execute(table.insert(), rows)

    def _insert_new(self, table: Table, rows: list[dict[str, Any]]) -> None:
        """Inserts what is not there yet: the first ticket that a Message-ID led to keeps it."""
        if rows:
            self._connection.execute(insert_into(table, self._connection).on_conflict_do_nothing(), rows)


def _absorbing(connection: Connection) -> Insert:
    """Messages of one ticket become another's, too; the words are not looked at."""
    copied = select(bindparam("to"), *(MESSAGES.c[name] for name in _COPIED)).where(MESSAGES.c.ticket == bindparam("from_"))
    insert: Insert = insert_into(MESSAGES, connection).from_select(["ticket", *_COPIED], copied).on_conflict_do_nothing()
    return insert


def _references(decisions: Sequence[Decision], mails: Sequence[Outgoing]) -> Iterator[tuple[str, int, bool]]:
    """Message-IDs, the tickets that they lead to, and whether that is weak: only referenced, never seen."""
    for each in decisions:
        if each.ticket:
            own = each.message.message_id if each.message else None
            for message_id in each.message_ids:
                yield message_id, each.ticket.number, message_id != own
    for mail in mails:
        if mail.ticket is not None:
            yield mail.draft.message_id, mail.ticket, False
