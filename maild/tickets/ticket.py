"""The values of a ticket: itself, its messages, its events, its links."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from maild.mail.message import Attachment, Mailbox
from maild.problem.found import Fields

TicketService = Literal["support", "upgrade", "security"]
Stage = Literal["qualification", "process", "feedback", "rating", "done"]
Visibility = Literal["public", "internal"]
LinkKind = Literal["split", "merged", "follow-up", "mentions"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """A ticket as it is now. `mailbox` is the desk's address that the customer wrote to; `blocking` means granted."""

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

    @property
    def people(self) -> list[str]:
        """The addresses of the requester and the participants."""
        return [self.requester.address, *(each.address for each in self.participants)]

    def has_participant(self, address: str) -> bool:
        """Whether the address is the requester's or a participant's, letter case aside."""
        folded = address.lower()
        return folded == self.requester.address.lower() or any(folded == each.address.lower() for each in self.participants)


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketMessage:
    """A mail on a ticket. `id` is the spool entry's for what came in, the outbox key for what goes out."""

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
