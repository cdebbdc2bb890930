"""All `[[intake.imap]]` folders: a task for each, which connects, looks, waits for news, and comes again after any trouble."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from hashlib import blake2b

from maild.clock import Clock
from maild.config import Config, ImapFolder
from maild.errors import BadConfiguration, MaildError, Problem, StoreTrouble
from maild.intake.imap.choice import LONGEST_PAUSE, pause_after
from maild.intake.imap.connection import Connection, ImapNo, ImapRefused, open_connection
from maild.intake.imap.taker import Taker
from maild.intake.spool import Spool
from maild.keys.password import OnlyForTheService, imap_credential, read_password
from maild.log import Logger
from maild.store import fetched
from maild.tickets.address import AddressBook

IDLE_SECONDS = 540.0  # servers and the boxes between may forget a client that is silent for ten minutes (RFC 2177 says 29)
TELL_AFTER = 3  # failures in a row: a server that restarts is no trouble of an operator's


class Source:
    """One folder, fetched for ever.

    `drained_at` is the last moment at which the folder was seen with nothing left to take, by the desk's clock; None before that.
    It goes on while the connection lives, at each look: every 9 minutes in IDLE, every `poll` without.
    """

    def __init__(
        self, number: int, config: Config, folder: ImapFolder, taker: Taker, chance: Callable[[], float], log: Logger
    ) -> None:
        self.name = f"intake.imap {number} ({folder.host})"
        self.key = source_key(folder)
        self._config = config
        self._folder = folder
        self._taker = taker
        self._chance = chance
        self._log = log
        self._tls = _tls(config, folder)
        self._connection: Connection | None = None
        self._idles = True
        self._failures = 0
        self._trouble = ""

    @property
    def trouble(self) -> str:
        """What an operator should mend; empty when all is well."""
        reason = self._trouble or self._taker.trouble
        return f"{self.name}: {reason}" if reason else ""

    def renew(self, book: AddressBook) -> None:
        """See `Sources.renew`."""
        self._taker.renew(book)

    @property
    def drained_at(self) -> datetime | None:
        """See above."""
        return self._taker.drained_at

    def look(self) -> None:
        """Looks now, if there is a connection: for whoever must know whether older mail waits there."""
        if self._connection is not None:
            self._connection.news.set()

    async def run(self) -> None:
        """Until it is cancelled."""
        while True:
            taken = self._taker.taken
            try:
                await self._serve()
            except MaildError as error:
                refused = isinstance(error, ImapRefused | BadConfiguration)
                self._failures = 1 if self._taker.taken > taken else self._failures + 1
                if refused or isinstance(error, StoreTrouble) or self._failures >= TELL_AFTER:
                    self._trouble = str(error)
                pause = pause_after(self._failures, self._chance()) if not refused else LONGEST_PAUSE
                self._log.warning("imap waits", reason=str(error), seconds=round(pause, 1))
            except Exception as error:  # one folder's trouble must end neither the others nor the front
                self._failures += 1
                self._trouble = type(error).__name__
                pause = pause_after(self._failures, self._chance())
                self._log.error("imap failed", reason=type(error).__name__, seconds=round(pause, 1))
            await asyncio.sleep(pause)

    async def _serve(self) -> None:
        """One connection, as long as it lasts."""
        folder = self._folder
        connection = await open_connection(folder.host, folder.port, self._tls, folder.user, _password(self._config, folder))
        self._connection = connection
        try:
            await self._taker.open(connection)
            self._log.info("imap connected", idle=connection.can("IDLE"))
            while True:
                await self._taker.look(connection)
                self._failures, self._trouble = 0, ""
                await self._wait(connection)
                await connection.noop()
        finally:
            self._connection = None
            await connection.close()

    async def _wait(self, connection: Connection) -> None:
        """For news, in IDLE; where that is not there, for the time to look again."""
        if connection.can("IDLE") and self._idles:
            try:
                self._log.debug("imap idles")
                await connection.idle(IDLE_SECONDS)
                return
            except ImapNo as error:
                self._idles = False
                self._log.warning("imap polls", reason=str(error))
        await connection.rest(self._folder.poll.total_seconds())


class Sources:
    """The folders of the configuration."""

    def __init__(
        self, config: Config, book: AddressBook, spool: Spool, clock: Clock, chance: Callable[[], float], log: Logger
    ) -> None:
        """Raises BadConfiguration where a password or a certificate cannot be read."""
        check_folders(config)
        self._spool = spool
        self._tasks: list[asyncio.Task[None]] = []
        self.each: tuple[Source, ...] = tuple(
            self._build(number, config, folder, book, clock, chance, log)
            for number, folder in enumerate(config.settings.intake.imap, 1)
        )

    def _build(
        self,
        number: int,
        config: Config,
        folder: ImapFolder,
        book: AddressBook,
        clock: Clock,
        chance: Callable[[], float],
        log: Logger,
    ) -> Source:
        bound: Logger = log.bind(source=number)
        taker = Taker(source_key(folder), folder, book, self._spool, clock, bound)
        return Source(number, config, folder, taker, chance, bound)

    def start(self) -> None:
        """Begins to fetch; the spool runs already."""
        self._tasks = [asyncio.create_task(source.run(), name=source.name) for source in self.each]

    async def stop(self) -> None:
        """Lets go of all connections. What is in the spool's hands is kept."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def renew(self, book: AddressBook) -> None:
        """A reload: from now on mail is for these mailboxes, sealed or not."""
        for source in self.each:
            source.renew(book)

    def drained_until(self, now: datetime) -> datetime | None:
        """Until when nothing was left in any folder; now, where there are none. None before all were seen once."""
        seen = [source.drained_at for source in self.each]
        known = [each for each in seen if each is not None]
        return min([now, *known]) if len(known) == len(seen) else None

    def troubles(self) -> set[str]:
        """What an operator should mend."""
        return {source.trouble for source in self.each} - {""}

    async def large(self) -> dict[Source, list[tuple[int, int]]]:
        """Mails over the limit that the operator was not told of, each as UIDVALIDITY and UID."""
        found = {}
        for source in self.each:
            found[source] = await self._spool.submit(partial(fetched.large, source=source.key))
        return {source: mails for source, mails in found.items() if mails}

    async def told(self, large: dict[Source, list[tuple[int, int]]]) -> None:
        """The operator knows of these."""
        for source, mails in large.items():
            await self._spool.submit(partial(fetched.told_large, source=source.key, told=mails))


def check_folders(config: Config) -> None:
    """Raises BadConfiguration where a password or a certificate cannot be read; OnlyForTheService only where nothing else is wrong."""
    unseen: OnlyForTheService | None = None
    for folder in config.settings.intake.imap:
        _tls(config, folder)
        try:
            _password(config, folder)
        except OnlyForTheService as error:
            unseen = error
    if unseen is not None:
        raise unseen


def source_key(folder: ImapFolder) -> str:
    """What the spool calls a folder: a hash, because a user's name may be a person's."""
    named = "\0".join((folder.host.lower(), str(folder.port), folder.user, folder.folder))
    return blake2b(named.encode(), digest_size=12).hexdigest()


def troubles_of(large: dict[Source, list[tuple[int, int]]]) -> Sequence[str]:
    """A line for the operator about each folder that has mails over the limit."""
    return [
        f"left: {len(mails)} mails in {source.name} are over its max_size; they stay there" for source, mails in large.items()
    ]


def _tls(config: Config, folder: ImapFolder) -> ssl.SSLContext | None:
    """TLS from the first octet (RFC 8314); None on loopback, where that was asked for."""
    if not folder.tls:
        return None
    try:
        context = ssl.create_default_context(cafile=str(config.path(folder.tls_ca)) if folder.tls_ca else None)
    except (OSError, ssl.SSLError) as error:
        raise BadConfiguration([Problem(folder.tls_ca, str(error), "mend intake.imap.tls_ca")]) from error
    if not folder.verify_tls:
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def _password(config: Config, folder: ImapFolder) -> str:
    """Read at each login, so that a new one needs no restart."""
    file = config.path(folder.password_file) if folder.password_file else None
    return read_password(file, imap_credential(folder.user), "intake.imap.password_file")
