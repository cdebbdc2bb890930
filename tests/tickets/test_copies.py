"""Who is in copy: taken in by whom something is proven, and by agents; else pending, and told nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Talk

ANN, BOB, CY = "ann@example.org", "bob@example.org", "cy@example.net"
EMMA, RAJ = "emma@example.com", "raj@example.com"


def people(talk: Talk) -> tuple[list[str], list[str]]:
    """(participants, pending) of the ticket."""
    return [each.address for each in talk.ticket.participants], [each.address for each in talk.ticket.pending]


def test_a_proven_sender_takes_people_in(talk: Talk) -> None:
    """To and Cc, each once, but for the desk, its agents, and the sender himself."""
    talk.open(Cc=f"Bob <{BOB}>, {BOB.upper()}, {EMMA}, {ANN}, support+x@example.com", proven=True)
    assert people(talk) == ([BOB], [])


def test_an_unproven_sender_takes_nobody_in(talk: Talk) -> None:
    """They are pending: agents see them, the answer does not reach them."""
    talk.open(Cc=BOB)
    assert people(talk) == ([], [BOB])
    assert "not proven" in next(each for each in talk.last if each.kind == "notification").draft.text
    assert not any(each.recipient == BOB for each in talk.sent)
    talk.answer()
    assert [each.recipient for each in talk.last if each.kind == "answer"] == [ANN]


def test_a_pending_person_is_nobody(talk: Talk) -> None:
    """Whoever waits to be confirmed opens a ticket of his own by a mere reference, and confirms nobody."""
    talk.open(Cc=BOB)
    before = talk.ticket
    talk.come("Me, too.\n", by=BOB, References="<m1@example.org>", Cc=CY, proven=True)
    assert talk.facts.tickets[1] == before
    assert talk.facts.tickets[2].requester.address == BOB


def test_a_proven_mail_confirms(talk: Talk) -> None:
    """The requester, once proven, names them again."""
    talk.open(Cc=f"{BOB}, {CY}")
    talk.write(Cc=BOB, proven=True)
    assert people(talk) == ([BOB], [CY])
    talk.write(Cc=CY, proven=False)
    assert people(talk) == ([BOB], [CY])


def test_an_agent_confirms_and_takes_out(talk: Talk) -> None:
    """`#cc` with several at once; the name that stood beside the address is kept."""
    talk.open(Cc=f"Bob Berg <{BOB}>")
    talk.steer(f"#cc +{BOB}, +{CY}")
    assert people(talk) == ([BOB, CY], [])
    assert talk.ticket.participants[0].name == "Bob Berg"
    talk.steer(f"#cc -{BOB} +{CY}")
    assert people(talk) == ([CY], [])
    talk.answer()
    assert sorted(each.recipient for each in talk.last if each.kind == "answer") == [ANN, CY]


def test_a_pending_person_is_taken_out(talk: Talk) -> None:
    """Then nobody sees him any more."""
    talk.open(Cc=BOB)
    talk.steer(f"#cc -{BOB}")
    assert people(talk) == ([], [])


@pytest.mark.parametrize(
    ("command", "why"),
    [
        ("#cc", "whom?"),
        ("#cc +bob", "'bob' is no address"),
        ("#cc +bob@example.org,x@y@z", "'x@y@z' is no address"),
        (f"#cc +{RAJ}", f"'{RAJ}' is the desk's own"),
        ("#cc support@example.com", "'support@example.com' is the desk's own"),
        (f"#cc -{ANN}", f"'{ANN}' is the requester"),
        (f"#cc -{CY}", f"'{CY}' is not in copy"),
    ],
)
def test_wrong_commands(talk: Talk, command: str, why: str) -> None:
    """All or nothing."""
    talk.open()
    talk.wrong(command, why)


def test_a_crowd_has_an_end(talk: Talk) -> None:
    """Neither list grows without bound."""
    crowd = ", ".join(f"p{number}@example.net" for number in range(200))
    talk.open(Cc=crowd)
    assert len(talk.ticket.pending) == 20
    talk.write(Cc=crowd, proven=True)
    assert len(talk.ticket.participants) == 50
    assert talk.ticket.pending == ()
    talk.wrong(f"#cc +{CY}", "50 people are in copy already")
