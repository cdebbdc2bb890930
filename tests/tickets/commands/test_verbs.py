"""The commands that all tickets know: what each changes, sends and tells, and each way in which it is wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from maild.problem.found import Field
from maild.tickets.commands.verbs import HISTORY_TEXT, VERBS
from maild.tickets.contracts.contract import Contract

if TYPE_CHECKING:
    from conftest import Talk

ANN, BOB = "ann@example.org", "bob@example.org"
EMMA, RAJ, LEA = "emma@example.com", "raj@example.com", "lea@example.com"
M1 = Contract(
    reference="SUB-2025-0042", customer="Berg", addresses=(ANN,), databases=("berg",), versions=("18.0",), hosting="online",
    edition="enterprise", status="active",
)  # fmt: skip
M2 = replace(M1, reference="SUB-2025-0043", databases=("two", "three"), versions=("16.0",), hosting="on-premise")


@pytest.fixture
def about(talk: Talk) -> Callable[..., Talk]:
    """A ticket of Ann's with the functional team, and two contracts in the registry."""

    def build(**changed: Any) -> Talk:
        ticket = replace(talk.open(Cc=BOB, proven=True), **changed)
        talk.facts = replace(talk.facts, tickets={1: ticket}, contracts={each.reference: each for each in (M1, M2)})
        return talk

    return build


def wrong(talk: Talk, command: str, why: str) -> None:
    """The command comes back with this reason and its usage, and nothing has changed."""
    talk.wrong(command, why)
    assert f"it is written {VERBS[command.split(maxsplit=1)[0][1:]].usage}" in talk.last[0].draft.text


def test_every_verb_is_tested() -> None:
    """These are the commands that there are."""
    assert list(VERBS) == [
        "take", "assign", "team", "close", "reopen", "note", "field", "version", "contract", "database", "cc", "split", "merge", "link", "spam",
        "history", "help",
    ]  # fmt: skip
    assert all(verb.usage.startswith(f"#{name}") for name, verb in VERBS.items())
    assert all(not verb.service and not verb.takes_block and verb.action == "command" for verb in VERBS.values())


# --- who has it -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("before", [None, EMMA, RAJ])
def test_take(about: Callable[..., Talk], before: str | None) -> None:
    """The agent has it, whoever had it before; nobody but him is told."""
    talk = about(assignee=before)
    talk.answer("#take\n", by="Emma@Example.COM")
    assert (talk.ticket.assignee, talk.told) == (EMMA, ["receipt to Emma@Example.COM".lower()])
    assert "assigned to Emma Laurent" in talk.last[0].draft.text


@pytest.mark.parametrize(
    ("who", "assignee", "told"),
    [
        ("raj", RAJ, [f"notification to {RAJ}"]),
        ("RAJ PATEL", RAJ, [f"notification to {RAJ}"]),
        ("patel", RAJ, [f"notification to {RAJ}"]),
        ("Raj@Example.com", RAJ, [f"notification to {RAJ}"]),
        (f"<{RAJ}>", RAJ, [f"notification to {RAJ}"]),
        ("emma", EMMA, []),
        ("nobody", None, []),
        ("None", None, []),
    ],
)
def test_assign(about: Callable[..., Talk], who: str, assignee: str | None, told: list[str]) -> None:
    """By address or by a part of the name; whoever gets it is told why, unless he said it himself."""
    talk = about(assignee=LEA)
    talk.answer(f"#assign {who}\n")
    assert talk.ticket.assignee == assignee
    assert talk.told == [*told, f"receipt to {EMMA}"]
    if told:
        assert "assigned this request to you" in talk.last[0].draft.text


@pytest.mark.parametrize(
    ("command", "why"),
    [("#assign", "does not say to whom"), ("#assign zebulon", "'zebulon' is no agent"), ("#assign raj lea", "'raj lea' is no agent"),
     ("#assign kim@example.com", "is no agent")],
)  # fmt: skip
def test_assign_wrong(about: Callable[..., Talk], command: str, why: str) -> None:
    """A name that fits nobody; the receipt lists who there is."""
    talk = about()
    wrong(talk, command, why)
    assert RAJ in talk.last[0].draft.text or why == "does not say to whom"


def test_assign_to_one_of_several(new_talk: Callable[..., Talk]) -> None:
    """A name that fits several agents is a mistake; their addresses are told."""
    talk = new_talk()
    agents = {**talk.desk.terms.teams.agents, "raj2@example.com": replace(talk.desk.terms.teams.agents[RAJ], name="Raj Singh")}
    talk = new_talk(teams=replace(talk.desk.terms.teams, agents=agents))
    talk.open()
    wrong(talk, "#assign raj", f"'raj' is several agents: {RAJ}, raj2@example.com")


@pytest.mark.parametrize(
    ("team", "assignee", "keeps", "told"),
    [
        ("technical", None, None, [RAJ]),
        ("technical", RAJ, RAJ, [RAJ]),
        ("technical", LEA, None, [RAJ]),
        ("TECHNICAL", None, None, [RAJ]),
        ("functional", None, None, [EMMA, RAJ]),
    ],
)
def test_team(about: Callable[..., Talk], team: str, assignee: str | None, keeps: str | None, told: list[str]) -> None:
    """Each member of the other team is told; an assignee who is one of it keeps the ticket, another loses it."""
    talk = about(assignee=assignee)
    talk.answer(f"#team {team}\n")
    assert (talk.ticket.team, talk.ticket.assignee) == (team.lower(), keeps)
    assert talk.told == [*(f"notification to {each}" for each in told), f"receipt to {EMMA}"]
    assert f"passed this request to the {team.lower()} team" in talk.last[0].draft.text


@pytest.mark.parametrize("command", ["#team", "#team tecnical", "#team functional technical"])
def test_team_wrong(about: Callable[..., Talk], command: str) -> None:
    """A team that there is not; those that there are are listed."""
    wrong(about(), command, "there is no team")


# --- the end, and back ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("stage", ["qualification", "process", "feedback"])
@pytest.mark.parametrize("reason", ["", "corrected in 17.0"])
def test_close(about: Callable[..., Talk], stage: str, reason: str) -> None:
    """Done; the requester alone is told, with the reason if there is one, and no clock starts when he has it."""
    talk = about(stage=stage)
    talk.answer(f"#close {reason}\n")
    assert (talk.ticket.stage, talk.ticket.closed_at, talk.ticket.due) == ("done", talk.clock.now(), ())
    assert talk.told == [f"closing to {ANN}", f"receipt to {EMMA}"]
    assert f"is closed{': ' if reason else '.'}{reason}" in talk.last[0].draft.text
    assert not talk.last[0].watched


@pytest.mark.parametrize("stage", ["qualification", "process", "feedback"])
def test_spam(about: Callable[..., Talk], stage: str) -> None:
    """Done, with a tag, and not a word to anybody but the agent."""
    talk = about(stage=stage, tags=("a", "spam"))
    talk.answer("#spam\n")
    assert (talk.ticket.stage, talk.ticket.tags, talk.told) == ("done", ("a", "spam"), [f"receipt to {EMMA}"])


@pytest.mark.parametrize("command", ["#close", "#spam"])
def test_the_end_comes_once(about: Callable[..., Talk], command: str) -> None:
    """What is done already cannot be closed."""
    talk = about()
    talk.answer("#close\n")
    wrong(talk, command, "the request is in done already")


@pytest.mark.parametrize(
    ("stage", "back_to", "missing", "expected"),
    [
        ("done", "process", (), "process"),
        ("feedback", "process", ("version",), "process"),
        ("done", "qualification", ("version",), "qualification"),
        ("feedback", "qualification", (), "process"),
    ],
)
def test_reopen(about: Callable[..., Talk], stage: str, back_to: str, missing: tuple[str, ...], expected: str) -> None:
    """Back to where it was; nobody on the customer's side is told."""
    talk = about(stage=stage, back_to=back_to, missing=missing)
    talk.answer("#reopen\n")
    assert (talk.ticket.stage, talk.ticket.closed_at, talk.told) == (expected, None, [f"receipt to {EMMA}"])
    assert f"reopened, in {expected}" in talk.last[0].draft.text


@pytest.mark.parametrize("stage", ["qualification", "process"])
def test_reopen_wrong(about: Callable[..., Talk], stage: str) -> None:
    """What is open cannot be opened."""
    wrong(about(stage=stage), "#reopen", f"the request is in {stage} already")


# --- what is known ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("command", "name", "value"),
    [
        ("#field version=17.0", "version", "17.0"),
        ("#field  Version = we are on 17.0 ", "version", "17.0"),
        ("#field product version=16.0", "version", "16.0"),
        ("#field blocking=yes", "blocking", True),
        ("#field blocking = no", "blocking", False),
        ("#field hosting=odoo.sh", "hosting", "platform"),
        ("#field kind=bug report", "kind", "bugfix"),
        ("#field steps=click = twice", "steps", "click = twice"),
        ("#version 18.0", "version", "18.0"),
        ("#version saas~18.2", "version", "saas~18.2"),
        ("#database https://berg.odoo.com/web", "database", "berg"),
        ("#contract sub-2025-0042", "contract", "SUB-2025-0042"),
    ],
)
def test_field(about: Callable[..., Talk], command: str, name: str, value: object) -> None:
    """Read as the customer would have written it; it is the agent's word, and sure."""
    talk = about(fields={})
    talk.answer(f"{command}\n")
    found = talk.ticket.fields[name]
    assert (found.value, found.source, found.confidence) == (value, "agent", 1.0)
    assert f"{name} is {value}" in talk.last[-1].draft.text


@pytest.mark.parametrize(
    ("command", "why"),
    [
        ("#field", "'' is no field"),
        ("#field version", "'version' is no field"),
        ("#field shoe=47", "'shoe' is no field: kind, version"),
        ("#field version=", "it does not say which version"),
        ("#field version=seventeen", "'seventeen' is not understood as version"),
        ("#field blocking=perhaps", "'perhaps' is not understood as blocking"),
        ("#version", "it does not say which version"),
        ("#version saas~17", "'saas~17' is not understood as version"),
        ("#database !!!", "is not understood as database"),
        ("#contract 17", "'17' is not understood as contract"),
    ],
)
def test_field_wrong(about: Callable[..., Talk], command: str, why: str) -> None:
    """A field that there is not, or a value that is none; what is ambiguous is none."""
    wrong(about(), command, why)


def test_the_last_missing_field(talk: Talk) -> None:
    """What agents tell moves the ticket on as what customers tell."""
    talk.open("Kind of problem: administration\nVersion: 17.0\n")
    assert talk.ticket.stage == "qualification"
    talk.answer("#database acme\n")
    assert (talk.ticket.stage, talk.ticket.missing) == ("process", ())


def test_an_agents_word_stands(about: Callable[..., Talk]) -> None:
    """A customer's label is less sure than the agent's word, but a later one may correct it."""
    talk = about()
    talk.answer("#version 16.0\n")
    talk.write("As told, we are on 18.0.\n")
    assert talk.ticket.fields["version"].value == "16.0"
    talk.write("Version: 18.0\n")
    assert talk.ticket.fields["version"].value == "18.0"


def test_contract_brings_what_the_registry_knows(about: Callable[..., Talk]) -> None:
    """As far as it knows it without doubt; what was said otherwise stays."""
    talk = about(fields={"version": Field(value="17.0", source="text:1-2", confidence=0.9)})
    talk.answer("#contract SUB-2025-0042\n")
    assert {name: (each.value, each.source) for name, each in talk.ticket.fields.items()} == {
        "contract": ("SUB-2025-0042", "agent"),
        "database": ("berg", "registry"),
        "version": ("17.0", "text:1-2"),
        "hosting": ("online", "registry"),
    }


def test_another_contract_takes_back_what_the_first_one_brought(about: Callable[..., Talk]) -> None:
    """Nothing of one contract is mixed with another."""
    talk = about(fields={})
    talk.answer("#contract SUB-2025-0042\n")
    talk.answer("#contract SUB-2025-0043\n")
    assert {name: each.value for name, each in talk.ticket.fields.items()} == {
        "contract": "SUB-2025-0043",
        "version": "16.0",
        "hosting": "on-premise",
    }


def test_unknown_contract(about: Callable[..., Talk]) -> None:
    """A contract that the registry does not know is kept as it was said, and brings nothing."""
    talk = about(fields={})
    talk.answer("#contract SUB-1999-0001\n")
    assert {name: each.value for name, each in talk.ticket.fields.items()} == {"contract": "SUB-1999-0001"}


# --- only telling -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["#note", "#history", "#help"])
def test_what_changes_nothing(about: Callable[..., Talk], command: str) -> None:
    """Only a receipt comes back."""
    talk = about()
    before = talk.ticket
    decision = talk.answer(f"{command}\n")
    assert (talk.told, talk.ticket) == ([f"receipt to {EMMA}"], before)
    assert [each.kind for each in decision.events] == ["AgentWrote"]


def test_history(about: Callable[..., Talk]) -> None:
    """The conversation so far, with what is internal marked, and long texts cut."""
    talk = about()
    talk.write("x" * (HISTORY_TEXT + 50))
    talk.write("Between us.\n", by=EMMA, role="n")
    talk.answer("#history\n")
    told = talk.last[-1].draft.text
    assert f"2026-03-04 12:00 UTC, {ANN}:" in told
    assert f"2026-03-04 12:00 UTC, {EMMA}, internal:\nBetween us." in told
    assert "x" * HISTORY_TEXT in told.replace("\n", "")
    assert "x" * (HISTORY_TEXT + 1) not in told.replace("\n", "")


def test_history_of_nothing(about: Callable[..., Talk]) -> None:
    """A ticket whose messages are gone says so."""
    talk = about()
    talk.facts = replace(talk.facts, history={})
    talk.answer("#history\n")
    assert "nothing was written yet" in talk.last[-1].draft.text


def test_history_of_a_sealed_case(talk: Talk) -> None:
    """Its words do not travel; where to read them is told."""
    talk.open("The EXPLOIT is x.\n", to="security@example.com", proven=True)
    talk.write("#history\n", by="nina@example.com", role="a")
    assert "maild ticket 1 --sealed" in talk.last[-1].draft.text
    assert "EXPLOIT" not in talk.last[-1].draft.text


@pytest.mark.parametrize(
    ("service", "by"), [("support", EMMA), ("upgrade", "omar@example.com"), ("security", "nina@example.com")]
)
def test_help(talk: Talk, service: str, by: str) -> None:
    """Every command that this ticket knows, and none of another service; each that does something says what."""
    talk.open(to=f"{service}@example.com", proven=True)
    talk.write("#help\n", by=by, role="a")
    told = talk.last[-1].draft.text
    for name, verb in talk.desk.terms.verbs.items():
        line = next((each for each in told.splitlines() if each.startswith(f"{verb.usage} ")), "")
        assert bool(line) is (verb.service in ("", service)), name
        assert not line or len(line) > len(f"{verb.usage:34} "), name
