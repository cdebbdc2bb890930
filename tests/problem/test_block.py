"""The fill-in block: what the desk writes comes back read, however the client quoted it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.mail.parse import parse
from maild.problem.block import BEGIN, END, read_blocks, write_block
from maild.problem.table import FieldTable

NAMES = ["version", "database", "steps", "current", "expected"]
FILLED = {"version": "17.0", "database": "mycompany", "steps": "open, print", "current": "it is blank", "expected": "the logo"}


def filled(table: FieldTable, names: list[str], answers: dict[str, str]) -> str:
    """The block as a customer fills it in."""
    lines = write_block(names, table, "en").split("\n")
    labels = {table.title(name, "en"): answers.get(name, "") for name in names}
    return "\n".join(line + labels.get(line.rstrip(": "), "") for line in lines)


def values(text: str, table: FieldTable) -> dict[str, object]:
    """What was found, by name."""
    return {name: field.value for name, field in read_blocks(text, table).items()}


def test_an_empty_block_asks_and_says_nothing(table: FieldTable) -> None:
    """One line a field between the marks; sent back as it is, it tells nothing."""
    block = write_block(NAMES, table, "en")
    assert block.split("\n") == [
        BEGIN,
        "Version: ",
        "Database: ",
        "Steps to reproduce: ",
        "Current behaviour: ",
        "Expected behaviour: ",
        END,
    ]
    assert values(block, table) == {}


def test_an_alternative_asks_for_its_first(table: FieldTable) -> None:
    """`database|contract` is missing when both are: the first is asked for."""
    assert "Database: " in write_block(["database|contract"], table, "en")


def test_every_field_can_be_asked_for(table: FieldTable) -> None:
    """Each title is a label of its own field, so that the answer is understood."""
    for name in table.specs:
        title = write_block([name], table, "en").split("\n")[1].rstrip(": ")
        spec = table.specs[name]
        word = {"choice": next(iter(spec.words), ""), "truth": "yes", "token": "M123456789012345", "text": "words"}[spec.kind]
        if name in ("version", "target_version"):
            word = "17.0"
        assert set(values(f"{BEGIN}\n{title}: {word}\n{END}", table)) == {name}, title


QUOTES = ["", "> ", ">", ">> ", "> > ", "| ", "  ", ">\t"]


@pytest.mark.parametrize("mark", QUOTES)
def test_a_quoted_block_is_read(mark: str, table: FieldTable) -> None:
    """The answers come back inside the quote of the desk's own mail, whatever the mark is."""
    text = "See below.\n\nOn Monday Example Support wrote:\n" + "\n".join(
        mark + line for line in filled(table, NAMES, FILLED).split("\n")
    )
    assert values(text, table) == FILLED


def test_a_block_in_an_html_reply_is_read(table: FieldTable) -> None:
    """Clients send the block back as HTML, in divs and with a bar at the side, flattened by the desk's own conversion."""
    lines = "".join(f"<div>{line}</div>" for line in filled(table, NAMES, FILLED).split("\n"))
    html = f"<p>Here it is.</p><blockquote type='cite' style='margin-left:40px'><div>Hello,</div>{lines}</blockquote>"
    message = parse(f"From: a@b.c\nContent-Type: text/html; charset=utf-8\n\n{html}".encode())
    assert values(message.text, table) == FILLED


def test_answers_of_several_lines(table: FieldTable) -> None:
    """An answer goes on until the next label or the end of the block."""
    text = f"> {BEGIN}\n> Version: 17.0\n> Steps to reproduce:\n> 1. open\n>\n2. print\n> Expected behaviour: the logo\n> {END}\n> Database: outside"
    assert values(text, table) == {"version": "17.0", "steps": "1. open\n2. print", "expected": "the logo"}


def test_a_block_without_its_end_is_read(table: FieldTable) -> None:
    """Who deletes the last line has answered all the same."""
    assert values(f"{BEGIN}\nVersion: 17.0", table) == {"version": "17.0"}


def test_no_block_no_answers(table: FieldTable) -> None:
    """Labels outside of a block are not its business."""
    assert values("Version: 17.0", table) == {}


@pytest.mark.parametrize(("written", "value"), [("yes", True), ("No", False), ("yes, two OCA modules", True)])
def test_truths(written: str, value: bool, table: FieldTable) -> None:
    """Yes and no, with whatever stands around them."""
    assert values(f"{BEGIN}\nBlocking: {written}\n{END}", table) == {"blocking": value}


def test_a_filled_in_block_is_sure(table: FieldTable) -> None:
    """It is the answer to a question: nothing is surer."""
    field = read_blocks(f"{BEGIN}\nVersion: 17.0\n{END}", table)["version"]
    assert (field.source, field.confidence) == ("block", 1.0)


ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        "version": st.sampled_from(["17.0", "saas~18.2", "16.0"]),
        "database": st.from_regex(r"[a-z][a-z0-9-]{0,15}[a-z0-9]", fullmatch=True),
        "steps": st.from_regex(r"[a-z][a-z ,]{0,30}[a-z]", fullmatch=True),
        "current": st.from_regex(r"[a-z][a-z ,]{0,30}[a-z]", fullmatch=True),
    },
)


@given(answers=ANSWERS, mark=st.sampled_from(QUOTES))
def test_what_is_written_is_read(answers: dict[str, str], mark: str, table: FieldTable) -> None:
    """Any choice of answers, quoted in any way, comes back as it was filled in."""
    text = "\n".join(mark + line for line in filled(table, NAMES, answers).split("\n"))
    assert values(text, table) == answers


@pytest.mark.parametrize(
    "text",
    [
        BEGIN + "\n" + "-" * 1_500_000,
        ("-----" * 50_000 + "please"),
        BEGIN + "\n" + "Version: 17.0\n" * 60_000,
        (BEGIN + "\n") * 40_000,
        "> " * 500_000 + BEGIN,
    ],
)
def test_texts_of_one_thing_end(text: str, table: FieldTable) -> None:
    """A text of nothing but dashes, marks or answers is gone through in bounded work."""
    assert set(values(text, table)) <= {"version"}
