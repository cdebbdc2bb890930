"""Which ticket a mail belongs to: by a proven address, or by references and a participant as sender. Never by its subject."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from maild.mail.message import Message
from maild.problem.reading import Reading
from maild.tickets.address import Target, ToBounce, ToTicket
from maild.tickets.facts import Facts
from maild.tickets.ticket import Ticket

Standing = Literal["requester", "participant", "agent", "guest"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """The ticket (None: a new one), who the sender is to it, how that was found, and tickets that were only pointed at."""

    ticket: Ticket | None
    standing: Standing = "requester"
    how: str = "new"
    mentioned: tuple[int, ...] = ()


def find_ticket(target: Target, reading: Reading, facts: Facts, agents: frozenset[str]) -> Placement:
    """Places a mail; a signed target is proven already (`arrival.proven`). A reference that proves nothing is only mentioned."""
    sender = reading.message.author.address.lower() if reading.message.author else ""
    if isinstance(target, ToBounce):
        number = facts.outgoing.get(target.key)
        return Placement(ticket=facts.tickets.get(number) if number else None, standing="guest", how="bounce address")
    if isinstance(target, ToTicket):
        own = facts.tickets[target.number]
        return Placement(ticket=own, standing=_standing(own, sender, agents), how=f"signed address ({target.role})")
    pointed_at = tuple(dict.fromkeys(facts.placed[each] for each in known_ids(reading.message) if each in facts.placed))
    for number in pointed_at:
        ticket = facts.tickets.get(number)
        if ticket is not None and ticket.has_participant(sender):
            return Placement(ticket=ticket, standing=_standing(ticket, sender, agents), how="references")
    return Placement(ticket=None, mentioned=pointed_at)


def known_ids(message: Message) -> tuple[str, ...]:
    """What may place the mail: its own Message-ID, which a reply that overtook it may have named, and all that it references."""
    return ((message.message_id,) if message.message_id else ()) + referenced_ids(message)


def referenced_ids(message: Message) -> tuple[str, ...]:
    """In-Reply-To, then References from the nearest to the farthest."""
    return tuple(dict.fromkeys((*message.in_reply_to, *reversed(message.references))))


def _standing(ticket: Ticket, sender: str, agents: frozenset[str]) -> Standing:
    if sender == ticket.requester.address.lower():
        return "requester"
    if sender in agents:
        return "agent"
    return "participant" if ticket.has_participant(sender) else "guest"
