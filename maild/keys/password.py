"""Passwords that an operator wrote down for the desk: in a file, or as a credential of systemd."""

from __future__ import annotations

import os
from pathlib import Path

from maild.errors import BadConfiguration, Problem


class OnlyForTheService(BadConfiguration):
    """The password is a credential that systemd hands to the service, and this process is not the service."""


def has_credentials() -> bool:
    """Whether systemd handed credentials to this process."""
    return "CREDENTIALS_DIRECTORY" in os.environ


def imap_credential(user: str) -> str:
    """The systemd credential that holds the password of an IMAP user. Its name is a file's, too, and so has no `/`."""
    return f"imap.{user}.password".replace("/", "_")


def read_password(file: Path | None, credential: str, setting: str) -> str:
    """The password in `file`, else in the systemd credential of this name; `setting` is where an operator mends it.

    Raises:
        BadConfiguration: it cannot be read.
    """
    path = file or Path(os.environ.get("CREDENTIALS_DIRECTORY", "/nonexistent")) / credential
    try:
        return path.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        remedy = f"set {setting}, or the systemd credential {credential}"
        what = (error.strerror if isinstance(error, OSError) else "") or "cannot be read"
        trouble = BadConfiguration if file or has_credentials() else OnlyForTheService
        raise trouble([Problem(str(path), what, remedy)]) from error
