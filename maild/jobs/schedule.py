"""The jobs of the front and how often each looks for work: one table. The only user of APScheduler."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from maild.log import Logger, reason_of

SECONDS: Mapping[str, int] = {
    "maildrop": 1,  # the pipe's mail and the command line's orders
    "deferred": 1,  # spooled mail whose time has come
    "due": 5,  # timers, and fates of mails that nobody took up
    "intake": 60,  # says that mail could come in until now
    "outbox": 15,  # what the command line made due beside us
    "operator": 300,  # one note about what needs a hand
    "standing": 5,  # how it stands, for monitoring
    "retention": 3600,  # what is done and old
}
Job = Callable[[], Awaitable[None]]


def start_jobs(jobs: Mapping[str, Job], log: Logger) -> AsyncIOScheduler:
    """Starts the clock. A job that fails is logged and looks again next time; one that is late runs once, not often."""
    scheduler = AsyncIOScheduler(timezone=UTC)
    for name, job in jobs.items():
        trigger = IntervalTrigger(seconds=SECONDS[name], timezone=UTC)
        scheduler.add_job(_guarded(name, job, log), trigger, id=name, misfire_grace_time=None, coalesce=True, max_instances=1)
    scheduler.start()
    return scheduler


def _guarded(name: str, job: Job, log: Logger) -> Job:
    async def run() -> None:
        try:
            await job()
        except Exception as error:  # the next look comes anyway; a job must not take the daemon down
            log.warning("job failed", job=name, reason=reason_of(error))

    return run
