"""Signed addresses: given out to one correspondent, for one ticket, role and mailbox, and proven when they come back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.config import LOCAL_PART_LIMIT, LONGEST_EXTENSION, Config, Desk, DeskMailbox, Settings
from maild.tickets.address import PREVIEW, AddressBook, Role, ToBounce, ToMailbox, ToOperator, ToTicket

ANN, BOB = "ann@example.org", "bob@example.org"
OLD, NEW = b"o" * 32, b"n" * 32
KEY = "0123456789abcdef"
TOKENS = st.text("abcdefghijklmnopqrstuvwxyz234567", min_size=12, max_size=26)


def configured(*addresses: str, separator: str = "+", reply_domain: str = "") -> Config:
    """A desk with these mailboxes."""
    mailboxes = tuple(DeskMailbox(address=each, service="support") for each in addresses)
    desk = Desk(domain="example.com", separator=separator, reply_domain=reply_domain)
    return Config(file=Path("maild.toml"), settings=Settings(desk=desk, mailbox=mailboxes))


def ticket_of(book: AddressBook, address: str) -> ToTicket:
    """What a signed address of a ticket means."""
    target = book.target_of(address)
    assert isinstance(target, ToTicket)
    return target


@pytest.mark.parametrize("role", ["c", "a", "n"])
def test_given_out(book: AddressBook, role: Role) -> None:
    """An address that was given out names its mailbox, ticket and role, and proves to whom it was given."""
    target = ticket_of(book, book.ticket_address("support@example.com", 17, role, ANN))
    assert (target.mailbox.address, target.number, target.role) == ("support@example.com", 17, role)
    assert book.given_to(target, [BOB, ANN]) == ANN
    assert book.given_to(target, []) is None


@pytest.mark.parametrize("fold", [str.lower, str.upper, str.title])
def test_letter_case(book: AddressBook, fold: Callable[[str], str]) -> None:
    """A relay that changes letter case, and a correspondent written in other case, do not spoil the proof."""
    address = fold(book.ticket_address("support@example.com", 17, "c", "Ann@Example.ORG"))
    assert book.given_to(ticket_of(book, address), [fold(ANN)]) == fold(ANN)


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        ("support+17-c-", "support+18-c-"),
        ("support+17-c-", "support+17-a-"),
        ("support+17-c-", "support+17-n-"),
        ("support+", "upgrade+"),
    ],
    ids=["ticket", "to agent", "to note", "mailbox"],
)
def test_not_transferable(book: AddressBook, was: str, becomes: str) -> None:
    """The proof of one address proves nothing for another ticket, role or mailbox."""
    address = book.ticket_address("support@example.com", 17, "c", ANN)
    assert was in address
    assert book.given_to(ticket_of(book, address.replace(was, becomes)), [ANN]) is None


def test_other_correspondent(book: AddressBook) -> None:
    """An address that was given to one person is nobody else's."""
    target = ticket_of(book, book.ticket_address("support@example.com", 17, "c", ANN))
    assert book.given_to(target, [BOB, "ann@example.net", ""]) is None


@given(token=TOKENS)
def test_random_tokens(book: AddressBook, token: str) -> None:
    """A proof that was guessed never proves."""
    target = book.target_of(f"support+17-c-{token}@example.com")
    assert isinstance(target, ToTicket)
    assert book.given_to(target, [ANN, BOB]) is None
    assert book.target_of(f"support+bounce-{KEY}-{token}@example.com") is None


@given(extension=st.text(max_size=40))
def test_any_extension(book: AddressBook, extension: str) -> None:
    """Whatever stands behind the separator, the address is understood or refused, never an error, and never a proof."""
    target = book.target_of(f"support+{extension}@example.com")
    assert target is None or not isinstance(target, ToBounce | ToOperator)
    assert not isinstance(target, ToTicket) or book.given_to(target, [ANN]) is None


def test_rotation(two_mailboxes: Config) -> None:
    """After a new key was made, the old addresses still prove and the new ones are signed with the new key."""
    before, after = AddressBook(two_mailboxes, (OLD,)), AddressBook(two_mailboxes, (NEW, OLD))
    old = before.ticket_address("support@example.com", 17, "c", ANN)
    new = after.ticket_address("support@example.com", 17, "c", ANN)
    assert old != new
    assert after.given_to(ticket_of(after, old), [ANN]) == ANN
    assert after.given_to(ticket_of(after, new), [ANN]) == ANN
    assert before.given_to(ticket_of(before, new), [ANN]) is None
    assert isinstance(after.target_of(before.bounce_address("support@example.com", KEY)), ToBounce)


def test_no_separator() -> None:
    """Where the MTA knows no extensions, the bare mailbox is given out, and a tail is not the desk's."""
    book = AddressBook(configured("support@example.com", separator=""), (OLD,))
    assert book.ticket_address("support@example.com", 17, "c", ANN) == "support@example.com"
    assert book.bounce_address("support@example.com", KEY) == "support@example.com"
    assert book.target_of("support+17-c-aaaaaaaaaaaa@example.com") is None


@given(
    local=st.text("abcxyz019.-+_", min_size=1, max_size=LOCAL_PART_LIMIT - 1 - LONGEST_EXTENSION),
    number=st.integers(1, 10**12 - 1),
    role=st.sampled_from(["c", "a", "n"]),
    separator=st.sampled_from("+-=_."),
    key=st.text("0123456789abcdef", min_size=16, max_size=16),
)
def test_room_before_the_at(local: str, number: int, role: Role, separator: str, key: str) -> None:
    """Every address that any allowed mailbox can give out has at most 64 octets before the @, and comes back as it went."""
    mailbox = f"{local}@example.com"
    book = AddressBook(configured(mailbox, separator=separator), (OLD,))
    signed, bounce = book.ticket_address(mailbox, number, role, ANN), book.bounce_address(mailbox, key)
    assert max(len(each.rpartition("@")[0].encode()) for each in (signed, bounce)) <= LOCAL_PART_LIMIT
    assert book.given_to(ticket_of(book, signed), [ANN]) == ANN
    found = book.target_of(bounce)
    assert isinstance(found, ToBounce)
    assert found.key == key


def test_reply_domain() -> None:
    """Signed addresses are of the reply domain, and are the desk's there and at home."""
    book = AddressBook(configured("support@example.com", reply_domain="reply.example.com"), (OLD,))
    address = book.ticket_address("support@example.com", 17, "c", ANN)
    assert address.endswith("@reply.example.com")
    for each in (address, address.replace("@reply.", "@")):
        assert book.given_to(ticket_of(book, each), [ANN]) == ANN


def test_preview(two_mailboxes: Config) -> None:
    """A preview gives out no proof: its addresses read so, and prove nothing."""
    book, real = AddressBook(two_mailboxes, (OLD,), preview=True), AddressBook(two_mailboxes, (OLD,))
    assert book.ticket_address("support@example.com", 17, "c", ANN) == f"support+17-c-{PREVIEW}@example.com"
    assert isinstance(real.target_of(f"support+17-c-{PREVIEW}@example.com"), ToMailbox)
    assert real.target_of(book.bounce_address("support@example.com", KEY)) is None


def test_bounce_address(book: AddressBook) -> None:
    """A bounce address comes back with its key, letter case aside; with another key or mailbox it is no address of the desk."""
    address = book.bounce_address("support@example.com", KEY)
    for each in (address, address.upper()):
        found = book.target_of(each)
        assert isinstance(found, ToBounce)
        assert (found.key, found.mailbox.address) == (KEY, "support@example.com")
    assert book.target_of(address.replace(KEY, KEY[::-1])) is None
    assert book.target_of(address.replace("support+", "upgrade+")) is None
    assert book.target_of("support+bounce-@example.com") is None


def test_proofs_do_not_mix(book: AddressBook) -> None:
    """The proof of a bounce address does not prove an address of a ticket, nor the other way round."""
    bounce = book.bounce_address("support@example.com", KEY).rpartition("@")[0].rpartition("-")[2]
    assert book.given_to(ticket_of(book, f"support+17-c-{bounce}@example.com"), [ANN]) is None
    ticket = book.ticket_address("support@example.com", 17, "c", ANN).rpartition("@")[0].rpartition("-")[2]
    assert book.target_of(f"support+bounce-{KEY}-{ticket}@example.com") is None


@pytest.mark.parametrize("address", ["postmaster@example.com", "abuse@example.com", "PostMaster@Example.COM"])
def test_operators(book: AddressBook, address: str) -> None:
    """postmaster@ and abuse@ of the desk's domain are the operator's."""
    assert book.target_of(address) == ToOperator(mailbox=book.first)


@pytest.mark.parametrize(
    "address",
    ["postmaster@example.org", "sales@example.com", "support@example.org", "support", "", "@example.com", "supportx@example.com"],
)
def test_not_the_desks(book: AddressBook, address: str) -> None:
    """What is not configured is not an address of the desk."""
    assert book.target_of(address) is None


@pytest.mark.parametrize(
    "address", ["support@example.com", "SUPPORT@EXAMPLE.COM", "support+tag@example.com", "support+17-x-aaaaaaaaaaaa@example.com"]
)
def test_bare_mailbox(book: AddressBook, address: str) -> None:
    """A mailbox, also with an extension that says nothing, is the mailbox without any proof."""
    target = book.target_of(address)
    assert isinstance(target, ToMailbox)
    assert target.mailbox.address == "support@example.com"


def test_longest_mailbox() -> None:
    """A mailbox with the separator in its own name has its own addresses."""
    book = AddressBook(configured("support@example.com", "support+eu@example.com"), (OLD,))
    target = book.target_of("support+eu@example.com")
    assert target is not None
    assert target.mailbox.address == "support+eu@example.com"
    found = ticket_of(book, book.ticket_address("support+eu@example.com", 17, "c", ANN))
    assert found.mailbox.address == "support+eu@example.com"
    assert book.given_to(found, [ANN]) == ANN


@pytest.fixture(scope="session")
def two_mailboxes(book: AddressBook) -> Config:
    """A desk that other keys are tried with."""
    return configured(book.first.address, "upgrade@example.com")
