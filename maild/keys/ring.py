"""The files with the desk's secrets. They are made on first use, never overwritten, and readable by their owner alone."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from maild.durable import sync_folder, write_file
from maild.errors import BadConfiguration, Problem
from maild.keys.seal import PublicSeal, Seal, new_seal

SECRET_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Keyring:
    """`signing` keys are tried newest first; `hashing` turns personal data into marks; `seal` opens sealed mail."""

    signing: tuple[bytes, ...]
    hashing: bytes
    seal: Seal


def open_keyring(folder: Path) -> Keyring:
    """Reads the keys and makes those that are missing.

    Raises:
        BadConfiguration: a key is damaged. OSError: the folder cannot be written.
    """
    _ensure(folder / "signing-1.key", lambda: secrets.token_hex(SECRET_BYTES))
    _ensure(folder / "hashing.key", lambda: secrets.token_hex(SECRET_BYTES))
    signing = sorted(folder.glob("signing-*.key"), key=_number, reverse=True)
    return Keyring(
        signing=tuple(_read(path) for path in signing),
        hashing=_read(folder / "hashing.key"),
        seal=_open_seal(folder),
    )


def open_public_seal(folder: Path) -> PublicSeal:
    """The half of the seal that encrypts: all that an intake needs."""
    return _open_seal(folder).public


def _open_seal(folder: Path) -> Seal:
    path = folder / "seal.key"
    _ensure(path, new_seal)
    return Seal(_read(path))


def _number(path: Path) -> int:
    digits = path.stem.removeprefix("signing-")
    return int(digits) if digits.isdecimal() else 0


def _read(path: Path) -> bytes:
    try:
        secret = bytes.fromhex(path.read_text("ascii").strip())
    except ValueError:
        secret = b""
    if len(secret) != SECRET_BYTES:
        remedy = "restore it from the backup; a new key makes old reply addresses and sealed mail unreadable"
        raise BadConfiguration([Problem(str(path), "is damaged", remedy)])
    return secret


def _ensure(path: Path, make: Callable[[], str]) -> None:
    """Makes a key once, whoever comes first: complete and synced before it has its name."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    write_file(draft, f"{make()}\n".encode("ascii"))
    try:
        os.link(draft, path)  # fails where another process was first; then its key is the key
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    sync_folder(path.parent)
