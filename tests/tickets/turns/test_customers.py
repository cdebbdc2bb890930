"""What follows when customers write: tickets are opened, go on, come back, and end with a thank-you; and what guests may do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from maild.mail.message import Mailbox
from maild.problem.found import Field
from maild.problem.reading import Reading
from maild.tickets.copies import MAX_PARTICIPANTS
from maild.tickets.decision import Ruling
from maild.tickets.happening import CustomerOpened
from maild.tickets.ticket import Ticket
from maild.tickets.turns.customers import MAX_SUBJECT, MAX_THREAD, opened

if TYPE_CHECKING:
    from conftest import Talk

Read = Callable[..., Reading]
ANN, BOB, EVE, EMMA, RAJ = "ann@example.org", "bob@example.org", "eve@example.net", "emma@example.com", "raj@example.com"
TEAM = [f"notification to {EMMA}", f"notification to {RAJ}"]


def answered(talk: Talk) -> None:
    """A ticket that was answered by Emma, and the answer is there."""
    talk.open(by=f"Ann Berg <{ANN}>", proven=True)
    talk.answer()
    talk.settle("answer")


def opened_by(reading: Reading, happen: Any, moment: Any, ruling: Ruling | None = None) -> Ticket:
    """The ticket that this mail opens, under what the rules say."""
    what = happen(CustomerOpened, reading, **({"ruling": ruling} if ruling else {}))
    ticket: Ticket = opened(what, moment()).ticket
    return ticket


# --- a new ticket -----------------------------------------------------------------------------------------------


def test_opened(happen: Any, moment: Any, read: Read) -> None:
    """A first mail opens a ticket of its sender with what the rules said."""
    ruling = Ruling(team="technical", priority=2, scope="success-pack", tags=("slow",))
    ticket = opened_by(read("It is slow.\n"), happen, moment, ruling)
    assert (ticket.number, ticket.requester.address, ticket.subject) == (1, ANN, "Invoice layout")
    assert (ticket.team, ticket.priority, ticket.scope, ticket.tags) == ("technical", 2, "success-pack", ("slow",))
    assert (ticket.assignee, ticket.blocking, ticket.due, ticket.closed_at) == (None, False, (), None)


def test_no_ruling(happen: Any, moment: Any, read: Read) -> None:
    """What no rule could route goes to the team that qualifies, in scope and with ordinary priority."""
    ticket = opened_by(read(), happen, moment)
    assert (ticket.team, ticket.priority, ticket.scope) == ("functional", 1, "in-scope")


@pytest.mark.parametrize(
    ("mailbox", "service", "sealed"),
    [
        ("support", "support", False),
        ("emergency", "support", False),
        ("upgrade", "upgrade", False),
        ("security", "security", True),
    ],
)
def test_service(talk: Talk, mailbox: str, service: str, sealed: bool) -> None:
    """The mailbox gives the service, and seals the ticket; emergency@ opens support tickets."""
    ticket = talk.open(to=f"{mailbox}@example.com")
    assert (ticket.service, ticket.sealed, ticket.mailbox) == (service, sealed, f"{mailbox}@example.com")


def test_an_upgrade_asked_for_at_support(talk: Talk) -> None:
    """A request for an upgrade is one for its service, wherever it came to."""
    ticket = talk.open("We would like to upgrade from 16.0 to 18.0 this summer.\n", Subject="New release")
    assert (ticket.service, ticket.case, ticket.mailbox) == ("upgrade", "requested", "support@example.com")


@pytest.mark.parametrize(
    ("text", "to", "claim"),
    [
        ("All is down\n", "emergency", True),
        ("Blocking: no\n", "emergency", False),
        ("Blocking: yes\n", "emergency", True),
        ("All is down\n", "support", None),
    ],
)
def test_claim_of_emergency(talk: Talk, text: str, to: str, claim: bool | None) -> None:
    """Who writes to emergency@ claims a blocking issue unless the mail denies it; a claim grants nothing."""
    ticket = talk.open(text, to=f"{to}@example.com", proven=True)
    assert (ticket.fields["blocking"].value if "blocking" in ticket.fields else None) == claim
    assert not ticket.blocking


def test_long_subject(talk: Talk) -> None:
    """A subject is kept up to its limit."""
    assert talk.open(Subject="x" * 900).subject == "x" * MAX_SUBJECT


def test_no_from(happen: Any, moment: Any, read: Read) -> None:
    """A mail without From is its reverse-path's, and nobody gets an automatic answer."""
    outcome = opened(happen(CustomerOpened, read(From=None)), moment())
    assert outcome.ticket.requester == Mailbox(name="", address=ANN)
    assert "acknowledgement" not in [each.kind for each in outcome.mails]


@pytest.mark.parametrize(
    ("text", "stage", "asked"), [("Hello\n", "qualification", True), ("", "process", False)], ids=["missing", "complete"]
)
def test_asked_at(talk: Talk, text: str, stage: str, asked: bool) -> None:
    """The desk waits from the moment that it asked; of one that has all it needs nothing is waited for."""
    ticket = talk.open(text or talk.COMPLETE)
    assert ticket.stage == stage
    assert ticket.asked_at == (talk.clock.now() if asked else None)
    assert talk.sent[0].watched is asked


def test_nobody_was_asked(talk: Talk) -> None:
    """What a machine wrote lacks nothing: nobody is asked, and nothing is waited for."""
    ticket = talk.open("Hello\n", Auto_Submitted="auto-generated")
    assert (ticket.stage, ticket.asked_at, talk.told) == ("process", None, TEAM)


# --- participants -----------------------------------------------------------------------------------------------

TO = f"Support <support@example.com>, Bob <{BOB}>, ANN@example.org"
CC = f"security@example.com, {EMMA.upper()}, postmaster@example.com, Zoe <zoe@example.net>, {BOB.upper()}, nobody"


@pytest.mark.parametrize("proven", [True, False])
def test_participants(talk: Talk, proven: bool) -> None:
    """Who is in To and Cc of a proven sender takes part, once, but for the desk, its agents, and the author himself."""
    ticket = talk.open(To=TO, Cc=CC, proven=proven)
    people = [each.address for each in ticket.participants]
    assert people == ([BOB, "zoe@example.net"] if proven else [])


def test_participants_come_later(talk: Talk) -> None:
    """A later mail of a participant brings in others, and never the requester again; an unproven one brings in nobody."""
    talk.open(Cc=BOB, proven=True)
    talk.write(by=BOB, Cc=f"{ANN}, zoe@example.net")
    assert talk.ticket.people == [ANN, BOB, "zoe@example.net"]
    talk.write(by=BOB, Cc="mallory@example.net", proven=False)
    assert talk.ticket.people == [ANN, BOB, "zoe@example.net"]


def test_participants_are_not_without_end(talk: Talk) -> None:
    """A mail to everybody does not make everybody a participant."""
    ticket = talk.open(Cc=", ".join(f"p{number}@example.org" for number in range(200)), proven=True)
    assert len(ticket.participants) == MAX_PARTICIPANTS


# --- one more mail ----------------------------------------------------------------------------------------------


def test_completed(talk: Talk) -> None:
    """The mail that tells the last missing value takes the ticket to its team."""
    talk.open("Kind of problem: administration\nVersion: 17.0\n")
    assert (talk.ticket.stage, talk.ticket.missing) == ("qualification", ("database",))
    decision = talk.write("Database: acme\n")
    assert (talk.ticket.stage, talk.ticket.missing) == ("process", ())
    assert [each.kind for each in decision.events] == ["CustomerWrote", "TicketChanged", "FieldsFound"]


@pytest.mark.parametrize(
    ("changed", "team"),
    [
        ({"stage": "qualification"}, "administration"),
        ({"stage": "process"}, "functional"),
        ({"stage": "qualification", "assignee": EMMA}, "functional"),
        (
            {"stage": "qualification", "fields": {"kind": Field(value="administration", source="text:0-1", confidence=0.9)}},
            "functional",
        ),
    ],
    ids=["newly named", "in process", "assigned", "known before"],
)
def test_routed_again(talk: Talk, changed: dict[str, Any], team: str) -> None:
    """The rules choose the team anew only when the kind is newly named in qualification and nobody has the ticket."""
    before = talk.open("Hello\n")
    talk.facts = replace(talk.facts, tickets={1: replace(before, **({"fields": {}} | changed))})
    talk.write("Kind of problem: administration\n")
    assert talk.ticket.team == team


@pytest.mark.parametrize("role", ["c", "a", "n"])
def test_only_customers_tell(talk: Talk, role: Any) -> None:
    """What guests and agents write changes nothing that is known about the problem; a machine's mail neither."""
    talk.open("Kind of problem: functional\n", proven=True)
    before = talk.ticket.fields
    address = talk.address(role, ANN)
    for by in (EVE, EMMA):
        talk.come("Version: 16.0\nDatabase: other\n", by=by, to=address, proven=True)
    talk.come("Version: 16.0\n", to=address, Auto_Submitted="auto-replied", proven=True)
    assert talk.ticket.fields == before


def test_references_of_a_guest(talk: Talk) -> None:
    """What a guest's mail refers to does not lead later mail to the ticket."""
    talk.open(proven=True)
    decision = talk.come(by=EVE, to=talk.address("c", ANN), References="<a@x> <b@x>", proven=True)
    assert decision.message_ids == ("m2@example.net",)


def test_thread_is_bounded(talk: Talk) -> None:
    """Of a long conversation the first Message-ID and the last are kept: every client shows one conversation."""
    talk.open()
    for _ in range(MAX_THREAD + 5):
        talk.write()
    thread = talk.ticket.thread
    assert (len(thread), thread[0], thread[-1]) == (MAX_THREAD, "m1@example.org", f"m{MAX_THREAD + 6}@example.org")


# --- coming back ------------------------------------------------------------------------------------------------


def test_a_reply_comes_back_to_whom_it_came_from(talk: Talk) -> None:
    """A reply stops the clocks and goes back to the same team and agent."""
    answered(talk)
    assert [each.kind for each in talk.ticket.due] == ["reminder", "close"]
    talk.write("It is still the same.\n")
    assert (talk.ticket.stage, talk.ticket.assignee, talk.ticket.due) == ("process", EMMA, ())
    assert talk.told == [f"notification to {EMMA}"]


@pytest.mark.parametrize("by", [BOB, EVE])
def test_silence_is_the_customers(talk: Talk, by: str) -> None:
    """A participant's word, and a guest's, end the silence as well: a person must look before anything is closed."""
    talk.open(Cc=BOB, proven=True)
    talk.answer()
    talk.settle("answer")
    talk.come("I still wait.\n", by=by, to=talk.address("c", ANN), proven=True)
    assert (talk.ticket.stage, talk.ticket.due) == ("process", ())


def test_silence_in_qualification_comes_back_there(talk: Talk) -> None:
    """What was closed while something was missing is still missing it when the customer comes back without it."""
    talk.open("Hello\n")
    talk.settle("acknowledgement")
    talk.fire("reminder")
    talk.settle("reminder")
    talk.fire("close")
    assert (talk.ticket.stage, talk.ticket.back_to) == ("done", "qualification")
    talk.write("I was away.\n")
    assert (talk.ticket.stage, talk.ticket.closed_at) == ("qualification", None)


@pytest.mark.parametrize(("days", "same"), [(13, True), (14, True), (15, False)])
@pytest.mark.parametrize("how", ["signed", "references"])
def test_grace(talk: Talk, days: int, same: bool, how: str) -> None:
    """A late reply within the grace reopens; a later one opens a new ticket that is linked to the old one."""
    answered(talk)
    talk.answer("#close\n")
    address = talk.address("c", ANN)
    talk.clock.forward(timedelta(days=days))
    talk.write() if how == "signed" else talk.come("It is back.\n", In_Reply_To=f"<{talk.ticket.thread[0]}>")
    decision = talk.come("And again.\n", to=address, proven=True) if how == "signed" and same else None
    numbers = sorted(talk.facts.tickets)
    assert numbers == ([1] if same else [1, 2])
    assert talk.ticket.stage == ("process" if same else "done")
    assert decision is None or not decision.links


def test_follow_up_is_linked(talk: Talk) -> None:
    """The new ticket of a late reply points at the old one, is acknowledged, and is the requester's of that mail."""
    answered(talk)
    talk.answer("#close\n")
    talk.clock.forward(timedelta(days=20))
    decision = talk.write("It is back.\n")
    assert [(each.kind, each.number) for each in decision.links] == [("follow-up", 1)]
    assert decision.opened
    assert decision.ticket is not None
    assert (decision.ticket.number, decision.ticket.requester.address) == (2, ANN)
    assert talk.told[0] == f"acknowledgement to {ANN}"


def test_agents_and_machines_after_the_grace(talk: Talk) -> None:
    """Agents go on with an old ticket; an auto-reply, or a bounce, opens no new one."""
    answered(talk)
    talk.answer("#close\n")
    talk.clock.forward(timedelta(days=90))
    talk.answer("It came back for others: here is what to do.\n")
    assert (talk.ticket.stage, talk.told) == ("feedback", [f"answer to {ANN}"])
    talk.answer("#close\n")
    talk.clock.forward(timedelta(days=90))
    talk.write(Auto_Submitted="auto-replied")
    talk.bounce("answer", ANN)
    assert sorted(talk.facts.tickets) == [1]


@pytest.mark.parametrize("subject", ["Automatic reply: Invoice", "Out of office", "Abwesenheit"])
def test_out_of_office_never_reopens(talk: Talk, subject: str) -> None:
    """A vacation mail ends no silence and reopens nothing; it is kept, and nobody is told."""
    answered(talk)
    due = talk.ticket.due
    decision = talk.write("I am away.\n", Subject=subject, Auto_Submitted="auto-replied")
    assert (talk.ticket.stage, talk.ticket.due, talk.told) == ("feedback", due, [])
    assert decision.message is not None
    talk.answer("#close\n")
    talk.write("I am still away.\n", Subject=subject, Auto_Submitted="auto-replied")
    assert (talk.ticket.stage, talk.told) == ("done", [])


@pytest.mark.parametrize(("proven", "stage", "version"), [(True, "qualification", "16.0"), (False, "process", None)])
def test_append_needs_what_the_operator_says(
    new_talk: Callable[..., Talk], proven: bool, stage: str, version: str | None
) -> None:
    """Where customers must be proven to add to a ticket, other mail is kept and shown to a person, and not read into the ticket."""
    talk = new_talk()
    levels = {**talk.desk.terms.required.levels, "append": 1}
    talk = new_talk(required=replace(talk.desk.terms.required, levels=levels))
    talk.open("Hello\n", proven=True)
    decision = talk.write("Version: 16.0\n", proven=proven)
    assert talk.ticket.stage == stage
    assert (talk.ticket.fields["version"].value if "version" in talk.ticket.fields else None) == version
    assert decision.message is not None
    assert talk.told == TEAM


# --- several tickets, and agents who ask ------------------------------------------------------------------------


def test_several_tickets_of_one_customer(talk: Talk) -> None:
    """Each mail goes to the ticket whose address it came to, whatever it refers to."""
    first = talk.open()
    second = talk.open(Subject="Another thing")
    assert (first.number, second.number) == (1, 2)
    talk.number = 1
    decision = talk.write(In_Reply_To=f"<{second.thread[0]}>")
    assert decision.ticket is not None
    assert decision.ticket.number == 1
    assert talk.facts.tickets[2] == second


def test_an_agent_who_asks(talk: Talk) -> None:
    """An agent is a customer of the desk as anybody else, by the customer's address; she is not told of her own mail."""
    talk.open(by=f"Emma <{EMMA}>", proven=True)
    assert talk.told == [f"acknowledgement to {EMMA}", f"notification to {RAJ}"]
    decision = talk.write("Version: 18.0\n", by=EMMA)
    assert decision.message is not None
    assert (decision.message.visibility, talk.told) == ("public", [f"notification to {RAJ}"])
    assert talk.ticket.fields["version"].value == "18.0"


@pytest.mark.parametrize("proven", [True, False])
def test_an_agent_who_answers_herself(talk: Talk, proven: bool) -> None:
    """By her agent's address the requester is an agent all the same: it is an answer, if all is proven."""
    talk.open(by=f"Emma <{EMMA}>", proven=True)
    talk.write("Found it myself.\n", by=EMMA, role="a", proven=proven)
    assert talk.ticket.stage == ("feedback" if proven else "process")
    assert talk.ticket.assignee == (EMMA if proven else None)
