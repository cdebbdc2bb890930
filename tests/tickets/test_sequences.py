"""Any sequence of what can happen to a ticket: what holds after every step, and that its log alone tells its public state."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from maild.tickets.lifecycle import PUBLIC, SILENCE, WAITING, replay

if TYPE_CHECKING:
    from conftest import Talk

ANN, BOB, EVE, EMMA, RAJ = "ann@example.org", "bob@example.org", "eve@example.net", "emma@example.com", "raj@example.com"
CUSTOMERS = (ANN, BOB)
AFTER_REMINDER = timedelta(hours=48)
FIRST = st.sampled_from(
    ["Hello\n", "Kind of problem: functional\nVersion: 17.0\nDatabase: acme\n", "Kind of problem: administration\n"]
)
WORDS = st.sampled_from(
    ["It is still so.\n", "Thanks!\n", "Version: 16.0\nDatabase: acme\n", "Thanks, but no.\n", "Kind of problem: technical\n", ""]
)
ORDERS = st.sampled_from(
    ["#take\n", "#close\n", "#close now\n\nIt is done.\n", "#reopen\n", "#assign raj\n", "#assign nobody\n", "#team technical\n", "#spam\n", "#tkae\n",
     "#version 18.0\n", "#note\n\nhm\n", "#database acme\n#version 17.0\n#take\n", "#reopen\n#take\n\nHello Ann\n", "#history\n"]
)  # fmt: skip
AWAY = timedelta(days=1)


class Sequences(RuleBasedStateMachine):
    """What happens, and what always holds. The grace is long: here no reply opens a new ticket."""

    begin: Callable[..., Talk]

    def __init__(self) -> None:
        super().__init__()
        self.talk: Talk | None = None
        self.accepted: dict[str, datetime] = {}  # when the next hop took the latest answer or question, and the latest reminder

    # --- what happens ---------------------------------------------------------------------------------------

    @precondition(lambda self: self.talk is None)
    @rule(text=FIRST)
    def open(self, text: str) -> None:
        self.talk = type(self).begin(grace=timedelta(days=10_000))
        self.talk.open(text, Cc=BOB, proven=True)

    @precondition(lambda self: self.talk)
    @rule(text=WORDS, by=st.sampled_from([*CUSTOMERS, EVE]), role=st.sampled_from("can"), proven=st.booleans())
    def customer(self, text: str, by: str, role: str, proven: bool) -> None:
        assert self.talk
        before = self.talk.ticket
        whose = ANN if role == "c" else EMMA
        self.talk.come(text, by=by, to=self.talk.address(role, whose), proven=proven)  # type: ignore[arg-type]
        assert self.talk.ticket.assignee == before.assignee
        assert not [each for each in self.talk.last if each.recipient in CUSTOMERS]

    @precondition(lambda self: self.talk)
    @rule(
        text=st.one_of(ORDERS, st.just("Press it twice.\n")),
        by=st.sampled_from([EMMA, RAJ]),
        role=st.sampled_from("an"),
        proven=st.booleans(),
    )
    def agent(self, text: str, by: str, role: str, proven: bool) -> None:
        assert self.talk
        before = self.talk.ticket
        self.talk.write(text, by=by, role=role, proven=proven)  # type: ignore[arg-type]
        if not proven:
            assert self.talk.ticket == before

    @precondition(lambda self: self.talk)
    @rule(hours=st.integers(0, 72))
    def answered(self, hours: int) -> None:
        """The way that most requests go, so that silence comes about often enough."""
        assert self.talk
        self.talk.answer()
        self.talk.clock.forward(timedelta(hours=hours))
        self.talk.settle("answer")
        self.accepted = {"answer": self.talk.clock.now()}  # no reminder of an earlier silence counts

    @precondition(lambda self: self.talk)
    @rule(
        kind=st.sampled_from(["machine", "bounce", "time"]),
        by=st.sampled_from([*CUSTOMERS, EVE, EMMA]),
        pick=st.integers(0, 30),
        action=st.sampled_from(["failed", "delayed"]),
        hours=st.sampled_from([1, 30, 24 * 8]),
    )
    def nobody_wrote(self, kind: str, by: str, pick: int, action: str, hours: int) -> None:
        assert self.talk
        before = self.talk.ticket
        if kind == "time":
            self.talk.clock.forward(timedelta(hours=hours))
        elif kind == "bounce":
            mail = self.talk.sent[-1 - pick % len(self.talk.sent)]
            self.talk.bounce(mail.kind, mail.recipient, action)
            assert not [each for each in self.talk.last if each.recipient in CUSTOMERS]
        else:
            self.talk.come("I am away.\n", by=by, to=self.talk.address("c", ANN), Auto_Submitted="auto-replied")
            assert (self.talk.ticket, self.talk.told) == (before, [])

    @precondition(lambda self: self.talk and any(each.watched for each in self.talk.sent))
    @rule(
        pick=st.integers(0, 5),
        state=st.sampled_from(["sent", "sent", "sent", "failed", "uncertain"]),
        after=st.integers(0, 72),
    )
    def fate(self, pick: int, state: str, after: int) -> None:
        assert self.talk
        watched = [each for each in self.talk.sent if each.watched]
        mail = watched[-1 - pick % len(watched)]
        self.talk.clock.forward(timedelta(hours=after))
        alike = [each for each in watched if (each.kind == "reminder") is (mail.kind == "reminder")]
        is_latest = self.talk.created[mail.key] == max(self.talk.created[each.key] for each in alike)
        self.talk.meet(mail, state)
        if state == "sent" and is_latest and mail.recipient == self.talk.ticket.requester.address:
            self.accepted["reminder" if mail.kind == "reminder" else "answer"] = self.talk.clock.now()

    @precondition(lambda self: self.talk and any(not each.waits for each in self.talk.ticket.due))
    @rule(pick=st.integers(0, 3), times=st.integers(1, 3), accepted_after=st.one_of(st.none(), st.integers(0, 60)))
    def silence(self, pick: int, times: int, accepted_after: int | None) -> None:
        assert self.talk
        for _ in range(times):
            ready = [each for each in self.talk.ticket.due if not each.waits]
            if not ready:
                return
            self._fire(ready[0 if pick else -1].kind)  # nearly always in their order
            if [each.kind for each in self.talk.last] == ["reminder"] and accepted_after is not None:
                self.talk.clock.forward(timedelta(hours=accepted_after))
                self.talk.settle("reminder")
                self.accepted["reminder"] = self.talk.clock.now()

    def _fire(self, kind: str) -> None:
        assert self.talk
        before = self.talk.ticket
        self.talk.fire(kind)
        if before.stage != "done" and self.talk.ticket.stage == "done":
            now = self.talk.clock.now()
            assert now >= self.accepted["answer"] + self.talk.desk.terms.close
            assert now >= self.accepted["reminder"] + AFTER_REMINDER

    # --- what always holds ----------------------------------------------------------------------------------

    @invariant()
    def silence_counts_only_where_the_customer_is_waited_for(self) -> None:
        if self.talk and any(each.kind in SILENCE for each in self.talk.ticket.due):
            assert self.talk.ticket.stage in WAITING

    @invariant()
    def it_has_an_end_if_and_only_if_it_is_done(self) -> None:
        if self.talk:
            assert (self.talk.ticket.stage == "done") is (self.talk.ticket.closed_at is not None)

    @invariant()
    def one_timer_of_a_kind(self) -> None:
        if self.talk:
            kinds = [each.kind for each in self.talk.ticket.due]
            assert len(kinds) == len(set(kinds))

    @invariant()
    def only_agents_have_tickets(self) -> None:
        if self.talk:
            assert self.talk.ticket.assignee in (None, EMMA, RAJ)

    @invariant()
    def the_log_tells_the_public_state(self) -> None:
        if self.talk:
            told = replay([each for each in self.talk.events if each.kind in ("TicketOpened", "TicketChanged")])
            expected = {name: getattr(self.talk.ticket, name) for name in PUBLIC}
            assert len(self.talk.facts.tickets) > 1 or told == expected


def test_sequences(new_talk: Callable[..., Talk]) -> None:
    """Customers, agents, machines, bounces, fates and timers in any order."""
    machine = type("Machine", (Sequences,), {"begin": staticmethod(new_talk)})
    run_state_machine_as_test(machine, settings=settings(max_examples=100, stateful_step_count=30))
