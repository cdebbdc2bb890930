"""The language of a text by its little words and letters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.problem.language import Languages
from maild.rules.policy import Policy


@pytest.fixture(scope="session")
def languages(shipped: Policy) -> Languages:
    """The shipped table."""
    return shipped.lexicon.languages


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
        # a few words
        ("Thanks!", "en"), ("Danke!", "de"), ("Merci", "fr"), ("Gracias", "es"), ("Bedankt", "nl"), ("Grazie mille", "it"), ("Obrigado", "pt"),
        ("printer broken again", "en"), ("ça ne marche pas", "fr"), ("ca ne marche pas", "fr"), ("Drucker geht nicht", "de"), ("no funciona", "es"),
        ("kassa werkt niet", "nl"), ("non funziona", "it"), ("não funciona", "pt"), ("nao sei onde fica", "pt"),
        # letters that another system has taken apart
        ("Die Gro\u0308\u00dfe la\u0308sst sich nicht a\u0308ndern", "de"),
        # words of the product, names and code do not count
        ("Beim Klick auf \u201eSend by Email\u201c kommt \u201eAccess Error: you are not allowed to access this document\u201c, und zwar bei allen Kunden.", "de"),
        ("Le bouton Confirm Order ne fait rien depuis hier, https://example.org/the/web/for/all/and/you/are.html", "fr"),
        ("self.env['sale.order'].search([('name', '=', 'is')]) gibt nichts zurück", "de"),
        # the first of two
        ("Die Lieferungen an unsere Kunden werden seit gestern nicht mehr gedruckt, und wir wissen nicht warum das so ist.\n\n"
         "The deliveries to our customers have not been printed since yesterday, and we do not know why this is.", "de"),
        ("English below\n\nLes livraisons à nos clients ne sont plus imprimées depuis hier et nous ne savons pas pourquoi.\n\n"
         "The deliveries to our customers have not been printed since yesterday, and we do not know why this is.", "fr"),
    ],
)  # fmt: skip
def test_the_seven_languages(text: str, language: str, languages: Languages) -> None:
    """A usual mail in each language is known as such, and so are the shortest."""
    assert languages.of(text) == language


@pytest.mark.parametrize(
    "text",
    [
        "", "17.0", "https://mycompany.odoo.com", "Invoice", "\u8bf7\u5e2e\u5fd9\u6253\u5370\u53d1\u7968", "x y z", "INV/2026/0042",
        "Dzień dobry, faktura drukuje się bez tabeli od wczoraj rano, proszę o szybką pomoc i sprawdzenie ustawień drukarki, z poważaniem",
        "Hej! När vi skriver ut fakturan saknas tabellen sedan igår. Kan ni hjälpa oss snarast möjligt? Vi använder den nya versionen",
    ],
)  # fmt: skip
def test_next_to_nothing_has_no_language(text: str, languages: Languages) -> None:
    """Where hardly a word is known nothing is claimed: the desk's own language is used."""
    assert languages.of(text) is None


def test_the_next_text_decides(languages: Languages) -> None:
    """Where the text tells nothing, the subject may."""
    assert languages.of("S00042", "Frage zur Rechnung\nS00042") == "de"


@given(text=st.text(max_size=300))
def test_total(languages: Languages, text: str) -> None:
    """Whatever is written: a language of the table, or none."""
    assert languages.of(text) in (None, *languages.names)
