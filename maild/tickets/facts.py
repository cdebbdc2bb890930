"""What the store knows about a batch of work, gathered once under the write lock, and kept true while the batch is decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

from maild.tickets.budget import Counted, payers
from maild.tickets.contracts.contract import Contract
from maild.tickets.ticket import Ticket, TicketMessage

if TYPE_CHECKING:
    from maild.tickets.decision import Decision


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A mail of the desk that something points back at, what caused it, and whom of the ticket's people and the authors it went to."""

    ticket: int
    kind: str
    created_at: datetime
    to: str = ""
    cause: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """What an agent's commands name: other tickets, contracts; and whether the mail that opened the ticket is wanted."""

    tickets: frozenset[int] = frozenset()
    contracts: frozenset[str] = frozenset()
    opening: bool = False

    def __or__(self, other: Needs) -> Needs:
        """Both."""
        return Needs(
            tickets=self.tickets | other.tickets,
            contracts=self.contracts | other.contracts,
            opening=self.opening or other.opening,
        )


NOTHING_NEEDED = Needs()


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Keys are plain values, in memory only; at rest they are keyed marks.

    placed: Message-ID (received, sent, or merely referenced) -> ticket number.
    seen: digest of a mail and its target -> the entry that had it.
    sent: (class of mail, scope, whose budget) -> how many in the last hour.
    outgoing: outbox key -> the mail, for those that are reported about or replied to.
    history: ticket number -> its latest messages, oldest first.
    openings: ticket number -> the mail that opened it, where a command asks for its issues.
    contracts: reference -> contract, for those that the batch's senders or tickets name.
    done: entries whose work is committed already.
    """

    next_number: int
    next_advisory: int
    tickets: Mapping[int, Ticket]
    placed: Mapping[str, int]
    seen: Mapping[tuple[bytes, str], str]
    sent: Mapping[Counted, int]
    outgoing: Mapping[str, Sent]
    history: Mapping[int, Sequence[TicketMessage]] = field(default_factory=dict)
    openings: Mapping[int, TicketMessage] = field(default_factory=dict)
    contracts: Mapping[str, Contract] = field(default_factory=dict)
    done: frozenset[str] = frozenset()

    def current(self, number: int) -> Ticket | None:
        """The ticket with this number, or the one that it was merged into."""
        ticket = self.tickets.get(number)
        while ticket is not None and ticket.merged_into is not None:
            ticket = self.tickets.get(ticket.merged_into)
        return ticket

    def after(self, decision: Decision) -> Facts:
        """The facts as the next mail of the batch must see them."""
        new: dict[str, object] = {}
        ticket = decision.ticket
        if ticket is not None:
            number = ticket.number
            new["next_number"] = max(self.next_number, number + 1)
            new["tickets"] = {**self.tickets, number: ticket}
            new["placed"] = dict.fromkeys(decision.message_ids, number) | dict(self.placed)
            new["next_advisory"] = self.next_advisory + decision.numbered
            absorbed = self.history.get(decision.absorbs, ()) if decision.absorbs else ()
            said = [*self.history.get(number, ()), *absorbed, *([decision.message] if decision.message else ())]
            if decision.opened and decision.message is not None:
                new["openings"] = {**self.openings, number: decision.message}
            new["history"] = {**self.history, number: sorted(said, key=lambda each: each.at)}
        if decision.mails:
            sent = dict(self.sent)
            for mail in decision.mails:
                for scope, whose in payers(mail.to.address, ticket.number if ticket else None).items():
                    sent[mail.kind, scope, whose] = sent.get((mail.kind, scope, whose), 0) + 1
            new["sent"] = sent
        if decision.digest:
            new["seen"] = {**self.seen, (decision.digest, decision.target): decision.entry}
        return replace(self, **new)  # type: ignore[arg-type]  # by name, each of its type


NOTHING_KNOWN = Facts(next_number=1, next_advisory=1, tickets={}, placed={}, seen={}, sent={}, outgoing={})
