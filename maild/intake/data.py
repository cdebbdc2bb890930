"""The octets between DATA's 354 and the final dot (RFC 5321, section 4.1.1.4), as they stream in: flat in memory, whatever the size.

Only CRLF . CRLF ends the mail. A bare CR or LF is never a line end (section 2.3.8), so nothing can be smuggled behind one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from maild.errors import StoreTrouble
from maild.intake.body import LARGE, LargeBody

END = b"\r\n.\r\n"


class Received:
    """What came: small mails as bytes, large ones in a file. `size` counts octets even where they were not kept."""

    def __init__(self, start: bytes, limit: int, large: Callable[[], LargeBody]) -> None:
        self.size = 0
        self.bare = False
        self.trouble: Exception | None = None
        self._limit = limit
        self._large = large
        self._pieces = [start]
        self._held = len(start)
        self._file: LargeBody | None = None
        self._tail = b""
        self._begun = False

    @property
    def too_large(self) -> bool:
        """Whether the limit was passed; then nothing is kept, but the dialogue goes on to its dot."""
        return self.size > self._limit

    async def add(self, raw: bytes, last: bool) -> None:
        """Takes octets off the wire. The first begin with a CRLF that stands before the mail; the last end with `END`."""
        raw = self._tail + raw
        if last:
            raw, self._tail = raw[:-3], b""
        else:  # "\r\n." must not be cut in two: it loses its dot
            hold = 2 if raw.endswith(b"\r\n") else 1 if raw.endswith(b"\r") else 0
            raw, self._tail = (raw[:-hold], raw[-hold:]) if hold else (raw, b"")
        ends = raw.count(b"\r\n")
        self.bare = self.bare or raw.count(b"\n") != ends or raw.count(b"\r") != ends
        content = raw.replace(b"\r\n.", b"\r\n")
        if not self._begun:
            content, self._begun = content[2:], True
        self.size += len(content)
        if not self.too_large and self.trouble is None:
            try:
                await self._keep(content)
            except StoreTrouble as error:  # told after the dot: what follows must not be read as commands
                self.trouble = error

    async def _keep(self, content: bytes) -> None:
        if self._file is None:
            self._pieces.append(content)
            self._held += len(content)
            if self._held <= LARGE:
                return
            self._file = self._large()
            content, self._pieces = b"".join(self._pieces), []
        await self._file.write(content)

    def body(self) -> bytes | LargeBody:
        """The whole mail."""
        return self._file or b"".join(self._pieces)

    async def discard(self) -> None:
        """Lets go of what was kept, unless it was accepted."""
        self._pieces = []
        if self._file is not None:
            await self._file.discard()


async def receive(reader: asyncio.StreamReader, received: Received, alive: Callable[[], None]) -> None:
    """Reads a mail off the wire; `alive` is called with every portion.

    Raises:
        asyncio.IncompleteReadError: the client left before the dot.
    """
    reader.feed_data(b"\r\n")  # makes the empty mail and a dot on the first line ordinary cases
    while True:
        try:
            raw = await reader.readuntil(END)
        except asyncio.LimitOverrunError as more:
            await received.add(await reader.read(more.consumed), last=False)
            alive()
        else:
            await received.add(raw, last=True)
            return
