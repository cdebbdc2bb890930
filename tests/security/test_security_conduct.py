"""How the security service goes about its cases: reports, the broadcast to those concerned, and the day on which all is public."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from maild.security.cases import UNDER_WAY
from maild.tickets.contracts.contract import Contract

if TYPE_CHECKING:
    from conftest import Talk

ANN, BOB, EVE, NINA, MIRA = "ann@example.org", "bob@example.org", "eve@example.net", "nina@example.com", "mira@example.com"
TEAM = [f"notification to {NINA}", f"notification to {MIRA}"]
DAY = timedelta(days=1)
DRAFT = "#advisory\nTitle: Records can be read\nSeverity: high\nAffected: 17.0\nImpact: Any user reads\nRemedy: update\n"
ACME = Contract(
    reference="M1",
    customer="Acme",
    addresses=("it@acme.example",),
    versions=("17.0",),
    hosting="platform",
    edition="enterprise",
    status="active",
)
BERG = replace(ACME, reference="M2", addresses=("it@berg.example", "it@acme.example"))
HOSTED = replace(ACME, reference="M3", addresses=("hosted@x.example",), hosting="online")


@pytest.fixture
def case(new_talk: Any) -> Talk:
    """A report, with three contracts in the registry and two addresses for announcements."""
    talk: Talk = new_talk(announce=("announce@lists.example", "news@lists.example"))
    talk.facts = replace(talk.facts, contracts={each.reference: each for each in (ACME, BERG, HOSTED)})
    talk.agent = NINA
    talk.open("The SECRET is x.\n", to="security@example.com", proven=True, Subject="SECRET subject", by=f"Ann Berg <{ANN}>")
    return talk


def broadcast(talk: Talk) -> None:
    """All the way to the broadcast."""
    talk.steer("#take", "#confirm", "#corrected", DRAFT, "#review")
    talk.steer("#approve", by=MIRA)
    talk.steer("#broadcast")


# --- reports ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fields", [{"proven": True}, {}, {"by": "anonymous@example.net"}])
def test_report(new_talk: Any, fields: dict[str, Any]) -> None:
    """Anybody may report; the case is sealed, nothing is asked, and the whole team is told without a word of it."""
    talk = new_talk()
    ticket = talk.open("The SECRET is x.\n", to="security@example.com", Subject="SECRET", **fields)
    assert (ticket.case, ticket.stage, ticket.team, ticket.sealed, ticket.missing) == (
        "received",
        "process",
        "security",
        True,
        (),
    )
    assert talk.told[1:] == TEAM
    assert talk.told[0].startswith("acknowledgement to ")
    for mail in talk.last:
        assert "SECRET" not in f"{mail.draft.subject} {mail.draft.text} {mail.draft.html} {mail.draft.from_}"


def test_the_reporter_writes_again(case: Talk) -> None:
    """The team is told, and the case stays where it is; his name and his words stay in the house."""
    case.steer("#take", "#confirm")
    case.write("One more SECRET.\n", by=f"Ann Berg <{ANN}>")
    assert (case.ticket.case, case.told) == ("confirmed", [f"notification to {NINA}"])
    [mail] = case.last
    told = f"{mail.draft.subject} {mail.draft.text} {mail.draft.html} {mail.draft.from_}"
    assert "SECRET" not in told
    assert "Ann" not in told
    assert ANN not in told


@pytest.mark.parametrize("state", [*UNDER_WAY, "rejected", "public"])
def test_what_ends_it(case: Talk, state: str) -> None:
    """Neither the reporter's silence nor his thanks ends a case under way; one that is rejected or public ends like any request."""
    case.at(state)
    case.steer("We look into it.")
    case.settle("answer")
    endures = state not in ("rejected", "public")
    assert (case.ticket.due == ()) is endures
    case.write("Thank you!\n")
    assert (case.ticket.stage != "done") is endures


def test_a_report_at_support(new_talk: Any) -> None:
    """What looks like a vulnerability and came to support@ is a support ticket of the security team: it is not sealed, and no case."""
    talk = new_talk()
    ticket = talk.open("I can read other people's invoices, see the proof of concept.\n", Subject="Vulnerability in the portal")
    assert (ticket.service, ticket.team, ticket.case) == ("support", "security", None)


# --- the broadcast ----------------------------------------------------------------------------------------------


def test_broadcast(case: Talk) -> None:
    """Each contact of those who are concerned gets the advisory once, in a mail that says nothing of the case; the team is told how many."""
    broadcast(case)
    decision = case.fire("broadcast")
    assert case.told == ["advisory to it@acme.example", "advisory to it@berg.example", f"notification to {NINA}"]
    assert (case.ticket.papers["id"], decision.numbered, decision.publications) == ("EXAMPLE-SA-2026-0001", 1, ())
    assert "EXAMPLE-SA-2026-0001 was broadcast to 2 contacts" in case.last[-1].draft.text
    event = next(each for each in decision.events if each.kind == "AdvisoryBroadcast")
    assert dict(event.data) == {"contacts": 2}
    for mail in case.last[:2]:
        draft = mail.draft
        assert [each.address for each in (*draft.to, *draft.cc)] == [mail.recipient]
        assert draft.subject == "[confidential] EXAMPLE-SA-2026-0001: Records can be read"
        assert "Confidential until it is public" in draft.text
        assert "becomes public on 2026-03-18" in draft.text.replace("\n", " ")
        assert "SECRET" not in draft.text
        assert ANN not in draft.text
        assert draft.in_reply_to is None
        assert not draft.references
        assert "X-Maild-Ticket" not in dict(draft.more)


def test_those_who_are_concerned_then(case: Talk) -> None:
    """The registry of that moment counts."""
    broadcast(case)
    case.facts = replace(case.facts, contracts={"M4": replace(ACME, reference="M4", addresses=("new@y.example",))})
    case.fire("broadcast")
    assert case.told[0] == "advisory to new@y.example"


def test_nobody_is_concerned(case: Talk) -> None:
    """Then nobody is written to, and it still becomes public."""
    broadcast(case)
    case.facts = replace(case.facts, contracts={"M3": HOSTED})
    case.fire("broadcast")
    assert case.told == [f"notification to {NINA}"]
    case.fire("embargo")
    assert case.ticket.case == "public"


def test_numbers(case: Talk) -> None:
    """Each advisory has the next number, of its own year, wherever in a batch it is given out."""
    broadcast(case)
    case.facts = replace(case.facts, next_advisory=41)
    case.fire("broadcast")
    assert case.ticket.papers["id"] == "EXAMPLE-SA-2026-0041"
    assert case.facts.next_advisory == 42
    case.clock.forward(365 * DAY)
    case.open("Another.\n", to="security@example.com", proven=True)
    broadcast(case)
    case.fire("broadcast")
    assert case.ticket.papers["id"] == "EXAMPLE-SA-2027-0042"


# --- the day ----------------------------------------------------------------------------------------------------


def test_public(case: Talk) -> None:
    """The text as a file, at the addresses for announcements, to the reporter and the team; and the case is done."""
    broadcast(case)
    case.fire("broadcast")
    decision = case.fire("embargo")
    assert case.told == [
        "announcement to announce@lists.example",
        "announcement to news@lists.example",
        f"closing to {ANN}",
        f"notification to {NINA}",
    ]
    [publication] = decision.publications
    assert publication.name == "EXAMPLE-SA-2026-0001.txt"
    assert publication.text.startswith("EXAMPLE-SA-2026-0001: Records can be read\n=")
    assert "Public since 2026-03-18" in publication.text
    for mail in case.last[:2]:
        assert mail.draft.subject == "EXAMPLE-SA-2026-0001: Records can be read"
        assert publication.text.strip() in mail.draft.text
        assert "SECRET" not in mail.draft.text
    assert (case.ticket.case, case.ticket.stage, case.ticket.due, case.ticket.closed_at) == (
        "public",
        "done",
        (),
        case.clock.now(),
    )
    assert [each.reason for each in decision.events if each.kind == "TimeCame"] == ["embargo"]
    assert [dict(each.data) for each in decision.events if each.kind == "AdvisoryPublished"] == [{"id": "EXAMPLE-SA-2026-0001"}]


def test_public_early(case: Talk) -> None:
    """After an early release the day on the document is that day."""
    broadcast(case)
    case.fire("broadcast")
    case.clock.forward(3 * DAY)
    case.steer("#release others told it")
    case.steer("#approve", by=MIRA)
    [publication] = case.fire("embargo").publications
    assert "Public since 2026-03-07" in publication.text


@pytest.mark.parametrize("command", ["#close", "#spam", "#field version=17.0", "#assign mira", "#note\nhm"])
def test_what_agents_do_meanwhile_stops_nothing(case: Talk, command: str) -> None:
    """What was promised to subscribers happens, whatever becomes of the ticket."""
    broadcast(case)
    case.fire("broadcast")
    case.steer(command)
    assert case.fire("embargo").publications
    assert (case.ticket.case, case.ticket.stage) == ("public", "done")


def test_replies_to_an_advisory(case: Talk) -> None:
    """A subscriber's reply goes to the bare mailbox: it is a report of its own, and never of the case."""
    broadcast(case)
    case.fire("broadcast")
    reply_to = case.last[0].draft.reply_to
    assert reply_to is not None
    assert reply_to.address == "security@example.com"
    case.come(
        "Does it concern us?\n", by="it@acme.example", In_Reply_To=f"<{case.last[0].draft.message_id}>", to=reply_to.address
    )
    assert sorted(case.facts.tickets) == [1, 2]


def test_undelivered_advisory(case: Talk) -> None:
    """The fate of a broadcast is none of the reporter's: the case does not move."""
    broadcast(case)
    case.fire("broadcast")
    before = case.ticket
    case.bounce("advisory", "it@acme.example")
    assert case.ticket == before
