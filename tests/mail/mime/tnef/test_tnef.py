"""winmail.dat: what Outlook puts in, and what is left of it when it was cut or made up."""

from __future__ import annotations

import struct
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.mail.mime.tnef.properties import read_properties
from maild.mail.mime.tnef.stream import MAX_ATTACHMENTS, MAX_MESSAGES, SIGNATURE, read_tnef


def test_files_with_their_names(tnef: Any) -> None:
    """The long name goes before the short one of the attribute; type and Content-ID are properties."""
    raw = tnef.container(
        tnef.file(b"one", tnef.octets(0x3707, "Rechnung März.pdf\0".encode("utf-16-le"), 0x1F), title=b"RECHNU~1.PDF"),
        tnef.file(b"two", tnef.octets(0x370E, b"image/PNG\0", 0x1E), tnef.octets(0x3712, b"1@x\0", 0x1E), title=b"a.png"),
        tnef.file(b"three"),
    )
    found = read_tnef(raw)
    assert found is not None
    assert [(each.name, each.type, each.content_id, each.content) for each in found.files] == [
        ("Rechnung März.pdf", "", "", b"one"),
        ("a.png", "image/png", "1@x", b"two"),
        ("", "", "", b"three"),
    ]


def test_the_codepage_of_names_and_text(tnef: Any) -> None:
    """Octets are of the codepage that the container names, unless they are Unicode."""
    page = tnef.attribute(1, 0x69007, struct.pack("<II", 1251, 0))
    raw = tnef.container(
        page, tnef.attribute(1, 0x2800C, "Счёт\0".encode("cp1251")), tnef.file(b"x", title="счёт.txt".encode("cp1251"))
    )
    found = read_tnef(raw)
    assert found is not None
    assert (found.text.plain, found.files[0].name) == ("Счёт", "счёт.txt")


def test_text_and_html_of_the_message(tnef: Any) -> None:
    """Properties of the message; HTML has a codepage of its own."""
    inside = tnef.properties(
        tnef.long(0x3FDE, 65001),
        tnef.octets(0x8001, b"x\0", 0x1E, b"G" * 16 + struct.pack("<II", 1, 6) + b"a\0b\0\0\0\0\0"),
        tnef.octets(0x8002, b"x\0", 0x1E, b"G" * 16 + struct.pack("<II", 0, 34051)),
        struct.pack("<HHIIII", 0x1003, 0x8003 - 0x4000, 3, 1, 2, 3),
        tnef.octets(0x1000, "Grüße\0".encode("utf-16-le"), 0x1F),
        tnef.octets(0x1013, "<p>Grüße</p>".encode()),
    )
    found = read_tnef(tnef.container(tnef.attribute(1, 0x69003, inside)))
    assert found is not None
    assert (found.text.plain, found.text.html.decode(), found.text.html_charset) == ("Grüße", "<p>Grüße</p>", "utf-8")


def test_a_message_inside(tnef: Any) -> None:
    """Its files are files of the mail, its text is told under its name; the attribute beside it is a stub."""
    inner = tnef.container(tnef.attribute(1, 0x2800C, b"inner text\0"), tnef.file(b"deep", title=b"deep.txt"))
    held = tnef.octets(0x3701, b"\7" * 16 + inner, 0x0D)
    found = read_tnef(tnef.container(tnef.file(b"stub", tnef.octets(0x3001, b"Forwarded\0", 0x1E), held, title=b"Untitled")))
    assert found is not None
    assert [(each.name, each.content) for each in found.files] == [("deep.txt", b"deep")]
    assert [(name, text.plain) for name, text in found.messages] == [("Forwarded", "inner text")]


def test_data_that_is_a_property_alone(tnef: Any) -> None:
    """Some programs write no attribute of data; what is no message is kept as it is, without its GUID."""
    found = read_tnef(
        tnef.container(
            tnef.file(b"", tnef.octets(0x3701, b"one")), tnef.file(b"", tnef.octets(0x3701, b"\7" * 16 + b"two", 0x0D))
        )
    )
    assert found is not None
    assert [each.content for each in found.files] == [b"one", b"two"]


def test_messages_inside_of_messages_end(tnef: Any) -> None:
    """However many there are inside of each other, the number that is read is bounded."""
    inner = tnef.container(tnef.attribute(1, 0x2800C, b"the innermost\0"))
    for _ in range(MAX_MESSAGES + 5):
        inner = tnef.container(tnef.file(b"", tnef.octets(0x3701, b"\7" * 16 + inner, 0x0D)))
    found = read_tnef(inner)
    assert found is not None
    assert len(found.messages) < MAX_MESSAGES


def test_no_more_files_than_the_limit(tnef: Any) -> None:
    """Of a thousand files the first are read."""
    found = read_tnef(tnef.container(tnef.file(b"x", title=b"a") * 1_000))
    assert found is not None
    assert len(found.files) == MAX_ATTACHMENTS


@given(data=st.data())
def test_what_is_cut_gives_what_came_before(data: st.DataObject, tnef: Any) -> None:
    """At whichever octet: no exception, and no file that was not there."""
    raw = tnef.container(tnef.file(b"one", tnef.octets(0x3707, b"a.txt\0", 0x1E)), tnef.file(b"two", title=b"b.txt"))
    found = read_tnef(raw[: data.draw(st.integers(0, len(raw)))])
    assert found is None or {each.content for each in found.files} <= {b"one", b"on", b"o", b"two", b"tw", b"t", b""}


@given(octets=st.binary(max_size=400))
def test_any_octets_are_read(octets: bytes) -> None:
    """As a container, and as properties."""
    assert read_tnef(octets) is None or octets.startswith(SIGNATURE)
    assert read_tnef(SIGNATURE + octets) is not None
    assert isinstance(read_properties(octets), dict)


@pytest.mark.parametrize("count", [0x7FFFFFFF, 0xFFFFFFFF])
def test_counts_that_promise_much(count: int) -> None:
    """A number that is made up costs nothing."""
    assert read_properties(struct.pack("<IHHI", count, 0x101E, 0x3707, count)) == {}
    assert len(read_properties(struct.pack("<IHHI", 1, 0x1003, 0x3707, count) + b"abcd")) <= 1
