"""What the tests of `tickets/` share: happenings that are made by hand, where the road would not lead to them so easily."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from maild.desk import Desk
from maild.pipeline import moment_of
from maild.problem.reading import Reading
from maild.tickets.address import AddressBook, Target, ToMailbox
from maild.tickets.assurance import Assurance, Level
from maild.tickets.decision import NO_RULING, Ruling
from maild.tickets.facts import NOTHING_KNOWN, Facts
from maild.tickets.happening import MailCame
from maild.tickets.outcome import Moment
from maild.tickets.threading import Placement, Standing
from maild.tickets.ticket import Ticket

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def happen(book: AddressBook) -> Callable[..., Any]:
    """A mail came: `happen(CustomerOpened, read("…"))`, `happen(AgentWrote, read("…"), ticket, target=…, level=2)`."""

    def build(
        kind: type[MailCame],
        reading: Reading,
        ticket: Ticket | None = None,
        *,
        target: Target | None = None,
        ruling: Ruling = NO_RULING,
        level: Level = 0,
        standing: Standing = "requester",
        mentioned: tuple[int, ...] = (),
    ) -> MailCame:
        placement = Placement(ticket=ticket, standing=standing, how="references" if ticket else "new", mentioned=mentioned)
        return kind(
            entry="entry-1",
            target=target or ToMailbox(mailbox=book.first),
            address="support@example.com",
            reading=reading,
            placement=placement,
            ruling=ruling,
            assurance=Assurance(level=level, why="said so"),
            reason="a person's mail",
        )

    return build


@pytest.fixture(scope="session")
def moment(desk_of_two: Desk) -> Callable[..., Moment]:
    """What is known: nothing, at noon; `moment(facts)`, `moment(now=…)`."""

    def build(facts: Facts = NOTHING_KNOWN, now: datetime = NOON) -> Moment:
        return moment_of(facts, desk_of_two, now)

    return build
