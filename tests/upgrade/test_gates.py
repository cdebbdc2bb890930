"""The gates of an upgrade: every step in every case, what each needs, and what stands against an upgrade at all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import TYPE_CHECKING, Any, get_args

import pytest

from maild.mail.message import Mailbox
from maild.pipeline import moment_of
from maild.problem.found import Field
from maild.tickets.contracts.contract import Contract
from maild.tickets.facts import NOTHING_KNOWN
from maild.tickets.outcome import Moment, Wrong
from maild.tickets.ticket import Ticket
from maild.upgrade.gates import GATES, VOID_BEFORE_TEST, Step, is_automatic, is_newer, obstacles, through

if TYPE_CHECKING:
    from conftest import Talk

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
CASES = ("requested", "declared", "testing", "tested", "rehearsed", "consented", "upgraded", "refused")
R, D, G, T, H, C, U, X = CASES
STEPS: tuple[Step, ...] = get_args(Step)
ALLOWED: dict[tuple[str, str], str] = {
    **{("declare", case): D for case in (R, D, G, T, H, X)},
    **{("test-ready", case): G for case in (D, G, T, H)},
    **{("test-failed", case): D for case in (G, T, H)},
    ("tested", G): T,
    ("rehearsed", T): H,
    ("ask consent", T): T,
    ("ask consent", H): H,
    ("consent", T): C,
    ("consent", H): C,
    ("schedule", C): C,
    ("upgraded", C): U,
    **{("refuse", case): X for case in (R, D, G, T, H, C)},
}
CONTRACT = Contract(
    reference="SUB-2025-0001", customer="Berg", addresses=("ann@example.org",), hosting="platform", edition="enterprise", status="active",
)  # fmt: skip


def field(value: Any) -> Field:
    """Settled."""
    return Field(value=value, source="block", confidence=1.0)


TICKET = Ticket(
    number=17, service="upgrade", stage="process", team="upgrade", requester=Mailbox(name="Ann", address="ann@example.org"), case="declared",
    mailbox="upgrade@example.com", subject="x", arrived_at=NOON, created_at=NOON,
    fields={"version": field("16.0"), "target_version": field("18.0"), "hosting": field("platform")},
)  # fmt: skip


def fields(**values: Any) -> dict[str, Field]:
    """The ticket's, with some changed; None: not there."""
    changed = {**TICKET.fields, **{name: field(value) for name, value in values.items()}}
    return {name: each for name, each in changed.items() if each.value is not None}


@pytest.fixture
def known(new_talk: Callable[[], Talk]) -> Callable[..., Moment]:
    """A moment with these contracts in the registry, so many days after noon."""

    def build(*contracts: Contract, days: int = 0) -> Moment:
        facts = replace(NOTHING_KNOWN, contracts={each.reference: each for each in contracts})
        return moment_of(facts, new_talk().desk, NOON + timedelta(days=days))

    return build


# --- the table --------------------------------------------------------------------------------------------------


def test_the_table_is_this_one() -> None:
    """Its rows are those that are tested here, and no others."""
    assert {(name, case): after for name, row in GATES.items() for case, after in row.items()} == ALLOWED
    assert set(GATES) == set(STEPS)


@pytest.mark.parametrize(("name", "case"), list(product(STEPS, CASES)))
def test_each_gate(name: Step, case: str) -> None:
    """Each step in each case is allowed and leads where the table says, or is refused by its own name."""
    ticket = replace(TICKET, case=case)
    if (name, case) in ALLOWED:
        assert through(ticket, name).case == ALLOWED[name, case]
    else:
        with pytest.raises(Wrong, match=f"the case stands at {case} now, and this is for one at "):
            through(ticket, name)


@pytest.mark.parametrize("name", STEPS)
def test_no_gate_without_a_case(name: Step) -> None:
    """A ticket that is no upgrade passes none."""
    with pytest.raises(Wrong):
        through(replace(TICKET, case=None), name)


def test_no_way_to_production_around_a_gate() -> None:
    """Every way from a request to production has a declaration, a finished test, and consent, in this order."""
    ways: list[list[str]] = [["requested"]]
    done: list[list[str]] = []
    while ways:
        way = ways.pop()
        if way[-1] == "upgraded":
            done.append(way)
            continue
        ways += [[*way, after] for row in GATES.values() for case, after in row.items() if case == way[-1] and after not in way]
    assert done
    for way in done:
        places = [way.index(each) for each in ("requested", "declared", "testing", "tested", "consented", "upgraded")]
        assert places == sorted(places)


@pytest.mark.parametrize(("name", "case"), ALLOWED)
def test_papers(name: Step, case: str) -> None:
    """A new declaration, or another test, voids consent and the question for it; nothing else is forgotten on the way."""
    papers = dict.fromkeys((*VOID_BEFORE_TEST, "customisations", "test database"), "x")
    after = through(replace(TICKET, case=case, papers=papers), name)
    voided = after.case in ("declared", "testing")
    assert set(after.papers) == set(papers) - (set(VOID_BEFORE_TEST) if voided else set())


# --- what stands against it -------------------------------------------------------------------------------------


def test_nothing_stands_against_it(known: Callable[..., Moment]) -> None:
    """An active contract, a newer version, in support."""
    assert obstacles(TICKET, known(CONTRACT)) == []


@pytest.mark.parametrize(
    ("changed", "contracts", "days", "expected"),
    [
        ({}, (), 0, "no contract is known"),
        ({"contract": "SUB-1999-0001"}, (CONTRACT,), 0, "no contract is known"),
        ({}, (replace(CONTRACT, status="overdue"),), 0, "the contract SUB-2025-0001 is overdue"),
        ({}, (replace(CONTRACT, status="terminated"),), 0, "the contract SUB-2025-0001 is terminated"),
        ({}, (CONTRACT, replace(CONTRACT, reference="SUB-2025-0002")), 0, "no contract is known"),
        ({"version": None}, (CONTRACT,), 0, "the version now or the version wanted is not known"),
        ({"target_version": None}, (CONTRACT,), 0, "the version now or the version wanted is not known"),
        ({"target_version": "16.0"}, (CONTRACT,), 0, "16.0 is not newer than 16.0"),
        ({"target_version": "15.0"}, (CONTRACT,), 0, "15.0 is not newer than 16.0"),
        ({"version": "saas~18.2"}, (CONTRACT,), 0, "18.0 is not newer than saas~18.2"),
        ({"target_version": "99.0"}, (CONTRACT,), 0, "99.0 is no version that one can upgrade to now"),
        (
            {"target_version": "saas~18.2"},
            (CONTRACT,),
            0,
            "saas~18.2 is no version that one can upgrade to now",
        ),  # exists online only
        ({}, (CONTRACT,), 800, "18.0 is no version that one can upgrade to now"),  # long out of support
    ],
)
def test_obstacles_one_by_one(
    known: Callable[..., Moment], changed: dict[str, Any], contracts: tuple[Contract, ...], days: int, expected: str
) -> None:
    """Each alone is enough, and is told in a line."""
    assert obstacles(replace(TICKET, fields=fields(**changed)), known(*contracts, days=days)) == [expected]


def test_several_obstacles(known: Callable[..., Moment]) -> None:
    """All are told at once."""
    found = obstacles(replace(TICKET, fields=fields(target_version="15.0")), known(replace(CONTRACT, status="overdue")))
    assert found == ["the contract SUB-2025-0001 is overdue", "15.0 is not newer than 16.0"]


@pytest.mark.parametrize(
    ("target", "source", "newer"),
    [("18.0", "17.0", True), ("17.0", "17.0", False), ("9.0", "10.0", False), ("10.0", "9.0", True), ("saas~17.2", "17.0", True), ("18", "17.4", True),
     ("x", "17.0", False), ("18.0", "x", False), ("saas~18", "17.0", False)],
)  # fmt: skip
def test_is_newer(target: str, source: str, newer: bool) -> None:
    """As numbers, not as letters; what is no version is not newer."""
    assert is_newer(target, source) is newer


@pytest.mark.parametrize(
    ("source", "target", "hosting", "automatic"),
    [
        ("17.0", "saas~17.2", "online", True),
        ("saas~17.1", "saas~17.4", "online", True),
        ("17.0", "saas~17.2", "platform", False),
        ("17.0", "saas~17.2", "on-premise", False),
        ("17.0", "saas~17.2", None, False),
        ("17.0", "18.0", "online", False),
        ("saas~17.4", "18.0", "online", False),
        ("saas~17.2", "17.0", "online", False),
        ("17.0", "17.0", "online", False),
        (None, "18.0", "online", False),
        ("17.0", None, "online", False),
    ],
)
def test_automatic(source: str | None, target: str | None, hosting: str | None, automatic: bool) -> None:
    """A minor version, where the vendor hosts: it comes by itself."""
    assert is_automatic(replace(TICKET, fields=fields(version=source, target_version=target, hosting=hosting))) is automatic
