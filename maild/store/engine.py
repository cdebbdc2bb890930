"""Connections to the desk's database, and the one lock under which SQLite is written.

Many SQLite versions can damage a WAL database when two processes write and checkpoint at the same moment (fixed in 3.51.3,
3.50.7, 3.44.6), so every write transaction, checkpoint and closing takes one file lock. That also lets the command line
write beside the daemon.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, exc

from maild.config import Config
from maild.errors import BadConfiguration, Problem, StoreTrouble
from maild.store.uri import sqlite_uri

BUSY_SECONDS = 30
PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON", "foreign_keys=ON", "temp_store=MEMORY")


class Database:
    """The desk's database: one writer at a time, any number of readers."""

    def __init__(self, config: Config) -> None:
        url = config.settings.store.url
        self.is_sqlite = url.startswith("sqlite:")
        if self.is_sqlite:
            self.path = config.path(url.removeprefix("sqlite:"))
            self._lock_path = self.path.with_name(self.path.name + ".lock")
            self._writer = _sqlite(sqlite_uri(self.path, "mode=rwc"), "BEGIN IMMEDIATE", PRAGMAS)
            self._reader = _sqlite(sqlite_uri(self.path, "mode=ro"), "BEGIN", ())
        else:
            self._writer = _postgresql(url, config)
            self._reader = self._writer.execution_options(postgresql_readonly=True)

    @property
    def exists(self) -> bool:
        """Whether there is a database at all; of a server it is taken for granted."""
        return not self.is_sqlite or self.path.exists()

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A write transaction, committed at its end, rolled back on any error.

        Raises:
            StoreTrouble: the database cannot be written now (full, locked, away).
        """
        if self.is_sqlite:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        with _translated(), self._locked(), self._writer.begin() as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A consistent view; nothing can be written through it.

        Raises:
            StoreTrouble: the database cannot be read now.
        """
        with _translated(), self._reader.connect() as connection:
            yield connection

    def close(self) -> None:
        """Closes all connections; the last one to leave checkpoints, under the lock. That must be one that may write."""
        with self._locked():
            self._reader.dispose()
            self._writer.dispose()

    @contextmanager
    def _locked(self) -> Iterator[None]:
        if not self.is_sqlite or not self._lock_path.parent.is_dir():
            yield
            return
        handle = os.open(self._lock_path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)


@contextmanager
def _translated() -> Iterator[None]:
    """Foreign exceptions stop here. What the database cannot do now is temporary; a wrong statement is our own mistake."""
    try:
        yield
    except (exc.IntegrityError, exc.ProgrammingError, exc.DataError, exc.NotSupportedError):
        raise
    except (exc.DBAPIError, exc.TimeoutError) as error:  # a damaged file is the plain DatabaseError of the driver
        raise StoreTrouble(f"store: {getattr(error, 'orig', None) or error}") from error
    except OSError as error:
        raise StoreTrouble(f"store: {error}") from error


def _sqlite(uri: str, begin: str, pragmas: tuple[str, ...]) -> Engine:
    engine = create_engine(
        URL.create("sqlite", database=uri, query={"uri": "true"}),  # not as text, in which SQLAlchemy would read escapes itself
        connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
        hide_parameters=True,  # they hold people's words, and exceptions are told
    )

    @event.listens_for(engine, "connect")
    def _connect(connection: sqlite3.Connection, _: Any) -> None:
        connection.isolation_level = None  # the driver must not begin by itself: it would not take the write lock first
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def _postgresql(url: str, config: Config) -> Engine:
    try:
        return create_engine("postgresql+psycopg" + url.removeprefix("postgresql"), pool_pre_ping=True, hide_parameters=True)
    except ModuleNotFoundError as error:
        problem = Problem(str(config.file), "store.url names PostgreSQL, and psycopg is missing", "install maild[postgresql]")
        raise BadConfiguration([problem]) from error
    except exc.ArgumentError as error:
        raise BadConfiguration([Problem(str(config.file), f"store.url: {error}", "write postgresql://user@host/name")]) from error
