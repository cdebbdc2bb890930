"""Mails of one conversation may come in any order: in the end they are on one ticket, with the same people."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Talk

ANN, BOB, CY = "ann@example.org", "bob@example.org", "cy@example.org"
PEOPLE = (ANN, BOB, CY)
MAILS = 20


def conversation(chance: random.Random) -> list[dict[str, str]]:
    """Twenty mails, reply to all: each answers one before it, and names some of those above that one."""
    mails: list[dict[str, str]] = []
    above: list[list[str]] = []
    for number in range(MAILS):
        author = ANN if number == 0 else chance.choice(PEOPLE)
        fields = {
            "by": author,
            "Message_ID": f"<t{number}@example.org>",
            "Cc": ", ".join(each for each in PEOPLE if each != author),
        }
        chain: list[str] = []
        if mails:
            parent = chance.randrange(number)
            chain = [*above[parent], str(mails[parent]["Message_ID"])]
            fields |= {"In_Reply_To": chain[-1], "References": " ".join(chain[-chance.randint(1, 8) :])}
            fields["Subject"] = chance.choice(["Re: Tax", "[EXTERNAL] Re: Tax", "AW: Tax", "Something else"])
        mails.append(fields)
        above.append(chain)
    return mails


@pytest.mark.parametrize("seed", range(25))
def test_any_order(talk: Talk, seed: int) -> None:
    """Whoever comes first opens the ticket; whoever comes later joins it, whatever its subject."""
    chance = random.Random(seed)
    mails = conversation(chance)
    links = {each["Message_ID"]: set(each.get("References", "").split()) for each in mails}
    order = list(mails)
    chance.shuffle(order)
    for mail in order:
        talk.come(f"Words of {mail['Message_ID'][1:-1]}.\n", proven=True, **mail)
    assert len(talk.facts.tickets) == _separate(order, links)
    for ticket in talk.facts.tickets.values():
        assert {each.lower() for each in ticket.people} == set(PEOPLE)


def _separate(order: list[dict[str, str]], links: dict[str, set[str]]) -> int:
    """How many tickets there must be: a mail opens one if, when it comes, nothing ties it to a mail that came before."""
    seen: set[str] = set()
    opened = 0
    for mail in order:
        own = {mail["Message_ID"], *links[mail["Message_ID"]]}
        opened += not own & seen
        seen |= own
    return opened


@pytest.mark.parametrize("seed", range(10))
def test_one_thread_that_names_its_first_mail(talk: Talk, seed: int) -> None:
    """Where every mail names the first, as most clients do, there is one ticket in any order."""
    chance = random.Random(seed)
    mails = [{**each, "References": f"<first@example.org> {each.get('References', '')}"} for each in conversation(chance)]
    chance.shuffle(mails)
    for mail in mails:
        talk.come("Words.\n", proven=True, **mail)
    assert len(talk.facts.tickets) == 1
