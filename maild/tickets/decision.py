"""What is to be done about one mail and one target: the only thing that leaves the pure rooms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from maild.mail.message import Mailbox
from maild.tickets.address import Role
from maild.tickets.ticket import Event, Link, Ticket, TicketMessage

MailClass = Literal["acknowledgement", "notification", "operator"]
Disposition = Literal["accept", "discard", "hold"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What becomes of a mail, with a named reason such as `discard: too-many-hops`."""

    disposition: Disposition
    reason: str

    def __str__(self) -> str:
        return f"{self.disposition}: {self.reason}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SendMail:
    """An effect: a mail of this class to one recipient, who gets a signed reply address with this role."""

    kind: MailClass
    template: str
    to: Mailbox
    role: Role | None
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """What the rules say: each hit as `file:line name`, and the names of those that missed."""

    team: str | None = None
    priority: int | None = None
    scope: str | None = None
    reply: str | None = None
    tags: tuple[str, ...] = ()
    hit: tuple[str, ...] = ()
    missed: tuple[str, ...] = ()


NO_RULING = Ruling()


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """`message_ids` place later mail in the ticket: the mail's own first, then those that it merely references.

    `bounced` are outbox keys of mails that a report says did not arrive.
    """

    entry: str
    target: str
    digest: bytes
    verdict: Verdict
    ticket: Ticket | None = None
    opened: bool = False
    message: TicketMessage | None = None
    message_ids: tuple[str, ...] = ()
    events: tuple[Event, ...] = ()
    links: tuple[Link, ...] = ()
    mails: tuple[SendMail, ...] = ()
    bounced: tuple[str, ...] = ()
    ruling: Ruling = NO_RULING
