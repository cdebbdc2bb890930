"""Labels in the layouts that people and forms write."""

from __future__ import annotations

import pytest

from maild.problem.fields import find_fields
from maild.problem.table import FieldTable


def values(text: str, table: FieldTable) -> dict[str, object]:
    """What was found, by name."""
    return {name: field.value for name, field in find_fields(text.strip("\n"), "", table).items()}


LAYOUTS = {
    "markdown table": (
        """
| Field | Value |
|---|---|
| Version | 16.0 |
| Database | hazel-prod |
| Steps | open the quote, click Print |
| Result | two pages |
""",
        {"version": "16.0", "database": "hazel-prod", "steps": "open the quote, click Print", "current": "two pages"},
    ),
    "table with a row of labels": (
        "| Version | Datenbank | Vertrag |\n|----|----|----|\n| 17.0 | muster_prod | SUB-2024-0001 |",
        {"version": "17.0", "database": "muster_prod", "contract": "SUB-2024-0001"},
    ),
    "tabs": (
        "Version\tDatabase\tHosting\n18.0\telm-live\tonline",
        {"version": "18.0", "database": "elm-live", "hosting": "online"},
    ),
    "columns": (
        """
Version            17.0

Base de données    hetre-prod

Étapes             Ouvrir un devis et
                   cliquer sur Confirmer.

Attendu            Le devis est confirmé.
""",
        {
            "version": "17.0",
            "database": "hetre-prod",
            "steps": "Ouvrir un devis et\ncliquer sur Confirmer.",
            "expected": "Le devis est confirmé.",
        },
    ),
    "a column left empty": (
        "Version             17.0\n\nDatabase            ash-live\n\nExpected behaviour\n\nKind regards,\nAnn",
        {"version": "17.0", "database": "ash-live"},
    ),
    "dotted lines and underlined headings": (
        """
Version ......... : 17.0
Blockierend ..... : nein

SCHRITTE
========
1. Auftrag öffnen
2. Drucken

IST
---
Nichts passiert.
""",
        {"version": "17.0", "blocking": False, "steps": "1. Auftrag öffnen\n2. Drucken", "current": "Nichts passiert."},
    ),
    "brackets": (
        "[Versione] 17.0\n[Passi] Aprire la fattura e premere Invia\n[Atteso] la fattura parte",
        {"version": "17.0", "steps": "Aprire la fattura e premere Invia", "expected": "la fattura parte"},
    ),
    "numbered headings": (
        "1. Steps to reproduce\n   Open a lead and press Won.\n2. Actual result\n   The stage goes back.\n3. Version\n   17.0",
        {"steps": "Open a lead and press Won.", "current": "The stage goes back.", "version": "17.0"},
    ),
    "boxes below": ("Is it blocking?\n[ ] yes\n[x] no", {"blocking": False}),
    "boxes beside": (
        "Customisations: ☐ yes ☑ no\nHosting: ( ) online (x) own server",
        {"customised": False, "hosting": "on-premise"},
    ),
    "bold": (
        "*Versie:* 17.0\n**Blokkerend**: ja\n*Wat er zou moeten gebeuren:* de mail wordt verstuurd",
        {"version": "17.0", "blocking": True, "expected": "de mail wordt verstuurd"},
    ),
    "in one line": (
        "Our version: 17.0. Our database: fir-live. Steps: open the POS, press Close. Result: it hangs. Expected: it closes.",
        {
            "version": "17.0",
            "database": "fir-live",
            "steps": "open the POS, press Close.",
            "current": "it hangs.",
            "expected": "it closes.",
        },
    ),
    "hints and questions": (
        "Version (for example 16.0): 18.0\nIs it blocking? no\nDatabase [name or address] = oak",
        {"version": "18.0", "blocking": False, "database": "oak"},
    ),
    "between rules": (
        "--- Pasos ---\n1) Abrir un pedido\n2) Pulsar Confirmar\n--- Versión ---\nsaas~18.3",
        {"steps": "1) Abrir un pedido\n2) Pulsar Confirmar", "version": "saas~18.3"},
    ),
    "without accents, other case": ("VERSAO: 17.0\nETAPES POUR REPRODUIRE: ouvrir", {"version": "17.0", "steps": "ouvrir"}),
    "a wrapped value": (
        "Expected behaviour: the report lists every invoice of the month with its\ndue date and the name of the customer.\nThanks",
        {"expected": "the report lists every invoice of the month with its\ndue date and the name of the customer."},
    ),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_layouts(layout: str, table: FieldTable) -> None:
    """However a form is laid out, its labels and values are told apart from its frame."""
    text, expected = LAYOUTS[layout]
    assert values(text, table) == expected


def test_labels_of_other_things_end_a_value(table: FieldTable) -> None:
    """What a form asks besides is no part of the value above it, and no behaviour."""
    found = values("Expected behaviour:\nA green line.\nScreenshots: none\nCompany: Berg", table)
    assert found == {"expected": "A green line."}


def test_rows_beside_labels_are_rows(table: FieldTable) -> None:
    """A row whose label nobody knows is a row all the same: it tells no steps."""
    assert values("Version: 17.0\nFavourite menu: open the orders\nDatabase: oak", table) == {
        "version": "17.0",
        "database": "oak",
    }


def test_an_assignment_in_a_traceback_is_no_label(table: FieldTable) -> None:
    """Code has `result = …`, and means nothing by it."""
    text = (
        'It fails with an error.\n\nTraceback (most recent call last):\n  File "a.py", line 1\n    result = run()\nValueError: no'
    )
    assert values(text, table)["current"] == "It fails with an error."


@pytest.mark.parametrize(
    "text",
    ["Blocking: yes / no", "Blocking: [ ] yes [ ] no", "Database:\nContract: SUB-2024-0001", "Version:\n\nKind regards\nAnn"],
)
def test_forms_that_were_not_filled_in(text: str, table: FieldTable) -> None:
    """The choice itself, an empty box, and the next label are no answers."""
    assert set(values(text, table)) <= {"contract"}


def test_a_labelled_value_is_no_other_version(table: FieldTable) -> None:
    """The version that is wanted is not the one of now."""
    assert values("Target version: 18.0", table) == {"target_version": "18.0"}


@pytest.mark.parametrize(
    ("line", "blocking"),
    [
        ("Can you still work? no", True),
        ("Arbeiten möglich ......... ja", False),
        ("Pouvez-vous travailler ? oui", False),
        ("¿Pueden seguir trabajando? No", True),
        ("Kunnen jullie doorwerken: __ja__", False),
    ],
)
def test_labels_that_ask_the_other_way_round(line: str, blocking: bool, table: FieldTable) -> None:
    """Who can work is not blocked."""
    assert values(line, table) == {"blocking": blocking}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Produktivdatenbank der Firma: meier-kg", {"database": "meier-kg"}),
        ("Version actuelle du logiciel de gestion : 17.0", {"version": "17.0"}),
        ("▸ Base concernée par le problème : tissot-montres", {"database": "tissot-montres"}),
        ("Contract no. ......... M123412341234123", {"contract": "M123412341234123"}),
        ("Version of the browser: 17.0", {}),
        ("Version of Ubuntu: 22.04", {}),
        ("Module version: 17.0.1.0", {}),
    ],
)
def test_labels_that_no_table_has(line: str, expected: dict[str, object], table: FieldTable) -> None:
    """The word of one field at either end of a label tells what it is, unless another word makes it something else's."""
    assert values(line, table) == expected


QUESTIONNAIRE = """
Q1: Which database do you use?
A1: It's karlsen-fisk

Which version is it?
17.0

Can you go on working?
Yes, slowly
"""


def test_questions_with_their_answers_below(table: FieldTable) -> None:
    """The line below a question answers it, with or without a mark."""
    assert values(QUESTIONNAIRE, table) == {"database": "karlsen-fisk", "version": "17.0", "blocking": False}


@pytest.mark.parametrize("text", ["Can you restore our database?\nThanks", "I wonder which version you recommend?\nRegards\nAnn"])
def test_questions_that_nothing_answers(text: str, table: FieldTable) -> None:
    """A question to us is none that its author answers."""
    assert values(text, table) == {}


def test_boxes_with_blanks(table: FieldTable) -> None:
    """Round boxes may be wide."""
    assert values("Hosting: (  ) cloud  ( X ) own server", table) == {"hosting": "on-premise"}


def test_a_value_that_the_client_cut_off(table: FieldTable) -> None:
    """A line that ends with a label has its value at the start of the next."""
    found = values("Version: 17.0, DB: elm-yard, hosting:\nOdoo.sh, blocking: no.", table)
    assert found == {"version": "17.0", "database": "elm-yard", "hosting": "platform", "blocking": False}
