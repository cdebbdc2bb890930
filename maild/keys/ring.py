"""All secrets of the desk. They are made on first use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from maild.keys.seal import PublicSeal, Seal, new_seal
from maild.keys.secret import ensure, read_secret
from maild.keys.signing import open_signing


@dataclass(frozen=True, slots=True, kw_only=True)
class Keyring:
    """`signing` keys are tried newest first; `hashing` turns personal data into marks; `seal` opens sealed mail."""

    signing: Sequence[bytes]
    hashing: bytes
    seal: Seal


def open_keyring(folder: Path) -> Keyring:
    """Reads the keys and makes those that are missing.

    Raises:
        BadConfiguration: a key is damaged. OSError: the folder cannot be written.
    """
    ensure(folder / "hashing.key")
    return Keyring(signing=open_signing(folder), hashing=read_secret(folder / "hashing.key"), seal=_open_seal(folder))


def open_public_seal(folder: Path) -> PublicSeal:
    """The half of the seal that encrypts: all that an intake needs."""
    return _open_seal(folder).public


def _open_seal(folder: Path) -> Seal:
    path = folder / "seal.key"
    ensure(path, new_seal)
    return Seal(read_secret(path))
