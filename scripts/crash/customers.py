"""The customers: generated mails, the connections that hand them in, and the journal of what was acknowledged.

The journal asks maild for nothing: a mail counts as acknowledged when the client has read the 250 behind its dot.
"""

import asyncio
import base64
import hashlib
import random
import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

_ACCEPTED = re.compile(rb"250 2\.0\.0 accepted as ([0-9a-f]{32})\r\n\Z")
_VOCABULARY = (
    "invoice warehouse payment tax report module upgrade custom field button error traceback login slow empty wrong since "
    "yesterday please help Version: 17.0 database production screenshot attached stock picking order quotation customer"
)
_WORDS = _VOCABULARY.split()
OPERATOR = "postmaster@example.com"  # whose mail opens no ticket, and waits on hold
_TO = ("support@example.com",) * 30 + ("security@example.com",) * 4 + ("emergency@example.com", "upgrade@example.com", OPERATOR)
LARGE_SHARE, _FILE_SHARE, _REPLY_SHARE, _QUIT_SHARE = 0.006, 0.08, 0.3, 0.05


@dataclass(slots=True)
class Letter:
    """A mail that a customer wrote. Its bytes are let go of once it was acknowledged; their digest stays."""

    message_id: str
    author: str
    to: str
    thread: "Thread"
    raw: bytes
    size: int
    digest: bytes
    sendings: int = 0  # how often its final dot was sent
    entry: str = ""  # what the 250 called it


@dataclass(slots=True)
class Thread:
    """A conversation that one customer began."""

    number: int
    author: str
    letters: list[Letter] = field(default_factory=list)
    ticket_address: str = ""  # from the acknowledgement, once it came


class Refused(Exception):
    """The daemon said 5xx to a mail that is in order."""


class Customers:
    """Everybody who writes to the desk, over several connections at once."""

    def __init__(self, port: int, chance: random.Random, may_write: Callable[[], bool]) -> None:
        self._port = port
        self._chance = chance
        self._may_write = may_write
        self._again: deque[Letter] = deque()
        self._answerable: deque[Thread] = deque(maxlen=200)
        self._stopping = False
        self.letters: dict[str, Letter] = {}
        self.threads: list[Thread] = []
        self.acknowledged = 0
        self._for_operator = 0
        self.sent_again = 0
        self.put_off = 0
        self.large_share = LARGE_SHARE

    async def run(self, connections: int) -> None:
        """Writes until `stop`; what was begun is brought to its 250."""
        async with asyncio.TaskGroup() as group:
            for _ in range(connections):
                group.create_task(self._hand_in())

    @property
    def acknowledged_for_desk(self) -> int:
        """Those of them that lead to a message on a ticket."""
        return self.acknowledged - self._for_operator

    def stop(self) -> None:
        """Nothing new from here on."""
        self._stopping = True

    # --- the connections --------------------------------------------------------------------------------------

    async def _hand_in(self) -> None:
        while not (self._stopping and not self._again):
            try:
                reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
            except OSError:
                await asyncio.sleep(0.02)  # nobody there: it was killed
                continue
            try:
                await self._session(reader, writer)
            except (OSError, EOFError):
                pass  # an MTA would come again
            finally:
                writer.close()

    async def _session(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not (await _reply(reader)).startswith(b"220"):
            raise EOFError
        writer.write(b"EHLO customers.example.org\r\n")
        await _reply(reader)
        while letter := await self._next():
            try:
                await self._transact(letter, reader, writer)
            finally:
                if not letter.entry:
                    self._again.append(letter)
            if self._chance.random() < _QUIT_SHARE:
                break
        writer.write(b"QUIT\r\n")
        await _reply(reader)

    async def _next(self) -> Letter | None:
        while not self._again:
            if self._stopping:
                return None
            if self._may_write():
                return self._write()
            await asyncio.sleep(0.01)
        return self._again.popleft()

    async def _transact(self, letter: Letter, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(f"MAIL FROM:<{letter.author}>\r\nRCPT TO:<{letter.to}>\r\nDATA\r\n".encode())
        replies = [await _reply(reader) for _ in range(3)]
        if [each[:3] for each in replies] != [b"250", b"250", b"354"]:
            return await self._turned_away(replies)
        self.sent_again += letter.sendings > 0
        letter.sendings += 1
        writer.write((b"\r\n" + letter.raw).replace(b"\r\n.", b"\r\n..")[2:] + b".\r\n")
        await writer.drain()
        reply = await _reply(reader)
        accepted = _ACCEPTED.match(reply)
        if accepted is None:
            return await self._turned_away([reply])
        letter.entry, letter.raw = accepted[1].decode(), b""
        self.acknowledged += 1
        if letter.to != OPERATOR:
            self._answerable.append(letter.thread)
        else:
            self._for_operator += 1
        return None

    async def _turned_away(self, replies: list[bytes]) -> None:
        for reply in replies:
            if reply.startswith(b"5"):
                raise Refused(reply.decode().strip())
        self.put_off += 1
        await asyncio.sleep(0.05)
        raise EOFError

    # --- what they write --------------------------------------------------------------------------------------

    def _write(self) -> Letter:
        answer = self._answerable and self._chance.random() < _REPLY_SHARE
        thread = self._answerable.popleft() if answer else self._new_thread()
        before = thread.letters[-1] if thread.letters else None
        to = self._chance.choice(_TO)
        if before is not None:
            to = thread.ticket_address if thread.ticket_address and self._chance.random() < 0.5 else thread.letters[0].to
        message_id = f"{thread.number}.{len(thread.letters)}.{self._chance.getrandbits(64):016x}@customers.example.org"
        raw = self._raw(message_id, thread, before)
        letter = Letter(message_id, thread.author, to, thread, raw, len(raw), hashlib.sha256(raw).digest())
        thread.letters.append(letter)
        self.letters[message_id] = letter
        return letter

    def _new_thread(self) -> Thread:
        number = len(self.threads)
        self.threads.append(Thread(number, f"customer@c{number}.customers.example.org"))
        return self.threads[-1]

    def _raw(self, message_id: str, thread: Thread, before: Letter | None) -> bytes:
        chance = self._chance
        subject = " ".join(chance.sample(_WORDS, 4)).replace(":", "")
        head = [
            "Date: Tue, 04 Mar 2025 10:00:00 +0100",
            f"From: Customer {thread.number} <{thread.author}>",
            "To: support@example.com",
            f"Subject: {'Re: ' if before else ''}{subject}",
            f"Message-ID: <{message_id}>",
        ]
        if before is not None:
            references = " ".join(f"<{each.message_id}>" for each in thread.letters[-5:])
            head += [f"In-Reply-To: <{before.message_id}>", f"References: {references}"]
        lines = [" ".join(chance.choices(_WORDS, k=chance.randrange(2, 12))) for _ in range(chance.randrange(3, 25))]
        lines[1:1] = [".", "..", ".a line that begins with a dot"] if chance.random() < 0.2 else []
        text = "\r\n".join(lines) + "\r\n"
        kind = chance.random()
        if kind > self.large_share + _FILE_SHARE:
            return "\r\n".join([*head, "", text]).encode()
        size = chance.randrange(350_000, 600_000) if kind < self.large_share else chance.randrange(100, 20_000)
        file = base64.encodebytes(chance.randbytes(size)).decode().replace("\n", "\r\n")
        mark = f"=_{chance.getrandbits(64):x}"
        parts = [
            "MIME-Version: 1.0", f'Content-Type: multipart/mixed; boundary="{mark}"', "", f"--{mark}", "Content-Type: text/plain", "",
            f"{text}--{mark}", "Content-Type: application/octet-stream; name=data.bin", "Content-Transfer-Encoding: base64", "",
            f"{file}--{mark}--", "",
        ]  # fmt: skip
        return "\r\n".join([*head, *parts]).encode()


async def _reply(reader: asyncio.StreamReader) -> bytes:
    """A whole reply; a line that was cut off by a dead server is none."""
    whole = b""
    while True:
        line = await reader.readline()
        if not line.endswith(b"\r\n"):
            raise EOFError
        whole += line
        if line[3:4] != b"-":
            return whole
