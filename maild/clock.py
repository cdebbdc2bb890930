"""What time it is. The only place that asks the machine; everybody else is told."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


class Clock(Protocol):
    """Where the time comes from; tests hand in one of their own."""

    def now(self) -> datetime:
        """The time, aware, in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The time, aware, in UTC."""
        return datetime.now(UTC)


def stopwatch() -> float:
    """Seconds from an arbitrary start, never going back: for measuring, not for dating."""
    return time.monotonic()


def monotonic_microseconds() -> int:
    """CLOCK_MONOTONIC, as systemd counts it."""
    return time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000


def to_stamp(when: datetime) -> int:
    """Microseconds since 1970, as databases keep times here."""
    return (when - EPOCH) // MICROSECOND


def from_stamp(stamp: int) -> datetime:
    """The inverse of `to_stamp`."""
    return EPOCH + timedelta(microseconds=stamp)


def iso(when: datetime) -> str:
    """ISO 8601 in UTC with `Z`, to the second, as all JSON of maild writes it."""
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
