"""Who is written to: every row of the table in docs/interfaces.md, and what goes along."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Talk

ANN, BOB, ZOE, EVE = "ann@example.org", "bob@example.org", "zoe@example.net", "eve@example.net"
EMMA, RAJ, LEA = "emma@example.com", "raj@example.com", "lea@example.com"
TEAM = [f"notification to {EMMA}", f"notification to {RAJ}"]


def about(talk: Talk, **changed: Any) -> None:
    """A ticket of Ann's, Bob's and Zoe's, with the functional team."""
    ticket = replace(talk.open(Cc=f"Bob <{BOB}>, {ZOE}", by=f"Ann Berg <{ANN}>", proven=True), **changed)
    talk.facts = replace(talk.facts, tickets={1: ticket})


def test_ticket_opened(talk: Talk) -> None:
    """The requester gets the acknowledgement, each member of the team a notification; participants nothing."""
    about(talk)
    assert talk.told == [f"acknowledgement to {ANN}", *TEAM]


def test_acknowledgement_repeats_no_name(talk: Talk) -> None:
    """It goes to the bare address: the name is the sender's to choose."""
    talk.open(by=f"Buy now at evil.example <{ANN}>")
    [to] = talk.sent[0].draft.to
    assert (to.name, to.address) == ("", ANN)


@pytest.mark.parametrize(
    "fields",
    [
        {"Auto-Submitted": "auto-generated"},
        {"Precedence": "bulk"},
        {"List-Id": "<news.example.org>"},
        {"X-Auto-Response-Suppress": "All"},
        {"by": "noreply@example.org"},
    ],
    ids=lambda fields: next(iter(fields)),
)
def test_no_answer_to_machines(talk: Talk, fields: dict[str, str]) -> None:
    """Whom no automatic answer may go to gets none; the ticket is opened and the team told all the same."""
    talk.open(**{name.replace("-", "_"): body for name, body in fields.items()})
    assert talk.told == TEAM


def test_no_answer_to_null(talk: Talk) -> None:
    """A null reverse-path asks for no answer, so none goes out, whatever From says."""
    talk.open(reverse_path="")
    assert talk.told == TEAM


@pytest.mark.parametrize(("by", "cc", "told"), [(ANN, "", [BOB, ZOE]), (BOB, "", [ANN, ZOE]), (ANN, BOB, [ZOE])])
def test_customer_side_wrote(talk: Talk, by: str, cc: str, told: list[str]) -> None:
    """Only agents are told; those of the customer's side whom the mail did not reach get nothing from the desk."""
    about(talk)
    talk.write(by=by, Cc=cc or None)
    assert talk.told == TEAM
    about_emma = replace(talk.ticket, assignee=LEA)
    talk.facts = replace(talk.facts, tickets={1: about_emma})
    talk.write(by=by)
    assert talk.told == [f"notification to {LEA}"]


def test_whoever_got_the_mail_itself_gets_no_copy(talk: Talk) -> None:
    """An agent in To or Cc has it already; so has, for an answer, a participant."""
    about(talk)
    talk.write(Cc=EMMA.upper())
    assert talk.told == TEAM[1:]
    talk.answer(Cc=f"bob@EXAMPLE.org, {ANN}")
    assert talk.told == [f"answer to {ANN}", f"answer to {ZOE}"]  # the requester's is what the clocks wait for


def test_agent_answered(talk: Talk) -> None:
    """Each gets a mail of his own, with a reply address of his own; all see one another, and the agent as the desk."""
    about(talk)
    talk.answer()
    assert talk.told == [f"answer to {ANN}", f"answer to {BOB}", f"answer to {ZOE}"]
    for mail in talk.last:
        assert [each.address for each in (*mail.draft.to, *mail.draft.cc)] == [ANN, BOB, ZOE]
        assert mail.draft.from_.address == "support@example.com"
        assert mail.draft.from_.name.startswith("Emma, ")
        assert mail.draft.reply_to is not None
        assert mail.draft.reply_to.address == talk.address("c", mail.recipient)
    assert all(each.watched for each in talk.last)


def test_who_answers_first_has_it(talk: Talk) -> None:
    """The first answer makes its author the assignee, as the operator writes him; the second does not take it away."""
    about(talk)
    talk.answer(by="RAJ@example.com")
    assert talk.ticket.assignee == RAJ
    talk.answer(by=EMMA)
    assert talk.ticket.assignee == RAJ


@pytest.mark.parametrize(("assignee", "told"), [(None, [RAJ]), (RAJ, [RAJ]), (EMMA, []), (LEA, [LEA])])
def test_note(talk: Talk, assignee: str | None, told: list[str]) -> None:
    """The assignee gets it, else the team; never its author, and never the customer's side."""
    about(talk, assignee=assignee)
    talk.write("Between us.\n", by=EMMA, role="n")
    assert talk.told == [f"note to {each}" for each in told]


def test_reminder_and_closing(talk: Talk) -> None:
    """They go to the requester alone."""
    about(talk)
    talk.answer()
    talk.settle("answer")
    talk.fire("reminder")
    assert talk.told == [f"reminder to {ANN}"]
    talk.settle("reminder")
    talk.fire("close")
    assert talk.told == [f"closing to {ANN}"]
    assert talk.ticket.closed_at == talk.clock.now()


@pytest.mark.parametrize(("assignee", "told"), [(None, TEAM), (LEA, [f"notification to {LEA}"])])
def test_answer_that_did_not_arrive(talk: Talk, assignee: str | None, told: list[str]) -> None:
    """The assignee is told, else the team; the customer's side gets nothing."""
    about(talk, assignee=assignee)
    talk.answer()
    talk.facts = replace(talk.facts, tickets={1: replace(talk.ticket, assignee=assignee)})
    for action in (
        lambda: talk.bounce("answer", ANN),
        lambda: talk.settle("answer", "failed", "550 no"),
        lambda: talk.bounce("answer", BOB),
    ):
        action()
        assert talk.told == told


def test_command_failed(talk: Talk) -> None:
    """Only the agent who sent it gets the error."""
    about(talk, assignee=LEA)
    talk.write("#assign nobody-we-know\n", by=RAJ, role="a")
    assert talk.told == [f"error to {RAJ}"]


def test_held(talk: Talk) -> None:
    """Of a mail that is held nobody is told here: the operator's note is collected."""
    decision = talk.come(to="postmaster@example.com")
    assert (str(decision.verdict), talk.told) == ("hold: for-the-operator", [])


# --- what goes along --------------------------------------------------------------------------------------------


def files(*sizes: int) -> dict[str, str]:
    """A mail with files of these sizes."""
    parts = "".join(
        f"--b\nContent-Type: application/octet-stream\nContent-Disposition: attachment; filename=f{number}\n\n{'x' * size}\n"
        for number, size in enumerate(sizes)
    )
    return {
        "text": f"--b\nContent-Type: text/plain\n\nSee the files.\n{parts}--b--\n",
        "Content_Type": 'multipart/mixed; boundary="b"',
    }


@pytest.mark.parametrize(("room", "named"), [(30, ["f0", "f2"]), (100, ["f0", "f1", "f2"]), (5, []), (10, ["f0"])])
def test_enclosed(new_talk: Any, room: int, named: list[str]) -> None:
    """Files go along in their order, as many as fit, with the notification and with the answer; the others are only named."""
    talk = new_talk(max_enclosed=room)
    talk.open(**files(10, 50, 20))
    notification = talk.last[-1]
    assert [each.name for each in notification.enclosed] == named
    assert all(name in notification.draft.text for name in ("f0", "f1", "f2"))
    assert not talk.last[0].enclosed
    talk.answer(**files(10, 50, 20))
    assert [each.name for each in talk.last[0].enclosed] == named


def test_files_of_sealed_cases_stay(talk: Talk) -> None:
    """What belongs to a sealed case does not travel with notifications."""
    talk.open(to="security@example.com", **files(10))
    assert all(not each.enclosed for each in talk.last)
