"""The life cycle: (step, stage) -> stage. One table; a pair that is not in it is an error.

Who is written to at a step is told by the turns (`customers`, `agents`, `clocks`, `delivery`); what a step changes, by `step` alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Literal

from maild.tickets.ticket import Due, Event, Stage, Ticket

Step = Literal[
    "opened",
    "customer wrote",
    "customer thanked",
    "guest wrote",
    "informed",
    "answered",
    "closed",
    "reopened",
    "silence",
    "undelivered",
]
Rule = Literal["open", "back", "qualification", "process", "feedback", "done"]

# `open` is qualification while something required is missing, else process; `back` is the stage that feedback or done was reached from.
TRANSITIONS: Mapping[Step, Mapping[Stage | None, Rule]] = {
    "opened": {None: "open"},
    "customer wrote": {"qualification": "open", "process": "process", "feedback": "back", "done": "back"},
    "customer thanked": {"qualification": "open", "process": "process", "feedback": "done", "done": "done"},
    "guest wrote": {
        "qualification": "process",
        "process": "process",
        "feedback": "process",
        "done": "process",
    },  # a person must look
    "informed": {"qualification": "open", "process": "process", "feedback": "feedback", "done": "done"},
    "answered": {"qualification": "feedback", "process": "feedback", "feedback": "feedback", "done": "feedback"},
    "closed": {"qualification": "done", "process": "done", "feedback": "done"},
    "reopened": {"feedback": "back", "done": "back"},
    "silence": {"qualification": "done", "feedback": "done"},
    "undelivered": {"qualification": "qualification", "process": "process", "feedback": "back", "done": "done"},
}
WAITING: tuple[Stage, ...] = ("qualification", "feedback")  # where the customer's silence counts
SILENCE = ("reminder", "close")  # the timers of it
KEEPS_CLOCKS: tuple[Step, ...] = ("informed",)  # agents' edits do not touch them


class UnknownTurn(Exception):
    """The table has no row for this step and stage."""


def step(ticket: Ticket, name: Step, now: datetime, opening: bool = False) -> Ticket:
    """The ticket after a step: its stage, and the clocks that this stops.

    Raises:
        UnknownTurn: see there.
    """
    before = None if opening else ticket.stage
    rule = TRANSITIONS[name].get(before)
    if rule is None:
        raise UnknownTurn(f"{before or 'no ticket'}, {name}")
    stage = _stage(ticket, rule)
    runs_on = name in KEEPS_CLOCKS and stage in WAITING
    return replace(
        ticket,
        stage=stage,
        back_to=before if stage in ("feedback", "done") and before in ("qualification", "process") else ticket.back_to,
        closed_at=now if stage == "done" and before != "done" else ticket.closed_at if stage == "done" else None,
        due=ticket.due if runs_on else without(ticket.due, *SILENCE),
    )


def ended(ticket: Ticket, now: datetime) -> Ticket:
    """The ticket closed, if it is not already."""
    return ticket if ticket.stage == "done" else step(ticket, "closed", now)


def without(due: tuple[Due, ...], *kinds: str) -> tuple[Due, ...]:
    """The timers but for those of these kinds."""
    return tuple(each for each in due if each.kind not in kinds)


def with_timers(ticket: Ticket, *due: Due) -> Ticket:
    """The ticket with these timers, in the place of those of the same kinds."""
    return replace(ticket, due=(*without(ticket.due, *(each.kind for each in due)), *due))


def _stage(ticket: Ticket, rule: Rule) -> Stage:
    if rule == "back" and ticket.back_to == "process":
        return "process"
    if rule in ("open", "back"):
        return "qualification" if ticket.missing else "process"
    return rule  # type: ignore[return-value]  # what is left are stages


# What of a ticket is public to the log: no address, no word of a customer. The rest lies in rows that can be erased.
PUBLIC = (
    "service",
    "stage",
    "case",
    "team",
    "assignee",
    "priority",
    "blocking",
    "language",
    "scope",
    "issues",
    "missing",
    "tags",
    "sealed",
    "mailbox",
    "merged_into",
)


def changes(before: Ticket, after: Ticket) -> dict[str, object]:
    """What the log is told of a change."""
    return {name: getattr(after, name) for name in PUBLIC if getattr(after, name) != getattr(before, name)}


def replay(events: Sequence[Event]) -> dict[str, object]:
    """The public state of a ticket, rebuilt from its log alone."""
    state: dict[str, object] = {}
    for event in events:
        if event.kind in ("TicketOpened", "TicketChanged"):
            state |= {name: value for name, value in event.data.items() if name in PUBLIC}
    return state
