"""The desk's tables. `private` columns hold a customer's words as JSON, sealed where the ticket is; all else is without them.

Times are microseconds since 1970 in UTC. Marks are keyed hashes: equal for equal values, and telling nothing else.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, LargeBinary, MetaData, Text, text
from sqlalchemy.types import Integer
from sqlmodel import Field, SQLModel

NAMING = {"ix": "ix_%(table_name)s_%(column_0_N_name)s", "pk": "pk_%(table_name)s", "uq": "uq_%(table_name)s_%(column_0_N_name)s"}
# SQLite numbers rows by itself only where the key is INTEGER; PostgreSQL should count past two thousand million.
Identity = BigInteger().with_variant(Integer(), "sqlite")


class Desk(SQLModel):
    """The base of all tables of the desk's database."""

    metadata = MetaData(naming_convention=NAMING)


class TicketRow(Desk, table=True):
    """A ticket as it is now."""

    __tablename__ = "ticket"
    number: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    service: str
    stage: str = Field(index=True)
    team: str = Field(index=True)
    assignee: str | None
    priority: int
    blocking: bool
    language: str
    scope: str
    issues: int
    missing: str = Field(sa_type=Text)
    tags: str = Field(sa_type=Text)
    sealed: bool
    mailbox: str
    requester: str = Field(index=True)  # a mark
    case: str | None
    back_to: str
    merged_into: int | None = Field(sa_type=BigInteger)
    asked_at: int | None = Field(sa_type=BigInteger)
    closed_at: int | None = Field(sa_type=BigInteger)
    arrived_at: int = Field(sa_type=BigInteger)
    created_at: int = Field(sa_type=BigInteger)
    private: bytes = Field(sa_type=LargeBinary)


class MessageRow(Desk, table=True):
    """A mail on a ticket. The same entry may be on several."""

    __tablename__ = "message"
    ticket: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    id: str = Field(primary_key=True)
    direction: str
    visibility: str
    at: int = Field(sa_type=BigInteger)
    sealed: bool
    private: bytes = Field(sa_type=LargeBinary)


class EventRow(Desk, table=True):
    """The log: append-only, in order of `id`."""

    __tablename__ = "event"
    id: int | None = Field(default=None, sa_column=Column(Identity, primary_key=True, autoincrement=True))
    ticket: int = Field(sa_type=BigInteger, index=True)
    at: int = Field(sa_type=BigInteger)
    kind: str
    actor: str
    reason: str
    rule: str
    data: str = Field(sa_type=Text)


class ReferenceRow(Desk, table=True):
    """Which ticket a Message-ID belongs to; `weak` ones were only referenced, never seen."""

    __tablename__ = "reference"
    mark: str = Field(primary_key=True)
    ticket: int = Field(sa_type=BigInteger)
    weak: bool


class LinkRow(Desk, table=True):
    """From one ticket to another."""

    __tablename__ = "link"
    ticket: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    kind: str = Field(primary_key=True)
    other: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))


class DueRow(Desk, table=True):
    """A timer of a ticket. One that `waits` has its time but not its leave; `held_until` puts off one that fails."""

    __tablename__ = "due"
    ticket: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    kind: str = Field(primary_key=True)
    at: int = Field(sa_type=BigInteger, index=True)
    waits: bool
    held_until: int = Field(sa_type=BigInteger)


class SeenRow(Desk, table=True):
    """What became of each spool entry and target: committed together with its effects, so handing out twice is harmless."""

    __tablename__ = "seen"
    entry: str = Field(primary_key=True)
    target: str = Field(primary_key=True)
    digest: str = Field(index=True)
    ticket: int | None = Field(sa_type=BigInteger)
    disposition: str
    reason: str
    at: int = Field(sa_type=BigInteger)


class OutboxRow(Desk, table=True):
    """A mail to be sent, or sent. `reply` is the next hop's last word without addresses.

    What becomes of a `watched` mail is `news` for its ticket until the road has taken it up, at `due_at` or later. `cause` is the
    entry that led to it.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_state_due_at", "state", "due_at"),
        Index("ix_outbox_news", "news", sqlite_where=text("news"), postgresql_where=text("news")),
        {"sqlite_autoincrement": True},
    )
    id: int | None = Field(default=None, sa_column=Column(Identity, primary_key=True, autoincrement=True))
    key: str = Field(unique=True)
    ticket: int | None = Field(sa_type=BigInteger, index=True)
    kind: str
    recipient: str  # a mark
    state: str
    due_at: int = Field(sa_type=BigInteger)
    attempts: int
    twice: bool  # it may have reached its recipient before
    created_at: int = Field(sa_type=BigInteger)
    reply: str = Field(sa_type=Text)
    sealed: bool
    cause: str = Field(index=True)
    watched: bool
    news: bool
    settled_at: int = Field(sa_type=BigInteger)


class LetterRow(Desk, table=True):
    """The words of a mail in the outbox, apart from its state: changing that must not write these again."""

    __tablename__ = "letter"
    key: str = Field(primary_key=True)
    private: bytes = Field(sa_type=LargeBinary)


class BudgetRow(Desk, table=True):
    """How many mails of a class a correspondent (a mark) got in an hour (hours since 1970)."""

    __tablename__ = "budget"
    kind: str = Field(primary_key=True)
    recipient: str = Field(primary_key=True)
    hour: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    count: int


class CounterRow(Desk, table=True):
    """Numbers that are never given out twice: `ticket` is the last one used."""

    __tablename__ = "counter"
    name: str = Field(primary_key=True)
    value: int = Field(sa_type=BigInteger)


class ContractRow(Desk, table=True):
    """A contract of the registry. `digest` is a mark of its content, equal where nothing has changed."""

    __tablename__ = "contract"
    reference: str = Field(primary_key=True)
    status: str = Field(index=True)
    digest: str
    imported_at: int = Field(sa_type=BigInteger)
    private: bytes = Field(sa_type=LargeBinary)


class ContactRow(Desk, table=True):
    """Whose mail a contract covers: the mark of an address or of a domain (`kind`)."""

    __tablename__ = "contact"
    mark: str = Field(primary_key=True)
    reference: str = Field(primary_key=True, index=True)
    kind: str
