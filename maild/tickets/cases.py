"""The case that a ticket of a service has besides its stage: how steps move it, and what it rests on. Each service has its own table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from maild.tickets.outcome import Wrong
from maild.tickets.ticket import Ticket


def moved(ticket: Ticket, row: Mapping[str, str], closed: str) -> Ticket:
    """The ticket after the step that has this row in its service's table. `closed` is the case of those that came to nothing.

    Raises:
        Wrong: the case is not there yet, or is past it; or it came to nothing, and the ticket was closed with it.
    """
    case = row.get(ticket.case or "")
    if case is None:  # no quotes: what is quoted is an agent's, and leaves no sealed case
        raise Wrong(f"the case stands at {ticket.case} now, and this is for one at {' or '.join(row)}")
    if ticket.case == closed and ticket.stage == "done":
        raise Wrong("the case is closed: #reopen goes before it")
    return replace(ticket, case=case)


def with_papers(ticket: Ticket, papers: Mapping[str, str]) -> Ticket:
    """The ticket with these papers, too; one of the same name is replaced."""
    return replace(ticket, papers={**ticket.papers, **papers})


def without_papers(ticket: Ticket, *names: str) -> Ticket:
    """The ticket without these papers: what made them void is told by who calls."""
    return replace(ticket, papers={name: text for name, text in ticket.papers.items() if name not in names})


def read_day(text: str) -> date:
    """The day that a command tells.

    Raises:
        Wrong: it tells none.
    """
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Wrong(f"'{text}' is no date like 2026-11-30") from None
