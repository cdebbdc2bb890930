"""What a signed address does, by who wrote: every cell of the table in docs/interfaces.md, at every level of assurance."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from maild.tickets.ticket import Ticket

if TYPE_CHECKING:
    from conftest import Talk

ANN, BOB, EVE, EMMA, RAJ, LEA = (
    "ann@example.org",
    "bob@example.org",
    "eve@example.net",
    "emma@example.com",
    "raj@example.com",
    "lea@example.com",
)
GIVEN = {"c": ANN, "a": EMMA, "n": EMMA}  # whom each address was given to
TEAM = (f"notification to {EMMA}", f"notification to {RAJ}")
ANSWER = (f"answer to {ANN}", f"answer to {BOB}")
TO_RAJ, TO_EMMA = f"note to {RAJ}", f"note to {EMMA}"

# (role, who wrote, proven) -> (what happened, visibility, direction, who gets which mail, and nobody else)
CELLS: dict[tuple[str, str, bool], tuple[str, str, str, tuple[str, ...]]] = {}
for proven in (False, True):
    CELLS |= {
        ("c", ANN, proven): ("CustomerWrote", "public", "in", TEAM),
        ("c", BOB, proven): ("CustomerWrote", "public", "in", TEAM),
        ("c", RAJ, proven): ("AgentWrote", "internal", "in", (TO_EMMA, f"error to {RAJ}")),
        ("c", EVE, proven): ("GuestWrote", "internal", "in", TEAM),
        ("a", ANN, proven): ("CustomerWrote", "public", "in", TEAM),
        ("a", BOB, proven): ("CustomerWrote", "public", "in", TEAM),
        ("a", RAJ, proven): ("AgentWrote", "internal", "in", (TO_EMMA, f"error to {RAJ}")),
        ("a", LEA, proven): ("AgentWrote", "internal", "in", (TO_EMMA, TO_RAJ, f"error to {LEA}")),
        ("a", EVE, proven): ("GuestWrote", "internal", "in", TEAM),
        ("n", ANN, proven): ("CustomerWrote", "internal", "in", TEAM),
        ("n", BOB, proven): ("CustomerWrote", "internal", "in", TEAM),
        ("n", EMMA, proven): ("AgentWrote", "internal", "in", (TO_RAJ,)),
        ("n", RAJ, proven): ("AgentWrote", "internal", "in", (TO_EMMA,)),
        ("n", EVE, proven): ("GuestWrote", "internal", "in", TEAM),
    }
CELLS["a", EMMA, False] = ("AgentWrote", "internal", "in", (TO_RAJ, f"error to {EMMA}"))
CELLS["a", EMMA, True] = ("AgentWrote", "public", "out", ANSWER)


def about(talk: Talk, **changed: Any) -> Ticket:
    """A ticket of Ann's and Bob's, with the functional team."""
    ticket = replace(talk.open(Cc=BOB, proven=True), **changed)
    talk.facts = replace(talk.facts, tickets={1: ticket})
    return ticket


@pytest.mark.parametrize(("role", "by", "proven"), CELLS, ids=lambda each: str(each).partition("@")[0])
def test_cell(talk: Talk, role: Any, by: str, proven: bool) -> None:
    """What it is held to be, who may see it, and who gets which mail; the assignee is the one who answered, else nobody."""
    before = about(talk)
    decision = talk.come("Press it twice.\n", by=by, to=talk.address(role, GIVEN[role]), proven=proven)
    kind, visibility, direction, mails = CELLS[role, by, proven]
    assert decision.message is not None
    assert (decision.events[0].kind, decision.message.visibility, decision.message.direction) == (kind, visibility, direction)
    assert talk.told == list(mails)
    level = 0 if not proven else 2 if GIVEN[role] == by else 1
    assert decision.events[0].data["level"] == level
    answered = direction == "out"
    assert (talk.ticket.assignee, talk.ticket.stage) == (EMMA if answered else None, "feedback" if answered else "process")
    assert talk.ticket.people == before.people


@pytest.mark.parametrize(("role", "by", "proven"), CELLS, ids=lambda each: str(each).partition("@")[0])
def test_cell_of_a_ticket_that_somebody_has(talk: Talk, role: Any, by: str, proven: bool) -> None:
    """The assignee alone is told, in the place of the team; of what she wrote herself, nobody."""
    about(talk, assignee=EMMA)
    talk.come("Press it twice.\n", by=by, to=talk.address(role, GIVEN[role]), proven=proven)
    expected = [each for each in CELLS[role, by, proven][3] if each not in (TEAM[1], TO_RAJ)]
    assert talk.told == expected


@pytest.mark.parametrize("proven", [True, False])
@pytest.mark.parametrize(("role", "given"), [("c", BOB), ("a", RAJ), ("n", RAJ)])
def test_letter_case_is_no_other_person(talk: Talk, role: Any, given: str, proven: bool) -> None:
    """Who writes his own address in capitals is who he is."""
    about(talk)
    decision = talk.come(by=given.upper(), to=talk.address(role, given), proven=proven)
    assert decision.events[0].data["level"] == (2 if proven else 0)
    assert decision.events[0].kind == ("CustomerWrote" if role == "c" else "AgentWrote")


@pytest.mark.parametrize("role", ["c", "a", "n"])
@pytest.mark.parametrize("by", [ANN, BOB, EMMA, RAJ, EVE])
def test_machines(talk: Talk, role: Any, by: str) -> None:
    """Automatic mail is kept whoever's it is, never passed on, and nobody is told."""
    before = about(talk)
    text = "I am away. #close\n"
    decision = talk.come(text, by=by, to=talk.address(role, GIVEN[role]), proven=True, Auto_Submitted="auto-replied")
    assert (decision.events[0].kind, talk.told) == ("MachineWrote", [])
    assert replace(talk.ticket, thread=()) == replace(before, thread=())


@pytest.mark.parametrize("mac", ["a" * 12, "2" * 12])
@pytest.mark.parametrize("role", ["c", "a", "n"])
def test_a_forged_address_is_none(talk: Talk, role: str, mac: str) -> None:
    """A bad proof is no proof: the mail opens a ticket of its own, and the agent's is nobody's answer."""
    about(talk)
    talk.come("Press it twice.\n", by=EMMA, to=f"support+1-{role}-{mac}@example.com", proven=True)
    assert sorted(talk.facts.tickets) == [1, 2]
    assert "answer" not in [each.kind for each in talk.last]


def test_a_note_wins_over_an_answer(talk: Talk) -> None:
    """An agent whose mail goes to her answer's address and to her note's has written a note: nothing is published by a copy."""
    about(talk)
    talk.come("Ask Bob first.\n", by=EMMA, to=[talk.address("a", EMMA), talk.address("n", EMMA)], proven=True)
    assert talk.told == [TO_RAJ]


def test_an_old_key_still_proves(talk: Talk) -> None:
    """An address that was signed with a key that is still alive goes on being what it was."""
    about(talk)
    old = type(talk.desk.book)(talk.desk.policy.config, (b"o" * 32,))
    assert old.ticket_address("support@example.com", 1, "a", EMMA) != talk.address("a", EMMA)
    talk.come("Press it twice.\n", by=EMMA, to=old.ticket_address("support@example.com", 1, "a", EMMA), proven=True)
    assert talk.told == list(ANSWER)


def test_a_guest_cannot_flood_a_team(talk: Talk) -> None:
    """Who has got hold of somebody's address is shown up to the ticket's budget; the rest is kept, and the log says so."""
    about(talk)
    limit = talk.desk.policy.budgets.per_ticket_and_hour["notification"]
    for number in range(limit):  # two agents are told of each
        talk.come(f"Flood {number}\n", by=EVE, to=talk.address("c", ANN))
    assert sum(each.kind == "notification" for each in talk.sent) == limit
    assert talk.events[-1].reason == f"over the budget of {limit} an hour for a ticket"
    assert len(talk.facts.history[1]) == limit + 1
    talk.write("Production is down!\n", by=ANN)
    assert talk.told == list(TEAM)  # what strangers write silences nobody
