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


class Jobs:
    """Runs the jobs, each again and again. One that fails is logged and looks again next time; one that is late runs once."""

    def __init__(self, jobs: Mapping[str, Job], log: Logger) -> None:
        self._log = log
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        for name, job in jobs.items():
            trigger = IntervalTrigger(seconds=SECONDS[name], timezone=UTC)
            self._scheduler.add_job(
                self._run, trigger, (name, job), id=name, misfire_grace_time=None, coalesce=True, max_instances=1
            )

    def start(self) -> None:
        """Starts the clock."""
        self._scheduler.start()

    def stop(self) -> None:
        """Starts no job any more; may be called at any time."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    async def _run(self, name: str, job: Job) -> None:
        try:
            await job()
        except Exception as error:  # the next look comes anyway; a job must not take the daemon down
            self._log.warning("job failed", job=name, reason=reason_of(error))
