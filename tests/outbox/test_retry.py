"""What follows an attempt: a table of fates, and delays that grow."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.outbox.retry import AGAIN_AFTER, FIRST_DELAY, LONGEST_DELAY, Attempt, Result, Step, codes_of, delay_after, next_step

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
GIVE_UP = timedelta(days=5)


def step(
    fate: str,
    *,
    kind: str = "acknowledgement",
    attempts: int = 1,
    age: timedelta = timedelta(0),
    twice: bool = False,
    chance: float = 0.5,
) -> Step:
    """What follows such an attempt at noon."""
    attempt = Attempt(kind=kind, attempts=attempts, created_at=NOON - age, twice=twice)
    return next_step(attempt, Result(fate=fate, reply="the reply"), NOON, GIVE_UP, chance)  # type: ignore[arg-type]


def test_accepted_is_sent() -> None:
    """The next hop has it: nothing more is due, and a mail that may be there twice stays marked so."""
    assert step("accepted") == Step(state="sent", due_at=NOON, twice=False, reply="the reply")
    assert step("accepted", twice=True).twice


def test_refused_is_final() -> None:
    """RFC 5321, section 4.2.1: 5xx is not tried again, not even the first time."""
    assert step("refused", attempts=1) == Step(state="failed", due_at=NOON, twice=False, reply="the reply")


def test_deferred_is_tried_again() -> None:
    """4xx waits, longer each time, and keeps the reason."""
    assert step("deferred", attempts=1) == Step(state="deferred", due_at=NOON + FIRST_DELAY, twice=False, reply="the reply")
    assert step("deferred", attempts=3).due_at == NOON + 4 * FIRST_DELAY
    assert step("deferred", twice=True).twice


@pytest.mark.parametrize(
    ("age", "state"),
    [
        (GIVE_UP - timedelta(hours=5), "deferred"),
        (GIVE_UP - LONGEST_DELAY, "deferred"),
        (GIVE_UP - LONGEST_DELAY + timedelta(seconds=1), "failed"),
        (GIVE_UP, "failed"),
    ],
)
def test_after_days_it_is_given_up(age: timedelta, state: str) -> None:
    """RFC 5321, section 4.5.4.1: when the next attempt would come too late, it has failed, and the last reply says why."""
    found = step("deferred", attempts=40, age=age)
    assert found.state == state
    assert found.reply == ("the reply" if state == "deferred" else "given up: the reply")


@pytest.mark.parametrize("kind", ["acknowledgement", "notification", "operator"])
def test_a_machines_mail_is_not_sent_twice(kind: str) -> None:
    """Silence after the final dot: it may have arrived, and a second copy is worth less than a doubt."""
    assert step("uncertain", kind=kind) == Step(state="uncertain", due_at=NOON, twice=False, reply="the reply")


def test_a_persons_answer_is_sent_once_more() -> None:
    """An answer must arrive: one more attempt, marked as possibly the second copy; then it stays uncertain."""
    assert step("uncertain", kind="answer") == Step(state="deferred", due_at=NOON + AGAIN_AFTER, twice=True, reply="the reply")
    assert step("uncertain", kind="answer", twice=True) == Step(state="uncertain", due_at=NOON, twice=True, reply="the reply")


@given(attempts=st.integers(1, 10_000), chance=st.floats(0, 1, exclude_max=True))
def test_delays_double_up_to_a_limit(attempts: int, chance: float) -> None:
    """A quarter more or less than the plain delay, never less than 45 seconds, never more than five hours."""
    plain = FIRST_DELAY * 2 ** min(attempts - 1, 8)
    found = delay_after(attempts, chance)
    assert min(plain, LONGEST_DELAY) * 0.75 <= found <= min(plain, LONGEST_DELAY) * 1.25
    assert timedelta(seconds=45) <= found <= timedelta(hours=5)


@given(attempts=st.integers(1, 30))
def test_chance_spreads_a_burst(attempts: int) -> None:
    """A thousand mails that were deferred together do not come back together."""
    assert delay_after(attempts, 0.0) < delay_after(attempts, 0.5) < delay_after(attempts, 0.999)


@given(
    fate=st.sampled_from(["accepted", "deferred", "refused", "uncertain"]),
    kind=st.sampled_from(["answer", "acknowledgement"]),
    attempts=st.integers(1, 100),
    age=st.timedeltas(timedelta(0), timedelta(days=30)),
    twice=st.booleans(),
    chance=st.floats(0, 1, exclude_max=True),
)
def test_any_attempt_has_a_next_step(fate: str, kind: str, attempts: int, age: timedelta, twice: bool, chance: float) -> None:
    """Never due in the past, never unmarked again, and deferred only to a later time."""
    found = step(fate, kind=kind, attempts=attempts, age=age, twice=twice, chance=chance)
    assert found.due_at >= NOON
    assert found.twice >= twice
    assert (found.state == "deferred") is (found.due_at > NOON)
    assert found.state in ("sent", "failed", "deferred", "uncertain")


def test_a_mail_is_tried_for_days_and_then_fails() -> None:
    """The whole life of a mail that nobody takes: some forty attempts, ever rarer, within the time that is allowed."""
    now, attempts = NOON, 1
    while (
        found := next_step(
            Attempt(kind="acknowledgement", attempts=attempts, created_at=NOON, twice=False),
            Result(fate="deferred", reply="x"),
            now,
            GIVE_UP,
            0.5,
        )
    ).state == "deferred":
        assert found.due_at - now >= timedelta(minutes=1)
        now, attempts = found.due_at, attempts + 1
    assert found.state == "failed"
    assert timedelta(days=4, hours=18) < now - NOON <= GIVE_UP
    assert 30 < attempts < 50


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("", ""),
        ("250 2.0.0 Ok: queued as 4F2A", "250 2.0.0 Ok: queued as 4F2A"),
        ("550 5.1.1 <address>: Ann Berg left", "550 5.1.1"),
        ("550 Ann left", "550"),
        ("451 4.7.1", "451 4.7.1"),
        ("given up: 450 4.2.0 Ann's mailbox", "given up: 450 4.2.0"),
        ("mail.example.net: 421 4.7.0 too many for Ann", "mail.example.net: 421 4.7.0"),
        ("127.0.0.1:25: Error connecting", "127.0.0.1:25: Error connecting"),
        ("no reply after the final dot (TimeoutError)", "no reply after the final dot (TimeoutError)"),
        ("5.1.3 not an address that can be written to", "5.1.3 not an address that can be written to"),
    ],
)
def test_codes(said: str, told: str) -> None:
    """A refusal is told in logs by its codes alone; everything else is told whole."""
    assert codes_of(said) == told
