"""A desk that fetches from the private Dovecot, in this process. Its log tells when something has happened."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from email.parser import BytesHeaderParser
from pathlib import Path
from typing import Any

import pytest
import structlog

from maild.config import Config, load_config
from maild.intake.imap.sources import Source, Sources
from maild.intake.spool import Spool
from maild.keys.ring import open_keyring
from maild.store.spool import Entry, SpoolReader
from maild.tickets.address import AddressBook

DEADLINE = 20.0
DESK = """
[desk]
domain = "example.com"
[paths]
state = "state"
[[mailbox]]
address = "support@example.com"
service = "support"
[[mailbox]]
address = "security@example.com"
service = "security"
"""


class Lines:
    """What was logged; waits for what will be."""

    def __init__(self) -> None:
        self.all: list[dict[str, Any]] = []
        self._news = asyncio.Event()

    def __call__(self, _logger: object, level: str, line: dict[str, Any]) -> dict[str, Any]:
        self.all.append({"level": level, **line})
        self._news.set()
        return line

    def count(self, **fields: object) -> int:
        return len(self.like(**fields))

    def like(self, **fields: object) -> list[dict[str, Any]]:
        return [line for line in self.all if all(line.get(name) == value for name, value in fields.items())]

    async def wait_for(self, times: int = 1, **fields: object) -> dict[str, Any]:
        """Until there are so many lines with these fields; returns the last of them."""
        try:
            async with asyncio.timeout(DEADLINE):
                while self.count(**fields) < times:
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            raise AssertionError(f"{fields} is not {times} times, at last {self.all[-5:]}") from None
        return self.like(**fields)[times - 1]


class Fetching:
    """The sources of a desk and the spool that they fill."""

    def __init__(self, config: Config, clock: Any, min_free: int) -> None:
        keys = open_keyring(config.state / "keys")
        self.lines = Lines()
        self.spool = Spool(config.state, keys.seal.public, min_free)
        logger = structlog.wrap_logger(structlog.testing.ReturnLogger(), processors=[self.lines])
        self.sources = Sources(config, AddressBook(config, keys.signing), self.spool, clock, short_pauses, logger)
        self.reader = SpoolReader(config.state, keys.seal)

    @property
    def source(self) -> Source:
        return self.sources.each[0]

    def entries(self) -> list[Entry]:
        return self.reader.listed(["incoming"])

    def raw(self) -> list[bytes]:
        return [self.reader.bytes_of(each) for each in self.entries()]

    def ids(self) -> Counter[str]:
        """How often each Message-ID is in the spool."""
        return Counter(str(BytesHeaderParser().parsebytes(raw)["Message-ID"]) for raw in self.raw())

    async def drained(self, times: int = 1) -> None:
        """Until a look has found nothing left."""
        await self.lines.wait_for(times, event="imap looked", left=0)


def short_pauses() -> float:
    """A chance that no dice have: pauses are a twentieth of what they are to be."""
    return -1.4


Start = Callable[..., AbstractAsyncContextManager[Fetching]]


@pytest.fixture
def start(tmp_path: Path, clock: Any) -> Start:
    """Fetches until the block ends: `start("host = …", "host = …")`, a text for each `[[intake.imap]]`."""

    @asynccontextmanager
    async def run(*folders: str, min_free: int = 0) -> AsyncIterator[Fetching]:
        (tmp_path / "state").mkdir(exist_ok=True)
        (tmp_path / "password").write_text("secret\n")
        defaults = f'password_file = "password"\ntls_ca = "{tmp_path}/ca.pem"\n'
        tables = "".join(f"[[intake.imap]]\n{each}\n{'' if 'password_file' in each else defaults}" for each in folders)
        (tmp_path / "maild.toml").write_text(f"{DESK}{tables}")
        fetching = Fetching(load_config(tmp_path / "maild.toml", {}), clock, min_free)
        fetching.spool.start()
        fetching.sources.start()
        try:
            yield fetching
        finally:
            async with asyncio.timeout(DEADLINE):
                await fetching.sources.stop()
                fetching.reader.close()
                await fetching.spool.stop()

    return run


class Proxy:
    """Stands before the server and does what networks do: cuts connections, or hides capabilities."""

    def __init__(self, port: int, cut_after: int = 0, cut_at: bytes = b"", hide: tuple[bytes, ...] = ()) -> None:
        self._to = port
        self._cut_after, self._cut_at, self._hide = cut_after, cut_at, hide
        self._tasks: set[asyncio.Task[None]] = set()
        self.cuts = 0
        self.port = 0

    async def __aenter__(self) -> Proxy:
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        inside_reader, inside = await asyncio.open_connection("127.0.0.1", self._to)
        streams = (writer, inside)
        for pump in (self._answers(inside_reader, streams), self._commands(reader, streams)):
            task = asyncio.create_task(pump)
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _answers(self, reader: asyncio.StreamReader, streams: tuple[asyncio.StreamWriter, asyncio.StreamWriter]) -> None:
        passed = 0
        while octets := await _read(reader):
            for word in self._hide:
                octets = octets.replace(b" " + word, b" X" + word[1:])
            if not self.cuts and self._cut_after and passed + len(octets) > self._cut_after:
                streams[0].write(octets[: self._cut_after - passed])
                await streams[0].drain()
                self._cut()
                break
            passed += len(octets)
            streams[0].write(octets)
        _close(streams)

    async def _commands(self, reader: asyncio.StreamReader, streams: tuple[asyncio.StreamWriter, asyncio.StreamWriter]) -> None:
        while octets := await _read(reader):
            if not self.cuts and self._cut_at and self._cut_at in octets:
                self._cut()
                break
            streams[1].write(octets)
        _close(streams)

    def _cut(self) -> None:
        self.cuts += 1


async def _read(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.read(65_536)
    except ConnectionError:
        return b""


def _close(streams: tuple[asyncio.StreamWriter, asyncio.StreamWriter]) -> None:
    for each in streams:
        each.transport.abort() if each.transport else None


@pytest.fixture
def proxy() -> Callable[..., Proxy]:
    """Builds a proxy; `async with` runs it."""
    return Proxy


@pytest.fixture
def numbered() -> Callable[..., list[bytes]]:
    """So many mails, each with a Message-ID of its own."""

    def build(count: int, text: str = "We are on 17.0, and validating an invoice fails.\r\n", name: str = "m") -> list[bytes]:
        return [
            f"From: Ann Berg <ann@example.org>\r\nTo: support@example.com\r\nSubject: Number {number}\r\n"
            f"Message-ID: <{name}{number}@example.org>\r\n\r\n{text}".encode()
            for number in range(count)
        ]

    return build
