"""The tables of `schema` as SQLAlchemy's Core sees them: what `store/` writes its statements with."""

from __future__ import annotations

from sqlalchemy import Table

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
    )
)
