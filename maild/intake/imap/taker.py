"""Takes the mails of one folder into the spool, and tidies up behind. It is told on which connection; it opens none.

Nothing is flagged, moved or deleted before the entry is durable. A mark that says so is in the same commit, so a mail whose
tidying was cut short is tidied later, and not taken again.
"""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from maild.clock import Clock, from_stamp, to_stamp
from maild.config import ImapFolder
from maild.intake.body import LARGE, LargeBody
from maild.intake.imap.choice import is_the_same, new_above, portions, wanted_at_first
from maild.intake.imap.connection import CHUNK, Connection, ImapNo, ImapRefused, ImapTrouble
from maild.intake.imap.envelope import Paths, paths_of
from maild.intake.imap.replies import Selected, uid_set
from maild.intake.spool import Spool
from maild.log import Logger
from maild.mail.envelope import Envelope
from maild.store import fetched
from maild.store.fetched import Folder, TakenAlready
from maild.tickets.address import AddressBook

AT_A_TIME = 200  # UIDs in one command
TRIES = 3
AGAIN_AFTER = timedelta(hours=1)


class Taker:
    """One folder. `trouble`: what an operator should mend, though mail is taken; `taken` counts mails."""

    def __init__(self, source: str, folder: ImapFolder, book: AddressBook, spool: Spool, clock: Clock, log: Logger) -> None:
        self._source = source
        self._folder = folder
        self._book = book
        self._spool = spool
        self._clock = clock
        self._log = log
        self._validity = self._low = 0
        self._in_hand: Sequence[int] = ()
        self._suspects: Counter[int] = Counter()  # how often the connection broke while this was in hand
        self._avoided: dict[int, datetime] = {}  # and until when it is let alone because of that
        self._unfetchable: set[int] = set()
        self._untidy = ""
        self._unable = ""
        self.taken = 0
        self.drained_at: datetime | None = None

    def renew(self, book: AddressBook) -> None:
        """From now on mail is for these mailboxes."""
        self._book = book

    @property
    def trouble(self) -> str:
        """Empty when there is none."""
        if self._unfetchable:
            return f"{len(self._unfetchable)} mails cannot be fetched; move them to another folder"
        return f"mails were taken, but stay as they were: {self._untidy}" if self._untidy else self._unable

    async def open(self, connection: Connection) -> None:
        """Opens the folder. On first contact, or when it was numbered anew, decides what of the old mail is wanted.

        Raises:
            ImapTrouble, StoreTrouble.
        """
        now = await connection.select(self._folder.folder)
        if not now.validity:
            raise ImapRefused("the server keeps no UIDs for this folder")
        known: Folder | None = await self._ask(fetched.folder_of)
        if known is None or not is_the_same(known, now):
            known = await self._begin(connection, known, now)
        self._validity, self._low = known.validity, known.low

    async def _begin(self, connection: Connection, known: Folder | None, now: Selected) -> Folder:
        drained_at = known.drained_at if known else 0
        criteria = wanted_at_first(from_stamp(drained_at) if drained_at else None)
        low = now.next - 1 if now.next else max(await connection.search("ALL"), default=0)
        wanted = [uid for uid in await connection.search(criteria) if uid <= low]  # what comes meanwhile is found soon
        folder = Folder(validity=now.validity, low=low, drained_at=drained_at)
        self._suspects.clear()
        self._avoided.clear()
        await self._ask(fetched.begin, folder=folder, wanted=wanted)
        self._log.info("imap folder", known=known is not None, wanted=len(wanted))
        return folder

    async def look(self, connection: Connection) -> None:
        """Takes all that is there, until a look finds nothing.

        Raises:
            ImapTrouble, StoreTrouble.
        """
        self._untidy = ""
        self._unfetchable = {uid for uid, until in self._avoided.items() if until > self._clock.now()}
        await self._look_for(connection, self._unfetchable)
        while True:
            connection.news.clear()
            seen_at = self._clock.now()
            new = new_above(self._low, await connection.search(f"UID {self._low + 1}:*"))
            if new:
                await self._ask(fetched.want, validity=self._validity, uids=new)
                self._low = new[-1]
            left = await self._ask(fetched.marks, validity=self._validity, most=AT_A_TIME)
            wanted = [uid for uid in left.wanted if uid not in self._unfetchable]
            untidied = () if self._untidy else left.taken
            if untidied:
                await self._tidy(connection, untidied)
            if wanted:
                await self._take_carefully(connection, wanted)
            elif not untidied and not connection.news.is_set():
                break
        if not left.wanted:
            self.drained_at = seen_at
            self._spool.post(partial(fetched.drained, source=self._source, at=to_stamp(seen_at)))
        self._log.debug("imap looked", taken=self.taken, left=len(left.wanted))

    # --- taking -----------------------------------------------------------------------------------------------

    async def _take_carefully(self, connection: Connection, wanted: Sequence[int]) -> None:
        """Some servers hang up over a mail that they cannot read. What was in hand then comes last and alone, and is soon let alone."""
        calm = [uid for uid in wanted if not self._suspects[uid]]
        self._in_hand = calm or [min(wanted, key=lambda uid: (self._suspects[uid], uid))]
        try:
            await self._take(connection, self._in_hand)
        except ImapTrouble:
            self._suspects.update(self._in_hand)
            until = self._clock.now() + AGAIN_AFTER
            self._avoided |= {uid: until for uid in self._in_hand if self._suspects[uid] >= TRIES}
            raise

    async def _take(self, connection: Connection, wanted: Sequence[int]) -> None:
        sizes = await connection.sizes(wanted)
        await self._look_for(connection, set(wanted) - sizes.keys())
        for uid in [uid for uid, size in sizes.items() if size > self._folder.max_size]:
            await self._leave(uid, sizes.pop(uid))
        there = [uid for uid in wanted if uid in sizes]
        for portion in portions(there, sizes, alone={uid for uid in there if sizes[uid] > LARGE}):
            self._in_hand = portion
            self._spool.require_room(sum(sizes[uid] for uid in portion))
            parts = await self._fetch(connection, portion)
            taken = await self._keep(connection, parts)
            self._unfetchable.update(set(portion) - parts.keys())
            for uid in portion:
                del self._suspects[uid]
                self._avoided.pop(uid, None)
            if taken and not self._untidy:
                await self._tidy(connection, taken)

    async def _look_for(self, connection: Connection, missing: set[int]) -> None:
        """Somebody may have removed a mail meanwhile; but only a search that does not find it proves that."""
        if missing:
            there = set(await connection.search(f"UID {uid_set(missing)}"))
            await self._ask(fetched.forget, validity=self._validity, uids=missing - there)
            self._unfetchable = self._unfetchable - missing | missing & there

    async def _leave(self, uid: int, size: int) -> None:
        await self._ask(fetched.mark_large, validity=self._validity, uid=uid)
        self._log.warning("too large, left in its folder", uid=uid, size=size)

    async def _fetch(self, connection: Connection, portion: Sequence[int]) -> dict[int, bytes]:
        """The first part of each; of those that the server does not give, nothing."""
        try:
            return await connection.fetch(portion)
        except ImapNo:
            if len(portion) == 1:
                return {}
        parts: dict[int, bytes] = {}
        for uid in portion:
            parts |= await self._fetch(connection, [uid])
        return parts

    async def _keep(self, connection: Connection, parts: dict[int, bytes]) -> list[int]:
        """Accepts the mails, small ones with one sync; returns those that are in the spool now."""
        small = [uid for uid in sorted(parts) if len(parts[uid]) <= LARGE]
        for failed in await asyncio.gather(
            *(self._record(uid, self._paths(parts[uid]), parts[uid]) for uid in small), return_exceptions=True
        ):
            if failed is not None:
                raise failed
        large = [uid for uid in sorted(parts) if len(parts[uid]) > LARGE]
        return small + [uid for uid in large if await self._keep_large(connection, uid, parts[uid])]

    async def _keep_large(self, connection: Connection, uid: int, first: bytes) -> bool:
        """Streams a mail to its file, a part at a time; says whether it is in the spool.

        What servers say of sizes may be a guess, so the parts decide.
        """
        paths = self._paths(first)
        body = self._spool.large_body(paths.sealed)
        try:
            part: bytes | None = first
            while part is not None:
                await body.write(part)
                if body.size > self._folder.max_size:
                    await self._leave(uid, body.size)
                    return False
                if len(part) != CHUNK:
                    await self._record(uid, paths, body)
                    return True
                part = await self._part(connection, uid, body.size)
            self._unfetchable.add(uid)
            return False
        finally:
            await body.discard()

    @staticmethod
    async def _part(connection: Connection, uid: int, start: int) -> bytes | None:
        with contextlib.suppress(ImapNo):
            return (await connection.fetch([uid], start)).get(uid)
        return None

    def _paths(self, head: bytes) -> Paths:
        return paths_of(head, self._book, self._folder.address or self._book.first.address)

    async def _record(self, uid: int, paths: Paths, body: bytes | LargeBody) -> None:
        envelope = Envelope(
            reverse_path=paths.reverse_path,
            forward_paths=paths.forward_paths,
            arrived_at=self._clock.now(),
            intake="imap",
            trusted=self._folder.trusted,
        )
        beside = partial(fetched.mark_taken, source=self._source, validity=self._validity, uid=uid)
        try:
            entry = await self._spool.accept(envelope, body, paths.sealed, beside)
        except TakenAlready:  # by a commit that was under way when the last connection broke
            return
        size = len(body) if isinstance(body, bytes) else body.size
        self._log.info("accepted", entry=entry, size=size, recipients=len(paths.forward_paths), road="imap")
        self.taken += 1

    # --- tidying ----------------------------------------------------------------------------------------------

    async def _tidy(self, connection: Connection, uids: Sequence[int]) -> None:
        """Flags, moves or deletes what was taken. If the server says no, it is tried again with the next look."""
        try:
            await self._settle(connection, uids)
        except ImapNo as error:
            self._untidy = str(error)
            self._log.warning("not tidied", reason=str(error))
        else:
            self._spool.post(partial(fetched.forget, source=self._source, validity=self._validity, uids=tuple(uids)))

    async def _settle(self, connection: Connection, uids: Sequence[int]) -> None:
        """Removes only by UID: a plain EXPUNGE would remove what other clients have flagged (RFC 4315, section 2.1)."""
        target = self._folder.done.removeprefix("move:")
        if self._folder.done == "seen":
            await connection.add_flags(uids, r"\Seen")
        elif target != self._folder.done and connection.can("MOVE"):
            await self._into(connection.move, connection, uids, target)
        elif connection.can("UIDPLUS"):
            if target != self._folder.done:  # cut short behind this line, a second copy is made: of a mail that is safe here
                await self._into(connection.copy, connection, uids, target)
            await connection.add_flags(uids, r"\Seen \Deleted")
            await connection.expunge(uids)
        else:
            await connection.add_flags(uids, r"\Seen")
            self._unable = "the server has neither MOVE nor UIDPLUS: mails that were taken are flagged as seen instead"

    @staticmethod
    async def _into(carry: Callable[[Iterable[int], str], Any], connection: Connection, uids: Sequence[int], target: str) -> None:
        """Moves or copies; a folder that is not there is made (RFC 3501, section 7.1, TRYCREATE)."""
        try:
            await carry(uids, target)
        except ImapNo as error:
            if error.code != "TRYCREATE":
                raise
            await connection.create(target)
            await carry(uids, target)

    async def _ask(self, run: Callable[..., Any], **values: Any) -> Any:
        """Statements about this source, by the thread that writes, and so behind every commit that is under way."""

        def on(connection: sqlite3.Connection) -> Any:
            return run(connection, source=self._source, **values)

        return await self._spool.submit(on)
