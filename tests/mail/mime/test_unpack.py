"""Leaves that hold others."""

from __future__ import annotations

import base64
import binascii
import struct
from typing import Any

from maild.mail.mime.parts import MAX_PARTS
from maild.mail.parse import leaf_of, parse

HEAD = b"From: a@b.c\n"


def with_container(raw: bytes, text: bytes = b"See attached.") -> bytes:
    """A mail with a text and winmail.dat, as Exchange sends it."""
    return (
        HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\n" + text + b"\n--b\n"
        b'Content-Type: application/ms-tnef; name="winmail.dat"\nContent-Transfer-Encoding: base64\n\n'
        + base64.encodebytes(raw)
        + b"--b--\n"
    )


def test_files_stand_in_place_of_their_container(tnef: Any) -> None:
    """Each is an attachment, and its number leads to it when it is sent on."""
    raw = with_container(
        tnef.container(
            tnef.file(b"one", title=b"..\\a.txt"), tnef.file(b"two", tnef.octets(0x3712, b"1@x", 0x1E), title=b"b.png")
        )
    )
    message = parse(raw)
    assert [(each.name, each.type, each.size, each.inline, each.content_id) for each in message.attachments] == [
        ("a.txt", "text/plain", 3, False, None),
        ("b.png", "image/png", 3, True, "1@x"),
    ]
    leaves = [leaf_of(raw, each.part) for each in message.attachments]
    assert [leaf.content for leaf in leaves if leaf] == [b"one", b"two"]
    assert message.text == "See attached."


def test_its_text_counts_where_the_mail_says_nothing(tnef: Any) -> None:
    """Plain and HTML are alternatives; where the mail has a text of its own, it is that."""
    inside = tnef.properties(tnef.octets(0x1000, b"the text\0", 0x1E), tnef.octets(0x1013, b"<p>the HTML</p>"))
    raw = tnef.container(tnef.attribute(1, 0x69003, inside))
    message = parse(with_container(raw, b" \n"))
    assert (message.text, message.html, message.attachments) == ("the text", "<p>the HTML</p>", ())
    assert parse(with_container(raw)).text == "See attached."


def test_its_rich_text_counts_where_there_is_no_other(tnef: Any) -> None:
    """Compressed, with HTML inside, or not."""
    for rtf, text in ((rb"{\rtf1 two\par words}", "two\nwords"), (rb"{\rtf1\fromhtml1{\*\htmltag <p>two</p>}}", "two")):
        rich = struct.pack("<IIII", len(rtf) + 12, len(rtf), 0x414C454D, 0) + rtf
        raw = tnef.container(tnef.attribute(1, 0x69003, tnef.properties(tnef.octets(0x1009, rich))))
        assert parse(with_container(raw, b"")).text == text


def test_the_text_of_a_message_inside_is_a_file(tnef: Any) -> None:
    """What was forwarded must not become the customer's words, and is not lost."""
    inner = tnef.container(tnef.attribute(1, 0x2800C, b"theirs\0"))
    raw = tnef.container(tnef.file(b"", tnef.octets(0x3001, b"Re: it\0", 0x1E), tnef.octets(0x3701, b"\7" * 16 + inner, 0x0D)))
    message = parse(with_container(raw))
    assert [(each.name, each.size) for each in message.attachments] == [("Re: it.txt", 6)]
    assert message.text == "See attached."


def test_a_container_that_holds_nothing_is_kept_as_it_is(tnef: Any) -> None:
    """As is one that only calls itself so."""
    for raw in (tnef.container(), b"not at all"):
        assert [(each.name, each.size) for each in parse(with_container(raw)).attachments] == [("winmail.dat", len(raw))]


def test_a_file_in_a_text() -> None:
    """The file is an attachment with its name, the text around it stays the text."""
    block = b"begin 644 ../h\xe9llo.txt\n" + binascii.b2a_uu(b"hello") + b"`\nend\n"
    message = parse(HEAD + b"Content-Type: text/plain; charset=iso-8859-1\n\nbefore\n" + block + b"after\n" + block)
    assert message.text == "before\nafter"
    assert [(each.name, each.type, each.size) for each in message.attachments] == [("héllo.txt", "text/plain", 5)] * 2


def test_a_file_alone_leaves_no_text() -> None:
    """A mail that is but a file."""
    message = parse(HEAD + b"\nbegin 644 a.bin\n" + binascii.b2a_uu(b"hello") + b"`\nend\n")
    assert (message.text, [each.name for each in message.attachments]) == ("", ["a.bin"])


def test_a_text_that_is_attached_is_not_opened() -> None:
    """A log file with such a block is what the customer attached, octet by octet."""
    block = b"begin 644 a.bin\n" + binascii.b2a_uu(b"hello") + b"`\nend\n"
    message = parse(HEAD + b"Content-Type: text/plain\nContent-Disposition: attachment; filename=a.log\n\n" + block)
    assert [(each.name, each.size) for each in message.attachments] == [("a.log", len(block))]


def test_no_more_parts_than_the_limit() -> None:
    """Files in texts count as parts do."""
    block = b"begin 644 a\n" + binascii.b2a_uu(b"x") + b"end\n"
    part = b"--b\n\n" + block * 100 + b"\n"
    message = parse(HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n" + part * 20 + b"--b--\n")
    assert len(message.attachments) < MAX_PARTS
    assert "mime: too many parts, cut" in message.defects
