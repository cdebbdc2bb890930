"""What a mail must pass before anything is decided about it: each check, their order, and the name of each verdict."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from maild.config import Config
from maild.guard.checks import CHECKS, MAX_HOPS, Examined, examine
from maild.mail.message import Automatic, Mailbox
from maild.problem.reading import Reading
from maild.tickets.address import AddressBook, Target, ToBounce, ToMailbox
from maild.tickets.decide import target_mark
from maild.tickets.facts import NOTHING_KNOWN, Facts, Sent
from maild.tickets.ticket import Ticket

Read = Callable[..., Reading]
NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
TICKET = Ticket(
    number=7, service="support", stage="process", team="technical", requester=Mailbox(name="", address="ann@example.org"), mailbox="support@example.com",
    subject="x", arrived_at=NOON, created_at=NOON, fields={},
)  # fmt: skip
FACTS = dataclasses.replace(
    NOTHING_KNOWN,
    tickets={7: TICKET},
    placed={"known@mail.example.com": 7},
    outgoing={"0123456789abcdef": Sent(ticket=7, kind="answer", created_at=NOON)},
)


def verdict(reading: Reading, config: Config, book: AddressBook, *, target: Target | None = None, facts: Facts = FACTS) -> str:
    """The verdict, as it is stored and shown."""
    return str(examine(Examined(reading=reading, target=target or ToMailbox(mailbox=book.first), facts=facts, config=config)))


def machine(reading: Reading, kind: str) -> Reading:
    """The same mail, written by a machine."""
    return dataclasses.replace(
        reading, message=dataclasses.replace(reading.message, automatic=Automatic(kind=kind, why="a sign"))
    )  # type: ignore[arg-type]


def test_a_persons_mail_is_accepted(read: Read, config: Config, book: AddressBook) -> None:
    """With a reason, like every verdict."""
    assert verdict(read(), config, book) == "accept: a person's mail"


@pytest.mark.parametrize(
    ("hops", "expected"),
    [(0, "accept: a person's mail"), (MAX_HOPS, "accept: a person's mail"), (MAX_HOPS + 1, "discard: too-many-hops")],
)
def test_hops(hops: int, expected: str, read: Read, config: Config, book: AddressBook) -> None:
    """A mail that has been everywhere goes round in circles (RFC 5321, section 6.3)."""
    reading = read()
    assert (
        verdict(dataclasses.replace(reading, message=dataclasses.replace(reading.message, hops=hops)), config, book) == expected
    )


@pytest.mark.parametrize(
    "address",
    [
        "support@example.com",
        "SUPPORT@Example.COM",
        "support+7-c-aaaaaaaaaaaa@example.com",
        "support+bounce-0123456789abcdef-aaaaaaaaaaaa@example.com",
        "security@example.com",
    ],
)
def test_own_mail(address: str, read: Read, config: Config, book: AddressBook) -> None:
    """What the desk sent, under any of its addresses, is never taken for a customer's: no loop with oneself."""
    own = "<7.fedcba9876543210@mail.example.com>"
    assert verdict(read(From=f"Ann <{address}>", Message_ID=own), config, book) == "discard: own-mail"
    assert verdict(machine(read(From=address), "out-of-office"), config, book) == "discard: own-mail"
    assert verdict(read(From=None, reverse_path=address, Message_ID=own), config, book) == "discard: own-mail"


def test_own_mail_under_another_name(read: Read, config: Config, book: AddressBook) -> None:
    """A list may put its own address into From: the Message-ID of a mail that the desk has sent tells, one that only looks so does not."""
    by_list = read(From="Emma via list <list@example.org>", Message_ID="<7.0123456789abcdef@mail.example.com>")
    assert verdict(by_list, config, book) == "discard: own-mail"
    assert verdict(read(Message_ID="<7.fedcba9876543210@mail.example.com>"), config, book).startswith("accept")


@pytest.mark.parametrize(
    "fields",
    [
        {"From": "'Ann Berg' via Support <support@example.com>", "Reply-To": "Ann Berg <ann@example.org>"},
        {"From": "'Ann Berg' via Support <support@example.com>", "List-Id": "<support.example.com>", "Precedence": "list"},
        {"From": "Contact form <support@example.com>"},
        {"From": "Contact form <support@example.com>", "Auto-Submitted": "auto-generated"},
        {"From": None, "reverse_path": "support@example.com"},
    ],
    ids=["a group", "with its marks", "a web form", "with its mark", "no author"],
)
def test_somebodys_mail_under_an_address_of_ours(fields: dict[str, str], read: Read, config: Config, book: AddressBook) -> None:
    """It may be a customer's: it is answered by no machine, and a person must see it."""
    assert verdict(read(**fields), config, book) == "hold: own-address"


def test_our_address_in_the_envelope_alone(read: Read, config: Config, book: AddressBook) -> None:
    """A group or a redirect may write itself into the envelope: the author is the author."""
    assert verdict(read(reverse_path="support@example.com"), config, book).startswith("accept")


def test_a_neighbours_mail_is_not_our_own(read: Read, config: Config, book: AddressBook) -> None:
    """Colleagues with addresses of the same domain are people."""
    assert verdict(read(From="ann@example.com", reverse_path="ann@example.com"), config, book).startswith("accept")


def test_a_duplicate(read: Read, config: Config, book: AddressBook) -> None:
    """The same mail to the same target counts once; to another target it is another matter."""
    reading = read()
    target = ToMailbox(mailbox=book.first)
    other = ToMailbox(mailbox=config.mailboxes[3])
    facts = dataclasses.replace(FACTS, seen={(reading.digest, target_mark(target)): "entry"})
    assert verdict(reading, config, book, facts=facts) == "discard: duplicate"
    assert verdict(reading, config, book, target=other, facts=facts).startswith("accept")
    assert verdict(read("another text"), config, book, facts=facts).startswith("accept")


@pytest.mark.parametrize(
    ("key", "expected"), [("0123456789abcdef", "accept"), ("fedcba9876543210", "discard: bounce-of-unknown-mail")]
)
def test_bounce_addresses(key: str, expected: str, read: Read, config: Config, book: AddressBook) -> None:
    """A bounce address of a mail that the desk does not know any more leads nowhere."""
    target = ToBounce(mailbox=book.first, key=key)
    assert verdict(machine(read(), "bounce"), config, book, target=target).startswith(expected)


@pytest.mark.parametrize("kind", ["auto-reply", "out-of-office", "read-receipt", "feedback-report", "bounce"])
def test_reports_about_nothing(kind: str, read: Read, config: Config, book: AddressBook) -> None:
    """RFC 3834, section 2: such a mail counts only where it is known to be about a mail of the desk."""
    stray = machine(read(In_Reply_To="<strange@example.org>"), kind)
    about = machine(read(References="<strange@example.org> <known@mail.example.com>"), kind)
    signed = book.target_of(book.ticket_address("support@example.com", 7, "c", "ann@example.org"))
    assert signed is not None
    assert verdict(stray, config, book) == f"discard: {kind}-to-nothing"
    assert verdict(about, config, book) == f"accept: automatic ({kind})"
    assert verdict(stray, config, book, target=signed) == f"accept: automatic ({kind})"


@pytest.mark.parametrize("kind", ["auto-generated", "list", "bulk"])
def test_other_machines_may_write(kind: str, read: Read, config: Config, book: AddressBook) -> None:
    """A monitoring system or a list may open a ticket; it only gets no answer."""
    assert verdict(machine(read(), kind), config, book) == f"accept: automatic ({kind})"


@pytest.mark.parametrize(
    ("sender", "reverse_path", "expected"),
    [
        (None, "", "hold: no-sender"),
        (None, "ann@example.org", "accept: a person's mail"),
        ("ann@example.org", "", "accept: a person's mail"),
    ],
)
def test_nobody_to_answer(
    sender: str | None, reverse_path: str, expected: str, read: Read, config: Config, book: AddressBook
) -> None:
    """Neither From nor reverse-path: a person must look, and nothing is thrown away."""
    assert verdict(read(From=sender, reverse_path=reverse_path), config, book) == expected


def test_the_first_check_that_objects_decides(read: Read, config: Config, book: AddressBook) -> None:
    """A mail that fails every check is told by each in turn, as those before it are satisfied; the hold is last."""
    reading = machine(read(From=None, reverse_path="support@example.com"), "bounce")
    reading = dataclasses.replace(reading, message=dataclasses.replace(reading.message, hops=MAX_HOPS + 1))
    target = ToBounce(mailbox=book.first, key="fedcba9876543210")
    facts = dataclasses.replace(FACTS, seen={(reading.digest, target_mark(target)): "entry"})
    told = [verdict(reading, config, book, target=target, facts=facts)]
    reading = dataclasses.replace(reading, message=dataclasses.replace(reading.message, hops=0))
    told.append(verdict(reading, config, book, target=target, facts=facts))
    reading = dataclasses.replace(reading, envelope=dataclasses.replace(reading.envelope, reverse_path=""))
    told.append(verdict(reading, config, book, target=target, facts=facts))
    told.append(verdict(reading, config, book, target=target))
    told.append(verdict(reading, config, book))
    told.append(verdict(dataclasses.replace(reading, message=dataclasses.replace(reading.message, automatic=None)), config, book))
    assert told == [
        "discard: too-many-hops", "discard: own-mail", "discard: duplicate", "discard: bounce-of-unknown-mail", "discard: bounce-to-nothing", "hold: no-sender",
    ]  # fmt: skip
    assert len(told) == len(CHECKS)
