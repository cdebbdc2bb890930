"""Titles above quoted and forwarded messages, rules, and the line that a desk draws."""

from __future__ import annotations

import pytest

from maild.mail.reply.titles import Title, is_rule, is_ruled, mark_in, title_of


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("-----Original Message-----", Title("original")),
        ("-----Ursprüngliche Nachricht-----", Title("original")),
        ("---------- Forwarded message ---------", Title("forwarded")),
        ("---------- Пересылаемое сообщение ----------", Title("forwarded")),
        ("------------------ 原始邮件 ------------------", Title("original")),
        ("----- İletilen İleti -----", Title("forwarded")),
        ("----- Forwarded by Ann Berg/Example on 04.03.2026 11:02 -----", Title("forwarded")),
        ("-----Original Message----- From: Ann", Title("original", "From: Ann")),
        ("_____ Original Message", Title("original")),
        ("Begin forwarded message:", Title("forwarded", sure=False)),
        ("This is a forwarded message", Title("forwarded", sure=False)),
    ],
)
def test_titles(line: str, title: Title) -> None:
    """Rules make a title sure; what stands behind it in its line is kept."""
    assert title_of(line) == title


@pytest.mark.parametrize(
    "line",
    [
        "The original message was lost.",
        "----- Original invoice -----",
        "-- ",
        "-----",
        "* forwarded twice",
        "----- Note -----",
        "x" * 300,
        "",
    ],
)
def test_what_is_none(line: str) -> None:
    """Prose, headlines and plain rules."""
    assert title_of(line) is None


def test_rules() -> None:
    """A rule is nothing else; words may stand between two."""
    assert is_rule("________________________________")
    assert not is_rule("--")
    assert not is_rule("_____ yes _____")
    assert is_ruled("----- End forwarded message -----")
    assert not is_ruled("--- yes")


@pytest.mark.parametrize(
    "line",
    [
        "-- reply above this line --",
        "##- Please type your reply above this line -##",
        "Please write your answer above this line",
        "===== Bitte antworten Sie oberhalb dieser Linie =====",
        "--- Répondez au-dessus de cette ligne ---",
        "この行より上に返信してください",
    ],
)
def test_the_line_of_a_desk(line: str) -> None:
    """In many languages; the number of its line comes back."""
    assert mark_in(f"Hello\n\n{line}\nquoted") == 2


def test_no_line_of_a_desk() -> None:
    """Words about lines are not enough."""
    assert mark_in("I reply to the mail.\nThe text above is wrong, and this line, too.") is None
