"""`maild health`: one look for monitoring. Facts are gathered first; then a table of checks says what, how bad, and what to do."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from maild.clock import EPOCH
from maild.config import Config
from maild.errors import MaildError
from maild.operating.backup import last_backup
from maild.operating.lock import is_running
from maild.operating.standing import read_standing
from maild.store.spool import Queue, SpoolReader
from maild.store.store import HEAD, Store
from maild.store.vitals import has_wal_reset_bug, outbox_queues, sqlite_version

Level = Literal["fine", "watch", "act"]
SILENT = timedelta(seconds=60)  # the daemon tells how it stands every 5 seconds
LATE, TOO_LATE = timedelta(minutes=5), timedelta(minutes=30)  # for mail that waits, in or out
HOP_DOWN = timedelta(minutes=10)
BACKUP_LATE, BACKUP_TOO_LATE = timedelta(days=2), timedelta(days=8)
ROOM = 10  # times `intake.min_free`


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """All that the checks look at."""

    now: datetime
    running: bool
    standing: Mapping[str, Any]
    told_at: datetime | None
    spool: Mapping[str, Queue]
    outbox: Mapping[str, Queue]
    unreadable: tuple[str, ...]  # databases that could not be read, and why
    schema: str | None
    free: int
    min_free: int
    backup_at: datetime | None
    sqlite: tuple[int, int, int] | None  # None with PostgreSQL


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a check found. `act`: something needs a hand; `watch`: it may, soon."""

    check: str
    level: Level
    what: str
    remedy: str = ""


def look(config: Config, store: Store, now: datetime) -> Situation:
    """Gathers the facts; what cannot be read is a fact, too."""
    unreadable: list[str] = []
    standing = read_standing(config.state) or {}
    backup = last_backup(config.state) or {}
    disk = os.statvfs(_existing(config.state))
    return Situation(
        now=now,
        running=is_running(config.state),
        standing=standing,
        told_at=_time(standing.get("at")),
        spool=_read(lambda: SpoolReader(config.state).queues(), {}, unreadable),
        outbox=_read(lambda: outbox_queues(store, now) if store.exists else {}, {}, unreadable),
        schema=_read(store.revision, None, unreadable),
        unreadable=tuple(dict.fromkeys(unreadable)),
        free=disk.f_bavail * disk.f_frsize,
        min_free=int(config.settings.intake.min_free),
        backup_at=_time(backup.get("at")),
        sqlite=sqlite_version() if store.database.is_sqlite else None,
    )


def examine(situation: Situation) -> list[Finding]:
    """What all checks find, in their order."""
    return [finding for check in CHECKS for finding in check(situation)]


def figures(situation: Situation) -> dict[str, Any]:
    """The same as numbers, for graphs: counts, ages in seconds, bytes."""
    waiting, due = _waiting(situation), _due(situation)
    return {
        "running": situation.running,
        "waiting": sum(each.count for each in waiting),
        "oldest_waiting": _age(situation, waiting),
        "held": situation.spool["hold"].count if "hold" in situation.spool else 0,
        "due": sum(each.count for each in due),
        "oldest_due": _age(situation, due),
        "free": situation.free,
        "backup_age": None if situation.backup_at is None else int((situation.now - situation.backup_at).total_seconds()),
        "schema": situation.schema,
    }


# --- the checks -----------------------------------------------------------------------------------------------


def daemon(situation: Situation) -> Iterator[Finding]:
    """It runs, and answers itself."""
    if not situation.running:
        yield Finding(check="daemon", level="act", what="does not run", remedy="start it: systemctl start maild")
    elif situation.told_at is not None and situation.now - situation.told_at > SILENT:
        silent = _length(situation.now - situation.told_at)
        remedy = "look at its log, and restart it: systemctl restart maild"
        yield Finding(check="daemon", level="act", what=f"runs, but has told nothing for {silent}", remedy=remedy)
    else:
        yield Finding(check="daemon", level="fine", what="runs")


def configuration(situation: Situation) -> Iterator[Finding]:
    """What is in force is what the files say."""
    reload = situation.standing.get("reload") if situation.running else None
    if reload and not reload["taken"]:
        what = f"the reload of {reload['at']} was refused: the files on disk have mistakes, and no daemon would start with them"
        yield Finding(check="configuration", level="act", what=what, remedy="mend what `maild check` shows, then reload")
    elif reload and reload["restart"]:
        what = f"not in force before a restart: {', '.join(reload['restart'])}"
        yield Finding(check="configuration", level="watch", what=what, remedy="systemctl restart maild, when it suits")


def databases(situation: Situation) -> Iterator[Finding]:
    """They can be read, and have this maild's schema."""
    for trouble in situation.unreadable:
        yield Finding(check="store", level="act", what=trouble, remedy="docs/operating.md tells what to do")
    if situation.schema != HEAD and not situation.unreadable:
        what = f"schema {situation.schema}, this maild wants {HEAD}" if situation.schema else "there is no desk yet"
        yield Finding(check="store", level="act", what=what, remedy="run `maild migrate`, or start the daemon, which does it")
    told = _trouble(situation, "store")
    if told:
        yield Finding(check="store", level="act", what=f"{told[0]}, for {_length(told[1])}", remedy="all mail waits; mend it")


def incoming(situation: Situation) -> Iterator[Finding]:
    """Mail that was taken is worked on."""
    queues = _waiting(situation)
    yield _by_age(
        "spool", "no mail waits", "mails wait", queues, situation, "look at the log for `batch failed` and `the road pauses`"
    )


def held(situation: Situation) -> Iterator[Finding]:
    """An operator decides about these."""
    if "hold" in situation.spool:
        queue = situation.spool["hold"]
        what = f"{queue.count} mails are on hold, the oldest for {_length(situation.now - queue.oldest)}"
        yield Finding(check="held", level="act", what=what, remedy="maild spool list, then maild spool retry or drop")


def outgoing(situation: Situation) -> Iterator[Finding]:
    """Mail that is due leaves."""
    yield _by_age(
        "outbox", "no mail is due", "mails are due", _due(situation), situation, "maild outbox list; is the next hop in order?"
    )
    if "uncertain" in situation.outbox:
        what = f"{situation.outbox['uncertain'].count} mails may have arrived or not"
        yield Finding(check="outbox", level="watch", what=what, remedy="maild outbox list, then maild outbox retry or drop")


def next_hop(situation: Situation) -> Iterator[Finding]:
    """The server that takes our mail takes it."""
    trouble = _trouble(situation, "next hop")
    if trouble:
        level: Level = "act" if trouble[1] >= HOP_DOWN else "watch"
        what = f"{trouble[0]}, for {_length(trouble[1])}"
        yield Finding(
            check="next hop",
            level=level,
            what=what,
            remedy="mail waits and is tried again; `maild outbox retry all` and a reload try at once",
        )


def disk(situation: Situation) -> Iterator[Finding]:
    """There is room for mail."""
    said = f"{situation.free // 1_000_000} MB free, mail is put off below {situation.min_free // 1_000_000} MB"
    level: Level = (
        "act" if situation.free < 2 * situation.min_free else "watch" if situation.free < ROOM * situation.min_free else "fine"
    )
    yield Finding(
        check="disk", level=level, what=said, remedy="" if level == "fine" else "make room, or shorten intake.retention"
    )


def backup(situation: Situation) -> Iterator[Finding]:
    """It can be had back."""
    if situation.backup_at is None:
        yield Finding(check="backup", level="watch", what="none was ever taken by `maild backup`", remedy="take one every day")
        return
    age = situation.now - situation.backup_at
    level: Level = "act" if age > BACKUP_TOO_LATE else "watch" if age > BACKUP_LATE else "fine"
    remedy = "" if level == "fine" else "maild backup DIR; does its timer run?"
    yield Finding(check="backup", level=level, what=f"the last is {_length(age)} old", remedy=remedy)


def library(situation: Situation) -> Iterator[Finding]:
    """SQLite's own mistakes."""
    if situation.sqlite is not None and has_wal_reset_bug(situation.sqlite):
        version = ".".join(map(str, situation.sqlite))
        what = f"{version} can damage a database that two programs write at once (mended in 3.51.3); maild itself never does that"
        yield Finding(
            check="sqlite", level="watch", what=what, remedy="let no other program write the files; update when you can"
        )


CHECKS = (daemon, configuration, databases, incoming, held, outgoing, next_hop, disk, backup, library)


# --- reading the facts ----------------------------------------------------------------------------------------


def _by_age(check: str, none: str, some: str, queues: list[Queue], situation: Situation, remedy: str) -> Finding:
    count, age = sum(each.count for each in queues), timedelta(seconds=_age(situation, queues))
    level: Level = "act" if age >= TOO_LATE else "watch" if age >= LATE else "fine"
    what = f"{count} {some}, the oldest for {_length(age)}" if count else none
    return Finding(check=check, level=level, what=what, remedy="" if level == "fine" else remedy)


def _waiting(situation: Situation) -> list[Queue]:
    return [queue for state, queue in situation.spool.items() if state != "hold"]


def _due(situation: Situation) -> list[Queue]:
    return [queue for state, queue in situation.outbox.items() if state != "uncertain"]


def _age(situation: Situation, queues: list[Queue]) -> int:
    """Seconds since the oldest of them; 0 where there is none."""
    oldest = min((each.oldest for each in queues), default=situation.now)
    return max(0, int((situation.now - oldest).total_seconds()))


def _trouble(situation: Situation, name: str) -> tuple[str, timedelta] | None:
    """What a running daemon says of its trouble with this, and since when."""
    found = situation.standing.get("troubles", {}).get(name) if situation.running else None
    return (str(found["what"]), situation.now - (_time(found["since"]) or situation.now)) if found else None


def _time(text: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(str(text)) if text else None
    except ValueError:
        return EPOCH


def _read(read: Any, otherwise: Any, unreadable: list[str]) -> Any:
    try:
        return read()
    except MaildError as error:
        unreadable.append(str(error))
    return otherwise


def _existing(path: Path) -> Path:
    return next(each for each in (path, *path.parents) if each.exists())


def _length(time: timedelta) -> str:
    seconds = int(time.total_seconds())
    if seconds < 120:
        return f"{seconds} s"
    return (
        f"{seconds // 60} minutes"
        if seconds < 7200
        else f"{seconds // 3600} hours"
        if seconds < 172_800
        else f"{seconds // 86_400} days"
    )
