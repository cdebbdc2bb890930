"""What monitoring hears: each trouble named, how bad it is, and what to do; and nothing about anybody."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from maild.clock import iso
from maild.operating.health import Situation, examine, figures
from maild.store.store import HEAD
from maild.store.vitals import Queue, has_wal_reset_bug
from tests.conftest import NOON


def ago(**length: float) -> Any:
    return NOON - timedelta(**length)


def queue(count: int, **length: float) -> Queue:
    return Queue(count=count, oldest=ago(**length))


FINE = Situation(
    now=NOON, running=True, standing={"at": iso(NOON), "troubles": {}, "reload": None}, told_at=NOON, spool={}, outbox={}, unreadable=(),
    schema=HEAD, free=10**11, min_free=10**8, backup_at=ago(hours=20), sqlite=(3, 51, 3),
)  # fmt: skip


def standing(**more: object) -> dict[str, Any]:
    return {"at": iso(NOON), "troubles": {}, "reload": None, **more}


def trouble(name: str, what: str, **length: float) -> dict[str, Any]:
    return standing(troubles={name: {"what": what, "since": iso(ago(**length))}})


def test_nothing_to_do() -> None:
    """A desk in order: each finding is fine, and says so."""
    assert {each.level for each in examine(FINE)} == {"fine"}
    assert [(each.check, each.what) for each in examine(FINE)] == [
        ("daemon", "runs"), ("spool", "no mail waits"), ("outbox", "no mail is due"),
        ("disk", "100000 MB free, mail is put off below 100 MB"), ("backup", "the last is 20 hours old"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "check", "level", "what"),
    [
        ({"running": False}, "daemon", "act", "does not run"),
        ({"told_at": ago(minutes=3)}, "daemon", "act", "runs, but has told nothing for 3 minutes"),
        ({"standing": standing(reload={"at": "T", "taken": False, "problems": ["x"], "restart": []})}, "configuration", "act", "the reload of T was refused"),
        ({"standing": standing(reload={"at": "T", "taken": True, "problems": [], "restart": ["store.url"]})}, "configuration", "watch", "not in force before a restart: store.url"),
        ({"unreadable": ("store: database disk image is malformed",), "schema": None}, "store", "act", "store: database disk image is malformed"),
        ({"schema": None}, "store", "act", "there is no desk yet"),
        ({"schema": "0000"}, "store", "act", f"schema 0000, this maild wants {HEAD}"),
        ({"standing": trouble("store", "store: full", seconds=70)}, "store", "act", "store: full, for 70 s"),
        ({"spool": {"incoming": queue(3, minutes=1)}}, "spool", "fine", "3 mails wait, the oldest for 60 s"),
        ({"spool": {"incoming": queue(3, minutes=6), "deferred": queue(1, minutes=2)}}, "spool", "watch", "4 mails wait, the oldest for 6 minutes"),
        ({"spool": {"active": queue(1, hours=3)}}, "spool", "act", "1 mails wait, the oldest for 3 hours"),
        ({"spool": {"hold": queue(2, days=3)}}, "held", "act", "2 mails are on hold, the oldest for 3 days"),
        ({"outbox": {"queued": queue(5, seconds=2)}}, "outbox", "fine", "5 mails are due, the oldest for 2 s"),
        ({"outbox": {"deferred": queue(5, minutes=31)}}, "outbox", "act", "5 mails are due, the oldest for 31 minutes"),
        ({"outbox": {"uncertain": queue(1, days=1)}}, "outbox", "watch", "1 mails may have arrived or not"),
        ({"standing": trouble("next hop", "refused", minutes=4)}, "next hop", "watch", "refused, for 4 minutes"),
        ({"standing": trouble("next hop", "refused", minutes=10)}, "next hop", "act", "refused, for 10 minutes"),
        ({"free": 9 * 10**8}, "disk", "watch", "900 MB free"),
        ({"free": 10**8}, "disk", "act", "100 MB free"),
        ({"backup_at": None}, "backup", "watch", "none was ever taken"),
        ({"backup_at": ago(days=3)}, "backup", "watch", "the last is 3 days old"),
        ({"backup_at": ago(days=9)}, "backup", "act", "the last is 9 days old"),
        ({"sqlite": (3, 40, 1)}, "sqlite", "watch", "3.40.1 can damage"),
    ],
)  # fmt: skip
def test_what_is_found(change: dict[str, Any], check: str, level: str, what: str) -> None:
    """Each trouble has its line, with a remedy where something is to be done."""
    found = [each for each in examine(replace(FINE, **change)) if each.check == check and each.what.startswith(what)]
    assert [each.level for each in found] == [level]
    assert bool(found[0].remedy) == (level != "fine")
    assert "restart" not in change.get("standing", {}) or found


def test_a_stopped_daemon_has_no_troubles() -> None:
    """What a daemon told before it ended says nothing about now."""
    found = examine(replace(FINE, running=False, standing=trouble("next hop", "refused", minutes=4)))
    assert [each.check for each in found if each.level != "fine"] == ["daemon"]


def test_figures() -> None:
    """The same as numbers."""
    situation = replace(
        FINE, spool={"incoming": queue(3, minutes=6), "hold": queue(2, days=3)}, outbox={"queued": queue(5, seconds=2)}
    )
    assert figures(situation) == {
        "running": True, "waiting": 3, "oldest_waiting": 360, "held": 2, "due": 5, "oldest_due": 2, "free": 10**11,
        "backup_age": 72_000, "schema": HEAD,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("version", "has"),
    [
        ((3, 6, 23), False), ((3, 7, 0), True), ((3, 40, 1), True), ((3, 44, 5), True), ((3, 44, 6), False), ((3, 45, 0), True),
        ((3, 50, 6), True), ((3, 50, 7), False), ((3, 51, 0), True), ((3, 51, 2), True), ((3, 51, 3), False), ((3, 54, 1), False),
    ],
)  # fmt: skip
def test_versions_of_sqlite(version: tuple[int, int, int], has: bool) -> None:
    """The releases in which the mistake was mended, and the older lines that got it, too."""
    assert has_wal_reset_bug(version) is has
