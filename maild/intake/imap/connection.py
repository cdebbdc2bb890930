"""One connection to an IMAP server: the verbs that maild needs, by aioimaplib, with its known troubles answered here.

What differs from stock: a connection that is lost ends whatever waits for it at once; an error while octets come in ends the
connection instead of being thrown at the loop; every call has a limit of time; news of the folder are never passed over; no text
of the server gets into an error, because it may name people. After any error a connection is good for nothing but `close`.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import ssl
from collections.abc import Coroutine, Iterable
from typing import Any, TypeVar

from aioimaplib import aioimaplib as stock

from maild.errors import TryAgain
from maild.intake.imap.replies import (
    Lines,
    Selected,
    bodies,
    folder_name,
    found_uids,
    quoted,
    response_code,
    selected,
    sizes,
    uid_set,
)

CALL_SECONDS = 60.0
FETCH_SECONDS = 180.0  # for a megabyte: a slow line is none to complain of
GOODBYE_SECONDS = 2.0
CHUNK = 1_048_576
# RFC 5530: the server is not well, which says nothing about the password.
_PASSING = frozenset({"UNAVAILABLE", "INUSE", "LIMIT", "SERVERBUG"})
_COUNT = re.compile(rb"\* (\d{1,10}) (EXISTS|EXPUNGE)", re.I)
T = TypeVar("T")


class ImapTrouble(TryAgain):
    """The connection failed, or the server did not do what was asked."""


class ImapNo(ImapTrouble):
    """The server said NO or BAD to a command, and is well. `code` is its response code, or empty."""

    def __init__(self, said: str, code: str) -> None:
        super().__init__(said)
        self.code = code


class ImapRefused(ImapTrouble):
    """The server is well, and will say no again: to the login, or to the folder."""


class _Protocol(stock.IMAP4ClientProtocol):  # type: ignore[misc]  # aioimaplib has no types
    """Stock, but for what happens when something goes wrong."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(loop)
        self.lost: asyncio.Future[str] = loop.create_future()
        self.news = asyncio.Event()
        self._exists = 0

    def data_received(self, data: bytes) -> None:
        """Stock recurses with each line, and raises into the loop, which would log what it choked on."""
        if self.lost.done():
            return
        try:
            super().data_received(data)
        except Exception as error:
            self.give_up(f"the answer was not understood ({type(error).__name__})")

    def _untagged_response(self, line: bytes) -> Any:
        """Stock passes over EXISTS wherever it was not asked for. Some servers repeat it: more mails than before are news."""
        count = _COUNT.fullmatch(line)
        if count and count[2].upper() == b"EXPUNGE":
            self._exists -= 1
        elif count:
            if int(count[1]) > self._exists:
                self.news.set()
            self._exists = int(count[1])
        return super()._untagged_response(line)

    async def welcome(self, command: bytes) -> None:
        """Stock's runs as a task of its own, and nobody hears its error."""
        try:
            await super().welcome(command)
        except Exception as error:
            self.give_up(f"no welcome ({type(error).__name__})")

    def connection_lost(self, error: Exception | None) -> None:
        """Stock tells nobody who waits."""
        self.give_up("the connection was lost")

    def give_up(self, reason: str) -> None:
        """Whoever waits hears it now."""
        if not self.lost.done():
            self.lost.set_result(reason)
        if self.transport is not None:
            self.transport.abort()


class _Client(stock.IMAP4):  # type: ignore[misc]
    """Stock, with the protocol above."""

    def create_client(self, host: str, port: int, loop: Any, conn_lost_cb: Any = None, ssl_context: Any = None) -> None:
        running = asyncio.get_running_loop()
        self.protocol = _Protocol(running)
        self._client_task = running.create_task(running.create_connection(lambda: self.protocol, host, port, ssl=ssl_context))


class Connection:
    """Opened by `open_connection`. Every verb raises ImapTrouble."""

    def __init__(self, client: _Client) -> None:
        self._client = client
        self._protocol: _Protocol = client.protocol
        self._opened = False

    @property
    def news(self) -> asyncio.Event:
        """Set when the server has told of mail since it was cleared."""
        return self._protocol.news

    def can(self, capability: str) -> bool:
        """Whether the server announced it."""
        return bool(self._client.has_capability(capability))

    async def select(self, folder: str) -> Selected:
        """Opens the folder."""
        lines = await self._ask("SELECT", self._client.select(folder_name(folder)), refused=True)
        self._opened = True
        return selected(lines)

    async def search(self, criteria: str) -> list[int]:
        """UIDs, in ascending order. One line, however many there are."""
        return found_uids(await self._ask("SEARCH", self._client.uid_search(criteria, charset=None)))

    async def sizes(self, uids: Iterable[int]) -> dict[int, int]:
        """RFC822.SIZE of those that are still there. At most 200 at a time: stock recurses with each line."""
        return sizes(await self._ask("FETCH", self._client.uid("FETCH", uid_set(uids), "(UID FLAGS RFC822.SIZE)")))

    async def fetch(self, uids: Iterable[int], start: int = 0) -> dict[int, bytes]:
        """At most `CHUNK` octets of each, from `start` on, without a trace on the server (PEEK)."""
        part = f"(UID BODY.PEEK[]<{start}.{CHUNK}>)"
        return bodies(await self._ask("FETCH", self._client.uid("FETCH", uid_set(uids), part), FETCH_SECONDS))

    async def add_flags(self, uids: Iterable[int], flags: str) -> None:
        """Adds flags, silently."""
        await self._ask("STORE", self._client.uid("STORE", uid_set(uids), "+FLAGS.SILENT", f"({flags})"))

    async def move(self, uids: Iterable[int], folder: str) -> None:
        """RFC 6851."""
        await self._ask("MOVE", self._client.uid("MOVE", uid_set(uids), folder_name(folder)))

    async def copy(self, uids: Iterable[int], folder: str) -> None:
        """Into another folder."""
        await self._ask("COPY", self._client.uid("COPY", uid_set(uids), folder_name(folder)))

    async def expunge(self, uids: Iterable[int]) -> None:
        """These and no others (RFC 4315): what another client has flagged is not ours to remove."""
        await self._ask("EXPUNGE", self._client.uid("EXPUNGE", uid_set(uids)))

    async def create(self, folder: str) -> None:
        """A new folder."""
        await self._ask("CREATE", self._client.create(folder_name(folder)))

    async def noop(self) -> None:
        """A sign of life, and the server's chance to tell of news."""
        await self._ask("NOOP", self._client.noop())

    async def idle(self, seconds: float) -> None:
        """Waits for news, or so long (RFC 2177)."""
        idling = asyncio.ensure_future(self._client.idle())
        try:
            if not await self._until(self._protocol.wait_for_idle_response(), CALL_SECONDS, idling):
                raise ImapTrouble("no answer in time")
            if not idling.done():
                await self._until(self.news.wait(), seconds, idling)
                if not self._protocol.lost.done():
                    self._client.idle_done()
            await self._ask("IDLE", idling)
        finally:
            idling.cancel()
            while not self._protocol.idle_queue.empty():
                self._protocol.idle_queue.get_nowait()

    async def rest(self, seconds: float) -> None:
        """Waits so long, or until the connection is lost."""
        await self._until(self.news.wait(), seconds)

    async def close(self) -> None:
        """Says good-bye if there is anybody to hear it, and nothing else under way. Safe to call always."""
        busy = self._protocol.pending_sync_command or self._protocol.pending_async_commands
        with contextlib.suppress(ImapTrouble):
            if self._opened and not busy and not self._protocol.lost.done():
                await self._call(self._client.logout(), GOODBYE_SECONDS)
        self._protocol.give_up("closed")
        left = [each for each in (self._client._client_task, *self._client.tasks, *self._protocol.tasks) if not each.done()]
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    # --- calls ------------------------------------------------------------------------------------------------

    async def enter(self, user: str, password: str) -> None:
        """From the greeting to a login, and what the server can do then."""
        await self._call(self._client.wait_hello_from_server(), CALL_SECONDS)
        if self._client.get_state() == stock.NONAUTH:
            await self._ask("LOGIN", self._client.login(quoted(user), password), refused=True)
        await self._call(self._protocol.capability(), CALL_SECONDS)  # stock overlooks the last one of those told with the login
        self._protocol.capabilities = {each.upper() for each in self._protocol.capabilities}

    async def _ask(
        self,
        verb: str,
        work: Coroutine[Any, Any, Any] | asyncio.Future[Any],
        seconds: float = CALL_SECONDS,
        refused: bool = False,
    ) -> Lines:
        """A command; its lines if the answer is OK."""
        response = await self._call(work, seconds)
        if response.result == "OK":
            lines: Lines = response.lines
            return lines
        code = response_code(response.lines)
        said = f"the server said {response.result} {f'[{code}] ' if code else ''}to {verb}"
        raise ImapRefused(said) if refused and code not in _PASSING else ImapNo(said, code)

    async def _call(self, work: Coroutine[Any, Any, T] | asyncio.Future[T], seconds: float) -> T:
        """Within a time, or until the connection is lost. Foreign exceptions stop here, and what they say."""
        task = asyncio.ensure_future(work)
        awaited: set[asyncio.Future[Any]] = {task, self._protocol.lost}
        try:
            async with asyncio.timeout(seconds):
                await asyncio.wait(awaited, return_when=asyncio.FIRST_COMPLETED)
                if not task.done():
                    raise ImapTrouble(self._protocol.lost.result())
                return await task
        except TimeoutError:
            raise ImapTrouble("no answer in time") from None
        except (stock.AioImapException, OSError, ssl.SSLError, ValueError, LookupError) as error:
            raise ImapTrouble(_plain(error)) from None
        finally:
            task.cancel()

    async def _until(self, sign: Coroutine[Any, Any, Any], seconds: float, *others: asyncio.Future[Any]) -> bool:
        """Until the sign is seen, one of the others is done, or the connection is lost; says whether that was in time."""
        seen = asyncio.ensure_future(sign)
        awaited: set[asyncio.Future[Any]] = {seen, self._protocol.lost, *others}
        try:
            done, _ = await asyncio.wait(awaited, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
            return bool(done)
        finally:
            seen.cancel()


async def open_connection(host: str, port: int, tls: ssl.SSLContext | None, user: str, password: str) -> Connection:
    """A connection that is logged in.

    Raises:
        ImapRefused: the server does not take this user and password. ImapTrouble: anything else.
    """
    connection = Connection(_Client(host, port, timeout=FETCH_SECONDS, ssl_context=tls))
    try:
        await connection.enter(user, password)
    except BaseException:
        await connection.close()
        raise
    return connection


def _plain(error: Exception) -> str:
    """What the machine says may be told, what the server says may not."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not valid: {error.verify_message}"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return type(error).__name__
