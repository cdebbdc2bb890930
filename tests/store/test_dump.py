"""Copies of the desk's database, of either kind, and the way back."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from maild.config import Config
from maild.errors import BadInput, StoreTrouble, TryAgain
from maild.operating.backup import back_up, last_backup
from maild.operating.restore import restore
from maild.store.dump import check_sqlite, copy_sqlite, dump_postgresql, load_postgresql
from maild.store.spool import open_writer
from maild.store.store import HEAD, Store


@pytest.fixture
def desk(config: Config, open_store: Callable[[], Store]) -> Store:
    """A desk that has run once."""
    store = open_store()
    store.migrate()
    open_writer(config.state / "spool.db").close()
    return store


def test_there_and_back(desk: Store, config: Config, tmp_path: Path, clock) -> None:
    """A backup, then an empty place, then the same desk again; a database with tables in it is not written over."""
    if not desk.database.is_sqlite and shutil.which("pg_dump") is None:
        pytest.skip("needs PostgreSQL's client programs: apt-get install postgresql-client")
    with desk.transaction() as tx:
        number = tx.facts_about([], clock.now())
    assert number is not None
    taken = back_up(config, desk, tmp_path / "backup", clock.now())
    assert (taken.files > 10, last_backup(config.state)["files"]) == (True, taken.files)
    if not desk.database.is_sqlite:
        with pytest.raises(BadInput, match="the database has tables"):
            restore(config, desk, tmp_path / "backup", True, clock.now())
        with desk.database.writing() as connection:
            connection.exec_driver_sql("DROP SCHEMA public CASCADE")
            connection.exec_driver_sql("CREATE SCHEMA public")
    assert desk.revision() == (HEAD if desk.database.is_sqlite else None)
    desk.close()
    clock.forward(timedelta(hours=1))
    manifest, aside = restore(config, desk, tmp_path / "backup", True, clock.now())
    assert (manifest.schema, manifest.store) == (HEAD, "sqlite" if desk.database.is_sqlite else "postgresql")
    assert aside == config.state / "before-restore-20260304T130000Z"
    desk.require_current()


def test_no_client_programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without pg_dump it is told what to install, or to run."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(TryAgain, match=r"pg_dump is not installed; .*postgresql-client.*pg_dump --format=custom"):
        dump_postgresql("postgresql://maild@/x", tmp_path / "dump")
    with pytest.raises(TryAgain, match="pg_restore is not installed"):
        load_postgresql("postgresql://maild@/x", tmp_path / "dump")


def test_a_password_is_not_shown_among_the_processes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It goes by the environment; the rest of the URL stays as it was written."""
    program = tmp_path / "pg_dump"
    program.write_text(f'#!/bin/sh\necho "$@ / $PGPASSWORD" > {tmp_path}/said\necho "pg_dump: no" >&2\nexit 1\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    with pytest.raises(TryAgain, match="pg_dump: no"):
        dump_postgresql("postgresql://de%40sk:se%2Fcret@db.example.net:5433/maild?sslmode=require", tmp_path / "dump")
    words, _, password = (tmp_path / "said").read_text().strip().partition(" / ")
    assert words.endswith("--dbname=postgresql://de%40sk@db.example.net:5433/maild?sslmode=require")
    assert password == "se/cret"


def test_what_is_no_database(tmp_path: Path) -> None:
    """A file that is none, and one that is missing, are told with their names."""
    (tmp_path / "a.db").write_bytes(b"no database" * 1000)
    for call in (lambda: check_sqlite(tmp_path / "a.db"), lambda: copy_sqlite(tmp_path / "b.db", tmp_path / "c.db")):
        with pytest.raises(StoreTrouble, match=r"^[ab]\.db: "):
            call()
