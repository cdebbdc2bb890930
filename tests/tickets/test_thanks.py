"""A reply that says nothing but thanks ends a ticket that was answered; anything more is a message (the words: tests/problem/test_phrases.py)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Talk

ANN, EMMA, RAJ = "ann@example.org", "emma@example.com", "raj@example.com"
TEAM = [f"notification to {EMMA}", f"notification to {RAJ}"]


def answered(talk: Talk) -> None:
    """A ticket that was answered by Emma, and the answer is there."""
    talk.open(by=f"Ann Berg <{ANN}>", proven=True)
    talk.answer()
    talk.settle("answer")


def test_thanks_end_it(talk: Talk) -> None:
    """A reply to an answer that only says thanks closes the ticket; whoever has it is told, the customer is not written to again."""
    answered(talk)
    talk.write("Thanks Emma, that works!\n\nBest regards\nAnn\n")
    assert (talk.ticket.stage, talk.ticket.due, talk.told) == ("done", (), [f"notification to {EMMA}"])
    assert "only says thanks" in talk.last[0].draft.text


def test_thanks_at_the_end(talk: Talk) -> None:
    """Thanks for the closing mail wake nobody."""
    answered(talk)
    talk.answer("#close\n")
    closed = talk.ticket.closed_at
    talk.clock.forward(timedelta(hours=1))
    talk.write("Thanks!\n")
    assert (talk.ticket.stage, talk.ticket.closed_at, talk.told) == ("done", closed, [])


@pytest.mark.parametrize("text", ["Thanks!\n", "Thank you.\n"])
def test_thanks_before_an_answer(talk: Talk, text: str) -> None:
    """Thanks for an acknowledgement end nothing: nobody has answered yet."""
    talk.open()
    talk.write(text)
    assert (talk.ticket.stage, talk.told) == ("process", TEAM)


def test_thanks_and_a_file(talk: Talk) -> None:
    """Whoever sends a file along says more than thanks."""
    answered(talk)
    body = "--b\nContent-Type: text/plain\n\nThanks!\n--b\nContent-Type: image/png\nContent-Disposition: attachment; filename=a.png\n\nx\n--b--\n"
    talk.write(body, Content_Type='multipart/mixed; boundary="b"')
    assert talk.ticket.stage == "process"


def test_thanks_above_a_block(talk: Talk) -> None:
    """A filled-in block under the thanks is what the mail is about."""
    answered(talk)
    talk.write("Thanks!\n\nOn Monday Support wrote:\n> ----- please complete -----\n> Version: 18.0\n> ----- end -----\n")
    assert (talk.ticket.stage, talk.ticket.fields["version"].value) == ("process", "18.0")


@pytest.mark.parametrize(
    "text", ["Thanks. No\n", "Thanks!\nStill Broken\n", "Thanks Emma, but\n", "Thanks?\n", "Danke, aber nein\n", "Merci mais\n"]
)
def test_more_than_thanks(talk: Talk, text: str) -> None:
    """In doubt it is a message, and an agent reads it."""
    answered(talk)
    talk.write(text)
    assert (talk.ticket.stage, talk.told) == ("process", [f"notification to {EMMA}"])
