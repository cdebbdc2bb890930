"""Real SMTP and LMTP servers in the test's own loop, before a real spool in a temporary folder."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace

import pytest

from maild import log
from maild.clock import Clock
from maild.config import Config, Listener
from maild.intake.smtp import Doorkeeper, MailLMTP, MailSMTP
from maild.intake.spool import Spool
from maild.keys.ring import open_keyring
from maild.store.spool import Entry
from maild.tickets.address import AddressBook

DEADLINE = 10.0


async def until(condition: Callable[[], object]) -> None:
    """Looks at every turn of the loop until it is so; what the server does has no event of its own to wait for."""
    async with asyncio.timeout(DEADLINE):
        while not condition():
            await asyncio.sleep(0)


class Line:
    """A client's end of a connection; every wait has a deadline."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    async def send(self, raw: bytes) -> None:
        self.writer.write(raw)
        async with asyncio.timeout(DEADLINE):
            await self.writer.drain()

    async def line(self) -> str:
        """The next line of the server, without its end; empty when it has hung up."""
        async with asyncio.timeout(DEADLINE):
            return (await self.reader.readline()).decode("utf-8").removesuffix("\r\n")

    async def reply(self) -> list[str]:
        """The next reply, all its lines."""
        lines = [await self.line()]
        while lines[-1][3:4] == "-":
            lines.append(await self.line())
        return lines

    async def say(self, *commands: str) -> str:
        """Sends commands one by one; returns the last reply."""
        answer = [""]
        for command in commands:
            await self.send(command.encode("utf-8", "surrogateescape") + b"\r\n")
            answer = await self.reply()
        return "\n".join(answer)

    async def greet(self, hello: str = "EHLO client.example") -> None:
        await self.reply()
        assert (await self.say(hello)).startswith("250")

    async def ended(self) -> None:
        """Waits until the server hangs up."""
        async with asyncio.timeout(DEADLINE):
            await self.reader.read()

    async def secure(self) -> None:
        """TLS from here on, with whatever certificate the server has."""
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        async with asyncio.timeout(DEADLINE):
            await self.writer.start_tls(context)

    def vanish(self) -> None:
        """Ends the connection as a crash does."""
        self.writer.transport.abort()

    async def close(self) -> None:
        """Lets go of the connection, however it stands."""
        self.vanish()
        with contextlib.suppress(OSError):
            await self.writer.wait_closed()


class Server:
    """One listener with its spool."""

    def __init__(self, config: Config, door: Doorkeeper, spool: Spool, port: int) -> None:
        self.config, self.door, self.spool, self.port = config, door, spool, port
        self.lines: list[Line] = []

    async def connect(self, own: str = "127.0.0.1") -> Line:
        """A new connection, from an address of our own."""
        async with asyncio.timeout(DEADLINE):
            self.lines.append(Line(*await asyncio.open_connection("127.0.0.1", self.port, local_addr=(own, 0))))
        return self.lines[-1]

    async def quiet(self) -> None:
        """Waits until every session has ended and all that was under way in the spool is committed."""
        await until(lambda: not self.door.sessions and len(asyncio.all_tasks()) == 1)
        await self.spool.submit(lambda connection: connection.total_changes)

    async def until(self, condition: Callable[[], object]) -> None:
        """See there."""
        await until(condition)

    def kept(self) -> list[tuple[Entry, bytes]]:
        """What the spool keeps, in the order of arrival."""
        entries = self.spool.reader.listed(["incoming"])
        return [(each, self.spool.reader.bytes_of(each)) for each in entries]

    def files(self) -> list[str]:
        """Names of the files beside the spool's database."""
        return sorted(path.suffix for path in (self.config.state / "spool").iterdir())


Serving = Callable[..., AbstractAsyncContextManager[Server]]


@pytest.fixture
def serving(config: Config, clock: Clock) -> Serving:
    """A context manager that runs a server: `serving(protocol="lmtp", max_size=1000)`."""

    @asynccontextmanager
    async def serve(
        protocol: str = "smtp", tls: ssl.SSLContext | None = None, min_free: int = 0, **changes: object
    ) -> AsyncIterator[Server]:
        kind, default = (MailLMTP, config.settings.intake.lmtp) if protocol == "lmtp" else (MailSMTP, config.settings.intake.smtp)
        listener: Listener = replace(default, **changes)
        keys = open_keyring(config.state / "keys")
        spool = Spool(config.state, keys.seal.public, min_free)
        spool.start()
        door = Doorkeeper(config, listener, AddressBook(config, keys.signing), spool, clock, log.logger("test"))
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: kind(door, tls), "127.0.0.1", 0)
        running = Server(config, door, spool, server.sockets[0].getsockname()[1])
        try:
            yield running
        finally:
            server.close()
            for line in running.lines:
                await line.close()
            await running.quiet()
            await spool.stop()

    return serve
