"""What must hold of every mail, whatever its octets are (docs/interfaces.md, "maild read")."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Mapping

from maild.mail.envelope import Envelope
from maild.mail.message import Message
from maild.mail.parse import leaf_of, parse
from maild.problem.lexicon import Lexicon
from maild.problem.reading import Reading, read_mail

_LONG = frozenset(("text", "html", "signature", "quoted", "note"))  # all else comes from header fields, and is one line
_NOT_TEXT = re.compile("[\0\ud800-\udfff]")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_SHA256 = re.compile(r"[0-9a-f]{64}")


def check(raw: bytes, envelope: Envelope, lexicon: Lexicon) -> None:
    """Reads the mail twice.

    Raises:
        AssertionError: what does not hold. Any other exception is a fault, too.
    """
    message = parse(raw)
    reading = read_mail(raw, envelope, lexicon)
    assert reading.message == message, "the same octets are read in two ways"
    check_message(message)
    check_reading(reading)
    for each in message.attachments[:3]:
        leaf = leaf_of(raw, each.part)
        assert leaf is not None, f"attachment {each.part} is no part"
        assert len(leaf.content) == each.size, f"attachment {each.part} is another part"


def check_message(message: Message) -> None:
    """Strings, attachments, defects."""
    for name, text in _strings(message):
        assert not _NOT_TEXT.search(text), f"{name} is no text"
        assert name in _LONG or not _CONTROL.search(text), f"{name} has a control character: {text!r}"
    for each in message.attachments:
        if each.name is not None:
            assert each.name.strip(), "an attachment with an empty name"
            assert len(each.name) <= 120, "an attachment with a long name"
            assert not set("/\\") & set(each.name), f"a name with a folder: {each.name!r}"
            assert not each.name.startswith("."), f"a hidden name: {each.name!r}"
        assert _SHA256.fullmatch(each.sha256)
        assert each.size >= 0
    assert message.date is None or message.date.utcoffset() is not None, "a date without its zone"
    assert len(message.defects) <= 20
    assert message.text or not message.reply.text, "a reply without a text"
    for people in (message.from_, message.to, message.cc, message.reply_to):
        assert all(each.name or each.address for each in people), "a mailbox without name and address"


def check_reading(reading: Reading) -> None:
    """What was found says where, within the text."""
    assert len(reading.digest) == 16
    for name, text in _strings(reading.fields):
        assert not _NOT_TEXT.search(text), f"{name} is no text"


def _strings(value: object, name: str = "") -> Iterator[tuple[str, str]]:
    """(name of the field, text) of every text in a value."""
    if isinstance(value, str):
        yield name, value
    elif isinstance(value, tuple):
        for each in value:
            yield from _strings(each, name)
    elif isinstance(value, Mapping):
        for key, each in value.items():
            yield from _strings(each, str(key))
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from _strings(getattr(value, field.name), field.name)
