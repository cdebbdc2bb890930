"""The commands of upgrade tickets: what each changes, tells the customer and keeps as a paper, and each way in which it is wrong."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from maild.tickets.contracts.contract import Contract
from maild.upgrade.verbs import VERBS

if TYPE_CHECKING:
    from conftest import Talk

ANN, BOB, OMAR, EMMA = "ann@example.org", "bob@example.org", "omar@example.com", "emma@example.com"
REQUEST = "Version: 16.0\nTarget version: 18.0\nDatabase: berg\nHosting: platform\n"
CONTRACT = Contract(
    reference="SUB-2025-0001", customer="Berg", addresses=(ANN,), hosting="platform", edition="enterprise", status="active",
)  # fmt: skip
READY = "#test-ready https://test.example.org"
WAY = ("#customisations no", READY, "#tested", "#rehearsed", "#consent the upgrade on Friday")
RECEIPT = f"receipt to {OMAR}"


@pytest.fixture
def upgrade(talk: Talk) -> Talk:
    """A request of a customer with a contract, not declared yet."""
    talk.facts = replace(talk.facts, contracts={CONTRACT.reference: CONTRACT})
    talk.agent = OMAR
    talk.open(REQUEST, to="upgrade@example.com", proven=True, Cc=BOB)
    return talk


def test_the_whole_way(upgrade: Talk) -> None:
    """From the request to production, step by step; each mail goes to the requester alone."""
    told = []
    for command in WAY:
        upgrade.steer(command)
        told.append((upgrade.ticket.case, upgrade.told))
    question = upgrade.last[0]
    upgrade.write("yes\n", In_Reply_To=f"<{question.draft.message_id}>")
    for command in ("#schedule 2026-03-06", "#upgraded"):
        upgrade.steer(command)
        told.append((upgrade.ticket.case, upgrade.told))
    assert told == [
        ("declared", [RECEIPT]),
        ("testing", [f"question to {ANN}", RECEIPT]),
        ("tested", [RECEIPT]),
        ("rehearsed", [RECEIPT]),
        ("rehearsed", [f"consent to {ANN}", RECEIPT]),
        ("consented", [f"question to {ANN}", RECEIPT]),
        ("upgraded", [f"closing to {ANN}", RECEIPT]),
    ]
    assert upgrade.ticket.stage == "done"
    assert upgrade.ticket.papers == {
        "customisations": "no",
        "test database": "https://test.example.org",
        "test until": "",
        "consent asked": "the upgrade on Friday",
        "consent asked at": "2026-03-04T12:00:00Z",
        "consent asked by": "entry-6",
        "consent": "entry-7, level 2",
        "scheduled": "2026-03-06",
    }


def test_several_steps_in_one_mail(upgrade: Talk) -> None:
    """Each sees what the one before has done; one that is not allowed undoes all."""
    upgrade.steer("\n".join(WAY))
    assert upgrade.ticket.case == "rehearsed"
    before = upgrade.ticket
    upgrade.wrong("#test-failed x\n#tested", "the case stands at declared now, and this is for one at testing")
    assert upgrade.ticket == before


@pytest.mark.parametrize(
    "step", ["#test-ready https://x.example", "#tested", "#rehearsed", "#consent x", "#schedule 2026-05-01", "#upgraded"]
)
def test_no_way_around(upgrade: Talk, step: str) -> None:
    """What is only requested passes no gate but its own."""
    upgrade.wrong(step, "the case stands at requested now, and this is for one at ")


@pytest.mark.parametrize("case", ["requested", "declared", "testing", "tested", "rehearsed"])
def test_no_production_without_consent(upgrade: Talk, case: str) -> None:
    """Wherever it stands: neither a day nor the upgrade itself without the customer's consent."""
    upgrade.at(case)
    upgrade.wrong("#upgraded", "this is for one at consented")
    upgrade.wrong("#schedule 2026-05-01", "this is for one at consented")


# --- each command -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("no", False),
        ("none at all", False),
        ("yes", True),
        ("crm_extra, sale_extra", True),
        ("two modules", True),
        ("Standard", False),
    ],
)
def test_customisations(upgrade: Talk, said: str, value: bool) -> None:
    """Yes, no, or a list of what there is; kept as it was said."""
    upgrade.steer(f"#customisations {said}")
    assert (upgrade.ticket.case, upgrade.ticket.fields["customised"].value) == ("declared", value)
    assert upgrade.ticket.papers["customisations"] == said
    assert upgrade.ticket.missing == ()


def test_customisations_wrong(upgrade: Talk) -> None:
    """It must say something, and not once the customer has consented."""
    upgrade.wrong("#customisations", "it does not say whether there are any")
    upgrade.at("consented")
    upgrade.wrong("#customisations no", "the case stands at consented")


@pytest.mark.parametrize(
    ("argument", "until"),
    [
        ("https://t.example.org", ""),
        ("http://t.example.org until 2026-04-01", "2026-04-01"),
        ("https://t.example.org 2026-03-04", "2026-03-04"),
    ],
)
def test_test_ready(upgrade: Talk, argument: str, until: str) -> None:
    """The customer gets its address, its last day, and a block to report with."""
    upgrade.steer("#customisations no", f"#test-ready {argument}")
    told = upgrade.last[0].draft.text
    assert argument.split(maxsplit=1)[0] in told
    assert "Test finished:" in told
    assert "Issues found:" in told
    assert (until in told, upgrade.ticket.papers["test until"]) == (True, until)
    assert upgrade.ticket.case == "testing"


@pytest.mark.parametrize(
    ("argument", "why"),
    [
        ("", "it does not say where the test database is"),
        ("test.example.org", "it does not say where the test database is"),
        ("javascript:alert(1)", "it does not say where the test database is"),
        ("https://t.example.org until tomorrow", "'tomorrow' is no date like 2026-11-30"),
        ("https://t.example.org until 2026-03-03", "2026-03-03 is past"),
        ("https://t.example.org until 2026-02-30", "'2026-02-30' is no date"),
    ],
)
def test_test_ready_wrong(upgrade: Talk, argument: str, why: str) -> None:
    """An address that opens in a browser, and a day that is to come."""
    upgrade.steer("#customisations no")
    upgrade.wrong(f"#test-ready {argument}", why)


def test_no_test_for_what_cannot_be_had(upgrade: Talk) -> None:
    """Obstacles are told all at once; once they are out of the way it goes on."""
    upgrade.steer("#customisations no", "#field target version=15.0")
    upgrade.facts = replace(upgrade.facts, contracts={CONTRACT.reference: replace(CONTRACT, status="overdue")})
    upgrade.wrong(READY, "the contract SUB-2025-0001 is overdue; 15.0 is not newer than 16.0")
    upgrade.facts = replace(upgrade.facts, contracts={CONTRACT.reference: CONTRACT})
    upgrade.steer("#field target version=18.0", READY)
    assert upgrade.ticket.case == "testing"


@pytest.mark.parametrize("case", ["testing", "tested", "rehearsed"])
def test_test_failed(upgrade: Talk, case: str) -> None:
    """The customer is told why, and that another test follows."""
    upgrade.at(case)
    upgrade.steer("#test-failed the menu is gone")
    assert (upgrade.ticket.case, upgrade.told) == ("declared", [f"question to {ANN}", RECEIPT])
    assert "the menu is gone" in upgrade.last[0].draft.text
    upgrade.at(case)
    upgrade.wrong("#test-failed", "it does not say why")


@pytest.mark.parametrize("case", ["tested", "rehearsed"])
def test_consent(upgrade: Talk, case: str) -> None:
    """The customer is asked with the very words of the agent."""
    upgrade.at(case)
    upgrade.steer("#consent the upgrade on Friday, from 18:00")
    assert (upgrade.ticket.case, upgrade.ticket.papers["consent asked"]) == (case, "the upgrade on Friday, from 18:00")
    assert "the upgrade on Friday, from 18:00" in upgrade.last[0].draft.text
    assert upgrade.last[0].watched
    upgrade.wrong("#consent", "it does not say what to consent to")


@pytest.mark.parametrize(
    ("day", "why"),
    [
        ("", "'' is no date"),
        ("Friday", "'Friday' is no date like 2026-11-30"),
        ("2026-03-03", "2026-03-03 is past"),
        ("06.03.2026", "is no date"),
    ],
)
def test_schedule_wrong(upgrade: Talk, day: str, why: str) -> None:
    """A day as dates are written here, and one to come."""
    upgrade.at("consented")
    upgrade.wrong(f"#schedule {day}", why)


def test_schedule(upgrade: Talk) -> None:
    """The customer is told the day; it may be moved."""
    upgrade.at("consented")
    upgrade.steer("#schedule 2026-03-06", "#schedule 2026-03-07")
    assert (upgrade.ticket.case, upgrade.ticket.papers["scheduled"]) == ("consented", "2026-03-07")
    assert "2026-03-07" in upgrade.last[0].draft.text


@pytest.mark.parametrize("text", ["", "\n\nDear Ann, all went well.\n"])
def test_upgraded(upgrade: Talk, text: str) -> None:
    """Production is upgraded, and the request closed; words below go out beside the closing, which tells what comes now."""
    upgrade.at("consented")
    upgrade.steer(f"#upgraded{text}")
    assert (upgrade.ticket.case, upgrade.ticket.stage) == ("upgraded", "done")
    answers = [f"answer to {ANN}", f"answer to {BOB}"] if text else []
    assert upgrade.told == [f"closing to {ANN}", *answers, RECEIPT]


@pytest.mark.parametrize("case", ["requested", "declared", "testing", "tested", "rehearsed", "consented"])
@pytest.mark.parametrize("text", ["", "\n\nDear Ann, I am sorry.\n"])
def test_refuse(upgrade: Talk, case: str, text: str) -> None:
    """From anywhere but the end; the customer is told why, and it is done."""
    upgrade.at(case)
    upgrade.steer(f"#refuse 15.0 is too old{text}")
    assert (upgrade.ticket.case, upgrade.ticket.stage) == ("refused", "done")
    assert upgrade.told[0] == f"refusal to {ANN}"
    assert "15.0 is too old" in upgrade.last[0].draft.text


def test_refuse_wrong(upgrade: Talk) -> None:
    """It must say why, and what is done is done."""
    upgrade.wrong("#refuse", "it does not say why")
    upgrade.at("upgraded")
    upgrade.wrong("#refuse x", "the case stands at upgraded")


# --- whose they are ---------------------------------------------------------------------------------------------


def test_every_verb_is_of_the_service() -> None:
    """None of them is a word for other tickets."""
    assert list(VERBS) == [
        "customisations",
        "test-ready",
        "test-failed",
        "tested",
        "rehearsed",
        "consent",
        "schedule",
        "upgraded",
        "refuse",
    ]
    assert all(
        verb.service == "upgrade" and not verb.takes_block and verb.usage.startswith(f"#{name}") for name, verb in VERBS.items()
    )


@pytest.mark.parametrize("verb", VERBS)
def test_not_for_other_teams_or_tickets(talk: Talk, verb: str) -> None:
    """Other agents may not, and support tickets know none of them."""
    talk.agent = OMAR
    talk.open(REQUEST, to="upgrade@example.com", proven=True)
    talk.write(f"#{verb} x\n", by=EMMA, role="a")
    assert "only the upgrade team may do that" in talk.last[0].draft.text
    talk.open(proven=True)
    talk.write(f"#{verb} x\n", by=EMMA, role="a")
    assert "this is no ticket of the upgrade service" in talk.last[0].draft.text


def test_questions_after_the_upgrade(upgrade: Talk) -> None:
    """A reply within the grace comes back to the upgrade team; a later one opens a new request."""
    upgrade.steer("#customisations no")
    upgrade.at("consented")
    upgrade.steer("#upgraded")
    upgrade.write("The menu is gone.\n")
    assert (upgrade.ticket.case, upgrade.ticket.stage) == ("upgraded", "process")
    upgrade.steer("#close")
    upgrade.clock.forward(timedelta(days=20))
    upgrade.write("The menu is gone again.\n")
    assert sorted(upgrade.facts.tickets) == [1, 2]
