"""A copy of the shipped desk in the test's own folder, and the `maild` command in a process of its own.

Most commands are forked from a process that has imported maild already: what they do is the same, and the import takes
most of their second. `fresh=True` starts Python anew.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from maild.config import load_config
from maild.desk import build_desk
from maild.keys.ring import open_keyring
from maild.mail.envelope import Envelope
from maild.pipeline import Item, work
from maild.store.outbox import Outbox, Settled
from maild.store.store import Store

START = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
DEADLINE = 60
LEAKY = ("MAILD_", "NOTIFY_SOCKET")  # of the environment that the tests were started in


@dataclass(frozen=True)
class Said:
    """What a command said."""

    code: int
    out: str
    err: str
    raw: bytes

    @property
    def objects(self) -> list[Any]:
        """Standard output as JSON, one object a line."""
        return [json.loads(line) for line in self.out.splitlines()]

    def failed(self, code: int, *words: str) -> None:
        """It ended with this code, and said these words on stderr, without a traceback."""
        assert self.code == code, (self.out, self.err)
        assert "Traceback" not in self.err
        for word in words:
            assert word in self.err


FORGE = """
import json, os, signal, sys, traceback
from maild.__main__ import main
from maild import worker
from maild.cli import entry, shapes
for family in entry.FAMILIES:
    __import__(f"maild.cli.{family}")

orders, answers = os.fdopen(os.dup(0), "rb", buffering=0), os.fdopen(os.dup(1), "wb", buffering=0)
for line in orders:
    order = json.loads(line)
    child = os.fork()
    if child == 0:
        signal.alarm(order["deadline"])
        os.chdir(order["folder"])
        os.environ.clear()
        os.environ.update(order["environ"])
        for number, (name, flags) in enumerate(zip(order["files"], (os.O_RDONLY, os.O_WRONLY, os.O_WRONLY))):
            os.dup2(os.open(name, flags), number)
        sys.argv = ["maild", *order["words"]]
        try:
            code = main()
        except SystemExit as error:
            code = error.code or 0
        except BaseException:
            traceback.print_exc()
            code = 1
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)  # taking down what was imported takes longer than most commands
    answers.write(b"%d\\n" % os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


class Forge:
    """Makes processes in which maild is imported already."""

    def __init__(self, folder: Path) -> None:
        self.files = [folder / name for name in ("in", "out", "err")]
        command = [sys.executable, "-c", FORGE]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment())

    def run(self, folder: Path, words: tuple[str, ...], stdin: bytes, environ: dict[str, str]) -> tuple[int, bytes, bytes]:
        """(exit code, standard output, standard error) of `maild WORDS`."""
        for path, content in zip(self.files, (stdin, b"", b""), strict=True):
            path.write_bytes(content)
        order = {
            "folder": str(folder), "words": words, "environ": environ, "files": [str(each) for each in self.files], "deadline": DEADLINE,
        }  # fmt: skip
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(order).encode() + b"\n")
        self._process.stdin.flush()
        code = int(self._process.stdout.readline())
        return code, self.files[1].read_bytes(), self.files[2].read_bytes()

    def close(self) -> None:
        """Ends it."""
        with self._process:
            pass


def environment(**more: str) -> dict[str, str]:
    """The environment for a command, without what is the tests' own."""
    return {name: value for name, value in os.environ.items() if not name.startswith(LEAKY)} | more


@dataclass(frozen=True)
class Place:
    """A folder with a desk in it."""

    folder: Path
    forge: Forge

    @property
    def state(self) -> Path:
        return self.folder / "var"

    def maild(self, *words: str, stdin: bytes = b"", fresh: bool = False, **environ: str) -> Said:
        """Runs `maild WORDS` in the folder."""
        around = environment(**environ)
        if fresh:
            command = [sys.executable, "-m", "maild", *words]
            done = subprocess.run(
                command, cwd=self.folder, input=stdin, capture_output=True, env=around, timeout=DEADLINE, check=False
            )
            code, out, err = done.returncode, done.stdout, done.stderr
        else:
            code, out, err = self.forge.run(self.folder, words, stdin, around)
        return Said(code, out.decode("utf-8", "replace"), err.decode("utf-8", "replace"), out)

    def start(self, *words: str, **environ: str) -> subprocess.Popen[str]:
        """Starts `maild WORDS`; the caller ends it."""
        command = [sys.executable, "-m", "maild", *words]
        return subprocess.Popen(command, cwd=self.folder, stderr=subprocess.PIPE, text=True, env=environment(**environ))

    def edit(self, name: str, old: str, new: str) -> int:
        """Changes a file; returns the line where the change begins."""
        path = self.folder / name
        text = path.read_text("utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {name}"
        path.write_text(text.replace(old, new), "utf-8")
        return text[: text.index(old)].count("\n") + 1

    def write(self, name: str, raw: bytes) -> Path:
        """Puts a file into the folder."""
        path = self.folder / name
        path.write_bytes(raw)
        return path

    def fill(self, *mails: tuple[bytes, str], first: int = 1) -> None:
        """Works on mails, each with its forward-path, a minute apart, as a worker does; `first` numbers the first of them."""
        config = load_config(self.folder / "maild.toml", {})
        desk = build_desk(config, open_keyring(config.state / "keys"))
        desk.store.migrate()
        for number, (raw, to) in enumerate(mails, first):
            arrived_at = START + timedelta(minutes=number)
            envelope = Envelope(
                reverse_path="ann@berg.example", forward_paths=(to,), arrived_at=arrived_at, intake="smtp", trusted=True
            )
            work([Item(entry=f"{number:032x}", envelope=envelope, raw=raw)], replace(desk, clock=_Standing(arrived_at)))
        desk.store.close()

    def settle(self, state: str, at: datetime, *kinds: str) -> int:
        """The next hop spoke then about all mails of these classes that wait; returns how many."""
        config = load_config(self.folder / "maild.toml", {})
        store = Store(config, open_keyring(config.state / "keys"))
        box = Outbox(store)
        waiting = box.exchange([], 1000, at)
        chosen = [each.mail for each in waiting if each.mail.kind in kinds]
        box.exchange(
            [
                Settled(
                    key=each.key, ticket=each.ticket, state=state, due_at=at, twice=False, reply="its word", watched=each.watched
                )
                for each in chosen
            ],
            0,
            at,
        )
        box.recover(at)  # the others wait on
        store.close()
        return len(chosen)

    def ticket(self, number: int) -> dict[str, Any]:
        """`maild ticket N --sealed --json`."""
        (told,) = self.maild("ticket", str(number), "--sealed", "--json").objects
        return told


@dataclass(frozen=True)
class _Standing:
    time: datetime

    def now(self) -> datetime:
        return self.time


def _copy(root: Path, folder: Path, forge: Forge) -> Place:
    shutil.copy(root / "maild.toml", folder)
    for name in ("rules", "templates"):
        shutil.copytree(root / name, folder / name)
    return Place(folder, forge)


@pytest.fixture(scope="session")
def forge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forge]:
    """Where commands are forked from."""
    forge = Forge(tmp_path_factory.mktemp("forge"))
    yield forge
    forge.close()


@pytest.fixture
def place(root: Path, tmp_path: Path, forge: Forge) -> Place:
    """The shipped desk, nothing in it, to be changed at will."""
    folder = tmp_path / "desk"
    folder.mkdir()
    return _copy(root, folder, forge)


@pytest.fixture(scope="session")
def filled(root: Path, tmp_path_factory: pytest.TempPathFactory, mail: Callable[..., bytes], forge: Forge) -> Place:
    """A desk with three tickets, of which the third is sealed. It is shared: to be looked at only."""
    place = _copy(root, tmp_path_factory.mktemp("filled"), forge)
    complete = (
        "The tax is wrong.\nVersion: 17.0\nDatabase: berg-prod\nSteps to reproduce: print an invoice\n"
        "Current behaviour: the tax is computed twice\nExpected behaviour: once\n"
    )
    first = mail(complete, Subject="Tax is computed twice", Message_ID="<1@berg.example>")
    second = mail(
        "How do I set up landed costs? As my colleague asked before.\n",
        From="Carl Dahl <carl@dahl.example>", Subject="Landed costs", Message_ID="<2@dahl.example>", References="<1@berg.example>",
    )  # fmt: skip
    third = mail("Any portal user can read all.\n", Subject="A hole in the portal", Message_ID="<3@berg.example>")
    place.fill((first, "support@example.com"), (second, "support@example.com"), (third, "security@example.com"))
    return place


@pytest.fixture(scope="session")
def ticket_names() -> tuple[str, ...]:
    """The names of a ticket's JSON, in their order (docs/interfaces.md)."""
    names = (
        "number subject service stage case papers team assignee priority blocking requester participants pending unreachable contract database version hosting"
        " language scope issues verdict fields missing tags arrived_at created_at due merged_into links"
    )
    return tuple(names.split())
