"""Answers between quoted lines."""

from __future__ import annotations

from maild.problem.fields import find_answers
from maild.problem.table import FieldTable


def answers(text: str, table: FieldTable) -> dict[str, object]:
    """What was answered, by name."""
    return {name: field.value for name, field in find_answers(text, table).items()}


def test_the_question_tells_what_is_answered(table: FieldTable) -> None:
    """A line below a quoted question is its answer, in any of the languages."""
    text = (
        "> Hello Ann,\n> which version do you use?\n17.0\n\n> Welche Datenbank ist es?\nahorn-live\n"
        "> ¿Les bloquea el trabajo?\nNo.\n> What are the steps to reproduce?\nOpen a bill,\nprint it.\n> Regards"
    )
    assert answers(text, table) == {
        "version": "17.0",
        "database": "ahorn-live",
        "blocking": False,
        "steps": "Open a bill,\nprint it.",
    }


def test_places(table: FieldTable) -> None:
    """The answer is found where it stands in the whole text."""
    text = "Hi,\n\n> Version?\n  it is 17.0"
    start, end = (int(each) for each in find_answers(text, table)["version"].source.removeprefix("text:").split("-"))
    assert text[start:end] == "it is 17.0"


def test_what_is_no_answer(table: FieldTable) -> None:
    """Quoted answers, statements, and text below a blank line."""
    assert answers("> Version: 16.0\n> Database?\n", table) == {}
    assert answers("> We use version 16.0.\n17.0", table) == {}
    assert answers("Version?\n17.0", table) == {}
