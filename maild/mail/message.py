"""The values that a mail is read into. Strings are valid Unicode without NUL; header values are one line each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

AutomaticKind = Literal[
    "auto-reply", "out-of-office", "auto-generated", "bounce", "feedback-report", "read-receipt", "list", "bulk"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailbox:
    """A display name and an address (RFC 5322, section 3.4). Either may be empty: people also write a name alone."""

    name: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A leaf part that is not the text. `part` counts leaf parts from 0; `name` is data, never a path."""

    name: str | None
    type: str
    size: int
    sha256: str
    inline: bool
    content_id: str | None
    part: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """The visible text, divided: what the author wrote now, the signature, the rest."""

    text: str
    signature: str | None
    quoted: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Forwarded:
    """A forwarded mail and the note above it. `date` is as written."""

    note: str
    from_: Mailbox | None
    to: tuple[Mailbox, ...]
    cc: tuple[Mailbox, ...]
    subject: str
    date: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Automatic:
    """Why a mail is held to be a machine's, and of which kind."""

    kind: AutomaticKind
    why: str

    @property
    def answers(self) -> bool:
        """Whether a machine answers or reports to it (RFC 3834), where nobody began anything."""
        return self.kind in ("auto-reply", "out-of-office", "read-receipt", "feedback-report", "bounce")

    @property
    def is_writer(self) -> bool:
        """Whether a machine wrote it. What came by a list or in bulk has a writer of its own, and is only never answered by a machine."""
        return self.kind not in ("list", "bulk")


@dataclass(frozen=True, slots=True, kw_only=True)
class BouncedRecipient:
    """One recipient of a delivery report (RFC 3464, section 2.3)."""

    address: str
    action: str
    status: str | None
    code: str | None
    reason: str
    permanent: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounce:
    """A delivery report."""

    recipients: tuple[BouncedRecipient, ...]
    original_message_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthenticationResult:
    """One result, like `dmarc=pass header.from=example.org`; `properties` by `ptype.property` in lower case."""

    method: str
    result: str
    properties: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Authentication:
    """An Authentication-Results field: who says it, and what (RFC 8601, section 2.2)."""

    server: str
    results: tuple[AuthenticationResult, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message as read (RFC 5322). Message-IDs are without angle brackets."""

    message_id: str | None
    in_reply_to: tuple[str, ...]
    references: tuple[str, ...]
    date: datetime | None
    subject: str
    from_: tuple[Mailbox, ...]
    reply_to: tuple[Mailbox, ...]
    to: tuple[Mailbox, ...]
    cc: tuple[Mailbox, ...]
    text: str
    html: str | None
    reply: Reply
    forwarded: Forwarded | None
    attachments: tuple[Attachment, ...]
    automatic: Automatic | None
    may_answer: bool
    bounce: Bounce | None
    list_id: str | None
    signed: Literal["openpgp", "smime"] | None
    encrypted: Literal["openpgp", "smime"] | None
    hops: int  # Received fields
    delivered_to: tuple[str, ...]
    authentications: tuple[Authentication, ...]  # from the top
    strict_from: bool  # one From field with one plain address: nothing else may be believed
    defects: tuple[str, ...]

    @property
    def told(self) -> str:
        """What a reader must see: the author's own text; all of it where that is a forward, or where nothing is their own."""
        return self.text if self.forwarded else self.reply.text or self.text

    @property
    def author(self) -> Mailbox | None:
        """The first mailbox of From that has an address."""
        return next((each for each in self.from_ if each.address), None)
