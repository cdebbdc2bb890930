"""Quotes and signatures of HTML mails get the marks that a text has."""

from __future__ import annotations

import pytest

from maild.mail.body.html import html_to_text


def text(html: str) -> str:
    """The laid-out text without empty lines, and without blanks at the ends of the others."""
    return "\n".join(line.rstrip() for line in html_to_text(html)[0].split("\n") if line.strip("> "))


@pytest.mark.parametrize(
    "start",
    [
        '<blockquote type="cite">',
        '<blockquote class="gmail_quote">',
        '<blockquote style="border-left: 1px solid #ccc">',
        '<blockquote cite="mid:1">',
    ],
)
def test_quotes(start: str) -> None:
    """Clients show their quotes by type, class, border or source."""
    assert text(f"<p>Yes.</p>{start}<p>Is it?</p></blockquote><p>No.</p>") == "Yes.\n> Is it?\nNo."


def test_nested_quotes() -> None:
    """Each level has a mark, as in a text."""
    inner = "<blockquote type=cite><p>Which?</p></blockquote>"
    assert text(f"<p>A.</p><blockquote type=cite><p>B.</p>{inner}</blockquote><p>C.</p>") == "A.\n> B.\n>> Which?\nC."


def test_what_is_no_quote() -> None:
    """Old editors indent with the same element: in the middle of a mail it is the author's."""
    assert text('<p>Like this:</p><blockquote style="border: none"><p>indented</p></blockquote><p>See?</p>').count(">") == 0


def test_a_plain_one_at_the_end() -> None:
    """With nothing behind it, it is what the mail answers to."""
    assert text("<p>Yes.</p><blockquote><p>Is it?</p></blockquote>") == "Yes.\n> Is it?"


@pytest.mark.parametrize(
    "start",
    [
        '<div class="gmail_signature">',
        '<div class="moz-signature">',
        '<div id="ms-outlook-mobile-signature">',
        '<div class="x_gmail_signature">',
    ],
)
def test_signatures(start: str) -> None:
    """A line of dashes stands above them, as RFC 3676 has it in texts."""
    assert text(f"<p>Yes.</p>{start}Ann Berg</div>") == "Yes.\n--\nAnn Berg"


def test_a_signature_that_has_its_dashes() -> None:
    """They are there once."""
    assert text('<p>Yes.</p><div class="gmail_signature">-- <br>Ann Berg</div>').count("--") == 1


def test_the_marks_of_a_sender() -> None:
    """The characters that mark quotes on the way are taken out of the HTML before."""
    assert text("<p>a\ue0b0b\ue0b1c</p>") == "abc"


def test_deep_quotes() -> None:
    """Their number is limited, and the words are still there."""
    deep = text("<blockquote type=cite>" * 60 + "<p>Deep.</p>" + "</blockquote>" * 60)
    assert deep.endswith("Deep.")
    assert deep.count(">") <= 20
