"""Takes what lies in the maildrop: mail goes to the spool, orders of the command line are carried out on it."""

from __future__ import annotations

import sqlite3
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from maild.clock import Clock, from_stamp
from maild.intake.body import LARGE
from maild.intake.conversation import conversation_of
from maild.intake.maildrop import pick_up
from maild.intake.spool import Spool
from maild.log import Logger
from maild.mail.envelope import Envelope
from maild.store.spool import NewEntry, move, retry


class Collector:
    """The daemon's side of the maildrop."""

    def __init__(self, folder: Path, spool: Spool, clock: Clock, log: Logger) -> None:
        self._folder = folder
        self._spool = spool
        self._clock = clock
        self._log = log

    async def collect(self) -> bool:
        """Takes everything that lies there; says whether orders moved entries.

        Raises:
            StoreTrouble: the spool cannot take it now; it stays where it is.
        """
        moved = False
        for path, head, source in pick_up(self._folder):
            what = head.get("what")
            if what == "mail":
                await self._take(path, head, source)
            elif what in ("retry", "drop"):
                moved = bool(await self._spool.submit(partial(_carry_out, order=head))) or moved
            elif what == "look":  # a command beside the daemon has put something into the outbox
                moved = True
            else:
                self._log.error("maildrop: not understood, put aside", file=path.name)
                path.rename(path.with_suffix(".bad"))
                continue
            path.unlink(missing_ok=True)
        return moved

    async def _take(self, path: Path, head: dict[str, Any], source: BinaryIO) -> None:
        """The file's name becomes the entry's id: a mail whose file could not be removed is not taken twice."""
        if self._spool.reader.find(path.stem):
            return
        sealed = bool(head.get("sealed"))
        forward_paths = tuple(str(each) for each in head.get("to", ()))
        envelope = Envelope(
            reverse_path=str(head.get("from", "")),
            forward_paths=forward_paths,
            arrived_at=from_stamp(int(head["at"])) if "at" in head else self._clock.now(),
            intake="pipe",
            trusted=True,
        )
        raw = source.read()  # at most intake.smtp.max_size, one at a time
        conversation = () if sealed else conversation_of(raw, forward_paths)
        size = len(raw)
        body: bytes | None = raw
        if size > LARGE:
            await self._spool.place(path.stem, raw)
            body = None
        new = NewEntry(id=path.stem, envelope=envelope, size=size, sealed=sealed, conversation=conversation, body=body)
        await self._spool.keep(new)
        self._log.info("accepted", entry=path.stem, size=size, recipients=len(forward_paths), road="pipe")


def _carry_out(connection: sqlite3.Connection, order: dict[str, Any]) -> int:
    """`retry` makes entries incoming anew, `drop` lets go of them; both only where they wait or are held."""
    ids = [str(each) for each in order.get("entries", ())]
    if order["what"] == "drop":
        return move(connection, ids, "done", "dropped by the operator")
    return retry(connection, ids)
