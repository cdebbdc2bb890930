"""A real daemon, killed under load: `scripts/crash` with few kills, and the same with bugs planted, which it must find."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def campaign(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `scripts/crash` as `make crash` does, with these options; what it leaves is left in the test's folder."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))

    def run(*options: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, str(root / "scripts" / "crash"), *options]
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=240)

    return run


def test_no_kill_loses_or_doubles_a_mail(campaign: Run) -> None:
    """After kills of front, worker and both, every acknowledged mail is one message on one ticket and was answered once."""
    done = campaign("--kills", "6", "--between", "60", "--seed", "1")
    assert done.returncode == 0, done.stdout + done.stderr
    said = dict(re.findall(r"(?m)^(\S.*?)  +(\S.*)$", done.stdout))
    assert said["violations"] == "0"
    assert int(said["mails acknowledged"]) >= 6 * 60
    assert int(said["with a batch in a worker's hands"]) > 0
    assert int(said["of the front, with mails on their way out"]) > 0


@pytest.mark.parametrize(
    ("without", "found", "seed"),  # 15: the front dies at once, while customers write; 6: when mails go out
    [("commit", "VIOLATION  LOST: ", "15"), ("mark", ": marked as sent twice: False", "6")],
    ids=["250 before the commit", "second copies unmarked"],
)
def test_a_planted_bug_is_found(campaign: Run, root: Path, without: str, found: str, seed: str) -> None:
    """The comparison at the end is not blind: a daemon that breaks a promise is found out."""
    done = campaign(
        *("--kills", "1", "--between", "60", "--seed", seed),
        *("--program", str(root / "tests" / "crash" / "without.py"), without),
    )
    assert done.returncode == 1, done.stdout + done.stderr
    assert found in done.stdout
