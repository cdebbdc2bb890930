"""The desk's database as the rest of maild sees it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, inspect, text

from maild.clock import from_stamp, to_stamp
from maild.config import Config
from maild.errors import BadConfiguration, Problem
from maild.keys.ring import Keyring
from maild.store import counters
from maild.store.engine import Database
from maild.store.gather import Gathering
from maild.store.timers import postpone
from maild.store.transaction import Transaction

MIGRATIONS = Path(__file__).parent / "migrations"
HEAD = "0004"
LEAST_OUTAGE = timedelta(minutes=15)  # a folder that is waited at by IDLE is looked through that seldom


class Store:
    """Opens transactions and views. Built once, by `app`, `worker` or the command line."""

    def __init__(self, config: Config, keys: Keyring) -> None:
        self._config = config
        self.keys = keys
        self.database = Database(config)

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """A write transaction; see `Database.writing`."""
        with self.database.writing() as connection:
            yield Transaction(connection, self.keys)

    @contextmanager
    def preview(self) -> Iterator[Gathering]:
        """A view in which facts can be had, and nothing can be saved."""
        with self.database.reading() as connection:
            yield Gathering(connection, self.keys)

    def intake_seen_until(self) -> datetime | None:
        """The last moment at which all roads in were seen at work; None before the first."""
        with self.database.reading() as connection:
            stamp = counters.read(connection, "intake")
        return from_stamp(stamp) if stamp else None

    def note_intake(self, now: datetime) -> timedelta | None:
        """All roads in were empty then. If they were out before, the clocks of silence go on later by as much, which is returned."""
        with self.database.writing() as connection:
            stamp = counters.read(connection, "intake")
            counters.put(connection, "intake", to_stamp(now))
            since = from_stamp(stamp) if stamp else now
            gap = now - since
            if gap < LEAST_OUTAGE:
                return None
            postpone(connection, since, gap, now)
        return gap

    @property
    def exists(self) -> bool:
        """Whether there is a database with the tables in it."""
        return self.database.exists and self.revision() is not None

    def revision(self) -> str | None:
        """The schema's revision, or None where there are no tables yet."""
        if not self.database.exists:
            return None
        with self.database.reading() as connection:
            return _revision_of(connection)

    def require_current(self) -> None:
        """Raises BadConfiguration where the schema is another than this maild's."""
        revision = self.revision()
        if revision != HEAD:
            what = f"the store has {f'schema {revision}' if revision else 'no tables'}, this maild wants {HEAD}"
            remedy = "run `maild migrate`" if revision is None or revision < HEAD else "run the newer maild that wrote it"
            raise BadConfiguration([Problem(self._config.settings.store.url, what, remedy)])

    def migrate(self) -> tuple[str | None, str]:
        """Brings the schema up to date; safe to repeat. Returns the revisions before and after."""
        from alembic import command  # slow to import, and only needed here
        from alembic.config import Config as AlembicConfig

        with self.database.writing() as connection:
            before = _revision_of(connection)  # by a connection that may write: one killed while it made the file left a journal
            if before is not None and before > HEAD:
                self.require_current()
            settings = AlembicConfig()
            settings.set_main_option("script_location", str(MIGRATIONS))
            settings.attributes["connection"] = connection
            command.upgrade(settings, "head")
        return before, HEAD

    def close(self) -> None:
        """Closes all connections."""
        self.database.close()


def _revision_of(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return revision
