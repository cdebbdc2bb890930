"""Forwarded messages inside of a text, and what subjects say about their mails."""

from __future__ import annotations

import pytest

from maild.mail.message import Forwarded, Mailbox
from maild.mail.reply.forwarded import forwarded_in
from maild.mail.reply.scan import scan
from maild.mail.reply.subject import answers, forwards


def found(text: str, subject: str = "Fwd: Tax") -> Forwarded | None:
    """The forwarded message of a text."""
    return forwarded_in(scan(text, answers=answers(subject), forwards=forwards(subject)), subject)


GMAIL = """\
Please see below.

---------- Forwarded message ---------
From: Ann Berg <ann@example.org>
Date: Wed, 4 Mar 2026 at 11:02
Subject: Tax
To: Bob <bob@example.org>, Berg, Carla <carla@example.org>
Cc: Dan

The tax is wrong.
"""


def test_all_that_is_told() -> None:
    """Author, recipients, date, subject, text and note; a comma may be a part of a name."""
    assert found(GMAIL) == Forwarded(
        note="Please see below.",
        from_=Mailbox(name="Ann Berg", address="ann@example.org"),
        to=(Mailbox(name="Bob", address="bob@example.org"), Mailbox(name="Berg, Carla", address="carla@example.org")),
        cc=(Mailbox(name="Dan", address=""),),
        subject="Tax",
        date="Wed, 4 Mar 2026 at 11:02",
        text="The tax is wrong.",
    )


@pytest.mark.parametrize(
    "text",
    [
        "Begin forwarded message:\n\n> From: Ann <ann@example.org>\n> Subject: Tax\n> To: Bob\n>\n> The tax is wrong.",
        "-----Original Message-----\nFrom: Ann [mailto:ann@example.org]\nSubject: Tax\nTo: Bob\n\nThe tax is wrong.",
        "From: Ann <ann@example.org<mailto:ann@example.org>>\nSent: today\nSubject: Tax\n\nThe tax is wrong.",
        "----- Forwarded message from Ann <ann@example.org> -----\n\nFrom: Ann <ann@example.org>\nSubject: Tax\nTo: Bob\n\n"
        "The tax is wrong.\n\n----- End forwarded message -----",
        "On 4 Mar 2026, at 11:02, Ann <ann@example.org> wrote:\n\n> The tax is wrong.",
    ],
    ids=["apple", "outlook", "outlook-web", "mutt", "attribution"],
)
def test_layouts(text: str) -> None:
    """Marks, rules and end titles do not belong to the text."""
    forwarded = found(text)
    assert forwarded is not None
    assert (forwarded.from_, forwarded.subject) == (Mailbox(name="Ann", address="ann@example.org"), "Tax")
    assert forwarded.text == "The tax is wrong."


@pytest.mark.parametrize("mark", ["\x05", "\x1b", "\x7f"])
@pytest.mark.parametrize("text", [GMAIL, "On 4 Mar 2026, at 11:02, Ann <ann@example.org> wrote:\n\n> The tax is wrong."])
def test_control_characters_are_no_part_of_an_address(text: str, mark: str) -> None:
    """A damaged mail, or a trick: what is shown is one line of text."""
    forwarded = found(text.replace("ann@ex", f"ann@e{mark}x"))
    assert forwarded is not None
    assert forwarded.from_ is not None
    assert forwarded.from_.address == "ann@example.org"


def test_an_answer_is_none() -> None:
    """The same block below an answer is a quote."""
    assert found("Yes.\n\nFrom: Ann <ann@example.org>\nSent: today\nSubject: Tax\n\nThe tax is wrong.", "Re: Tax") is None


def test_a_prefix_of_two_meanings() -> None:
    """`VS:` forwards in Danish and answers in Finnish; the labels below tell the language."""
    finnish = "Joo.\n\nLähettäjä: Eero <eero@example.org>\nVastaanottaja: Bob\nAihe: Vero\n\nHei"
    danish = "Se her.\n\nFra: Bo <bo@example.org>\nSendt: i dag\nTil: Bob\nEmne: Moms\n\nHej"
    assert found(finnish, "VS: Vero") is None
    assert found(danish, "VS: Moms") is not None


@pytest.mark.parametrize(
    "subject", ["Fwd: x", "FW : x", "WG: x", "TR: x", "[list] Fwd: x", "I: x", "İLT: x", "转发：x", "Przekazano: x"]
)
def test_subjects_of_forwards(subject: str) -> None:
    """The prefixes of many clients, behind a list's name, too."""
    assert forwards(subject)


@pytest.mark.parametrize("subject", ["Re: x", "RE[2]: x", "Re(3): x", "AW: x", "Sv: x", "Odp: x", "R: x", "回复：x", "YNT: x"])
def test_subjects_of_answers(subject: str) -> None:
    """Answers, with a count or without; they forward nothing."""
    assert answers(subject)
    assert not forwards(subject)


def test_other_subjects() -> None:
    """A word that begins like a prefix is none."""
    assert not forwards("Forwarding rules: how?")
    assert not answers("Report: x")
