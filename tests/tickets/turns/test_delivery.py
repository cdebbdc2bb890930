"""What follows from the fate of the desk's mails: clocks start or do not, and somebody is told that the customer does not have it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, get_args

import pytest

from maild.tickets.decision import MailClass
from maild.tickets.facts import Sent
from maild.tickets.happening import MailSettled
from maild.tickets.turns.delivery import ASKS, TO_CUSTOMERS

if TYPE_CHECKING:
    from conftest import Talk

ANN, BOB, EMMA, RAJ = "ann@example.org", "bob@example.org", "emma@example.com", "raj@example.com"
HOUR = timedelta(hours=1)
KEY = "0123456789abcdef"
CLASSES: tuple[MailClass, ...] = get_args(MailClass)


def answered(talk: Talk) -> None:
    """A ticket of Ann's and Bob's that Emma has answered."""
    talk.open(Cc=BOB, proven=True)
    talk.clock.forward(HOUR)
    talk.answer()


# --- the next hop's word ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["failed", "uncertain"])
@pytest.mark.parametrize("reply", ["550 5.1.1 user unknown", ""])
def test_answer_that_did_not_go_out(talk: Talk, state: str, reply: str) -> None:
    """It goes back to whom it came from, who is told with the next hop's words; nobody's silence counts."""
    answered(talk)
    decision = talk.settle("answer", state, reply)
    assert (talk.ticket.stage, talk.ticket.due, talk.told) == ("process", (), [f"notification to {EMMA}"])
    sure = "did not get" if state == "failed" else "may not have got"
    assert f"The requester {sure} the answer: {reply or state}" in talk.last[0].draft.text.replace("\n", " ")
    assert [each.kind for each in decision.events] == ["MailLost", "TicketChanged"]


@pytest.mark.parametrize("state", ["sent", "failed", "uncertain"])
def test_a_participants_copy(talk: Talk, state: str) -> None:
    """Whether it went out or not, the requester has his; the clocks are his alone, and of a failure the agent is told."""
    answered(talk)
    talk.settle("answer")
    due = talk.ticket.due
    copy = talk.sent[-1]
    assert (copy.kind, copy.recipient) == ("answer", BOB)
    talk.clock.forward(HOUR)
    talk.meet(copy, state, "550 no")
    assert (talk.ticket.stage, talk.ticket.due) == ("feedback", due)
    sure = "did not get" if state == "failed" else "may not have got"
    assert talk.told == ([] if state == "sent" else [f"notification to {EMMA}"])
    assert state == "sent" or f"{BOB} {sure} the answer: 550 no" in talk.last[0].draft.text.replace("\n", " ")


def test_answer_that_went_out(talk: Talk) -> None:
    """The log says when, and which mail; nobody is told."""
    answered(talk)
    decision = talk.settle("answer")
    assert talk.told == []
    [event] = decision.events
    assert (event.kind, event.at, event.data["class"]) == ("MailAccepted", talk.clock.now(), "answer")


def test_stale_fates_start_nothing(talk: Talk) -> None:
    """An answer that was overtaken by a newer one starts no clock when it is accepted at last; the newer one does."""
    answered(talk)
    first = talk.sent[-2]
    talk.clock.forward(HOUR)
    talk.answer("Better: press it once.\n")
    talk.clock.forward(HOUR)
    talk.meet(first)
    assert talk.ticket.due == ()
    talk.settle("answer")
    assert {each.kind for each in talk.ticket.due} == {"reminder", "close"}


def test_fate_after_the_customer_wrote(talk: Talk) -> None:
    """The answer arrives after the customer has written again: nothing is waited for."""
    answered(talk)
    talk.write("Never mind, here is more.\n")
    talk.settle("answer")
    assert (talk.ticket.stage, talk.ticket.due) == ("process", ())


def test_stale_reminder(talk: Talk) -> None:
    """A reminder of an earlier silence does not let the present one end before its own reminder is there."""
    answered(talk)
    talk.settle("answer")
    talk.fire("reminder")
    old = talk.last[0]
    talk.write("Still the same.\n")
    talk.clock.forward(HOUR)
    talk.answer("Then press it thrice.\n")
    talk.settle("answer")
    talk.fire("reminder")
    [close] = talk.ticket.due
    assert close.waits
    talk.meet(old)
    assert talk.ticket.due == (close,)
    talk.settle("reminder")
    assert [each.waits for each in talk.ticket.due] == [False]


@pytest.mark.parametrize("state", ["failed", "uncertain"])
def test_reminder_that_did_not_go_out(talk: Talk, state: str) -> None:
    """Nobody is closed without having been reminded: it goes back, and the agent is told."""
    answered(talk)
    talk.settle("answer")
    talk.fire("reminder")
    talk.settle("reminder", state)
    assert (talk.ticket.stage, talk.ticket.due, talk.told) == ("process", (), [f"notification to {EMMA}"])


@pytest.mark.parametrize("kind", CLASSES)
def test_which_mails_start_the_clocks(talk: Talk, kind: MailClass) -> None:
    """Only those that the desk waits for an answer to; of the others the acceptance is a line in the log."""
    answered(talk)
    now = talk.clock.now()
    talk._decide(MailSettled(ticket=1, key=KEY, kind=kind, state="sent", created_at=now, at=now, reply="", to=ANN))
    assert bool(talk.ticket.due) is (kind in ASKS)


def test_what_is_asked_of_the_customer_is_for_the_customer() -> None:
    """The sets of classes fit together."""
    assert ASKS < TO_CUSTOMERS < set(CLASSES)


def test_a_question_by_command_is_what_is_waited_for(talk: Talk) -> None:
    """A command that asks while an answer is on its way: the older fate starts nothing, that of the question does."""
    talk.open(to="upgrade@example.com", proven=True)
    talk.write("Hello Ann\n", by="omar@example.com", role="a")
    answer = talk.last[0]
    ticket = replace(talk.ticket, case="tested")  # under way: nobody's silence counts then
    talk.facts = replace(talk.facts, tickets={1: ticket})
    talk.clock.forward(HOUR)
    talk.write("#consent the upgrade on Friday\n", by="omar@example.com", role="a")
    assert (talk.ticket.stage, talk.ticket.asked_at) == ("feedback", talk.clock.now())
    talk.meet(answer)
    talk.settle("consent")
    assert talk.ticket.due == ()


# --- reports ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("action", "status", "stage"),
    [("failed", "5.1.1", "process"), ("failed", "4.4.7", "process"), ("delayed", "4.4.1", "feedback"), ("delivered", "2.0.0", "feedback"),
     ("relayed", "2.0.0", "feedback"), ("expanded", "2.0.0", "feedback"), ("", "", "process")],
)  # fmt: skip
def test_bounced_answer(talk: Talk, action: str, status: str, stage: str) -> None:
    """A report of failure stops the clocks, goes back, marks the mail and tells the agent; one of delay or delivery is a note."""
    answered(talk)
    talk.settle("answer")
    due = talk.ticket.due
    decision = talk.bounce("answer", ANN, action, status)
    failed = stage == "process"
    assert (talk.ticket.stage, talk.ticket.due) == (stage, () if failed else due)
    assert talk.told == ([f"notification to {EMMA}"] if failed else [])
    assert len(decision.bounced) == int(failed)
    assert decision.events[0].kind == "MailBounced"
    assert decision.message is not None


def test_what_the_agent_is_told_of_a_bounce(talk: Talk) -> None:
    """Code, status and reason in the desk's words, and none of the report's own text or addresses in the log."""
    answered(talk)
    decision = talk.bounce("answer", ANN)
    assert "The requester did not get the answer: 5.1.1 user-unknown" in talk.last[0].draft.text
    assert "@" not in "".join(f"{each.reason} {dict(each.data)}" for each in decision.events)


def test_participants_bounce(talk: Talk) -> None:
    """The agent is told, and nothing moves: the requester has it."""
    answered(talk)
    talk.settle("answer")
    before = talk.ticket
    talk.bounce("answer", BOB)
    assert (talk.ticket, talk.told) == (replace(before, unreachable=(BOB,)), [f"notification to {EMMA}"])
    assert f"{BOB} did not get the answer" in talk.last[0].draft.text


@pytest.mark.parametrize("state", ["failed", "uncertain"])
def test_whom_mail_does_not_reach_is_marked(talk: Talk, state: str) -> None:
    """What surely failed marks the address, once; agents see it."""
    answered(talk)
    talk.settle("answer", state, "550 no")
    talk.settle("answer", state, "550 no")
    assert talk.ticket.unreachable == ((ANN,) if state == "failed" else ())
    assert (f"Mail does not arrive {ANN}" in talk.last[-1].draft.text) is (state == "failed")


def test_whoever_writes_is_there(talk: Talk) -> None:
    """A mark is gone when its address writes, or when an agent takes it in again; a removed one has none."""
    answered(talk)
    for to in (ANN, BOB):
        talk.bounce("answer", to)
    assert talk.ticket.unreachable == (ANN, BOB)
    talk.write("I am here.\n", by=ANN)
    assert talk.ticket.unreachable == (BOB,)
    talk.steer(f"#cc +{BOB}")
    assert talk.ticket.unreachable == ()
    talk.bounce("answer", BOB)
    talk.steer(f"#cc -{BOB}")
    assert (talk.ticket.unreachable, talk.ticket.participants) == ((), ())


def test_a_sealed_case_names_nobody(talk: Talk) -> None:
    """Not even whom mail does not reach."""
    answered(talk)
    talk.facts = replace(talk.facts, tickets={1: replace(talk.ticket, sealed=True)})
    talk.bounce("answer", BOB)
    assert BOB not in talk.last[-1].draft.text


@pytest.mark.parametrize("kind", CLASSES)
def test_whose_bounce_is_told(talk: Talk, kind: MailClass) -> None:
    """Of what goes to agents, lists or the operator nobody is told, or there would be no end of it."""
    answered(talk)
    talk.settle("answer")
    before = talk.ticket
    sent = Sent(ticket=1, kind=kind, created_at=talk.clock.now(), to=ANN)
    talk.sent.append(replace(talk.sent[-1], key=KEY, kind=kind, recipient=ANN, reverse_path=""))
    talk.facts = replace(talk.facts, outgoing={KEY: sent})
    talk.bounce(kind, ANN)
    assert talk.told == ([f"notification to {EMMA}"] if kind in TO_CUSTOMERS else [])
    assert talk.ticket.stage == ("process" if kind in TO_CUSTOMERS else before.stage)
    assert talk.ticket == before or kind in TO_CUSTOMERS


@pytest.mark.parametrize("how", ["qualification", "process", "done"])
def test_bounce_in_other_stages(talk: Talk, how: str) -> None:
    """Where nobody was waited for the stage stays; the agents are told all the same."""
    talk.open("Hello\n" if how == "qualification" else talk.COMPLETE, proven=True)
    if how == "done":
        talk.answer("#close\n")
    if how == "qualification":
        talk.settle("acknowledgement")
        assert talk.ticket.due
    kind = "closing" if how == "done" else "acknowledgement"
    talk.bounce(kind, ANN)
    assert (talk.ticket.stage, talk.ticket.due) == (how, ())
    assert talk.told == [f"notification to {EMMA}", f"notification to {RAJ}"]


def test_forged_report(talk: Talk) -> None:
    """A report to a bounce address that the desk never gave out is nobody's, and one about a mail that is forgotten changes nothing."""
    answered(talk)
    before = talk.facts.tickets
    talk.facts = replace(talk.facts, outgoing={})
    decision = talk.bounce("answer", ANN)
    assert str(decision.verdict) == "discard: bounce-of-unknown-mail"
    assert talk.facts.tickets == before


@pytest.mark.parametrize("by", [ANN, "Challenges <challenge@example.net>"])
def test_a_persons_mail_at_a_bounce_address(talk: Talk, by: str) -> None:
    """Some clients answer there, some machines ask there to be clicked at, and responders write there: the team hears of it, and only a customer's stops the clocks of silence."""
    answered(talk)
    before = talk.ticket
    decision = talk.come("It works for two of the printers only.\n", by=by, to=talk.sent[-2].reverse_path)
    assert decision.events[0].kind == ("CustomerWrote" if by == ANN else "GuestWrote")
    assert (talk.ticket.stage, talk.told) == (before.stage, [f"notification to {EMMA}"])
    assert talk.ticket.due == (() if by == ANN else before.due)


@pytest.mark.parametrize("fields", [{}, {"Auto_Submitted": "auto-replied"}])
def test_no_report_at_a_bounce_address(talk: Talk, fields: dict[str, Any]) -> None:
    """A vacation mail that comes back to the reverse-path, with its mark or without, is kept and changes nothing."""
    answered(talk)
    talk.settle("answer")
    before = talk.ticket
    decision = talk.come("I am away.\n", to=talk.sent[-2].reverse_path, **fields)
    assert (decision.events[0].kind, talk.ticket, talk.told) == ("MachineWrote", before, [])
