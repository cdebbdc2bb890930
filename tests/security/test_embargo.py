"""When an advisory becomes public: never before subscribers had their time, later if asked, early by the word of two."""

from __future__ import annotations

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
    talk.agent = NINA
    talk.open("The SECRET is x.\n", to="security@example.com", proven=True)
    return talk


def due(talk: Talk) -> dict[str, datetime]:
    """The timers."""
    return {each.kind: each.at for each in talk.ticket.due}


# --- the embargo ------------------------------------------------------------------------------------------------


def approved(talk: Talk) -> None:
    """Drafted, reviewed, approved."""
    talk.at("correction")
    talk.steer(DRAFT, "#review")
    talk.steer("#approve", by=MIRA)


def test_broadcast(case: Talk) -> None:
    """At once, and public fourteen days after: not a second sooner."""
    approved(case)
    case.steer("#broadcast")
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
        case.steer(f"#embargo {asked}")
    case.clock.forward(days * DAY)
    case.steer("#broadcast")
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
    case.wrong(f"#embargo {day}", why)


def test_a_later_day_after_the_broadcast(case: Talk) -> None:
    """It may be put off; what subscribers were told is never drawn forward again."""
    approved(case)
    case.steer("#broadcast")
    case.wrong("#embargo 2026-03-18", "too early")
    case.steer("#embargo 2026-04-01")
    assert due(case)["embargo"] == datetime(2026, 4, 1, tzinfo=UTC)
    case.wrong("#embargo 2026-03-25", "too early: subscribers have until 2026-04-01 00:00 UTC")
    case.steer("#embargo 2026-04-02")
    assert due(case)["embargo"] == datetime(2026, 4, 2, tzinfo=UTC)


def test_time_goes_on_after_the_broadcast(case: Talk) -> None:
    """The fourteen days count from the broadcast, not from when somebody asks."""
    approved(case)
    case.steer("#broadcast")
    case.clock.forward(10 * DAY)
    case.steer("#embargo 2026-03-19")
    assert due(case)["embargo"] == datetime(2026, 3, 19, tzinfo=UTC)


def test_longer_by_configuration(new_talk: Any) -> None:
    """The operator may promise more."""
    talk = new_talk(embargo=timedelta(days=90))
    talk.agent = NINA
    talk.open(to="security@example.com", proven=True)
    approved(talk)
    talk.wrong("#embargo 2026-06-02", "too early")
    talk.steer("#broadcast")
    assert due(talk)["embargo"] == NOON + 90 * DAY


@pytest.mark.parametrize("before", ["public", "rejected"])
def test_no_embargo_at_the_end(case: Talk, before: str) -> None:
    """What is public stays so."""
    case.at(before)
    case.wrong("#embargo 2027-01-01", f"the case stands at {before} now, and this is for one at ")


# --- early release ----------------------------------------------------------------------------------------------


def test_release(case: Talk) -> None:
    """One asks, with a reason; another approves; then it is due at once."""
    approved(case)
    case.steer("#broadcast")
    case.wrong("#release", "it does not say why")
    case.clock.forward(DAY)
    case.steer("#release it is in the news")
    assert due(case)["embargo"] == NOON + 14 * DAY
    case.wrong("#approve", "whoever asked for the release cannot approve it")
    case.steer("#approve", by=MIRA)
    assert due(case)["embargo"] == case.clock.now()
    assert case.ticket.case == "broadcast"


def test_the_approval_of_the_advisory_is_none_of_the_release(case: Talk) -> None:
    """A release needs an approval of its own, by whoever did not ask for it, though he wrote the advisory."""
    approved(case)
    case.steer("#broadcast")
    case.steer("#release it is in the news", by=MIRA)
    assert due(case)["embargo"] == NOON + 14 * DAY
    case.wrong("#approve", "whoever asked", by=MIRA)
    case.steer("#approve")
    assert due(case)["embargo"] == case.clock.now()


@pytest.mark.parametrize("before", NOT_BROADCAST)
def test_release_of_what_was_not_broadcast(case: Talk, before: str) -> None:
    """There is nothing to release early before subscribers have it, or after everybody has."""
    case.at(before)
    case.wrong("#release x", f"the case stands at {before} now, and this is for one at broadcast")


@pytest.mark.parametrize("before", NOT_BROADCAST)
def test_approval_of_a_release_elsewhere(case: Talk, before: str) -> None:
    """Whoever approves a release approves nothing else by it, and nothing is drawn forward but what is under embargo."""
    case.at(before, advisory=DRAFT.removeprefix("#advisory\n"), advisory_by=NINA, release_by=NINA)
    case.wrong("#approve", f"the case stands at {before} now, and this is for one at broadcast", by=MIRA)


def test_approve_without_a_release(case: Talk) -> None:
    """After the broadcast an approval that nobody asked for draws nothing forward."""
    approved(case)
    case.steer("#broadcast")
    case.wrong("#approve", "the case stands at broadcast now, and this is for one at review", by=MIRA)
    assert Due(kind="embargo", at=NOON + 14 * DAY) in case.ticket.due
