"""Machines' mails, and whom an automatic answer may reach (RFC 3834)."""

from __future__ import annotations

import pytest

from maild.mail.message import Message
from maild.mail.parse import parse


def mail(*fields: str, sender: str = "ann@example.org", subject: str = "Invoice layout") -> Message:
    """A mail with these fields."""
    return parse("\n".join([f"From: {sender}", f"Subject: {subject}", *fields, "", "Hello"]).encode())


@pytest.mark.parametrize(
    "fields",
    [
        (),
        ("Auto-Submitted: no",),
        ("Auto-Submitted: NO (a person)",),
        ("Auto-Submitted:",),
        ("X-Auto-Response-Suppress: DR, RN, NRN",),
        ("X-Autoreply: no",),
        ("Precedence: normal",),
        ("Return-Path: <ann@example.org>",),
        ("Importance: high", "X-Mailer: Outlook"),
    ],
)
def test_peoples_mails_may_be_answered(fields: tuple[str, ...]) -> None:
    """What people's clients write is no sign of a machine: `Auto-Submitted: no` least of all."""
    message = mail(*fields)
    assert message.automatic is None
    assert message.may_answer


@pytest.mark.parametrize(
    "subject",
    [
        "Automatic reply: wrong language",
        "Out of Office: how do I set it?",
        "Automatische Antwort: falscher Text",
        "Out of office",
        "Vacation",
    ],
)
def test_people_ask_about_automatic_replies(subject: str) -> None:
    """Such a subject alone, in a mail that answers nothing, is a customer's question: it must not be lost."""
    message = mail(subject=subject)
    assert message.automatic is None
    assert message.may_answer


@pytest.mark.parametrize("value", ["All", "OOF", "AutoReply", "DR, AutoReply", "all", "OOF, AutoReply"])
def test_suppressed_answers_make_no_machine(value: str) -> None:
    """X-Auto-Response-Suppress alone: a person's mail, that no automatic answer may go to."""
    message = mail(f"X-Auto-Response-Suppress: {value}")
    assert message.automatic is None
    assert not message.may_answer


@pytest.mark.parametrize(
    ("fields", "subject", "kind"),
    [
        (("Auto-Submitted: auto-replied",), "Re: Invoice", "auto-reply"),
        (("Auto-Submitted: auto-replied (vacation)",), "Out of office: Invoice", "out-of-office"),
        (("Auto-Submitted: Auto-Generated",), "Build failed", "auto-generated"),
        (("Auto-Submitted: auto-notified; owner=x",), "Done", "auto-generated"),
        (("X-Autoreply: yes",), "Re: Invoice", "auto-reply"),
        (("X-Autorespond: Re: Invoice",), "Re: Invoice", "auto-reply"),
        (("Precedence: auto_reply",), "Re: Invoice", "auto-reply"),
        (("In-Reply-To: <1@example.com>",), "Out of Office: Invoice", "out-of-office"),
        (("References: <1@example.com>",), "Automatic reply: Invoice", "out-of-office"),
        (("Return-Path: <>",), "AW: Abwesenheit bis Montag", "out-of-office"),
        (("In-Reply-To: <1@example.com>",), "Réponse automatique : Facture", "out-of-office"),
        (("List-Id: Users <users.example.org>",), "Question", "list"),
        (("List-Unsubscribe: <mailto:x@y.z>",), "News", "list"),
        (("Precedence: list",), "Question", "list"),
        (("Precedence: bulk",), "News", "bulk"),
        (("Precedence: junk",), "News", "bulk"),
        (("Content-Type: multipart/report; report-type=delivery-status; boundary=b",), "Undelivered", "bounce"),
        (("Content-Type: multipart/report; report-type=disposition-notification; boundary=b",), "Read", "read-receipt"),
        (("Content-Type: multipart/report; report-type=feedback-report; boundary=b",), "Complaint", "feedback-report"),
    ],
)
def test_machines_mails_are_named_and_not_answered(fields: tuple[str, ...], subject: str, kind: str) -> None:
    """Each kind of automatic mail is known by its sign, which is told, and none is answered."""
    message = mail(*fields, subject=subject)
    assert message.automatic is not None
    assert message.automatic.kind == kind
    name = fields[0].partition(":")[0].lower()
    shown = {"content-type": "multipart/report", "in-reply-to": "subject", "references": "subject"}.get(name, name)
    assert message.automatic.why.lower().startswith(shown)
    assert not message.may_answer


@pytest.mark.parametrize(
    "sender",
    ["MAILER-DAEMON@mx.example.org", "no-reply@example.org", "noreply@example.org", "do-not-reply@example.org", "postmaster@example.org", "owner-users@example.org",
     "users-request@example.org", "users-bounces@example.org", "bounces+7=x@example.org", "listserv@example.org"],
)  # fmt: skip
def test_machines_addresses_are_not_answered(sender: str) -> None:
    """RFC 3834, section 2: addresses that nobody reads get no answer, though the mail may be a person's."""
    message = mail(sender=sender)
    assert message.automatic is None
    assert not message.may_answer


@pytest.mark.parametrize(
    "sender",
    ["ann.owner@example.org", "norepliers@example.org", "reply@example.org", "bouncer@example.org", "master@example.org"],
)
def test_people_with_such_names_are_answered(sender: str) -> None:
    """A likeness is not enough."""
    assert mail(sender=sender).may_answer


def test_a_null_return_path_and_no_sender_are_not_answered() -> None:
    """Where nobody could get it, no answer goes."""
    assert not mail("Return-Path: <>").may_answer
    assert not parse(b"Subject: x\n\nHello").may_answer


def test_a_subject_that_speaks_of_automatic_replies_is_a_persons() -> None:
    """Only a subject that begins with the words is a machine's: a question about them is a question."""
    assert mail(subject="How do I set up an automatic reply?").automatic is None
