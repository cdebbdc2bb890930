"""What is gathered about a batch besides its tickets: the conversation so far, the contracts that matter, and whom a mail went to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from maild.mail.compose import Draft
from maild.mail.message import Attachment, Mailbox
from maild.mail.outgoing import Outgoing
from maild.problem.found import Field
from maild.problem.reading import Reading
from maild.problem.table import FieldTable
from maild.store.gather import MAX_HISTORY
from maild.store.registry import Registry
from maild.store.store import Store
from maild.tickets.address import AddressBook
from maild.tickets.arrival import Arrival, targets_of
from maild.tickets.commands.orders import needs_of
from maild.tickets.commands.verbs import VERBS
from maild.tickets.contracts.contract import Contract
from maild.tickets.facts import Facts, Sent
from maild.tickets.ticket import Due, Ticket, TicketMessage, Unconfirmed

NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
ANN = Mailbox(name="Ann", address="ann@example.org")
FILE = Attachment(name="a.png", type="image/png", size=1, sha256="0", inline=False, content_id=None, part=1)
Keep = Callable[..., Ticket]
About = Callable[..., Facts]


@pytest.fixture
def about(store: Store, read: Callable[..., Reading], book: AddressBook, table: FieldTable) -> About:
    """What is known about one mail: `about("text", to="support+1-c-…@example.com")`."""

    def gather(text: str = "Hello\n", to: str = "support@example.com", **fields: str | None) -> Facts:
        arrival = Arrival(entry="new", reading=read(text, to=to, **fields), targets=targets_of([to], book))
        with store.preview() as tx:
            return tx.facts_about([arrival], NOW, lambda words: needs_of(words, VERBS, table))

    return gather


def wrote(number: int, minute: int) -> dict[str, object]:
    """A decision's message, so many minutes past noon."""
    text = f"message {minute}"
    return {
        "message": TicketMessage(
            id=f"{number}.{minute}", direction="in", visibility="internal" if minute % 2 else "public", at=NOW + timedelta(minutes=minute),
            author=ANN, subject="s", text=text, message_id=f"{number}.{minute}@example.org",
        )
    }  # fmt: skip


def test_the_last_dozen_messages(about: About, keep: Keep) -> None:
    """Of each ticket the latest twelve, the oldest first, notes among them, whatever the order in which they were saved."""
    order = [*range(0, 20, 2), *range(1, 20, 2)]
    for minute in order:
        keep(1, wrote(1, minute))
    keep(2, wrote(2, 5))
    to_first = about(to="support+1-c-aaaaaaaaaaaa@example.com").history
    assert [each.text for each in to_first[1]] == [f"message {minute}" for minute in range(20 - MAX_HISTORY, 20)]
    assert [each.is_public for each in to_first[1]][:2] == [True, False]
    assert set(to_first) == {1}, "nobody asked for the other"
    both = about(to="support+1-c-aaaaaaaaaaaa@example.com", In_Reply_To="<x@y>", References="<2@z>").history
    assert set(both) == {1}


def test_sealed_conversations_stay_closed(about: About, keep: Keep) -> None:
    """What was written on a sealed ticket is not opened for a decision that must not show it."""
    keep(1, wrote(1, 1), sealed=True, service="security")
    facts = about(to="security+1-c-aaaaaaaaaaaa@example.com")
    assert facts.tickets[1].sealed
    assert facts.history == {}


def test_timers_come_with_the_ticket(about: About, keep: Keep) -> None:
    """A mail that joins a ticket finds the clocks that it stops."""
    clocks = (Due(kind="reminder", at=NOW + timedelta(days=5)), Due(kind="close", at=NOW + timedelta(days=7), waits=True))
    keep(1, due=clocks)
    assert about(to="support+1-c-aaaaaaaaaaaa@example.com").tickets[1].due == clocks


@pytest.mark.parametrize(("to", "recipient"), [("ann@example.org", "Ann@Example.org"), ("", "bob@example.org")])
def test_whom_a_bounced_mail_went_to(about: About, keep: Keep, store: Store, book: AddressBook, to: str, recipient: str) -> None:
    """A report names the mail, and that tells whether the requester himself did not get it; letter case aside."""
    keep(1)
    key = "0123456789abcdef"
    draft = Draft(
        date=NOW, from_=Mailbox(name="", address="support@example.com"), to=[Mailbox(name="", address=recipient)],
        subject="s", message_id=f"1.{key}@mail.example.com", text="t",
    )  # fmt: skip
    with store.transaction() as tx:
        tx.put([Outgoing(key=key, kind="answer", ticket=1, reverse_path="", recipient=recipient, draft=draft)], NOW)
    expected = {key: Sent(ticket=1, kind="answer", created_at=NOW, to=to)}
    assert about(to=book.bounce_address("support@example.com", key)).outgoing == expected
    assert about(In_Reply_To=f"<1.{key}@mail.example.com>").outgoing == expected, "and a reply names it as well"
    assert about(In_Reply_To="<1.fedcba9876543210@mail.example.com>").outgoing == {}


# --- contracts ----------------------------------------------------------------------------------------------------


def contract(reference: str, *addresses: str, domains: tuple[str, ...] = ()) -> Contract:
    return Contract(
        reference=reference, customer="x", addresses=addresses, domains=domains, hosting="platform", edition="enterprise", status="active"
    )  # fmt: skip


@pytest.fixture
def registry(store: Store) -> None:
    """Contracts of which each test finds some."""
    all_of_them = [
        contract("ANN", "ann@example.org"),
        contract("BERG", domains=("berg.example",)),
        contract("CARL", "carl@dahl.example"),
        contract("M123456789012345"),
        contract("SUB-2024-0001"),
    ]
    Registry(store).refresh(all_of_them, NOW)


@pytest.mark.usefixtures("registry")
def test_contracts_of_the_sender(about: About) -> None:
    """By the address in From, whole or by its domain; a stranger has none."""
    assert set(about().contracts) == {"ANN"}
    assert set(about(From="Bob <Bob@BERG.example>").contracts) == {"BERG"}
    assert set(about(From="eve@other.example").contracts) == set()


@pytest.mark.usefixtures("registry")
def test_contracts_of_the_requester(about: About, keep: Keep) -> None:
    """An agent who writes to a ticket needs the contract of its requester, and the one that the ticket names."""
    keep(
        1,
        requester=Mailbox(name="", address="carl@dahl.example"),
        fields={"contract": Field(value="M123456789012345", source="text:1-2", confidence=0.9)},
    )
    facts = about(to="support+1-a-aaaaaaaaaaaa@example.com", From="Emma <emma@example.com>")
    assert set(facts.contracts) == {"CARL", "M123456789012345"}


@pytest.mark.usefixtures("registry")
def test_contracts_that_are_named(about: About) -> None:
    """In the mail's own words; one that nobody knows is none."""
    assert set(about("Contract: M123456789012345\n", From="eve@other.example").contracts) == {"M123456789012345"}
    assert set(about("As I said\n> #contract SUB-2024-0001\n", From="emma@example.com", Subject="Re: x").contracts) == set()


@pytest.mark.usefixtures("registry")
@pytest.mark.parametrize(
    "text",
    [
        "#contract SUB-2024-0001\n#contract SUB-2024-0002\n",
        "  #contract sub-2024-0001",
        "#take\n#field contract = SUB-2024-0001\n",
        "#field Contract number=SUB-2024-0001",
        "#field Vertragsnummer=sub-2024-0001",
    ],
)
def test_contracts_that_commands_name(about: About, keep: Keep, text: str) -> None:
    """However the field is called."""
    keep(1)
    to = "support+1-a-aaaaaaaaaaaa@example.com"
    assert set(about(text, to=to, From="eve@other.example").contracts) == {"ANN", "SUB-2024-0001"}


def test_what_was_merged(about: About, keep: Keep) -> None:
    """Who asks for one that was merged gets where it went, too, however far; and that one has the words of all."""
    for number in (1, 2, 3):
        keep(number, wrote(number, number))
    keep(3, {"absorbs": 2})
    keep(2, merged_into=3, stage="done")
    keep(1, {"absorbs": 3})
    keep(3, merged_into=1, stage="done", arrived_at=NOW - timedelta(days=1))
    known = about(to="support+2-c-aaaaaaaaaaaa@example.com")
    assert sorted(known.tickets) == [1, 2, 3]
    assert known.current(2) == known.tickets[1]
    assert known.tickets[3].arrived_at == NOW - timedelta(days=1)
    assert [each.id for each in known.history[1]] == ["1.1", "2.2", "3.3"]
    assert [each.id for each in known.history[2]] == ["2.2"]


@pytest.mark.parametrize("text", ["#merge 2\n", "#take\n #LINK #2\n", "\u00a0#link\u00a02\n"])
def test_what_a_command_names(about: About, keep: Keep, text: str) -> None:
    """The ticket that a command names is looked up with the others, if it came to an address for commands."""
    keep(1)
    keep(2)
    assert sorted(about(text, to="support+1-a-aaaaaaaaaaaa@example.com").tickets) == [1, 2]
    assert sorted(about(text, to="support+1-c-aaaaaaaaaaaa@example.com").tickets) == [1]
    assert sorted(about(text).tickets) == []


def test_what_waits_for_a_confirmation(about: About, keep: Keep, store: Store) -> None:
    """Of what is confirmed by a yes the tickets and contracts are looked up that its own words name."""
    contract = Contract(reference="SUB-2024-0009", customer="b", addresses=(), hosting="online", edition="e", status="active")
    Registry(store).refresh([contract], NOW)
    waiting = Unconfirmed(entry="e", at=NOW, text="#merge 2\n#contract sub-2024-0009\n", attachments=(FILE,))
    keep(1, unconfirmed=(waiting,))
    keep(2)
    known = about("Yes\n", to="support+1-a-aaaaaaaaaaaa@example.com")
    assert sorted(known.tickets) == [1, 2]
    assert known.tickets[1].unconfirmed == (waiting,)
    assert list(known.contracts) == ["SUB-2024-0009"]


def test_the_mail_that_opened_it(about: About, keep: Keep) -> None:
    """It is looked up where a command may ask for its issues, however long ago it came."""
    for minute in range(20):
        keep(1, wrote(1, minute), opening="1.3")
    asked = about("#split 2\n", to="support+1-a-aaaaaaaaaaaa@example.com")
    assert asked.openings[1].id == "1.3"
    assert about("Hello\n", to="support+1-a-aaaaaaaaaaaa@example.com").openings == {}


def test_a_ticket_that_was_merged_into_nothing(about: About, keep: Keep) -> None:
    """Where the other is gone, the look ends all the same."""
    keep(1, merged_into=77)
    assert sorted(about(to="support+1-a-aaaaaaaaaaaa@example.com").tickets) == [1]
