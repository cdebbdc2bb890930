"""The clocks of silence: what starts them, what stops them, and that nobody is closed too soon."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from maild.tickets.happening import TimeCame
from maild.tickets.ticket import Due
from maild.tickets.turns.clocks import AFTER_REMINDER

if TYPE_CHECKING:
    from conftest import Talk

ANN, EMMA, RAJ = "ann@example.org", "emma@example.com", "raj@example.com"
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


def answered(talk: Talk, after: timedelta = timedelta()) -> None:
    """A ticket whose answer was accepted by the next hop some time after it was written."""
    talk.open(proven=True)
    talk.answer()
    talk.clock.forward(after)
    talk.settle("answer")


def due(talk: Talk) -> dict[str, tuple[timedelta, bool]]:
    """The timers: how long from now, and whether they wait."""
    return {each.kind: (each.at - talk.clock.now(), each.waits) for each in talk.ticket.due}


@pytest.mark.parametrize("after", [timedelta(), HOUR, 3 * DAY])
def test_start(talk: Talk, after: timedelta) -> None:
    """They run from when the next hop accepted the answer, not from when it was written."""
    answered(talk, after)
    assert due(talk) == {"reminder": (5 * DAY, False), "close": (7 * DAY, False)}


def test_terms_are_the_operators(new_talk: Any) -> None:
    """Other lengths, other clocks."""
    talk = new_talk(reminder=HOUR, close=2 * HOUR)
    answered(talk)
    assert due(talk) == {"reminder": (HOUR, False), "close": (2 * HOUR, False)}


def test_a_question_starts_them_too(talk: Talk) -> None:
    """Silence in qualification closes as in feedback: from the acknowledgement that asked."""
    talk.open("Hello\n")
    talk.settle("acknowledgement")
    assert (talk.ticket.stage, due(talk)) == ("qualification", {"reminder": (5 * DAY, False), "close": (7 * DAY, False)})


def test_who_was_not_asked_is_not_waited_for(talk: Talk) -> None:
    """An acknowledgement without a question starts nothing: its fate is not even watched."""
    talk.open()
    assert not talk.sent[0].watched
    talk.meet(talk.sent[0])
    assert due(talk) == {}


def test_reminded_once(talk: Talk) -> None:
    """After the reminder closing waits until it was accepted, and 48 hours at the least."""
    answered(talk)
    talk.fire("reminder")
    assert (talk.told, due(talk)) == ([f"reminder to {ANN}"], {"close": (2 * DAY, True)})
    talk.clock.forward(HOUR)
    talk.settle("reminder")
    assert due(talk) == {"close": (AFTER_REMINDER, False)}
    talk.fire("close")
    assert talk.ticket.stage == "done"


@pytest.mark.parametrize(("late", "left"), [(timedelta(), 2 * DAY), (DAY, 2 * DAY), (10 * DAY, 2 * DAY)])
def test_closing_moves_with_a_late_reminder(talk: Talk, late: timedelta, left: timedelta) -> None:
    """However late the reminder was accepted: 48 hours from then."""
    answered(talk)
    talk.fire("reminder")
    talk.clock.forward(late)
    talk.settle("reminder")
    assert due(talk) == {"close": (left, False)}


def test_closing_is_not_moved_forward(new_talk: Any) -> None:
    """Where the reminder came early, closing keeps its own time."""
    talk = new_talk(reminder=DAY, close=10 * DAY)
    answered(talk)
    talk.fire("reminder")
    talk.settle("reminder")
    assert due(talk) == {"close": (9 * DAY, False)}


def test_reminder_mail_tells_the_day(talk: Talk) -> None:
    """The day that it names is that on which the ticket is closed at the earliest."""
    answered(talk)
    talk.fire("reminder")
    assert "not before 11 March 2026, 13:00 (Europe/Brussels)" in " ".join(talk.last[0].draft.text.split())


def test_late_reminder_mail_tells_the_day(talk: Talk) -> None:
    """One that goes out twenty days late still leaves two days."""
    answered(talk)
    talk.clock.forward(25 * DAY)
    talk.fire("reminder")
    assert "not before 31 March 2026, 14:00 (Europe/Brussels)" in " ".join(talk.last[0].draft.text.split())
    talk.settle("reminder")
    assert due(talk) == {"close": (2 * DAY, False)}


def test_closed_by_silence(talk: Talk) -> None:
    """The requester alone is told how to go on, the fate of that mail is not watched, and no timer is left."""
    answered(talk)
    talk.fire("reminder")
    talk.settle("reminder")
    decision = talk.fire("close")
    assert (talk.told, due(talk), talk.last[0].watched) == ([f"closing to {ANN}"], {}, False)
    assert "we have not heard from you" in talk.last[0].draft.text
    assert [(each.kind, each.reason) for each in decision.events] == [("TimeCame", "close"), ("TicketChanged", "")]


def test_closing_before_the_reminder(talk: Talk) -> None:
    """Where the reminder was put off and closing comes first, it waits: nobody is closed before he was reminded."""
    answered(talk)
    talk.clock.forward(7 * DAY)
    close = next(each for each in talk.ticket.due if each.kind == "close")
    talk._decide(TimeCame(ticket=1, kind="close", at=close.at))
    assert (talk.ticket.stage, talk.told) == ("feedback", [])
    assert due(talk) == {"reminder": (-2 * DAY, False), "close": (timedelta(), True)}
    talk.fire("reminder")
    talk.settle("reminder")
    assert due(talk) == {"close": (AFTER_REMINDER, False)}


@pytest.mark.parametrize("stage", ["process", "done"])
@pytest.mark.parametrize("kind", ["reminder", "close"])
def test_a_timer_that_should_not_be_there(talk: Talk, kind: str, stage: str) -> None:
    """Where nobody is waited for it does nothing, and is gone."""
    answered(talk)
    talk.facts = replace(talk.facts, tickets={1: replace(talk.ticket, stage=stage)})  # type: ignore[arg-type]
    talk.fire(kind)
    assert (talk.ticket.stage, talk.told) == (stage, [])
    assert kind not in due(talk)


@pytest.mark.parametrize("text", ["#assign raj\n", "#note\nx\n", "#version 16.0\n", "#history\n", "#tkae\n"])
@pytest.mark.parametrize("reminded", [False, True])
def test_what_agents_do_does_not_touch_them(talk: Talk, text: str, reminded: bool) -> None:
    """Commands, notes and mistakes leave them as they are, before the reminder and after it."""
    answered(talk)
    if reminded:
        talk.fire("reminder")
    before = talk.ticket.due
    talk.answer(text)
    assert talk.ticket.due == before


@pytest.mark.parametrize(
    "what",
    [
        lambda talk: talk.write("Still the same.\n"),
        lambda talk: talk.write("Thanks!\n"),
        lambda talk: talk.answer("More.\n"),
        lambda talk: talk.answer("#close\n"),
        lambda talk: talk.answer("#spam\n"),
        lambda talk: talk.answer("#reopen\n"),
        lambda talk: talk.bounce("answer", ANN),
        lambda talk: talk.come("Me too.\n", by="eve@example.net", to=talk.address("c", ANN)),
    ],
    ids=["customer", "thanks", "answer", "close", "spam", "reopen", "bounce", "guest"],
)
@pytest.mark.parametrize("reminded", [False, True])
def test_what_stops_them(talk: Talk, what: Any, reminded: bool) -> None:
    """The customer's word, a new answer, the end, a bounce, a guest: no silence counts any more; a late reminder's fate wakes nothing."""
    answered(talk)
    talk.clock.forward(HOUR)
    if reminded:
        talk.fire("reminder")
    talk.clock.forward(HOUR)
    what(talk)
    assert due(talk) == {}
    if reminded:
        talk.settle("reminder")
        assert due(talk) == {}


def test_other_timers_are_left_alone(talk: Talk) -> None:
    """What is due for other reasons stays."""
    embargo = Due(kind="embargo", at=talk.clock.now() + 90 * DAY)
    ticket = talk.open(proven=True)
    talk.facts = replace(talk.facts, tickets={1: replace(ticket, due=(embargo,))})
    talk.answer()
    talk.settle("answer")
    assert embargo in talk.ticket.due
    talk.fire("reminder")
    talk.settle("reminder")
    talk.fire("close")
    assert talk.ticket.due == (embargo,)
