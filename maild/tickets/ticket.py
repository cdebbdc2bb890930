"""The values of a ticket: itself, its messages, its events, its links."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from maild.mail.message import Attachment, Mailbox
from maild.problem.found import Fields

TicketService = Literal["support", "upgrade", "security"]
Stage = Literal["qualification", "process", "feedback", "rating", "done"]
Visibility = Literal["public", "internal"]
LinkKind = Literal["split", "merged", "follow-up", "mentions"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A timer: at this time something of this kind happens to the ticket. One that `waits` has its time, but not yet its leave."""

    kind: str
    at: datetime
    waits: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Unconfirmed:
    """A mail, by its spool entry, that its sender was asked to confirm: exactly the words that he was shown. `is_done`: he has answered."""

    entry: str
    at: datetime
    text: str
    attachments: tuple[Attachment, ...] = ()
    is_done: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """A ticket as it is now. `mailbox` is the desk's address that the customer wrote to; `blocking` means granted.

    People: the `pending` were put in copy by somebody unproven; mail to the `unreachable` came back. `case` is the state of an upgrade or
    a disclosure, `papers` what it rests on, by name. `asked_at` is when the desk last answered or asked, `back_to` the stage that a reply
    leads back to. `thread` holds the Message-IDs that all mails refer to, `opening` is the entry of the mail that opened it. What comes
    to a ticket that is `merged_into` another belongs there; that one has `absorbed` it.
    """

    number: int
    service: TicketService
    stage: Stage
    team: str
    requester: Mailbox
    mailbox: str
    subject: str
    arrived_at: datetime
    created_at: datetime
    participants: tuple[Mailbox, ...] = ()
    pending: tuple[Mailbox, ...] = ()
    unreachable: tuple[str, ...] = ()
    unconfirmed: tuple[Unconfirmed, ...] = ()
    opening: str = ""
    merged_into: int | None = None
    absorbed: tuple[int, ...] = ()
    assignee: str | None = None
    priority: int = 1
    blocking: bool = False
    language: str = "en"
    scope: str = "in-scope"
    issues: int = 1
    fields: Fields
    missing: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    sealed: bool = False
    case: str | None = None
    papers: Mapping[str, str] = field(default_factory=dict)
    asked_at: datetime | None = None
    closed_at: datetime | None = None
    back_to: Stage = "process"
    thread: tuple[str, ...] = ()
    due: tuple[Due, ...] = ()

    @property
    def people(self) -> list[str]:
        """The addresses of the requester and the participants."""
        return [self.requester.address, *(each.address for each in self.participants)]

    def is_requester(self, address: str) -> bool:
        """Whether the address is the requester's, letter case aside."""
        return address.lower() == self.requester.address.lower()

    def has_participant(self, address: str) -> bool:
        """Whether the address is the requester's or a participant's, letter case aside."""
        folded = address.lower()
        return self.is_requester(address) or any(folded == each.address.lower() for each in self.participants)


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketMessage:
    """A mail on a ticket. `id` is the spool entry's. An agent's mail that was sent on as an answer is `out`, with what was sent."""

    id: str
    direction: Literal["in", "out"]
    visibility: Visibility
    at: datetime
    author: Mailbox
    subject: str
    text: str
    message_id: str | None
    attachments: tuple[Attachment, ...] = ()
    defects: tuple[str, ...] = ()

    @property
    def is_public(self) -> bool:
        """Whether customers may see it."""
        return self.visibility == "public"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One line of the log: append-only, and without personal data. `data` holds plain values only."""

    kind: str
    at: datetime
    actor: str
    reason: str = ""
    rule: str = ""
    data: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """From this ticket to another."""

    kind: LinkKind
    number: int
