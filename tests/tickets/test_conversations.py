"""Who is in a conversation, and what belongs to it, when several people write by the clients and gateways that there are."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from maild.tickets.contracts.contract import Contract

if TYPE_CHECKING:
    from conftest import Talk

ANN, BOB, CY, EVE = "ann@example.org", "bob@example.org", "cy@example.org", "eve@example.net"
EMMA, RAJ = "emma@example.com", "raj@example.com"


def to_mailbox(talk: Talk, by: str, **fields: Any) -> int:
    """A mail to the bare mailbox; the ticket that it belongs to."""
    decision = talk.come("More about it.\n", by=by, proven=fields.pop("proven", True), **fields)
    assert decision.ticket is not None
    return decision.ticket.number


# --- identifiers that somebody rewrites -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fields",
    [
        # the provider of our next hop gave our mail another Message-ID: what we referred to is still named
        {
            "In_Reply_To": "<0100018f@email.amazonses.example>",
            "References": "<m1@example.org> <0100018f@email.amazonses.example>",
        },
        {"References": "<m1@example.org> <AM0PR01@eurprd.outlook.example>"},
        {"In_Reply_To": "<0100018f@email.amazonses.example> <m1@example.org>"},
        {"In_Reply_To": "your mail of Wednesday <m1@example.org>"},
        {"References": "<x@y>\r\n\t<m1@example.org>"},
        {"References": "<m1@example.org>", "Subject": "[EXTERNAL] Something else entirely"},
        {"References": "<m1@example.org>", "Subject": ""},
    ],
)
@pytest.mark.parametrize("by", [ANN, BOB])
def test_references(talk: Talk, fields: dict[str, str], by: str) -> None:
    """One identifier that is known is enough, whatever stands around it."""
    talk.open(Cc=BOB, proven=True)
    assert to_mailbox(talk, by, **fields) == 1


@pytest.mark.parametrize("subject", ["Re: [#1] x", "[EXTERNAL] Re: [#1] x", "#1", "[#1]"])
def test_a_number_is_nothing(talk: Talk, subject: str) -> None:
    """Where every identifier is gone the number in the subject places nothing, not even the requester's mail."""
    talk.open(proven=True)
    assert to_mailbox(talk, ANN, Subject=subject, In_Reply_To="<0100018f@email.amazonses.example>") == 2


def test_a_reply_that_came_first(talk: Talk) -> None:
    """Bob answers Ann's mail to all before that one is here: they are one, whoever came first."""
    talk.come("I can confirm that.\n", by=BOB, Cc=ANN, Message_ID="<b@example.org>", References="<a@example.org>", proven=True)
    assert to_mailbox(talk, ANN, Cc=BOB, Message_ID="<a@example.org>") == 1


# --- who is in copy -------------------------------------------------------------------------------------------------


def test_a_reply_to_all(talk: Talk) -> None:
    """Bob was in copy: his mail to all is the customer's, Cy whom he adds is in from now on, and no one gets it twice."""
    talk.open(Cc=BOB, proven=True)
    talk.answer()
    bob = next(each for each in talk.sent if each.kind == "answer" and each.recipient == BOB)
    assert bob.draft.reply_to is not None
    talk.come("For me, too.\n", by=BOB, to=bob.draft.reply_to.address, Cc=f"{ANN}, {CY}", proven=True)
    assert talk.ticket.people == [ANN, BOB, CY]
    assert {each.kind for each in talk.last} == {"notification"}
    talk.answer("I see.\n")
    assert [each.recipient for each in talk.last] == [ANN, BOB, CY]
    shown = {each.address for each in (*talk.last[0].draft.to, *talk.last[0].draft.cc)}
    assert shown == {ANN, BOB, CY}
    addresses = {each.draft.reply_to.address for each in talk.last if each.draft.reply_to}
    assert len(addresses) == 3  # each his own


def test_an_address_is_passed_on_inside(talk: Talk) -> None:
    """Ann lets Bob, who is in copy, reply by her address: the customer's message, at level 1, and nothing that needs her."""
    talk.open(Cc=BOB, proven=True)
    decision = talk.come("I write for Ann.\n", by=BOB, to=talk.address("c", ANN), proven=True)
    assert (decision.events[0].kind, decision.events[0].data["level"]) == ("CustomerWrote", 1)


@pytest.mark.parametrize("proven", [False, True])
def test_the_ticket_trick(talk: Talk, proven: bool) -> None:
    """T4: a service that Eve signed up at mails a code to Ann's ticket: agents see it, nobody outside does, not even on an answer to all."""
    talk.open(Cc=BOB, proven=True)
    talk.come("Your code is 424242.\n", by="noreply@service.example", to=talk.address("c", ANN), proven=proven)
    assert {each.recipient for each in talk.last} == {EMMA, RAJ}
    talk.answer()
    told = [each for each in talk.sent if each.recipient not in (EMMA, RAJ)]
    assert not any("424242" in f"{each.draft.subject}{each.draft.text}{each.draft.html}" for each in told)
    assert talk.ticket.people == [ANN, BOB]


def test_eve_puts_herself_in_copy(talk: Talk) -> None:
    """T3: a mail that claims to be Ann's, with Eve in copy, by a reference and by a leaked address: she waits, and gets nothing."""
    talk.open()
    for fields in ({"References": "<m1@example.org>"}, {"to": talk.address("c", ANN)}):
        talk.come("Please add my colleague.\n", by=ANN, Cc=EVE, **fields)
    talk.answer()
    assert EVE not in {each.recipient for each in talk.sent}
    assert [each.address for each in talk.ticket.pending] == [EVE]
    talk.come("Any news?\n", by=EVE, References="<m1@example.org>", proven=True)
    assert talk.facts.tickets[2].requester.address == EVE
    assert talk.facts.tickets[1].people == [ANN]


def test_several_addresses_of_the_desk(talk: Talk) -> None:
    """The signed address, the bare one and another service's in one mail: one message on one ticket."""
    talk.open(proven=True)
    decision = talk.come(
        "Again.\n",
        to=[talk.address("c", ANN), "support@example.com", "upgrade@example.com"],
        References="<m1@example.org>",
        proven=True,
    )
    assert decision.ticket is not None
    assert (decision.ticket.number, sorted(talk.facts.tickets), len(talk.facts.history[1])) == (1, [1], 2)


def test_people_of_a_merged_request(talk: Talk) -> None:
    """Bob's own request was merged into Ann's: Cy, in copy there, answers an old mail and is heard here; Eve is still nobody."""
    ours = Contract(
        reference="M1",
        customer="Berg",
        addresses=(),
        domains=("example.org",),
        hosting="online",
        edition="enterprise",
        status="active",
    )
    talk.facts = replace(talk.facts, contracts={"M1": ours})
    talk.open(Cc=BOB, proven=True)
    talk.open(by=BOB, Cc=CY, proven=True)
    talk.answer()
    old = next(each for each in talk.sent if each.kind == "answer" and each.recipient == CY)
    assert old.draft.reply_to is not None
    talk.write("#merge 1\n", by=EMMA, role="a")
    decision = talk.come("It works now.\n", by=CY, to=old.draft.reply_to.address, proven=True)
    assert (decision.ticket and decision.ticket.number, decision.events[0].kind) == (1, "CustomerWrote")
    decision = talk.come("Me, too.\n", by=EVE, to=old.draft.reply_to.address, proven=True)
    assert (decision.ticket and decision.ticket.number, decision.events[0].kind) == (1, "GuestWrote")
    talk.number = 1
    talk.steer(f"#cc -{CY}")
    decision = talk.come("And now?\n", by=CY, to=old.draft.reply_to.address, proven=True)
    assert decision.events[0].kind == "GuestWrote"


def test_a_bounce_of_a_merged_requests_mail(talk: Talk) -> None:
    """It comes to where the request went, and marks the one whom it is about."""
    talk.open(proven=True, Cc=BOB)
    talk.open(by=BOB, proven=True)
    talk.answer()
    talk.write("#merge 1\n", by=EMMA, role="a")
    decision = talk.bounce("answer", BOB)
    assert decision.ticket is not None
    assert (decision.ticket.number, decision.ticket.unreachable, decision.ticket.stage) == (1, (BOB,), "process")


def test_children_of_a_split_request(talk: Talk) -> None:
    """References lead to the request that the customer opened; the answer's own address to the new one."""
    talk.open(
        "Two problems:\n- The logo is missing on letters.\n- The kitchen printer is offline since noon.\n", Cc=BOB, proven=True
    )
    talk.write("#split\n", by=EMMA, role="a")
    talk.facts = replace(talk.facts, tickets={**talk.facts.tickets, 2: replace(talk.facts.tickets[2], team="functional")})
    assert to_mailbox(talk, BOB, References="<m1@example.org>") == 1
    talk.number = 2
    talk.answer()
    answer = next(each for each in talk.last if each.recipient == BOB)
    assert (
        to_mailbox(
            talk, BOB, In_Reply_To=f"<{answer.draft.message_id}>", References=f"<m1@example.org> <{answer.draft.message_id}>"
        )
        == 2
    )
