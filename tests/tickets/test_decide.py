"""From what happened to the decision: what is kept of a mail, what is linked, what the log is told, and what is put aside."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from maild.problem.reading import Reading
from maild.tickets.address import AddressBook, ToBounce, ToMailbox, ToTicket
from maild.tickets.assurance import Assurance
from maild.tickets.decide import TURNS, decide, put_aside, target_mark
from maild.tickets.decision import Verdict
from maild.tickets.facts import NOTHING_KNOWN
from maild.tickets.happening import AgentWrote, CustomerOpened, MailCame
from maild.tickets.lifecycle import PUBLIC, UnknownTurn, replay
from maild.tickets.ticket import Event
from maild.tickets.turns.customers import MAX_SUBJECT

if TYPE_CHECKING:
    from conftest import Talk

ANN, BOB, EVE, EMMA, RAJ = "ann@example.org", "bob@example.org", "eve@example.net", "emma@example.com", "raj@example.com"
KEY = "0123456789abcdef"


def test_every_mail_has_a_turn() -> None:
    """Each kind of happening that a mail may be is taken by one turn."""
    assert set(TURNS) | {AgentWrote} == set(MailCame.__subclasses__())


def test_a_stage_without_a_row_is_an_error(talk: Talk) -> None:
    """What the table does not know raises, and is never guessed."""
    ticket = talk.open()
    talk.facts = replace(talk.facts, tickets={1: replace(ticket, stage="rating")})
    with pytest.raises(UnknownTurn, match="rating, customer wrote"):
        talk.write()


# --- what is kept -----------------------------------------------------------------------------------------------


def test_message_of_a_customer(talk: Talk) -> None:
    """The author's own words, public, with what was odd; a mail without words of its own is kept whole."""
    decision = talk.come("Hello\n\nOn Monday Bob wrote:\n> before\n", Subject="s" * 900)
    message = decision.message
    assert message is not None
    assert (message.id, message.text, message.direction, message.visibility) == ("entry-1", "Hello", "in", "public")
    assert (message.author.address, message.subject, message.message_id) == (ANN, "s" * MAX_SUBJECT, "m1@example.org")
    decision = talk.come("> all quoted\n")
    assert decision.message is not None
    assert decision.message.text == "> all quoted"


def test_message_without_an_author(talk: Talk) -> None:
    """What has no From is the requester's."""
    decision = talk.come(From=None)
    assert decision.message is not None
    assert decision.message.author.address == ANN


def test_digest_and_target(talk: Talk) -> None:
    """A decision remembers the mail and what it came to, so that a duplicate is known."""
    decision = talk.come()
    assert (decision.entry, decision.target, decision.opened) == ("entry-1", "support@example.com", True)
    assert talk.facts.seen == {(decision.digest, "support@example.com"): "entry-1"}
    joined = talk.write()
    assert (joined.target, joined.opened) == ("ticket 1", False)


def test_the_same_mail_twice(talk: Talk) -> None:
    """A copy is discarded, with its reason, and changes nothing."""
    talk.come(Message_ID="<a@b>")
    ticket = talk.ticket
    decision = talk.come(Message_ID="<a@b>")
    assert (str(decision.verdict), decision.ticket, talk.told, talk.ticket) == ("discard: duplicate", None, [], ticket)


@pytest.mark.parametrize("kind", ["time", "fate"])
def test_what_no_mail_caused(talk: Talk, kind: str) -> None:
    """Timers and fates have a cause of their own, no digest, no message; and the log tells what came."""
    talk.open()
    talk.answer()
    decision = talk.settle("answer")
    cause, first = f"fate of {talk.sent[-1].key}", "MailAccepted"
    if kind == "time":
        at = talk.ticket.due[0].at
        decision = talk.fire("reminder")
        cause, first = f"reminder of 1 at {at.isoformat()}", "TimeCame"
    assert (decision.entry, decision.target, decision.digest, decision.message, decision.opened) == (cause, "", b"", None, False)
    assert decision.events[0].kind == first
    assert decision.events[0].actor == "desk"


def test_mentions(talk: Talk) -> None:
    """Tickets that a stranger pointed at are linked from the new one."""
    talk.open()
    talk.open(Subject="Another")
    decision = talk.come(by=EVE, In_Reply_To="<m2@example.org>", References="<m1@example.org> <never@x>")
    assert [(each.kind, each.number) for each in decision.links] == [("mentions", 2), ("mentions", 1)]


# --- what is put aside ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("to", ["postmaster@example.com", "ABUSE@example.com"])
def test_operator(talk: Talk, to: str) -> None:
    """Mail to postmaster@ and abuse@ is held for the operator, and opens no ticket."""
    decision = talk.come(to=to)
    assert str(decision.verdict) == "hold: for-the-operator"
    assert (decision.ticket, decision.mails, decision.events, decision.target) == (None, (), (), f"operator {to}")


def test_put_aside(book: AddressBook) -> None:
    """A mail that is not accepted changes nothing and keeps its reason."""
    verdict = Verdict(disposition="discard", reason="duplicate")
    decision = put_aside("e", ToMailbox(mailbox=book.first), b"digest", verdict, Assurance(level=0, why="x"))
    assert (decision.verdict, decision.ticket, decision.message, decision.events, decision.mails) == (verdict, None, None, (), ())


def test_target_marks(book: AddressBook) -> None:
    """The same target is the same ticket whatever the role, the same bounced mail, or the same mailbox."""
    tickets = {target_mark(ToTicket(mailbox=book.first, number=17, role=role, proof=role)) for role in ("c", "a", "n")}
    assert tickets == {"ticket 17"}
    assert target_mark(ToBounce(mailbox=book.first, key=KEY)) == f"bounce {KEY}"
    assert target_mark(ToMailbox(mailbox=book.first)) == "support@example.com"


# --- the log ----------------------------------------------------------------------------------------------------

WORDS = (
    "Zanzibar", "Quetzal", "xylophone", "acmecorp", "Ann Berg", "ann@", "bob@", "eve@", "example.org", "example.net", "vacation",
)  # fmt: skip


def converse(talk: Talk) -> None:
    """Much about one problem, full of words that must not get into the log."""
    talk.open(
        "The Quetzal is broken, since we opened Zanzibar.\n",
        by=f"Ann Berg <{ANN}>",
        Subject="xylophone Zanzibar",
        Cc=BOB,
        proven=True,
    )
    talk.settle("acknowledgement")
    talk.write("Kind: administration\n", by=f"Ann Berg <{ANN}>")
    talk.come("Zanzibar is mine, too\n", by=EVE, to=talk.address("c", ANN), proven=True)
    talk.write("Zanzibar: I looked\n", by=EMMA, role="n")
    talk.answer("#take\n#version 17.0\n\nDear Quetzal, acmecorp is well.\n")
    talk.answer("#assign Zanzibar\n")
    talk.bounce("answer", ANN)
    talk.answer("Once more, Zanzibar.\n")
    talk.settle("answer")
    talk.fire("reminder")
    talk.settle("reminder")
    talk.write("vacation in Zanzibar\n", Auto_Submitted="auto-replied (Zanzibar)", Subject="Quetzal")
    talk.write("Database: acmecorp\nBlocking: yes\nQuetzal\n", by=BOB)
    talk.answer("#close Zanzibar\n")


def test_replay(talk: Talk) -> None:
    """The public state of the ticket after all that is the one that its log alone tells."""
    converse(talk)
    assert replay(talk.events) == {name: getattr(talk.ticket, name) for name in PUBLIC}
    kinds = [each.kind for each in talk.events if each.kind not in ("TicketChanged", "FieldsFound")]
    assert kinds == [
        "TicketOpened", "MailAccepted", "CustomerWrote", "GuestWrote", "AgentWrote", "AgentWrote", "AgentAnswered", "AgentWrote", "CommandsRefused",
        "MailBounced", "AgentWrote", "AgentAnswered", "MailAccepted", "TimeCame", "MailAccepted", "MachineWrote", "CustomerWrote", "AgentWrote",
    ]  # fmt: skip


def test_log_without_personal_data(talk: Talk) -> None:
    """No address of a customer and no word of anybody stands in any event."""
    converse(talk)
    agents = talk.desk.terms.teams.agents
    for event in talk.events:
        told = json.dumps([event.reason, event.actor, event.rule, dict(event.data)])
        assert not [word for word in WORDS if word.lower() in told.lower()], event
        ours = sum(told.count(each) for each in ("support@example.com", *agents))
        assert told.count("@") == ours


def test_log_of_found_fields(talk: Talk) -> None:
    """The log tells where a value was found, not the value."""
    converse(talk)
    found = [each.data["fields"] for each in talk.events if each.kind == "FieldsFound"][-1]
    assert isinstance(found, dict)
    assert set(found) == {"database", "blocking"}
    assert all(source.startswith("text:") for source in found.values())


@pytest.mark.parametrize("proven", [True, False])
def test_log_of_assurance(talk: Talk, proven: bool) -> None:
    """How surely the sender was who he said he was is kept with each mail, and why."""
    event: Event = talk.come(proven=proven).events[0]
    expected = (1, "dmarc=pass") if proven else (0, "no trusted host says anything about the sender")
    assert (event.data["level"], event.data["because"], event.data["how"]) == (*expected, "new")
    event = talk.write(proven=proven).events[0]
    assert (event.data["level"], event.data["how"]) == (2 if proven else 0, "signed address (c)")


def test_log_of_rules(talk: Talk) -> None:
    """The rule that moved a ticket is named where it did."""
    opened = talk.come("Nobody can work, we see 502 Bad Gateway.\n", Subject="Site is down").events[0]
    assert opened.rule.startswith("rules/50-technical.yaml:")
    assert opened.data["hit"] == (opened.rule,)
    talk.open("Hello\n")
    changed = next(each for each in talk.write("Kind of problem: administration\n").events if each.kind == "TicketChanged")
    assert (changed.data["team"], changed.rule.partition(":")[0]) == ("administration", "rules/30-named.yaml")
    later = talk.write("Site is down\n").events
    assert not [each.rule for each in later if each.rule]


# --- facts ------------------------------------------------------------------------------------------------------


def test_facts_after_opening(happen: Any, moment: Any, read: Callable[..., Reading]) -> None:
    """The next mail of a batch sees the new ticket, its Message-IDs, its mails, and the mail as seen."""
    reading = read(References="<older@example.org>")
    known = replace(NOTHING_KNOWN, next_number=17)
    decision = decide(happen(CustomerOpened, reading), moment(known))
    facts = NOTHING_KNOWN.after(decision)
    assert facts.next_number == 18
    assert facts.tickets == {17: decision.ticket}
    assert facts.history == {17: [decision.message]}
    assert facts.placed == {"1@example.org": 17, "older@example.org": 17}
    assert facts.seen == {(reading.digest, "support@example.com"): "entry-1"}
    to = {("acknowledgement", ANN), ("notification", EMMA), ("notification", RAJ)}
    assert {(kind, whose) for (kind, scope, whose), count in facts.sent.items() if scope == "correspondent" and count == 1} == to
    assert facts.sent["notification", "ticket", "17"] == facts.sent["notification", "desk", ""] == 2
    assert facts.sent["notification", "domain", "example.com"] == 2
    assert facts.after(decision).sent["acknowledgement", "correspondent", ANN] == 2


def test_facts_keep_their_places(happen: Any, moment: Any, read: Callable[..., Reading]) -> None:
    """A Message-ID that leads to a ticket goes on leading there, whoever refers to it later."""
    facts = replace(NOTHING_KNOWN, next_number=40, placed={"older@example.org": 3})
    decision = decide(
        happen(CustomerOpened, read(References="<older@example.org>")), moment(replace(NOTHING_KNOWN, next_number=17))
    )
    facts = facts.after(decision)
    assert facts.placed == {"older@example.org": 3, "1@example.org": 17}
    assert facts.next_number == 40


def test_facts_after_what_no_mail_caused(talk: Talk) -> None:
    """A fate leaves nothing that looks like a mail that was seen, or a message."""
    talk.open()
    talk.answer()
    before = talk.facts
    talk.settle("answer")
    assert (talk.facts.seen, talk.facts.history, talk.facts.placed) == (before.seen, before.history, before.placed)
    assert talk.facts.tickets[1].due


def test_facts_after_discarding(book: AddressBook) -> None:
    """A mail that is put aside counts as seen, and as nothing else."""
    decision = put_aside(
        "e",
        ToMailbox(mailbox=book.first),
        b"digest",
        Verdict(disposition="discard", reason="own-mail"),
        Assurance(level=0, why=""),
    )
    assert NOTHING_KNOWN.after(decision) == replace(NOTHING_KNOWN, seen={(b"digest", "support@example.com"): "e"})
