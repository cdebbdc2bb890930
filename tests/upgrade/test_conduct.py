"""What the customer of an upgrade leads to: a request, a declaration, a report of the test, and consent that is proven to be his."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from maild.tickets.contracts.contract import Contract

if TYPE_CHECKING:
    from conftest import Talk

    from maild.tickets.decision import Decision

ANN, BOB, EVE, OMAR = "ann@example.org", "bob@example.org", "eve@example.net", "omar@example.com"
TOLD = [f"notification to {OMAR}"]
REQUEST = "Version: 16.0\nTarget version: 18.0\nDatabase: berg\nHosting: platform\nCustomisations: no\n"
CONTRACT = Contract(
    reference="SUB-2025-0001", customer="Berg", addresses=(ANN,), hosting="platform", edition="enterprise", status="active",
)  # fmt: skip
REPORT = "\n\nOn Monday Support wrote:\n> ----- please complete -----\n> Test finished: {finished}\n> Issues found: {issues}\n> ----- end -----\n"


def request(talk: Talk, text: str = REQUEST, **how: Any) -> None:
    """A request at upgrade@, by a customer with a contract."""
    talk.facts = replace(talk.facts, contracts={CONTRACT.reference: CONTRACT})
    talk.agent = OMAR
    talk.open(text, to="upgrade@example.com", **({"proven": True, "Cc": BOB} | how))


def asked(talk: Talk) -> None:
    """Declared, tested, and asked for consent."""
    request(talk)
    talk.steer("#test-ready https://test.example.org", "#tested", "#consent the upgrade on Friday")


def reply(
    talk: Talk, text: str, *, to: int = -1, by: str = ANN, role: Any = "c", given: str = ANN, proven: bool = True
) -> Decision:
    """An answer to one of the mails that asked for consent: the latest, unless told otherwise."""
    question = [each for each in talk.sent if each.kind == "consent"][to]
    return talk.come(text, by=by, to=talk.address(role, given), proven=proven, In_Reply_To=f"<{question.draft.message_id}>")


# --- requests ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "case", "paper"),
    [
        ("no", "declared", "no"),
        ("yes", "declared", "yes"),
        ("yes, three modules of our own", "declared", "yes"),
        ("", "requested", None),
        ("perhaps", "requested", None),
    ],
)
def test_declared_at_once(talk: Talk, said: str, case: str, paper: str | None) -> None:
    """Where the request says whether there are customisations it declares; else that is asked for."""
    request(talk, REQUEST.replace("Customisations: no", f"Customisations: {said}"))
    assert (talk.ticket.case, talk.ticket.papers.get("customisations")) == (case, paper)
    assert ("customised" in talk.ticket.missing) is (case == "requested")
    assert talk.told == [f"acknowledgement to {ANN}", *TOLD]


def test_declared_later(talk: Talk) -> None:
    """The filled-in block declares; a participant's does as well."""
    request(talk, REQUEST.replace("Customisations: no\n", ""))
    assert talk.ticket.case == "requested"
    talk.write("Customisations: yes\n", by=BOB)
    assert (talk.ticket.case, talk.ticket.papers, talk.told) == ("declared", {"customisations": "yes"}, TOLD)


def test_a_guest_declares_nothing(talk: Talk) -> None:
    """Nor do machines, nor agents by their words."""
    request(talk, REQUEST.replace("Customisations: no\n", ""))
    talk.come("Customisations: no\n", by=EVE, to=talk.address("c", ANN), proven=True)
    talk.come("Customisations: no\n", to=talk.address("c", ANN), Auto_Submitted="auto-replied")
    talk.write("Customisations: no\n", by=OMAR, role="n")
    assert talk.ticket.case == "requested"


def test_who_declares_otherwise_later_is_read_by_a_person(talk: Talk) -> None:
    """The declaration stands until an agent changes it."""
    request(talk)
    talk.steer("#test-ready https://test.example.org")
    talk.write("Customisations: yes, after all\n")
    assert (talk.ticket.case, talk.ticket.papers["customisations"], talk.told) == ("testing", "no", TOLD)


def test_a_minor_version_comes_by_itself(talk: Talk) -> None:
    """Where the vendor hosts there is nothing to do: the customer is told so, nobody else, and it is done."""
    request(talk, "Version: saas~18.2\nTarget version: saas~18.4\nDatabase: berg\nHosting: online\nCustomisations: no\n")
    assert (talk.ticket.stage, talk.told) == ("done", [f"acknowledgement to {ANN}"])
    assert "minor versions come by themselves: there is nothing for you to do" in " ".join(talk.last[0].draft.text.split())
    talk.write("But I want it today.\n")
    assert (talk.ticket.stage, talk.told) == ("process", TOLD)


def test_no_answer_to_a_machine_that_asks_for_a_minor_version(talk: Talk) -> None:
    """Whom no automatic answer may go to gets none here, either."""
    request(
        talk,
        "Version: saas~18.2\nTarget version: saas~18.4\nDatabase: berg\nHosting: online\nCustomisations: no\n",
        Precedence="bulk",
    )
    assert talk.told == []


def test_obstacles_are_told_to_the_team(talk: Talk) -> None:
    """A request that cannot be had as it stands says why in the notification; the customer's acknowledgement says nothing of it."""
    request(talk, REQUEST.replace("18.0", "15.0"))
    notification = next(each for each in talk.last if each.kind == "notification")
    acknowledgement = next(each for each in talk.last if each.kind == "acknowledgement")
    assert "there is no way to upgrade: 15.0 is not newer than 16.0" in notification.draft.text
    assert "newer" not in acknowledgement.draft.text
    talk.facts = replace(talk.facts, contracts={})
    talk.agent = OMAR
    talk.open(REQUEST, to="upgrade@example.com")
    assert "no contract is known" in talk.last[1].draft.text


# --- reports ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("finished", "issues", "case"),
    [
        ("yes", "", "tested"),
        ("Done", "", "tested"),
        ("no", "", "testing"),
        ("not yet", "", "testing"),
        ("", "", "testing"),
        ("yes", "the menu is gone", "testing"),
    ],
)
def test_report(talk: Talk, finished: str, issues: str, case: str) -> None:
    """A finished test without issues is one; anything else is read by the team, where issues of this phase belong."""
    request(talk)
    talk.steer("#test-ready https://test.example.org")
    talk.write("Here it is." + REPORT.format(finished=finished, issues=issues))
    assert (talk.ticket.case, talk.told) == (case, TOLD)
    assert ("reports that the test is finished" in talk.last[0].draft.text) is (case == "tested")


@pytest.mark.parametrize(
    "commands",
    [(), ("#test-ready https://test.example.org", "#tested"), ("#test-ready https://test.example.org", "#test-failed x")],
)
def test_report_at_another_time(talk: Talk, commands: tuple[str, ...]) -> None:
    """A report where no test waits for one changes nothing."""
    request(talk)
    talk.steer(*commands)
    case = talk.ticket.case
    talk.write("Done." + REPORT.format(finished="yes", issues=""))
    assert (talk.ticket.case, talk.told) == (case, TOLD)


# --- consent ----------------------------------------------------------------------------------------------------


def test_consent(talk: Talk) -> None:
    """The requester's proven yes to the latest question is consent; the mail is kept as evidence, and the team is told."""
    asked(talk)
    assert (talk.ticket.case, talk.ticket.papers["consent asked"]) == ("tested", "the upgrade on Friday")
    reply(talk, "Yes, I agree.\n\nAnn\n")
    assert talk.ticket.case == "consented"
    assert talk.ticket.papers["consent"] == f"entry-{talk.entries}, level 2"
    assert talk.told == TOLD
    assert "The customer consents" in talk.last[0].draft.text
    event = next(each for each in talk.events if each.kind == "Consented")
    assert (event.actor, dict(event.data)) == ("requester", {"message": f"entry-{talk.entries}", "level": 2})


@pytest.mark.parametrize("text", ["Oui\n", "ja gerne\n", "S\u00ed, acepto\n", "akkoord\n", "Sono d'accordo\n", "Sim.\n"])
def test_consent_in_other_languages(talk: Talk, text: str) -> None:
    """Seven languages know a yes."""
    asked(talk)
    reply(talk, text)
    assert talk.ticket.case == "consented"


@pytest.mark.parametrize(
    ("how", "why"),
    [
        (
            {"proven": False},
            "it is not sure enough that the requester wrote it (level 0: no trusted host says anything about the sender)",
        ),
        ({"given": BOB}, "it is not sure enough that the requester wrote it (level 1: dmarc=pass)"),
        (
            {"by": BOB, "given": BOB},
            "it is not sure enough that the requester wrote it (level 2: dmarc=pass, and the signed address (c) was given to this sender)",
        ),
        ({"by": BOB}, "it is not sure enough that the requester wrote it (level 1: dmarc=pass)"),
        ({"role": "a", "given": OMAR}, "it is not sure enough that the requester wrote it (level 1: dmarc=pass)"),
    ],
    ids=["level 0", "level 1", "participant", "participant at level 1", "by an agent's address"],
)
def test_a_yes_that_is_not_proven(talk: Talk, how: dict[str, Any], why: str) -> None:
    """A yes of somebody who may be anybody, or of anybody but the requester, is no consent: the team is told why."""
    asked(talk)
    reply(talk, "yes\n", **how)
    assert (talk.ticket.case, talk.told) == ("tested", TOLD)
    assert "consent" not in talk.ticket.papers
    assert why in " ".join(talk.last[0].draft.text.replace(f"{talk.desk.book.internal_mark(1)}|", "").split())


@pytest.mark.parametrize("by", [EVE, OMAR])
def test_a_yes_of_strangers_and_agents(talk: Talk, by: str) -> None:
    """Guests confirm nothing, and agents cannot consent for the customer."""
    asked(talk)
    reply(talk, "yes\n", by=by)
    assert talk.ticket.case == "tested"
    assert "consent" not in talk.ticket.papers


@pytest.mark.parametrize(
    "text", ["no\n", "yes, but not on Friday\n", "Yes?\n", "Yes. No\n", "Which Friday?\n", "ok\n", "thanks\n"]
)
def test_no_plain_yes(talk: Talk, text: str) -> None:
    """Anything else is read by a person, who is told what it answers."""
    asked(talk)
    reply(talk, text)
    assert (talk.ticket.case, talk.told) == ("tested", TOLD)
    assert "answers the question for consent, and is no plain yes" in talk.last[0].draft.text


def test_only_the_latest_question_counts(talk: Talk) -> None:
    """A yes to what was asked before is no consent to what is asked now."""
    asked(talk)
    talk.clock.forward(timedelta(minutes=5))
    talk.steer("#consent the upgrade on Monday instead")
    reply(talk, "yes\n", to=0)
    assert talk.ticket.case == "tested"
    reply(talk, "yes\n", to=1)
    assert talk.ticket.case == "consented"


def test_a_yes_to_something_else(talk: Talk) -> None:
    """A yes that answers another mail of the desk, or none, or a question on another ticket, is none."""
    asked(talk)
    other = next(each for each in talk.sent if each.kind == "question")
    talk.write("yes\n", In_Reply_To=f"<{other.draft.message_id}>")
    talk.write("yes\n")
    question = next(each for each in talk.sent if each.kind == "consent")
    talk.write("yes\n", References=f"<{question.draft.message_id}>")
    talk.write("yes\n", In_Reply_To=f"<9.{question.key}@evil.example>".replace(question.key, "f" * 16))
    assert talk.ticket.case == "tested"
    first = talk.number
    request(talk, Message_ID="<other@example.org>")
    talk.steer("#test-ready https://test.example.org", "#tested", "#consent x")
    second = [each for each in talk.sent if each.kind == "consent"][-1]
    talk.number = first
    talk.write("yes\n", In_Reply_To=f"<{second.draft.message_id}>")
    assert talk.ticket.case == "tested"


def test_yes_twice(talk: Talk) -> None:
    """A second yes changes nothing, and is told as any mail."""
    asked(talk)
    reply(talk, "yes\n")
    papers = talk.ticket.papers
    talk.clock.forward(timedelta(minutes=5))
    reply(talk, "Yes!\n")
    assert (talk.ticket.case, talk.ticket.papers, talk.told) == ("consented", papers, TOLD)


def test_a_yes_after_the_end(talk: Talk) -> None:
    """Where the upgrade was refused in the meantime a yes brings nothing back but the ticket."""
    asked(talk)
    talk.steer("#refuse the test showed too much")
    reply(talk, "yes\n")
    assert (talk.ticket.case, talk.told) == ("refused", TOLD)


@pytest.mark.parametrize("text", ["Yes, thank you.\n", "yes thanks\n", "Yes. Thanks!\n"])
def test_a_polite_yes_is_no_thanks(talk: Talk, text: str) -> None:
    """Asked together with an answer: a yes with thanks is consent, and ends nothing."""
    request(talk)
    talk.steer("#test-ready https://test.example.org", "#tested", "#consent the upgrade on Friday\n\nDear Ann, shall we?")
    assert talk.ticket.stage == "feedback"
    reply(talk, text)
    assert (talk.ticket.case, talk.ticket.stage) == ("consented", "process")


@pytest.mark.parametrize(
    "command", ["#customisations yes", "#test-ready https://other.example.org", "#test-failed the menu is gone"]
)
def test_consent_is_void_when_something_changes(talk: Talk, command: str) -> None:
    """Another declaration or another test asks for a consent of its own: a yes to the old question is none."""
    asked(talk)
    talk.steer(command)
    assert not {"consent", "consent asked", "consent asked at"} & set(talk.ticket.papers)
    reply(talk, "yes\n")
    assert talk.ticket.case in ("declared", "testing")
    talk.write("#upgraded\n", by=OMAR, role="a")
    assert talk.told == [f"error to {OMAR}"]


def test_consent_at_another_level(new_talk: Any) -> None:
    """The operator says how surely it must be the requester: here, by a second mail that only he gets."""
    talk = new_talk()
    talk = new_talk(required=replace(talk.desk.terms.required, levels={**talk.desk.terms.required.levels, "consent": 3}))
    asked(talk)
    said = reply(talk, "yes\n")
    assert talk.ticket.case == "tested"
    assert talk.told[-1] == f"confirmation to {ANN}"
    confirmation = talk.last[-1].draft
    talk.come("Yes\n", to=confirmation.reply_to.address, In_Reply_To=f"<{confirmation.message_id}>", proven=True)
    assert talk.ticket.case == "consented"
    assert talk.ticket.papers["consent"] == f"{said.entry}, confirmed by entry-{talk.entries}, level 3"


def test_a_spent_confirmation_proves_nothing(new_talk: Any) -> None:
    """By an address that was answered before, a yes to a new question asks for a confirmation of its own."""
    talk = new_talk()
    talk = new_talk(required=replace(talk.desk.terms.required, levels={**talk.desk.terms.required.levels, "consent": 3}))
    asked(talk)
    reply(talk, "yes\n")
    spent = talk.last[-1].draft.reply_to.address
    talk.come("Not now.\n", to=spent, proven=True)
    talk.steer("#consent the upgrade on Saturday")
    question = talk.sent[-2] if talk.sent[-1].kind != "consent" else talk.sent[-1]
    talk.come("Yes\n", to=spent, In_Reply_To=f"<{question.draft.message_id}>", proven=True)
    assert talk.ticket.case == "tested"
    assert "confirmation" in [each.kind for each in talk.last]


def test_a_confirmation_of_an_older_consent(new_talk: Any) -> None:
    """What was asked anew meanwhile is not consented to by confirming the yes to the older question."""
    talk = new_talk()
    talk = new_talk(required=replace(talk.desk.terms.required, levels={**talk.desk.terms.required.levels, "consent": 3}))
    asked(talk)
    reply(talk, "yes\n")
    confirmation = talk.last[-1].draft
    talk.steer("#consent the upgrade on Saturday, and the shop, too")
    talk.come("Yes\n", to=confirmation.reply_to.address, In_Reply_To=f"<{confirmation.message_id}>", proven=True)
    assert talk.ticket.case == "tested"


def test_consent_goes_before_thanks(new_talk: Any) -> None:
    """Whatever the operator's words for thanks are: a yes to what was asked is never taken for the end."""
    talk = new_talk()
    policy = talk.desk.policy
    talk.desk = replace(talk.desk, policy=replace(policy, lexicon=replace(policy.lexicon, thanks=lambda text, names: True)))
    request(talk)
    talk.steer("#test-ready https://test.example.org", "#tested", "#consent the upgrade on Friday\n\nDear Ann, shall we?")
    reply(talk, "yes\n")
    assert (talk.ticket.case, talk.ticket.stage) == ("consented", "process")
