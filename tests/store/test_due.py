"""What is due, as rows: timers in their order, fates that are news, and clocks that go on later after an outage of the intake."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, select, text

from maild.clock import to_stamp
from maild.mail.message import Mailbox
from maild.store.look import Look
from maild.store.outbox import Outbox, Settled
from maild.store.registry import Registry
from maild.store.store import LEAST_OUTAGE, Store
from maild.store.tables import DUE, EVENTS
from maild.store.timers import LOOKED_AT, PUT_OFF_LEAST, PUT_OFF_MOST, again_at, news
from maild.tickets.contracts.contract import Contract
from maild.tickets.decision import Decision, Verdict
from maild.tickets.facts import Facts
from maild.tickets.happening import MailSettled, MayHappen, TimeCame
from maild.tickets.ticket import Due, Ticket

NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)
Keep = Callable[..., Ticket]
Send = Callable[..., str]


def due(kind: str, days: float, waits: bool = False) -> Due:
    """A timer so many days from now."""
    return Due(kind=kind, at=NOW + days * DAY, waits=waits)


def look(
    store: Store, until: datetime = NOW, most: int = 100, may_happen: MayHappen = lambda _: True
) -> tuple[list[MailSettled], list[TimeCame], Facts]:
    """What is due."""
    with store.preview() as tx:
        return tx.what_is_due(until, most, may_happen, NOW)


def come(store: Store, until: datetime, most: int = 100, may_happen: MayHappen = lambda _: True) -> list[tuple[int, str]]:
    """The timers that have come: ticket and kind."""
    return [(each.ticket, each.kind) for each in look(store, until, most, may_happen)[1]]


def rows(store: Store) -> dict[tuple[int, str], tuple[int, bool, int]]:
    """The table of timers: (ticket, kind) -> (at, waits, held_until)."""
    with store.database.reading() as connection:
        return {(row.ticket, row.kind): (row.at, row.waits, row.held_until) for row in connection.execute(select(DUE))}


def put_off(store: Store, number: int, kind: str, days: float, now: datetime = NOW) -> None:
    with store.transaction() as tx:
        come = TimeCame(ticket=number, kind=kind, at=NOW + days * DAY)
        tx.put_off(come, again_at(come, now))


# --- timers -------------------------------------------------------------------------------------------------------


def test_timers_come_in_the_order_of_their_times(store: Store, keep: Keep) -> None:
    """By time, then by ticket, whatever their kinds and the order of their tickets; not before their time; as many as asked."""
    keep(1, due=(due("close", 3), due("reminder", 1)))
    keep(2, due=(due("embargo", 2), due("close", 1)))
    assert come(store, NOW + DAY - timedelta(microseconds=1)) == []
    assert come(store, NOW + DAY) == [(1, "reminder"), (2, "close")]
    assert come(store, NOW + 9 * DAY) == [(1, "reminder"), (2, "close"), (2, "embargo"), (1, "close")]
    assert come(store, NOW + 9 * DAY, most=3) == [(1, "reminder"), (2, "close"), (2, "embargo")]
    (first, *_) = look(store, NOW + 9 * DAY)[1]
    assert first == TimeCame(ticket=1, kind="reminder", at=NOW + DAY)


def test_one_that_waits_for_leave_does_not_come(store: Store, keep: Keep) -> None:
    """A closing whose reminder was not accepted yet has its time, and stays."""
    keep(1, due=(due("close", 1, waits=True),))
    assert come(store, NOW + 9 * DAY) == []
    keep(1, due=(due("close", 1),))
    assert come(store, NOW + 9 * DAY) == [(1, "close")]


def test_those_that_may_not_fire_are_passed_over(store: Store, keep: Keep) -> None:
    """What must wait takes no place of what may go, not even where there are more of it than one look goes through."""
    keep(1, due=(due("embargo", 2), due("reminder", 1)))
    keep(2, due=(due("reminder", 3),))
    assert come(store, NOW + 9 * DAY, 2, lambda each: each.ticket == 2 or each.kind == "embargo") == [
        (1, "embargo"),
        (2, "reminder"),
    ]
    with store.database.writing() as connection:
        early = {"kind": "close", "at": to_stamp(NOW), "waits": False, "held_until": 0}
        connection.execute(DUE.insert(), [{"ticket": 100 + number, **early} for number in range(LOOKED_AT)])
    assert come(store, NOW + 9 * DAY, 5, lambda each: each.kind == "embargo") == [(1, "embargo")]


@pytest.mark.parametrize(
    ("late", "later"),
    [
        (timedelta(0), PUT_OFF_LEAST),
        (timedelta(minutes=7), timedelta(minutes=7)),
        (DAY, PUT_OFF_MOST),
        (-DAY, DAY + PUT_OFF_LEAST),
    ],
    ids=["at once", "late", "a day late", "before its time"],
)
def test_one_that_was_put_off(store: Store, keep: Keep, late: timedelta, later: timedelta) -> None:
    """It comes after as long again as it is late, counted from its own time if that is later; others of its ticket do not wait."""
    keep(1, due=(due("reminder", 1), due("close", 1)))
    now = NOW + DAY + late
    put_off(store, 1, "reminder", 1, now)
    assert come(store, NOW + DAY) == [(1, "close")]
    assert come(store, now + later - timedelta(microseconds=1)) == [(1, "close")]
    assert sorted(come(store, now + later)) == [(1, "close"), (1, "reminder")]


def test_timers_are_written_only_where_they_changed(store: Store, keep: Keep) -> None:
    """A mail that leaves a ticket's timers as they are leaves the rows, too: what was put off stays put off."""
    keep(1, due=(due("reminder", 1), due("close", 2)))
    put_off(store, 1, "reminder", 1)
    before = rows(store)
    with store.transaction() as tx:
        (_, _, facts) = tx.what_is_due(NOW + 9 * DAY, 10, lambda _: True, NOW)
        same = Decision(entry="e", target="t", verdict=Verdict(disposition="accept", reason="r"), ticket=facts.tickets[1])
        tx.save([same], [], NOW)
    assert rows(store) == before
    keep(1, due=(due("reminder", 4),))
    assert rows(store) == {(1, "reminder"): (to_stamp(NOW + 4 * DAY), False, 0)}
    keep(1, due=())
    assert rows(store) == {}


# --- fates --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("watched", [True, False])
@pytest.mark.parametrize(
    ("state", "is_final"),
    [("queued", False), ("sending", False), ("deferred", False), ("sent", True), ("failed", True), ("uncertain", True)],
)
def test_news_are_the_final_fates_of_watched_mails(
    store: Store, keep: Keep, send: Send, state: str, is_final: bool, watched: bool
) -> None:
    """Only what somebody waits for, and only once it is known for good."""
    keep(1)
    send(1, state, watched=watched)
    fates, _, _ = look(store)
    assert [each.state for each in fates] == ([state] if is_final and watched else [])


def test_a_fate_says_all_that_deciding_needs(store: Store, keep: Keep, send: Send) -> None:
    """Which mail of which ticket, when it was written and when the next hop spoke, and what it said; the ticket comes with it."""
    keep(1, due=(due("close", 2),))
    key = send(1, "failed", at=NOW + DAY, kind="reminder", reply="550 no")
    fates, _, facts = look(store, NOW + DAY)
    assert fates == [
        MailSettled(ticket=1, key=key, kind="reminder", state="failed", created_at=NOW, at=NOW + DAY, reply="550 no")
    ]
    assert fates[0].to == "ann@example.org"
    assert facts.tickets[1].due == (due("close", 2),)
    assert facts.next_number == 2


def test_news_come_in_the_order_of_the_fates_and_before_timers(store: Store, keep: Keep, send: Send) -> None:
    """Oldest first, as many as asked, timers with what room is left; what was taken up is no news any more."""
    keep(1, due=(due("reminder", -1),))
    later, first = send(1, "sent", at=NOW + 2 * DAY), send(1, "sent", at=NOW + DAY)
    fates, timers, _ = look(store, NOW + 2 * DAY, most=2)
    assert ([each.key for each in fates], timers) == ([first, later], [])
    with store.transaction() as tx:
        tx.forget_fates(fates[:1])
    fates, timers, _ = look(store, NOW + 2 * DAY, most=2)
    assert ([each.key for each in fates], [each.kind for each in timers]) == ([later], ["reminder"])


def test_news_that_were_put_off(store: Store, keep: Keep, send: Send) -> None:
    """A fate that failed is late by as much as a timer would be, and lets the others go before."""
    keep(1)
    first, second = send(1, "sent", at=NOW - 2 * DAY), send(1, "sent", at=NOW - DAY)
    ((fate, _), _, _) = look(store)
    with store.transaction() as tx:
        tx.put_off(fate, later := again_at(fate, NOW))
    assert later == NOW + PUT_OFF_MOST
    assert [each.key for each in look(store, later - timedelta(microseconds=1))[0]] == [second]
    assert [each.key for each in look(store, later)[0]] == [first, second]
    assert [each.key for each in look(store, later, 1, lambda each: each != fate)[0]] == [second]


def test_mails_without_a_ticket_are_no_news(store: Store, send: Send) -> None:
    """A note to the operator belongs to nobody who could be told."""
    send(None, "failed", kind="operator")
    assert look(store)[0] == []


def test_a_retry_takes_the_news_back(store: Store, keep: Keep, send: Send) -> None:
    """A failed mail that is sent again before its ticket knew has no fate yet; that it failed stands in the log, once."""
    keep(1)
    key = send(1, "failed", reply="550 no")
    assert [kind for _, kind, _, _ in events(store)] == []
    for _ in range(2):
        Outbox(store).retry([key], NOW)
    assert look(store)[0] == []
    assert events(store) == [(1, "MailFailed", "550 no", to_stamp(NOW))]


def test_what_the_operator_drops_has_failed_then(store: Store, keep: Keep, send: Send) -> None:
    """Dropping is a fate, at the time when it was done."""
    keep(1)
    key = send(1, "queued")
    Outbox(store).drop([key], NOW + DAY)
    ((fate,), _, _) = look(store, NOW + DAY)
    assert (fate.state, fate.at, fate.reply) == ("failed", NOW + DAY, "dropped by the operator")


def test_a_bounce_takes_the_news_back(store: Store, keep: Keep, send: Send) -> None:
    """A report that overtakes the news of a mail is told by the report alone, and not once more as a fate."""
    keep(1)
    key = send(1, "sent")
    keep(1, {"bounced": (key,)})
    assert look(store)[0] == []
    assert Outbox(store).counts() == {"failed": 1}


def test_a_bounce_that_overtakes_its_mail(store: Store, keep: Keep, send: Send) -> None:
    """A report that is worked on before the sender has written down that the mail was taken: it has failed, and stays so."""
    keep(1)
    key = send(1, "queued")
    box = Outbox(store)
    (claimed,) = box.exchange([], 10, NOW)
    keep(1, {"bounced": (key,)})
    taken = Settled(key=key, ticket=1, state="sent", due_at=NOW, twice=False, reply="250 ok", watched=claimed.mail.watched)
    box.exchange([taken], 0, NOW)
    assert (look(store)[0], box.counts()) == ([], {"failed": 1})


def test_bounces_of_several_mails(store: Store, keep: Keep, send: Send) -> None:
    """Two reports in one batch: both mails have failed."""
    keep(1)
    first, second = send(1, "sent"), send(1, "sent")
    keep(1, {"bounced": (first, second)})
    assert Outbox(store).counts() == {"failed": 2}


def test_a_bounce_of_a_mail_that_is_sent_again(store: Store, keep: Keep, send: Send) -> None:
    """What an operator has put back into the queue is not taken out by the report about the first try."""
    keep(1)
    key = send(1, "failed")
    Outbox(store).retry([key], NOW)
    keep(1, {"bounced": (key,)})
    assert Outbox(store).counts() == {"queued": 1}


# --- what they need -----------------------------------------------------------------------------------------------


def contract(reference: str, *addresses: str) -> Contract:
    return Contract(
        reference=reference, customer=reference, addresses=addresses, hosting="platform", edition="enterprise", status="active"
    )


def test_only_a_broadcast_looks_at_all_contracts(store: Store, keep: Keep) -> None:
    """A timer gets the contract of its ticket's requester; one whose mails go to everybody gets them all."""
    Registry(store).refresh([contract("M1", "ann@example.org"), contract("M2", "bob@example.org"), contract("M3")], NOW)
    keep(1, due=(due("reminder", 1),))
    keep(2, requester=Mailbox(name="", address="eve@example.org"), due=(due("broadcast", 2),))
    assert set(look(store, NOW + DAY)[2].contracts) == {"M1"}
    assert set(look(store, NOW + 2 * DAY)[2].contracts) == {"M1", "M2", "M3"}


def test_numbers_of_advisories_go_up(store: Store, keep: Keep) -> None:
    """Each that is given out is counted, in the same commit; the first is 1."""
    assert look(store)[2].next_advisory == 1
    keep(1, {"numbered": 1})
    keep(1, {"numbered": 2})
    assert look(store)[2].next_advisory == 4


# --- the intake was out -------------------------------------------------------------------------------------------


def events(store: Store) -> list[tuple[int, str, str, datetime]]:
    with store.database.reading() as connection:
        found = connection.execute(select(EVENTS).order_by(EVENTS.c.ticket)).all()
    return [(row.ticket, row.kind, row.reason, row.at) for row in found]


def test_the_first_start_knows_of_no_outage(store: Store, keep: Keep) -> None:
    """A desk that never saw its intake has missed nothing."""
    keep(1, due=(due("reminder", 1),))
    assert store.intake_seen_until() is None
    assert store.note_intake(NOW) is None
    assert store.intake_seen_until() == NOW
    assert rows(store)[1, "reminder"][0] == to_stamp(NOW + DAY)


@pytest.mark.parametrize(
    "gap", [timedelta(0), timedelta(minutes=1), LEAST_OUTAGE - timedelta(microseconds=1), timedelta(hours=-1)]
)
def test_a_short_gap_is_no_outage(store: Store, keep: Keep, gap: timedelta) -> None:
    """Below five minutes, and where the clock was set back, nothing is put off; the intake counts as seen now."""
    keep(1, due=(due("reminder", 1),))
    store.note_intake(NOW)
    assert store.note_intake(NOW + gap) is None
    assert store.intake_seen_until() == NOW + gap
    assert rows(store)[1, "reminder"][0] == to_stamp(NOW + DAY)
    assert events(store) == []


def test_an_outage_is_added_to_the_clocks_of_silence(store: Store, keep: Keep) -> None:
    """What was due after it began comes later by as much, and each ticket's log says so; what was due before, and all else, stays."""
    keep(1, due=(due("reminder", 1), due("close", 3, waits=True)))
    keep(2, due=(due("reminder", -1), due("close", 1)))
    keep(3, due=(due("embargo", 1),))
    keep(4, due=(due("reminder", -2), due("close", 0)))
    store.note_intake(NOW)
    assert store.note_intake(NOW + 2 * DAY) == 2 * DAY
    assert {key: (row[0] - to_stamp(NOW)) / (DAY / timedelta(microseconds=1)) for key, row in rows(store).items()} == {
        (1, "reminder"): 3, (1, "close"): 5, (2, "reminder"): -1, (2, "close"): 3, (3, "embargo"): 1, (4, "reminder"): -2, (4, "close"): 0,
    }  # fmt: skip
    assert rows(store)[1, "close"][1], "it still waits for leave"
    why = "the intake was out for 2880 minutes"
    assert events(store) == [(number, "ClocksPostponed", why, to_stamp(NOW + 2 * DAY)) for number in (1, 2)]
    assert store.note_intake(NOW + 2 * DAY) is None


def test_the_least_outage_counts(store: Store, keep: Keep) -> None:
    """Five minutes are an outage."""
    keep(1, due=(due("reminder", 1),))
    store.note_intake(NOW)
    assert store.note_intake(NOW + LEAST_OUTAGE) == LEAST_OUTAGE
    assert rows(store)[1, "reminder"][0] == to_stamp(NOW + DAY + LEAST_OUTAGE)


def test_what_is_looked_at_has_its_timers(store: Store, keep: Keep) -> None:
    """The command line sees a ticket's timers in the order of their times, in the list as well as alone."""
    keep(1, due=(due("close", 3), due("reminder", 1)))
    keep(2)
    whole = Look(store).ticket(1)
    assert whole is not None
    assert [each.kind for each in whole.ticket.due] == ["reminder", "close"]
    listed = Look(store).tickets(None, None, closed=True, sealed=True)
    assert {each.number: [one.kind for one in each.due] for each in listed} == {1: ["reminder", "close"], 2: []}


def test_news_have_an_index_of_their_own(store: Store) -> None:
    """Looking for news, every few seconds, does not go through all mails that were ever sent."""
    explained = "EXPLAIN QUERY PLAN " if store.database.is_sqlite else "EXPLAIN "
    plans: list[str] = []

    def explain(connection: Any, cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if "FROM outbox" in statement and "news" in statement and not statement.startswith("EXPLAIN"):
            plans.append(str(connection.exec_driver_sql(explained + statement, parameters).all()))

    with store.database.reading() as connection:
        if not store.database.is_sqlite:
            connection.execute(text("SET LOCAL enable_seqscan = off"))
        event.listen(connection, "before_cursor_execute", explain)
        news(connection, NOW, 50, lambda _: True)
    assert len(plans) == 1
    assert "ix_outbox_news" in plans[0]
