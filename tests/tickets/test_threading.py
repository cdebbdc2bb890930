"""Which ticket a mail belongs to: by a proven address, or by references together with a participant; never by its subject."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from maild.mail.message import Automatic, Mailbox
from maild.problem.reading import Reading
from maild.tickets.address import AddressBook, Role, Target, ToBounce, ToMailbox, ToTicket
from maild.tickets.facts import NOTHING_KNOWN, Facts, Sent
from maild.tickets.threading import Placement, find_ticket, known_ids, referenced_ids
from maild.tickets.ticket import Ticket

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
LONG_AGO = NOON - timedelta(days=14)
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
    outgoing={
        KEY: Sent(ticket=17, kind="answer", created_at=NOON),
        "f" * 16: Sent(ticket=5, kind="answer", created_at=NOON),
    },
)


def place(book: AddressBook, reading: Reading) -> Placement:
    """Where a mail to the bare mailbox belongs."""
    return find_ticket(ToMailbox(mailbox=book.first), reading, FACTS, AGENTS, LONG_AGO)


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
    assert known_ids(reading.message) == ("d@x", "b@x", "a@x", "me@x")


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
    found = find_ticket(ToMailbox(mailbox=book.first), read(Message_ID="<parent@example.org>"), facts, AGENTS, LONG_AGO)
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
    found = find_ticket(target, read(From=sender, In_Reply_To="<other@example.net>"), FACTS, AGENTS, LONG_AGO)
    assert found == Placement(ticket=TICKET, standing=standing, how=f"signed address ({role})")  # type: ignore[arg-type]


def test_agent_by_reference(book: AddressBook, read: Read) -> None:
    """An agent's address in From, which anybody can write, joins nothing by references, unless somebody vouches for it."""
    reading, target = read(From="emma@example.com", In_Reply_To="<first@example.org>"), ToMailbox(mailbox=book.first)
    assert place(book, reading) == Placement(ticket=None, mentioned=(17,))
    found = find_ticket(target, reading, FACTS, AGENTS, LONG_AGO, proven=True)
    assert found == Placement(ticket=TICKET, standing="agent", how="references")


@pytest.mark.parametrize("kind", ["bounce", "out-of-office", "auto-generated", "list"])
def test_machine_by_reference(book: AddressBook, read: Read, kind: Any) -> None:
    """What a machine answers belongs to what it answers, and opens nothing; what it writes by itself is as anybody's."""
    reading = read(From="mailer-daemon@example.net", In_Reply_To="<ack@mail.example.com>")
    reading = replace(reading, message=replace(reading.message, automatic=Automatic(kind=kind, why="")))
    found = place(book, reading)
    if kind in ("bounce", "out-of-office"):
        assert found == Placement(ticket=TICKET, standing="guest", how="references")
    else:
        assert found == Placement(ticket=None, mentioned=(17,))


def test_what_ties_two_tickets(book: AddressBook, read: Read) -> None:
    """It joins the first that the sender takes part in, and mentions the other."""
    facts = replace(FACTS, tickets={17: TICKET, 18: replace(OTHER, requester=TICKET.requester)})
    reading = read(In_Reply_To="<other@example.net>", References="<first@example.org> <other@example.net>")
    found = find_ticket(ToMailbox(mailbox=book.first), reading, facts, AGENTS, LONG_AGO)
    assert (found.ticket, found.mentioned) == (facts.tickets[18], (17,))


@pytest.mark.parametrize(("key", "ticket"), [(KEY, TICKET), ("f" * 16, None), ("0" * 16, None)])
def test_bounce_address(book: AddressBook, read: Read, key: str, ticket: Ticket | None) -> None:
    """A bounce address leads to the ticket of its outgoing mail, whoever writes."""
    target = ToBounce(mailbox=book.first, key=key)
    found = find_ticket(target, read(From="ann@example.org"), FACTS, AGENTS, LONG_AGO)
    assert found == Placement(ticket=ticket, standing="requester" if ticket else "guest", how="bounce address")
    report = read(From="ann@example.org", Auto_Submitted="auto-replied")
    assert find_ticket(target, report, FACTS, AGENTS, LONG_AGO).standing == "guest"


# --- tickets that ended -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("age", "is_open"), [(timedelta(days=13), True), (timedelta(days=14), True), (timedelta(days=14, seconds=1), False)]
)
@pytest.mark.parametrize("sender", ["ann@example.org", "bob@example.org", "eve@example.net"])
def test_end_of_the_grace(book: AddressBook, read: Read, age: timedelta, is_open: bool, sender: str) -> None:
    """Whoever writes to a ticket that ended too long ago opens a new one, which follows it; an open one, or one within the grace, goes on."""
    ended = replace(TICKET, stage="done", closed_at=NOON - age)
    facts = replace(FACTS, tickets={17: ended})
    target = ToTicket(mailbox=book.first, number=17, role="c", proof="", given=sender)
    found = find_ticket(target, read(From=sender), facts, AGENTS, LONG_AGO)
    follows = None if is_open or sender == "eve@example.net" else 17
    assert (found.ticket, found.follows) == (ended if is_open else None, follows)
    assert found.standing == ("guest" if sender == "eve@example.net" else found.standing)
    assert find_ticket(target, read(From=sender), FACTS, AGENTS, LONG_AGO).ticket == TICKET


def test_end_of_the_grace_by_references(book: AddressBook, read: Read) -> None:
    """References lead there, too; those of a stranger are only mentioned, as ever."""
    facts = replace(FACTS, tickets={17: replace(TICKET, stage="done", closed_at=NOON - timedelta(days=90))})
    target = ToMailbox(mailbox=book.first)
    assert find_ticket(target, read(In_Reply_To="<first@example.org>"), facts, AGENTS, LONG_AGO) == Placement(
        ticket=None, follows=17
    )
    stranger = find_ticket(target, read(From="eve@example.net", In_Reply_To="<first@example.org>"), facts, AGENTS, LONG_AGO)
    assert stranger == Placement(ticket=None, mentioned=(17,))


@pytest.mark.parametrize("who", ["agent", "machine", "bounce"])
def test_who_opens_nothing_new(book: AddressBook, read: Read, who: str) -> None:
    """Agents go on with what ended long ago; machines and reports stay where they belong."""
    ended = replace(TICKET, stage="done", closed_at=NOON - timedelta(days=90))
    facts = replace(FACTS, tickets={17: ended})
    target: Target = ToTicket(
        mailbox=book.first, number=17, role="a" if who == "agent" else "c", proof="", given="emma@example.com"
    )
    reading = read(From="emma@example.com") if who == "agent" else read(Auto_Submitted="auto-replied")
    if who == "bounce":
        target, reading = ToBounce(mailbox=book.first, key=KEY), read()
    assert find_ticket(target, reading, facts, AGENTS, LONG_AGO).ticket == ended


# --- agents who ask ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "given", "standing"),
    [
        ("c", "emma@example.com", "requester"),
        ("a", "emma@example.com", "agent"),
        ("a", "EMMA@example.com", "agent"),
        ("n", "emma@example.com", "agent"),
        ("a", "raj@example.com", "requester"),
        ("n", "ann@example.org", "requester"),
    ],
)
def test_an_agent_of_her_own_request(book: AddressBook, read: Read, role: Role, given: str, standing: str) -> None:
    """By the agent's address that was given to her she is an agent; by any other, the requester."""
    own = replace(TICKET, requester=Mailbox(name="", address="emma@example.com"))
    target = ToTicket(mailbox=book.first, number=17, role=role, proof="", given=given)
    found = find_ticket(target, read(From="Emma@example.com"), replace(FACTS, tickets={17: own}), AGENTS, LONG_AGO)
    assert found.standing == standing


def test_nobody_becomes_an_agent_by_an_address(book: AddressBook, read: Read) -> None:
    """An agent's address in the hands of a customer makes no agent of him."""
    target = ToTicket(mailbox=book.first, number=17, role="a", proof="", given="ann@example.org")
    assert find_ticket(target, read(), FACTS, AGENTS, LONG_AGO).standing == "requester"
