"""What can happen to a ticket, in the past tense: the input of `decide`. A mail came, a mail of ours met its fate, a time came."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from maild.mail.automatic.read import reads_as_absence
from maild.problem.reading import Reading
from maild.tickets.address import Target, ToBounce, ToTicket
from maild.tickets.assurance import Assurance
from maild.tickets.decision import Ruling
from maild.tickets.threading import Placement
from maild.tickets.ticket import Due, Ticket


@dataclass(frozen=True, slots=True, kw_only=True)
class MailCame:
    """A mail came, and was accepted. What it means is its class."""

    entry: str
    target: Target
    address: str  # the forward-path that led here
    reading: Reading
    placement: Placement
    ruling: Ruling
    assurance: Assurance
    reason: str  # of the guard's acceptance
    confirmed: str = ""  # the entry whose words and attachments these are, where its sender has confirmed it by this mail

    @property
    def ticket(self) -> Ticket:
        """The ticket that it belongs to; a mail that opens one has none."""
        assert self.placement.ticket is not None
        return self.placement.ticket

    @property
    def author(self) -> str:
        """The address that From claims, in lower case."""
        author = self.reading.message.author
        return author.address.lower() if author else ""

    @property
    def role(self) -> str:
        """Of the signed address that it came to; empty where there was none."""
        return self.target.role if isinstance(self.target, ToTicket) else ""

    @property
    def confirms(self) -> str:
        """The entry that its sender was asked about, at the address that this mail came to; empty where it came to another."""
        return self.target.confirms if isinstance(self.target, ToTicket) and self.is_own_address else ""

    @property
    def is_own_address(self) -> bool:
        """Whether it came to the signed address that was given to this very sender."""
        return isinstance(self.target, ToTicket) and bool(self.author) and self.target.given.lower() == self.author


class CustomerOpened(MailCame):
    """A mail that belongs to no ticket yet."""


class CustomerWrote(MailCame):
    """The requester, or a participant."""


class GuestWrote(MailCame):
    """Somebody else, by an address that was given to a participant: kept, the team is told, nothing goes back."""


class AgentWrote(MailCame):
    """An agent of the desk: an answer, a note, commands."""


class MachineWrote(MailCame):
    """A machine's mail about a ticket: kept, and nobody is told. A person's mail that came by a list is no such."""


class MailBounced(MailCame):
    """A delivery report about a mail that the desk sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailSettled:
    """The next hop took a watched mail of ours at `at`, or will never; `created_at` is when the desk wrote it.

    `to` is whom of the ticket's people it went to; empty where that is nobody any more.
    """

    ticket: int
    key: str
    kind: str
    state: Literal["sent", "failed", "uncertain"]
    created_at: datetime
    at: datetime
    reply: str
    to: str = field(default="", compare=False)  # an agenda knows it by its mark alone


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeCame:
    """The time of a ticket's timer came."""

    ticket: int
    kind: str
    at: datetime

    def still_stands(self, ticket: Ticket) -> bool:
        """Whether the ticket has this timer still: what happened just before may have stopped it or put it off."""
        return Due(kind=self.kind, at=self.at) in ticket.due


Happening = MailCame | MailSettled | TimeCame
Agendum = MailSettled | TimeCame
MayHappen = Callable[[Agendum], bool]  # whether nothing stands against it now, like older mail that still waits


def happening(
    entry: str,
    target: Target,
    address: str,
    reading: Reading,
    placement: Placement,
    ruling: Ruling,
    assurance: Assurance,
    reason: str,
) -> MailCame:
    """Names what an accepted mail means."""
    standing, machine = placement.standing, reading.message.automatic
    by_machine = machine is not None and machine.is_writer
    # Responders answer the reverse-path (RFC 3834, section 4), and not all of them say what they are; agents' least of all must go on.
    by_machine = by_machine or (isinstance(target, ToBounce) and (standing == "agent" or reads_as_absence(reading.message)))
    kind: type[MailCame]
    if placement.ticket is None:
        kind = CustomerOpened
    elif isinstance(target, ToBounce) and reading.message.bounce:
        kind = MailBounced
    elif by_machine:
        kind = MachineWrote
    elif standing == "agent":
        kind = AgentWrote
    elif standing == "guest":
        kind = GuestWrote
    else:
        kind = CustomerWrote
    return kind(
        entry=entry,
        target=target,
        address=address,
        reading=reading,
        placement=placement,
        ruling=ruling,
        assurance=assurance,
        reason=reason,
    )
