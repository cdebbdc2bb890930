"""Level 3: what is done only when its sender says yes to a mail that he alone got."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from maild.tickets.assurance import Required
from maild.tickets.turns.confirming import MAX_KNOWN, MAX_WAITING, VALID

if TYPE_CHECKING:
    from conftest import Talk

ANN, BOB, EVE, EMMA, RAJ = "ann@example.org", "bob@example.org", "eve@example.net", "emma@example.com", "raj@example.com"


@pytest.fixture
def strict(talk: Talk) -> Talk:
    """A desk where answers, commands and consents need level 3, and a ticket."""
    levels = {**talk.desk.terms.required.levels, "answer": 3, "command": 3, "consent": 3}
    talk.desk = replace(talk.desk, terms=replace(talk.desk.terms, required=Required(levels=levels)))  # type: ignore[arg-type]
    talk.open(Cc=BOB, proven=True)
    return talk


def asked(talk: Talk) -> str:
    """The address that the latest confirmation gave."""
    mail = next(each for each in reversed(talk.sent) if each.kind == "confirmation")
    assert mail.draft.reply_to is not None
    return mail.draft.reply_to.address


def confirm(talk: Talk, text: str = "Yes\n", by: str = EMMA, proven: bool = True, to: str = "", **fields: Any) -> Any:
    """A reply to the latest confirmation."""
    return talk.come(text, by=by, to=to or asked(talk), proven=proven, **fields)


def test_an_answer(strict: Talk) -> None:
    """It is kept as a note, its author is asked, and his yes sends it as it was written."""
    decision = strict.answer("Press the button twice.\n")
    assert strict.told == [f"confirmation to {EMMA}"]
    assert decision.message is not None
    assert decision.message.visibility == "internal"
    assert (strict.ticket.stage, strict.ticket.assignee) == ("process", None)
    assert "> Press the button twice." in strict.last[0].draft.text
    decision = confirm(strict)
    assert strict.told == [f"answer to {ANN}", f"answer to {BOB}"]
    assert "Press the button twice." in strict.last[0].draft.text
    assert "Yes" not in strict.last[0].draft.text
    assert (strict.ticket.stage, strict.ticket.assignee, [each.is_done for each in strict.ticket.unconfirmed]) == (
        "feedback",
        EMMA,
        [True],
    )
    assert decision.events[0].data["level"] == 3
    assert decision.events[0].data["because"].endswith("and he has confirmed it")


def test_attachments_of_what_is_confirmed(strict: Talk) -> None:
    """They go out with the answer, from the mail that had them."""
    text = "--b\n\nSee there.\n--b\nContent-Type: image/png\nContent-Disposition: attachment; filename=a.png\n\nx\n--b--\n"
    first = strict.answer(text, Content_Type="multipart/mixed; boundary=b")
    assert "> [attached: a.png]" in strict.last[0].draft.text
    confirm(strict)
    assert strict.told[0] == f"answer to {ANN}"
    assert [(each.entry, each.name) for each in strict.last[0].enclosed] == [(first.entry, "a.png")]


def test_commands(strict: Talk) -> None:
    """They are carried out by the yes, and not before."""
    strict.write("#close solved by phone\n", by=EMMA, role="a")
    assert (strict.told, strict.ticket.stage) == ([f"confirmation to {EMMA}"], "process")
    confirm(strict)
    assert strict.told == [f"closing to {ANN}", f"receipt to {EMMA}"]
    assert strict.ticket.stage == "done"


def test_one_verb(talk: Talk) -> None:
    """A command may need more than the others do."""
    verbs = {**talk.desk.terms.verbs, "close": replace(talk.desk.terms.verbs["close"], action="erase")}
    talk.desk = replace(talk.desk, terms=replace(talk.desk.terms, verbs=verbs))
    talk.open(proven=True)
    talk.steer("#take")
    talk.write("#close\n", by=EMMA, role="a")
    assert talk.told == [f"confirmation to {EMMA}"]
    confirm(talk)
    assert talk.ticket.stage == "done"


def test_what_is_wrong_comes_back_at_once(strict: Talk) -> None:
    """Nobody is asked to confirm what cannot be done."""
    strict.write("#assign nobody-of-ours\n", by=EMMA, role="a")
    assert strict.told == [f"error to {EMMA}"]
    assert strict.ticket.unconfirmed == ()


@pytest.mark.parametrize("text", ["No\n", "Yes, but later\n", "#close\n", "Press it three times.\n"])
def test_anything_but_yes(strict: Talk, text: str) -> None:
    """Nothing is done, nobody gets it, and the address is used up."""
    strict.answer()
    to = asked(strict)
    confirm(strict, text)
    assert strict.told == [f"error to {EMMA}"]
    assert (strict.ticket.stage, [each.is_done for each in strict.ticket.unconfirmed]) == ("process", [True])
    confirm(strict, to=to)
    assert strict.told == [f"error to {EMMA}"]


def test_once(strict: Talk) -> None:
    """A second yes to the same address does nothing, and is told so; it opens nothing."""
    strict.answer()
    to = asked(strict)
    confirm(strict, to=to)
    confirm(strict, "Yes!\n", to=to)
    assert strict.told == [f"error to {EMMA}"]
    assert sorted(strict.facts.tickets) == [1]


def test_what_is_shown_is_what_is_sent(strict: Talk) -> None:
    """Of an answer above a forwarded mail the words above are shown, and these alone go out."""
    text = "Press it twice.\n\n---------- Forwarded message ---------\nFrom: Raj <raj@example.com>\nSubject: x\n\nThe customer is a fool.\n"
    strict.answer(text)
    assert "fool" not in strict.last[0].draft.text
    confirm(strict)
    assert strict.told == [f"answer to {ANN}", f"answer to {BOB}"]
    assert "fool" not in strict.last[0].draft.text


def test_a_yes_that_comes_to_a_closed_request(strict: Talk) -> None:
    """Where the request ended too long ago there is nothing to confirm any more."""
    strict.write("#close\n", by=EMMA, role="a")
    address = asked(strict)
    strict.facts = replace(strict.facts, tickets={1: replace(strict.ticket, stage="done", closed_at=strict.clock.now())})
    strict.clock.forward(timedelta(days=30))
    confirm(strict, to=address)
    assert strict.told == [f"error to {EMMA}"]


def test_a_confirmation_of_a_merged_request(strict: Talk) -> None:
    """What was asked about one request is not done to another; whoever says yes is told."""
    strict.open(by=BOB, proven=True)
    strict.write("#close\n", by=EMMA, role="a")
    to = asked(strict)
    strict.write("#merge 1\n", by=RAJ, role="a")
    confirm(strict, by=RAJ)
    confirm(strict, to=to)
    assert (strict.told, strict.facts.tickets[1].stage) == ([f"error to {EMMA}"], "process")


@pytest.mark.parametrize(
    ("by", "proven"), [(EMMA, False), (RAJ, True), (RAJ, False), (ANN, True), (BOB, True), (EVE, True), (EVE, False)]
)
def test_nobody_else(strict: Talk, by: str, proven: bool) -> None:
    """Who is not proven to be the one who was asked confirms nothing, and uses nothing up."""
    strict.answer()
    before = strict.ticket.unconfirmed
    confirm(strict, by=by, proven=proven)
    assert "answer" not in {each.kind for each in strict.last}
    assert strict.ticket.unconfirmed == before
    confirm(strict)
    assert strict.told == [f"answer to {ANN}", f"answer to {BOB}"]


def test_not_for_ever(strict: Talk) -> None:
    """Three days, and it must be sent again."""
    strict.answer()
    strict.clock.forward(VALID + timedelta(seconds=1))
    confirm(strict)
    assert strict.told == [f"error to {EMMA}"]


def test_below_level_2_nobody_is_asked(strict: Talk) -> None:
    """A confirmation goes only where a signed address and the domain were proven: it is no way to write to others."""
    strict.answer(proven=False)
    assert strict.told == [f"note to {RAJ}", f"error to {EMMA}"]


def test_each_its_own(strict: Talk) -> None:
    """Of two that wait each is confirmed by its own address; there are not many of them."""
    strict.answer("The first.\n")
    first = asked(strict)
    strict.answer("The second.\n")
    confirm(strict)
    assert "The second." in strict.last[0].draft.text
    confirm(strict, to=first)
    assert "The first." in strict.last[0].draft.text


def test_too_many(strict: Talk) -> None:
    """A few may wait at a time, and none is forgotten for another; what was answered makes room."""
    strict.answer("The first.\n")
    first = asked(strict)
    for number in range(MAX_WAITING - 1):
        strict.answer(f"Number {number}.\n")
    strict.answer("One too many.\n")
    assert strict.told == [f"error to {EMMA}"]
    confirm(strict, to=first)
    assert "The first." in strict.last[0].draft.text
    strict.answer("There is room.\n")
    assert strict.told == [f"confirmation to {EMMA}"]
    for _ in range(30):
        strict.answer("Again.\n")
        confirm(strict)
    assert len(strict.ticket.unconfirmed) == MAX_KNOWN


@pytest.mark.parametrize(("proven", "verdict"), [(False, "hold: sender-not-proven"), (True, "accept: a person's mail")])
def test_who_may_open(talk: Talk, proven: bool, verdict: str) -> None:
    """Where a ticket needs a proven sender others wait for the operator's hand; to him, and to their tickets, all may write."""
    ticket = talk.open(proven=True)
    levels = {**talk.desk.terms.required.levels, "open": 1}
    talk.desk = replace(talk.desk, policy=replace(talk.desk.policy, required=Required(levels=levels)))  # type: ignore[arg-type]
    assert str(talk.come("New.\n", by=EVE, proven=proven).verdict) == verdict
    assert str(talk.come("More.\n", to=talk.address("c", ANN), proven=proven).verdict) == "accept: a person's mail"
    assert str(talk.come("Abuse!\n", by=EVE, to="abuse@example.com", proven=proven).verdict) == "hold: for-the-operator"
    assert ticket.number == talk.number
