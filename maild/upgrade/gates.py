"""The gates of an upgrade: (step, case) -> case. One table; what is not in it is refused. And whether an upgrade may be had at all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from maild.problem.found import value_of
from maild.problem.version import version_key
from maild.tickets.cases import moved, without_papers
from maild.tickets.contracts.entitlement import contract_of, hosting_of
from maild.tickets.outcome import Moment
from maild.tickets.ticket import Ticket

Step = Literal[
    "declare", "test-ready", "test-failed", "tested", "rehearsed", "ask consent", "consent", "schedule", "upgraded", "refuse"
]

GATES: Mapping[Step, Mapping[str, str]] = {
    # whoever declares something else once a test was made starts again: what was tested is not what would be upgraded
    "declare": {
        "requested": "declared",
        "declared": "declared",
        "testing": "declared",
        "tested": "declared",
        "rehearsed": "declared",
        "refused": "declared",  # something has changed since
    },
    "test-ready": {"declared": "testing", "testing": "testing", "tested": "testing", "rehearsed": "testing"},
    "test-failed": {"testing": "declared", "tested": "declared", "rehearsed": "declared"},
    "tested": {"testing": "tested"},
    "rehearsed": {"tested": "rehearsed"},
    "ask consent": {"tested": "tested", "rehearsed": "rehearsed"},
    "consent": {"tested": "consented", "rehearsed": "consented"},
    "schedule": {"consented": "consented"},
    "upgraded": {"consented": "upgraded"},
    "refuse": dict.fromkeys(("requested", "declared", "testing", "tested", "rehearsed", "consented"), "refused"),
}
VOID_BEFORE_TEST = ("consent asked", "consent asked at", "consent asked by", "consent")  # a new test needs a consent of its own


def through(ticket: Ticket, name: Step) -> Ticket:
    """The ticket behind a gate. Raises `Wrong`."""
    ticket = moved(ticket, GATES[name], closed="refused")
    return without_papers(ticket, *VOID_BEFORE_TEST) if ticket.case in ("declared", "testing") else ticket


def obstacles(ticket: Ticket, moment: Moment) -> list[str]:
    """Why this upgrade cannot be had as it stands, a line each: contract, versions, support (docs/flow.md)."""
    found: list[str] = []
    contract = contract_of(ticket, moment.facts.contracts)
    if contract is None:
        found.append("no contract is known")
    elif contract.status != "active":
        found.append(f"the contract {contract.reference} is {contract.status}")
    source, target = (_text(ticket, name) for name in ("version", "target_version"))
    if source is None or target is None:
        found.append("the version now or the version wanted is not known")
        return found
    if not is_newer(target, source):
        found.append(f"{target} is not newer than {source}")
    elif not moment.terms.windows.is_target(target, hosting_of(ticket), moment.now.date()):
        found.append(f"{target} is no version that one can upgrade to now")
    return found


def is_automatic(ticket: Ticket) -> bool:
    """Hosted by the vendor, and a minor version: it comes by itself."""
    source, target = _text(ticket, "version"), _text(ticket, "target_version")
    if hosting_of(ticket) != "online" or source is None or target is None or not is_newer(target, source):
        return False
    return version_key(source)[0] == version_key(target)[0]


def is_newer(target: str, source: str) -> bool:
    """Whether the one version comes after the other."""
    try:
        return version_key(target) > version_key(source)
    except ValueError:
        return False


def _text(ticket: Ticket, name: str) -> str | None:
    value = value_of(ticket.fields, name)
    return value if isinstance(value, str) else None
