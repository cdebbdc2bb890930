"""`maild tick`: what is due is handled by hand, or only told; errors; and no clock goes past mail that nobody has read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from maild.clock import SystemClock, iso, to_stamp
from maild.config import load_config
from maild.keys.ring import open_keyring
from maild.store.store import Store
from maild.store.tables import DUE

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
DONE = ("at", "ticket", "what", "stage", "sent")
AHEAD = ("at", "ticket", "what", "waits")


def now() -> datetime:
    """The machine's time, to the second: commands go by it."""
    return SystemClock().now().replace(microsecond=0)


@pytest.fixture
def asked(place: Any, mail: Callable[..., bytes]) -> datetime:
    """A desk with one ticket whose customer was asked something, and got it at this time."""
    place.fill((mail("The tax is wrong.\n", Subject="Tax"), "support@example.com"))
    at = now() - MINUTE
    assert place.settle("sent", at, "acknowledgement") == 1
    return at


def store_of(place: Any) -> Store:
    config = load_config(place.folder / "maild.toml", {})
    return Store(config, open_keyring(config.state / "keys"))


def due(place: Any) -> dict[str, str]:
    return {each["kind"]: each["at"] for each in place.ticket(1)["due"]}


def test_nothing_is_due(place: Any, mail: Callable[..., bytes]) -> None:
    """Then nothing is said, and that is no error."""
    place.fill((mail(), "support@example.com"))
    for words in (["tick"], ["tick", "--json"], ["tick", "--dry-run"], ["tick", "--as-of", "2001-01-01"]):
        said = place.maild(*words)
        assert (said.code, said.out, said.err) == (0, "", "")


def test_the_fates_of_mails_are_due_at_once(place: Any, asked: datetime) -> None:
    """What the next hop took is taken up, and the customer's clocks run from there."""
    (told,) = place.maild("tick", "--json").objects
    assert told == {"at": iso(asked), "ticket": 1, "what": "MailAccepted acknowledgement", "stage": "qualification", "sent": []}
    assert tuple(told) == DONE
    assert due(place) == {"reminder": iso(asked + 5 * DAY), "close": iso(asked + 7 * DAY)}


def test_as_of_a_time_to_come(place: Any, asked: datetime) -> None:
    """Everything until then, in order, each at its own time: the reminder, and once that was accepted, the closing."""
    assert [each["what"] for each in place.maild("tick", "--as-of", iso(asked + 5 * DAY - MINUTE), "--json").objects] == [
        "MailAccepted acknowledgement"
    ]
    (reminded,) = place.maild("tick", "--as-of", iso(asked + 99 * DAY), "--json").objects
    assert (reminded["at"], reminded["what"], reminded["sent"]) == (iso(asked + 5 * DAY), "TimeCame reminder", ["reminder"])
    assert place.maild("tick", "--as-of", iso(asked + 99 * DAY)).out == "", "closing waits until the reminder is there"
    place.settle("sent", asked + 2 * MINUTE, "reminder")
    said = place.maild("tick", "--as-of", iso(asked + 7 * DAY))
    assert said.out.splitlines() == [
        f"{iso(asked + 2 * MINUTE)}  #1  MailAccepted reminder",
        f"{iso(asked + 7 * DAY)}  #1  TimeCame close",
    ]
    told = place.ticket(1)
    assert (told["stage"], told["due"]) == ("done", [])
    closed = [each for each in told["events"] if each["kind"] == "TicketChanged" and each["data"].get("stage") == "done"]
    assert [each["at"] for each in closed] == [iso(asked + 7 * DAY)]


def test_a_dry_run(place: Any, asked: datetime) -> None:
    """It tells what is due and changes nothing, however often."""
    as_of = iso(asked + 9 * DAY)
    (told,) = place.maild("tick", "--dry-run", "--json").objects
    assert told == {"at": iso(asked), "ticket": 1, "what": "acknowledgement sent", "waits": False}
    assert tuple(told) == AHEAD
    place.maild("tick")
    before = place.ticket(1), place.maild("outbox", "list", "--json").out
    for _ in range(2):
        said = place.maild("tick", "--as-of", as_of, "--dry-run")
        assert said.out.splitlines() == [f"{iso(asked + 5 * DAY)}  #1  reminder", f"{iso(asked + 7 * DAY)}  #1  close"]
    assert (place.ticket(1), place.maild("outbox", "list", "--json").out) == before


@pytest.mark.parametrize("written", ["tomorrow", "2026-13-01", "12:00", "", "2026-11-30T12:00Q"])
def test_a_wrong_time(place: Any, written: str, mail: Callable[..., bytes]) -> None:
    """It ends with 64, shows what was written and how to write it, and has done nothing."""
    place.fill((mail(), "support@example.com"))
    said = place.maild("tick", f"--as-of={written}")
    said.failed(64, f"'{written}' is no time", "2026-11-30T12:00Z")
    assert said.out == ""


@pytest.mark.parametrize(
    "write",
    [
        lambda at: at.strftime("%Y-%m-%dT%H:%MZ"),
        lambda at: at.strftime("%Y-%m-%d %H:%M"),
        lambda at: (at + 2 * HOUR).strftime("%Y-%m-%dT%H:%M+02:00"),
    ],
    ids=["Z", "without a zone: UTC", "with an offset"],
)
def test_ways_to_write_a_time(place: Any, asked: datetime, write: Callable[[datetime], str]) -> None:
    """All these mean the same moment."""
    place.maild("tick")
    at = asked.replace(second=0) + 5 * DAY
    assert place.maild("tick", "--as-of", write(at - MINUTE), "--dry-run").out == ""
    assert len(place.maild("tick", "--as-of", write(at + MINUTE), "--dry-run").out.splitlines()) == 1


def test_no_desk_yet(place: Any) -> None:
    """Without a database there is nothing to do, and the way to one is told."""
    place.maild("tick").failed(66, "maild run")
    assert not (place.state / "maild.db").exists()


def test_a_timer_that_fails(place: Any, asked: datetime) -> None:
    """It is told on stderr, as the log is; standard output stays JSON, and the others are handled."""
    store = store_of(place)
    with store.database.writing() as connection:
        row = {"ticket": 1, "kind": "nonsense", "at": to_stamp(asked), "waits": False, "held_until": 0}
        connection.execute(DUE.insert(), [row])
    store.close()
    said = place.maild("tick", "--as-of", iso(asked + 5 * DAY), "--json")
    assert said.code == 0
    assert [each["what"] for each in said.objects] == ["MailAccepted acknowledgement", "TimeCame reminder"]
    assert "it failed alone and was put off" in said.err
    assert "nonsense" in said.err
    assert "Traceback" not in said.err


def test_while_the_desk_was_stopped(place: Any, asked: datetime) -> None:
    """Nothing could come in: that was not the customer's silence, so the clocks go on later by as much."""
    place.maild("tick")
    store = store_of(place)
    with store.database.writing() as connection:
        connection.execute(
            text("UPDATE counter SET value = value - :us WHERE name = 'intake'"), {"us": DAY // timedelta(microseconds=1)}
        )
    store.close()
    said = place.maild("tick", "--as-of", iso(asked + 5 * DAY + HOUR))
    assert (said.code, said.out) == (0, "")
    later = datetime.fromisoformat(due(place)["reminder"]) - asked
    assert timedelta(days=6) <= later < timedelta(days=6) + HOUR
    assert "ClocksPostponed" in [each["kind"] for each in place.ticket(1)["events"]]


def test_older_mail_that_nobody_has_read(place: Any, asked: datetime, mail: Callable[..., bytes]) -> None:
    """A mail in the maildrop may be the customer's answer: the clocks of silence wait for it, and the dry run says so."""
    place.maild("tick")
    assert place.maild("deliver", "--to", "support@example.com", stdin=mail(Message_ID="<2@example.org>")).code == 0
    as_of = iso(asked + 9 * DAY)
    said = place.maild("tick", "--as-of", as_of, "--dry-run", "--json")
    assert [(each["what"], each["waits"]) for each in said.objects] == [
        ("reminder, waits for older mail", True), ("close, waits for older mail", True),
    ]  # fmt: skip
    assert place.maild("tick", "--as-of", as_of).out == ""
    assert set(due(place)) == {"reminder", "close"}


def test_no_time_in_the_past_undoes_anything(place: Any, asked: datetime) -> None:
    """As of a time gone by, timers that are due later are left alone."""
    place.maild("tick")
    before = place.ticket(1)
    assert place.maild("tick", "--as-of", iso(datetime(2020, 1, 1, tzinfo=UTC))).out == ""
    assert place.ticket(1) == before
