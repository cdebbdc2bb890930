"""What can happen to a ticket, in the past tense: the input of the life cycle."""

from __future__ import annotations

from dataclasses import dataclass

from maild.problem.reading import Reading
from maild.tickets.address import Target, ToBounce
from maild.tickets.decision import Ruling
from maild.tickets.threading import Placement


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """A mail came. What it means is its class."""

    entry: str
    target: Target
    address: str  # the forward-path that led here
    reading: Reading
    placement: Placement
    ruling: Ruling
    reason: str  # of the guard's acceptance


class CustomerWrote(Happening):
    """The requester, or a participant."""


class GuestWrote(Happening):
    """Somebody else, by an address that was given to a participant: kept, the team is told, nothing goes back."""


class AgentWrote(Happening):
    """An agent of the desk: a note, as long as nothing better is proven."""


class MachineWrote(Happening):
    """An automatic mail about a ticket: kept, and nobody is told."""


class MailBounced(Happening):
    """A delivery report about a mail that the desk sent."""


def happening(
    entry: str, target: Target, address: str, reading: Reading, placement: Placement, ruling: Ruling, reason: str
) -> Happening:
    """Names what an accepted mail means."""
    standing, machine = placement.standing, reading.message.automatic
    kind: type[Happening]
    if isinstance(target, ToBounce):
        kind = MailBounced if reading.message.bounce else MachineWrote
    elif machine is not None and placement.ticket is not None:
        kind = MachineWrote
    elif placement.ticket is None:
        kind = CustomerWrote
    elif standing == "agent":
        kind = AgentWrote
    elif standing == "guest":
        kind = GuestWrote
    else:
        kind = CustomerWrote
    return kind(entry=entry, target=target, address=address, reading=reading, placement=placement, ruling=ruling, reason=reason)
