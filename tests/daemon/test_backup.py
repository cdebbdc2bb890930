"""Backup while the desk works, and the way back: every mail that was acknowledged before a backup began is there again."""

from __future__ import annotations

import json
import shutil
import signal
import smtplib
import sqlite3
import stat
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from maild.config import load_config
from maild.intake.maildrop import complete
from maild.keys.ring import open_keyring
from maild.store.look import Look
from maild.store.spool import SpoolReader
from maild.store.store import Store

DEADLINE = 60.0


class Customers:
    """They write all the time, by SMTP and by the pipe, small and large mails, some of them secret; and note what was taken."""

    def __init__(self, desk: Any, mail: Callable[..., bytes]) -> None:
        self.desk, self.mail = desk, mail
        self.taken: list[str] = []
        self._enough = threading.Event()
        self._some = threading.Condition()
        self._thread = threading.Thread(target=self._write)
        self._thread.start()

    def _write(self) -> None:
        number = 0
        try:
            with smtplib.SMTP("127.0.0.1", self.desk.port, timeout=DEADLINE) as client:
                while not self._enough.is_set():
                    number += 1
                    text = f"Number {number}.\n" + ("x" * 76 + "\n") * (6_000 if number % 10 == 5 else 1)
                    raw = self.mail(text, Subject=f"s{number}", Message_ID=f"<{number}@example.org>")
                    if number % 12 == 7:
                        words = ("deliver", "--to", "support@example.com", "--from", "ann@example.org")
                        assert self.desk.maild(*words, stdin=raw).returncode == 0
                    else:
                        to = "security@example.com" if number % 10 in (2, 5) else "support@example.com"
                        client.sendmail("ann@example.org", to, raw)
                    with self._some:
                        self.taken.append(f"s{number}")
                        self._some.notify_all()
        except (smtplib.SMTPException, OSError):
            return  # the daemon was killed; what was not answered does not count

    def until(self, count: int) -> list[str]:
        """What was taken, once it is so many."""
        with self._some:
            assert self._some.wait_for(lambda: len(self.taken) >= count, DEADLINE)
            return list(self.taken)

    def stop(self) -> None:
        self._enough.set()
        self._thread.join(DEADLINE)


def is_worked_off(desk: Any) -> Callable[[], bool]:
    """What the pipe left is in the spool, and from there on tickets."""
    return lambda: not (list(complete(desk.state / "maildrop")) or SpoolReader(desk.state).counts())


def contents(desk: Any) -> tuple[set[str], int]:
    """The subjects of the tickets, and how many mails of record can be read."""
    config = load_config(desk.file, {})
    keys = open_keyring(config.state / "keys")
    store, spool = Store(config, keys), SpoolReader(config.state, keys.seal)
    try:
        subjects = {each.subject for each in Look(store).tickets(None, None, closed=True, sealed=True)}
        done = spool.listed(["done"])
        assert all(b"Message-ID: <" in spool.bytes_of(each) for each in done)
        return subjects, len(done)
    finally:
        spool.close()
        store.close()


def test_backups_under_load(daemon, tmp_path: Path, mail: Callable[..., bytes]) -> None:
    """Three backups while mails pour in, then a kill; each backup, restored, has all that was acknowledged before it began."""
    desk = daemon()
    desk.start()
    customers = Customers(desk, mail)
    marks = []
    for number in range(3):
        marks.append(customers.until(20 * (number + 1)))
        done = desk.maild("backup", str(tmp_path / f"backup-{number}"))
        assert done.returncode == 0, done.stderr
    desk.signal(signal.SIGKILL)
    customers.stop()
    desk.wait()
    for number, mark in enumerate(marks):
        folder = tmp_path / f"backup-{number}"
        _is_closed(folder)
        shutil.rmtree(desk.state)
        done = desk.maild("restore", str(folder))
        assert (done.returncode, done.stderr) == (0, "")
        desk.start()
        desk.wait_for(event="started")
        _wait(is_worked_off(desk))
        assert desk.stop() == 0
        subjects, readable = contents(desk)
        assert set(mark) <= subjects
        assert readable >= len(mark)


def _is_closed(folder: Path) -> None:
    """Nobody else may read it, and it holds what it says."""
    for path in (folder, *folder.rglob("*")):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path
    manifest = json.loads((folder / "manifest.json").read_text())
    assert set(manifest["files"]) | {"manifest.json"} == {
        str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()
    }
    assert {"desk.db", "spool.db", "state/keys/seal.key", "configuration/maild.toml"} <= set(manifest["files"])


def _wait(condition: Callable[[], bool]) -> None:
    """Looks until it is so; the daemon tells nobody that it has nothing left to do."""
    pause = threading.Event()
    for _ in range(int(DEADLINE / 0.05)):
        if condition():
            return
        pause.wait(0.05)
    raise AssertionError("not in time")


@pytest.fixture(scope="session")
def work_of_a_day(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A place for what `saved` made once."""
    return tmp_path_factory.mktemp("saved")


@pytest.fixture
def saved(daemon, tmp_path: Path, work_of_a_day: Path, mail: Callable[..., bytes]) -> tuple[Any, Path]:
    """A desk that is stopped, with two tickets, and a backup with the first of them: made by a daemon once, then copied."""
    desk, backup = daemon(), tmp_path / "backup"
    state, copy = work_of_a_day / "state", work_of_a_day / "backup"
    if not copy.exists():
        desk.start()
        desk.send(mail(Subject="one"))
        desk.wait_for(event="mail", state="sent", times=2)
        assert desk.maild("backup", str(backup)).returncode == 0
        desk.send(mail(Subject="two", Message_ID="<2@example.org>"))
        desk.wait_for(event="mail", state="sent", times=4)
        assert desk.stop() == 0
        shutil.copytree(desk.state, state)
        shutil.copytree(backup, copy)
        return desk, backup
    shutil.copytree(state, desk.state, dirs_exist_ok=True)
    shutil.copytree(copy, backup)
    return desk, backup


def failed(done: Any, code: int, *words: str) -> None:
    assert done.returncode == code, done
    assert "Traceback" not in done.stderr
    for word in words:
        assert word in done.stderr


def test_no_place_for_a_backup(saved) -> None:
    """A folder with something in it, one in the state itself, and one that is being written are refused; an empty one is taken."""
    desk, folder = saved
    failed(desk.maild("backup", str(folder)), 65, "is not empty; name a new folder")
    failed(desk.maild("backup", str(desk.state / "backups")), 65, "lies in the state folder")
    other = folder.with_name("other")
    other.with_name("other.part").mkdir()
    failed(desk.maild("backup", str(other)), 65, "other.part: another backup is being written here")
    other.with_name("other.part").rmdir()
    other.mkdir()
    done = desk.maild("backup", str(other))
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads((desk.state / "backup.json").read_text())["folder"] == str(other)
    assert not list(folder.parent.glob("*.part"))


def test_a_damaged_desk_is_not_backed_up(saved, tmp_path: Path) -> None:
    """A backup that cannot be read is none: the damage is told, and the folder is not there."""
    desk, _ = saved
    database = desk.state / "maild.db"
    with sqlite3.connect(database) as looking:
        ((page, size),) = looking.execute(
            "SELECT rootpage, page_size FROM sqlite_schema, pragma_page_size WHERE name = 'ticket'"
        ).fetchall()
    looking.close()
    raw = bytearray(database.read_bytes())
    raw[(page - 1) * size : (page - 1) * size + 64] = b"\xff" * 64
    database.write_bytes(raw)
    failed(desk.maild("backup", str(tmp_path / "bad")), 75, "desk.db: the database is damaged")
    assert not (tmp_path / "bad").exists()
    assert not (tmp_path / "bad.part").exists()


def test_a_desk_in_the_way(saved) -> None:
    """A state with something in it is left alone; --force moves it aside into a folder that is named, and nothing of it is lost."""
    desk, folder = saved
    failed(desk.maild("restore", str(folder)), 65, "there is a desk already; --force moves it aside")
    assert len(desk.tickets()) == 2
    done = desk.maild("restore", "--force", str(folder))
    assert (done.returncode, done.stderr) == (0, "")
    (aside,) = desk.state.glob("before-restore-*")
    assert str(aside) in done.stdout
    with sqlite3.connect(aside / "maild.db") as before:
        assert before.execute("SELECT COUNT(*) FROM ticket").fetchone() == (2,)
    before.close()
    assert [each["subject"] for each in desk.tickets()] == ["one"]
    desk.start()
    assert desk.stop() == 0


def test_a_lost_database_beside_a_whole_spool(saved) -> None:
    """An older desk with the newer spool in its place: what came after the backup is worked on again, and nothing is missing."""
    desk, folder = saved
    assert desk.maild("restore", "--force", str(folder)).returncode == 0
    (aside,) = desk.state.glob("before-restore-*")
    (desk.state / "spool.db").unlink()
    for path in aside.glob("spool.db*"):
        shutil.copy(path, desk.state)
    desk.start()
    assert desk.wait_for(event="started")["forgotten"] == 1
    desk.wait_for(event="mail", state="sent", times=2)
    assert sorted(each["subject"] for each in desk.tickets()) == ["one", "two"]
    assert desk.stop() == 0


def test_beside_a_running_desk(saved) -> None:
    """A running desk is not replaced."""
    desk, folder = saved
    desk.start()
    failed(desk.maild("restore", "--force", str(folder)), 75, "another maild runs here; stop it first")
    assert len(desk.tickets()) == 2
    assert desk.stop() == 0


@pytest.mark.parametrize(
    ("spoil", "code", "told"),
    [
        (lambda folder: (folder / "spool.db").write_bytes(b"SQLite format 3\0"), 65, "spool.db: missing, or not what was backed up"),
        (lambda folder: (folder / "state" / "keys" / "seal.key").unlink(), 65, "seal.key: missing"),
        (lambda folder: (folder / "manifest.json").write_text("{"), 65, "manifest.json: is damaged"),
        (lambda folder: (folder / "manifest.json").unlink(), 66, "is this a backup?"),
        (lambda folder: change(folder, format=2), 65, "has format 2, this maild knows 1"),
        (lambda folder: change(folder, schema="9999"), 78, "the backup has schema 9999"),
        (lambda folder: change(folder, store="postgresql"), 78, "store.url names sqlite, the backup is of postgresql"),
        (lambda folder: change(folder, files={"../evil": {"sha256": "0", "size": 1}}), 65, "evil: missing, or not"),
    ],
)  # fmt: skip
def test_a_backup_that_is_not_whole(saved, spoil: Callable[[Path], object], code: int, told: str) -> None:
    """Whatever is wrong with a backup is told before anything is touched."""
    desk, folder = saved
    spoil(folder)
    failed(desk.maild("restore", "--force", str(folder)), code, told)
    assert not list(desk.state.glob("before-restore-*"))
    assert len(desk.tickets()) == 2


def change(folder: Path, **values: object) -> None:
    file = folder / "manifest.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | values))


def test_an_interrupted_restore(saved) -> None:
    """Half a state is not taken for all there is: nothing starts, until the restore was run again."""
    desk, folder = saved
    (desk.state / "restore.part").mkdir()
    (desk.state / "maild.db").unlink()
    desk.start(ready=False)
    assert desk.wait() == 75
    assert any("a restore was interrupted; run `maild restore --force` again" in line.get("said", "") for line in desk.lines)
    assert desk.maild("restore", "--force", str(folder)).returncode == 0
    assert [each["subject"] for each in desk.tickets()] == ["one"]
    assert not (desk.state / "restore.part").exists()


def test_nothing_to_back_up(daemon, tmp_path: Path) -> None:
    """A desk that never ran has nothing to copy."""
    failed(daemon().maild("backup", str(tmp_path / "backup")), 66, "there is no desk yet")
