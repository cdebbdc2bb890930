"""What a supervisor is told, where one listens (sd_notify(3)): ready, reloading, stopping, how it stands, still alive."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
from collections.abc import Awaitable, Callable

from maild.clock import monotonic_microseconds
from maild.log import Logger


def tell(*lines: str) -> None:
    """Sends lines like `READY=1`; does nothing where nobody listens."""
    where = os.environ.get("NOTIFY_SOCKET")
    if not where:
        return
    address = f"\0{where[1:]}" if where.startswith("@") else where
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as out, contextlib.suppress(OSError):
        out.sendto("\n".join(lines).encode("utf-8"), address)


def tell_reloading() -> None:
    """A reload began; `READY=1` says that it is over. systemd compares the time with that of its own order."""
    tell("RELOADING=1", f"MONOTONIC_USEC={monotonic_microseconds()}")


def watchdog_seconds() -> float | None:
    """How often the supervisor wants to hear from this process at the least, or None."""
    microseconds, pid = os.environ.get("WATCHDOG_USEC", ""), os.environ.get("WATCHDOG_PID", "")
    if not microseconds.isdecimal() or (pid and pid != str(os.getpid())):
        return None
    return int(microseconds) / 1_000_000 or None


async def feed_watchdog(answered: Callable[[], Awaitable[object]], log: Logger) -> None:
    """Says that we live, twice as often as is asked for, while the event loop runs and `answered` returns in time.

    Until cancelled. A daemon whose disk or database hangs looks alive from outside and takes no mail: it must be restarted.
    """
    seconds = watchdog_seconds()
    loop = asyncio.get_running_loop()
    while seconds is not None:
        again_at = loop.time() + seconds / 2
        try:
            async with asyncio.timeout(seconds / 2):
                await answered()
            tell("WATCHDOG=1")
        except Exception as error:  # whatever it was: no answer, and the supervisor decides
            log.error("watchdog not fed", reason=type(error).__name__)
        await asyncio.sleep(max(0.0, again_at - loop.time()))
