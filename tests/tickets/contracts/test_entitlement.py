"""What the registry brings to a ticket: for proven senders, of a contract that covers them, and never of two at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest

from maild.mail.message import Mailbox
from maild.problem.found import Field
from maild.tickets.contracts.contract import Contract
from maild.tickets.contracts.entitlement import contract_of, hosting_of, prefilled, support_of
from maild.tickets.ticket import Ticket

if TYPE_CHECKING:
    from conftest import Talk

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
ANN = "ann@example.org"
M1, M2, FOREIGN = "SUB-2025-0001", "SUB-2025-0002", "SUB-2025-0009"
HERS = Contract(
    reference=M1, customer="Berg", addresses=(ANN,), databases=("berg",), versions=("18.0",), hosting="platform", edition="enterprise", status="active",
    language="fr",
)  # fmt: skip
ALSO_HERS = replace(HERS, reference=M2, databases=("two", "three"), versions=("16.0",), hosting="on-premise", status="overdue")
OTHERS = replace(HERS, reference=FOREIGN, customer="Eve", addresses=("eve@example.net",), databases=("secret",))
TICKET = Ticket(
    number=17, service="support", stage="process", team="functional", requester=Mailbox(name="Ann", address="Ann@example.org"),
    mailbox="support@example.com", subject="x", arrived_at=NOON, created_at=NOON, fields={},
)  # fmt: skip


def known(talk: Talk, *contracts: Contract) -> Talk:
    """A desk with these contracts in its registry."""
    talk.facts = replace(talk.facts, contracts={each.reference: each for each in contracts})
    return talk


def found(ticket: Ticket) -> dict[str, tuple[object, str]]:
    """Values with the first word of their source."""
    return {name: (field.value, field.source.partition(":")[0]) for name, field in ticket.fields.items()}


FROM_REGISTRY = {
    "contract": (M1, "registry"),
    "database": ("berg", "registry"),
    "version": ("18.0", "registry"),
    "hosting": ("platform", "registry"),
}


# --- who writes -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("proven", [True, False])
def test_a_known_sender(talk: Talk, proven: bool) -> None:
    """Who is proven is as good as signed in; who is not gets nothing told from the registry, not even by what is not asked."""
    ticket = known(talk, HERS, OTHERS).open("Hello\n", proven=proven)
    assert found(ticket) == (FROM_REGISTRY if proven else {})
    assert ticket.language == ("fr" if proven else "en")
    assert "database" not in ticket.missing if proven else "database" in ticket.missing


def test_the_mail_itself_goes_before_the_registry(talk: Talk) -> None:
    """What the customer says stays; the registry fills the rest."""
    ticket = known(talk, HERS).open("Version: 17.0\nHosting: on our own server\n", proven=True)
    assert found(ticket) == {**FROM_REGISTRY, "version": ("17.0", "text"), "hosting": ("on-premise", "text")}


def test_the_registry_settles_what_the_mail_leaves_open(talk: Talk) -> None:
    """An ambiguous value is no value: what the registry knows without doubt counts."""
    ticket = known(talk, HERS).open("Version: saas~17\n", proven=True)
    assert found(ticket)["version"] == ("18.0", "registry")


def test_several_databases_settle_nothing(talk: Talk) -> None:
    """Of several databases or versions none is guessed."""
    ticket = known(talk, replace(HERS, databases=("a", "b"), versions=("17.0", "18.0"))).open("Hello\n", proven=True)
    assert found(ticket) == {"contract": (M1, "registry"), "hosting": ("platform", "registry")}


def test_two_contracts(talk: Talk) -> None:
    """Active goes before overdue; of two active ones none is meant, unless the mail names it."""
    assert found(known(talk, HERS, ALSO_HERS).open("Hello\n", proven=True))["contract"] == (M1, "registry")
    known(talk, HERS, replace(ALSO_HERS, status="active"))
    assert found(talk.open("Hello there\n", proven=True)) == {}
    assert found(talk.open(f"Contract: {M2}\n", proven=True)) == {
        "contract": (M2, "text"),
        "version": ("16.0", "registry"),
        "hosting": ("on-premise", "registry"),
    }


@pytest.mark.parametrize("name", [FOREIGN, "SUB-1999-0001"])
def test_a_contract_that_is_not_the_senders(talk: Talk, name: str) -> None:
    """Of a contract that does not cover the sender nothing is told, nor of his own as if it were that one."""
    ticket = known(talk, HERS, OTHERS).open(f"Contract: {name}\n", proven=True)
    assert found(ticket) == {"contract": (name, "text")}


# --- later mail -------------------------------------------------------------------------------------------------


def test_a_later_mail_that_is_proven(talk: Talk) -> None:
    """What an unproven mail could not bring comes with the first proven one."""
    known(talk, HERS).open("Hello\n")
    assert found(talk.ticket) == {}
    talk.write("It is me.\n", proven=True)
    assert found(talk.ticket) == FROM_REGISTRY


def test_a_participant_of_another_customer(talk: Talk) -> None:
    """Who was brought in does not mix his own contract into the ticket."""
    known(talk, replace(HERS, databases=("a", "b")), OTHERS).open(f"Contract: {M1}\n", proven=True, Cc="eve@example.net")
    before = found(talk.ticket)
    talk.write("I am here, too.\n", by="eve@example.net", proven=True)
    assert found(talk.ticket) == before


def test_what_was_named_before_goes_on_counting(talk: Talk) -> None:
    """A later mail that names no contract is about the one that was named, not about the one that is known by the address."""
    known(talk, HERS, ALSO_HERS).open(f"Contract: {M2}\n", proven=True)
    talk.write("One more thing.\n", proven=True)
    assert "database" not in found(talk.ticket)


# --- what is shown ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("named", "contracts", "expected"),
    [
        (None, (HERS, OTHERS), M1),
        (M2, (HERS, ALSO_HERS), M2),
        (FOREIGN, (HERS, OTHERS), FOREIGN),
        ("SUB-1999-0001", (HERS,), None),
        (None, (), None),
        (None, (HERS, replace(ALSO_HERS, status="active")), None),
    ],
)
def test_contract_of(named: str | None, contracts: tuple[Contract, ...], expected: str | None) -> None:
    """The contract that the ticket names, else the one that its requester is known by; a wrong name is not made good."""
    fields = {"contract": Field(value=named, source="agent", confidence=1.0)} if named else {}
    result = contract_of(replace(TICKET, fields=fields), {each.reference: each for each in contracts})
    assert (result.reference if result else None) == expected


def test_contract_of_an_ambiguous_name() -> None:
    """What was spoken of and not settled names nothing."""
    fields = {"contract": Field(value=None, source="text:0-1", confidence=0.9, ambiguous=True)}
    result = contract_of(replace(TICKET, fields=fields), {M1: HERS})
    assert result == HERS


@pytest.mark.parametrize(
    ("value", "expected"),
    [("online", "online"), ("platform", "platform"), ("on-premise", "on-premise"), ("cloud", None), (None, None), (True, None)],
)
def test_hosting_of(value: Any, expected: str | None) -> None:
    """One of those that contracts know, or none."""
    assert hosting_of(replace(TICKET, fields={"hosting": Field(value=value, source="x", confidence=1.0)})) == expected
    assert hosting_of(TICKET) is None


@pytest.mark.parametrize(
    ("contract", "fields", "lines"),
    [
        (None, {}, []),
        (HERS, {}, [f"{M1} (Berg): active, enterprise, platform"]),
        (
            ALSO_HERS,
            {"version": "17.0"},
            [f"{M2} (Berg): overdue, enterprise, on-premise", "17.0: standard support until 2026-09-30"],
        ),
        (None, {"version": "18.0", "hosting": "platform"}, ["18.0 (platform): standard support until 2027-09-30"]),
        (None, {"version": "1.0"}, ["1.0: not in the table of versions"]),
        (None, {"version": None}, []),
    ],
)
def test_support_of(new_talk: Callable[[], Talk], contract: Contract | None, fields: dict[str, Any], lines: list[str]) -> None:
    """How the contract stands, and how long the version is supported: each where it is known."""
    ticket = replace(TICKET, fields={name: Field(value=value, source="x", confidence=1.0) for name, value in fields.items()})
    shown = support_of(ticket, contract, new_talk().desk.terms.windows, date(2026, 3, 4))
    assert len(shown) == len(lines)
    assert all(each.startswith(line) for each, line in zip(shown, lines, strict=True)), shown


def test_prefilled_changes_nothing_without_a_contract() -> None:
    """And never replaces what is settled."""
    fields = {"version": Field(value="17.0", source="x", confidence=0.1)}
    assert prefilled(fields, None) == fields
    assert prefilled(fields, HERS)["version"] == fields["version"]
