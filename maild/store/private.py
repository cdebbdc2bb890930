"""A customer's words in a row: JSON, sealed where the ticket is. Values in, bytes out, and back."""

from __future__ import annotations

import json
from typing import Any

from maild.errors import BadConfiguration, Problem
from maild.keys.ring import Keyring
from maild.keys.seal import BrokenSeal
from maild.mail.message import Attachment, Mailbox
from maild.problem.found import Field, Fields

# One encoder for all: `json.dumps` with options would make a new one for every call.
to_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class Private:
    """Packs and unpacks private columns with the desk's keys."""

    def __init__(self, keys: Keyring) -> None:
        self._keys = keys

    def pack(self, value: Any, sealed: bool) -> bytes:
        """The value as bytes to store."""
        raw = to_json(value).encode("utf-8", "replace")
        return self._keys.seal.public.seal(raw) if sealed else raw

    def unpack(self, raw: bytes, sealed: bool) -> Any:
        """The inverse.

        Raises:
            BadConfiguration: it was sealed for another key than the desk has now.
        """
        try:
            return json.loads(self._keys.seal.open(raw) if sealed else raw)
        except BrokenSeal as error:
            remedy = "put back the keys folder that belongs to this database"
            raise BadConfiguration([Problem("keys/seal.key", "does not open what is in the database", remedy)]) from error


def mailbox_to_plain(mailbox: Mailbox) -> list[str]:
    """A mailbox as a list of name and address."""
    return [mailbox.name, mailbox.address]


def mailbox_from_plain(plain: list[str]) -> Mailbox:
    """The inverse."""
    return Mailbox(name=plain[0], address=plain[1])


def fields_to_plain(fields: Fields) -> dict[str, list[Any]]:
    """Fields as lists of value, source, confidence and ambiguity, by name."""
    return {name: [field.value, field.source, field.confidence, field.ambiguous] for name, field in fields.items()}


def fields_from_plain(plain: dict[str, list[Any]]) -> dict[str, Field]:
    """The inverse."""
    return {name: Field(value=each[0], source=each[1], confidence=each[2], ambiguous=each[3]) for name, each in plain.items()}


def attachment_to_plain(attachment: Attachment) -> dict[str, Any]:
    """The attachment's facts; its bytes stay in the spool."""
    return {name: getattr(attachment, name) for name in Attachment.__slots__}


def attachment_from_plain(plain: dict[str, Any]) -> Attachment:
    """The inverse."""
    return Attachment(**plain)
