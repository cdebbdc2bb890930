"""What an envelope's addresses come to: each proven address for itself, all others together."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from itertools import permutations

import pytest

from maild.config import Config
from maild.mail.envelope import Envelope
from maild.mail.message import Mailbox
from maild.problem.lexicon import Lexicon
from maild.problem.reading import read_blindly, read_mail
from maild.tickets.address import AddressBook, Role, Target, ToBounce, ToMailbox, ToOperator, ToTicket
from maild.tickets.arrival import PRECEDENCE, Arrival, proven, targets_of
from maild.tickets.facts import NOTHING_KNOWN, Facts, Sent
from maild.tickets.ticket import Ticket

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
ANN, BOB, EMMA = "ann@example.org", "bob@example.org", "emma@example.com"
AGENTS = frozenset({EMMA})
KEY = "0123456789abcdef"
MAILBOXES = ("support@example.com", "emergency@example.com", "upgrade@example.com", "security@example.com")


@pytest.fixture
def facts() -> Facts:
    """Tickets 17 and 18 of Ann's; Bob takes part in 17."""
    ticket = Ticket(
        number=17,
        service="support",
        stage="process",
        team="functional",
        requester=Mailbox(name="Ann Berg", address=ANN),
        participants=(Mailbox(name="", address=BOB),),
        mailbox="support@example.com",
        subject="Invoice layout",
        arrived_at=NOON,
        created_at=NOON,
        fields={},
    )
    return replace(NOTHING_KNOWN, next_number=19, tickets={17: ticket, 18: replace(ticket, number=18, participants=())})


def shown(found: list[tuple[str, Target]]) -> list[object]:
    """The targets in short."""
    return [
        (each.number, each.role)
        if isinstance(each, ToTicket)
        else each.key
        if isinstance(each, ToBounce)
        else "operator"
        if isinstance(each, ToOperator)
        else each.mailbox.address
        for _, each in found
    ]


def arrival(addresses: tuple[str, ...], book: AddressBook, raw: bytes = b"Subject: x\r\n\r\n") -> Arrival:
    """A mail with these forward-paths."""
    envelope = Envelope(reverse_path="", forward_paths=addresses, arrived_at=NOON, intake="smtp")
    return Arrival(entry="e", reading=read_blindly(raw, envelope, "x"), targets=targets_of(addresses, book))


def come_to(addresses: tuple[str, ...], facts: Facts, book: AddressBook) -> list[object]:
    """What these forward-paths come to."""
    return shown(proven(arrival(addresses, book), facts, book, AGENTS))


@pytest.mark.parametrize("person", [ANN, BOB, EMMA])
def test_proven(book: AddressBook, facts: Facts, person: str) -> None:
    """An address that was given to the requester, a participant or an agent leads to its ticket."""
    assert come_to((book.ticket_address("support@example.com", 17, "c", person),), facts, book) == [(17, "c")]


@pytest.mark.parametrize(
    "address",
    ["support+17-c-aaaaaaaaaaaa@example.com", "support+99-c-aaaaaaaaaaaa@example.com"],
    ids=["guessed", "no such ticket"],
)
def test_bad_proof(book: AddressBook, facts: Facts, address: str) -> None:
    """A bad proof counts as the bare mailbox."""
    assert come_to((address,), facts, book) == ["support@example.com"]


def test_given_to_a_stranger(book: AddressBook, facts: Facts) -> None:
    """An address that was given to somebody who is no longer with the ticket counts as the bare mailbox."""
    assert come_to((book.ticket_address("support@example.com", 18, "c", BOB),), facts, book) == ["support@example.com"]


def test_bad_proof_merges(book: AddressBook, facts: Facts) -> None:
    """A mailbox and addresses with bad proofs make one target together, not a ticket each."""
    addresses = ("support@example.com", "upgrade+17-c-aaaaaaaaaaaa@example.com", "support+18-a-bbbbbbbbbbbb@example.com")
    assert come_to(addresses, facts, book) == ["upgrade@example.com"]


@pytest.mark.parametrize("addresses", list(permutations(MAILBOXES)))
def test_precedence(book: AddressBook, facts: Facts, addresses: tuple[str, ...]) -> None:
    """Of the unsigned mailboxes of one envelope security wins, then emergency, upgrade, support, in whatever order they stand."""
    for name in ("security", "emergency", "upgrade", "support"):
        assert come_to(addresses, facts, book) == [f"{name}@example.com"]
        addresses = tuple(each for each in addresses if not each.startswith(name))


def test_every_service_has_its_place(config: Config) -> None:
    """Each service that a mailbox may have stands in the order of precedence."""
    assert {each.service for each in config.mailboxes} | {"control"} == set(PRECEDENCE)


@pytest.mark.parametrize("roles", [*permutations("can"), *permutations("ca"), *permutations("an")])
def test_narrower_role(book: AddressBook, facts: Facts, roles: tuple[Role, ...]) -> None:
    """Of several addresses of one ticket the one with the fewest readers counts: a note is never published by a copy."""
    addresses = tuple(book.ticket_address("support@example.com", 17, each, EMMA) for each in roles)
    assert come_to(addresses, facts, book) == [(17, "n" if "n" in roles else "a")]


def test_each_for_itself(book: AddressBook, facts: Facts) -> None:
    """Two tickets, a bounce address, the operator and another mailbox are five targets."""
    addresses = (
        book.ticket_address("support@example.com", 17, "c", ANN),
        "support@example.com",
        book.ticket_address("support@example.com", 18, "c", ANN),
        book.bounce_address("support@example.com", KEY),
        book.bounce_address("support@example.com", KEY).upper(),
        "postmaster@example.com",
        "abuse@example.com",
        "upgrade@example.com",
    )
    assert come_to(addresses, facts, book) == [(17, "c"), (18, "c"), KEY, "operator", "upgrade@example.com"]


REPORT = (
    "From: mailer-daemon@example.net\r\nSubject: Undelivered\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
    "--b\r\n\r\nIt did not arrive.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x.example\r\n\r\n"
    "Final-Recipient: rfc822; ann@example.org\r\nAction: failed\r\nStatus: 5.1.1\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n"
    "Message-ID: <17.{key}@mail.example.com>\r\n\r\nx\r\n--b--\r\n"
)


@pytest.mark.parametrize(("key", "meaning"), [(KEY, KEY), ("f" * 16, "support@example.com")], ids=["known", "unknown"])
def test_a_report_to_the_mailbox(
    book: AddressBook, facts: Facts, lexicon: Lexicon, config: Config, key: str, meaning: str
) -> None:
    """Where addresses are not signed, one that names a mail of the desk is as good as one to its bounce address; else anybody can write it."""
    unsigned = AddressBook(
        replace(config, settings=replace(config.settings, desk=replace(config.desk, separator=""))), (b"k" * 32,)
    )
    facts = replace(facts, outgoing={KEY: Sent(ticket=17, kind="answer", created_at=NOON)})
    come = arrival(("support@example.com",), book)
    report = read_mail(REPORT.format(key=key).encode(), come.reading.envelope, lexicon)
    assert shown(proven(replace(come, reading=report), facts, unsigned, AGENTS)) == [meaning]
    assert shown(proven(replace(come, reading=report), facts, book, AGENTS)) == ["support@example.com"]


@pytest.mark.parametrize("author", [ANN, BOB, EMMA, "eve@example.net"])
@pytest.mark.parametrize("mailbox", MAILBOXES)
def test_a_mailbox_beside_a_ticket(book: AddressBook, facts: Facts, author: str, mailbox: str) -> None:
    """The ticket's own is Reply-All for whoever has a part in it; another one is another wish, and a stranger's is his own."""
    addresses = (book.ticket_address("support@example.com", 17, "c", ANN), mailbox)
    come = arrival(addresses, book, f"From: {author}\r\nSubject: x\r\n\r\n".encode())
    beside = [] if mailbox == "support@example.com" and author != "eve@example.net" else [mailbox]
    assert shown(proven(come, facts, book, AGENTS)) == [(17, "c"), *beside]


def test_the_address_goes_along(book: AddressBook, facts: Facts) -> None:
    """Each target keeps the forward-path that led to it."""
    addresses = ("support@example.com", "security@example.com", "abuse@example.com")
    assert [address for address, _ in proven(arrival(addresses, book), facts, book, AGENTS)] == [
        "abuse@example.com",
        "security@example.com",
    ]


@pytest.mark.parametrize(
    "address", ["sales@example.com", "support@example.org", "", f"support+bounce-{KEY}-aaaaaaaaaaaa@example.com"]
)
def test_unknown_address(book: AddressBook, address: str) -> None:
    """Mail that was accepted for an address that is no longer the desk's goes to the first mailbox: it is not lost."""
    assert targets_of((address,), book) == ((address, ToMailbox(mailbox=book.first)),)
