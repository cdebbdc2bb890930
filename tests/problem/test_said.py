"""The words of a mail that tell what it is about."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from maild.mail.message import Forwarded
from maild.problem.found import Field
from maild.problem.reading import Reading
from maild.problem.said import bare_subject, said, said_in, without_machines

TRACE = "It fails:\n\nTraceback (most recent call last):\n  File \"a.py\", line 1, in b\n    c()\nKeyError: 'd'\nIt should not.\n"


@pytest.mark.parametrize(
    ("subject", "bare", "is_reply"),
    [
        ("Invoice", "Invoice", False), ("Re: Invoice", "Invoice", True), ("AW: WG: Invoice", "Invoice", True), ("Fwd: Invoice", "Invoice", False),
        ("[EXTERNAL] Re: Invoice", "Invoice", True), ("AW: [Extern] Invoice", "Invoice", True), ("*** EXTERNAL *** Invoice", "Invoice", False),
        ("[external disk] full", "[external disk] full", False), ("External: disk not mounted", "External: disk not mounted", False),
        ("RE: [#12] Re[2]: Invoice", "Invoice", True), ("TR : Facture", "Facture", False), ("Recipe: soup", "Recipe: soup", False), ("", "", False), ("Re: " * 30 + "x", "Re: " * 20 + "x", True),
    ],
)  # fmt: skip
def test_bare_subject(subject: str, bare: str, is_reply: bool) -> None:
    """What clients of several languages put before a subject is left out."""
    assert bare_subject(subject) == (bare, is_reply)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("plain\ntext", "plain\ntext"),
        (TRACE, "It fails:\n\nIt should not.\n"),
        ("before\n```\ncode = 1\n```\nafter", "before\nafter"),
        ("2026-03-04 12:00:00,123 7 ERROR db odoo.http: Exception\nnothing else", "nothing else"),
        (
            'It fails:\nTraceback (most recent call last):\n File "a.py", line 1\n  x\n\nIt should not.',
            "It fails:\n\nIt should not.",
        ),
        ("Oops\n    at com.example.Main.run(Main.java:12)\nthat is all", "Oops\nthat is all"),
    ],
)
def test_without_machines(text: str, left: str) -> None:
    """Tracebacks, logs and code are no words of the author's."""
    assert without_machines(text) == left


def test_said(read: Callable[..., Reading]) -> None:
    """The new text without quotes and forms; the forwarded mail below it."""
    reading = read(
        "It is blank.\n\n----- please complete -----\nVersion: 17.0\n----- end -----\n\nOn Monday Bob wrote:\n> quoted\n",
        Subject="Re: PDF",
    )
    told = said(reading.message, reading.fields)
    assert (told.subject, told.is_reply) == ("PDF", True)
    assert "blank" in told.text
    assert "17.0" not in told.text
    assert "quoted" not in told.text
    passed_on = Forwarded(note="", from_=None, to=(), cc=(), subject="", date="", text="The printer is broken.")
    told = said(replace(reading.message, forwarded=passed_on), reading.fields)
    assert told.text.endswith("The printer is broken.")
    assert told.told == len(["It", "is", "blank.", "The", "printer", "is", "broken."])


def test_lines_of_forms() -> None:
    """A short labelled value takes its line with it; what a sentence tells stays, and so does a long value."""
    text = "Customisations: yes, own module\nIt is blank."
    labelled = Field(value=True, source=f"text:16-{text.index(chr(10))}", confidence=0.9)
    assert said_in("", text, {"customised": labelled}).text.split() == ["It", "is", "blank."]
    assert said_in("", text, {"customised": replace(labelled, confidence=0.7)}).text == text
    long = "Current: " + "word " * 20
    field = Field(value="x", source=f"text:9-{len(long) - 1}", confidence=0.9)
    assert said_in("", long, {"current": field}).text == long


def test_told_ends_where_a_traceback_begins() -> None:
    """What is below it makes up for no description."""
    assert said_in("", TRACE, {}).told == 2
