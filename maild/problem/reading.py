"""A mail as the desk understands it: envelope, message, and what the customer tells. The first stage of the road."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace

from maild.mail.envelope import Envelope
from maild.mail.limits import MAX_HEADER
from maild.mail.message import Forwarded, Message
from maild.mail.parse import parse
from maild.mail.parts import cut_header
from maild.problem.block import read_blocks, without_blocks
from maild.problem.fields import find_answers, find_fields
from maild.problem.found import FORWARDED_FACTOR, Fields, merged
from maild.problem.language import language_of
from maild.problem.table import FieldTable

_TRACE = re.compile(
    rb"(?im)^(?:received|return-path|delivered-to|x-original-to|authentication-results)[ \t]*:.*(?:\r?\n[ \t].*)*\r?\n?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """`digest` is equal for mails that are the same bytes but for trace fields. `fields` and `language` are the author's."""

    envelope: Envelope
    message: Message
    digest: bytes
    fields: Fields
    language: str | None


def read_mail(raw: bytes, envelope: Envelope, table: FieldTable) -> Reading:
    """Understands a mail. Pure; total on content."""
    message = parse(raw)
    return Reading(
        envelope=envelope,
        message=message,
        digest=digest_of(raw),
        fields=fields_of(message, table),
        language=language_of(f"{message.subject}\n{message.reply.text}", table),
    )


def read_blindly(raw: bytes, envelope: Envelope, why: str) -> Reading:
    """What can be said of a mail that could not be read: next to nothing, so nothing can fail. The raw mail is kept."""
    message = parse(cut_header(raw)[0][:MAX_HEADER] + b"\r\n\r\n")
    unread = replace(message, defects=(f"unreadable: {why}; see the raw mail", *message.defects))
    return Reading(envelope=envelope, message=unread, digest=digest_of(raw), fields={}, language=None)


def digest_of(raw: bytes) -> bytes:
    """128 bits over header section and body without what transports change: their fields, and how the mail ends."""
    header, body = cut_header(raw)
    fields = _TRACE.sub(b"", header[:MAX_HEADER].replace(b"\r\n", b"\n") + b"\n")
    digest = hashlib.blake2b(fields, digest_size=16)
    digest.update(body.rstrip(b"\r\n"))
    return digest.digest()


def fields_of(message: Message, table: FieldTable) -> Fields:
    """From the author's own text, then from the mail that it forwards.

    What is filled in or answered between quoted lines counts wherever it stands: it comes back inside the quote.
    """
    own = message.reply.text
    found = find_fields(without_blocks(own), message.subject, table, max(message.text.find(own), 0))
    if message.forwarded is not None:
        found = {**_forwarded(message, message.forwarded, table), **found}
    found.update((name, field) for name, field in find_answers(message.text, table).items() if name not in found)
    return merged(found, read_blocks(message.text, table))


def _forwarded(message: Message, forwarded: Forwarded, table: FieldTable) -> Fields:
    """What a forwarded mail tells: somewhat less sure than what its forwarder says."""
    text = forwarded.text
    start = message.text.find(text) if text else -1
    found = find_fields(text, forwarded.subject, table, max(start, 0))
    verbatim = start >= 0
    return {
        name: replace(
            field,
            confidence=round(field.confidence * FORWARDED_FACTOR, 2),
            source=field.source if verbatim and field.source.startswith("text:") else "forwarded",
        )
        for name, field in found.items()
    }
