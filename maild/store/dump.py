"""Consistent copies of databases while others write them, and the way back. Nothing here writes to a live database.

A copy of SQLite is one read transaction: writers go on, and what they commit meanwhile is not in it.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit, urlunsplit

from maild.durable import sync_folder
from maild.errors import StoreTrouble, TryAgain
from maild.store.uri import sqlite_uri

BUSY_SECONDS = 30


def copy_sqlite(source: Path, target: Path) -> None:
    """Copies a database, whole and synced, and proves that the copy can be read.

    Raises:
        StoreTrouble: it cannot be read, the copy cannot be written, or the database is damaged.
    """
    try:
        reading = sqlite3.connect(sqlite_uri(source, "mode=ro"), uri=True, timeout=BUSY_SECONDS)
        writing = sqlite3.connect(target, isolation_level=None)
        try:
            writing.execute("PRAGMA journal_mode=OFF")  # nobody looks at a copy that was not finished
            writing.execute("PRAGMA synchronous=OFF")  # synced once, below
            reading.backup(writing)
        finally:
            writing.close()
            reading.close()
        target.chmod(0o600)
        _sync(target)
        check_sqlite(target)
    except (sqlite3.Error, OSError) as error:
        raise StoreTrouble(f"{source.name}: {error}; it was not copied") from error


def check_sqlite(path: Path) -> None:
    """Raises StoreTrouble where a database that nobody writes is damaged."""
    try:
        connection = sqlite3.connect(sqlite_uri(path, "mode=ro&immutable=1"), uri=True)
        try:
            found = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        finally:
            connection.close()
    except sqlite3.Error as error:
        found = str(error)
    if found != "ok":
        raise StoreTrouble(f"{path.name}: the database is damaged ({found}); see `docs/operating.md`")


def dump_postgresql(url: str, target: Path) -> None:
    """`pg_dump` in its own format. Raises TryAgain: it is not installed, or failed."""
    _run(["pg_dump", "--format=custom", "--no-owner", f"--file={target}"], url)
    target.chmod(0o600)
    _sync(target)


def load_postgresql(url: str, source: Path) -> None:
    """`pg_restore` into a database without tables, all or nothing. Raises TryAgain: it is not installed, or failed."""
    _run(["pg_restore", "--no-owner", "--exit-on-error", "--single-transaction", str(source)], url)


def _run(command: list[str], url: str) -> None:
    name, environ = _without_password(url)
    program = command[0]
    if shutil.which(program) is None:
        remedy = (
            f"install PostgreSQL's client programs (Debian: postgresql-client), or run `{' '.join(command)} --dbname=…` elsewhere"
        )
        raise TryAgain(f"{program} is not installed; {remedy}")
    done = subprocess.run([*command, f"--dbname={name}"], capture_output=True, env={**os.environ, **environ}, check=False)  # noqa: S603
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise TryAgain(f"{program}: {said[-1] if said else f'exit {done.returncode}'}")


def _without_password(url: str) -> tuple[str, Mapping[str, str]]:
    """The URL without its password, which everybody on the machine could read among the processes; it goes by the environment."""
    parts = urlsplit(url)
    if parts.password is None:
        return url, {}
    user = quote(unquote(parts.username or ""), safe="")
    place = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{user}@{place}")), {"PGPASSWORD": unquote(parts.password)}


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
    sync_folder(path.parent)
