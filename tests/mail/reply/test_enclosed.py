"""Messages that are forwarded as attachments (message/rfc822)."""

from __future__ import annotations

from maild.mail.message import Mailbox
from maild.mail.parse import parse

HEAD = b"From: Bob <bob@example.org>\nSubject: Fwd: Tax\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nSee it.\n--b\n"
INNER = b"Content-Type: message/rfc822\n\nFrom: Ann <ann@example.org>\nTo: Bob <bob@example.org>\nSubject: Tax\nDate: today\n\nIt is wrong.\n"


def test_an_enclosed_message() -> None:
    """It is read as a forwarded one, and what stands around it is the note."""
    forwarded = parse(HEAD + INNER + b"--b--\n").forwarded
    assert forwarded is not None
    assert (forwarded.note.strip(), forwarded.subject, forwarded.text.strip()) == ("See it.", "Tax", "It is wrong.")
    assert forwarded.from_ == Mailbox(name="Ann", address="ann@example.org")
    assert (forwarded.to, forwarded.cc, forwarded.date) == ((Mailbox(name="Bob", address="bob@example.org"),), (), "today")


def test_the_first_of_several() -> None:
    """One is enough to know what is forwarded."""
    other = INNER.replace(b"Subject: Tax", b"Subject: Other")
    forwarded = parse(HEAD + INNER + b"--b\n" + other + b"--b--\n").forwarded
    assert forwarded is not None
    assert forwarded.subject == "Tax"


def test_an_empty_one() -> None:
    """No field of it is needed."""
    forwarded = parse(HEAD + b"Content-Type: message/rfc822\n\n\n--b--\n").forwarded
    assert forwarded is None or (forwarded.from_, forwarded.to, forwarded.subject) == (None, (), "")
