"""What a mail is held to be: by where it came to, who wrote it, and whether a machine did."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, get_args

import pytest

from maild.mail.message import Automatic, Bounce, Mailbox
from maild.problem.reading import Reading
from maild.tickets.address import AddressBook, Target, ToBounce, ToMailbox, ToTicket
from maild.tickets.assurance import Assurance
from maild.tickets.decision import NO_RULING
from maild.tickets.happening import (
    AgentWrote,
    CustomerOpened,
    CustomerWrote,
    GuestWrote,
    MachineWrote,
    MailBounced,
    TimeCame,
    happening,
)
from maild.tickets.threading import Placement, Standing
from maild.tickets.ticket import Due, Ticket

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
TICKET = Ticket(
    number=17, service="support", stage="process", team="functional", requester=Mailbox(name="", address="ann@example.org"),
    mailbox="support@example.com", subject="x", arrived_at=NOON, created_at=NOON, fields={},
)  # fmt: skip
BY_STANDING = {"requester": CustomerWrote, "participant": CustomerWrote, "agent": AgentWrote, "guest": GuestWrote}
WHERE: dict[str, Callable[[AddressBook], Target]] = {
    "mailbox": lambda book: ToMailbox(mailbox=book.first),
    "c": lambda book: ToTicket(mailbox=book.first, number=17, role="c", proof=""),
    "a": lambda book: ToTicket(mailbox=book.first, number=17, role="a", proof=""),
    "n": lambda book: ToTicket(mailbox=book.first, number=17, role="n", proof=""),
    "bounce": lambda book: ToBounce(mailbox=book.first, key="0" * 16),
}


@pytest.mark.parametrize("report", [False, True], ids=["no report", "report"])
@pytest.mark.parametrize("machine", [None, "out-of-office", "list", "bounce"])
@pytest.mark.parametrize("standing", get_args(Standing))
@pytest.mark.parametrize("where", WHERE)
@pytest.mark.parametrize("known", [False, True], ids=["no ticket", "ticket"])
def test_naming(
    book: AddressBook, read: Callable[..., Reading], known: bool, where: str, standing: Standing, machine: Any, report: bool
) -> None:
    """Without a ticket it opens one; at a bounce address a report counts, and agents' words do not; a person's, by a list, too, is his."""
    reading = read()
    automatic = Automatic(kind=machine, why="") if machine else None
    bounce = Bounce(recipients=(), original_message_id=None) if report else None
    reading = replace(reading, message=replace(reading.message, automatic=automatic, bounce=bounce))
    placement = Placement(ticket=TICKET if known else None, standing=standing)
    if not known:
        expected: type = CustomerOpened
    elif where == "bounce" and report:
        expected = MailBounced
    elif machine in ("out-of-office", "bounce") or (where == "bounce" and standing == "agent"):
        expected = MachineWrote
    else:
        expected = BY_STANDING[standing]
    assert (
        type(happening("e", WHERE[where](book), "x", reading, placement, NO_RULING, Assurance(level=0, why=""), "")) is expected
    )


@pytest.mark.parametrize(("where", "kind"), [("bounce", MachineWrote), ("c", CustomerWrote)])
def test_an_absence_without_a_mark(book: AddressBook, read: Callable[..., Reading], where: str, kind: type) -> None:
    """Responders write to the reverse-path (RFC 3834, section 4); to an address of the conversation people write."""
    reading, placement = read("I am out of the office until Monday.\n"), Placement(ticket=TICKET, standing="requester")
    assert type(happening("e", WHERE[where](book), "x", reading, placement, NO_RULING, Assurance(level=0, why=""), "")) is kind


@pytest.mark.parametrize(
    ("given", "sender", "own"),
    [
        ("ann@example.org", "ann@example.org", True),
        ("Ann@Example.org", "ANN@example.org", True),
        ("bob@example.org", "ann@example.org", False),
        ("", "ann@example.org", False),
        ("", None, False),
    ],
)
def test_own_address(
    book: AddressBook, read: Callable[..., Reading], happen: Any, given: str, sender: str | None, own: bool
) -> None:
    """Whether the address was given to this very sender, letter case aside; without proof it was given to nobody."""
    target = ToTicket(mailbox=book.first, number=17, role="a", proof="", given=given)
    what = happen(AgentWrote, read(From=sender), TICKET, target=target)
    assert what.is_own_address is own
    assert (what.role, happen(CustomerWrote, read(), TICKET).role) == ("a", "")
    assert not happen(CustomerWrote, read(), TICKET).is_own_address


@pytest.mark.parametrize(
    ("due", "stands"),
    [
        ((Due(kind="close", at=NOON),), True),
        ((Due(kind="close", at=NOON, waits=True),), False),
        ((Due(kind="close", at=NOON + timedelta(seconds=1)),), False),
        ((Due(kind="reminder", at=NOON),), False),
        ((), False),
        ((Due(kind="reminder", at=NOON), Due(kind="close", at=NOON)), True),
    ],
)
def test_timer_still_stands(due: tuple[Due, ...], stands: bool) -> None:
    """A timer that was stopped, put off or made to wait a moment before does nothing any more."""
    assert TimeCame(ticket=17, kind="close", at=NOON).still_stands(replace(TICKET, due=due)) is stands
