"""`maild ticket N --json` of a ticket that went round: its case, what is due, and each message with direction, visibility, delivery."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from maild.clock import SystemClock, iso
from maild.mail.parse import parse

PROVEN = "mx.example.com; dmarc=pass header.from=example.com"
DAY = timedelta(days=1)
COMPLETE = "Version: 17.0\nDatabase: a\nSteps: b\nCurrent: c\nExpected: d\n"


def reply_address(place: Any, kind: str) -> str:
    """The Reply-To of the last mail of a class."""
    row = [each for each in place.maild("outbox", "list", "--json").objects if each["class"] == kind][-1]
    (reply_to,) = parse(place.maild("outbox", "show", "--sealed", row["key"]).raw).reply_to
    return str(reply_to.address)


@pytest.fixture
def answered(place: Any, mail: Callable[..., bytes]) -> Any:
    """A desk with one ticket: a customer's mail, an agent's note, an agent's answer, all kept; nothing sent yet."""

    def agents(number: int, text: str) -> bytes:
        raw = mail(text, From="Lea Brandt <lea@example.com>", Message_ID=f"<{number}@laptop.example.com>", Subject="Re: x")
        return f"Authentication-Results: {PROVEN}\r\n".encode() + raw

    place.fill((mail(f"Kanban colours.\n{COMPLETE}", Subject="Kanban colours"), "support@example.com"))
    to = reply_address(place, "notification")
    place.fill((agents(1, "#note\nOnly for us.\n"), to), (agents(2, "Choose them in the settings.\n"), to), first=2)
    return place


def shown(told: dict[str, Any]) -> list[tuple[str, str, str, str | None]]:
    return [(each["direction"], each["visibility"], each["author"], each["delivery"]) for each in told["messages"]]


def test_messages(answered: Any) -> None:
    """What the customer wrote came in, the note is internal, the answer went out, by its agent, and tells what became of it."""
    told = answered.ticket(1)
    assert (told["stage"], told["assignee"], told["case"]) == ("feedback", "lea@example.com", None)
    assert shown(told) == [
        ("in", "public", "ann@example.org", None),
        ("out", "public", "support@example.com", "queued"),
        ("in", "internal", "lea@example.com", None),
        ("out", "public", "lea@example.com", "queued"),
    ]
    assert [each["text"] for each in told["messages"]][-1] == "Choose them in the settings."
    assert told["messages"][2]["text"].endswith("Only for us.")


@pytest.mark.parametrize("state", ["sent", "failed", "uncertain", "deferred"])
def test_what_became_of_the_answer(answered: Any, state: str) -> None:
    """The message has the fate of the mail to the requester."""
    assert answered.settle(state, SystemClock().now(), "answer") == 1
    told = answered.ticket(1)
    assert shown(told)[-1] == ("out", "public", "lea@example.com", state)
    text = answered.maild("ticket", "1").out
    assert f"lea@example.com (public, {state})" in text


def test_what_became_of_the_answer_of_a_merged_request(answered: Any, mail: Callable[..., bytes]) -> None:
    """It is told where the answer is now."""
    to = reply_address(answered, "notification")
    opens = mail(f"Kanban colours again.\n{COMPLETE}", Subject="Kanban", Message_ID="<again@example.org>")
    answered.fill((opens, "support@example.com"), first=4)
    merges = f"Authentication-Results: {PROVEN}\r\n".encode() + mail(
        "#merge 2\n", From="Lea Brandt <lea@example.com>", Message_ID="<5@laptop.example.com>", Subject="Re: x"
    )
    answered.fill((merges, to), first=5)
    answered.settle("sent", SystemClock().now(), "answer")
    assert answered.ticket(1)["merged_into"] == 2
    assert ("out", "public", "lea@example.com", "sent") in shown(answered.ticket(2))


def test_what_is_due(answered: Any) -> None:
    """Kind and time of each timer, in order of time; after the reminder only the closing is left."""
    at = SystemClock().now().replace(microsecond=0) - timedelta(minutes=1)
    assert answered.ticket(1)["due"] == []
    answered.settle("sent", at, "answer")
    answered.maild("tick")
    assert answered.ticket(1)["due"] == [
        {"kind": "reminder", "at": iso(at + 5 * DAY)},
        {"kind": "close", "at": iso(at + 7 * DAY)},
    ]
    assert answered.maild("tickets", "--json").objects[0]["due"] == answered.ticket(1)["due"]
    answered.maild("tick", "--as-of", iso(at + 5 * DAY))
    assert answered.ticket(1)["due"] == [{"kind": "close", "at": iso(at + 7 * DAY)}]
    assert shown(answered.ticket(1))[-1] == ("out", "public", "support@example.com", "queued"), "the reminder"


@pytest.mark.parametrize("state", ["failed", "uncertain"])
def test_an_answer_that_failed_is_nobodys_silence(answered: Any, state: str) -> None:
    """The ticket is its agent's again, who is told why; no clock runs, and the log tells it once."""
    answered.settle(state, SystemClock().now(), "answer")
    answered.maild("tick")
    told = answered.ticket(1)
    assert (told["stage"], told["due"], shown(told)[-1][3]) == ("process", [], state)
    assert [each["kind"] for each in told["events"]][-2:] == ["MailLost", "TicketChanged"]
    why = answered.maild("explain", "1").out
    assert ("MailLost by desk (answer: its word)" in why, why.count("its word")) == (True, 1)


@pytest.mark.parametrize(
    ("mailbox", "number", "case"),
    [("support@example.com", 1, None), ("upgrade@example.com", 1, "requested"), ("security@example.com", 1, "received")],
)
def test_case(place: Any, mail: Callable[..., bytes], mailbox: str, number: int, case: str | None) -> None:
    """The state of an upgrade or a disclosure; support has none."""
    place.fill((mail("Hello.\n"), mailbox))
    assert place.ticket(number)["case"] == case
