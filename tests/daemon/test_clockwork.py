"""Time passes: each timer at its own time and once, older mail first, and whatever fails alone stands in nobody's way."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import structlog
from sqlalchemy import select, update

from maild.clock import from_stamp, to_stamp
from maild.clockwork import LAG, Clockwork
from maild.config import ImapFolder, load_config
from maild.desk import Desk, build_desk
from maild.errors import StoreTrouble
from maild.intake.conversation import ticket_key
from maild.intake.maildrop import leave
from maild.keys.ring import open_keyring
from maild.mail.compose import Draft
from maild.mail.envelope import Envelope
from maild.mail.message import Mailbox
from maild.mail.outgoing import Outgoing
from maild.pipeline import PORTION
from maild.store.look import Look, Whole
from maild.store.outbox import Outbox, Settled
from maild.store.spool import NewEntry, SpoolReader, begin_attempt, insert, move, open_writer
from maild.store.tables import DUE, TICKETS
from maild.store.timers import PUT_OFF_MOST
from maild.talk import Batch, Done
from maild.tickets.decision import Decision, Verdict
from maild.tickets.ticket import Due, Ticket
from maild.tickets.turns.clocks import AFTER_REMINDER
from maild.worker import serve

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
ADVISORY = "Title: A hole\nSeverity: high\nAffected: 17.0\nImpact: all of it\nRemedy: update"
ACCEPTED = Verdict(disposition="accept", reason="a person's mail")


class Office:
    """A desk whose clock stands, its spool, and what the clockwork logs."""

    def __init__(self, desk: Desk, clock: Any) -> None:
        self.desk, self.clock = desk, clock
        self.state: Path = desk.policy.config.state
        self.lines = structlog.testing.LogCapture()
        self.spool = SpoolReader(self.state)
        self._spool = open_writer(self.state / "spool.db")

    def close(self) -> None:
        self.spool.close()
        self._spool.close()
        self.desk.store.close()

    @property
    def clockwork(self) -> Clockwork:
        """As a worker builds it for each order, and `tick` for itself."""
        log = structlog.wrap_logger(structlog.testing.ReturnLogger(), processors=[self.lines])
        return Clockwork(self.desk, self.spool, log)

    def folder_seen(self, at: datetime | None) -> None:
        """The desk fetches by IMAP, too, and saw the folder empty then."""
        config = self.desk.policy.config
        intake = replace(config.settings.intake, imap=(ImapFolder(host="imap.example.com", user="support"),))
        config = replace(config, settings=replace(config.settings, intake=intake))
        self.desk = replace(self.desk, policy=replace(self.desk.policy, config=config))
        if at is not None:
            self.desk.store.note_intake(at)

    def ticket(self, number: int, *due: Due, **changes: object) -> None:
        """A new ticket that waits for its customer, with these timers."""
        values: dict[str, object] = {
            "number": number, "service": "support", "stage": "feedback", "team": "functional", "requester": Mailbox(name="", address=f"c{number}@example.org"),
            "mailbox": "support@example.com", "subject": "s", "arrived_at": NOON - 30 * DAY, "created_at": NOON - 30 * DAY, "fields": {},
            "asked_at": NOON - 20 * DAY, "due": due,
        }  # fmt: skip
        made = Ticket(**{**values, **changes})
        with self.desk.store.transaction() as tx:
            entry = f"opened {number}"
            tx.save(
                [Decision(entry=entry, target="t", digest=entry.encode(), verdict=ACCEPTED, ticket=made, opened=True)], [], NOON
            )

    def advisory(self, number: int, at: datetime) -> None:
        """A security ticket whose embargo ends then: no silence of anybody's is part of it."""
        papers = {"id": f"EXAMPLE-SA-2026-{number:04d}", "advisory": ADVISORY}
        due = Due(kind="embargo", at=at)
        self.ticket(
            number, due, service="security", stage="process", team="security", case="broadcast", papers=papers, sealed=True
        )

    def mail(self, arrived_at: datetime, state: str, *conversation: str) -> None:
        """A mail in the spool, in this state."""
        envelope = Envelope(reverse_path="a@b.c", forward_paths=("support@example.com",), arrived_at=arrived_at, intake="smtp")
        new = NewEntry(id=secrets.token_hex(16), envelope=envelope, size=1, sealed=False, conversation=conversation, body=b"x")
        insert(self._spool, new)
        if state in ("active", "deferred"):
            begin_attempt(self._spool, new.id)
        if state != "incoming":
            move(self._spool, [new.id], state, "because")  # type: ignore[arg-type]

    def drop(self, left_at: datetime, what: str = "mail") -> None:
        """A mail, or an order, that lies in the maildrop since then."""
        name = leave(self.state / "maildrop", {"what": what})
        (path,) = (self.state / "maildrop").glob(f"{name}.*")
        os.utime(path, (left_at.timestamp(), left_at.timestamp()))

    def fate(self, ticket: int, number: int, at: datetime, kind: str = "answer", state: str = "sent") -> None:
        """A watched mail of ours met its fate."""
        key = f"{number:016x}"
        draft = Draft(
            date=NOON, from_=Mailbox(name="", address="support@example.com"), to=[Mailbox(name="", address="a@b.c")],
            subject="s", message_id=f"{key}@mail.example.com", text="t",
        )  # fmt: skip
        mail = Outgoing(
            key=key, kind=kind, ticket=ticket, reverse_path="", recipient=f"c{ticket}@example.org", draft=draft, watched=True
        )
        with self.desk.store.transaction() as tx:
            tx.put([mail], at)
        box = Outbox(self.desk.store)
        box.exchange([], 1000, self.clock.now())
        box.exchange([Settled(key=key, ticket=ticket, state=state, due_at=at, twice=False, reply="550 no", watched=True)], 0, at)

    def whole(self, number: int) -> Whole:
        found = Look(self.desk.store).ticket(number)
        assert found is not None
        return found

    def due(self, number: int) -> dict[str, datetime]:
        """The timers of a ticket."""
        return {each.kind: each.at for each in self.whole(number).ticket.due}

    def sent(self) -> list[tuple[str, int]]:
        """Class and ticket of all mails, in the order in which they were queued."""
        return [(row["class"], row["ticket"]) for row in Outbox(self.desk.store).listed(("queued",), most=10_000)]


@pytest.fixture
def office(write_desk: Callable[..., Path], clock: Any) -> Iterator[Office]:
    """A desk with nothing in it, whose intake is at work."""
    config = load_config(write_desk(), {})
    desk = replace(build_desk(config, open_keyring(config.state / "keys")), clock=clock)
    desk.store.migrate()
    desk.store.note_intake(NOON)
    made = Office(desk, clock)
    yield made
    made.close()


def reminder(days: float) -> Due:
    return Due(kind="reminder", at=NOON + days * DAY)


def close(days: float, waits: bool = False) -> Due:
    return Due(kind="close", at=NOON + days * DAY, waits=waits)


# --- budgets ------------------------------------------------------------------------------------------------------


def test_what_time_sends_is_put_off_and_not_lost(office: Office) -> None:
    """Of three reminders to one person two go out now; the third comes an hour later, and nobody is closed without it."""
    ann = Mailbox(name="", address="ann@example.org")
    for number in (1, 2, 3):
        office.ticket(number, reminder(-1), close(+1), requester=ann)
    budgets = replace(office.desk.policy.budgets, per_correspondent_and_hour={"reminder": 2})
    office.desk = replace(office.desk, policy=replace(office.desk.policy, budgets=budgets))
    list(office.clockwork.run(NOON))
    assert office.sent() == [("reminder", 1), ("reminder", 2)]
    assert office.due(3) == {"reminder": NOON - DAY, "close": NOON + DAY}
    assert office.whole(3).events[-1].reason == "reminder: over a budget"
    office.clock.forward(59 * MINUTE)
    list(office.clockwork.run(office.clock.now()))
    assert len(office.sent()) == 2
    office.clock.forward(2 * HOUR)
    list(office.clockwork.run(office.clock.now()))
    assert office.sent() == [("reminder", 1), ("reminder", 2), ("reminder", 3)]


# --- in order, each at its time -----------------------------------------------------------------------------------


def test_each_at_its_own_time(office: Office) -> None:
    """Handled late, in the order of their times, each with its own time as now; what is not due yet stays."""
    office.ticket(1, reminder(-3), close(-1))
    office.ticket(2, close(-2))
    office.ticket(3, reminder(-4), close(+9))
    told = list(office.clockwork.run(NOON))
    assert [(each["at"], each["ticket"], each["what"], each["stage"], each["sent"]) for each in told] == [
        ("2026-02-28T12:00:00Z", 3, "TimeCame reminder", "feedback", ["reminder"]),
        ("2026-03-01T12:00:00Z", 1, "TimeCame reminder", "feedback", ["reminder"]),
        ("2026-03-02T12:00:00Z", 2, "TimeCame close", "done", ["closing"]),
    ]
    assert office.sent() == [("reminder", 3), ("reminder", 1), ("closing", 2)]
    assert office.whole(2).ticket.closed_at == NOON - 2 * DAY
    assert office.due(1) == {"close": NOON - 3 * DAY + AFTER_REMINDER}
    assert office.whole(1).ticket.due[0].waits, "nobody is closed before the reminder was accepted"
    assert list(office.clockwork.run(NOON)) == []


def test_the_reminders_fate_gives_leave_to_close(office: Office) -> None:
    """Closing comes 48 hours after the next hop took the reminder, or at its own time if that is later."""
    office.ticket(1, close(-1, waits=True))
    office.ticket(2, close(+9, waits=True))
    for number in (1, 2):
        office.fate(number, number, NOON - HOUR, kind="reminder")
    told = list(office.clockwork.run(NOON))
    assert [(each["ticket"], each["what"]) for each in told] == [(1, "MailAccepted reminder"), (2, "MailAccepted reminder")]
    assert (office.due(1), office.due(2)) == ({"close": NOON - HOUR + AFTER_REMINDER}, {"close": NOON + 9 * DAY})
    assert not any(each.waits for number in (1, 2) for each in office.whole(number).ticket.due)
    assert [each["what"] for each in office.clockwork.run(NOON + 2 * DAY)] == ["TimeCame close"]


def test_an_answers_fate_starts_the_clocks(office: Office) -> None:
    """Five and seven days from when the next hop took it, and not from when it was written."""
    office.ticket(1)
    office.fate(1, 1, NOON - HOUR)
    assert [each["at"] for each in office.clockwork.run(NOON)] == ["2026-03-04T11:00:00Z"]
    assert office.due(1) == {"reminder": NOON - HOUR + 5 * DAY, "close": NOON - HOUR + 7 * DAY}


def test_portions(office: Office) -> None:
    """One look handles one portion and says whether there may be more; nothing is handled twice."""
    for number in range(1, 2 * PORTION + 21):
        office.ticket(number, reminder(-1), close(+1))
    looks = 0
    while office.clockwork.pass_time():
        looks += 1
        assert len(office.sent()) == min(looks * PORTION, 2 * PORTION + 20)
    assert looks == 3
    assert sorted(number for _, number in office.sent()) == list(range(1, 2 * PORTION + 21))


def test_one_that_was_stopped_just_before_does_not_fire(office: Office) -> None:
    """What happens first in a portion may stop what comes later in it: a bounce of the answer stops the clocks."""
    office.ticket(1, reminder(-1), close(+1), team="functional")
    office.fate(1, 1, NOON, state="failed")
    told = list(office.clockwork.run(NOON))
    assert [each["what"] for each in told] == ["MailLost answer: 550 no"]
    assert office.due(1) == {}
    assert office.sent() == [("notification", 1)]


def test_upcoming_changes_nothing(office: Office) -> None:
    """A look ahead tells what is due, and what must wait, and leaves all as it is."""
    office.ticket(1, reminder(-1), close(+1))
    office.ticket(2)
    office.advisory(3, NOON - HOUR)
    office.fate(2, 1, NOON - HOUR)
    office.mail(NOON - 2 * DAY, "incoming")
    before = [office.whole(number) for number in (1, 2, 3)]
    told = [(each["ticket"], each["what"], each["waits"]) for each in office.clockwork.upcoming(NOON)]
    assert told == [
        (2, "answer sent", False),
        (1, "reminder, waits for older mail", True),
        (3, "embargo", False),
    ]
    assert [office.whole(number) for number in (1, 2, 3)] == before
    assert len(office.sent()) == 0


# --- older mail first ---------------------------------------------------------------------------------------------

DUE_AT = NOON - HOUR
OLDER, YOUNGER = DUE_AT - MINUTE, DUE_AT + MINUTE


@pytest.mark.parametrize(
    ("around", "waits"),
    [
        pytest.param(lambda _: None, False, id="nothing"),
        pytest.param(lambda each: each.mail(OLDER, "incoming"), True, id="older mail, incoming"),
        pytest.param(lambda each: each.mail(OLDER, "active"), True, id="older mail, with a worker"),
        pytest.param(lambda each: each.mail(OLDER, "deferred"), True, id="older mail, deferred"),
        pytest.param(lambda each: each.mail(DUE_AT, "incoming"), True, id="mail of the same moment"),
        pytest.param(lambda each: each.mail(YOUNGER, "incoming"), False, id="younger mail"),
        pytest.param(lambda each: each.mail(OLDER, "done"), False, id="mail that is done"),
        pytest.param(lambda each: each.mail(OLDER, "hold", "x", ticket_key(1)), True, id="held mail to the ticket"),
        pytest.param(lambda each: each.mail(YOUNGER, "hold", ticket_key(1)), True, id="younger held mail to the ticket"),
        pytest.param(lambda each: each.mail(OLDER, "hold", ticket_key(2)), False, id="held mail to another ticket"),
        pytest.param(lambda each: each.drop(OLDER), True, id="older mail in the maildrop"),
        pytest.param(lambda each: each.drop(YOUNGER), False, id="younger mail in the maildrop"),
        pytest.param(lambda each: each.drop(OLDER, "look"), False, id="an older order of the command line"),
        pytest.param(lambda each: each.folder_seen(DUE_AT - MINUTE), True, id="folder not seen since"),
        pytest.param(lambda each: each.folder_seen(DUE_AT), False, id="folder seen empty at that time"),
    ],
)
def test_what_silence_waits_for(around: Callable[[Office], None], waits: bool, office: Office) -> None:
    """Reminder and closing wait where an older answer of the customer may lie somewhere; nothing else ever waits for mail."""
    office.ticket(1, Due(kind="reminder", at=DUE_AT), close(+9))
    office.ticket(5, Due(kind="close", at=DUE_AT))
    office.advisory(3, DUE_AT)
    office.ticket(4)
    office.fate(4, 1, DUE_AT)
    around(office)
    fired = {(each["ticket"], each["what"]) for each in office.clockwork.run(NOON)}
    own = {(1, "TimeCame reminder")}
    closing = {(5, "TimeCame close")}
    always = {(3, "TimeCame embargo"), (4, "MailAccepted answer")}
    held_alone = waits and bool(office.spool.held_conversations())
    assert fired == always | (set() if waits else own) | (closing if not waits or held_alone else set())
    if waits:
        assert office.due(1)["reminder"] == DUE_AT


def test_a_folder_that_was_never_seen(office: Office) -> None:
    """Nobody knows what lies in it: its desk's clocks wait. A desk without folders waits for none."""
    with office.desk.store.database.writing() as connection:
        connection.exec_driver_sql("DELETE FROM counter WHERE name = 'intake'")
    office.ticket(1, reminder(-1), close(+1))
    alone = office.desk
    office.folder_seen(None)
    assert list(office.clockwork.run(NOON)) == []
    office.desk = alone
    assert [each["ticket"] for each in office.clockwork.run(NOON)] == [1]


@pytest.mark.parametrize(("ago", "fires"), [(LAG, True), (LAG + timedelta(microseconds=1), False)])
def test_a_time_to_come(office: Office, ago: timedelta, fires: bool) -> None:
    """Nobody can have seen a folder then: for `tick --as-of` it is enough that it was seen lately."""
    office.ticket(1, reminder(+1), close(+3))
    office.folder_seen(NOON - ago)
    assert bool(list(office.clockwork.run(NOON + 1.5 * DAY))) is fires


# --- what fails ---------------------------------------------------------------------------------------------------


def plant(office: Office, ticket: int, kind: str, at: datetime) -> None:
    """A timer that nobody knows what to do with."""
    with office.desk.store.database.writing() as connection:
        connection.execute(DUE.insert(), [{"ticket": ticket, "kind": kind, "at": to_stamp(at), "waits": False, "held_until": 0}])


def held_until(office: Office) -> dict[tuple[int, str], datetime]:
    """The timers that were put off."""
    with office.desk.store.database.reading() as connection:
        rows = connection.execute(select(DUE).where(DUE.c.held_until > 0)).all()
    return {(row.ticket, row.kind): from_stamp(row.held_until) for row in rows}


@pytest.mark.parametrize("until", [NOON, NOON + 100 * DAY], ids=["now", "as of a hundred days"])
def test_one_that_fails_does_not_stop_the_others(office: Office, until: datetime) -> None:
    """It is put off and told, once; those before and behind it fire, even where they are of the same ticket."""
    office.ticket(1, reminder(-3), close(+200))
    office.ticket(2, reminder(-1), close(+200))
    plant(office, 1, "nonsense", NOON - 2 * DAY)
    plant(office, 99, "reminder", NOON - 2 * DAY)  # of a ticket that does not exist
    told = list(office.clockwork.run(until))
    assert [(each["ticket"], each["what"]) for each in told] == [(1, "TimeCame reminder"), (2, "TimeCame reminder")]
    assert held_until(office) == {(1, "nonsense"): NOON + PUT_OFF_MOST, (99, "reminder"): NOON + PUT_OFF_MOST}
    put_off = [each for each in office.lines.entries if each["event"] == "it failed alone and was put off"]
    assert [(each["ticket"], each["what"]) for each in put_off] == [(1, "nonsense"), (99, "reminder")]
    assert all(each["reason"].startswith("KeyError at ") for each in put_off)  # where it stands, not what it was about
    assert all(each["log_level"] == "error" for each in put_off)


def test_it_is_tried_again(office: Office) -> None:
    """Ever less often, up to once an hour, by a worker that looks every few seconds; its look ends with nothing more to do."""
    office.ticket(1)
    plant(office, 1, "nonsense", NOON)
    tried = []
    for seconds in range(0, 4 * 3600, 8):
        if office.clockwork.pass_time():
            tried.append(seconds)
            assert not office.clockwork.pass_time()
        office.clock.forward(timedelta(seconds=8))
    assert tried == [0, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 4096 + 3600, 4096 + 2 * 3600]
    assert len(office.lines.entries) == 3 * len(tried)


def test_a_fate_that_fails_is_put_off(office: Office) -> None:
    """A fate of a ticket that does not exist must not stand in the way, and none is forgotten; the others are taken up, and timers fire."""
    office.ticket(1)
    office.ticket(2, reminder(-1), close(+1))
    office.fate(77, 1, NOON - 2 * HOUR)
    office.fate(1, 2, NOON - HOUR)
    told = list(office.clockwork.run(NOON))
    assert [(each["ticket"], each["what"]) for each in told] == [(1, "MailAccepted answer"), (2, "TimeCame reminder")]
    (line,) = [each for each in office.lines.entries if each["event"] == "it failed alone and was put off"]
    assert (line["ticket"], line["what"]) == (77, "answer")
    assert line["reason"].startswith("KeyError at ")
    assert not office.clockwork.pass_time()
    office.ticket(77)
    office.clock.forward(PUT_OFF_MOST)
    assert office.clockwork.pass_time()
    assert set(office.due(77)) == {"reminder", "close"}


class Bad:
    """A shelf at which everything that is handled comes to this end."""

    def __init__(self, end: BaseException) -> None:
        self.end = end

    def put(self, publications: object) -> None:
        raise self.end


def test_what_kills_its_worker_is_put_off(office: Office) -> None:
    """Told to go one by one, a worker dies at the first, and the next goes on behind it; after a while the first has its turn again."""
    for number in (1, 2, 3):
        office.ticket(number, Due(kind="reminder", at=NOON - number * MINUTE), close(+1))
    whole, office.desk = office.desk, replace(office.desk, shelf=Bad(SystemExit()))
    with pytest.raises(SystemExit):
        office.clockwork.pass_time(alone=True)
    office.desk = whole
    assert [(each["ticket"], each["what"]) for each in office.lines.entries] == [(3, "reminder")], "the log names it"
    assert [office.clockwork.pass_time(alone=True) for _ in range(3)] == [True, True, False]
    assert office.sent() == [("reminder", 2), ("reminder", 1)]
    office.clock.forward(3 * MINUTE)
    assert office.clockwork.pass_time(alone=True)
    assert office.sent()[2:] == [("reminder", 3)]


def test_trouble_of_the_store_is_nobodys_fault(office: Office) -> None:
    """What was tried alone when the store gave out has its turn as soon as the store is back."""
    office.ticket(1, reminder(-3), close(+1))
    office.fate(1, 1, NOON - DAY, kind="reminder")
    whole, office.desk = office.desk, replace(office.desk, shelf=Bad(StoreTrouble("locked")))
    for _ in range(3):
        with pytest.raises(StoreTrouble):
            office.clockwork.pass_time(alone=True)
    office.desk = whole
    assert held_until(office) == {}
    assert [office.clockwork.pass_time(alone=True) for _ in range(3)] == [True, True, False]
    assert office.sent() == [("reminder", 1)]


@pytest.mark.parametrize("alone", [False, True])
def test_a_ticket_that_cannot_be_read(office: Office, alone: bool) -> None:
    """Its timer is put off before anybody looks at it; the others fire."""
    office.ticket(1, reminder(-3), close(+1))
    office.ticket(2, reminder(-1), close(+1))
    with office.desk.store.database.writing() as connection:
        connection.execute(update(TICKETS).where(TICKETS.c.number == 1).values(private=b"\xff damaged"))
    assert [office.clockwork.pass_time(alone) for _ in range(3)] == [True, True, False]
    assert office.sent() == [("reminder", 2)]
    assert held_until(office) == {(1, "reminder"): NOON + PUT_OFF_MOST}
    (line,) = [each for each in office.lines.entries if each["event"] == "it failed alone and was put off"]
    assert (line["ticket"], line["what"]) == (1, "reminder")


# --- as a worker is told ------------------------------------------------------------------------------------------


def test_time_alone(office: Office) -> None:
    """An order without mails lets time pass; the answer says whether another look is worth it."""
    office.ticket(1, reminder(-1), close(+1))
    assert serve(Batch(time=True), office.desk, office.spool) == Done(more=True)
    assert office.sent() == [("reminder", 1)]
    assert serve(Batch(time=True), office.desk, office.spool) == Done()


def test_time_beside_mails(office: Office, mail: Callable[..., bytes]) -> None:
    """Mails first, then time, in one order: what the customer writes stops the clock that would have fired. Unasked, no time passes."""
    office.ticket(1, reminder(-1), close(+1), requester=Mailbox(name="", address="ann@example.org"))
    to = office.desk.book.ticket_address("support@example.com", 1, "c", "ann@example.org")
    raw = mail("It still fails.\n")
    envelope = Envelope(reverse_path="ann@example.org", forward_paths=(to,), arrived_at=NOON, intake="smtp")
    with closing(open_writer(office.state / "spool.db")) as spool:
        insert(spool, NewEntry(id="a" * 32, envelope=envelope, size=len(raw), sealed=False, conversation=(), body=raw))
    answer = serve(Batch(items=(("a" * 32, ""),), time=True), office.desk, office.spool)
    assert answer == Done()
    assert (office.whole(1).ticket.stage, office.due(1)) == ("process", {})
    assert office.sent() == [("notification", 1)]
    office.ticket(2, reminder(-1), close(+1))
    assert serve(Batch(), office.desk, office.spool) == Done()
    assert office.sent() == [("notification", 1)]


def test_a_waiting_mail_is_not_overtaken_by_time(office: Office) -> None:
    """Time that passes before the worker has the older mail leaves the clocks of silence alone."""
    office.ticket(1, reminder(-1), close(+1))
    office.mail(NOON - 2 * DAY, "incoming")
    assert serve(Batch(time=True), office.desk, office.spool) == Done()
    assert office.sent() == []
