"""The maildrop: mail by the pipe, as the real command leaves it, and orders of the command line; and how the daemon takes them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from maild import log
from maild.clock import from_stamp
from maild.config import Config
from maild.intake.body import LARGE
from maild.intake.collect import Collector
from maild.intake.maildrop import TooLarge, leave, pick_up
from maild.intake.spool import Spool
from maild.store.spool import SpoolReader, move

Deliver = Callable[..., subprocess.CompletedProcess[bytes]]
CANARY = b"Subject: the canary sings\n\ncanary\n"


def wired(mail: bytes) -> bytes:
    """A pipe's mail as it is kept: its lines end as the wire's do."""
    return mail.replace(b"\n", b"\r\n")


WIRED = wired(CANARY)


@pytest.fixture
def deliver(root: Path, config: Config) -> Deliver:
    """Runs `maild deliver` on the shipped desk, as a mailer would."""

    def run(*arguments: str, mail: bytes = CANARY, **environment: str) -> subprocess.CompletedProcess[bytes]:
        command = [sys.executable, "-m", "maild", "-c", str(root / "maild.toml"), "deliver", *arguments]
        env = {**os.environ, "MAILD_PATHS_STATE": str(config.state), **environment}
        return subprocess.run(command, input=mail, env=env, capture_output=True, timeout=60, check=False)

    return run


@pytest.fixture
def collector(config: Config, spool: Spool, clock) -> Collector:
    """The daemon's side."""
    return Collector(config.state / "maildrop", spool, clock, log.logger("test"))


def names(folder: Path) -> list[str]:
    """What lies there."""
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def drop(config: Config) -> Path:
    """The folder."""
    return config.state / "maildrop"


def test_mail_lies_there_durable(deliver: Deliver, drop: Path) -> None:
    """Exit 0 says that a complete file lies there, for its owner alone, with the envelope as given and the mail as it came."""
    done = deliver("--to", "support@example.com", "<emergency+x@example.com>", "--from", "<ann@example.org>")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    ((path, head, source),) = [(path, head, source.read()) for path, head, source in pick_up(drop)]
    assert {name: head[name] for name in ("what", "from", "to", "sealed")} == {
        "what": "mail",
        "from": "ann@example.org",
        "to": ["support@example.com", "emergency+x@example.com"],
        "sealed": False,
    }
    assert source == WIRED
    assert path.stat().st_mode & 0o777 == 0o600
    assert [each.suffix for each in drop.iterdir()] == [".drop"]


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        ([], 64, b"no recipient; usage: maild"),
        (["--to", "support@example.com", "--frm", "x"], 64, b"'--frm' is not known here"),
        (["--to", "support@example.com", "--from", "-odd@example.org"], 0, b""),
        (["support@example.com"], 64, b"'support@example.com' is not known here"),
        (["--to", "nobody@example.com"], 67, b"nobody@example.com: no such mailbox here"),
        (["--to", "support@example.com", "ann@example.org"], 67, b"ann@example.org: no such mailbox here"),
        (["--to=support@example.com", "--from="], 0, b""),
        (["--to", "postmaster@example.com"], 0, b""),
    ],
)
def test_words(deliver: Deliver, drop: Path, arguments: list[str], code: int, words: bytes) -> None:
    """Bad usage is 64, a stranger's address 67, each with one line on stderr; only exit 0 leaves a mail."""
    done = deliver(*arguments)
    assert (done.returncode, words in done.stderr, done.stderr.count(b"\n")) == (code, True, int(code != 0))
    assert len(list(drop.glob("*"))) == int(code == 0)


def test_help(deliver: Deliver) -> None:
    """Who asks how it is used is told, and nothing is read."""
    done = deliver("--help")
    assert (done.returncode, done.stdout.startswith(b"usage: maild"), done.stderr) == (0, True, b"")


def test_too_large(deliver: Deliver, drop: Path) -> None:
    """A mail over the limit is refused for good (65), and nothing of it stays."""
    done = deliver("--to", "support@example.com", mail=b"x" * 100_001, MAILD_INTAKE_SMTP_MAX_SIZE="100KB")
    assert (done.returncode, done.stderr.count(b"\n")) == (65, 1)
    assert b"intake.smtp.max_size is the limit" in done.stderr
    assert names(drop) == []
    assert deliver("--to", "support@example.com", mail=b"x" * 100_000, MAILD_INTAKE_SMTP_MAX_SIZE="100KB").returncode == 0


def test_no_maildrop(deliver: Deliver, config: Config) -> None:
    """Where the maildrop cannot be written the mailer is asked to come again (75)."""
    config.state.mkdir()
    (config.state / "maildrop").write_text("a file in the folder's place")
    done = deliver("--to", "support@example.com")
    assert (done.returncode, done.stderr.count(b"\n")) == (75, 1)
    assert b"the mail was not taken" in done.stderr


def test_bad_configuration(deliver: Deliver, drop: Path) -> None:
    """A configuration that cannot be read is told with its place, and 75: an operator's slip must not bounce mail."""
    done = deliver("--to", "support@example.com", MAILD_DESK_SEPARATOR="!")
    assert done.returncode == 75
    assert b"maild.toml:" in done.stderr
    assert not drop.exists()


def test_sealed(deliver: Deliver, config: Config) -> None:
    """A mail to a sealed mailbox is nowhere in plaintext, not even in the maildrop."""
    assert deliver("--to", "support@example.com", "security@example.com").returncode == 0
    for path in config.state.rglob("*"):
        assert path.is_dir() or b"canary" not in path.read_bytes(), path.name


@pytest.mark.asyncio
async def test_collected(deliver: Deliver, collector: Collector, outside: SpoolReader, drop: Path) -> None:
    """The daemon takes mail as it came and when it came, by the order in which it was left: small, large, and sealed."""
    big = CANARY * (LARGE // 20)
    deliver("--to", "support@example.com", "--from", "ann@example.org")
    deliver("--to", "support@example.com", mail=big)
    deliver("--to", "security@example.com", mail=CANARY)
    deliver("--to", "security@example.com", mail=big)
    left, arrived_at = zip(*((path.stem, from_stamp(head["at"])) for path, head, _ in pick_up(drop)), strict=True)
    assert arrived_at == tuple(sorted(arrived_at))
    assert await collector.collect() is False
    entries = outside.waiting(0, 10)
    assert [each.id for each in entries] == list(left)
    assert [outside.bytes_of(each) for each in entries] == [WIRED, wired(big), WIRED, wired(big)]
    assert [each.sealed for each in entries] == [False, False, True, True]
    first = entries[0].envelope
    assert (first.reverse_path, first.forward_paths, first.intake) == ("ann@example.org", ("support@example.com",), "pipe")
    assert first.trusted
    assert list(arrived_at) == [each.envelope.arrived_at for each in entries]
    assert entries[1].envelope.reverse_path == ""
    assert names(drop) == []


@pytest.mark.asyncio
async def test_taken_once(collector: Collector, outside: SpoolReader, drop: Path) -> None:
    """A mail whose file could not be removed, or that was not removed before a crash, is not taken again."""
    leave(drop, {"what": "mail", "from": "", "to": ["support@example.com"], "sealed": False}, None)
    file = drop / names(drop)[0]
    content = file.read_bytes()
    await collector.collect()
    for _ in range(2):
        file.write_bytes(content)
        await collector.collect()
    assert len(outside.waiting(0, 10)) == 1
    assert names(drop) == []


@pytest.mark.asyncio
async def test_half_written_files_are_left_alone(collector: Collector, outside: SpoolReader, drop: Path) -> None:
    """A file without its name yet is somebody's who still writes; a drop that is not understood is put aside, and the rest goes on."""
    leave(drop, {"what": "mail", "from": "", "to": ["support@example.com"], "sealed": False}, None)
    (drop / "unfinished.part").write_bytes(b"{")
    (drop / "damaged.drop").write_bytes(b"\xff not JSON\n")
    (drop / "list.drop").write_bytes(b"[1, 2]\n")
    (drop / "unknown.drop").write_bytes(b'{"what": "explode"}\n')
    await collector.collect()
    assert len(outside.waiting(0, 10)) == 1
    assert names(drop) == ["damaged.bad", "list.bad", "unfinished.part", "unknown.bad"]


@pytest.mark.asyncio
async def test_no_maildrop_yet(collector: Collector) -> None:
    """Before anything was ever left there, there is nothing to take."""
    assert await collector.collect() is False


@pytest.mark.asyncio
async def test_orders(collector: Collector, spool: Spool, to_support, drop: Path) -> None:
    """`retry` and `drop` move what is held; what is done already is let alone, so an order that comes late changes nothing."""
    entries = [await spool.accept(to_support, b"x", sealed=False) for _ in range(4)]
    await spool.submit(lambda connection: move(connection, entries, "active"))
    await spool.submit(lambda connection: move(connection, entries[:3], "hold", "broken"))
    await spool.submit(lambda connection: move(connection, entries[3:], "done"))
    leave(drop, {"what": "retry", "entries": [entries[0], entries[3]]})
    assert await collector.collect() is True
    leave(drop, {"what": "drop", "entries": [entries[1], "nobody"]})
    await collector.collect()
    found = spool.reader.entries(entries)
    assert [found[each].state for each in entries] == ["incoming", "done", "hold", "done"]
    assert found[entries[1]].reason == "dropped by the operator"
    leave(drop, {"what": "retry", "entries": [entries[1]]})
    assert await collector.collect() is False
    assert spool.reader.entries(entries)[entries[1]].state == "done"


def test_a_limit_leaves_nothing(drop: Path, tmp_path: Path) -> None:
    """What is too large, or fails in its middle, leaves no file."""
    mail = tmp_path / "mail"
    mail.write_bytes(b"x" * 100_000)
    with mail.open("rb") as source, pytest.raises(TooLarge):
        leave(drop, {"what": "mail"}, source, limit=99_999)
    with mail.open("wb") as source, pytest.raises(OSError, match="read"):
        leave(drop, {"what": "mail"}, source)  # not open for reading
    assert names(drop) == []


def test_the_first_line_is_the_envelope(drop: Path) -> None:
    """The first line of a drop is JSON in ASCII, whatever the addresses, so that any tool can read it."""
    name = leave(drop, {"what": "mail", "to": ["jörg@example.com"]})
    first = (drop / f"{name}.drop").read_bytes().split(b"\n")[0]
    assert first.isascii()
    assert json.loads(first) == {"what": "mail", "to": ["jörg@example.com"]}
