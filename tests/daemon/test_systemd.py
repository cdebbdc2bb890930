"""What systemd is told, by a Unix datagram socket in its place."""

from __future__ import annotations

import signal
import smtplib
import socket
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

DEADLINE = 60.0


class Supervisor:
    """The socket that $NOTIFY_SOCKET names."""

    def __init__(self, path: Path) -> None:
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(str(path))
        self.path = str(path)

    def hears(self, word: str, but: tuple[str, ...] = ("STATUS=", "WATCHDOG=1")) -> str:
        """The next message, which begins so; others only of those kinds that come by themselves."""
        self.socket.settimeout(DEADLINE)
        while not (said := self.socket.recv(4096).decode()).startswith(word):
            assert said.startswith(but), f"{said!r} came before {word!r}"
        return said

    def is_told_nothing(self, word: str, seconds: float) -> bool:
        """Whether nothing that begins so comes for a while."""
        self.socket.settimeout(seconds)
        try:
            while not self.socket.recv(4096).decode().startswith(word):
                pass
        except TimeoutError:
            return True
        return False


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[Supervisor]:
    """Listens in systemd's place."""
    listening = Supervisor(tmp_path / "notify")
    yield listening
    listening.socket.close()


def test_from_ready_to_stopping(daemon, supervisor: Supervisor) -> None:
    """READY=1 comes when the daemon listens, a status with it, STOPPING=1 when it begins to end; without a watchdog no WATCHDOG=1."""
    desk = daemon()
    desk.start(ready=False, NOTIFY_SOCKET=supervisor.path)
    supervisor.hears("READY=1", but=("STATUS=taking mail",))
    with smtplib.SMTP("127.0.0.1", desk.port, timeout=DEADLINE) as client:
        assert client.noop()[0] == 250
    assert desk.stop() == 0
    supervisor.hears("STOPPING=1", but=("STATUS=",))


def test_a_start_that_fails(daemon, supervisor: Supervisor) -> None:
    """Who cannot listen was never ready."""
    desk = daemon()
    with socket.create_server(("127.0.0.1", desk.port)):
        desk.start(ready=False, NOTIFY_SOCKET=supervisor.path)
        assert desk.wait() == 78
    assert supervisor.is_told_nothing("READY=1", 0.01)


def test_a_reload(daemon, supervisor: Supervisor, tmp_path: Path) -> None:
    """SIGHUP: RELOADING=1 with the time, then READY=1, whether the files were good or not; the status tells which."""
    desk = daemon()
    desk.start(NOTIFY_SOCKET=supervisor.path)
    supervisor.hears("READY=1")
    desk.signal(signal.SIGHUP)
    said = supervisor.hears("RELOADING=1\nMONOTONIC_USEC=")
    assert int(said.partition("MONOTONIC_USEC=")[2]) > 0
    supervisor.hears("READY=1")
    good = desk.file.read_text()
    desk.file.write_text(good + "[desk")
    desk.signal(signal.SIGHUP)
    supervisor.hears("RELOADING=1")
    supervisor.hears("READY=1")
    assert "the last reload was refused" in supervisor.hears("STATUS=")
    desk.file.write_text(good)
    desk.signal(signal.SIGHUP)
    supervisor.hears("RELOADING=1")
    supervisor.hears("READY=1")
    assert supervisor.hears("STATUS=") == "STATUS=taking mail"
    assert desk.stop() == 0


def test_watchdog(daemon, supervisor: Supervisor, mail: Callable[..., bytes]) -> None:
    """WATCHDOG=1 comes while loop and spool answer; while the spool's writer hangs it does not, and afterwards it does again."""
    desk = daemon()
    desk.start(NOTIFY_SOCKET=supervisor.path, WATCHDOG_USEC="500000")
    for _ in range(3):
        supervisor.hears("WATCHDOG=1", but=("STATUS=", "READY=1"))
    blocker = sqlite3.connect(desk.state / "spool.db", isolation_level=None)
    blocker.execute("BEGIN IMMEDIATE")  # the writing thread waits for this lock
    desk.wait_for(event="watchdog not fed")
    supervisor.is_told_nothing("WATCHDOG=1", 0.01)  # what was sent before
    assert supervisor.is_told_nothing("WATCHDOG=1", 1.5)
    blocker.execute("ROLLBACK")
    blocker.close()
    supervisor.hears("WATCHDOG=1")
    desk.send(mail())
    desk.wait_for(event="mail", state="sent", times=2)
    assert desk.stop() == 0


def test_a_watchdog_of_somebody_else(daemon, supervisor: Supervisor) -> None:
    """$WATCHDOG_PID names another process: then the order was not for us."""
    desk = daemon()
    desk.start(NOTIFY_SOCKET=supervisor.path, WATCHDOG_USEC="200000", WATCHDOG_PID="1")
    supervisor.hears("READY=1")
    assert supervisor.is_told_nothing("WATCHDOG=1", 0.5)
    assert desk.stop() == 0
