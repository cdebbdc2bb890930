"""The body of a large mail: it streams to a file beside the spool's database, and never stands in memory as a whole."""

from __future__ import annotations

import asyncio
import os
import secrets
from collections.abc import Callable
from pathlib import Path

from maild.durable import sync_folder, write_all
from maild.intake.conversation import HEAD
from maild.intake.trouble import translated
from maild.keys.seal import PublicSeal

LARGE = 393_216  # octets above which a mail streams to a file of its own


def new_id() -> str:
    """128 random bits, never used before."""
    return secrets.token_hex(16)


class LargeBody:
    """A mail that streams to a file beside the database, sealed on the way where its mailbox is. Flat in memory."""

    def __init__(self, folder: Path, seal: PublicSeal | None) -> None:
        self.id = new_id()
        self.size = 0
        self.head = b""
        self.taken = False
        self.kept = False
        self._folder = folder
        self._part = folder / f"{self.id}.part"
        self._path = folder / f"{self.id}.mail"
        self._stream = seal.stream() if seal else None
        self._handle: int | None = None
        self._busy: asyncio.Future[None] | None = None

    async def write(self, chunk: bytes) -> None:
        """Adds bytes, on a thread."""
        if len(self.head) < HEAD:
            self.head += chunk[: HEAD - len(self.head)]
        self.size += len(chunk)
        await self._on_thread(self._write, chunk)

    async def finish(self) -> None:
        """Makes the file durable under its name."""
        await self._on_thread(self._finish)

    async def _on_thread(self, work: Callable[..., None], *values: object) -> None:
        self._busy = asyncio.ensure_future(asyncio.to_thread(work, *values))
        await asyncio.shield(self._busy)

    async def discard(self) -> None:
        """Removes the file unless the spool has taken it over. Safe to call always, even where a write was interrupted."""
        if not self.taken:
            await self.remove()

    async def remove(self) -> None:
        """Lets go of the file, and removes it unless the mail was accepted."""
        if self._busy is not None and not self._busy.done():
            await asyncio.wait([self._busy])
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None
        if not self.kept:
            self._part.unlink(missing_ok=True)
            self._path.unlink(missing_ok=True)

    def _write(self, chunk: bytes) -> None:
        try:
            if self._handle is None:
                self._handle = os.open(self._part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
            write_all(self._handle, self._stream.push(chunk) if self._stream else chunk)
        except OSError as error:
            raise translated(error) from error

    def _finish(self) -> None:
        assert self._handle is not None
        try:
            if self._stream:
                write_all(self._handle, self._stream.close())
            os.fsync(self._handle)
            os.close(self._handle)
            self._handle = None
            self._part.rename(self._path)
            sync_folder(self._folder)
        except OSError as error:
            raise translated(error) from error
