"""Migrations and the schema."""

from __future__ import annotations

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

from maild.errors import BadConfiguration, StoreTrouble
from maild.store.schema import Desk
from maild.store.store import HEAD, MIGRATIONS, Store

SQLITE = pytest.mark.parametrize("config", ["sqlite"], indirect=True)


def test_migrations_make_the_models(store: Store) -> None:
    """The tables that the migrations make are those of the models: nothing is left to generate."""
    with store.database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, Desk.metadata) == []
        assert set(inspect(connection).get_table_names()) == {*Desk.metadata.tables, "alembic_version"}


def test_head_is_the_last_revision() -> None:
    """What the program takes for the newest schema is the newest file of the migrations."""
    assert max(path.name[:4] for path in (MIGRATIONS / "versions").glob("[0-9]*.py")) == HEAD


def test_from_nothing_and_again(empty: Store) -> None:
    """Migrating makes the schema; migrating again changes nothing and says so."""
    assert not empty.exists
    assert empty.revision() is None
    with pytest.raises(BadConfiguration, match=r"no tables.*run `maild migrate`"):
        empty.require_current()
    assert empty.migrate() == (None, HEAD)
    assert empty.exists
    empty.require_current()
    assert empty.migrate() == (HEAD, HEAD)


def test_a_newer_schema_is_refused(store: Store) -> None:
    """A database that a newer maild has written is neither read nor migrated, and the message says what to run."""
    with store.database.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    for refuse in (store.require_current, store.migrate):
        with pytest.raises(BadConfiguration, match=r"schema 9999.*run the newer maild"):
            refuse()
    assert store.revision() == "9999"


def test_a_failed_migration_leaves_nothing(empty: Store) -> None:
    """A migration that fails half-way leaves the database as it was."""
    with empty.database.writing() as connection:
        connection.execute(text("CREATE TABLE outbox (something INTEGER)"))
    with pytest.raises(Exception, match="already exists"):
        empty.migrate()
    assert empty.revision() is None
    with empty.database.reading() as connection:
        assert inspect(connection).get_table_names() == ["outbox"]


def test_looking_writes_nothing(store: Store) -> None:
    """Through a view nothing can be written, not even by a statement of one's own."""
    with store.database.reading() as connection, pytest.raises(Exception, match=r"read-?only"):
        connection.execute(text("DELETE FROM ticket"))


@SQLITE
def test_settings_of_sqlite(store: Store) -> None:
    """Every write is synced, what is deleted is overwritten, and the log is written ahead."""
    with store.database.writing() as connection:
        asked = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar() for name in ("journal_mode", "synchronous", "secure_delete")
        }
    assert asked == {"journal_mode": "wal", "synchronous": 2, "secure_delete": 1}


@SQLITE
def test_a_damaged_database_is_trouble(store: Store) -> None:
    """A file that is no database is told as trouble of the store, by a sentence."""
    store.close()
    store.database.path.write_bytes(b"this is no database" * 1000)
    with pytest.raises(StoreTrouble, match=r"store: .*not a database"):
        store.revision()
