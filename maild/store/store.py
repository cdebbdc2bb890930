"""The desk's database as the rest of maild sees it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, inspect, text

from maild.config import Config
from maild.errors import BadConfiguration, Problem
from maild.keys.ring import Keyring
from maild.store.engine import Database
from maild.store.transaction import Transaction

MIGRATIONS = Path(__file__).parent / "migrations"
HEAD = "0001"


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
    def preview(self) -> Iterator[Transaction]:
        """A transaction in which only facts can be had: what is saved in it fails."""
        with self.database.reading() as connection:
            yield Transaction(connection, self.keys, only_looking=True)

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
