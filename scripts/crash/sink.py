"""The next hop: a small SMTP server that keeps every byte it was given, and is never killed."""

import asyncio
import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

_FIELD = re.compile(
    rb"(?im)^(message-id|in-reply-to|x-maild-ticket|auto-submitted|reply-to|to):[ \t]*((?:.*\r\n(?:[ \t].*\r\n)*))"
)
_SLOW_SHARE, _SLOW_SECONDS = 0.05, 0.06


@dataclass(frozen=True, slots=True)
class Received:
    """One copy of a mail: where its bytes lie in the sink's file, and what its header section says."""

    message_id: str
    answers: str
    ticket: int | None
    automatic: str
    to: str
    reply_to: str
    start: int
    size: int


class Sink:
    """Listens on a free port of loopback; `copies` has every mail by Message-ID, each copy that came."""

    def __init__(self, folder: Path, chance: random.Random) -> None:
        self._path = folder / "sink.bytes"
        self._file = self._path.open("wb")
        self._chance = chance
        self._end = 0
        self._server: asyncio.Server | None = None
        self.port = 0
        self.copies: dict[str, list[Received]] = {}
        self.holding = asyncio.Event()  # it has a mail, and has not said so yet
        self.on_mail: Callable[[Received], None] = lambda _: None

    async def start(self) -> None:
        """From here on it takes mail."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=1 << 24)
        self.port = self._server.sockets[0].getsockname()[1]

    def stop(self) -> None:
        """Takes no more."""
        if self._server is not None:
            self._server.close()
        self._file.close()

    def bytes_of(self, copy: Received) -> bytes:
        """What was received, dots undone."""
        with self._path.open("rb") as kept:
            kept.seek(copy.start)
            return kept.read(copy.size)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            writer.write(b"220 sink.example ESMTP\r\n")
            while line := await reader.readline():
                verb = line[:4].upper()
                if verb == b"DATA":
                    writer.write(b"354 go on\r\n")
                    # The dot is looked for with the line end before it, so that an unstuffed one cannot end the mail.
                    content = (await reader.readuntil(b"\r\n.\r\n"))[:-3]
                    self._keep(content.replace(b"\r\n..", b"\r\n."))
                    if self._chance.random() < _SLOW_SHARE:  # the mail is taken, and the one who sent it does not know yet
                        self.holding.set()
                        await asyncio.sleep(self._chance.uniform(0, _SLOW_SECONDS))
                        self.holding.clear()
                writer.write(b"250-sink.example\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n" if verb == b"EHLO" else b"250 2.0.0 OK\r\n")
                if verb == b"QUIT":
                    break
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # a client that was killed
        finally:
            writer.close()

    def _keep(self, content: bytes) -> None:
        fields = {
            name.lower(): b" ".join(value.split()).decode() for name, value in _FIELD.findall(content.partition(b"\r\n\r\n")[0])
        }
        ticket = fields.get(b"x-maild-ticket")
        copy = Received(
            message_id=fields[b"message-id"].strip("<>"),
            answers=fields.get(b"in-reply-to", "").strip("<>"),
            ticket=int(ticket) if ticket else None,
            automatic=fields.get(b"auto-submitted", ""),
            to=_address(fields.get(b"to", "")),
            reply_to=_address(fields.get(b"reply-to", "")),
            start=self._end,
            size=len(content),
        )
        self._file.write(content)
        self._file.flush()
        self._end += len(content)
        self.copies.setdefault(copy.message_id, []).append(copy)
        self.on_mail(copy)


def _address(field: str) -> str:
    return field.rpartition("<")[2].rstrip(">").strip()
