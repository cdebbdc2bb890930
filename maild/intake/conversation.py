"""Which conversation a mail belongs to, seen from its header section alone: mails of one go to one worker, in their order."""

from __future__ import annotations

import re
from collections.abc import Sequence
from hashlib import blake2b

from maild.mail.mime.parts import cut_header
from maild.tickets.address import signed_in

HEAD = 65_536  # octets that are looked at
_THREAD_FIELD = re.compile(rb"(?im)^(?:message-id|in-reply-to|references)[ \t]*:((?:.*\r?\n(?:[ \t].*\r?\n)*))")
_ID = re.compile(rb"<([^<>\s]{1,900})>")


def conversation_of(head: bytes, forward_paths: Sequence[str]) -> tuple[str, ...]:
    """Keys of a mail's conversation, from its header section and its signed addresses: hashes, and nothing else."""
    header = cut_header(head[:HEAD])[0] + b"\r\n"
    ids = {each for field in _THREAD_FIELD.findall(header) for each in _ID.findall(field)}
    tickets = {ticket_key(number) for path in forward_paths for number, _ in signed_in(path)}
    return tuple(sorted({*map(_key, ids), *tickets}))


def ticket_key(number: int) -> str:
    """The key of mail to the signed addresses of a ticket."""
    return _key(f"ticket {number}".encode())


def _key(each: bytes) -> str:
    return blake2b(each, digest_size=6).hexdigest()
