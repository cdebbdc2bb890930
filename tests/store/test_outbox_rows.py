"""The outbox table: a mail is claimed by one sender, its fate is written once, and nothing is forgotten."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from maild.mail.compose import Draft
from maild.mail.message import Mailbox
from maild.mail.outgoing import Outgoing
from maild.store.look import Look
from maild.store.outbox import Claimed, Outbox, Settled
from maild.store.store import Store
from maild.store.tables import EVENTS

NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)


@pytest.fixture
def box(store: Store) -> Outbox:
    """The outbox, empty."""
    return Outbox(store)


@pytest.fixture
def put(store: Store) -> Callable[..., str]:
    """Queues a mail with this number; returns its key."""

    def put(number: int, at: datetime = NOW, ticket: int | None = None, sealed: bool = False) -> str:
        key = f"{number:016x}"
        draft = Draft(
            date=NOW, from_=Mailbox(name="", address="support@example.com"), to=[Mailbox(name="", address=f"a{number}@example.org")],
            subject=f"s{number}", message_id=f"{key}@mail.example.com", text="t",
        )  # fmt: skip
        mail = Outgoing(
            key=key, kind="answer", ticket=ticket, reverse_path="", recipient=f"a{number}@example.org", draft=draft, sealed=sealed
        )
        with store.transaction() as tx:
            tx.put([mail], at)
        return key

    return put


def fate(each: Claimed, state: str, due_at: datetime = NOW, twice: bool = False, reply: str = "250 ok") -> Settled:
    return Settled(key=each.mail.key, ticket=each.mail.ticket, state=state, due_at=due_at, twice=twice, reply=reply)


def states(box: Outbox) -> dict[str, str]:
    """The state of each mail by the end of its key."""
    return {row["key"][-2:]: row["state"] for row in box.listed(["queued", "sending", "sent", "deferred", "failed", "uncertain"])}


def test_a_claim(box: Outbox, put: Callable[..., str]) -> None:
    """Mails are claimed in the order in which they are due, as many as asked, and once."""
    put(2, NOW + timedelta(seconds=1))
    put(1)
    put(3, NOW + timedelta(hours=1))
    later = NOW + timedelta(minutes=1)
    first = box.exchange([], 1, later)
    assert [(each.mail.key[-1], each.attempts, each.twice, each.created_at) for each in first] == [("1", 1, False, NOW)]
    assert [each.mail.key[-1] for each in box.exchange([], 10, later)] == ["2"]
    assert box.exchange([], 10, later) == []
    assert states(box) == {"01": "sending", "02": "sending", "03": "queued"}
    assert box.next_due() == NOW + timedelta(hours=1)


def test_fates(box: Outbox, put: Callable[..., str]) -> None:
    """Fates and new claims are one exchange; a deferred mail comes again at its time, with its attempts counted."""
    for number in range(4):
        put(number)
    claimed = box.exchange([], 3, NOW)
    again = NOW + timedelta(minutes=5)
    settled = [
        fate(claimed[0], "sent"),
        fate(claimed[1], "deferred", again, reply="450 later"),
        fate(claimed[2], "failed", reply="550 no"),
    ]
    assert [each.mail.key[-1] for each in box.exchange(settled, 10, NOW)] == ["3"]
    assert states(box) == {"00": "sent", "01": "deferred", "02": "failed", "03": "sending"}
    assert box.next_due() == again
    (back,) = box.exchange([], 10, again)
    assert (back.mail.key[-1], back.attempts) == ("1", 2)
    assert box.counts() == {"sent": 1, "failed": 1, "sending": 2}


def test_a_fate_is_written_once(box: Outbox, put: Callable[..., str]) -> None:
    """A mail that is not being sent takes no fate: what an operator did meanwhile stands."""
    put(1)
    (claimed,) = box.exchange([], 1, NOW)
    box.exchange([fate(claimed, "sent")], 0, NOW)
    box.exchange([fate(claimed, "failed")], 0, NOW)
    assert states(box) == {"01": "sent"}


def test_failures_stand_in_the_log(box: Outbox, put: Callable[..., str], store: Store) -> None:
    """A failed or uncertain mail leaves an event on its ticket; one that was sent leaves none, nor does one that the ticket watches."""
    for number in range(5):
        put(number, ticket=7)
    claimed = box.exchange([], 5, NOW)
    box.exchange(
        [
            fate(claimed[0], "sent"),
            fate(claimed[1], "failed", reply="550 no"),
            fate(claimed[2], "uncertain", reply="silence"),
            replace(fate(claimed[3], "failed"), watched=True),
            replace(fate(claimed[4], "uncertain"), watched=True),
        ],
        0,
        NOW,
    )
    with store.database.reading() as connection:
        rows = connection.execute(select(EVENTS.c.ticket, EVENTS.c.kind, EVENTS.c.reason)).all()
    assert sorted(map(tuple, rows)) == [(7, "MailFailed", "550 no"), (7, "MailUncertain", "silence")]


def test_after_a_crash(box: Outbox, put: Callable[..., str]) -> None:
    """What was being sent is queued again and marked as a possible duplicate; nothing else is touched; again changes nothing."""
    for number in range(3):
        put(number)
    claimed = box.exchange([], 2, NOW)
    box.exchange([fate(claimed[0], "sent")], 0, NOW)
    assert box.recover(NOW) == 1
    assert box.recover(NOW) == 0
    assert states(box) == {"00": "sent", "01": "queued", "02": "queued"}
    assert [(each.mail.key[-1], each.twice, each.attempts) for each in box.exchange([], 9, NOW)] == [
        ("1", True, 2),
        ("2", False, 1),
    ]


def test_an_operators_hand(box: Outbox, put: Callable[..., str]) -> None:
    """`retry` makes due what was not sent, with its attempts forgotten; `drop` gives up what waits; what was sent stays."""
    keys = [put(number) for number in range(5)]
    claimed = box.exchange([], 4, NOW)
    wanted = ("sent", "deferred", "failed", "uncertain")
    box.exchange([fate(each, state, NOW + timedelta(days=1)) for each, state in zip(claimed, wanted, strict=True)], 0, NOW)
    assert box.drop(keys, NOW) == 3
    assert states(box) == {"00": "sent", "01": "failed", "02": "failed", "03": "failed", "04": "failed"}
    assert box.retry(keys, NOW) == 4
    assert [(each.mail.key[-1], each.attempts) for each in box.exchange([], 9, NOW)] == [
        (str(number), 1) for number in (1, 2, 3, 4)
    ]
    assert box.retry(keys, NOW) == 0


def test_a_retried_uncertain_mail_may_be_a_second_one(box: Outbox, put: Callable[..., str]) -> None:
    """A mail that may have arrived is marked when it is sent again."""
    key = put(1)
    (claimed,) = box.exchange([], 1, NOW)
    box.exchange([fate(claimed, "uncertain")], 0, NOW)
    box.retry([key], NOW)
    assert box.exchange([], 1, NOW)[0].twice


def test_look_ups(box: Outbox, put: Callable[..., str]) -> None:
    """A mail is found by the start of its key; of a sealed one the listing shows no subject."""
    put(0xA1)
    put(0xA2, sealed=True)
    found = box.find(f"{0xA1:016x}"[:16])
    assert [(row["subject"], row["to"], row["mail"].draft.text) for row in found] == [
        ("sa161"[:1] + "161", "a161@example.org", "t")
    ]
    assert [row["subject"] for row in box.listed(["queued"])] == ["s161", "(sealed)"]
    assert len(box.find("0000")) == 2
    assert box.find("b") == []


def test_two_senders_never_claim_the_same(box: Outbox, put: Callable[..., str], open_store: Callable[[], Store]) -> None:
    """However many claim at once, each mail goes to one."""
    for number in range(60):
        put(number)
    claimed: list[str] = []
    errors: list[BaseException] = []

    def claim() -> None:
        own = Outbox(open_store())
        try:
            while portion := own.exchange([], 3, NOW):
                claimed.extend(each.mail.key for each in portion)
        except BaseException as error:  # told below
            errors.append(error)

    threads = [threading.Thread(target=claim) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(60)
    assert errors == []
    assert sorted(claimed) == [f"{number:016x}" for number in range(60)]
    assert set(states(box).values()) == {"sending"}


def test_nothing_to_do_takes_no_lock(box: Outbox, put: Callable[..., str], store: Store, open_store: Callable[[], Store]) -> None:
    """Looking for due mail while a worker is in its transaction does not wait for it."""
    put(1, NOW + timedelta(hours=1))
    with store.transaction():
        assert Outbox(open_store()).exchange([], 10, NOW) == []
    assert Look(store).counts() == {}
