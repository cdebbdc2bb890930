"""What follows an attempt to send a mail. Pure: times and chance are parameters."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

OutboxState = Literal["queued", "sending", "sent", "deferred", "failed", "uncertain"]
Fate = Literal["accepted", "deferred", "refused", "uncertain"]
FIRST_DELAY, LONGEST_DELAY = timedelta(minutes=1), timedelta(hours=4)
AGAIN_AFTER = timedelta(minutes=30)
# Silence after the final dot: the mail may have arrived. A person's answer is worth a second copy, a machine's mail is not.
SENT_ONCE_MORE = frozenset({"answer"})
_REFUSAL = re.compile(r"(?:[^ ]+: |given up: )*[45]\d\d(?: [45]\.\d{1,3}\.\d{1,3})?(?![^ ])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What the next hop said about one recipient; `reply` is without addresses."""

    fate: Fate
    reply: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """A mail that was being sent: how often it was tried (this time included), and whether it may be there already."""

    kind: str
    attempts: int
    created_at: datetime
    twice: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """The state that follows; `twice` marks a mail that may reach its recipient a second time."""

    state: OutboxState
    due_at: datetime
    twice: bool
    reply: str


def next_step(attempt: Attempt, result: Result, now: datetime, give_up: timedelta, chance: float) -> Step:
    """RFC 5321, section 4.5.4.1: 4xx is tried again for days, ever more rarely; 5xx is final. `chance` is in [0, 1)."""
    if result.fate == "accepted":
        return Step(state="sent", due_at=now, twice=attempt.twice, reply=result.reply)
    if result.fate == "refused":
        return Step(state="failed", due_at=now, twice=attempt.twice, reply=result.reply)
    if result.fate == "uncertain":
        if attempt.kind in SENT_ONCE_MORE and not attempt.twice:
            return Step(state="deferred", due_at=now + AGAIN_AFTER, twice=True, reply=result.reply)
        return Step(state="uncertain", due_at=now, twice=attempt.twice, reply=result.reply)
    due_at = now + delay_after(attempt.attempts, chance)
    if due_at - attempt.created_at > give_up:
        return Step(state="failed", due_at=now, twice=attempt.twice, reply=f"given up: {result.reply}")
    return Step(state="deferred", due_at=due_at, twice=attempt.twice, reply=result.reply)


def codes_of(said: str) -> str:
    """A reply as a log may tell it: a refusal may quote the mail or name a person, so only its codes; an acceptance is told whole."""
    refusal = _REFUSAL.match(said)
    return refusal[0] if refusal else said


def delay_after(attempts: int, chance: float) -> timedelta:
    """Doubling from a minute to four hours, a quarter more or less, so that a burst does not come back as one."""
    plain: timedelta = min(FIRST_DELAY * 2.0 ** min(attempts - 1, 20), LONGEST_DELAY)
    return plain * (0.75 + chance / 2)
