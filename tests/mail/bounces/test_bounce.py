"""Delivery reports (RFC 3464)."""

from __future__ import annotations

import pytest

from maild.mail.message import BouncedRecipient, Message
from maild.mail.parse import parse


def report(
    status: str,
    original: str = "Content-Type: message/rfc822\n\nMessage-ID: <7@mail.example.com>\nSubject: x\n\nhi",
    kind: str = "message/delivery-status",
) -> Message:
    """A multipart/report with this machine-readable part."""
    return parse(
        "From: MAILER-DAEMON@mx.example.org\nSubject: Undelivered\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
        f"--b\n\nIt did not arrive.\n--b\nContent-Type: {kind}\n\n{status}\n--b\n{original}\n--b--\n".encode()
    )


FAILED = "Final-Recipient: rfc822; gone@example.org\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 <gone@example.org>: no such user"


def test_a_report_about_one_recipient() -> None:
    """Who, what, why, for ever or not, and about which mail."""
    message = report(f"Reporting-MTA: dns; mx.example.org\nArrival-Date: today\n\n{FAILED}\n")
    assert message.bounce is not None
    assert message.bounce.recipients == (
        BouncedRecipient(
            address="gone@example.org", action="failed", status="5.1.1", code="550", reason="user-unknown", permanent=True
        ),
    )
    assert message.bounce.original_message_id == "7@mail.example.com"
    assert message.automatic is not None
    assert message.automatic.kind == "bounce"
    assert not message.may_answer
    assert message.text == "It did not arrive."


def test_a_report_about_several_recipients() -> None:
    """Each block after the first tells of one recipient; blocks without one are passed over."""
    message = report(
        f"Reporting-MTA: dns; mx\n\n{FAILED}\n\nOriginal-Recipient: rfc822;late@example.org\nAction: delayed\nStatus: 4.4.1\n\nX-Nothing: here\n\n"
        "Final-Recipient: rfc822; <full@example.org>\nAction: FAILED (mailbox)\nStatus: 4.2.2\n"
    )
    assert message.bounce is not None
    assert [(each.address, each.action, each.status, each.permanent) for each in message.bounce.recipients] == [
        ("gone@example.org", "failed", "5.1.1", True),
        ("late@example.org", "delayed", "4.4.1", False),
        ("full@example.org", "failed", "4.2.2", False),
    ]


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        ("5.1.1", "user-unknown"),
        ("5.2.2", "mailbox-full"),
        ("5.2.3", "too-big"),
        ("5.7.1", "rejected"),
        ("4.4.7", "expired"),
        ("5.1.10", "not-accepting"),
        ("5.9.99", "undefined"),
    ],
)
def test_reasons_by_status(status: str, reason: str) -> None:
    """RFC 3463: the last two numbers say why."""
    message = report(f"Reporting-MTA: dns; mx\n\nFinal-Recipient: rfc822; a@b.c\nAction: failed\nStatus: {status}\n")
    assert message.bounce is not None
    assert message.bounce.recipients[0].reason == reason


@pytest.mark.parametrize(
    ("original", "message_id"),
    [
        ("Content-Type: text/rfc822-headers\n\nMessage-ID: <8@x>\nSubject: x", "8@x"),
        ("Content-Type: message/rfc822-headers\n\nMessage-ID: <9@x>\n", "9@x"),
        ("Content-Type: message/rfc822\n\nSubject: x\n\nMessage-ID: <no@x>", None),
        ("Content-Type: text/plain\n\nReceived: from a by b\nMessage-ID: <10@x>", "10@x"),
    ],
)
def test_the_mail_that_a_report_is_about(original: str, message_id: str | None) -> None:
    """The header of the mail that came back names it, whole mail or header alone, as a part or in the text."""
    message = report(f"Reporting-MTA: dns; mx\n\n{FAILED}\n", original)
    assert message.bounce is not None
    assert message.bounce.original_message_id == message_id


def test_an_internationalised_report() -> None:
    """RFC 6533: the same with UTF-8."""
    message = report(
        "Reporting-MTA: dns; mx\n\nFinal-Recipient: utf-8; jürgen@example.org\nAction: failed\nStatus: 5.1.1\n",
        kind="message/global-delivery-status",
    )
    assert message.bounce is not None
    assert message.bounce.recipients[0].address == "jürgen@example.org"


def test_the_machines_part_is_no_attachment() -> None:
    """It has been read; the mail that came back is one."""
    assert [each.type for each in report(f"Reporting-MTA: dns; mx\n\n{FAILED}\n").attachments] == ["message/rfc822"]


def test_a_persons_mail_is_no_bounce() -> None:
    """Without such a part there is no report, whatever the text speaks of."""
    assert (
        parse(b"From: ann@example.org\nSubject: Undelivered mail\n\nFinal-Recipient: rfc822; a@b.c\nAction: failed").bounce
        is None
    )


def test_a_report_without_recipients_is_still_one() -> None:
    """Then it says nothing about anybody."""
    message = report("Reporting-MTA: dns; mx\n")
    assert message.bounce is not None
    assert message.bounce.recipients == ()
