"""The visible text divided: what the author wrote now, the signature, what is quoted."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.mail.message import Reply
from maild.mail.reply.divide import divide as divide_scanned
from maild.mail.reply.scan import scan


def divide(text: str) -> Reply:
    """A reply, divided."""
    return divide_scanned(scan(text, answers=True, forwards=False))


GMAIL = """\
It happens with every invoice.

On Wed, Mar 4, 2026 at 11:02 AM Example Support <support@example.com> wrote:

> Which invoices?
>
> Example Support
"""
GMAIL_FOLDED = """\
It happens with every invoice.

On Wed, Mar 4, 2026 at 11:02 AM Example Support <
support@example.com> wrote:

> Which invoices?
"""
OUTLOOK = """\
It happens with every invoice.

From: Example Support <support@example.com>
Sent: Wednesday, 4 March 2026 11:02
To: Ann Berg <ann@example.org>
Subject: RE: Invoice layout

Which invoices?
"""
OUTLOOK_OLD = """\
It happens with every invoice.

-----Original Message-----
From: Example Support [mailto:support@example.com]
Sent: Wednesday, 4 March 2026 11:02

Which invoices?
"""
OUTLOOK_STARS = """\
It happens with every invoice.

*From:* Example Support <support@example.com>
*Sent:* Wednesday, 4 March 2026 11:02
*To:* Ann Berg <ann@example.org>

Which invoices?
"""
THUNDERBIRD = """\
It happens with every invoice.

On 04/03/2026 11:02, Example Support wrote:
> Which invoices?
"""
APPLE = """\
It happens with every invoice.

> On 4 Mar 2026, at 11:02, Example Support <support@example.com> wrote:
>
> Which invoices?
"""
DESK = """\
It happens with every invoice.

-- reply above this line --
Which invoices?
"""


@pytest.mark.parametrize(
    "text",
    [GMAIL, GMAIL_FOLDED, OUTLOOK, OUTLOOK_OLD, OUTLOOK_STARS, THUNDERBIRD, APPLE, DESK],
    ids=["gmail", "gmail-folded", "outlook", "outlook-old", "outlook-stars", "thunderbird", "apple", "desk"],
)
def test_answers_above_a_quote(text: str) -> None:
    """In the layouts of the usual clients the answer is the author's, and all below it is quoted."""
    reply = divide(text)
    assert reply.text == "It happens with every invoice."
    assert reply.signature is None
    assert reply.quoted is not None
    assert "Which invoices?" in reply.quoted


def test_answers_between_quoted_lines() -> None:
    """Who answers below each question is read completely; attribution and quoted lines are not the author's."""
    reply = divide("Hello,\n\nOn Monday Example Support wrote:\n> Which version?\n17.0\n> Which database?\nmycompany\n> Thanks\n")
    assert reply.text == "Hello,\n\n17.0\nmycompany"
    assert reply.quoted == "On Monday Example Support wrote:\n> Which version?\n> Which database?\n> Thanks"


def test_an_answer_below_the_whole_quote() -> None:
    """Who quotes first and answers below is read, too."""
    reply = divide("On Monday Example Support wrote:\n> Which version?\n> Which database?\n\n17.0, mycompany\n")
    assert reply.text == "17.0, mycompany"


def test_an_answer_below_a_single_quoted_line() -> None:
    """One quoted line is enough to show that each quoted line has its mark."""
    assert divide("Hello,\n> Which version?\n17.0\n").text == "Hello,\n17.0"


@pytest.mark.parametrize(
    ("text", "own", "signature"),
    [
        ("Hello\n\n-- \nAnn Berg\nExample Ltd", "Hello", "-- \nAnn Berg\nExample Ltd"),
        ("Hello\n--\nAnn Berg", "Hello", "--\nAnn Berg"),
        ("Hello\n\u2014\nAnn Berg", "Hello", "\u2014\nAnn Berg"),
        ("Hello\n\nSent from my iPhone", "Hello", "Sent from my iPhone"),
        ("Hello\n\nSent from Outlook for Android", "Hello", "Sent from Outlook for Android"),
        ("Hello -- there\n\nBye", "Hello -- there\n\nBye", None),
        ("-- \nAnn Berg", "", "-- \nAnn Berg"),
        ("The mail was sent from my desk.\n" + "one\n" * 6, "The mail was sent from my desk.\n" + "\n".join(["one"] * 6), None),
    ],
)
def test_signatures(text: str, own: str, signature: str | None) -> None:
    """RFC 3676, section 4.3, and the footers of phones; dashes inside a sentence are none."""
    reply = divide(text)
    assert (reply.text, reply.signature, reply.quoted) == (own, signature, None)


def test_a_signature_above_the_quote() -> None:
    """All three parts of a mail are told apart."""
    reply = divide("Hello\n\n-- \nAnn\n\nOn Monday Bob wrote:\n> a\n> b\n")
    assert (reply.text, reply.signature, reply.quoted) == ("Hello", "-- \nAnn", "On Monday Bob wrote:\n> a\n> b")


@pytest.mark.parametrize(
    "text",
    [
        "On Monday the invoice was right, but on Tuesday the tax was wrong.",
        "From: 1 March\nThe price is 5",
        "Dear Sirs,\n\nI wrote: please help.\n\nAnn",
        "Settings > Users > Ann > wrong",
        "one ----- two\n\nthree",
        "",
        "\n\n",
        "To: be\nOr not: to be",
    ],
)
def test_when_in_doubt_it_is_the_authors(text: str) -> None:
    """Nothing of a customer is cut on a mere likeness."""
    reply = divide(text)
    assert (reply.text, reply.quoted) == (text.strip(), None)


LINES = st.sampled_from(
    ["", "Hello", "> a", ">> b", "> ", "-- ", "--", "On Monday Bob wrote:", "On Monday Bob", "wrote:", "From: x", "Sent: y", "To: z", "Subject: w",
     "-----Original Message-----", "Sent from my iPhone", "-- reply above this line --", "  indented", "1. one"]
)  # fmt: skip


@given(lines=st.lists(LINES, max_size=14))
def test_every_line_is_somewhere(lines: list[str]) -> None:
    """However marks follow one another: each line is in exactly one of the three parts."""
    reply = divide("\n".join(lines))
    parts = "\n".join([reply.text, reply.signature or "", reply.quoted or ""])
    assert sorted(line.strip() for line in lines if line.strip()) == sorted(
        line.strip() for line in parts.split("\n") if line.strip()
    )


@given(lines=st.lists(LINES, max_size=14))
def test_quoted_lines_are_never_the_authors(lines: list[str]) -> None:
    """A line with a quote's mark is in no answer."""
    assert not any(line.lstrip().startswith(">") for line in divide("\n".join(lines)).text.split("\n"))


def test_a_banner_above_and_what_stands_below_a_footer() -> None:
    """Neither is the author's."""
    banner = "CAUTION: This email originated from outside of the organization. Do not click links."
    reply = divide(f"{banner}\n\nIt works now.\n\nSent from my iPhone\n\nWhich invoices?")
    assert (reply.text, reply.quoted) == ("It works now.", f"{banner}\n\nWhich invoices?")
