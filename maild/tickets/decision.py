"""What is to be done about one happening: the only thing that leaves the pure rooms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from maild.mail.message import Attachment, Mailbox
from maild.tickets.address import Role
from maild.tickets.assurance import Assurance
from maild.tickets.ticket import Event, Link, Ticket, TicketMessage

MailClass = Literal[
    "acknowledgement",
    "question",
    "consent",
    "reminder",
    "closing",
    "notice",
    "refusal",
    "answer",
    "notification",
    "note",
    "confirmation",
    "receipt",
    "error",
    "advisory",
    "announcement",
    "operator",
]
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
    """An effect: a mail of this class to one recipient, who gets a signed reply address with this role.

    `shown` are To and Cc where others are to be seen, too; `agent` is whose words these are; `values` are for the template;
    `enclosed` are attachments of the mail that caused this, or of the entry `source`. Its reply address proves that its reader
    `confirms` an entry. What becomes of a `watched` mail comes back to its ticket.
    """

    kind: MailClass
    template: str
    to: Mailbox
    role: Role | None
    language: str
    shown: tuple[Mailbox, ...] = ()
    agent: str = ""
    values: Mapping[str, object] = field(default_factory=dict)
    enclosed: tuple[Attachment, ...] = ()
    source: str = ""
    confirms: str = ""
    watched: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """An effect: a file of this name in `var/advisories/`."""

    name: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """What the rules say: each hit as `file:line name`, the names of those that missed, and the topics with what counted for them.

    `kind` is the kind of problem, where the mail names none; `chosen_by` the rule that gave the team.
    """

    team: str | None = None
    priority: int | None = None
    scope: str | None = None
    kind: str | None = None
    reply: str | None = None
    tags: tuple[str, ...] = ()
    hit: tuple[str, ...] = ()
    missed: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    chosen_by: str = ""


NO_RULING = Ruling()


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """`entry` is the mail's in the spool; without a `digest` something else caused it, and `entry` names that.

    `assurance` tells how surely a mail is its author's.
    `message_ids` place later mail in the ticket: the mail's own first, then those that it merely references.
    `bounced` are outbox keys of mails that a report says did not arrive. `absorbs` is the ticket whose messages this one has from now
    on, too. `besides` is what is to be done about other tickets.
    """

    entry: str
    target: str
    digest: bytes = b""
    verdict: Verdict
    assurance: Assurance | None = None
    ticket: Ticket | None = None
    opened: bool = False
    message: TicketMessage | None = None
    message_ids: tuple[str, ...] = ()
    events: tuple[Event, ...] = ()
    links: tuple[Link, ...] = ()
    mails: tuple[SendMail, ...] = ()
    bounced: tuple[str, ...] = ()
    publications: tuple[Publication, ...] = ()
    numbered: int = 0  # numbers of advisories that were given out
    ruling: Ruling = NO_RULING
    absorbs: int | None = None
    besides: tuple[Decision, ...] = ()
