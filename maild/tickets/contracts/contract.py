"""Contracts as the registry knows them, and whose mail they cover. Whether the sender is believed is not decided here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Literal, get_args

Hosting = Literal["online", "platform", "on-premise"]
Edition = Literal["enterprise", "community"]
ContractStatus = Literal["active", "overdue", "terminated"]

HOSTINGS: tuple[Hosting, ...] = get_args(Hosting)
EDITIONS: tuple[Edition, ...] = get_args(Edition)
STATUSES: tuple[ContractStatus, ...] = get_args(ContractStatus)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """A row of the registry, by the columns of docs/interfaces.md.

    Addresses, domains and the account manager are in lower case; `versions` are as `version_key` reads them.
    """

    reference: str
    customer: str
    addresses: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    databases: tuple[str, ...] = ()
    versions: tuple[str, ...] = ()
    hosting: Hosting
    edition: Edition
    status: ContractStatus
    account_manager: str | None = None
    language: str | None = None  # None: the desk's
    success_pack_hours: float = 0.0


COLUMNS = tuple(each.name for each in fields(Contract))


def covers(contract: Contract, address: str) -> bool:
    """Whether the address, or exactly its domain, is listed. A domain that anybody can have an address at is the operator's affair."""
    low = address.lower()
    return low in contract.addresses or domain_of(low) in contract.domains


def known_by(contracts: Iterable[Contract], address: str) -> Contract | None:
    """The one contract that covers the address: listed itself goes before its domain, then active before the others.

    None where several remain: which of them is meant must be asked.
    """
    covering = [each for each in contracts if covers(each, address)]
    by_name = [each for each in covering if address.lower() in each.addresses] or covering
    left = [each for each in by_name if each.status == "active"] or by_name
    return left[0] if len(left) == 1 else None


def domain_of(address: str) -> str:
    """What stands behind the last `@`, in lower case; empty where there is none."""
    return address.lower().rpartition("@")[2] if "@" in address else ""
