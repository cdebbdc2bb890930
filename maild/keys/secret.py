"""Files with secrets: made once, never overwritten, readable by their owner alone."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from pathlib import Path

from maild.durable import sync_folder, write_file
from maild.errors import BadConfiguration, Problem

SECRET_BYTES = 32


def new_secret() -> str:
    """As it stands in its file."""
    return secrets.token_hex(SECRET_BYTES)


def read_secret(path: Path) -> bytes:
    """Its octets.

    Raises:
        BadConfiguration: it is damaged. OSError: it cannot be read.
    """
    try:
        secret = bytes.fromhex(path.read_text("ascii").strip())
    except ValueError:
        secret = b""
    if len(secret) != SECRET_BYTES:
        remedy = "restore it from the backup; a new key makes old reply addresses and sealed mail unreadable"
        raise BadConfiguration([Problem(str(path), "is damaged", remedy)])
    return secret


def ensure(path: Path, make: Callable[[], str] = new_secret) -> None:
    """Makes a secret once, whoever comes first: complete and synced before it has its name.

    Raises:
        OSError: the folder cannot be written.
    """
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
