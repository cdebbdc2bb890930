"""What the tests of `mail/` share: what every message must keep, whatever its bytes were."""

from __future__ import annotations

import dataclasses
import re
import struct
from collections.abc import Callable, Iterator

import pytest

from maild.mail.message import Message
from maild.mail.mime.tnef.stream import SIGNATURE

# Values that may have several lines; all others come from header fields and have one.
LONG = {"text", "html", "signature", "quoted", "note"}
CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def strings(value: object, name: str = "") -> Iterator[tuple[str, str]]:
    """(name of the field, text) of every text in a value."""
    if isinstance(value, str):
        yield name, value
    elif isinstance(value, tuple):
        for each in value:
            yield from strings(each, name)
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from strings(getattr(value, field.name), field.name)


@pytest.fixture(scope="session")
def sound() -> Callable[[Message], None]:
    """Asserts what docs/interfaces.md promises of every message."""

    def check(message: Message) -> None:
        for name, text in strings(message):
            assert "\0" not in text, name
            assert not any("\ud800" <= character <= "\udfff" for character in text), name
            if name not in LONG:
                assert not CONTROLS.search(text), (name, text)
        for each in message.attachments:
            if each.name is not None:
                assert each.name
                assert len(each.name) <= 120
                assert "/" not in each.name
                assert "\\" not in each.name
                assert not each.name.startswith(".")
            assert re.fullmatch(r"[0-9a-f]{64}", each.sha256)
        assert message.date is None or message.date.utcoffset() is not None
        assert len(message.defects) <= 20
        assert message.text or not message.reply.text

    return check


class Tnef:
    """Builds winmail.dat: attributes one after the other, and the properties inside of them."""

    def container(self, *attributes: bytes) -> bytes:
        """A whole file."""
        return SIGNATURE + b"\1\0" + b"".join(attributes)

    def attribute(self, level: int, identity: int, data: bytes) -> bytes:
        """One attribute with its checksum; level 1 is the message, 2 an attachment."""
        return struct.pack("<BII", level, identity, len(data)) + data + struct.pack("<H", sum(data) & 0xFFFF)

    def properties(self, *each: bytes) -> bytes:
        """A list of properties."""
        return struct.pack("<I", len(each)) + b"".join(each)

    def octets(self, number: int, value: bytes, kind: int = 0x102, name: bytes = b"") -> bytes:
        """A property of octets (or of text, 0x1E, 0x1F, or an object, 0x0D)."""
        head = struct.pack("<HH", kind, number) + name
        return head + struct.pack("<II", 1, len(value)) + value + b"\0" * (-len(value) % 4)

    def long(self, number: int, value: int) -> bytes:
        """A property of a number."""
        return struct.pack("<HHI", 0x03, number, value)

    def file(self, content: bytes, *properties: bytes, title: bytes = b"") -> bytes:
        """The attributes of an attachment."""
        drawn = self.attribute(2, 0x69002, b"\1\0" + b"\0" * 12)
        named = self.attribute(2, 0x18010, title + b"\0") if title else b""
        data = self.attribute(2, 0x6800F, content) if content else b""
        return drawn + named + data + (self.attribute(2, 0x69005, self.properties(*properties)) if properties else b"")


@pytest.fixture(scope="session")
def tnef() -> Tnef:
    """A builder of winmail.dat."""
    return Tnef()
