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


def find_ticket(
    target: Target, reading: Reading, facts: Facts, agents: frozenset[str], open_since: datetime, *, proven: bool = False
) -> Placement:
    """Places a mail; `proven`: somebody vouches for its sender's domain.

    Tickets closed before `open_since` are answered by agents only: whoever else writes opens a new one.
    """
    placement = _placed(target, reading, facts, agents, proven)
    ticket, machine = placement.ticket, reading.message.automatic
    if ticket is None or ticket.closed_at is None or ticket.closed_at >= open_since:
        return placement
    if placement.standing == "agent" or (machine is not None and machine.is_writer) or isinstance(target, ToBounce):
        return placement
    if placement.standing == "guest":
        return Placement(ticket=None, standing="guest", mentioned=(ticket.number,))
    return Placement(ticket=None, follows=ticket.number)


def _placed(target: Target, reading: Reading, facts: Facts, agents: frozenset[str], proven: bool) -> Placement:
    """A signed target is proven already (`arrival.proven`). A reference that proves nothing is only mentioned."""
    message = reading.message
    sender, machine = message.author.address.lower() if message.author else "", message.automatic
    if isinstance(target, ToBounce):
        sent = facts.outgoing.get(target.key)
        ticket = facts.current(sent.ticket) if sent else None
        standing = _standing(ticket, sender, agents) if ticket is not None and machine is None else "guest"
        return Placement(ticket=ticket, standing=standing, how="bounce address")
    if isinstance(target, ToTicket):
        own = facts.tickets[target.number]
        as_agent = target.role != "c" and sender in agents and target.given.lower() == sender  # of his own request, too
        standing = "agent" if as_agent else _standing(own, sender, agents)
        return Placement(ticket=own, standing=standing, how=f"signed address ({target.role})")
    pointed_at = tuple(dict.fromkeys(facts.placed[each] for each in known_ids(message) if each in facts.placed))
    as_agent = proven and sender in agents and message.forwarded is None  # what an agent forwards may be another's request
    as_machine = machine is not None and machine.answers
    for ticket in map(facts.current, pointed_at):
        if ticket is None or (target.mailbox.sealed and not ticket.sealed):
            continue  # what was sent to a sealed mailbox is not shown to those who read the ticket
        if ticket.has_participant(sender) or (as_agent and not ticket.sealed) or as_machine:
            others = {each.number for each in map(facts.current, pointed_at) if each} - {ticket.number}
            return Placement(
                ticket=ticket, standing=_standing(ticket, sender, agents), how="references", mentioned=tuple(sorted(others))
            )
    return Placement(ticket=None, mentioned=pointed_at)


def known_ids(message: Message) -> tuple[str, ...]:
    """What may place the mail: all that it references or reports, and its own Message-ID, which a reply that overtook it may have named."""
    reported = (message.bounce.original_message_id,) if message.bounce and message.bounce.original_message_id else ()
    own = (message.message_id,) if message.message_id else ()
    return (*referenced_ids(message), *reported, *own)


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
