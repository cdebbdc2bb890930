"""Steps, current and expected behaviour that no label marks."""

from __future__ import annotations

import pytest

from maild.problem.fields import find_fields
from maild.problem.table import FieldTable

SPANS = ("steps", "current", "expected")


def spans(text: str, table: FieldTable) -> tuple[object, ...]:
    """The three passages."""
    found = find_fields(text, "", table)
    return tuple(found[name].value if name in found else None for name in SPANS)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Hello,\n\nwe are on 17.0. I open a bill and press Confirm. Nothing happens. It should be posted.\n\nBest regards\nAnn",
            ("I open a bill and press Confirm.", "Nothing happens.", "It should be posted."),
        ),
        (
            "Guten Tag,\n\nich öffne einen Lieferschein und klicke auf Drucken. Es erscheint ein leeres PDF. Es sollten alle Zeilen da sein.",
            (
                "ich öffne einen Lieferschein und klicke auf Drucken.",
                "Es erscheint ein leeres PDF.",
                "Es sollten alle Zeilen da sein.",
            ),
        ),
        (
            "Bonjour,\n\nJ'ouvre une facture et je clique sur Envoyer. Le client reçoit un courriel vide. Il devrait recevoir le PDF.",
            (
                "J'ouvre une facture et je clique sur Envoyer.",
                "Le client reçoit un courriel vide.",
                "Il devrait recevoir le PDF.",
            ),
        ),
        (
            "Hola, entro en Inventario > Traslados y pulso Nuevo. La pantalla se queda en blanco. Debería abrirse el formulario.",
            (
                "entro en Inventario > Traslados y pulso Nuevo.",
                "La pantalla se queda en blanco.",
                "Debería abrirse el formulario.",
            ),
        ),
        (
            "Hoi, ik open een offerte en klik op Bevestigen. Er gebeurt niets. De offerte zou een order moeten worden.",
            ("ik open een offerte en klik op Bevestigen.", "Er gebeurt niets.", "De offerte zou een order moeten worden."),
        ),
        (
            "Buongiorno, apro un preventivo e premo Stampa. Esce una pagina bianca. Dovrebbe uscire il PDF con il logo.",
            ("apro un preventivo e premo Stampa.", "Esce una pagina bianca.", "Dovrebbe uscire il PDF con il logo."),
        ),
        (
            "Bom dia, abro uma encomenda e clico em Confirmar. Aparece uma mensagem de erro. A encomenda devia ficar confirmada.",
            (
                "abro uma encomenda e clico em Confirmar.",
                "Aparece uma mensagem de erro.",
                "A encomenda devia ficar confirmada.",
            ),
        ),
    ],
)
def test_seven_languages(text: str, expected: tuple[str, ...], table: FieldTable) -> None:
    """Each sentence to its field, without greeting and name."""
    assert spans(text, table) == expected


def test_action_and_outcome_in_one_sentence(table: FieldTable) -> None:
    """It tells what the product does."""
    assert spans("When I confirm the order, I get an error.", table) == (None, "When I confirm the order, I get an error.", None)


def test_a_list_of_steps(table: FieldTable) -> None:
    """A list keeps its numbers; what follows it is what happens."""
    text = "This is what I do:\n\n1) open the shop\n2) pay by card\n\nThe receipt is blank.\n\nIngrid"
    assert spans(text, table) == ("1) open the shop\n2) pay by card", "The receipt is blank.", None)


def test_a_list_of_facts_is_no_list_of_steps(table: FieldTable) -> None:
    """Bullets need verbs."""
    assert spans("- Odoo 17.0\n- database oak-live\n- Chrome 130.0\n\nThe list is empty.", table) == (
        None,
        "The list is empty.",
        None,
    )


@pytest.mark.parametrize(
    "text",
    [
        "How do I add a second company? I cannot find the menu.",
        "Wie kann ich die Steuer auf 7 % ändern? Wir finden die Einstellung nicht.",
        "Pouvez-vous nous proposer une formation pour deux personnes ?",
        "Please upgrade our database oak from 16.0 to 18.0.",
        "Thank you very much, it works again!\n\nAnn",
        "",
    ],
)
def test_mails_about_something_else(text: str, table: FieldTable) -> None:
    """A question, a wish and thanks tell no behaviour."""
    assert spans(text, table) == (None, None, None)


def test_wrapped_lines_are_one_sentence(table: FieldTable) -> None:
    """A client's line breaks are none; abbreviations, numbers and quoted full stops end nothing."""
    text = 'The report of the stock, e.g. of lot no. 5, shows 17.50 instead of 1.750\nand says "Loading..." forever.'
    assert spans(text, table)[1] == text.replace("\n", " ")
