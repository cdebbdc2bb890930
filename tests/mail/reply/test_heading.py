"""The header block above a quoted message: its labels, folded values, gaps, and what only looks like one."""

from __future__ import annotations

import pytest

from maild.mail.reply.heading import Heading, heading_at, heading_in
from maild.mail.reply.lines import lines_of


def found(text: str, titled: bool = False) -> Heading | None:
    """The block at the first line."""
    return heading_at(lines_of(text), 0, titled)


@pytest.mark.parametrize(
    "text",
    [
        "From: Ann <ann@example.org>\nSent: 4 March 2026 11:02\nTo: Bob\nSubject: Tax\n\nHello",
        "*Von:* Ann <ann@example.org>\n*Gesendet:* 4 March 2026 11:02\n*An:* Bob\n*Betreff:* Tax\n\nHello",
        "De : Ann <ann@example.org>\nEnvoyé : 4 March 2026 11:02\nÀ : Bob\nObjet : Tax\n\nHello",
        "Kimden: Ann <ann@example.org>\nGönderildi: 4 March 2026 11:02\nKime: Bob\nKonu: Tax\n\nHello",
        "发件人：Ann <ann@example.org>\n发送时间：4 March 2026 11:02\n收件人：Bob\n主题：Tax\n\nHello",
        "> From: Ann <ann@example.org>\n> Date: 4 March 2026 11:02\n> To: Bob\n> Subject: Tax\n>\n> Hello",
    ],
)
def test_values_by_kind(text: str) -> None:
    """Whatever the language, the same four values come out."""
    heading = found(text)
    assert heading is not None
    assert heading.end == 4
    assert heading.values == {"from": "Ann <ann@example.org>", "date": "4 March 2026 11:02", "to": "Bob", "subject": "Tax"}


def test_a_folded_value_and_a_gap() -> None:
    """Values go on in the next line, and some clients leave empty lines between fields."""
    heading = found("From: Ann <\nann@example.org>\n\nTo: Bob,\n Carol\nSubject: Tax\n\nHello")
    assert heading is not None
    assert heading.values == {"from": "Ann < ann@example.org>", "to": "Bob, Carol", "subject": "Tax"}


def test_the_labels_tell_the_language() -> None:
    """They are kept, in small letters."""
    heading = found("Lähettäjä: a@example.org\nVastaanottaja: Bob\nAihe: Vero")
    assert heading is not None
    assert heading.labels == {"lähettäjä", "vastaanottaja", "aihe"}


@pytest.mark.parametrize(
    "text",
    [
        "From: Monday\nTo: Friday",
        "from: ann@example.org\nto: bob@example.org",
        "From: Ann\nSubject: Tax",
        "Note: read this\nDate: tomorrow",
        "From: Ann <ann@example.org>\nTo: Bob <bob@example.org>\nReturn-Path: <ann@example.org>",
        "From: Ann <ann@example.org>\nTo: Bob <bob@example.org>\nX-Spam: no",
    ],
)
def test_what_is_none(text: str) -> None:
    """Lists, and header sections that somebody pasted, are the author's."""
    assert found(text) is None


def test_without_colons_below_a_title() -> None:
    """The eM Client leaves them out; only below a sure title is that believed."""
    text = "From Ann <ann@example.org>\nTo Bob <bob@example.org>\nSubject Tax"
    assert found(text) is None
    assert found(text, titled=True) is not None


def test_in_one_line() -> None:
    """Yahoo's layout: no blank before a label, and a subject may hold a colon."""
    heading = heading_in("From: Ann <ann@example.org>To: Bob <bob@example.org>Sent: 4 March 2026Subject: To: all")
    assert heading is not None
    assert heading.values == {
        "from": "Ann <ann@example.org>",
        "to": "Bob <bob@example.org>",
        "date": "4 March 2026",
        "subject": "To: all",
    }
