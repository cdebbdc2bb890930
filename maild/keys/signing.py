"""The keys that sign addresses: the newest signs, all of them prove, so that what was given out stays good after a rotation."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import overload

from maild.durable import sync_folder
from maild.errors import BadConfiguration
from maild.keys.secret import ensure, read_secret


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningKey:
    """One of them, by its number. It signed from `made_at` until the next one was made."""

    number: int
    path: Path
    made_at: datetime


class SigningKeys(Sequence[bytes]):
    """Newest first. They are read again when their folder has changed: every process follows a rotation at once.

    Raises:
        BadConfiguration: one is damaged. Later on, what was read before stays.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._seen = self._stamp()
        self._keys = self._read()

    @overload
    def __getitem__(self, at: int) -> bytes: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[bytes]: ...
    def __getitem__(self, at: int | slice) -> bytes | Sequence[bytes]:
        """The newest is the first."""
        return self._current()[at]

    def __iter__(self) -> Iterator[bytes]:
        """All as they are now, whatever is taken away meanwhile."""
        return iter(self._current())

    def __len__(self) -> int:
        """How many there are; never none."""
        return len(self._current())

    def _current(self) -> tuple[bytes, ...]:
        stamp = self._stamp()
        if stamp != self._seen:
            with suppress(BadConfiguration, OSError):  # then what was read before stays, and the next look tries again
                self._keys = self._read() or self._keys
                self._seen = stamp
        return self._keys

    def _read(self) -> tuple[bytes, ...]:
        return tuple(read_secret(key.path) for key in signing_keys(self._folder))

    def _stamp(self) -> int:
        try:
            return self._folder.stat().st_mtime_ns
        except OSError:
            return 0


def signing_keys(folder: Path) -> list[SigningKey]:
    """All that are there, newest first."""
    found = ((int(digits), path) for path in folder.glob("signing-*.key") if (digits := path.stem[8:]).isdecimal())
    return [
        SigningKey(number=number, path=path, made_at=datetime.fromtimestamp(path.stat().st_mtime, UTC))
        for number, path in sorted(found, reverse=True)
    ]


def open_signing(folder: Path) -> SigningKeys:
    """The keys; the first one is made where there is none yet.

    Raises:
        BadConfiguration: one is damaged. OSError: the folder cannot be written.
    """
    if not signing_keys(folder):
        ensure(folder / "signing-1.key")
    return SigningKeys(folder)


def rotate(folder: Path) -> int:
    """Makes the key that signs from now on; returns its number. Raises OSError."""
    number = max((key.number for key in signing_keys(folder)), default=0) + 1
    ensure(folder / f"signing-{number}.key")
    _show(folder)
    return number


def retire(key: SigningKey) -> None:
    """Takes a key away: what it signed proves nothing any more. Raises OSError."""
    key.path.unlink()
    sync_folder(key.path.parent)
    _show(key.path.parent)


def _show(folder: Path) -> None:
    """Gives the folder a time that nobody has seen: a change within one tick of the kernel's clock shows, too."""
    times = folder.stat()
    os.utime(folder, ns=(times.st_atime_ns, times.st_mtime_ns + 1))
