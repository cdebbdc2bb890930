"""What the road needs of the store: facts, one commit, numbers that never return, and writers that wait for each other."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from maild.config import Config
from maild.errors import StoreTrouble
from maild.mail.compose import Draft
from maild.mail.message import Attachment, Mailbox
from maild.mail.outgoing import Enclosed, Outgoing
from maild.problem.found import Field
from maild.problem.reading import Reading
from maild.store import counters
from maild.store.look import Look
from maild.store.outbox import Outbox, Settled
from maild.store.store import Store
from maild.store.transaction import Transaction
from maild.tickets.address import AddressBook, ToMailbox
from maild.tickets.arrival import Arrival
from maild.tickets.decision import Decision, Verdict
from maild.tickets.facts import Facts, Sent
from maild.tickets.ticket import Due, Event, Link, Ticket, TicketMessage

SQLITE = pytest.mark.parametrize("config", ["sqlite"], indirect=True)
NOW = datetime(2026, 3, 4, 12, 0, 0, 123456, tzinfo=UTC)
ANN = Mailbox(name="Ann Berg", address="Ann@Example.org")
WORDS = "canary \u00fcber \U0001f426 'quoted' \\ \"twice\" \u2028 %s {{7*7}} end"


@pytest.fixture
def arrival(read: Callable[..., Reading], book: AddressBook) -> Callable[..., Arrival]:
    """A mail that arrived: its entry, and what `read` takes."""

    def build(entry: str = "e1", text: str = "Hello\n", to: str = "support@example.com", **fields: str | None) -> Arrival:
        reading = read(text, to=to, **fields)
        return Arrival(entry=entry, reading=reading, targets=((to, book.target_of(to) or ToMailbox(mailbox=book.first)),))

    return build


def ticket(number: int, sealed: bool = False, **changes: object) -> Ticket:
    """A ticket with a value of every kind."""
    values: dict[str, object] = {
        "number": number,
        "service": "security" if sealed else "support",
        "stage": "qualification",
        "team": "functional",
        "requester": ANN,
        "participants": (Mailbox(name="", address="bob-canary@example.org"),),
        "mailbox": "support@example.com",
        "subject": WORDS,
        "arrived_at": NOW - timedelta(hours=1),
        "created_at": NOW,
        "assignee": None,
        "priority": 2,
        "blocking": True,
        "language": "de",
        "scope": "ask",
        "issues": 3,
        "fields": {
            "version": Field(value="17.0", source="text:1-5", confidence=0.9),
            "blocking": Field(value=False, source="block", confidence=1.0),
            "contract": Field(value=None, source="subject", confidence=0.7, ambiguous=True),
            "current": Field(value=WORDS, source="text:10-90", confidence=0.9),
        },
        "missing": ("database", "steps"),
        "tags": ("billing", "\u00fc"),
        "sealed": sealed,
        "case": "review",
        "papers": {"advisory": WORDS, "advisory by": "nina-canary@example.com", "consent asked at": "2026-03-04T12:00:00Z"},
        "asked_at": NOW - timedelta(minutes=5),
        "closed_at": NOW + timedelta(microseconds=1),
        "back_to": "qualification",
        "thread": ("first-canary@example.org", "last@example.org"),
        "due": (Due(kind="reminder", at=NOW + timedelta(days=5)), Due(kind="close", at=NOW + timedelta(days=7), waits=True)),
    }
    return Ticket(**{**values, **changes})


def message(entry: str, **changes: object) -> TicketMessage:
    """A message with a value of every kind."""
    file = Attachment(name="a\u00fc.png", type="image/png", size=3, sha256="0" * 64, inline=True, content_id="c@x", part=2)
    values: dict[str, object] = {
        "id": entry, "direction": "in", "visibility": "public", "at": NOW, "author": ANN, "subject": WORDS, "text": WORDS,
        "message_id": f"{entry}-canary@example.org", "attachments": (file, replace(file, name=None)), "defects": ("odd",),
    }  # fmt: skip
    return TicketMessage(**{**values, **changes})


def decision(ticket: Ticket | None, entry: str = "e1", **changes: object) -> Decision:
    """A decision that opened this ticket by a mail."""
    values: dict[str, object] = {
        "entry": entry,
        "target": "support@example.com",
        "digest": entry.encode().ljust(16, b"."),
        "verdict": Verdict(disposition="accept", reason="a person's mail"),
        "ticket": ticket,
        "opened": True,
        "message": message(entry) if ticket else None,
        "message_ids": (f"{entry}-canary@example.org", f"{entry}-before@example.org"),
        "events": (
            Event(
                kind="TicketOpened",
                at=NOW,
                actor="requester",
                reason="because",
                rule="r:1",
                data={"message": entry, "n": [1, None]},
            ),
        ),
        "links": (Link(kind="mentions", number=77),),
    }
    return Decision(**{**values, **changes})


def outgoing(key: str, number: int | None = 1, sealed: bool = False, **changes: object) -> Outgoing:
    """A mail of the desk with a value of every kind."""
    draft = Draft(
        date=NOW, from_=Mailbox(name="Desk", address="support@example.com"), to=[ANN], cc=[Mailbox(name="", address="c@example.org")],
        reply_to=Mailbox(name="Desk", address="support+1-c-aaaaaaaaaaaa@example.com"), subject=WORDS, message_id=f"{number}.{key}@mail.example.com",
        in_reply_to="e1@example.org", references=["a@x", "b@x"], more=[("X-Maild-Ticket", "1")], text=WORDS, html=f"<p>{WORDS}</p>",
    )  # fmt: skip
    values = {
        "key": key,
        "kind": "acknowledgement",
        "ticket": number,
        "reverse_path": "",
        "recipient": ANN.address,
        "draft": draft,
        "cause": "e1",
        "watched": number is not None,
        "enclosed": (Enclosed(entry="e1", part=2, name="a-canary \u00fc.png", type="image/png"),),
    }
    return Outgoing(**{**values, "sealed": sealed, **changes})


def facts_of(store: Store, arrivals: Sequence[Arrival], now: datetime = NOW) -> Facts:
    with store.preview() as tx:
        return tx.facts_about(arrivals, now)


def save(store: Store, decisions: Sequence[Decision], mails: Sequence[Outgoing] = (), now: datetime = NOW) -> None:
    with store.transaction() as tx:
        tx.save(decisions, mails, now)


@pytest.mark.parametrize("sealed", [False, True])
def test_round_trip(store: Store, sealed: bool) -> None:
    """A ticket with its message, events, links and mails is read as it was saved, sealed or not."""
    opened, mail = ticket(1, sealed), outgoing("0123456789abcdef", sealed=sealed)
    save(store, [decision(opened)], [mail])
    whole = Look(store).ticket(1)
    assert whole is not None
    assert whole.ticket == opened
    assert list(whole.messages) == [message("e1")]
    assert [(each.kind, each.at, each.actor, each.reason, each.rule, each.data) for each in whole.events] == [
        ("TicketOpened", NOW, "requester", "because", "r:1", {"message": "e1", "n": [1, None]})
    ]
    assert list(whole.links) == [Link(kind="mentions", number=77)]
    assert [(each.message.id, each.message.text, each.delivery) for each in whole.sent] == [("0123456789abcdef", WORDS, "queued")]
    (claimed,) = Outbox(store).exchange([], 10, NOW)
    assert claimed.mail == mail


def test_nothing_yet(store: Store) -> None:
    """What a ticket does not have yet is read as nothing, too."""
    plain = ticket(1, case=None, papers={}, asked_at=None, closed_at=None, back_to="process", thread=(), due=())
    save(store, [decision(plain)])
    whole = Look(store).ticket(1)
    assert whole is not None
    assert whole.ticket == plain


def test_an_answer_and_what_became_of_it(store: Store) -> None:
    """An agent's answer is one message, with the fate of the mail to the requester; copies and notifications are none."""
    agents = message("e2", direction="out")
    save(store, [decision(ticket(1)), decision(ticket(1), "e2", opened=False, message=agents)])
    with store.transaction() as tx:
        tx.put(
            [
                outgoing("a" * 16, kind="answer", cause="e2"),
                outgoing("b" * 16, kind="answer", cause="e2", recipient="bob@example.org"),
                outgoing("c" * 16, kind="notification", watched=False),
                outgoing("d" * 16, kind="reminder", cause="reminder of 1 at noon"),
            ],
            NOW,
        )
    box = Outbox(store)
    fates = {"a" * 16: "failed", "b" * 16: "sent", "c" * 16: "sent", "d" * 16: "sent"}
    box.exchange([], 10, NOW)
    box.exchange(
        [Settled(key=key, ticket=1, state=state, due_at=NOW, twice=False, reply="") for key, state in fates.items()], 0, NOW
    )
    whole = Look(store).ticket(1)
    assert whole is not None
    assert [(each.id, each.direction) for each in whole.messages] == [("e1", "in"), ("e2", "out")]
    assert dict(whole.answers) == {"e2": "failed"}
    assert [(each.message.id, each.delivery) for each in whole.sent] == [("d" * 16, "sent")]


def test_facts(store: Store, arrival: Callable[..., Arrival]) -> None:
    """What was saved is known to the next mail: by reference, by signed address, by digest, by bounce address, and as done."""
    save(store, [decision(ticket(1))], [outgoing("0123456789abcdef")])
    known = facts_of(
        store,
        [
            arrival("e1", In_Reply_To="<e1-canary@example.org>", References="<e1-before@example.org> <nobody@example.org>"),
            arrival("e2", Message_ID="<1.0123456789abcdef@mail.example.com>"),
        ],
    )
    assert known.next_number == 2
    assert known.placed == {
        "e1-canary@example.org": 1, "e1-before@example.org": 1, "1.0123456789abcdef@mail.example.com": 1,
    }  # fmt: skip
    assert known.tickets == {1: ticket(1)}
    assert known.done == {"e1"}
    assert known.seen == {}
    assert facts_of(store, [arrival(to="support+1-c-aaaaaaaaaaaa@example.com")]).tickets == {1: ticket(1)}
    assert facts_of(store, [arrival(to="support+2-c-aaaaaaaaaaaa@example.com")]).tickets == {}


def test_facts_of_a_bounce(store: Store, arrival: Callable[..., Arrival], book: AddressBook) -> None:
    """A bounce address leads to the ticket of the mail that it was made for."""
    save(store, [decision(ticket(1))], [outgoing("0123456789abcdef")])
    address = book.bounce_address("support@example.com", "0123456789abcdef")
    known = facts_of(store, [arrival(to=address)])
    assert known.outgoing == {
        "0123456789abcdef": Sent(ticket=1, kind="acknowledgement", created_at=NOW, to="Ann@Example.org", cause="e1")
    }
    assert known.tickets == {1: ticket(1)}


def test_the_same_bytes(store: Store, arrival: Callable[..., Arrival]) -> None:
    """A mail whose bytes were seen for a target is known with the entry that had them."""
    mail = arrival("e1")
    save(store, [decision(ticket(1), digest=mail.reading.digest)])
    again = facts_of(store, [arrival("e2"), arrival("e3", "other")])
    assert again.seen == {(mail.reading.digest, "support@example.com"): "e1"}


def test_numbers_are_never_used_again(store: Store, arrival: Callable[..., Arrival]) -> None:
    """The number of a ticket that is gone is not given out again."""
    save(store, [decision(ticket(1), "e1"), decision(ticket(2), "e2")])
    with store.database.writing() as connection:
        connection.execute(text("DELETE FROM ticket"))
    assert facts_of(store, [arrival("e3")]).next_number == 3


def test_a_second_save_is_not_needed(store: Store, arrival: Callable[..., Arrival]) -> None:
    """What is handed out twice is known as done, under every target; what was held is not, so that it can be tried again."""
    held = Verdict(disposition="hold", reason="no-sender")
    gone = Verdict(disposition="discard", reason="duplicate")
    save(
        store,
        [
            decision(ticket(1), "e1"),
            decision(ticket(2), "e1", target="ticket 2", message_ids=(), digest=b"1" * 16),
            decision(None, "e2", verdict=gone, opened=False, events=(), links=()),
            decision(None, "e3", verdict=held, opened=False, events=(), links=()),
        ],
    )
    assert facts_of(store, [arrival("e1"), arrival("e2"), arrival("e3"), arrival("e4")]).done == {"e1", "e2"}
    assert {(entry, value, why) for entry, value, why, _ in Look(store).put_aside(10)} == {
        ("e2", "discard", "duplicate"), ("e3", "hold", "no-sender"),
    }  # fmt: skip
    save(store, [decision(ticket(3), "e3")])
    assert facts_of(store, [arrival("e3")]).done == {"e3"}


def test_the_first_ticket_keeps_a_reference(store: Store, arrival: Callable[..., Arrival]) -> None:
    """A Message-ID that led to one ticket goes on leading there, whatever later mail claims."""
    save(store, [decision(ticket(1), "e1", message_ids=("x@example.org",))])
    save(store, [decision(ticket(2), "e2", message_ids=("x@example.org",))])
    assert facts_of(store, [arrival("e3", In_Reply_To="<x@example.org>")]).placed == {"x@example.org": 1}


def test_a_changed_ticket(store: Store) -> None:
    """A ticket that a later mail changed is read as it is now; a batch that changes it twice keeps the last."""
    save(store, [decision(ticket(1))])
    once = ticket(1, team="technical", stage="process", missing=())
    twice = replace(once, assignee="raj@example.com", priority=3, subject="new")
    save(store, [decision(once, "e2", opened=False), decision(twice, "e3", opened=False)])
    whole = Look(store).ticket(1)
    assert whole is not None
    assert whole.ticket == twice
    assert [each.id for each in whole.messages] == ["e1", "e2", "e3"]


def test_opened_and_changed_in_one_batch(store: Store, arrival: Callable[..., Arrival]) -> None:
    """A ticket that was opened and added to in the same batch is there once, as the last mail left it."""
    later = ticket(1, team="technical")
    save(store, [decision(ticket(1), "e1"), decision(later, "e2", opened=False)])
    whole = Look(store).ticket(1)
    assert whole is not None
    assert whole.ticket == later
    assert facts_of(store, [arrival("e3")]).next_number == 2


def test_budgets(store: Store, arrival: Callable[..., Arrival]) -> None:
    """Mails to an address count for an hour, fading with the last clock hour, by class, whatever the letters' case."""
    mails = [outgoing(f"{number:016x}") for number in range(8)]
    with store.transaction() as tx:
        tx.put([*mails, outgoing("f" * 16, kind="notification")], NOW.replace(minute=0))
    mail = arrival(From="ann@EXAMPLE.org")
    counts = [facts_of(store, [mail], NOW.replace(minute=0) + timedelta(minutes=each)).sent for each in (0, 59, 90, 120)]
    key = ("acknowledgement", "correspondent", "ann@example.org")
    for scope, whose in (("correspondent", "ann@example.org"), ("domain", "example.org"), ("desk", "")):
        assert [each.get(("acknowledgement", scope, whose), 0) for each in counts] == [8, 8, 4, 0]
        assert counts[0]["notification", scope, whose] == 1
    with store.transaction() as tx:
        tx.forget_budgets(NOW + timedelta(hours=1))
    assert facts_of(store, [mail]).sent[key] == 8
    with store.transaction() as tx:
        tx.forget_budgets(NOW + timedelta(hours=3))
    assert facts_of(store, [mail]).sent == {}


def test_budgets_of_a_forwarded_customer(store: Store, arrival: Callable[..., Arrival]) -> None:
    """Whose mail is passed on may get an acknowledgement, too: his budget is looked up."""
    with store.transaction() as tx:
        tx.put([outgoing(f"{number:016x}") for number in range(3)], NOW)
    text = "---------- Forwarded message ---------\nFrom: Ann <ann@example.org>\nSubject: x\n\nIt fails.\n"
    mail = arrival(text=text, From="emma@example.com", Subject="Fwd: x")
    assert facts_of(store, [mail]).sent["acknowledgement", "correspondent", "ann@example.org"] == 3


def test_putting_a_mail_twice(store: Store) -> None:
    """A mail with the same key is queued once, with its first words."""
    with store.transaction() as tx:
        tx.put([outgoing("a" * 16)], NOW)
        tx.put([outgoing("a" * 16, recipient="other@example.org")], NOW)
    (row,) = Outbox(store).listed(["queued"])
    assert row["to"] == ANN.address


def test_all_or_nothing(store: Store, arrival: Callable[..., Arrival]) -> None:
    """When anything fails within a transaction nothing of it is kept, and the next one works."""

    def die() -> None:
        with store.transaction() as tx:
            tx.save([decision(ticket(1))], [outgoing("a" * 16)], NOW)
            raise RuntimeError("the worker died here")

    with pytest.raises(RuntimeError):
        die()
    assert Look(store).tickets(None, None, closed=True, sealed=True) == []
    assert facts_of(store, [arrival("e1")]).next_number == 1
    assert Outbox(store).counts() == {}
    save(store, [decision(ticket(1))])
    assert len(Look(store).tickets(None, None, closed=True, sealed=True)) == 1


@SQLITE
def test_a_full_database(store: Store) -> None:
    """Where there is no room the whole transaction is trouble of the store and leaves nothing; with room it works again."""

    def limit(pages: int) -> None:
        with store.database.writing() as connection:
            connection.execute(text(f"PRAGMA max_page_count={pages}"))

    big = decision(ticket(1), message=message("e1", text="x" * 1_000_000))
    limit(60)
    with pytest.raises(StoreTrouble, match="full"):
        save(store, [big])
    assert Look(store).tickets(None, None, closed=True, sealed=True) == []
    limit(100_000)
    save(store, [big])


def test_a_preview_only_looks(store: Store, arrival: Callable[..., Arrival]) -> None:
    """In a preview facts can be had; it knows no saving, and what it looks through cannot be written."""
    with store.preview() as look:
        assert look.facts_about([arrival()], NOW).next_number == 1
        assert not isinstance(look, Transaction)
    with pytest.raises(StoreTrouble, match=r"read-?only"), store.database.reading() as connection:
        counters.put(connection, "ticket", 7)
    assert facts_of(store, [arrival()]).next_number == 1


def test_a_preview_waits_for_nobody(store: Store, open_store: Callable[[], Store], arrival: Callable[..., Arrival]) -> None:
    """While a worker is in its transaction, others can look, and see what was before."""
    save(store, [decision(ticket(1))])
    with store.transaction() as tx:
        tx.facts_about([arrival("e2")], NOW)
        tx.save([decision(ticket(2), "e2")], [], NOW)
        assert facts_of(open_store(), [arrival("e3")]).next_number == 2


def test_no_update_is_lost(store: Store, open_store: Callable[[], Store], arrival: Callable[..., Arrival]) -> None:
    """Writers at once, each with connections of its own, wait for each other before they look: every change counts."""
    save(store, [decision(ticket(1, priority=0))])
    mail = arrival(to="support+1-c-aaaaaaaaaaaa@example.com")
    errors: list[BaseException] = []

    def write(name: str) -> None:
        own = open_store()
        try:
            for number in range(15):
                with own.transaction() as tx:
                    facts = tx.facts_about([mail], NOW)
                    seen = facts.tickets[1]
                    new = ticket(facts.next_number)
                    tx.save(
                        [
                            decision(replace(seen, priority=seen.priority + 1), f"{name}{number}", opened=False),
                            decision(new, f"{name}{number}", target="other"),
                        ],
                        [],
                        NOW,
                    )
        except BaseException as error:  # told below
            errors.append(error)

    threads = [threading.Thread(target=write, args=(name,)) for name in "abcd"]
    for each in threads:
        each.start()
    for each in threads:
        each.join(60)
    assert errors == []
    whole = Look(store).ticket(1)
    assert whole is not None
    assert whole.ticket.priority == 60
    numbers = [each.number for each in Look(store).tickets(None, None, closed=True, sealed=True)]
    assert sorted(numbers) == list(range(1, 62))


@SQLITE
def test_sealed_words_are_nowhere(store: Store, config: Config) -> None:
    """Of a sealed case neither words nor addresses nor Message-IDs lie in the database in plaintext; of others they may."""
    save(store, [decision(ticket(1, sealed=True))], [outgoing("a" * 16, sealed=True)])
    found = b"".join(path.read_bytes() for path in store.database.path.parent.glob("maild.db*"))
    assert b"canary" not in found
    assert b"xample.org" not in found
    save(store, [decision(ticket(2), "e2")])
    assert b"canary" in b"".join(path.read_bytes() for path in store.database.path.parent.glob("maild.db*"))


def test_no_personal_data_outside_private_columns(store: Store) -> None:
    """Addresses, words and Message-IDs stand in `private` columns alone, so that erasing a person leaves the log whole."""
    save(store, [decision(ticket(1))], [outgoing("a" * 16)])
    with store.database.reading() as connection:
        for table in ("ticket", "message", "event", "reference", "link", "due", "seen", "outbox", "budget"):
            for row in connection.execute(text(f"SELECT * FROM {table}")).mappings():
                shown = str({name: value for name, value in row.items() if name not in ("private", "mailbox", "target")})
                assert "canary" not in shown, table
                assert "xample.org" not in shown, table


def test_listing(store: Store) -> None:
    """Tickets come in the order of the first mails; closed and sealed ones only when asked for."""
    save(
        store,
        [
            decision(ticket(1, arrived_at=NOW), "e1"),
            decision(ticket(2, arrived_at=NOW - timedelta(days=1), stage="process", team="bugfix"), "e2"),
            decision(ticket(3, sealed=True), "e3"),
            decision(ticket(4, stage="done"), "e4"),
        ],
    )
    look = Look(store)

    def numbers(stage: str | None = None, team: str | None = None, closed: bool = False, sealed: bool = False) -> list[int]:
        return [each.number for each in look.tickets(stage, team, closed, sealed)]

    assert numbers() == [2, 1]
    assert numbers(closed=True) == [2, 4, 1]
    assert numbers(sealed=True) == [2, 3, 1]
    assert numbers(stage="done") == [4]
    assert numbers(team="bugfix") == [2]
    assert numbers(stage="process", team="functional") == []
    assert look.counts() == {"qualification": 2, "process": 1, "done": 1}
    assert look.ticket(9) is None
