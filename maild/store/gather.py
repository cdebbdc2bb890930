"""What the store knows about a batch of work: every look-up of the road, once for the whole batch. Nothing here writes."""

from __future__ import annotations

import functools
import operator
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, select
from sqlalchemy.sql.base import Executable

from maild.clock import from_stamp, to_stamp
from maild.keys.marks import mark
from maild.keys.ring import Keyring
from maild.problem.found import value_of
from maild.store import counters
from maild.store.private import Private
from maild.store.registry import all_contracts, contracts_of
from maild.store.rows import message_from_row, ticket_from_row
from maild.store.tables import BUDGETS, MESSAGES, OUTBOX, REFERENCES, SEEN, TICKETS
from maild.store.timers import come, news, timers
from maild.tickets.address import ToBounce, ToTicket, own_key
from maild.tickets.arrival import Arrival
from maild.tickets.budget import Counted, Scope, payers
from maild.tickets.contracts.contract import Contract
from maild.tickets.facts import NOTHING_NEEDED, Facts, Needs, Sent
from maild.tickets.happening import MailSettled, MayHappen, TimeCame
from maild.tickets.threading import known_ids
from maild.tickets.ticket import Due, Ticket, TicketMessage

NeedsOf = Callable[[str], Needs]
HOUR = 3_600_000_000
MAX_HISTORY = 12  # messages of a ticket that an agent is shown
FOR_EVERYBODY = ("broadcast",)  # timers whose decision looks at all contracts
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
_OUTGOING = select(OUTBOX).where(OUTBOX.c.key.in_(bindparam("keys", expanding=True)), OUTBOX.c.ticket.is_not(None))
_OPENINGS = select(MESSAGES).where(
    MESSAGES.c.ticket.in_(bindparam("keys", expanding=True)), MESSAGES.c.id.in_(bindparam("entries", expanding=True))
)
_RANK = func.row_number().over(partition_by=MESSAGES.c.ticket, order_by=MESSAGES.c.at.desc()).label("rank")
_RANKED = select(MESSAGES, _RANK).where(MESSAGES.c.ticket.in_(bindparam("keys", expanding=True))).subquery()
_HISTORY = select(_RANKED).where(_RANKED.c.rank <= MAX_HISTORY).order_by(_RANKED.c.at)
_BUDGETS = select(BUDGETS).where(BUDGETS.c.recipient.in_(bindparam("keys", expanding=True)), BUDGETS.c.hour >= bindparam("since"))


class Gathering:
    """Looks within one open transaction, and waits for nobody."""

    def __init__(self, connection: Connection, keys: Keyring) -> None:
        self._connection = connection
        self._keys = keys
        self._private = Private(keys)
        self._due_before: dict[int, list[Due]] = {}  # so that a writer knows which have changed

    def facts_about(
        self,
        arrivals: Sequence[Arrival],
        now: datetime,
        needs_of: NeedsOf = lambda _: NOTHING_NEEDED,
        limited: Iterable[str] = (),
    ) -> Facts:
        """Everything that deciding about these mails may need.

        `needs_of` tells what the commands of a text need; `limited` are further addresses whose budgets count.
        """
        last_number = self._last_number()  # first: a writer waits here for its turn
        ids = {each for arrival in arrivals for each in known_ids(arrival.reading.message)}
        by_mark = {self._mark("message-id", each): each for each in ids}
        placed = {by_mark[row.mark]: row.ticket for row in self._rows(_PLACED, by_mark)}
        mails = self._rows(_OUTGOING, {*_bounced_keys(arrivals), *(key for key in map(own_key, ids) if key)})
        numbers = {*placed.values(), *(each.ticket for each in mails), *_claimed_numbers(arrivals)}
        tickets = self._tickets(numbers)
        needs = functools.reduce(operator.or_, map(needs_of, _words(arrivals, tickets)), NOTHING_NEEDED)
        tickets |= self._tickets(needs.tickets - tickets.keys())
        digests = {self._mark("digest", each.reading.digest.hex()): each.reading.digest for each in arrivals}
        return Facts(
            next_number=last_number + 1,
            next_advisory=counters.read(self._connection, "advisory") + 1,
            tickets=tickets,
            placed=placed,
            seen={(digests[row.digest], row.target): row.entry for row in self._rows(_SAME_DIGEST, digests)},
            sent=self._sent([*_people(arrivals), *limited], tickets, now),
            outgoing=self._sent_mails(mails, tickets, list(_people(arrivals))),
            history=self._history(tickets),
            openings=self._openings(tickets) if needs.opening else {},
            contracts=self._contracts(tickets, arrivals, needs.contracts),
            done=self.done([arrival.entry for arrival in arrivals]),
        )

    def agenda(self, until: datetime, most: int, may_happen: MayHappen) -> tuple[list[MailSettled], list[TimeCame]]:
        """Fates of mails that their tickets do not know yet, and timers whose time has come. Looks at no ticket."""
        fates = news(self._connection, until, most, may_happen)
        return fates, come(self._connection, until, most - len(fates), may_happen)

    def what_is_due(
        self, until: datetime, most: int, may_happen: MayHappen, now: datetime, limited: Iterable[str] = ()
    ) -> tuple[list[MailSettled], list[TimeCame], Facts]:
        """The agenda, and all that deciding about it needs."""
        last_number = self._last_number()
        fates, due = self.agenda(until, most, may_happen)
        tickets = self._tickets({*(each.ticket for each in fates), *(each.ticket for each in due)})
        fates = [replace(each, to=self._whose(each.to, each.ticket, tickets)) for each in fates]
        everybody = all_contracts(self._connection) if any(each.kind in FOR_EVERYBODY for each in due) else ()
        facts = Facts(
            next_number=last_number + 1,
            next_advisory=counters.read(self._connection, "advisory") + 1,
            tickets=tickets,
            placed={},
            seen={},
            sent=self._sent(limited, tickets, now),
            outgoing={},
            history=self._history(tickets),
            contracts={each.reference: each for each in everybody} or self._contracts(tickets),
        )
        return fates, due, facts

    def _last_number(self) -> int:
        """The last number that a ticket got."""
        return counters.read(self._connection, "ticket")

    def _tickets(self, numbers: Set[int]) -> dict[int, Ticket]:
        """The tickets with these numbers, and those that they were merged into."""
        found: dict[int, Ticket] = {}
        asked: set[int] = set()
        while wanted := numbers - asked:
            asked |= wanted
            due = timers(self._connection, wanted)
            self._due_before |= due
            for row in self._mappings(_TICKETS_BY_NUMBER, wanted):
                found[row["number"]] = ticket_from_row(row, self._private, due.get(row["number"], ()))
            numbers = {each.merged_into for each in found.values() if each.merged_into}
        return found

    def _sent_mails(self, rows: Sequence[Any], tickets: Mapping[int, Ticket], authors: Sequence[str]) -> dict[str, Sent]:
        return {
            row.key: Sent(
                ticket=row.ticket,
                kind=row.kind,
                created_at=from_stamp(row.created_at),
                to=self._whose(row.recipient, row.ticket, tickets, authors),
                cause=row.cause,
            )
            for row in rows
        }

    def _whose(self, recipient: str, number: int, tickets: Mapping[int, Ticket], others: Sequence[str] = ()) -> str:
        """The address, among the people of the ticket and these, that has this mark."""
        people = (*(tickets[number].people if number in tickets else ()), *others)
        return next((each for each in people if self._mark("address", each) == recipient), "")

    def _history(self, tickets: Mapping[int, Ticket]) -> dict[int, list[TicketMessage]]:
        found: dict[int, list[TicketMessage]] = {}
        for row in self._mappings(_HISTORY, [number for number, each in tickets.items() if not each.sealed]):
            found.setdefault(row["ticket"], []).append(message_from_row(row, self._private))
        return found

    def _openings(self, tickets: Mapping[int, Ticket]) -> dict[int, TicketMessage]:
        """The mails that opened them."""
        opening = {number: each.opening for number, each in tickets.items() if each.opening and not each.sealed}
        rows = self._mappings(_OPENINGS, opening, entries=list(opening.values()))
        return {row["ticket"]: message_from_row(row, self._private) for row in rows if row["id"] == opening[row["ticket"]]}

    def _contracts(
        self, tickets: Mapping[int, Ticket], arrivals: Sequence[Arrival] = (), named: Set[str] = frozenset()
    ) -> dict[str, Contract]:
        """Those that cover a sender or a requester, and those that a mail, a command or a ticket names."""
        addresses = {each.requester.address for each in tickets.values()}
        addresses |= {each.reading.message.author.address for each in arrivals if each.reading.message.author}
        fields = [*(each.fields for each in tickets.values()), *(each.reading.fields for each in arrivals)]
        references = {str(value) for each in fields if (value := value_of(each, "contract"))}
        references |= named
        return {each.reference: each for each in contracts_of(self._connection, self._keys, addresses, references)}

    def _sent(self, others: Iterable[str], tickets: Mapping[int, Ticket], now: datetime) -> Mapping[Counted, int]:
        """What was sent in the last hour to all who may get a mail: this clock hour's, and the last one's as far as it reaches back."""
        people = {*others, *(address for each in tickets.values() for address in each.people)}
        counted = {each for address in people for each in payers(address, None).items()}
        counted |= {("ticket", str(number)) for number in tickets}
        by_mark = {self._budget_mark(scope, whose): (scope, whose) for scope, whose in counted}
        hour, into = divmod(to_stamp(now), HOUR)
        counts: dict[Counted, float] = defaultdict(float)
        for row in self._rows(_BUDGETS, by_mark, since=hour - 1):
            scope, whose = by_mark[row.recipient]
            counts[row.kind, scope, whose] += row.count * (1.0 if row.hour == hour else 1 - into / HOUR)
        return {key: round(count) for key, count in counts.items()}

    def done(self, entries: Sequence[str]) -> frozenset[str]:
        """Those of the entries whose work is committed."""
        return frozenset(row.entry for row in self._rows(_DONE, entries))

    def held(self, entries: Sequence[str]) -> Mapping[str, str]:
        """The reasons of those of the entries that a committed verdict put on hold."""
        return {row.entry: row.reason for row in self._rows(_HELD, entries)}

    # --- plumbing ---------------------------------------------------------------------------------------------

    def _mark(self, kind: str, value: str) -> str:
        return mark(self._keys.hashing, kind, value.lower() if kind == "address" else value)

    def _budget_mark(self, scope: Scope, whose: str) -> str:
        return self._mark("address" if scope == "correspondent" else scope, whose)

    def _rows(self, statement: Executable, keys: Iterable[Any], **more: Any) -> Sequence[Any]:
        wanted = list(keys)
        return self._connection.execute(statement, {"keys": wanted, **more}).all() if wanted else ()

    def _mappings(self, statement: Executable, keys: Iterable[Any], **more: Any) -> Sequence[Mapping[str, Any]]:
        return [dict(row._mapping) for row in self._rows(statement, keys, **more)]


def _claimed_numbers(arrivals: Sequence[Arrival]) -> set[int]:
    return {target.number for arrival in arrivals for _, target in arrival.targets if isinstance(target, ToTicket)}


def _bounced_keys(arrivals: Sequence[Arrival]) -> set[str]:
    return {target.key for arrival in arrivals for _, target in arrival.targets if isinstance(target, ToBounce)}


def _people(arrivals: Sequence[Arrival]) -> Iterator[str]:
    """Who may be answered: the authors; and whose mail it is that they forward."""
    for arrival in arrivals:
        message = arrival.reading.message
        yield from (each.address for each in (message.author, message.forwarded and message.forwarded.from_) if each)


def _words(arrivals: Sequence[Arrival], tickets: Mapping[int, Ticket]) -> Iterator[str]:
    """Texts that may hold commands: what came to addresses of agents, and what waits to be confirmed there."""
    for arrival in arrivals:
        claimed = [target.number for _, target in arrival.targets if isinstance(target, ToTicket) and target.role != "c"]
        yield from [arrival.reading.message.reply.text] * bool(claimed)
        yield from (each.text for number in claimed if number in tickets for each in tickets[number].unconfirmed)
