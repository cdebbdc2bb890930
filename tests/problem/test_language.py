"""The language of a text by its little words."""

from __future__ import annotations

import pytest

from maild.problem.language import language_of
from maild.problem.table import FieldTable


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Hello, when we print the invoice it is blank. Can you please help us with this?", "en"),
        ("Bonjour, quand nous imprimons la facture, elle est vide. Pouvez-vous nous aider avec ce problème ?", "fr"),
        ("Guten Tag, wenn wir die Rechnung drucken, ist sie leer. Können Sie uns bitte helfen, was das sein kann?", "de"),
        ("Hola, cuando imprimimos la factura está vacía. ¿Nos pueden ayudar con este problema, por favor?", "es"),
        ("Hallo, als we de factuur afdrukken is ze leeg. Kunt u ons helpen met dit probleem van het systeem?", "nl"),
        ("Buongiorno, quando stampiamo la fattura è vuota. Ci potete aiutare con il problema che non si risolve?", "it"),
        ("Bom dia, quando imprimimos a fatura ela está vazia. Podem nos ajudar com isso? Não sei o que é.", "pt"),
    ],
)
def test_the_seven_languages(text: str, language: str, table: FieldTable) -> None:
    """A usual mail in each language is known as such."""
    assert language_of(text, table) == language


@pytest.mark.parametrize(
    "text", ["", "17.0", "https://mycompany.odoo.com", "Invoice", "\u8bf7\u5e2e\u5fd9\u6253\u5370\u53d1\u7968", "x y z"]
)
def test_next_to_nothing_has_no_language(text: str, table: FieldTable) -> None:
    """Where hardly a word is known nothing is claimed: the desk's own language is used."""
    assert language_of(text, table) is None
