"""The cases of disclosures: (step, case) -> case. One table; what is not in it is refused. And when an advisory becomes public."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from maild.tickets import cases
from maild.tickets.outcome import Terms
from maild.tickets.ticket import Ticket

Step = Literal[
    "acknowledge", "take", "confirm", "reject", "corrected", "advisory", "review", "approve",
    "embargo", "broadcast", "release", "approve release", "publish",
]  # fmt: skip

UNDER_WAY = ("received", "acknowledged", "analysis", "confirmed", "correction", "review", "advisory", "broadcast")

CASES: Mapping[Step, Mapping[str, str]] = {
    "acknowledge": {"received": "acknowledged", "rejected": "acknowledged"},  # something was told since
    "take": {"received": "analysis", "acknowledged": "analysis"},
    "confirm": {"received": "confirmed", "acknowledged": "confirmed", "analysis": "confirmed"},
    "reject": {"received": "rejected", "acknowledged": "rejected", "analysis": "rejected"},
    "corrected": {"confirmed": "correction"},
    "advisory": {"confirmed": "confirmed", "correction": "correction", "review": "correction", "advisory": "correction"},
    "review": {"correction": "review", "review": "review"},
    "approve": {"review": "advisory"},
    "embargo": {each: each for each in UNDER_WAY},
    "broadcast": {"advisory": "broadcast"},
    "release": {"broadcast": "broadcast"},
    "approve release": {"broadcast": "broadcast"},
    "publish": {"broadcast": "public"},
}
BROADCAST, EMBARGO = "broadcast", "embargo"  # timers


def moved(ticket: Ticket, name: Step) -> Ticket:
    """The ticket in its next case. Raises `Wrong`."""
    return cases.moved(ticket, CASES[name], closed="rejected")


def public_at(ticket: Ticket, since: datetime, terms: Terms) -> datetime:
    """When the embargo of a broadcast ends: as was promised, or on the later day that the case has."""
    day = ticket.papers.get("embargo")
    later = datetime.fromisoformat(f"{day}T00:00:00+00:00") if day else since
    return max(since + terms.embargo, later)
