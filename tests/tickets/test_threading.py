"""Which ticket a mail belongs to: by a proven address, or by references together with a participant; never by its subject."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from maild.mail.message import Mailbox
from maild.problem.reading import Reading
from maild.tickets.address import AddressBook, Role, ToBounce, ToMailbox, ToTicket
from maild.tickets.facts import NOTHING_KNOWN, Facts
from maild.tickets.threading import Placement, find_ticket, known_ids, referenced_ids
from maild.tickets.ticket import Ticket

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
AGENTS = frozenset({"emma@example.com"})
KEY = "0123456789abcdef"
Read = Callable[..., Reading]

TICKET = Ticket(
    number=17,
    service="support",
    stage="process",
    team="functional",
    requester=Mailbox(name="Ann Berg", address="ann@example.org"),
    participants=(Mailbox(name="", address="Bob@example.org"),),
    mailbox="support@example.com",
    subject="Invoice layout",
    arrived_at=NOON,
    created_at=NOON,
    fields={},
)
OTHER = replace(TICKET, number=18, requester=Mailbox(name="", address="cora@example.net"), participants=())
FACTS: Facts = replace(
    NOTHING_KNOWN,
    next_number=19,
    tickets={17: TICKET, 18: OTHER},
    placed={"first@example.org": 17, "ack@mail.example.com": 17, "other@example.net": 18, "gone@example.net": 5},
    outgoing={KEY: 17, "f" * 16: 5},
)


def place(book: AddressBook, reading: Reading) -> Placement:
    """Where a mail to the bare mailbox belongs."""
    return find_ticket(ToMailbox(mailbox=book.first), reading, FACTS, AGENTS)


@pytest.mark.parametrize("field", ["In-Reply-To", "References"])
@pytest.mark.parametrize("message_id", ["first@example.org", "ack@mail.example.com"])
@pytest.mark.parametrize(
    ("sender", "standing"),
    [("ann@example.org", "requester"), ("ANN@Example.org", "requester"), ("bob@example.org", "participant")],
)
def test_references(book: AddressBook, read: Read, field: str, message_id: str, sender: str, standing: str) -> None:
    """A participant's mail that refers to a mail of the ticket joins it, letter case of the sender aside."""
    found = place(book, read(From=sender, **{field: f"<{message_id}>"}))
    assert found == Placement(ticket=TICKET, standing=standing, how="references")  # type: ignore[arg-type]


def test_stranger(book: AddressBook, read: Read) -> None:
    """A stranger who refers to a mail of a ticket does not join it; the new ticket only mentions it."""
    found = place(book, read(From="eve@example.net", In_Reply_To="<first@example.org>", References="<other@example.net>"))
    assert found == Placement(ticket=None, mentioned=(17, 18))


def test_sender_of_another_ticket(book: AddressBook, read: Read) -> None:
    """Of several tickets that are referred to, the first that the sender takes part in is the mail's."""
    found = place(book, read(From="cora@example.net", In_Reply_To="<first@example.org>", References="<other@example.net>"))
    assert found.ticket == OTHER


def test_nearest_first(book: AddressBook, read: Read) -> None:
    """In-Reply-To goes before References, and there the last before the first; none counts twice."""
    reading = read(Message_ID="<me@x>", In_Reply_To="<d@x>", References="<a@x> <b@x> <d@x>")
    assert referenced_ids(reading.message) == ("d@x", "b@x", "a@x")
    assert known_ids(reading.message) == ("me@x", "d@x", "b@x", "a@x")


def test_subject_is_nothing(book: AddressBook, read: Read) -> None:
    """The subject of a ticket, or its number in a subject, places nothing."""
    assert place(book, read(Subject="Re: Invoice layout [#17]")) == Placement(ticket=None)


def test_unknown_references(book: AddressBook, read: Read) -> None:
    """References to mails that nobody knows open a new ticket without a link."""
    assert place(book, read(In_Reply_To="<never@example.org>")) == Placement(ticket=None)


def test_ticket_that_is_gone(book: AddressBook, read: Read) -> None:
    """A reference to a ticket that cannot be read any more does not join."""
    assert place(book, read(In_Reply_To="<gone@example.net>")).ticket is None


def test_overtaken_parent(book: AddressBook, read: Read) -> None:
    """A mail whose reply came first and named it joins the ticket of that reply."""
    facts = replace(FACTS, placed={"parent@example.org": 17})
    found = find_ticket(ToMailbox(mailbox=book.first), read(Message_ID="<parent@example.org>"), facts, AGENTS)
    assert (found.ticket, found.how) == (TICKET, "references")


def test_message_id_of_a_stranger(book: AddressBook, read: Read) -> None:
    """A stranger who sends under a Message-ID that is known does not join, either."""
    assert place(book, read(From="eve@example.net", Message_ID="<first@example.org>")) == Placement(ticket=None, mentioned=(17,))


def test_nobody(book: AddressBook, read: Read) -> None:
    """A mail without From joins nothing by its references."""
    assert place(book, read(From=None, In_Reply_To="<first@example.org>")).ticket is None


@pytest.mark.parametrize(
    ("sender", "standing"),
    [
        ("ann@example.org", "requester"),
        ("BOB@example.org", "participant"),
        ("emma@example.com", "agent"),
        ("eve@example.net", "guest"),
        (None, "guest"),
    ],
)
@pytest.mark.parametrize("role", ["c", "a", "n"])
def test_signed_address(book: AddressBook, read: Read, role: Role, sender: str | None, standing: str) -> None:
    """A signed address leads to its ticket without any reference; who writes is told by From."""
    target = ToTicket(mailbox=book.first, number=17, role=role, proof="proven before")
    found = find_ticket(target, read(From=sender, In_Reply_To="<other@example.net>"), FACTS, AGENTS)
    assert found == Placement(ticket=TICKET, standing=standing, how=f"signed address ({role})")  # type: ignore[arg-type]


def test_agent_without_proof(book: AddressBook, read: Read) -> None:
    """An agent's address in From, which anybody can write, joins nothing by references."""
    assert place(book, read(From="emma@example.com", In_Reply_To="<first@example.org>")) == Placement(
        ticket=None, mentioned=(17,)
    )


@pytest.mark.parametrize(("key", "ticket"), [(KEY, TICKET), ("f" * 16, None), ("0" * 16, None)])
def test_bounce_address(book: AddressBook, read: Read, key: str, ticket: Ticket | None) -> None:
    """A bounce address leads to the ticket of its outgoing mail, whoever writes."""
    found = find_ticket(ToBounce(mailbox=book.first, key=key), read(From="ann@example.org"), FACTS, AGENTS)
    assert found == Placement(ticket=ticket, standing="guest", how="bounce address")
