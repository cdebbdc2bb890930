"""Time passes: what is due is handled portion by portion, unless older mail still waits. Run by a worker, and by `maild tick`.

What fails, or kills its worker, is put off, ever longer, and never stands in the way of the others.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from maild.clock import EPOCH, from_stamp, iso
from maild.desk import Desk
from maild.errors import StoreTrouble
from maild.intake.conversation import ticket_key
from maild.intake.maildrop import oldest_drop
from maild.log import Logger, reason_of
from maild.pipeline import pass_time
from maild.store.spool import SpoolReader
from maild.store.timers import LOOKED_AT, again_at
from maild.tickets.decision import Decision
from maild.tickets.happening import Agendum, MailSettled, MayHappen
from maild.tickets.lifecycle import SILENCE

LAG = timedelta(minutes=15)  # for a time to come (`maild tick --as-of`), a folder that was seen empty so lately is empty
AT_THE_END = datetime.max.replace(tzinfo=UTC)


class Clockwork:
    """Handles timers and the fates of mails."""

    def __init__(self, desk: Desk, spool: SpoolReader, log: Logger) -> None:
        self._desk = desk
        self._spool = spool
        self._maildrop = desk.policy.config.state / "maildrop"
        self._log = log
        self._failed: set[Agendum] = set()

    def pass_time(self, alone: bool = False) -> bool:
        """Handles one portion of what is due now, or only the oldest, alone; says whether there may be more."""
        now = self._desk.clock.now()
        return (self._handle_oldest(now, self._look_around()) if alone else self.handle(now)) is not None

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
        may_happen = self._look_around()
        with self._desk.store.preview() as tx:
            settled, due = tx.agenda(until, LOOKED_AT, lambda _: True)
        for fate in settled:
            yield {"at": iso(fate.at), "ticket": fate.ticket, "what": f"{fate.kind} {fate.state}", "waits": False}
        for timer in due:
            waits = not may_happen(timer)
            what = f"{timer.kind}{', waits for older mail' if waits else ''}"
            yield {"at": iso(timer.at), "ticket": timer.ticket, "what": what, "waits": waits}

    def handle(self, until: datetime) -> Sequence[Decision] | None:
        """One portion; None where nothing is due. Where it fails, the oldest alone."""
        may_happen = self._look_around()
        try:
            return pass_time(self._desk, until, may_happen)
        except StoreTrouble:
            raise
        except Exception as error:  # one ticket's trouble must not stop the clocks of all
            self._log.error("a portion of timers failed", reason=reason_of(error))
        return self._handle_oldest(until, may_happen)

    def _handle_oldest(self, until: datetime, may_happen: MayHappen) -> Sequence[Decision] | None:
        """It is put off before anything about it is read: so it is, too, where it kills its worker."""
        with self._desk.store.transaction() as tx:
            settled, due = tx.agenda(until, 1, may_happen)
            agenda: list[Agendum] = [*settled, *due]
            if not agenda:
                return None
            oldest = agenda[0]
            later = again_at(oldest, self._desk.clock.now())
            tx.put_off(oldest, later)
        log = self._log.bind(ticket=oldest.ticket, what=oldest.kind, put_off_until=iso(later))
        log.info("tried alone, and put off meanwhile")
        try:
            return pass_time(self._desk, max(until, later), lambda each: each == oldest, most=1) or ()
        except StoreTrouble:
            self._take_back(oldest)
            raise
        except Exception as error:  # the same again
            log.error("it failed alone and was put off", reason=reason_of(error))
            self._failed.add(oldest)
            return ()

    def _take_back(self, happened: Agendum) -> None:
        """The store was to blame: it need not wait, if the store takes that now."""
        with suppress(StoreTrouble), self._desk.store.transaction() as tx:
            tx.put_off(happened, happened.at)

    def _look_around(self) -> MayHappen:
        """No clock of silence fires while older mail waits in any intake, or the intake is not known to be empty by then."""
        now = self._desk.clock.now()
        # In the order of the mail's road: what leaves the maildrop meanwhile is in the spool already.
        waiting = [each for each in (oldest_drop(self._maildrop), self._spool.oldest_waiting()) if each is not None]
        oldest = from_stamp(min(waiting)) if waiting else None
        folders_empty_at = self._folders_empty_at()
        held = self._spool.held_conversations()

        def may_happen(what: Agendum) -> bool:
            if what in self._failed:  # it was put off, if to a time before the one that `tick` was told
                return False
            if what.kind not in SILENCE or isinstance(what, MailSettled):
                return True
            if oldest is not None and oldest <= what.at:
                return False
            if folders_empty_at < (what.at if what.at <= now else now - LAG):
                return False
            return ticket_key(what.ticket) not in held

        return may_happen

    def _folders_empty_at(self) -> datetime:
        """When all IMAP folders were last seen with nothing left in them. What comes by other roads is in the spool at once."""
        if not self._desk.policy.config.settings.intake.imap:
            return AT_THE_END
        return self._desk.store.intake_seen_until() or EPOCH
