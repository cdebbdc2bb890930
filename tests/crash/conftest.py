"""What the crash tests share: a desk with its store in a temporary folder, mails for it, and daemons that can be killed."""

from __future__ import annotations

import dataclasses
import importlib.util
import re
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from sqlalchemy import select

from maild.config import Config, load_config
from maild.desk import Desk, build_desk
from maild.keys.ring import open_keyring
from maild.pipeline import Item
from maild.store.schema import Desk as Tables


@pytest.fixture
def config(root: Path, tmp_path: Path) -> Config:
    """The shipped configuration; state and store are the test's own."""
    state = tmp_path / "state"
    state.mkdir()
    return load_config(root / "maild.toml", {"MAILD_PATHS_STATE": str(state), "MAILD_STORE_URL": f"sqlite:{state / 'maild.db'}"})


@pytest.fixture
def desk(config: Config, clock: Any) -> Iterator[Desk]:
    """A desk as a worker has it, its tables made, its clock standing."""
    built = dataclasses.replace(build_desk(config, open_keyring(config.state / "keys")), clock=clock)
    built.store.migrate()
    yield built
    built.store.close()


@pytest.fixture(scope="session")
def item(mail: Callable[..., bytes], envelope: Callable[..., Any]) -> Callable[..., Item]:
    """Builds the n-th mail as a worker gets it: `item(3, "text", to="support@example.com", In_Reply_To="<…>")`."""

    def build(number: int, text: str = "Hello\n", to: str = "support@example.com", **fields: str) -> Item:
        raw = mail(text, **{"Message-ID": f"<{number}@example.org>", "Subject": f"Mail {number}"}, **fields)
        return Item(entry=f"{number:032x}", envelope=envelope(to), raw=raw)

    return build


@pytest.fixture
def stored(desk: Desk) -> Callable[[], dict[str, list[Any]]]:
    """Everything that stands in the desk's database, by table."""

    def read() -> dict[str, list[Any]]:
        with desk.store.database.reading() as connection:
            return {
                table.name: [tuple(row) for row in connection.execute(select(table))] for table in Tables.metadata.sorted_tables
            }

    return read


@pytest.fixture(scope="session")
def crash_daemon(root: Path) -> ModuleType:
    """`scripts/crash/daemon.py`, which starts and kills real daemons."""
    spec = importlib.util.spec_from_file_location("crash_daemon", root / "scripts" / "crash" / "daemon.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def new_daemon(crash_daemon: ModuleType, tmp_path: Path) -> Iterator[Callable[..., Any]]:
    """Builds a real daemon with a state folder of its own: `new_daemon(command=(…))`. None of its processes outlives the test."""
    made: list[Any] = []

    def build(**more: Any) -> Any:
        made.append(crash_daemon.Daemon(tmp_path / f"daemon-{len(made)}", "maildir:sent", **more))
        return made[-1]

    yield build
    for daemon in made:
        daemon.kill_all()


@pytest.fixture(scope="session")
def until() -> Callable[..., None]:
    """Waits for a condition, and fails the test when its time is over."""

    def wait(condition: Callable[[], bool], what: str, seconds: float = 30.0) -> None:
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, f"after {seconds:.0f} s still not: {what}"
            time.sleep(0.01)

    return wait


@pytest.fixture(scope="session")
def entry_of() -> Callable[[tuple[int, bytes]], str]:
    """The entry's id in the reply to a mail that was accepted."""

    def read(reply: tuple[int, bytes]) -> str:
        found = re.fullmatch(rb"2\.0\.0 accepted as ([0-9a-f]{32})", reply[1])
        assert reply[0] == 250, reply
        assert found is not None, reply
        return found[1].decode()

    return read
