"""The tables of `schema` as SQLAlchemy's Core sees them: what `store/` writes its statements with."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

from maild.store import schema

# mypy does not know SQLModel's attribute
(
    TICKETS,
    MESSAGES,
    EVENTS,
    REFERENCES,
    LINKS,
    DUE,
    SEEN,
    OUTBOX,
    LETTERS,
    BUDGETS,
    COUNTERS,
    CONTRACTS,
    CONTACTS,
) = tuple[Table, ...](
    getattr(row, "__table__")  # noqa: B009
    for row in (
        schema.TicketRow,
        schema.MessageRow,
        schema.EventRow,
        schema.ReferenceRow,
        schema.LinkRow,
        schema.DueRow,
        schema.SeenRow,
        schema.OutboxRow,
        schema.LetterRow,
        schema.BudgetRow,
        schema.CounterRow,
        schema.ContractRow,
        schema.ContactRow,
    )
)


def insert_into(table: Table, connection: Connection) -> Any:
    """An insert that can say what follows where the row is there; each database has its own."""
    return (postgresql if connection.dialect.name == "postgresql" else sqlite).insert(table)
