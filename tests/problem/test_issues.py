"""How many issues a mail holds: the shipped signs, in seven languages."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from maild.problem.lexicon import Lexicon
from maild.problem.reading import Reading
from maild.problem.said import said_in

SEVERAL = [
    (2, "Two problems", "- The calendar starts on Sunday.\n- The logo is missing on letters."),
    (3, "Fragen", "1) Wie drucke ich Etiketten?\n2) Wo stelle ich die Sprache ein?\n3) Kann man Kontakte zusammenführen?"),
    (2, "", "Bonjour,\n\nle panier ne se vide pas. Par ailleurs, les photos des articles ne s'affichent plus sur le site."),
    (2, "", "De kalender toont de feestdagen niet. Nog een vraag: waar stel ik de taal in?"),
    (2, "", "Il calendario non mostra le feste di aprile. Un'altra cosa: le foto dei prodotti non si caricano."),
    (2, "", "O calendário não mostra os feriados de abril. Outra coisa: as fotos dos produtos não carregam no site."),
    (3, "", "Primero, el calendario no muestra los festivos. Segundo, las fotos no se cargan. Tercero, falta el logo."),
    (2, "", "Problem 1: the calendar starts on Sunday.\n\nProblem 2: the logo is missing on letters.\n"),
    (2, "", "The calendar starts on Sunday, which is wrong. Also, the logo is missing on all letters to customers."),
    (2, "Two questions", "Hello.\nWhere do I change the logo? How do I change the language of a letter? Thanks."),
]
ONE = [
    ("", "What I do:\n1. Open the order\n2. Press Confirm\n3. Press Print\n\nThe page is blank."),
    ("", "Steps to reproduce\n- go to the list\n- choose one that is not paid\n- nothing happens when I press it"),
    ("", "The total is wrong in three places:\n- the list shows no tax at all\n- the letter shows the tax twice\n- the report is not right either"),
    ("", "The page is blank. I also tried another browser, and it is the same. Also after a restart."),
    ("Totals", "- Version 17.0\n- Chrome\n- Windows"),
    ("Re: Two problems", "The first is solved by now, and the second one is still there."),
    ("", "First I open the order, second I press Print. Then the page is blank."),
    ("", "Help"),
]  # fmt: skip


@pytest.mark.parametrize(("count", "subject", "text"), SEVERAL)
def test_several(count: int, subject: str, text: str, read: Callable[..., Reading]) -> None:
    """Lists that are announced or tell of things wrong, ordinals, headings, and words that begin something else."""
    assert read(text, Subject=subject).issues == count


@pytest.mark.parametrize(("subject", "text"), ONE)
def test_one(subject: str, text: str, read: Callable[..., Reading]) -> None:
    """Steps, details and environments are of one issue."""
    assert read(text, Subject=subject).issues == 1


def test_none(read: Callable[..., Reading]) -> None:
    """Thanks, and what a machine writes, hold none."""
    assert read("Thank you very much!\n").issues == 0
    assert read("Two problems:\n- a b c d\n- e f g h\n", Auto_Submitted="auto-generated").issues == 0


def test_the_first_decides(read: Callable[..., Reading]) -> None:
    """What the second issue is about does not choose the team of the first."""
    reading = read("Two problems:\n- The logo is missing on letters.\n- The kitchen printer is offline since noon.\n")
    assert "device" not in reading.about
    assert "device" in read("The kitchen printer is offline since noon.\n").about


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("First, the logo is missing. Second, the printer is offline.", 2),
        ("Firstly, the logo is missing. Thirdly, it is late. Secondly, the printer is offline.", 0),
        ("Problem 1: the logo is missing.\nOdoo 17 shows an error in red.\n\nProblem 2: the printer is offline.\n", 2),
        ("The logo is missing.", 0),
    ],
)
def test_parts(read: Callable[..., Reading], lexicon: Lexicon, text: str, parts: int) -> None:
    """The words of each issue, and all of them; where they cannot be told apart, none."""
    found = lexicon.issues.parts(said_in("", text, {}), lexicon.topics, "en")
    assert len(found) == parts
    assert all("logo" in found[0] and "printer" in each for each in found[1:])
