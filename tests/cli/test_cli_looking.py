"""`tickets`, `ticket`, `explain`, `outbox`, `spool`, `status` and `migrate`: looking at a desk, and what is not to be seen."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from maild.store.store import HEAD

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

MESSAGE = ("id", "direction", "author", "visibility", "at", "subject", "text", "attachments", "defects", "delivery")
EVENT = ("at", "actor", "kind", "reason", "rule", "data")
OUTBOX = {"key", "ticket", "class", "state", "to", "subject", "attempts", "possible_duplicate", "created_at", "due_at", "reply"}
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\Z")


def test_tickets_as_a_table(filled: Any) -> None:
    """Open tickets that are not sealed, the oldest first, under the names of the columns."""
    said = filled.maild("tickets")
    assert (said.code, said.err) == (0, "")
    head, *rows = said.out.splitlines()
    assert head.split() == ["number", "stage", "team", "service", "requester", "missing", "subject"]
    assert [row.split()[:4] for row in rows] == [
        ["1", "process", "bugfix", "support"],
        ["2", "qualification", "functional", "support"],
    ]


def test_tickets_as_json(filled: Any, ticket_names: tuple[str, ...]) -> None:
    """One object a line with exactly the promised keys and values."""
    first, second = filled.maild("tickets", "--json").objects
    assert tuple(first) == tuple(second) == ticket_names
    assert (first["number"], first["requester"], first["version"], first["database"]) == (
        1,
        "ann@example.org",
        "17.0",
        "berg-prod",
    )
    assert (first["case"], first["verdict"], first["due"], first["participants"], first["assignee"]) == (None, None, [], [], None)
    assert (first["issues"], first["priority"], first["blocking"], first["missing"]) == (1, 1, False, [])
    assert tuple(first["fields"]["version"]) == ("value", "source", "confidence", "ambiguous")
    assert re.fullmatch(r"text:\d+-\d+", first["fields"]["version"]["source"])
    assert first["fields"]["version"]["confidence"] == 0.9
    assert second["links"] == [{"kind": "mentions", "number": 1}]
    assert TIME.match(first["arrived_at"])
    assert TIME.match(first["created_at"])


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        (["--sealed"], [1, 2, 3]),
        (["--all"], [1, 2]),
        (["--stage", "process"], [1]),
        (["--stage", "process", "--sealed"], [1, 3]),
        (["--team", "functional"], [2]),
        (["--stage", "done"], []),
        (["--team", "nobody"], []),
    ],
    ids=lambda value: " ".join(map(str, value)),
)
def test_tickets_chosen(words: list[str], numbers: list[int], filled: Any) -> None:
    """Stage and team narrow the list; a sealed case shows only with --sealed."""
    assert [each["number"] for each in filled.maild("tickets", "--json", *words).objects] == numbers


def test_tickets_of_a_stage_that_does_not_exist(filled: Any) -> None:
    """A misspelt stage is told with the nearest one."""
    filled.maild("tickets", "--stage", "proces").failed(64, "did you mean 'process'?")


def test_ticket_as_text(filled: Any) -> None:
    """A ticket for people: its fields, and its messages in and out; notifications are no messages."""
    said = filled.maild("ticket", "1")
    assert said.code == 0
    assert said.out.startswith("#1 Tax is computed twice\nsupport, process, team bugfix, assignee nobody\n")
    assert "<- 2026-03-04T12:01:00Z ann@example.org (public)" in said.out
    assert "-> 2026-03-04T12:01:00Z support@example.com (public, queued)" in said.out
    assert said.out.count("->") == 1


def test_ticket_as_json(filled: Any, ticket_names: tuple[str, ...]) -> None:
    """The same keys as in the list, with messages and events."""
    (told,) = filled.maild("ticket", "2", "--json").objects
    assert tuple(told) == (*ticket_names, "messages", "events")
    assert told["links"] == [{"kind": "mentions", "number": 1}]
    assert [tuple(each) for each in told["messages"]] == [MESSAGE] * 2
    received, sent = sorted(told["messages"], key=lambda each: each["direction"])
    assert (received["direction"], received["delivery"], received["author"]) == ("in", None, "carl@dahl.example")
    assert (sent["direction"], sent["delivery"], sent["author"]) == ("out", "queued", "support@example.com")
    assert [tuple(each) for each in told["events"]] == [EVENT] * len(told["events"])
    assert told["events"][0]["kind"] == "TicketOpened"
    assert all(TIME.match(each["at"]) for each in (*told["messages"], *told["events"]))


def test_explain(filled: Any) -> None:
    """Every event with its reason, and which rules hit and missed, as text and as JSON."""
    said = filled.maild("explain", "1")
    assert said.code == 0
    assert "2026-03-04T12:01:00Z  TicketOpened by requester (a person's mail)" in said.out
    assert "    rule hit: rules/70-bugfix.yaml:1 the product does something wrong" in said.out
    assert "    missed:   rules/10-security.yaml:2 mail to the security address" in said.out
    (told,) = filled.maild("explain", "1", "--json").objects
    assert tuple(told) == ("number", "events")
    assert told["number"] == 1
    assert [tuple(each) for each in told["events"]] == [EVENT] * len(told["events"])
    assert "ann@example.org" not in str(told), "the log is without personal data"


@pytest.mark.parametrize("command", ["ticket", "explain"])
def test_sealed_cases_need_a_word(command: str, filled: Any) -> None:
    """A sealed case is shown with --sealed only; without it the answer says nothing of it."""
    said = filled.maild(command, "3")
    said.failed(65, "--sealed")
    assert "portal" not in said.out + said.err
    assert filled.maild(command, "3", "--sealed").code == 0
    assert "portal" in filled.maild("ticket", "3", "--sealed").out


@pytest.mark.parametrize("command", ["ticket", "explain"])
def test_unknown_tickets(command: str, filled: Any) -> None:
    """A number that no ticket has ends with 65, a word that is no number with 64."""
    filled.maild(command, "99").failed(65, "there is no ticket 99")
    filled.maild(command, "one").failed(64)


def test_outbox(filled: Any) -> None:
    """What waits to be sent, as a table and as JSON; a mail is shown as it is sent, one of a sealed case with --sealed only."""
    table = filled.maild("outbox", "list")
    assert table.code == 0
    assert filled.maild("outbox").out == table.out
    assert table.out.splitlines()[0].split() == ["key", "state", "class", "ticket", "to", "attempts", "due_at", "reply"]
    rows = filled.maild("outbox", "list", "--json").objects
    assert [(each["class"], each["ticket"], each["state"]) for each in rows] == [
        *((kind, number, "queued") for number in (1, 2, 3) for kind in ("acknowledgement", "notification")),
        ("notification", 3, "queued"),  # the security team has two members
    ]
    assert all(set(each) == OUTBOX for each in rows)
    shown = filled.maild("outbox", "show", rows[0]["key"][:10])
    assert shown.raw.startswith(b"Date: Wed, 4 Mar 2026 12:01:00 +0000\r\nFrom: Example Support <support@example.com>\r\n")
    sealed = rows[-1]["key"]
    filled.maild("outbox", "show", sealed).failed(65, "--sealed")
    assert filled.maild("outbox", "show", "--sealed", sealed).code == 0
    filled.maild("outbox", "show", "zzz").failed(65, "zzz")


def test_outbox_orders(place: Any, mail: Callable[..., bytes]) -> None:
    """`drop` gives up what waits, `retry` makes it due again, what failed only by its key; a key that does not exist ends with 65."""
    place.fill((mail(), "support@example.com"))
    key = place.maild("outbox", "list", "--json").objects[0]["key"]
    assert place.maild("outbox", "drop", key[:8]).out == "drop: 1\n"
    states = [each["state"] for each in place.maild("outbox", "list", "--json").objects]
    assert sorted(states) == ["failed", "queued"]
    assert place.maild("outbox", "retry", "all").out == "retry: 1\n"
    assert place.maild("outbox", "retry", key).out == "retry: 1\n"
    assert place.maild("outbox", "retry", "all").out == "retry: 2\n"
    place.maild("outbox", "drop", "zzz").failed(65)


def test_status(filled: Any) -> None:
    """How the desk stands, as lines and as one JSON object."""
    (told,) = filled.maild("status", "--json").objects
    assert told == {
        "running": False, "tickets": {"process": 2, "qualification": 1}, "spool": {}, "outbox": {"queued": 7}, "schema": HEAD,
        "reload": None,
    }  # fmt: skip
    assert filled.maild("status").out.splitlines() == [
        "not running", "tickets  2 process, 1 qualification", "spool    nothing", "outbox   7 queued",
    ]  # fmt: skip


def test_migrate_twice(place: Any) -> None:
    """The first makes the tables, the second finds them; then the desk can be looked at."""
    assert place.maild("migrate", fresh=True).out == f"schema none -> {HEAD}\n"
    assert place.maild("migrate").out == f"schema {HEAD}, as before\n"
    assert place.maild("tickets", "--json").objects == []


@pytest.mark.parametrize(
    "command",
    [["tickets"], ["ticket", "1"], ["explain", "1"], ["outbox", "list"], ["spool", "list"], ["spool"], ["status"]],
    ids=" ".join,
)
def test_no_desk_yet(command: list[str], place: Any) -> None:
    """Looking at a desk that never ran ends with 66, and makes nothing."""
    place.maild(*command).failed(66)
    assert not place.state.exists()


def test_no_spool_yet(filled: Any) -> None:
    """A desk that never accepted mail has no spool to list."""
    filled.maild("spool", "list").failed(66, "no mail was ever accepted here")


@pytest.mark.parametrize(
    "words",
    [
        ["nonsense"], ["tickets", "--nonsense"], ["ticket"], ["tickets", "1"], ["spool", "nonsense"], ["try"], ["-c"],
        ["outbox", "show"], ["--nonsense"], ["spool", "retry"], ["status", "--json", "more"],
    ],
    ids=" ".join,
)  # fmt: skip
def test_wrong_words(words: list[str], filled: Any) -> None:
    """Wrong words end with 64 and one line on stderr."""
    said = filled.maild(*words)
    said.failed(64, "maild: ")
    assert (said.out, said.err.count("\n")) == ("", 1)


def test_help(filled: Any) -> None:
    """Help ends with 0; no word at all shows it, too, and ends with 64."""
    said = filled.maild("--help", fresh=True)
    assert said.code == 0
    for command in ("run", "check", "read", "try", "deliver", "tickets", "spool", "outbox", "status", "migrate", "demo"):
        assert command in said.out
    assert filled.maild().code == 64
