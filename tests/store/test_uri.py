"""A database is found whatever the folders above it are named."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from maild.config import load_config
from maild.keys.ring import open_keyring
from maild.store.dump import copy_sqlite
from maild.store.store import HEAD, Store
from maild.store.uri import sqlite_uri

NAMES = ("a%41b", "q?x", "h#x", "a b&c=d", "ü", "100%", b"\xff".decode("utf-8", "surrogateescape"))
named = pytest.mark.parametrize("name", NAMES, ids=ascii)


@named
def test_any_name(tmp_path: Path, name: str) -> None:
    """What was written beneath a folder is read there, by its URI."""
    path = tmp_path / name / "x.db"
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as writing:
        writing.execute("PRAGMA user_version = 7")
    with closing(sqlite3.connect(sqlite_uri(path, "mode=ro"), uri=True)) as reading:
        assert reading.execute("PRAGMA user_version").fetchone() == (7,)
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            reading.execute("CREATE TABLE t (x)")


@named
def test_the_desk_beneath_any_name(root: Path, tmp_path: Path, name: str) -> None:
    """The desk's database is written, read and copied there, and there is no other."""
    folder = tmp_path / name
    config = load_config(root / "maild.toml", {"MAILD_STORE_URL": f"sqlite:{folder}/maild.db"})
    store = Store(config, open_keyring(tmp_path / "keys"))
    store.migrate()
    assert store.revision() == HEAD
    store.close()
    copy_sqlite(folder / "maild.db", folder / "copy.db")
    assert sorted(each.name for each in tmp_path.iterdir()) == sorted(["keys", name])
