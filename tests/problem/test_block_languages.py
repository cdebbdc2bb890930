"""The fill-in block in seven languages: what is filled in comes back read, quoted, wrapped anew, and as HTML."""

from __future__ import annotations

import textwrap

import pytest

from maild.mail.parse import parse
from maild.problem.block import read_blocks, write_block
from maild.problem.table import FieldTable

LANGUAGES = ("en", "fr", "de", "es", "nl", "it", "pt")
YES = {"en": "yes", "fr": "oui", "de": "ja", "es": "sí", "nl": "ja", "it": "sì", "pt": "sim"}
NO = {"en": "no", "fr": "non", "de": "nein", "es": "no", "nl": "nee", "it": "no", "pt": "não"}
HOSTING = {
    "en": "own server",
    "fr": "sur site",
    "de": "eigener Server",
    "es": "servidor propio",
    "nl": "eigen server",
    "it": "server proprio",
    "pt": "servidor próprio",
}
LONG = "open the sales order of the customer from the list, change the quantity of the second line to three, and press the button"
EXPECTED = {
    "version": "17.0",
    "database": "oak-live",
    "contract": "SUB-2024-0001",
    "hosting": "on-premise",
    "steps": LONG,
    "current": "it is blank",
    "expected": "the logo",
    "blocking": True,
    "customised": False,
    "target_version": "18.0",
}


def filled(language: str, table: FieldTable) -> list[str]:
    """The lines of a block with all of it filled in."""
    answers = {**EXPECTED, "hosting": HOSTING[language], "blocking": YES[language], "customised": NO[language]}
    begin, *lines, end = write_block(list(EXPECTED), table, language).split("\n")
    return [begin, *(line + str(answer) for line, answer in zip(lines, answers.values(), strict=True)), end]


def read(text: str, table: FieldTable) -> dict[str, object]:
    """What was read, with the line breaks of wrapping as blanks."""
    found = read_blocks(text, table)
    return {
        name: field.value.replace("\n", " ") if isinstance(field.value, str) else field.value for name, field in found.items()
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_field_has_words_of_its_own(language: str, table: FieldTable) -> None:
    """No reader of a language is asked in another one."""
    for name, spec in table.specs.items():
        if name != "kind":
            assert language in spec.title, name
            assert language in spec.hint, name


@pytest.mark.parametrize("mark", ["", "> ", ">> ", "| "])
@pytest.mark.parametrize("language", LANGUAGES)
def test_quoted_and_wrapped(language: str, mark: str, table: FieldTable) -> None:
    """Clients quote, and break lines at a width."""
    lines = [mark + piece for line in filled(language, table) for piece in textwrap.wrap(line, 60)]
    assert read("\n".join(lines), table) == EXPECTED


@pytest.mark.parametrize("language", LANGUAGES)
def test_as_html(language: str, table: FieldTable) -> None:
    """In divs, below a quote, with entities."""
    divs = "".join(f"<div>{line.replace(' ', '&nbsp;', 1)}</div>" for line in filled(language, table))
    html = f"<p>Hello</p><blockquote type='cite'>{divs}</blockquote>"
    message = parse(f"From: a@b.c\nContent-Type: text/html; charset=utf-8\n\n{html}".encode())
    assert read(message.text, table) == EXPECTED
