"""Time passes: what is due is handled portion by portion, unless older mail still waits. Run by a worker, and by `maild tick`.

A timer that fails, or at which workers die, is put off for an hour and told in the log; it never stands in the way of the others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from maild.clock import EPOCH, from_stamp, iso
from maild.errors import StoreTrouble
from maild.intake.maildrop import oldest_drop
from maild.intake.spool import ticket_key
from maild.log import Logger, reason_of
from maild.pipeline import PORTION, Desk, pass_time
from maild.store.spool import SpoolReader
from maild.store.timers import LOOKED_AT
from maild.tickets.decision import Decision
from maild.tickets.happening import TimeCame
from maild.tickets.lifecycle import SILENCE

LAG = timedelta(minutes=15)  # for a time to come (`maild tick --as-of`), a folder that was seen empty so lately is empty
AT_THE_END = datetime.max.replace(tzinfo=UTC)


class Clockwork:
    """Handles timers and the fates of mails."""

    def __init__(self, desk: Desk, spool: SpoolReader, maildrop: Path, log: Logger) -> None:
        self._desk = desk
        self._spool = spool
        self._maildrop = maildrop
        self._log = log
        self._failed: set[TimeCame] = set()

    def pass_time(self, deaths: int = 0) -> bool:
        """Handles one portion of what is due now; says whether there may be more.

        Args:
            deaths: so many workers died at it of late. After the first the portion is a single one; after another the oldest is to blame.
        """
        now = self._desk.clock.now()
        if deaths > 1:
            self._put_off(now, self._look_around(), "a worker died at it")
        return self.handle(now, most=1 if deaths else PORTION) is not None

    def run(self, until: datetime) -> Iterator[dict[str, object]]:
        """Everything that is due by a time, portion by portion, told as it happens."""
        while (decisions := self.handle(until)) is not None:
            for each in decisions:
                assert each.ticket is not None
                first = each.events[0]
                what = f"{first.kind} {first.reason or first.data.get('class', '')}".strip()
                sent = [mail.kind for mail in each.mails]
                yield {"at": iso(first.at), "ticket": each.ticket.number, "what": what, "stage": each.ticket.stage, "sent": sent}

    def upcoming(self, until: datetime) -> Iterator[dict[str, object]]:
        """What is due by a time, and whether it may happen now. Changes nothing."""
        may_fire = self._look_around()
        with self._desk.store.preview() as tx:
            settled, due, _ = tx.what_is_due(until, LOOKED_AT, lambda _: True)
        for fate in settled:
            yield {"at": iso(fate.at), "ticket": fate.ticket, "what": f"{fate.kind} {fate.state}", "waits": False}
        for timer in due:
            waits = not may_fire(timer)
            what = f"{timer.kind}{', waits for older mail' if waits else ''}"
            yield {"at": iso(timer.at), "ticket": timer.ticket, "what": what, "waits": waits}

    def handle(self, until: datetime, most: int = PORTION) -> Sequence[Decision] | None:
        """One portion; None where nothing is due. Where it fails, its parts are tried one by one; what fails alone is put off."""
        may_fire = self._look_around()
        try:
            return pass_time(self._desk, until, may_fire, most) or None
        except StoreTrouble:
            raise
        except Exception as error:  # one ticket's trouble must not stop the clocks of all
            self._log.error("a portion of timers failed", reason=reason_of(error))
        try:
            return pass_time(self._desk, until, may_fire, most=1) or None
        except StoreTrouble:
            raise
        except Exception as error:  # the same
            self._put_off(until, may_fire, reason_of(error))
            return ()

    def _put_off(self, until: datetime, may_fire: Callable[[TimeCame], bool], reason: str) -> None:
        with self._desk.store.transaction() as tx:
            settled, due, _ = tx.what_is_due(until, 1, may_fire)
            for fate in settled:
                self._log.error("the fate of a mail could not be taken up", ticket=fate.ticket, mail=fate.key, reason=reason)
            for timer in due:
                self._log.error("a timer failed and was put off", ticket=timer.ticket, kind=timer.kind, reason=reason)
                tx.put_off(timer, self._desk.clock.now())
                self._failed.add(timer)
            tx.forget_fates(settled)

    def _look_around(self) -> Callable[[TimeCame], bool]:
        """No clock of silence fires while older mail waits in any intake, or the intake is not known to be empty by then."""
        now = self._desk.clock.now()
        # In the order of the mail's road: what leaves the maildrop meanwhile is in the spool already.
        waiting = [each for each in (oldest_drop(self._maildrop), self._spool.oldest_waiting()) if each is not None]
        oldest = from_stamp(min(waiting)) if waiting else None
        folders_empty_at = self._folders_empty_at()
        held = self._spool.held_conversations()

        def may_fire(timer: TimeCame) -> bool:
            if timer in self._failed:  # it was put off, if to an hour before the one that `tick` was told
                return False
            if timer.kind not in SILENCE:
                return True
            if oldest is not None and oldest <= timer.at:
                return False
            if folders_empty_at < (timer.at if timer.at <= now else now - LAG):
                return False
            return ticket_key(timer.ticket) not in held

        return may_fire

    def _folders_empty_at(self) -> datetime:
        """When all IMAP folders were last seen with nothing left in them. What comes by other roads is in the spool at once."""
        if not self._desk.policy.config.settings.intake.imap:
            return AT_THE_END
        return self._desk.store.intake_seen_until() or EPOCH
