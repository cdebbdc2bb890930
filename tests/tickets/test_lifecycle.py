"""The life cycle: every step in every stage, what it does to the clocks, where a reply leads back to, and what the log is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import get_args

import pytest

from maild.mail.message import Mailbox
from maild.problem.found import Field
from maild.tickets.lifecycle import (
    PUBLIC,
    SILENCE,
    TRANSITIONS,
    Step,
    UnknownTurn,
    changes,
    ended,
    replay,
    step,
    with_timers,
    without,
)
from maild.tickets.ticket import Due, Event, Stage, Ticket

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
LATER = datetime(2026, 3, 4, 12, 5, tzinfo=UTC)
CLOCKS = (Due(kind="reminder", at=NOON), Due(kind="close", at=NOON, waits=True), Due(kind="embargo", at=NOON))
OTHERS = CLOCKS[2:]
TICKET = Ticket(
    number=17,
    service="support",
    stage="process",
    team="functional",
    requester=Mailbox(name="Ann Berg", address="ann@example.org"),
    mailbox="support@example.com",
    subject="Invoice layout",
    arrived_at=NOON,
    created_at=NOON,
    fields={},
    due=CLOCKS,
)
Q, P, F, R, D = get_args(Stage)
STAGES: tuple[Stage | None, ...] = (None, Q, P, F, R, D)
STEPS: tuple[Step, ...] = get_args(Step)

# (step, stage) -> (stage where something is missing, where nothing is). A ticket in feedback or done came there from qualification.
EXPECTED: dict[tuple[str, str | None], tuple[str, str]] = {
    ("opened", None): (Q, P),
    ("customer wrote", Q): (Q, P),
    ("customer wrote", P): (P, P),
    ("customer wrote", F): (Q, P),
    ("customer wrote", D): (Q, P),
    ("customer thanked", Q): (Q, P),
    ("customer thanked", P): (P, P),
    ("customer thanked", F): (D, D),
    ("customer thanked", D): (D, D),
    ("guest wrote", Q): (P, P),
    ("guest wrote", P): (P, P),
    ("guest wrote", F): (P, P),
    ("guest wrote", D): (P, P),
    ("informed", Q): (Q, P),
    ("informed", P): (P, P),
    ("informed", F): (F, F),
    ("informed", D): (D, D),
    ("answered", Q): (F, F),
    ("answered", P): (F, F),
    ("answered", F): (F, F),
    ("answered", D): (F, F),
    ("closed", Q): (D, D),
    ("closed", P): (D, D),
    ("closed", F): (D, D),
    ("reopened", F): (Q, P),
    ("reopened", D): (Q, P),
    ("silence", Q): (D, D),
    ("silence", F): (D, D),
    ("undelivered", Q): (Q, Q),
    ("undelivered", P): (P, P),
    ("undelivered", F): (Q, P),
    ("undelivered", D): (D, D),
}
PAIRS = list(product(STEPS, STAGES))
KNOWN = [pair for pair in PAIRS if pair in EXPECTED]


def at(stage: Stage | None, **changed: object) -> Ticket:
    """The ticket in a stage, which it reached from qualification."""
    closed = NOON if stage == "done" else None
    return replace(TICKET, stage=stage or Q, back_to=Q, closed_at=closed, **changed)  # type: ignore[arg-type]


def test_the_table_is_this_one() -> None:
    """Its rows are those that are tested here, and no others; all steps that the turns may name have rows."""
    assert {(name, stage) for name, row in TRANSITIONS.items() for stage in row} == set(EXPECTED)
    assert set(TRANSITIONS) == set(STEPS)


@pytest.mark.parametrize("missing", [("database",), ()], ids=["missing", "complete"])
@pytest.mark.parametrize(("name", "stage"), KNOWN)
def test_each_pair(name: Step, stage: Stage | None, missing: tuple[str, ...]) -> None:
    """Each step in each stage leads where the table says, by whether something is still missing."""
    after = step(at(stage, missing=missing), name, LATER, opening=stage is None)
    assert after.stage == EXPECTED[name, stage][0 if missing else 1]


@pytest.mark.parametrize(("name", "stage"), [pair for pair in PAIRS if pair not in EXPECTED])
def test_unknown_pairs(name: Step, stage: Stage | None) -> None:
    """A pair that is not in the table is an error that names it, never a guess."""
    with pytest.raises(UnknownTurn, match=f"{stage or 'no ticket'}, {name}"):
        step(at(stage), name, LATER, opening=stage is None)


@pytest.mark.parametrize("missing", [("database",), ()], ids=["missing", "complete"])
@pytest.mark.parametrize(("name", "stage"), KNOWN)
def test_clocks(name: Step, stage: Stage | None, missing: tuple[str, ...]) -> None:
    """Only what agents edit while the customer is waited for leaves the clocks of silence alone; others are nobody's business here."""
    after = step(at(stage, missing=missing), name, LATER, opening=stage is None)
    assert after.due == (CLOCKS if name == "informed" and after.stage in (Q, F) else OTHERS)


@pytest.mark.parametrize(("name", "stage"), KNOWN)
def test_closed_at(name: Step, stage: Stage | None) -> None:
    """A ticket has the time of its end if and only if it has ended, and what follows does not move it."""
    after = step(at(stage), name, LATER, opening=stage is None)
    expected = None if after.stage != "done" else NOON if stage == "done" else LATER
    assert after.closed_at == expected


@pytest.mark.parametrize("back_to", [Q, P])
@pytest.mark.parametrize(("name", "stage"), KNOWN)
def test_back_to(name: Step, stage: Stage | None, back_to: Stage) -> None:
    """Whatever takes a ticket to feedback or its end remembers where it was; going on from there forgets nothing."""
    after = step(replace(at(stage), back_to=back_to), name, LATER, opening=stage is None)
    left = stage in (Q, P) and after.stage in (F, D)
    assert after.back_to == (stage if left else back_to)


@pytest.mark.parametrize(("stage", "missing", "expected"), [(Q, ("version",), Q), (Q, (), P), (P, ("version",), P), (P, (), P)])
@pytest.mark.parametrize("left_by", ["answered", "closed"])
@pytest.mark.parametrize("comes_back_by", ["customer wrote", "reopened"])
def test_there_and_back(stage: Stage, missing: tuple[str, ...], expected: Stage, left_by: Step, comes_back_by: Step) -> None:
    """A reply leads back to the stage that the ticket came from: in qualification only as long as something is missing."""
    ticket = replace(TICKET, stage=stage, missing=missing, back_to=P)
    assert step(step(ticket, left_by, NOON), comes_back_by, LATER).stage == expected


def test_stays_where_it_came_from_over_two_answers() -> None:
    """A second answer does not make feedback the place to go back to."""
    ticket = replace(TICKET, stage=Q, missing=("version",))
    assert step(step(step(ticket, "answered", NOON), "answered", NOON), "customer wrote", LATER).stage == Q


def test_back_to_process_at_least() -> None:
    """What was in process is not asked for anything again: it goes back to the team and the agent that it came from."""
    before = replace(TICKET, assignee="emma@example.com", missing=("version",))
    after = step(step(before, "answered", NOON), "customer wrote", LATER)
    assert (after.stage, after.team, after.assignee) == (P, "functional", "emma@example.com")


@pytest.mark.parametrize("stage", [Q, P, F])
def test_ended(stage: Stage) -> None:
    """Whatever it was, it is done now; what is done already stays as it is."""
    after = ended(at(stage), LATER)
    assert (after.stage, after.closed_at) == (D, LATER)
    assert ended(after, LATER + timedelta(days=1)) is after


def test_without() -> None:
    """The timers of other kinds stay, in their order."""
    assert without(CLOCKS, *SILENCE) == OTHERS
    assert without(CLOCKS, "embargo") == CLOCKS[:2]
    assert without((), "close") == ()


def test_with_timers() -> None:
    """A timer takes the place of those of its kind; the others stay."""
    later = Due(kind="embargo", at=LATER)
    assert with_timers(replace(TICKET, due=CLOCKS), later).due == (*CLOCKS[:2], later)
    assert with_timers(replace(TICKET, due=()), *CLOCKS).due == CLOCKS


# --- the log ----------------------------------------------------------------------------------------------------


def event(kind: str, **data: object) -> Event:
    """A line of the log."""
    return Event(kind=kind, at=NOON, actor="desk", data=data)


def test_changes_tell_what_is_public_alone() -> None:
    """Every public value that changed, and nothing else; no change, nothing."""
    after = replace(
        TICKET,
        stage="feedback",
        assignee="emma@example.com",
        subject="another",
        requester=Mailbox(name="Bob", address="bob@example.org"),
        fields={"database": Field(value="secret", source="subject", confidence=1.0)},
        papers={"consent": "yes"},
        due=(),
    )
    assert changes(TICKET, after) == {"stage": "feedback", "assignee": "emma@example.com"}
    assert changes(TICKET, TICKET) == {}


def test_what_is_public_names_no_customer() -> None:
    """What the log holds of a ticket has no address, name, subject or value of a field."""
    values = [getattr(TICKET, name) for name in PUBLIC]
    assert TICKET.subject not in values
    assert not {"requester", "participants", "subject", "fields", "papers", "thread"} & set(PUBLIC)


def test_replay() -> None:
    """The last word on each value counts; events of other kinds, and names that are not public, tell nothing."""
    events = [
        event("TicketOpened", **{name: getattr(TICKET, name) for name in PUBLIC}, message="e", hit=()),
        event("CustomerWrote", stage="done"),
        event("TicketChanged", stage="feedback", requester="ann@example.org"),
        event("TicketChanged", stage="process", team="technical"),
    ]
    assert replay(events) == {name: getattr(TICKET, name) for name in PUBLIC} | {"team": "technical"}
    assert replay([]) == {}
