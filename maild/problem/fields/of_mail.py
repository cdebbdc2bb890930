"""All fields that a mail tells: its author's own text, the mail that it forwards, answers between quoted lines, filled-in blocks."""

from __future__ import annotations

from dataclasses import replace

from maild.mail.message import Forwarded, Message
from maild.problem.block import read_blocks, without_blocks
from maild.problem.fields import find_answers, find_fields
from maild.problem.found import FORWARDED_FACTOR, Fields, merged
from maild.problem.table import FieldTable


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
