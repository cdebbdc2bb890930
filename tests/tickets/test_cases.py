"""The cases of the services: a step by a table, what a case rests on, and days that commands tell."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from maild.mail.message import Mailbox
from maild.tickets.cases import moved, read_day, with_papers, without_papers
from maild.tickets.outcome import Wrong
from maild.tickets.ticket import Ticket

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
ROW = {"asked": "begun", "begun": "begun", "refused": "begun"}
TICKET = Ticket(
    number=17, service="upgrade", stage="process", team="upgrade", requester=Mailbox(name="Ann", address="ann@example.org"), case="asked",
    mailbox="upgrade@example.com", subject="x", arrived_at=NOON, created_at=NOON, fields={}, papers={"day": "old", "asked by": "nina"},
)  # fmt: skip


@pytest.mark.parametrize("case", ROW)
def test_moved(case: str) -> None:
    """Where the row leads, and nothing else is changed."""
    assert moved(replace(TICKET, case=case), ROW, closed="refused") == replace(TICKET, case="begun")


@pytest.mark.parametrize(("case", "stage"), [("ended", "process"), ("ended", "done"), (None, "process")])
def test_no_row(case: str | None, stage: str) -> None:
    """A refusal says where the case is, and where the step goes from."""
    with pytest.raises(Wrong, match=f"^the case stands at {case} now, and this is for one at asked or begun or refused$"):
        moved(replace(TICKET, case=case, stage=stage), ROW, closed="refused")


def test_closed() -> None:
    """What came to nothing and is closed must be reopened first; what is closed otherwise goes on."""
    done = replace(TICKET, stage="done")
    with pytest.raises(Wrong, match=r"^the case is closed: #reopen goes before it$"):
        moved(replace(done, case="refused"), ROW, closed="refused")
    assert moved(done, ROW, closed="refused").case == "begun"


def test_papers() -> None:
    """They are added by name, in the place of one that is there; and taken away, whether they are there or not."""
    assert with_papers(TICKET, {"day": "new", "id": "1"}).papers == {"day": "new", "asked by": "nina", "id": "1"}
    assert without_papers(TICKET, "day", "id").papers == {"asked by": "nina"}


def test_read_day() -> None:
    """A day of the calendar, and nothing else."""
    assert read_day("2026-11-30") == date(2026, 11, 30)
    for text in ("", "Friday", "30.11.2026", "2026-02-30"):
        with pytest.raises(Wrong, match=f"^'{text}' is no date like 2026-11-30$"):
            read_day(text)
