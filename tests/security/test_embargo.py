"""When an advisory becomes public: never before subscribers had their time, later if asked, early by the word of two."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from maild.tickets.ticket import Due

if TYPE_CHECKING:
    from conftest import Talk

NINA, MIRA = "nina@example.com", "mira@example.com"
NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)
DRAFT = "#advisory\nTitle: x\nSeverity: high\nAffected: 17.0\nImpact: y\nRemedy: update\n"
NOT_BROADCAST = ("received", "acknowledged", "analysis", "confirmed", "rejected", "correction", "review", "advisory", "public")


@pytest.fixture
def case(talk: Talk) -> Talk:
    """A report of a vulnerability."""
    talk.open("The SECRET is x.\n", to="security@example.com", proven=True)
    return talk


def steer(talk: Talk, *commands: str, by: str = NINA) -> None:
    """A member of the team gives commands, and all are right."""
    for each in commands:
        talk.write(f"{each}\n", by=by, role="a")
        assert "error" not in [mail.kind for mail in talk.last], talk.last[-1].draft.text


def wrong(talk: Talk, command: str, why: str, by: str = NINA) -> None:
    """The command comes back with this reason, and nothing has changed."""
    before = talk.ticket
    talk.write(f"{command}\n", by=by, role="a")
    assert talk.told == [f"error to {by}"]
    assert why in talk.last[0].draft.text
    assert talk.ticket == before


def at(talk: Talk, name: str, **papers: str) -> None:
    """The ticket in this state, with these papers."""
    ticket = talk.ticket
    papers = {each.replace("_", " "): text for each, text in papers.items()}
    talk.facts = replace(talk.facts, tickets={1: replace(ticket, case=name, papers={**ticket.papers, **papers})})


def due(talk: Talk) -> dict[str, datetime]:
    """The timers."""
    return {each.kind: each.at for each in talk.ticket.due}


# --- the embargo ------------------------------------------------------------------------------------------------


def approved(talk: Talk) -> None:
    """Drafted, reviewed, approved."""
    at(talk, "correction")
    steer(talk, DRAFT, "#review")
    steer(talk, "#approve", by=MIRA)


def test_broadcast(case: Talk) -> None:
    """At once, and public fourteen days after: not a second sooner."""
    approved(case)
    steer(case, "#broadcast")
    now = case.clock.now()
    assert (case.ticket.case, due(case)) == ("broadcast", {"broadcast": now, "embargo": now + 14 * DAY})


@pytest.mark.parametrize(
    ("asked", "public"),
    [(None, "2026-03-18T12:00"), ("2026-03-19", "2026-03-19T00:00"), ("2026-06-01", "2026-06-01T00:00")],
)
@pytest.mark.parametrize("days", [0, 30])
def test_a_later_day_before_the_broadcast(case: Talk, asked: str | None, public: str, days: int) -> None:
    """A day that was asked for counts where it is later than fourteen days after the broadcast, else those count."""
    approved(case)
    if asked:
        steer(case, f"#embargo {asked}")
    case.clock.forward(days * DAY)
    steer(case, "#broadcast")
    floor = case.clock.now() + 14 * DAY
    assert due(case)["embargo"] == max(floor, datetime.fromisoformat(public).replace(tzinfo=UTC) if asked else floor)


@pytest.mark.parametrize(
    ("day", "why"),
    [
        ("", "is no date"),
        ("soon", "is no date like 2026-11-30"),
        ("2026-03-18", "too early: subscribers have until 2026-03-18 12:00 UTC"),
        ("2026-03-04", "too early"),
        ("1999-01-01", "too early"),
    ],
)
def test_too_early(case: Talk, day: str, why: str) -> None:
    """Never before fourteen days are over, to the minute."""
    wrong(case, f"#embargo {day}", why)


def test_a_later_day_after_the_broadcast(case: Talk) -> None:
    """It may be put off; what subscribers were told is never drawn forward again."""
    approved(case)
    steer(case, "#broadcast")
    wrong(case, "#embargo 2026-03-18", "too early")
    steer(case, "#embargo 2026-04-01")
    assert due(case)["embargo"] == datetime(2026, 4, 1, tzinfo=UTC)
    wrong(case, "#embargo 2026-03-25", "too early: subscribers have until 2026-04-01 00:00 UTC")
    steer(case, "#embargo 2026-04-02")
    assert due(case)["embargo"] == datetime(2026, 4, 2, tzinfo=UTC)


def test_time_goes_on_after_the_broadcast(case: Talk) -> None:
    """The fourteen days count from the broadcast, not from when somebody asks."""
    approved(case)
    steer(case, "#broadcast")
    case.clock.forward(10 * DAY)
    steer(case, "#embargo 2026-03-19")
    assert due(case)["embargo"] == datetime(2026, 3, 19, tzinfo=UTC)


def test_longer_by_configuration(new_talk: Any) -> None:
    """The operator may promise more."""
    talk = new_talk(embargo=timedelta(days=90))
    talk.open(to="security@example.com", proven=True)
    approved(talk)
    wrong(talk, "#embargo 2026-06-02", "too early")
    steer(talk, "#broadcast")
    assert due(talk)["embargo"] == NOON + 90 * DAY


@pytest.mark.parametrize("before", ["public", "rejected"])
def test_no_embargo_at_the_end(case: Talk, before: str) -> None:
    """What is public stays so."""
    at(case, before)
    wrong(case, "#embargo 2027-01-01", f"the case is {before}")


# --- early release ----------------------------------------------------------------------------------------------


def test_release(case: Talk) -> None:
    """One asks, with a reason; another approves; then it is due at once."""
    approved(case)
    steer(case, "#broadcast")
    wrong(case, "#release", "it does not say why")
    case.clock.forward(DAY)
    steer(case, "#release it is in the news")
    assert due(case)["embargo"] == NOON + 14 * DAY
    wrong(case, "#approve", "whoever asked for the release cannot approve it")
    steer(case, "#approve", by=MIRA)
    assert due(case)["embargo"] == case.clock.now()
    assert case.ticket.case == "broadcast"


def test_the_approval_of_the_advisory_is_none_of_the_release(case: Talk) -> None:
    """A release needs an approval of its own, by whoever did not ask for it, though he wrote the advisory."""
    approved(case)
    steer(case, "#broadcast")
    steer(case, "#release it is in the news", by=MIRA)
    assert due(case)["embargo"] == NOON + 14 * DAY
    wrong(case, "#approve", "whoever asked", by=MIRA)
    steer(case, "#approve")
    assert due(case)["embargo"] == case.clock.now()


@pytest.mark.parametrize("before", NOT_BROADCAST)
def test_release_of_what_was_not_broadcast(case: Talk, before: str) -> None:
    """There is nothing to release early before subscribers have it, or after everybody has."""
    at(case, before)
    wrong(case, "#release x", f"the case is in {before} now, and this is for one in broadcast")


def test_approve_without_a_release(case: Talk) -> None:
    """After the broadcast an approval that nobody asked for draws nothing forward."""
    approved(case)
    steer(case, "#broadcast")
    wrong(case, "#approve", "the case is in broadcast now, and this is for one in review", by=MIRA)
    assert Due(kind="embargo", at=NOON + 14 * DAY) in case.ticket.due
