"""250 is not said before the mail is on the disk: the daemon's system calls, in the order in which strace saw them."""

from __future__ import annotations

import re
import shutil
import smtplib
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from maild.intake.body import LARGE

CALLS = "fdatasync,fsync,write,writev,pwrite64,pwritev,rename,renameat,renameat2,sendto,sendmsg"
BEGINNING, END = "BeginningOfTheMail", "EndOfTheMail"
_WHOLE = re.compile(r"(?P<thread>\d+) +(?P<name>\w+)\((?P<words>.*)\) += (?P<result>-?\d+)")
_BEGUN = re.compile(r"(?P<thread>\d+) +(?P<name>\w+)\((?P<words>.*) <unfinished \.\.\.>")
_ENDED = re.compile(r"(?P<thread>\d+) +<\.\.\. (?P<name>\w+) resumed>.*\) += (?P<result>-?\d+)")


@dataclass(slots=True)
class Call:
    """A system call: when it began and ended, counted in lines. strace stops every thread at both, so what follows follows."""

    name: str
    words: str
    begun: int
    ended: float = float("inf")
    result: int = -1

    def is_on(self, path: str) -> bool:
        """Whether its first argument is a handle of the file with this end of its name."""
        return re.match(rf"\d+<[^>]*{re.escape(path)}>", self.words) is not None


def read_trace(text: str) -> list[Call]:
    """All calls, in the order of their beginnings."""
    calls: list[Call] = []
    open_in: dict[str, Call] = {}
    for number, line in enumerate(text.splitlines()):
        if found := _BEGUN.match(line):
            open_in[found["thread"]] = Call(found["name"], found["words"], number)
            calls.append(open_in[found["thread"]])
        elif found := _ENDED.match(line):
            call = open_in.pop(found["thread"], None)
            if call is not None:
                call.ended, call.result = number, int(found["result"])
        elif found := _WHOLE.match(line):
            calls.append(Call(found["name"], found["words"], number, number, int(found["result"])))
    return calls


def broken_promises(calls: list[Call], entry: str, large: bool) -> list[str]:
    """What was not safe on the disk when the 250 of this entry left; the checker of these tests."""
    answers = [
        each.begun
        for each in calls
        if each.name in ("sendto", "sendmsg", "write") and f'"250 2.0.0 accepted as {entry}' in each.words
    ]
    if len(answers) != 1:
        return [f"{len(answers)} answers were seen"]

    def synced(path: str, after: float) -> bool:
        return any(
            each.is_on(path) and each.begun > after and each.ended < answers[0] and each.result == 0
            for each in calls
            if each.name in ("fsync", "fdatasync")
        )

    def first_write(path: str, what: str) -> float:
        writes = (each.ended for each in calls if "write" in each.name and each.is_on(path) and what in each.words)
        return next(writes, float("inf"))

    wrong = []
    for what in (entry,) if large else (entry, BEGINNING, END):
        if not synced("/spool.db-wal", first_write("/spool.db-wal", what)):
            wrong.append(f"spool.db-wal was not synced after {what} was written to it")
    if large:
        part = f"/spool/{entry}.part"
        last = max((each.ended for each in calls if "write" in each.name and each.is_on(part)), default=float("inf"))
        named = next((each.ended for each in calls if "rename" in each.name and f"{entry}.mail" in each.words), float("inf"))
        if not synced(part, last):
            wrong.append("the large mail's file was not synced after its last octet")
        if not synced("/var/spool", named):
            wrong.append("the folder was not synced after the large mail had its name")
    return wrong


@pytest.fixture(scope="module")
def strace() -> str:
    """Where strace is, if it may trace here."""
    found = shutil.which("strace")
    if found is None:
        pytest.skip("strace is missing: apt-get install strace")
    tried = subprocess.run([found, "-D", "-f", "-o", "/dev/null", sys.executable, "-c", ""], capture_output=True, check=False)
    if tried.returncode != 0:
        pytest.skip("strace may not trace here: allow ptrace (kernel.yama.ptrace_scope, or a container's --cap-add=SYS_PTRACE)")
    return found


@pytest.fixture
def promises_broken(
    strace: str,
    new_daemon: Callable[..., Any],
    until: Callable[..., None],
    entry_of: Callable[..., str],
    root: Path,
    tmp_path: Path,
) -> Callable[[bool, str], list[str]]:
    """Hands one mail to a real daemon under strace, with a promise taken out or none, and says which were broken."""

    def run(large: bool, without: str) -> list[str]:
        program = [str(root / "tests" / "crash" / "without.py"), without] if without else ["-m", "maild"]
        trace = tmp_path / "trace"
        # -D: the daemon stays our child, and strace looks on from aside.
        tracing = [strace, "-D", "-f", "-y", "-s", "5000", "-e", f"trace={CALLS}", "-e", "signal=none", "-o", str(trace)]
        daemon = new_daemon(command=(*tracing, sys.executable, *program))
        daemon.start()
        fields = "From: ann@example.org\r\nMessage-ID: <1@example.org>\r\nSubject: order\r\n\r\n"
        body = f"{BEGINNING}\r\n" + "a line of a mail\r\n" * (LARGE // 18 + 1000 if large else 20) + f"{END}\r\n"
        with smtplib.SMTP("127.0.0.1", daemon.port) as client:
            client.ehlo()
            client.mail("ann@example.org")
            client.rcpt("support@example.com")
            entry = entry_of(client.data(fields + body))
        assert daemon.stop() == 0
        its_end = re.compile(rf"(?m)^{daemon.pid} +\+\+\+ exited")
        until(lambda: its_end.search(trace.read_text(errors="replace")) is not None, "the trace is complete")
        return broken_promises(read_trace(trace.read_text(errors="replace")), entry, large)

    return run


@pytest.mark.parametrize("large", [False, True], ids=["small", "large"])
def test_synced_before_answered(promises_broken: Callable[[bool, str], list[str]], large: bool) -> None:
    """Every sync that a mail's safety rests on has ended when its 250 begins to leave."""
    assert promises_broken(large, "") == []


@pytest.mark.parametrize(
    ("large", "without", "said"),
    [
        (False, "wal-sync", "spool.db-wal was not synced"),
        (True, "wal-sync", "spool.db-wal was not synced"),
        (True, "file-sync", "the large mail's file was not synced"),
        (True, "folder-sync", "the folder was not synced"),
    ],
)
def test_a_missing_sync_is_seen(promises_broken: Callable[[bool, str], list[str]], large: bool, without: str, said: str) -> None:
    """The same check of a daemon that leaves a sync out says which: it would see the mistake if it were made."""
    broken = promises_broken(large, without)
    assert broken
    assert all(said in each for each in broken)
