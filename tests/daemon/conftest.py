"""Real daemons in a process of their own, and the folder they live in. Their log tells when something has happened."""

from __future__ import annotations

import json
import os
import signal
import smtplib
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from email.message import Message
from email.parser import BytesParser
from pathlib import Path
from typing import Any

import pytest

from maild.store.uri import sqlite_uri

DEADLINE = 60.0
DESK = """
[desk]
name = "Example Support"
domain = "example.com"
operator = "ops@example.net"
trusted_authserv = ["mx.example.com"]
[paths]
rules = {rules}
templates = {templates}
[[mailbox]]
address = "support@example.com"
service = "support"
[[mailbox]]
address = "security@example.com"
service = "security"
[intake.smtp]
listen = {listen}
[intake]
min_free = "1MB"
[intake.lmtp]
listen = {lmtp}
[store]
mail_time = {mail_time}
workers = {workers}
[log]
level = "debug"
format = "json"
"""


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def write_desk(root: Path, tmp_path: Path) -> Callable[..., Path]:
    """Writes a desk's `maild.toml`; its rules and templates are the shipped ones unless told otherwise."""

    def write(**changes: object) -> Path:
        values: dict[str, object] = {
            "rules": str(root / "rules"), "templates": str(root / "templates"), "listen": "127.0.0.1:0", "lmtp": [], "mail_time": "30s", "workers": 1,
        }  # fmt: skip
        file = tmp_path / "maild.toml"
        file.write_text(DESK.format(**{name: json.dumps(value) for name, value in (values | changes).items()}))
        return file

    return write


class Daemon:
    """`maild run`."""

    def __init__(self, file: Path, port: int) -> None:
        self.file, self.port = file, port
        self.under: list[str] = []  # a command that starts it, like `setpriv`
        self.state = file.parent / "var"
        self.lines: list[dict[str, Any]] = []
        self._news = threading.Condition()
        self._process: subprocess.Popen[str] | None = None
        self._reading: threading.Thread | None = None

    def start(self, ready: bool = True, **environment: str) -> None:
        """Starts it, and waits until it listens."""
        self.lines = []
        self._process = subprocess.Popen(
            [*self.under, sys.executable, "-m", "maild", "-c", str(self.file), "run"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env={**os.environ, **environment},
        )  # fmt: skip
        self._reading = threading.Thread(target=self._read, args=(self._process,), daemon=True)
        self._reading.start()
        if ready:
            self.wait_for(said="maild: ready")

    def _read(self, process: subprocess.Popen[str]) -> None:
        assert process.stderr is not None
        for line in process.stderr:
            try:
                found = json.loads(line)
            except ValueError:
                found = {"said": line.rstrip("\n")}
            with self._news:
                self.lines.append(found)
                self._news.notify_all()
        with self._news:
            self.lines.append({"said": "(closed)"})
            self._news.notify_all()

    def wait_for(self, times: int = 1, **fields: object) -> dict[str, Any]:
        """Waits until the log has so many lines with these fields; returns the last of them."""

        def found() -> list[dict[str, Any]]:
            return [line for line in self.lines if all(line.get(name) == value for name, value in fields.items())]

        with self._news:
            self._news.wait_for(lambda: len(found()) >= times or {"said": "(closed)"} in self.lines, DEADLINE)
            assert len(found()) >= times, f"{fields} is not {times} times in {self.lines}"
            return found()[times - 1]

    def worker(self) -> int:
        """The process that was started last."""
        return int([line["pid"] for line in self.lines if line.get("event") == "worker ready"][-1])

    def signal(self, number: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(number)

    def wait(self) -> int:
        """Waits for its end; returns its exit code."""
        assert self._process is not None
        assert self._reading is not None
        assert self._process.stderr is not None
        code = self._process.wait(DEADLINE)
        self._reading.join(DEADLINE)
        self._process.stderr.close()
        self._process = None
        return code

    def stop(self) -> int:
        """SIGTERM; returns the exit code."""
        self.signal(signal.SIGTERM)
        return self.wait()

    def kill(self) -> None:
        """Whatever it does, it ends here."""
        if self._process is not None:
            self._process.kill()
            self.wait()

    def send(self, raw: bytes, *to: str, sender: str = "ann@example.org") -> None:
        """A mail by SMTP."""
        with smtplib.SMTP("127.0.0.1", self.port, timeout=DEADLINE) as client:
            client.sendmail(sender, to or ("support@example.com",), raw)

    def mails(self) -> list[Message]:
        """All mails in its Maildir; of those that were sent twice the last copy."""
        return [BytesParser().parsebytes(path.read_bytes()) for path in sorted((self.state / "sent" / "new").glob("*"))]

    def read(self, query: str) -> list[tuple[Any, ...]]:
        """Rows of the desk's database, read-only."""
        with closing(sqlite3.connect(sqlite_uri(self.state / "maild.db", "mode=ro"), uri=True, timeout=DEADLINE)) as connection:
            return connection.execute(query).fetchall()

    def sent(self) -> dict[str, Message]:
        """The mails in its Maildir, by whom they were delivered to."""
        return {str(each["Delivered-To"]): each for each in self.mails()}

    def maild(self, *words: str, stdin: bytes = b"") -> subprocess.CompletedProcess[str]:
        """A command beside the daemon."""
        command = [sys.executable, "-m", "maild", "-c", str(self.file), *words]
        done = subprocess.run(command, input=stdin, capture_output=True, timeout=DEADLINE, check=False)
        return subprocess.CompletedProcess(command, done.returncode, done.stdout.decode(), done.stderr.decode())

    def status(self) -> dict[str, Any]:
        """`maild status --json`."""
        found: dict[str, Any] = json.loads(self.maild("status", "--json").stdout)
        return found

    def tickets(self) -> list[dict[str, Any]]:
        """`maild tickets --all --sealed --json`."""
        return [json.loads(line) for line in self.maild("tickets", "--all", "--sealed", "--json").stdout.splitlines()]


@pytest.fixture(scope="session")
def until() -> Callable[..., None]:
    """Looks until it is so, and fails the test when its time is over."""

    def wait(condition: Callable[[], object], what: str) -> None:
        deadline = time.monotonic() + DEADLINE
        while not condition():
            assert time.monotonic() < deadline, f"after {DEADLINE:.0f} s still not: {what}"
            time.sleep(0.02)  # between two looks: the daemon has the same processors

    return wait


@pytest.fixture
def daemon(write_desk: Callable[..., Path]) -> Iterator[Callable[..., Daemon]]:
    """Builds a daemon, not started yet; `maild.toml` has these settings."""
    built: list[Daemon] = []

    def build(**changes: object) -> Daemon:
        port = free_port()
        built.append(Daemon(write_desk(listen=f"127.0.0.1:{port}", **changes), port))
        return built[-1]

    yield build
    for each in built:
        each.kill()
