"""Real databases: SQLite in the test's folder, and a private PostgreSQL cluster where its programs are installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from maild.config import Config, load_config
from maild.keys.ring import open_keyring
from maild.mail.compose import Draft
from maild.mail.message import Mailbox
from maild.mail.outgoing import Outgoing
from maild.store.outbox import Outbox, Settled
from maild.store.store import Store
from maild.tickets.decision import Decision, Verdict
from maild.tickets.ticket import Ticket

ACCOUNTS = ("postgres", "nobody")  # PostgreSQL refuses to run as root
_NUMBERS = count()
NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
ACCEPTED = Verdict(disposition="accept", reason="a person's mail")


@pytest.fixture(scope="session")
def cluster() -> Iterator[str]:
    """A PostgreSQL server on a Unix socket of its own: the part of a URL behind the database's name."""
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not programs or not (programs[-1] / "initdb").exists():
        pytest.skip("needs PostgreSQL's programs: apt-get install postgresql")
    account = next((each for each in ACCOUNTS if _exists(each)), None) if os.getuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="maild-pg-", dir="/tmp"))  # short: a socket's path has 107 octets at the most

    def run(program: str, *arguments: str) -> None:
        command = [str(programs[-1] / program), "-D", str(folder / "data"), *arguments]
        subprocess.run(
            command, cwd=folder, user=account, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, timeout=60
        )

    try:
        if account:
            shutil.chown(folder, account)
        run("initdb", "-U", "maild", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        options = f"-k {folder} -c listen_addresses='' -c fsync=off -c shared_buffers=16MB"
        run("pg_ctl", "-w", "-l", str(folder / "log"), "-o", options, "start")
        yield f"?host={folder}"
        run("pg_ctl", "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _exists(account: str) -> bool:
    return subprocess.run(["id", account], capture_output=True, check=False).returncode == 0


@pytest.fixture(params=["sqlite", "postgresql"])
def config(request: pytest.FixtureRequest, root: Path, tmp_path: Path) -> Config:
    """The shipped desk with a database of its own, of either kind."""
    url = f"sqlite:{tmp_path}/maild.db"
    if request.param == "postgresql":
        psycopg = pytest.importorskip("psycopg")
        where = request.getfixturevalue("cluster")
        name = f"desk_{next(_NUMBERS)}"
        with psycopg.connect(f"postgresql://maild@/postgres{where}", autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        url = f"postgresql://maild@/{name}{where}"
    return load_config(root / "maild.toml", {"MAILD_PATHS_STATE": str(tmp_path / "state"), "MAILD_STORE_URL": url})


@pytest.fixture
def open_store(config: Config) -> Iterator[Callable[[], Store]]:
    """Opens the desk's store, as each process does for itself."""
    keys = open_keyring(config.state / "keys")
    opened: list[Store] = []

    def build() -> Store:
        opened.append(Store(config, replace(keys)))
        return opened[-1]

    yield build
    for each in opened:
        each.close()


@pytest.fixture
def empty(open_store: Callable[[], Store]) -> Store:
    """A store without tables."""
    return open_store()


@pytest.fixture
def store(empty: Store) -> Store:
    """A store with its tables, and nothing in them."""
    empty.migrate()
    return empty


@pytest.fixture
def keep(store: Store) -> Callable[..., Ticket]:
    """Saves a ticket by a mail to it: `keep(1, due=(…))`; it is opened unless it is there. `about` goes into the decision."""
    known: dict[int, Ticket] = {}
    entries = count(1)

    def build(number: int, about: dict[str, object] | None = None, **changes: object) -> Ticket:
        first = Ticket(
            number=number, service="support", stage="qualification", team="functional", requester=Mailbox(name="Ann", address="ann@example.org"),
            mailbox="support@example.com", subject="s", arrived_at=NOW, created_at=NOW, fields={},
        )  # fmt: skip
        opened = number not in known
        known[number] = replace(known.get(number, first), **changes)
        entry = f"entry {next(entries)}"
        values = {
            "entry": entry,
            "target": "t",
            "digest": entry.encode(),
            "verdict": ACCEPTED,
            "ticket": known[number],
            "opened": opened,
        }
        with store.transaction() as tx:
            tx.what_is_due(NOW + timedelta(days=1000), 1000, lambda _: True, NOW)  # the timers as they were
            tx.save([Decision(**{**values, **(about or {})})], [], NOW)
        return known[number]

    return build


@pytest.fixture
def send(store: Store) -> Callable[..., str]:
    """Queues a mail about a ticket and brings it to a state: `send(1, "sent", at=…)`; returns its key."""
    numbers = count(1)

    def build(
        ticket: int | None, state: str, at: datetime = NOW, kind: str = "answer", watched: bool = True, reply: str = ""
    ) -> str:
        key = f"{next(numbers):016x}"
        draft = Draft(
            date=NOW, from_=Mailbox(name="", address="support@example.com"), to=[Mailbox(name="", address="ann@example.org")],
            subject="s", message_id=f"{key}@mail.example.com", text="t",
        )  # fmt: skip
        with store.transaction() as tx:
            tx.put(
                [
                    Outgoing(
                        key=key,
                        kind=kind,
                        ticket=ticket,
                        reverse_path="",
                        recipient="ann@example.org",
                        draft=draft,
                        watched=watched,
                    )
                ],
                NOW,
            )
        if state != "queued":
            box = Outbox(store)
            box.exchange([], 100, NOW)
            box.exchange(
                [Settled(key=key, ticket=ticket, state=state, due_at=at, twice=False, reply=reply, watched=watched)], 0, at
            )
        return key

    return build
