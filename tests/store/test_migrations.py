"""From the schema before the loop of a ticket to the one with it, with rows in it, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from alembic import command
from alembic.config import Config as AlembicConfig
from sqlalchemy import inspect, text

from maild.mail.message import Mailbox
from maild.store.look import Look
from maild.store.outbox import Outbox
from maild.store.private import Private, to_json
from maild.store.store import HEAD, MIGRATIONS, Store
from maild.tickets.ticket import Ticket

TICKET = {
    "number": 1, "service": "support", "stage": "qualification", "team": "functional", "assignee": None, "priority": 1, "blocking": False,
    "language": "en", "scope": "in-scope", "issues": 1, "missing": '["version"]', "tags": "[]", "sealed": False, "mailbox": "support@example.com",
    "requester": "mark", "arrived_at": 1772625600000000, "created_at": 1772625600000000,
}  # fmt: skip
MAIL = {
    "ticket": 1, "kind": "acknowledgement", "recipient": "mark", "due_at": 0, "attempts": 1, "twice": False,
    "created_at": 1772625600000000, "reply": "", "sealed": False,
}  # fmt: skip
PERSON = ["Ann", "ann@example.org"]
LETTER = {
    "reverse_path": "", "recipient": "ann@example.org", "date": "2026-03-04T12:00:00+00:00", "from": PERSON, "to": [PERSON], "cc": [],
    "reply_to": None, "subject": "s", "message_id": "1.0@mail.example.com", "in_reply_to": None, "references": [], "more": [], "text": "t", "html": None,
}  # fmt: skip


def insert(connection: Any, table: str, **values: object) -> None:
    names = ", ".join(f'"{name}"' for name in values)
    connection.execute(text(f'INSERT INTO "{table}" ({names}) VALUES ({", ".join(f":{name}" for name in values)})'), values)


@pytest.fixture
def before(empty: Store) -> Store:
    """A desk as the version before left it: one open ticket, and mails in all states."""
    private = Private(empty.keys)
    with empty.database.writing() as connection:
        settings = AlembicConfig()
        settings.set_main_option("script_location", str(MIGRATIONS))
        settings.attributes["connection"] = connection
        command.upgrade(settings, "0002")
        words = {"requester": PERSON, "participants": [], "subject": "a subject", "fields": {}}
        insert(connection, "ticket", **TICKET, private=private.pack(words, False))
        connection.execute(text("UPDATE counter SET value = 1 WHERE name = 'ticket'"))
        for number, state in enumerate(("queued", "sent", "failed"), 1):
            key = f"{number:016x}"
            insert(connection, "outbox", **MAIL, key=key, state=state)
            insert(connection, "letter", key=key, private=to_json(LETTER).encode())
        insert(connection, "contract", reference="M1", status="active", digest="d", imported_at=1, private=b"{}")
    return empty


def test_an_older_desk_goes_on(before: Store) -> None:
    """Its tickets and mails are read as they were, nothing is due, nothing is news, and no mail that was sent is sent again."""
    assert before.migrate() == ("0002", HEAD)
    (ticket,) = Look(before).tickets(None, None, closed=True, sealed=True)
    assert (ticket.number, ticket.subject, ticket.requester) == (1, "a subject", Mailbox(name="Ann", address="ann@example.org"))
    assert (ticket.case, ticket.back_to, ticket.asked_at, ticket.closed_at) == (None, "process", None, None)
    assert (dict(ticket.papers), ticket.thread, ticket.due) == ({}, (), ())
    with before.transaction() as tx:
        fates, timers, facts = tx.what_is_due(ticket.created_at.replace(year=2099), 100, lambda _: True, ticket.created_at)
    assert (fates, timers, facts.next_number) == ([], [], 2)
    box = Outbox(before)
    assert dict(box.counts()) == {"queued": 1, "sent": 1, "failed": 1}
    (claimed,) = box.exchange([], 10, ticket.created_at)
    assert (claimed.mail.key, claimed.mail.watched, claimed.mail.cause, claimed.mail.enclosed) == (f"{1:016x}", False, "", ())
    with before.database.reading() as connection:
        assert connection.execute(text("SELECT reference FROM contract")).scalar() == "M1"


def test_what_comes_later_is_kept(before: Store, keep: Callable[..., Ticket], send: Callable[..., str]) -> None:
    """New tickets and mails find their places in the tables that were changed; row numbers go on, and keys stay single."""
    before.migrate()
    assert keep(2, thread=("a@b",), papers={"x": "y"}).thread == ("a@b",)
    whole = Look(before).ticket(2)
    assert whole is not None
    assert dict(whole.ticket.papers) == {"x": "y"}
    with before.database.writing() as connection:
        insert(connection, "outbox", **MAIL, key="f" * 16, state="sent", cause="", watched=False, news=False, settled_at=0)
        assert connection.execute(text("SELECT max(id) FROM outbox")).scalar() == 4
        with pytest.raises(Exception, match=r"(?i)unique"), connection.begin_nested():
            insert(connection, "outbox", **MAIL, key="f" * 16, state="sent", cause="", watched=False, news=False, settled_at=0)


def test_no_value_is_filled_in_silently(before: Store) -> None:
    """What the migration filled in for old rows is no default for new ones."""
    before.migrate()
    with before.database.reading() as connection:
        columns = {table: inspect(connection).get_columns(table) for table in ("ticket", "outbox", "due")}
    assert not [
        (table, each["name"]) for table, found in columns.items() for each in found if each["name"] != "id" and each["default"]
    ]


def test_indexes_survive(before: Store) -> None:
    """Changing a table on SQLite makes it anew: all its indexes are there again."""
    before.migrate()
    with before.database.reading() as connection:
        names = {each["name"] for table in ("ticket", "outbox") for each in inspect(connection).get_indexes(table)}
    assert {
        "ix_ticket_stage", "ix_ticket_team", "ix_ticket_requester", "ix_outbox_state_due_at", "ix_outbox_ticket", "ix_outbox_cause", "ix_outbox_news",
    } <= names  # fmt: skip
