"""What follows when an agent writes: answers, notes, commands that are obeyed or sent back as a whole, and what customers never see."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

if TYPE_CHECKING:
    from conftest import Talk

ANN, BOB = "ann@example.org", "bob@example.org"
EMMA, RAJ, LEA = "emma@example.com", "raj@example.com", "lea@example.com"
CUSTOMERS = (ANN, BOB)


def about(talk: Talk, **changed: Any) -> None:
    """A ticket of Ann's and Bob's, with the functional team."""
    ticket = replace(talk.open(Cc=BOB, proven=True), **changed)
    talk.facts = replace(talk.facts, tickets={1: ticket})


def to_customers(talk: Talk) -> str:
    """All that the latest happening sent to the customer's side."""
    return "\n".join(
        f"{each.draft.subject}\n{each.draft.text}\n{each.draft.html}" for each in talk.last if each.recipient in CUSTOMERS
    )


# --- answers ----------------------------------------------------------------------------------------------------


def test_answer(talk: Talk) -> None:
    """The agent's own words go out without quote and signature; they are kept as what the customer got."""
    about(talk)
    decision = talk.answer("Press it twice.\n\n-- \nEmma Laurent\nroom 17\n\nOn Monday Ann wrote:\n> How do I print?\n")
    assert decision.message is not None
    assert (decision.message.text, decision.message.direction, decision.message.visibility) == (
        "Press it twice.",
        "out",
        "public",
    )
    told = to_customers(talk)
    assert "Press it twice." in told
    assert "room 17" not in told
    assert "How do I print" not in told
    assert [each.kind for each in decision.events] == ["AgentWrote", "TicketChanged", "AgentAnswered"]


def test_answer_leads_to_feedback(talk: Talk) -> None:
    """From then on the customer is waited for; the clocks wait until the next hop has taken it."""
    about(talk)
    talk.answer()
    assert (talk.ticket.stage, talk.ticket.asked_at, talk.ticket.due) == ("feedback", talk.clock.now(), ())


def test_second_answer_stops_the_clocks_of_the_first(talk: Talk) -> None:
    """Until the new answer is there, nobody's silence counts."""
    about(talk)
    talk.answer()
    talk.settle("answer")
    assert talk.ticket.due
    talk.answer("And once more.\n")
    assert (talk.ticket.stage, talk.ticket.due) == ("feedback", ())


def test_nothing_is_sent_of_a_quote_alone(talk: Talk) -> None:
    """An empty reply is a slip: it comes back."""
    about(talk)
    for text in ("", "\n\n", "> How do I print?\n", "...\n", "-- \nEmma\n"):
        before = talk.ticket
        talk.answer(text)
        assert talk.told == [f"error to {EMMA}"]
        assert "there is no text of yours" in talk.last[0].draft.text
        assert talk.ticket == before


@pytest.mark.parametrize("role", ["a", "n"])
def test_not_believed(talk: Talk, role: Any) -> None:
    """Commands that nobody vouches for are kept as a note and not obeyed; the agent to whom the address was given is told why."""
    about(talk)
    before = talk.ticket
    talk.write("#close\n", by=EMMA, role=role, proven=False)
    assert talk.told == [f"note to {RAJ}", f"error to {EMMA}"]
    assert "no trusted host says anything" in talk.last[1].draft.text
    assert talk.ticket == before


def test_commands_by_a_notes_address(talk: Talk) -> None:
    """A note may hold commands; its text stays a note. Who takes the ticket so gets a notification, by which it can be answered."""
    about(talk)
    talk.write("#take\n\nI know this one.\n", by=EMMA, role="n")
    assert talk.ticket.assignee == EMMA
    assert talk.told == [f"notification to {EMMA}", f"receipt to {EMMA}"]
    assert talk.ticket.stage == "process"


def test_commands_to_somebody_elses_note_are_not_lost_in_silence(talk: Talk) -> None:
    """Commands by an address that was given to a colleague are not obeyed, and their author is told so."""
    about(talk)
    before = talk.ticket
    talk.come("#close\n", by=EMMA, to=talk.address("n", RAJ), proven=True)
    assert talk.told == [f"note to {RAJ}", f"error to {EMMA}"]
    assert talk.ticket == before


# --- all or nothing ---------------------------------------------------------------------------------------------

GOOD = [
    "#take", "#assign raj", "#assign nobody", "#team technical", "#close", "#close it is done", "#field database=other", "#version 16.0",
    "#database x", "#spam", "#note", "#history", "#help", "#contract SUB-2025-0042",
]  # fmt: skip
WRONG = [
    "#tkae", "#assign zebulon", "#assign", "#team nowhere", "#reopen", "#field", "#field shoe=47", "#version seventeen", "#version saas~17",
    "#tested", "#approve", "#close.", "#database", "#close ask emma@example.com", "#schedule 2030-01-01",
]  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG)
def test_each_wrong_line(talk: Talk, wrong: str) -> None:
    """Each is pointed out, and nothing else happens."""
    about(talk)
    talk.answer(f"#take\n{wrong}\n")
    assert talk.told == [f"error to {EMMA}"]
    assert (wrong if "@" not in wrong else "The closing was not sent") in talk.last[0].draft.text
    assert talk.ticket.assignee is None


@given(
    before=st.lists(st.sampled_from(GOOD), max_size=4),
    wrong=st.sampled_from([each for each in WRONG if each != "#reopen"]),  # that one is right once something was closed
    after=st.lists(st.sampled_from([*GOOD, *WRONG]), max_size=4),
    text=st.sampled_from(["", "\nHello Ann\n", "\n\\#close\n"]),
    role=st.sampled_from(["a", "n"]),
    settled=st.booleans(),
)
def test_all_or_nothing(
    new_talk: Callable[[], Talk], before: list[str], wrong: str, after: list[str], text: str, role: Any, settled: bool
) -> None:
    """One wrong line anywhere, and ticket, timers and mails are as if the mail had said nothing, but for the error and its event."""
    talk = new_talk()
    about(talk, stage="feedback" if settled else "process")
    if settled:
        talk.answer()
        talk.settle("answer")
    ticket = talk.ticket
    decision = talk.write("\n".join([*before, wrong, *after, text]), by=EMMA, role=role)
    assert talk.told == [f"error to {EMMA}"]
    assert talk.ticket == ticket
    assert [each.kind for each in decision.events] == ["AgentWrote", "CommandsRefused"]
    assert (decision.publications, decision.numbered, decision.links) == ((), 0, ())
    assert decision.message is not None
    assert (decision.message.visibility, decision.message.direction) == ("internal", "in")


def test_the_error_shows_all_mistakes_and_what_was_written(talk: Talk) -> None:
    """Each wrong line with its remedy, in one mail, and the agent's words, so that nothing must be written again."""
    about(talk)
    talk.answer("#tkae\n#assign zebulon\n\nHello Ann, it is done.\n")
    told = talk.last[0].draft.text
    assert "did you mean '#take'" in told
    assert "'zebulon' is no agent" in told
    assert "> Hello Ann, it is done." in told
    assert [each.reason for each in talk.events if each.kind == "CommandsRefused"] == ["wrong lines: 2"]


@pytest.mark.parametrize(
    "text", ["#assign top-secret-exploit\n", "#tkae top-secret-exploit\n", "#close.top-secret\n\nThe exploit is x\n"]
)
def test_nothing_of_a_sealed_case_travels_with_an_error(talk: Talk, text: str) -> None:
    """What belongs to a sealed case is not sent back: the verb alone tells which line it was."""
    talk.open(to="security@example.com", proven=True)
    talk.write(text, by="nina@example.com", role="a")
    [error] = talk.last
    assert error.kind == "error"
    assert "exploit" not in error.draft.text


# --- answer and commands ----------------------------------------------------------------------------------------


def test_answer_and_close(talk: Talk) -> None:
    """The answer says it: no separate closing is sent, the ticket is done, and no clock will start."""
    about(talk)
    talk.answer("#close\n\nIt is corrected.\n")
    assert talk.told == [f"answer to {ANN}", f"answer to {BOB}", f"receipt to {EMMA}"]
    assert (talk.ticket.stage, talk.ticket.assignee) == ("done", EMMA)
    talk.settle("answer")
    assert (talk.ticket.stage, talk.ticket.due) == ("done", ())


def test_answer_to_a_closed_ticket(talk: Talk) -> None:
    """An answer to what was closed before waits for the customer again."""
    about(talk)
    talk.answer("#close\n")
    talk.answer("One more thing.\n")
    assert (talk.ticket.stage, talk.ticket.closed_at) == ("feedback", None)


def test_reopen_and_answer(talk: Talk) -> None:
    """Commands go before the text: reopened, then answered."""
    about(talk)
    talk.answer("#close\n")
    talk.answer("#reopen\n\nIt is not done after all.\n")
    assert (talk.ticket.stage, talk.ticket.back_to) == ("feedback", "process")


def test_take_and_answer(talk: Talk) -> None:
    """Commands and text in one mail do both."""
    about(talk)
    decision = talk.answer("#assign raj\n#version 16.0\n\nHello Ann\n")
    assert talk.ticket.assignee == RAJ
    assert talk.told == [f"notification to {RAJ}", f"answer to {ANN}", f"answer to {BOB}", f"receipt to {EMMA}"]
    assert [each.kind for each in decision.events] == ["AgentWrote", "TicketChanged", "AgentAnswered"]


@pytest.mark.parametrize(
    "text", ["#note\n\nOur SECRET plan.\n", "#take\n#NOTE\nOur SECRET plan.\n", "#note\n#close\n\nOur SECRET plan.\n"]
)
def test_note_by_an_answers_address(talk: Talk, text: str) -> None:
    """Below `#note` nothing reaches the customer, wherever the mail was sent to."""
    about(talk)
    decision = talk.answer(text)
    assert "SECRET" not in to_customers(talk)
    assert "answer" not in [each.kind for each in talk.last]
    assert decision.message is not None
    assert decision.message.visibility == "internal"


@pytest.mark.parametrize("text", ["#spam\n", "#spam\n\nBuy your own shoes.\n", "#take\n#spam\nOur SECRET plan.\n"])
def test_spam_tells_nobody(talk: Talk, text: str) -> None:
    """Whoever sent spam hears nothing, whatever stands below; the ticket is done, and says why."""
    about(talk)
    talk.answer(text)
    assert not [each for each in talk.last if each.recipient in CUSTOMERS]
    assert (talk.ticket.stage, talk.ticket.tags[-1]) == ("done", "spam")


@pytest.mark.parametrize(
    "command", ["#take", "#assign raj", "#team technical", "#version 16.0", "#history", "#help", "#note", "#close", "#spam"]
)
@pytest.mark.parametrize(
    "around", ["{}\n", "\n\n{}\n\n\n", "{}\n\nOn Monday Ann wrote:\n> SECRET quote\n", "{}\n\n-- \nSECRET signature\n"]
)
def test_commands_alone(talk: Talk, command: str, around: str) -> None:
    """Of a mail of commands nothing that was written goes to the customer; the receipt tells what was done."""
    about(talk)
    decision = talk.answer(around.format(command))
    assert [each.kind for each in talk.last if each.recipient in CUSTOMERS] == (["closing"] if command == "#close" else [])
    assert "SECRET" not in to_customers(talk)
    assert command not in to_customers(talk)
    assert talk.told[-1] == f"receipt to {EMMA}"
    assert decision.message is not None
    assert decision.message.visibility == "internal"


def test_receipt(talk: Talk) -> None:
    """What was done, in order, and what was sent with it; its reply address is the agent's own, for notes."""
    about(talk)
    talk.answer("#take\n#close all well\n")
    receipt = talk.last[-1]
    assert "assigned to Emma Laurent\nclosed\nsent: closing to ann@example.org" in receipt.draft.text
    assert receipt.draft.reply_to is not None
    assert receipt.draft.reply_to.address == talk.address("n", EMMA)
    assert talk.last[0].draft.text.count("all well") == 1


def test_receipt_of_a_sealed_case_names_no_reporter(talk: Talk) -> None:
    """The reporter of a vulnerability is named in no mail that is not encrypted."""
    talk.open(to="security@example.com", proven=True)
    talk.write("#acknowledge\n#close\n", by="nina@example.com", role="a")
    receipt = next(each for each in talk.last if each.kind == "receipt")
    assert "sent: closing to the reporter" in receipt.draft.text
    assert ANN not in receipt.draft.text
    talk.write("#reopen\n\nPlease tell us more.\n", by="nina@example.com", role="a")
    assert "answer sent to the reporter" in talk.last[-1].draft.text
    assert ANN not in talk.last[-1].draft.text


# --- who may ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["#tested", "#rehearsed", "#confirm", "#approve"])
def test_verbs_of_other_services(talk: Talk, command: str) -> None:
    """A command of another service is a wrong line."""
    about(talk)
    talk.answer(f"{command}\n")
    assert "this is no ticket of the" in talk.last[0].draft.text


def test_verbs_of_a_service_are_for_its_team(talk: Talk) -> None:
    """Another agent, though he has an address of his own on the ticket, may not take a case further."""
    talk.open(to="security@example.com", proven=True)
    for text in ("#confirm\n", "#take\n", "#close\n", "#cc +emma.private@example.net\n", "Dear reporter\n"):
        before = talk.ticket
        talk.write(text, by=EMMA, role="a")
        assert [each for each in talk.told if not each.startswith("note")] == [f"error to {EMMA}"]
        assert talk.ticket == before
    talk.come("#take\n", by=EMMA, to=talk.address("a", "nina@example.com"), proven=True)
    assert {each.kind for each in talk.last} == {"note"}, "that there is a case is not told"
    talk.write("#confirm\n", by="NINA@example.com", role="a")
    assert talk.ticket.case == "confirmed"


@pytest.mark.parametrize(("action", "text"), [("command", "#take\n"), ("answer", "Hello\n"), ("approve", "#approve\n")])
def test_levels_are_the_operators(new_talk: Callable[..., Talk], action: str, text: str) -> None:
    """Where the table asks for more than was proven, nothing is obeyed; the sender is asked, unless it would be wrong anyway."""
    talk = new_talk()
    required = replace(talk.desk.terms.required, levels={**talk.desk.terms.required.levels, action: 3})
    talk = new_talk(required=required)
    service = "security@example.com" if action == "approve" else "support@example.com"
    talk.open(to=service, proven=True)
    before = talk.ticket
    talk.write(text, by="nina@example.com" if action == "approve" else EMMA, role="a")
    assert replace(talk.ticket, unconfirmed=()) == before
    assert [each.kind for each in talk.last] == ["error" if action == "approve" else "confirmation"]


def test_no_mail_of_an_agent_moves_a_clock(talk: Talk) -> None:
    """Notes, edits and commands leave the silence of the customer alone; so does what comes back as wrong."""
    about(talk)
    talk.answer()
    talk.settle("answer")
    due = talk.ticket.due
    for role, text in (
        ("n", "note\n"),
        ("a", "#note\nx\n"),
        ("a", "#assign raj\n#version 16.0\n"),
        ("a", "#tkae\n"),
        ("a", "#team technical\n"),
    ):
        talk.write(text, by=EMMA, role=role)
        assert (talk.ticket.stage, talk.ticket.due) == ("feedback", due)
