"""Where a report says what: its fields however folded, the original mail wherever it stands, reports in reports, notices in JSON."""

from __future__ import annotations

import pytest

from maild.mail.bounces.original import split_text
from maild.mail.bounces.status_fields import address_of, read_status_fields
from maild.mail.message import BouncedRecipient, Message
from maild.mail.parse import parse

HEAD = "From: MAILER-DAEMON@mx.example\nSubject: Undelivered Mail Returned to Sender\n"


def recipients(message: Message) -> tuple[BouncedRecipient, ...]:
    """Of a mail that must be a report."""
    assert message.bounce is not None
    return message.bounce.recipients


@pytest.mark.parametrize(
    "text",
    [
        "Final-Recipient: rfc822; a@b.example\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 no",
        "final-recipient: RFC822;\n a@b.example\naction: FAILED\nstatus: 5.1.1 (gone)\ndiagnostic-code: smtp; 550\n no",
        "Final-Recipient: rfc822; <a@b.example>\nAction: failed; really\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550\nno",
        "Original-Recipient: rfc822;a@b.example\nFinal-Recipient: rfc822; local\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 no",
        "Reporting-MTA: dns; x\n\n\nOriginal-Recipient: <a@b.example>\nAction: failed (x)\nStatus: 5.1.1\nDiagnostic-Code: 550 no",
    ],
)
def test_fields_however_they_stand(text: str) -> None:
    """RFC 3464, section 2, and what is written instead of it."""
    (account,) = read_status_fields(text)
    assert (account.address, account.action, account.words) == ("a@b.example", "failed", "550 no")
    assert account.status.strip() == "5.1.1"


def test_recipients_without_an_empty_line_between() -> None:
    """A second Final-Recipient begins a second group."""
    text = "Final-Recipient: rfc822; a@b.example\nAction: failed\nFinal-Recipient: rfc822; c@d.example\nAction: delayed"
    assert [(each.address, each.action) for each in read_status_fields(text)] == [
        ("a@b.example", "failed"),
        ("c@d.example", "delayed"),
    ]


@pytest.mark.parametrize(
    ("value", "address"),
    [
        ("rfc822; a@b.example", "a@b.example"),
        ("RFC822;<a@b.example> (Ann)", "a@b.example"),
        ("utf-8; jürgen@b.example", "jürgen@b.example"),
        ("rfc822; =?utf-8?b?asO8?=@b.example", "jü@b.example"),
        ("", ""),
    ],
)
def test_addresses_of_fields(value: str, address: str) -> None:
    """The type goes, brackets and comments go, encoded words are read."""
    assert address_of(value) == address


@pytest.mark.parametrize(
    "mark",
    ["--- Below this line is a copy of the message.", "------ This is a copy of the message, including all the headers. ------", "Original message follows.",
     "   ----- Unsent message follows -----", "Received: from a by b", "-------original message", "Ursprüngliche Nachricht:"],
)  # fmt: skip
def test_the_original_mail_in_the_text(mark: str) -> None:
    """It is announced, or just begins; what it says is not the mailer's."""
    said, inline = split_text(f"It could not be delivered to somebody.\n\n{mark}\nMessage-ID: <1@x>\nTo: c@d.example\n")
    assert said.strip() == "It could not be delivered to somebody."
    assert "Message-ID" in inline


def test_the_original_is_found_and_its_addresses_are_not_taken() -> None:
    """Only the mailer names who failed; the Message-ID comes from the original."""
    message = parse(
        f"{HEAD}\nI could not deliver your mail.\n\n<a@b.example>:\n550 5.1.1 unknown\n\nOriginal message follows.\n\n"
        "Message-ID: <1@desk.example>\nTo: c@d.example\n\n<e@f.example>: hello".encode()
    )
    assert [each.address for each in recipients(message)] == ["a@b.example"]
    assert message.bounce is not None
    assert message.bounce.original_message_id == "1@desk.example"


def test_whom_it_was_for_where_nobody_is_named() -> None:
    """The returned mail's only recipient."""
    message = parse(
        f"{HEAD}\nThe message could not be delivered to the mobile.\n\nOriginal Message:\nTo: a@b.example\nSubject: x\n".encode()
    )
    assert [each.address for each in recipients(message)] == ["a@b.example"]


def test_the_fields_status_gives_way_to_the_servers_word() -> None:
    """5.0.0 tells nothing; the reply in Diagnostic-Code, or in the text about this recipient, does."""
    status = "Final-Recipient: rfc822; a@b.example\nAction: failed\nStatus: 5.0.0\n"
    mail = f"{HEAD}Content-Type: multipart/report; boundary=b\n\n--b\n\n%s\n--b\nContent-Type: message/delivery-status\n\n{status}%s\n--b--\n"
    for text, diagnostic in (("It failed.", "Diagnostic-Code: smtp; 552 5.2.2 full\n"), ("a@b.example: 552 5.2.2 full", "")):
        (found,) = recipients(parse((mail % (text, diagnostic)).encode()))
        assert (found.status, found.code, found.reason) == ("5.2.2", "552", "mailbox-full")


def test_a_report_in_a_report() -> None:
    """A gateway's note around a mailer's report: what the inner one names, failed."""
    inner = (
        "From: MAILER-DAEMON@in.example\nContent-Type: multipart/report; report-type=delivery-status; boundary=c\n\n--c\n"
        "Content-Type: message/delivery-status\n\nFinal-Recipient: rfc822; a@b.example\nAction: failed\nStatus: 5.1.1\n--c--\n"
    )
    message = parse(
        f"{HEAD}Content-Type: multipart/mixed; boundary=b\n\n--b\n\nThe following recipients had permanent errors.\n"
        f"--b\nContent-Type: message/rfc822\n\n{inner}\n--b--\n".encode()
    )
    assert [each.address for each in recipients(message)] == ["a@b.example"]


def test_a_report_whose_boundary_is_wrong() -> None:
    """Everything stands in one piece, and is read all the same."""
    message = parse(
        f"{HEAD}Content-Type: multipart/report; report-type=delivery-status; boundary=wrong\n\n--b\n\nSorry.\n\n--b\n"
        "Content-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\nFinal-Recipient: rfc822; a@b.example\nAction: failed\nStatus: 5.1.1\n\n--b--\n".encode()
    )
    (found,) = recipients(message)
    assert (found.address, found.status) == ("a@b.example", "5.1.1")


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ('"notificationType":"Bounce","bounce":{"bouncedRecipients":[{"emailAddress":"a@b.example","status":"5.1.1","action":"failed"}]}', ("failed", "5.1.1", True)),
        ('"eventType":"DeliveryDelay","deliveryDelay":{"delayedRecipients":[{"emailAddress":"a@b.example","status":"4.4.1"}]}', ("delayed", "4.4.1", False)),
        ('"notificationType":"Delivery","delivery":{"recipients":["a@b.example"],"smtpResponse":"250 2.6.0 ok"}', ("delivered", "2.6.0", False)),
    ],
)  # fmt: skip
def test_notices_in_json(kind: str, expected: tuple[str, str, bool]) -> None:
    """What sending services mail to subscribers."""
    (found,) = recipients(parse(f"From: no-reply@sns.example\nSubject: Notification\n\n{{{kind}}}\n--\nfooter".encode()))
    assert (found.address, (found.action, found.status, found.permanent)) == ("a@b.example", expected)


def test_no_more_than_five_hundred_recipients() -> None:
    """However many a report names, in fields or in words."""
    fields = "\n\n".join(f"Final-Recipient: rfc822; u{number}@b.example\nAction: failed\nStatus: 5.1.1" for number in range(700))
    report = f"{HEAD}Content-Type: multipart/report; boundary=b\n\n--b\n\nx\n--b\nContent-Type: message/delivery-status\n\n{fields}\n--b--\n"
    assert len(recipients(parse(report.encode()))) == 500
    words = "\n".join(f"<u{number}@b.example>: 550 no" for number in range(700))
    assert len(recipients(parse(f"{HEAD}\nThese failed:\n\n{words}\n".encode()))) == 500


def test_success_is_no_failure() -> None:
    """RFC 3464, section 2.3.3: delivered, relayed and expanded tell of no failure; delayed tells of none yet."""
    for action, reason in (
        ("delivered", "delivered"),
        ("relayed", "delivered"),
        ("expanded", "delivered"),
        ("delayed", "undefined"),
    ):
        fields = f"Final-Recipient: rfc822; a@b.example\nAction: {action}\n"
        report = (
            f"{HEAD}Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\n{fields}\n--b--\n"
        )
        (found,) = recipients(parse(report.encode()))
        assert (found.action, found.reason, found.permanent) == (action, reason, False)
