"""The states of a disclosure and its commands: every step in every case, the second person's word, and the embargo."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import TYPE_CHECKING, Any, get_args

import pytest

from maild.mail.message import Mailbox
from maild.security.cases import CASES, Step, moved
from maild.security.verbs import VERBS
from maild.tickets.outcome import Wrong
from maild.tickets.ticket import Ticket

if TYPE_CHECKING:
    from conftest import Talk

ANN, NINA, MIRA, EMMA = "ann@example.org", "nina@example.com", "mira@example.com", "emma@example.com"
NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)
BLOCK = "Title: SECRET title\nSeverity: high\nAffected: 17.0\nImpact: SECRET impact\nRemedy: update\n"
DRAFT = f"#advisory\n{BLOCK}"
ALL_CASES = (
    "received",
    "acknowledged",
    "analysis",
    "confirmed",
    "rejected",
    "correction",
    "review",
    "advisory",
    "broadcast",
    "public",
)
STEPS: tuple[Step, ...] = get_args(Step)
ALLOWED: dict[tuple[str, str], str] = {
    ("acknowledge", "received"): "acknowledged",
    ("acknowledge", "rejected"): "acknowledged",
    ("take", "received"): "analysis",
    ("take", "acknowledged"): "analysis",
    **{("confirm", case): "confirmed" for case in ("received", "acknowledged", "analysis")},
    **{("reject", case): "rejected" for case in ("received", "acknowledged", "analysis")},
    ("corrected", "confirmed"): "correction",
    ("advisory", "confirmed"): "confirmed",
    **{("advisory", case): "correction" for case in ("correction", "review", "advisory")},
    ("review", "correction"): "review",
    ("review", "review"): "review",
    ("approve", "review"): "advisory",
    **{("embargo", case): case for case in ALL_CASES if case not in ("rejected", "public")},
    ("broadcast", "advisory"): "broadcast",
    ("release", "broadcast"): "broadcast",
    ("approve release", "broadcast"): "broadcast",
    ("publish", "broadcast"): "public",
}
TICKET = Ticket(
    number=17, service="security", stage="process", team="security", requester=Mailbox(name="Ann", address=ANN), mailbox="security@example.com",
    subject="x", arrived_at=NOON, created_at=NOON, fields={}, sealed=True,
)  # fmt: skip


@pytest.fixture
def case(talk: Talk) -> Talk:
    """A report of a vulnerability."""
    talk.agent = NINA
    talk.open("The SECRET is x.\n", to="security@example.com", proven=True)
    return talk


# --- the table --------------------------------------------------------------------------------------------------


def test_the_table_is_this_one() -> None:
    """Its rows are those that are tested here, and no others."""
    assert {(name, before): after for name, row in CASES.items() for before, after in row.items()} == ALLOWED
    assert set(CASES) == set(STEPS)


@pytest.mark.parametrize(("name", "before"), list(product(STEPS, ALL_CASES)))
def test_each_pair(name: Step, before: str) -> None:
    """Each step in each state is allowed and leads where the table says, or is refused by its own name."""
    ticket = replace(TICKET, case=before)
    if (name, before) in ALLOWED:
        assert moved(ticket, name).case == ALLOWED[name, before]
    else:
        with pytest.raises(Wrong, match=f"the case stands at {before} now, and this is for one at "):
            moved(ticket, name)


COMMANDS = {
    "acknowledge": "#acknowledge", "confirm": "#confirm", "reject": "#reject it is none", "corrected": "#corrected", "advisory": DRAFT, "review": "#review",
    "approve": "#approve", "embargo": "#embargo 2027-01-01", "broadcast": "#broadcast", "release": "#release it is in the news",
}  # fmt: skip


@pytest.mark.parametrize(("name", "before"), list(product(COMMANDS, ALL_CASES)))
def test_each_command_in_each_state(case: Talk, name: Any, before: str) -> None:
    """The commands obey the table: what is not allowed comes back, and nothing is sent."""
    case.at(before, advisory=BLOCK, advisory_by=MIRA)
    case.facts = replace(case.facts, tickets={1: replace(case.ticket, assignee=NINA)})
    if (name, before) in ALLOWED:
        case.steer(COMMANDS[name])
        assert case.ticket.case == ALLOWED[name, before]
    else:
        case.wrong(COMMANDS[name], f"the case stands at {before} now, and this is for one at ")


def test_no_publication_without_every_step() -> None:
    """Every way from a report to the public has a confirmation, a correction, the reporter's review, an approval and a broadcast."""
    ways: list[list[str]] = [["received"]]
    done: list[list[str]] = []
    while ways:
        way = ways.pop()
        if way[-1] == "public":
            done.append(way)
            continue
        ways += [
            [*way, after] for row in CASES.values() for before, after in row.items() if before == way[-1] and after not in way
        ]
    assert done
    for way in done:
        places = [
            way.index(each) for each in ("received", "confirmed", "correction", "review", "advisory", "broadcast", "public")
        ]
        assert places == sorted(places)


def test_every_verb_is_of_the_service() -> None:
    """None of them is a word for other tickets; one takes a block, one needs a level of its own."""
    assert all(verb.service == "security" and verb.usage.startswith(f"#{name}") for name, verb in VERBS.items())
    assert [name for name, verb in VERBS.items() if verb.takes_block] == ["advisory"]
    assert [name for name, verb in VERBS.items() if verb.action != "command"] == ["approve"]


@pytest.mark.parametrize("verb", VERBS)
def test_not_for_other_teams(case: Talk, verb: str) -> None:
    """The case is the security team's alone, which has the note."""
    before = case.ticket
    case.write(f"#{verb} 2030-01-01\n", by=EMMA, role="a")
    assert [each.kind for each in case.last if each.recipient == EMMA] == ["error"]
    assert "only the security team may do that" in case.last[-1].draft.text
    assert ({each.kind for each in case.last[:-1]}, case.ticket) == ({"note"}, before)


# --- the reporter -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "command", "kind"),
    [("received", "#acknowledge", "question"), ("analysis", "#confirm", "question"), ("confirmed", "#corrected", "question")],
)
def test_the_reporter_is_told(case: Talk, before: str, command: str, kind: str) -> None:
    """Each step in a mail that says no more than the state."""
    case.at(before)
    case.steer(command)
    assert case.told[0] == f"{kind} to {ANN}"
    assert "SECRET" not in case.last[0].draft.text + case.last[0].draft.subject


def test_reject(case: Talk) -> None:
    """The reporter is told why, and it is done; words below go out, too."""
    case.wrong("#reject", "it does not say why")
    case.steer("#reject it is meant to be so\n\nThank you all the same.")
    assert (case.ticket.case, case.ticket.stage) == ("rejected", "done")
    assert case.told == [f"refusal to {ANN}", f"answer to {ANN}", f"receipt to {NINA}"]
    assert "it is meant to be so" in case.last[0].draft.text


@pytest.mark.parametrize("text", ["#take", "#assign mira", "Thank you, we look into it."])
@pytest.mark.parametrize(
    ("before", "after"),
    [("received", "analysis"), ("acknowledged", "analysis"), ("confirmed", "confirmed"), ("rejected", "rejected")],
)
def test_whoever_takes_it_begins(case: Talk, before: str, after: str, text: str) -> None:
    """The first who has a report begins its analysis, whether he takes it, is given it, or answers."""
    case.at(before)
    case.steer(text)
    assert case.ticket.case == after
    assert case.ticket.assignee == (MIRA if "mira" in text else NINA)


def test_another_assignee_begins_nothing(case: Talk) -> None:
    """Who takes over goes on where it is."""
    case.steer("#assign mira")
    case.at("acknowledged")
    case.steer("#take")
    assert case.ticket.case == "acknowledged"


# --- the draft, and the second person ---------------------------------------------------------------------------


def test_draft(case: Talk) -> None:
    """It is kept with its author, and sent to nobody."""
    case.at("correction")
    case.steer(DRAFT)
    assert (case.ticket.papers["advisory"], case.ticket.papers["advisory by"]) == (BLOCK.strip(), NINA)
    assert case.told == [f"receipt to {NINA}"]
    assert "SECRET" not in case.last[0].draft.text


def test_broken_draft(case: Talk) -> None:
    """What is wrong is told without quoting the block."""
    case.at("correction")
    case.wrong("#advisory\nTitle: SECRET\n", "the block lacks Severity, Affected, Impact, Remedy")
    assert "SECRET" not in case.last[0].draft.text


def test_review(case: Talk) -> None:
    """The reporter, and nobody else, gets the draft, and may get it again; the other members are told that it waits for one of them."""
    case.at("correction")
    case.wrong("#review", "there is no advisory yet")
    case.steer(DRAFT, "#review", "#review")
    assert case.told == [f"question to {ANN}", f"notification to {MIRA}", f"receipt to {NINA}"]
    assert "SECRET impact" in case.last[0].draft.text
    assert "SECRET" not in case.last[0].draft.subject


def test_the_second_person(case: Talk) -> None:
    """Who wrote the draft cannot approve it, in whatever letters; another member can."""
    case.at("correction")
    case.steer(DRAFT, "#review")
    case.wrong("#approve", "whoever wrote the advisory cannot approve it")
    case.write("#approve\n", by="NINA@Example.com", role="a")
    assert case.ticket.case == "review"
    case.steer("#approve", by=MIRA)
    assert (case.ticket.case, case.ticket.papers["approved by"]) == ("advisory", MIRA)


def test_a_new_draft_voids_the_approval(case: Talk) -> None:
    """Who changes the text must have it reviewed and approved again; the one who approved before may not approve his own."""
    case.at("correction")
    case.steer(DRAFT, "#review")
    case.steer("#approve", by=MIRA)
    case.steer(DRAFT.replace("high", "low"), by=MIRA)
    assert (case.ticket.case, case.ticket.papers.get("approved by"), case.ticket.papers["advisory by"]) == (
        "correction",
        None,
        MIRA,
    )
    case.wrong("#broadcast", "the case stands at correction")
    case.steer("#review")
    case.wrong("#approve", "whoever wrote the advisory cannot approve it", by=MIRA)
    case.steer("#approve")
    assert case.ticket.case == "advisory"


@pytest.mark.parametrize("command", ["#approve", "#review"])
def test_nothing_to_approve(case: Talk, command: str) -> None:
    """Without a draft there is nothing to review or approve."""
    case.at("review")
    case.wrong(command, "there is no advisory yet: #advisory, and the block below it")


def test_approval_needs_proof(case: Talk) -> None:
    """A second person's word that nobody vouches for is none."""
    case.at("correction")
    case.steer(DRAFT, "#review")
    before = case.ticket
    case.write("#approve\n", by=MIRA, role="a", proven=False)
    case.come("#approve\n", by=MIRA, to=case.address("a", NINA), proven=True)
    assert case.ticket == before


def test_approval_at_another_level(new_talk: Any) -> None:
    """The operator says how sure the second person must be: here, by a confirmation, which says nothing of the case."""
    talk = new_talk()
    talk = new_talk(required=replace(talk.desk.terms.required, levels={**talk.desk.terms.required.levels, "approve": 3}))
    talk.agent = NINA
    talk.open(to="security@example.com", proven=True)
    talk.at("correction")
    talk.steer(DRAFT, "#review")
    before = talk.ticket
    talk.write("#take\n#approve\n", by=MIRA, role="a")
    assert (talk.told, replace(talk.ticket, unconfirmed=())) == ([f"confirmation to {MIRA}"], before)
    draft = talk.last[0].draft
    assert "approve" not in f"{draft.text}{draft.html}"
    talk.come("Yes\n", by=MIRA, to=draft.reply_to.address, proven=True)
    assert (talk.ticket.papers["approved by"], talk.ticket.assignee) == (MIRA, MIRA)
