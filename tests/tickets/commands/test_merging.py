"""Two requests of one customer become one: who may, what becomes of both, and where later mail goes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from maild.mail.message import Mailbox
from maild.problem.found import Field
from maild.tickets.contracts.contract import Contract

if TYPE_CHECKING:
    from conftest import Talk

ANN, BOB, EVE = "ann@example.org", "bob@example.org", "eve@example.net"
EMMA, RAJ, LEA = "emma@example.com", "raj@example.com", "lea@example.com"
OURS = Contract(
    reference="M1", customer="Berg", addresses=(), domains=("example.org",), databases=(), versions=(), hosting="online",
    edition="enterprise", status="active",
)  # fmt: skip


@pytest.fixture
def two(talk: Talk) -> Talk:
    """Ann's request 1, then Bob's request 2, which is talked about; both work for the same customer."""
    talk.facts = replace(talk.facts, contracts={"M1": OURS})
    talk.open(proven=True)
    talk.open(
        "Kind of problem: functional\nVersion: 17.0\nDatabase: acme\n\nThe same here.\n", by=BOB, proven=True, Cc="cy@example.org"
    )
    return talk


def test_one_of_two(two: Talk) -> None:
    """Request 2 is done and belongs to 1, which has its people and its words; Bob is told, and Raj, who did not do it."""
    two.write("#merge 1\n", by=EMMA, role="a")
    one, other = two.facts.tickets[1], two.facts.tickets[2]
    assert (other.stage, other.merged_into, other.due) == ("done", 1, ())
    assert one.people == [ANN, BOB, "cy@example.org"]
    assert [each.text.split("\n")[-1] for each in two.facts.history[1]][:2] == ["How do I print two copies?", "The same here."]
    assert two.told == [f"receipt to {EMMA}", f"notice to {BOB}", f"notification to {RAJ}"]
    notice = two.last[1].draft
    assert "your request #2 is about the same as #1" in notice.text
    assert notice.reply_to is not None
    assert notice.reply_to.address == two.desk.book.ticket_address("support@example.com", 1, "c", BOB)
    assert notice.references == ["<m1@example.org>"[1:-1], "m2@example.org"] or "m2@example.org" in notice.references


@pytest.mark.parametrize("by", ["address", "reference"])
def test_later_mail(two: Talk, by: str) -> None:
    """What Bob writes to his old address, or as a reply to his old mail, is request 1's."""
    two.write("#merge 1\n", by=EMMA, role="a")
    to, told = (two.address("c", BOB), None) if by == "address" else ("support@example.com", "<m2@example.org>")
    decision = two.come("And on the other printer?\n", by=BOB, to=to, References=told, proven=True)
    assert decision.ticket is not None
    assert (decision.ticket.number, decision.events[0].kind) == (1, "CustomerWrote")


def test_both_addresses_are_one_target(two: Talk) -> None:
    """A mail to the old and to the new address is one message."""
    two.write("#merge 1\n", by=EMMA, role="a")
    both = [two.address("c", BOB), two.desk.book.ticket_address("support@example.com", 1, "c", BOB)]
    before = len(two.facts.history[1])
    two.come("Hello?\n", by=BOB, to=both, proven=True)
    assert len(two.facts.history[1]) == before + 1


def test_an_answer_to_the_old_notification(two: Talk) -> None:
    """It goes to the people of the request that both are now; and the old one's internal lines are no less internal."""
    two.write("#merge 1\n", by=EMMA, role="a")
    two.write("Press it twice.\n", by=RAJ, role="a")
    assert two.told == [f"answer to {ANN}", f"answer to {BOB}", "answer to cy@example.org"]
    mark = two.desk.book.internal_mark(2)
    two.write(f"Look:\n{mark}| secret\n", by=RAJ, role="a")
    assert two.told == [f"error to {RAJ}"]


def test_internal_lines_of_the_old_one(two: Talk) -> None:
    """They may not go out by the address of the one that is left, either."""
    mark = two.desk.book.internal_mark(2)
    two.write("#merge 1\n", by=EMMA, role="a")
    two.number = 1
    two.write(f"Look:\n{mark}| secret\n", by=RAJ, role="a")
    assert two.told == [f"error to {RAJ}"]


def test_two_contracts(two: Talk) -> None:
    """A consultant who works for two customers does not make their requests one."""
    theirs = replace(OURS, reference="B1", domains=("berg.example", "example.org"))
    two.facts = replace(two.facts, contracts={"M1": OURS, "B1": theirs})
    for number, reference in ((1, "M1"), (2, "B1")):
        ticket = two.facts.tickets[number]
        named = {**ticket.fields, "contract": Field(value=reference, source="agent", confidence=1.0)}
        two.facts = replace(two.facts, tickets={**two.facts.tickets, number: replace(ticket, fields=named)})
    two.write("#merge 1\n", by=EMMA, role="a")
    assert "they belong to different contracts" in two.last[-1].draft.text


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("#merge 1\n#reopen\n", "nothing may follow #merge"),
        ("#merge 1\n#split A thing\n", "nothing may follow #merge"),
        ("#merge 1\n#merge 1\n", "nothing may follow #merge"),
        ("#take\n#merge 1\n", "it must be the only command of its mail"),
        ("#close\n#merge 1\n", "it must be the only command of its mail"),
        ("#merge 1\n\nIt is the same as that.\n", "it belongs to #1: send it there"),
    ],
)
def test_alone(two: Talk, text: str, why: str) -> None:
    """What is a part of another has no life of its own, also in the mail that makes it one."""
    before = two.facts.tickets
    two.write(text, by=EMMA, role="a")
    assert why in two.last[-1].draft.text
    assert two.facts.tickets == before


def test_too_many_people(two: Talk) -> None:
    """Nobody is forgotten silently."""
    crowd = tuple(Mailbox(name="", address=f"p{number}@example.org") for number in range(49))
    two.facts = replace(two.facts, tickets={**two.facts.tickets, 1: replace(two.facts.tickets[1], participants=crowd)})
    two.write("#merge 1\n", by=EMMA, role="a")
    assert "together they have more than 50 people" in two.last[-1].draft.text


def test_who_waits_and_who_is_not_reached(two: Talk) -> None:
    """What is known of people goes with them; whoever had the old one is told."""
    lea = replace(two.ticket, assignee=LEA, team="bugfix", unreachable=(BOB,), pending=(Mailbox(name="", address=EVE),))
    two.facts = replace(two.facts, tickets={**two.facts.tickets, 2: lea})
    two.write("#merge 1\n", by=EMMA, role="a")
    one = two.facts.tickets[1]
    assert (one.unreachable, [each.address for each in one.pending], one.absorbed) == ((BOB,), [EVE], (2,))
    assert f"notification to {LEA}" in two.told


def test_a_fate_of_an_old_mail(two: Talk) -> None:
    """What becomes of a mail of the old one is the business of the one that is left."""
    two.answer()
    two.write("#merge 1\n", by=EMMA, role="a")
    decision = two.settle("answer", "failed", "550 no")
    assert decision.ticket is not None
    assert (decision.ticket.number, decision.ticket.unreachable) == (1, (BOB,))


def test_a_chain(two: Talk) -> None:
    """Into one that was merged is into where that went; and never in a circle."""
    two.write("#merge 1\n", by=EMMA, role="a")
    two.open("Kind of problem: functional\n\nAnd here.\n", by=BOB, proven=True)
    two.write("#merge 2\n", by=EMMA, role="a")
    assert two.facts.tickets[3].merged_into == 1
    two.number = 1
    two.write("#merge 3\n", by=EMMA, role="a")
    assert "is this request itself" in two.last[-1].draft.text


def test_what_is_older_and_more_urgent_stays_so(two: Talk) -> None:
    """One ticket of two keeps the place in the queue that the older had, and goes back to work where it waited."""
    older = replace(two.facts.tickets[2], arrived_at=two.facts.tickets[1].arrived_at.replace(year=2020), priority=3)
    two.facts = replace(two.facts, tickets={**two.facts.tickets, 2: older})
    two.number = 1
    two.answer()
    two.number = 2
    two.write("#merge 1\n", by=EMMA, role="a")
    one = two.facts.tickets[1]
    assert (one.arrived_at, one.priority, one.stage) == (older.arrived_at, 3, "process")


def test_no_strangers(two: Talk) -> None:
    """Whoever gets the one would read the other: another customer's is refused, until an agent takes the sender in."""
    two.open("Kind of problem: functional\n\nMe, too.\n", by=EVE, proven=True)
    two.write("#merge 1\n", by=EMMA, role="a")
    assert f"{EVE} is none of the customer's: #cc +{EVE} on #1 goes before it" in two.last[-1].draft.text
    assert two.ticket.merged_into is None
    two.number = 1
    two.steer(f"#cc +{EVE}")
    two.number = 3
    two.steer("#merge 1")
    assert two.facts.tickets[1].people == [ANN, EVE]


@pytest.mark.parametrize(
    ("command", "why"),
    [
        ("#merge", "it does not say which request"),
        ("#merge two", "'two' is no number of a request"),
        ("#merge 99", "there is no request #99"),
        ("#merge 2", "#2 is this request itself"),
        ("#link 2", "#2 is this request itself"),
        ("#merge 4", "there is no request #4"),  # it is sealed
        ("#merge 5", "#5 is a request of the upgrade service"),
        ("#merge 6", "#6 is closed"),
    ],
)
def test_wrong(two: Talk, command: str, why: str) -> None:
    """Nothing is changed where it cannot be."""
    ann = two.facts.tickets[1]
    others = {
        4: replace(ann, number=4, sealed=True, service="security"),
        5: replace(ann, number=5, service="upgrade"),
        6: replace(ann, number=6, stage="done"),
    }
    two.facts = replace(two.facts, tickets={**two.facts.tickets, **others})
    before = two.facts.tickets
    two.write(f"{command}\n", by=EMMA, role="a")
    assert two.told == [f"error to {EMMA}"]
    assert why in two.last[0].draft.text
    assert two.facts.tickets == before


def test_link(two: Talk) -> None:
    """It points there, and nothing else changes."""
    decision = two.write("#link #1\n", by=EMMA, role="a")
    assert [(each.kind, each.number) for each in decision.links] == [("mentions", 1)]
    assert two.told == [f"receipt to {EMMA}"]


@pytest.mark.parametrize(("case", "merges"), [("requested", True), ("tested", False), ("consented", False)])
def test_cases(two: Talk, case: str, merges: bool) -> None:
    """An upgrade that has begun rests on papers of its own: only a mere request becomes a part of another."""
    upgrades = {
        1: replace(two.facts.tickets[1], service="upgrade", case="tested"),
        2: replace(two.ticket, service="upgrade", case=case),
    }
    two.facts = replace(two.facts, tickets=upgrades)
    two.write("#merge 1\n", by=EMMA, role="a")
    assert (two.ticket.merged_into == 1) is merges
    assert merges or f"its case stands at {case} already" in two.last[-1].draft.text
