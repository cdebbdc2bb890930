"""The wire's two ends for benchmarks: a load client that keeps a journal of latencies, and sinks that count."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Sequence

_FROM = re.compile(rb"^From:.*?<([^>]+)>", re.M | re.I)


def stuffed(raw: bytes) -> bytes:
    """A mail as it goes over the wire."""
    raw = raw.replace(b"\r\n.", b"\r\n..")
    return raw + (b".\r\n" if raw.endswith(b"\r\n") else b"\r\n.\r\n")


class Client(asyncio.Protocol):
    """One connection that sends mails from a shared queue. Lean: it shares the machine with what is measured."""

    def __init__(self, queue: list[tuple[bytes, ...]], latencies: list[float]) -> None:
        self._queue = queue
        self._latencies = latencies
        self._lines: list[bytes] = []
        self._buffer = b""
        self._started = 0.0
        self._greeted = False
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (end := self._buffer.find(b"\n")) >= 0:
            line, self._buffer = self._buffer[:end], self._buffer[end + 1 :]
            if line[3:4] == b" ":
                self._reply(line)

    def _reply(self, line: bytes) -> None:
        if line[:1] not in b"23":
            self.done.set_exception(RuntimeError(line.decode()))
            self._transport.close()
        elif self._lines:
            self._transport.write(self._lines.pop())
        elif not self._greeted:
            self._greeted = True
            self._transport.write(b"EHLO bench.example\r\n")
        else:
            if self._started:
                self._latencies.append(time.perf_counter() - self._started)
            self._next()

    def _next(self) -> None:
        if not self._queue:
            self._transport.write(b"QUIT\r\n")
            self._transport.close()
            return
        self._lines = list(reversed(self._queue.pop()))
        self._started = time.perf_counter()
        self._transport.write(self._lines.pop())

    def connection_lost(self, error: Exception | None) -> None:
        if not self.done.done():
            self.done.set_result(None)


async def send_all(mails: Sequence[bytes], port: int, connections: int, recipient: str) -> tuple[float, list[float]]:
    """Sends all over kept connections; returns the seconds it took and the latency of each, MAIL to the last reply."""
    queue = [_dialogue(raw, recipient) for raw in reversed(mails)]
    latencies: list[float] = []
    loop = asyncio.get_running_loop()
    begun = time.perf_counter()
    clients = [(await loop.create_connection(lambda: Client(queue, latencies), "127.0.0.1", port))[1] for _ in range(connections)]
    await asyncio.gather(*(client.done for client in clients))
    return time.perf_counter() - begun, latencies


def _dialogue(raw: bytes, recipient: str) -> tuple[bytes, ...]:
    author = _FROM.search(raw)
    sender = author[1] if author else b"a@b.example"
    return b"MAIL FROM:<" + sender + b">\r\n", b"RCPT TO:<" + recipient.encode() + b">\r\n", b"DATA\r\n", stuffed(raw)


class Sink(asyncio.Protocol):
    """A next hop that takes everything and notes when (`times`)."""

    def __init__(self, times: list[float]) -> None:
        self._times = times
        self._buffer = bytearray()
        self._data = False
        self._seen = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.write(b"220 sink ESMTP\r\n")

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while self._buffer:
            end = self._buffer.find(b"\r\n.\r\n", max(0, self._seen - 4)) if self._data else self._buffer.find(b"\n")
            if end < 0:
                self._seen = len(self._buffer)
                return
            line = bytes(self._buffer[:4]).upper()
            del self._buffer[: end + (5 if self._data else 1)]
            self._seen = 0
            self._reply(line)

    def _reply(self, command: bytes) -> None:
        if self._data:
            self._data = False
            self._times.append(time.perf_counter())
            self._transport.write(b"250 2.0.0 Ok\r\n")
        elif command == b"DATA":
            self._data = True
            self._transport.write(b"354 go\r\n")
        elif command == b"EHLO":
            self._transport.write(b"250-sink\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n")
        elif command == b"QUIT":
            self._transport.write(b"221 bye\r\n")
            self._transport.close()
        else:
            self._transport.write(b"250 ok\r\n")


STOCK_SINK = """
import asyncio, sys
from aiosmtpd.smtp import SMTP
class Handler:
    async def handle_DATA(self, server, session, envelope):
        return "250 OK"
async def main():
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(Handler(), hostname="sink", loop=loop), "127.0.0.1", int(sys.argv[1]))
    print("ready", flush=True)
    await server.serve_forever()
asyncio.run(main())
"""
