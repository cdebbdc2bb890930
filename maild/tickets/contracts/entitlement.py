"""What the registry says about a ticket: the contract it belongs to, what that brings with it, and how it stands."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import get_args

from maild.problem.found import Field, Fields, value_of
from maild.tickets.contracts.contract import Contract, Hosting, covers, known_by
from maild.tickets.contracts.windows import Windows
from maild.tickets.happening import MailCame
from maild.tickets.ticket import Ticket

REGISTRY_CONFIDENCE = 0.8  # what the mail itself says goes before, as far as it is sure


def contract_of(ticket: Ticket, contracts: Mapping[str, Contract]) -> Contract | None:
    """The contract that the ticket names, else the one that its requester is known by."""
    named = value_of(ticket.fields, "contract")
    if named is not None:
        return contracts.get(str(named))
    return known_by(contracts.values(), ticket.requester.address)


def registered(happened: MailCame, fields: Fields, contracts: Mapping[str, Contract]) -> Contract | None:
    """The contract of an authenticated sender: as good as signed in. Who has proven nothing is nobody's customer yet.

    Of the contract that `fields` name nothing is told to those whom it does not cover, and nothing of another is mixed with it.
    """
    if happened.assurance.level < 1:
        return None
    named = value_of(fields, "contract")
    if named is None:
        return known_by(contracts.values(), happened.author)
    contract = contracts.get(str(named))
    return contract if contract is not None and covers(contract, happened.author) else None


def prefilled(fields: Fields, contract: Contract | None) -> dict[str, Field]:
    """What the registry knows without doubt, where the mail says nothing itself."""
    if contract is None:
        return dict(fields)
    known: Mapping[str, str | None] = {
        "contract": contract.reference,
        "database": contract.databases[0] if len(contract.databases) == 1 else None,
        "version": contract.versions[0] if len(contract.versions) == 1 else None,
        "hosting": contract.hosting,
    }
    found = {
        name: Field(value=value, source="registry", confidence=REGISTRY_CONFIDENCE) for name, value in known.items() if value
    }
    return {**found, **{name: field for name, field in fields.items() if field.value is not None or name not in found}}


def hosting_of(ticket: Ticket) -> Hosting | None:
    """The ticket's hosting, where it is one of those that contracts know."""
    found = value_of(ticket.fields, "hosting")
    return next((each for each in get_args(Hosting) if found == each), None)


def candidates(ticket: Ticket, contracts: Mapping[str, Contract]) -> tuple[str, ...]:
    """A line for agents where several contracts cover the requester, and nothing says which is meant."""
    found = sorted(each.reference for each in contracts.values() if covers(each, ticket.requester.address))
    return (f"one of {', '.join(found)}: which is not known",) if len(found) > 1 else ()


def _known_how(ticket: Ticket) -> str:
    """Whether an agent may rely on it that this is the requester's contract."""
    named = ticket.fields.get("contract")
    if named is None:
        return "; by the address alone, which nothing proves"
    return "" if named.source in ("registry", "agent") else "; named in the mail"


def support_of(ticket: Ticket, contract: Contract | None, windows: Windows, today: date) -> tuple[str, ...]:
    """Lines for agents: how the contract stands, and how long the version is supported."""
    lines = []
    if contract is not None:
        stands = f"{contract.status}, {contract.edition}, {contract.hosting}"
        lines.append(f"{contract.reference} ({contract.customer}): {stands}{_known_how(ticket)}")
    version = value_of(ticket.fields, "version")
    if isinstance(version, str):
        lines.append(windows.support(version, hosting_of(ticket), today).sentence)
    return tuple(lines)
