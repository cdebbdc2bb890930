"""The daemon under test: a real `maild run` with the shipped configuration, in a state folder of its own, started and killed."""

import contextlib
import json
import os
import select
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parents[2]
START_SECONDS = 60.0
GONE_SECONDS = 30.0


class DidNotStart(Exception):
    """The daemon ended, or said nothing, before it was ready."""


@dataclass(frozen=True, slots=True)
class InFlight:
    """What was under way at the moment of a kill."""

    active: int  # spool entries that a worker had in its hands
    sending: tuple[str, ...]  # keys of the mails that were on their way to the next hop
    waiting: int  # spool entries that nobody had taken yet


class Daemon:
    """One state folder and the processes that serve it. Only processes that were started here are ever killed, by their handles."""

    def __init__(
        self, folder: Path, next_hop: str, command: Sequence[str] = (sys.executable, "-m", "maild"), **settings: str
    ) -> None:
        self.folder = folder
        self.state = folder / "var"
        self.config = folder / "maild.toml"
        self.log = folder / "daemon.log"
        self.port = free_port()
        self._command = command
        self._process: subprocess.Popen[bytes] | None = None
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(REPOSITORY / "maild.toml", self.config)
        for name in ("rules", "templates"):
            shutil.copytree(REPOSITORY / name, folder / name, dirs_exist_ok=True)
        self._environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("MAILD_")},
            "MAILD_INTAKE_SMTP_LISTEN": f"127.0.0.1:{self.port}",
            "MAILD_PATHS_STATE": str(self.state),
            "MAILD_STORE_URL": f"sqlite:{self.state / 'maild.db'}",
            "MAILD_DELIVERY_NEXT_HOP": next_hop,
            "MAILD_LOG_FORMAT": "json",
            "PYTHONPATH": str(REPOSITORY),
            **settings,
        }

    # --- its life ---------------------------------------------------------------------------------------------

    @property
    def pid(self) -> int:
        """The front's."""
        assert self._process is not None
        return self._process.pid

    def spawn(self) -> None:
        """Starts the front and does not wait. What it says is added to the log."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [*self._command, "--config", str(self.config), "run"],
                stderr=log,
                stdout=log,
                env=self._environment,
                cwd=self.folder,
            )
        self._said = self.log.stat().st_size

    def is_ready(self) -> bool:
        """Whether the front that was spawned last has said so.

        Raises:
            DidNotStart: it ended instead.
        """
        assert self._process is not None
        with self.log.open("rb") as log:
            log.seek(self._said)
            said = log.read()
        if b"maild: ready\n" in said:
            return True
        if self._process.poll() is not None:
            raise DidNotStart(said.decode(errors="replace"))
        return False

    def start(self) -> None:
        """Starts the front and waits until it is ready. Raises DidNotStart."""
        self.spawn()
        deadline = time.monotonic() + START_SECONDS
        while not self.is_ready():
            if time.monotonic() > deadline:
                raise DidNotStart(f"not ready after {START_SECONDS:.0f} s")
            time.sleep(0.01)

    def comes_up(self) -> bool:
        """Starts the front; whether it became ready, or was killed before. Raises DidNotStart where it ended for a reason of its own."""
        try:
            self.start()
        except DidNotStart:
            assert self._process is not None
            if self._process.poll() == -signal.SIGKILL:
                return False
            raise
        return True

    def stop(self) -> int:
        """SIGTERM; the exit code."""
        assert self._process is not None
        self._process.terminate()
        return self._process.wait(GONE_SECONDS)

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        """A command of the operator's, beside the daemon."""
        command = [sys.executable, "-m", "maild", "--config", str(self.config), *words]
        return subprocess.run(command, env=self._environment, cwd=self.folder, capture_output=True, text=True, check=False)

    def workers(self) -> list[int]:
        """Handles (pidfd) of the front's worker processes. To be closed by the caller."""
        handles = []
        for task in _listed(Path(f"/proc/{self.pid}/task")):
            with contextlib.suppress(OSError):
                for child in (task / "children").read_text().split():
                    handle = os.pidfd_open(int(child))
                    if b"maild.worker" in Path(f"/proc/{child}/cmdline").read_bytes():
                        handles.append(handle)
                    else:
                        os.close(handle)
        return handles

    def kill_front(self) -> None:
        """SIGKILL; returns when it is gone. Its workers see the end of their input, and end by themselves."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def kill_all(self) -> None:
        """The end of everything, whatever state it is in."""
        if self._process is None:
            return
        workers = self.workers()
        self.kill_front()
        kill_workers(workers)

    # --- what it left -----------------------------------------------------------------------------------------

    def in_flight(self) -> InFlight:
        """What the databases say is under way. Reads only; meant for a front that is dead or workers that are stopped."""
        spool = dict(self.read("spool.db", "SELECT state, COUNT(*) FROM entry WHERE state <> 'done' GROUP BY state"))
        sending = self.read("maild.db", "SELECT key FROM outbox WHERE state = 'sending'")
        return InFlight(spool.get("active", 0), tuple(key for (key,) in sending), spool.get("incoming", 0))

    def read(self, name: str, query: str) -> list[tuple[Any, ...]]:
        """Rows of a database of the state folder, read-only; none where there is no such table yet."""
        try:
            with contextlib.closing(sqlite3.connect(f"file:{self.state / name}?mode=ro", uri=True, timeout=30)) as connection:
                return connection.execute(query).fetchall()
        except sqlite3.OperationalError as error:
            if "no such table" in str(error) or "unable to open" in str(error):
                return []
            raise

    def said(self, event: str) -> list[dict[str, Any]]:
        """Lines of the log with this event, as objects."""
        found = []
        for line in self.log.read_bytes().splitlines():
            with contextlib.suppress(ValueError):
                words = json.loads(line)
                if isinstance(words, dict) and words.get("event") == event:
                    found.append(words)
        return found


def free_port() -> int:
    """A port of loopback that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def kill_workers(handles: Sequence[int]) -> None:
    """SIGKILL to processes by handle; returns when they are gone, and closes the handles."""
    for handle in handles:
        signal_worker(handle, signal.SIGKILL)
    wait_for(handles)


def signal_worker(handle: int, number: signal.Signals) -> None:
    """A signal to a process that may be gone."""
    with contextlib.suppress(ProcessLookupError):
        signal.pidfd_send_signal(handle, number)


def wait_for(handles: Sequence[int]) -> None:
    """Waits until these processes are gone, and closes the handles. Raises TimeoutError."""
    for handle in handles:
        try:
            if not select.select([handle], [], [], GONE_SECONDS)[0]:
                raise TimeoutError(f"a worker did not end within {GONE_SECONDS:.0f} s")
        finally:
            os.close(handle)


def _listed(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError:
        return []
