"""What the tests of `mail/` share: what every message must keep, whatever its bytes were."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterator

import pytest

from maild.mail.message import Message

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
