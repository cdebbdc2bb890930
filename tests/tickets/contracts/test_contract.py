"""Whose mail a contract covers, and which one an address is known by."""

from __future__ import annotations

import dataclasses

import pytest

from maild.tickets.contracts.contract import Contract, covers, domain_of, known_by

BERG = Contract(
    reference="M1",
    customer="Berg Bakery",
    addresses=("ann@berg.example",),
    domains=("berg.example",),
    hosting="online",
    edition="enterprise",
    status="active",
)


def like(contract: Contract = BERG, **changes: object) -> Contract:
    """The contract with some values changed."""
    return dataclasses.replace(contract, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("address", "covered"),
    [
        ("ann@berg.example", True),
        ("ANN@Berg.Example", True),
        ("bob@berg.example", True),
        ("bob@shop.berg.example", False),
        ("bob@notberg.example", False),
        ("bob@berg.example.org", False),
        ("berg.example", False),
        ("", False),
    ],
)
def test_covers(address: str, covered: bool) -> None:
    """An address is covered if it is listed, or its domain is, exactly; letter case does not matter."""
    assert covers(BERG, address) is covered


def test_no_domain_covers_no_address_without_one() -> None:
    """What is no address belongs to nobody, not even to a contract without domains."""
    assert not covers(like(addresses=(), domains=()), "nobody")
    assert domain_of("nobody") == ""
    assert domain_of('"odd@local"@Berg.Example') == "berg.example"


@pytest.mark.parametrize(
    ("contracts", "reference"),
    [
        ([], None),
        ([BERG], "M1"),
        ([like(addresses=(), domains=())], None),
        ([like(addresses=()), like(reference="M2", domains=())], "M2"),
        ([like(reference="M2"), like(status="terminated")], "M2"),
        ([like(status="overdue"), like(reference="M2", status="terminated")], None),
        ([BERG, like(reference="M2")], None),
        ([like(addresses=()), like(reference="M2", domains=(), status="terminated")], "M2"),
        ([like(status="terminated")], "M1"),
    ],
    ids=[
        "nothing", "one", "one that does not cover", "address before domain", "active before others", "two that are not active",
        "two that are", "address before active", "a terminated one alone",
    ],
)  # fmt: skip
def test_known_by(contracts: list[Contract], reference: str | None) -> None:
    """Exactly one contract must remain; else which one is meant has to be asked."""
    found = known_by(contracts, "Ann@berg.example")
    assert (found.reference if found else None) == reference
