"""An agent forwards a customer's mail to the desk: it is the customer's request, and the agent's own words stay inside."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from maild.tickets.contracts.contract import Contract

if TYPE_CHECKING:
    from conftest import Talk

EMMA, CY = "emma@example.com", "cy@berg.example"
OWN = Contract(
    reference="OWN", customer="Desk", domains=("example.com",), databases=("desk-internal",), versions=("18.0",), hosting="on-premise",
    edition="enterprise", status="active",
)  # fmt: skip


def forward(
    note: str, author: str = f"Cy Berg <{CY}>", text: str = "Das Drucken der Rechnung schlägt fehl, und wir wissen nicht, warum."
) -> str:
    """As Gmail writes it."""
    return f"{note}\n\n---------- Forwarded message ---------\nFrom: {author}\nDate: Wed, 4 Mar 2026 at 11:02\nSubject: Druck\nTo: Emma\n\n{text}\n"


def passed_on(talk: Talk, note: str = "Please look.", author: str = f"Cy Berg <{CY}>", **how: object) -> Talk:
    """Emma's domain is proven."""
    talk.open(forward(note, author), by=f"Emma <{EMMA}>", proven=how.pop("proven", True), Subject="Fwd: Druck", **how)  # type: ignore[arg-type]
    return talk


def test_it_is_the_customers(talk: Talk) -> None:
    """Requester, subject and acknowledgement; the agent, too, gets an address to answer by."""
    passed_on(talk)
    assert (talk.ticket.requester.address, talk.ticket.requester.name, talk.ticket.subject) == (CY, "Cy Berg", "Druck")
    assert f"acknowledgement to {CY}" in talk.told
    team = talk.desk.policy.teams.members(talk.ticket.team)
    assert EMMA in team
    assert {each.recipient for each in talk.last if each.kind == "notification"} == set(team)


@pytest.mark.parametrize(
    "note",
    ["Thank you!", "Version: 15.0\nDatabase: secret-internal", "Voici encore une cliente qui attend une réponse de notre part."],
)
def test_the_words_above_steer_nothing(talk: Talk, note: str) -> None:
    """Neither scope, nor fields, nor the language of what the customer gets."""
    passed_on(talk, note)
    assert talk.ticket.language == "de"
    assert talk.ticket.scope != "thanks-only"
    assert not {"version", "database"} & set(talk.ticket.fields)
    (sent,) = [each for each in talk.last if each.recipient == CY]
    assert not any(line in sent.draft.text for line in note.splitlines())


def test_nothing_of_the_agents_reaches_the_customer(talk: Talk) -> None:
    """Neither the desk's own contract, nor whom the agent wrote to besides, nor what the agent answered."""
    talk.facts = replace(talk.facts, contracts={"OWN": OWN})
    passed_on(talk, Cc="Boss <boss@partner.example>", References="<secret@internal.example.com>")
    assert (talk.ticket.participants, talk.ticket.pending, talk.ticket.thread) == ((), (), ())
    assert not any(each.source == "registry" for each in talk.ticket.fields.values())
    (sent,) = [each for each in talk.last if each.recipient == CY]
    assert "internal.example.com" not in str(sent.draft)
    assert sent.draft.in_reply_to is None


@pytest.mark.parametrize(
    "author",
    [
        "Cy",
        "x@y",
        "cy@berg..example",
        "noreply@berg.example",
        "mailer-daemon@berg.example",
        "raj@example.com",
        "support@example.com",
        "a@b@c.example",
    ],
)
def test_whose_request_it_cannot_be(talk: Talk, author: str) -> None:
    """Who cannot be written to, machines, and the desk itself: then it is the agent's own."""
    passed_on(talk, author=author)
    assert talk.ticket.requester.address == EMMA


def test_a_forged_agent_passes_nothing_on(talk: Talk) -> None:
    """Otherwise anybody could have the desk write to anybody."""
    passed_on(talk, proven=False)
    assert talk.ticket.requester.address == EMMA
    assert not any(each.recipient == CY for each in talk.last)


def test_a_customer_who_forwards_asks_himself(talk: Talk) -> None:
    """Only agents speak for others."""
    talk.open(forward("See below."), by="ann@example.org", proven=True, Subject="Fwd: Druck")
    assert talk.ticket.requester.address == "ann@example.org"
