"""Which ticket a mail belongs to: by a proven address, or by references and a participant as sender. Never by its subject."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from maild.mail.message import Message
from maild.problem.reading import Reading
from maild.tickets.address import Target, ToBounce, ToTicket
from maild.tickets.facts import Facts
from maild.tickets.ticket import Ticket

MAX_THREAD = 20
Standing = Literal["requester", "participant", "agent", "guest"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """The ticket (None: a new one), who the sender is to it, how that was found, and tickets that were only pointed at.

    A new ticket `follows` one that was closed too long ago to be opened again.
    """

    ticket: Ticket | None
    standing: Standing = "requester"
    how: str = "new"
    mentioned: tuple[int, ...] = ()
    follows: int | None = None


def find_ticket(target: Target, reading: Reading, facts: Facts, agents: frozenset[str], open_since: datetime) -> Placement:
    """Places a mail; tickets closed before `open_since` are answered by agents only: whoever else writes opens a new one."""
    placement = _placed(target, reading, facts, agents)
    ticket, machine = placement.ticket, reading.message.automatic
    if ticket is None or ticket.closed_at is None or ticket.closed_at >= open_since:
        return placement
    if placement.standing == "agent" or machine is not None or isinstance(target, ToBounce):
        return placement
    return Placement(ticket=None, follows=ticket.number)


def _placed(target: Target, reading: Reading, facts: Facts, agents: frozenset[str]) -> Placement:
    """A signed target is proven already (`arrival.proven`). A reference that proves nothing is only mentioned."""
    sender = reading.message.author.address.lower() if reading.message.author else ""
    if isinstance(target, ToBounce):
        sent = facts.outgoing.get(target.key)
        return Placement(ticket=facts.current(sent.ticket) if sent else None, standing="guest", how="bounce address")
    if isinstance(target, ToTicket):
        own = facts.tickets[target.number]
        as_agent = target.role != "c" and sender in agents and target.given.lower() == sender  # of his own request, too
        standing = "agent" if as_agent else _standing(own, sender, agents)
        return Placement(ticket=own, standing=standing, how=f"signed address ({target.role})")
    pointed_at = tuple(dict.fromkeys(facts.placed[each] for each in known_ids(reading.message) if each in facts.placed))
    for number in pointed_at:
        ticket = facts.current(number)
        if ticket is not None and target.mailbox.sealed and not ticket.sealed:
            continue  # what was sent to a sealed mailbox is not shown to those who read the ticket
        if ticket is not None and ticket.has_participant(sender):
            return Placement(ticket=ticket, standing=_standing(ticket, sender, agents), how="references")
    return Placement(ticket=None, mentioned=pointed_at)


def known_ids(message: Message) -> tuple[str, ...]:
    """What may place the mail: its own Message-ID, which a reply that overtook it may have named, and all that it references."""
    return ((message.message_id,) if message.message_id else ()) + referenced_ids(message)


def referenced_ids(message: Message) -> tuple[str, ...]:
    """In-Reply-To, then References from the nearest to the farthest."""
    return tuple(dict.fromkeys((*message.in_reply_to, *reversed(message.references))))


def lengthened(thread: tuple[str, ...], *ids: str) -> tuple[str, ...]:
    """What later mails refer to: the first Message-ID and the last few. Every client then shows one conversation."""
    both = tuple(dict.fromkeys((*thread, *ids)))
    return both if len(both) <= MAX_THREAD else (both[0], *both[1 - MAX_THREAD :])


def _standing(ticket: Ticket, sender: str, agents: frozenset[str]) -> Standing:
    if sender == ticket.requester.address.lower():
        return "requester"
    if sender in agents:
        return "agent"
    return "participant" if ticket.has_participant(sender) else "guest"
