"""A mail as the desk understands it: the first stage of the road."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from maild.mail.envelope import Envelope
from maild.mail.message import Forwarded, Reply
from maild.problem.block import BEGIN, END
from maild.problem.reading import Reading, digest_of, fields_of, read_blindly
from maild.problem.table import FieldTable

Read = Callable[..., Reading]


def test_only_the_authors_own_text_is_searched(read: Read) -> None:
    """A quoted older mail and a signature never give a value."""
    reading = read(
        "Version: 17.0\n\n-- \nDatabase: signature\n\nOn Monday Bob wrote:\n> Version: 16.0\n> Contract: SUB-2025-0042\n"
    )
    assert {name: field.value for name, field in reading.fields.items()} == {"version": "17.0"}


def test_a_block_counts_wherever_it_stands(read: Read) -> None:
    """The desk's question comes back inside the quote, with the answers in it; they go before what stands elsewhere."""
    reading = read(f"Here you are. Version: 16.0\nVersion: 16.0\n\nOn Monday Bob wrote:\n> {BEGIN}\n> Version: 17.0\n> {END}\n")
    assert reading.fields["version"].value == "17.0"
    assert reading.fields["version"].source == "block"


def test_sources_count_from_the_start_of_the_visible_text(read: Read) -> None:
    """Offsets are those of the whole text, also where the author's part begins further down."""
    reading = read("On Monday Bob wrote:\n> a\n> b\n\nVersion: 17.0\n")
    start, end = (int(each) for each in reading.fields["version"].source.removeprefix("text:").split("-"))
    assert reading.message.text[start:end] == "17.0"


def test_answers_between_the_lines(read: Read) -> None:
    """The desk's question is quoted, and the answer stands below it."""
    reading = read("Hello,\n\n> which version do you use?\n17.0\n> Is it blocking?\nNo.\n")
    assert {name: field.value for name, field in reading.fields.items()} == {"version": "17.0", "blocking": False}


def test_a_forwarded_mail_tells_what_its_forwarder_does_not(read: Read, table: FieldTable) -> None:
    """The note goes first, the forwarded mail is a little less sure; places are those of the visible text where it stands there."""
    message = read("Our customer has version 18.0, see below.\n\nVersion: 17.0\nDatabase: oak-live").message
    text = "Version: 17.0\nDatabase: oak-live"
    note = "Our customer has version 18.0, see below."
    forwarded = Forwarded(note=note, from_=None, to=(), cc=(), subject="SUB-2024-0001", date="", text=text)
    reply = Reply(text=note, signature=None, quoted=text)
    fields = fields_of(replace(message, subject="Fwd", reply=reply, forwarded=forwarded), table)
    start, end = (int(each) for each in fields["database"].source.removeprefix("text:").split("-"))
    assert (fields["version"].value, message.text[start:end], fields["database"].confidence) == ("18.0", "oak-live", 0.81)
    assert (fields["contract"].value, fields["contract"].source) == ("SUB-2024-0001", "forwarded")


def test_the_language_is_the_authors(read: Read) -> None:
    """A French answer below an English question is French."""
    english = "> Hello, can you please tell us what you do when this is on the screen?\n" * 5
    reading = read(
        f"Bonjour, quand nous imprimons la facture elle est vide.\n\nOn Monday Bob wrote:\n{english}", Subject="Facture"
    )
    assert reading.language == "fr"


@pytest.mark.parametrize(
    "trace",
    [
        "Received: from mx by host; today\r\n",
        "Return-Path: <a@b.c>\r\n",
        "Delivered-To: x@y.z\r\n",
        "received: a\r\n\tfolded\r\n",
        "Authentication-Results: mx; spf=pass\r\n",
        "X-Original-To: q@y.z\r\n",
        "Received-SPF: pass (mx: x)\r\n",
        "ARC-Seal: i=1; a=rsa-sha256;\r\n\tb=x\r\n",
        "X-Spam-Status: No, score=0.1\r\n",
        "X-Received: by 2002:a05\r\n",
        "Envelope-To: x@y.z\r\nDelivery-date: today\r\n",
    ],
)
def test_a_mail_is_the_same_by_either_way(trace: str, mail: Callable[..., bytes]) -> None:
    """What transports add does not make another mail of it."""
    raw = mail("Hello\n")
    assert digest_of(trace.encode() + raw) == digest_of(raw)


def test_other_mails_are_others(mail: Callable[..., bytes]) -> None:
    """Text, subject, Message-ID, even a blank: all else counts."""
    mails = [
        mail("Hello\n"),
        mail("Hello \n"),
        mail("Hello\n", Subject="x"),
        mail("Hello\n", Message_ID="<2@x>"),
        mail("Received: x\n\nHello\n"),
    ]
    digests = {digest_of(raw) for raw in mails}
    assert len(digests) == len(mails)
    assert {len(digest) for digest in digests} == {16}


def test_forms_that_give_neither_time_nor_name() -> None:
    """Without Date and Message-ID two equal texts are two mails where any field of their own tells them apart, and one where none does."""
    form = b"From: form@example.org\r\nSubject: call me\r\n%s\r\nPlease call me back.\r\n"
    first, second = form % b"X-Request-ID: 1\r\n", form % b"X-Request-ID: 2\r\n"
    assert digest_of(first) != digest_of(second)
    assert digest_of(b"Received: from a by b\r\n" + first) == digest_of(first)


def test_what_cannot_be_read_is_read_blindly(
    mail: Callable[..., bytes], envelope: Callable[..., Envelope], table: FieldTable
) -> None:
    """Of a mail that brought workers down only the header counts: enough for a ticket, with the reason as a defect."""
    raw = mail("Version: 17.0\n", Subject="Bomb")
    reading = read_blindly(raw, envelope(), "the worker was killed")
    assert reading.message.subject == "Bomb"
    assert reading.message.author is not None
    assert (reading.message.text, reading.fields, reading.language) == ("", {}, None)
    assert reading.message.defects[0] == "unreadable: the worker was killed; see the raw mail"
    assert reading.digest == digest_of(raw)
