"""`maild restore`: a backup becomes the state again, while no daemon runs. What it finds in the way it moves aside, never away."""

from __future__ import annotations

import os
import shutil
from datetime import datetime
from pathlib import Path

from maild.config import Config
from maild.durable import sync_folder
from maild.errors import BadConfiguration, BadInput, Problem, TryAgain
from maild.operating import lock
from maild.operating.backup import ASIDE, DESK, DUMP, PASSING, SPOOL, STATE
from maild.operating.manifest import Manifest, copy_file, read_manifest, verify
from maild.store.dump import check_sqlite, load_postgresql
from maild.store.store import HEAD, Store


def restore(config: Config, store: Store, folder: Path, force: bool, now: datetime) -> tuple[Manifest, Path | None]:
    """Puts a backup in place; returns its manifest, and the folder with what was there before, if anything was.

    Raises:
        BadInput: the backup is damaged, or something is in the way. NoInput: there is none.
        BadConfiguration: it is of another kind of store, or of a newer maild. TryAgain: a daemon runs, or the disk is full.
    """
    manifest = read_manifest(folder)
    _require_fit(config, store, manifest)
    verify(folder, manifest)
    try:
        config.state.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = lock.only_one(config.state)
        try:
            return manifest, _put(config, store, folder, manifest, force, now)
        finally:
            os.close(handle)
    except OSError as error:
        raise TryAgain(f"{error.filename or config.state}: {error.strerror or error}; the restore is not finished") from error


def _require_fit(config: Config, store: Store, manifest: Manifest) -> None:
    kind = "sqlite" if store.database.is_sqlite else "postgresql"
    if manifest.store != kind:
        problem = Problem(
            config.file.name, f"store.url names {kind}, the backup is of {manifest.store}", "set store.url to its kind"
        )
        raise BadConfiguration([problem])
    if manifest.schema is not None and manifest.schema > HEAD:
        what = f"the backup has schema {manifest.schema}, this maild knows {HEAD}"
        raise BadConfiguration([Problem(config.settings.store.url, what, f"install maild {manifest.version} or newer")])


def _put(config: Config, store: Store, folder: Path, manifest: Manifest, force: bool, now: datetime) -> Path | None:
    state, part = config.state, config.state / lock.RESTORING
    in_the_way = _in_the_way(state, store)
    if in_the_way and not force:
        raise BadInput(f"{in_the_way[0]}: there is a desk already; --force moves it aside, into {ASIDE}…")
    if not store.database.is_sqlite and store.exists:
        raise BadInput(
            "store.url: the database has tables; name a new one, or drop it first: maild moves no PostgreSQL database aside"
        )
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(mode=0o700)
    sync_folder(state)
    _unpack(folder, part, manifest)
    aside = _move_aside(state, in_the_way, now) if in_the_way else None
    if (part / DUMP).exists():
        load_postgresql(config.settings.store.url, part / DUMP)
        (part / DUMP).unlink()
    if (part / DESK).exists():
        store.database.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        shutil.move(part / DESK, store.database.path)  # it may lie on another disk
        sync_folder(store.database.path.parent)
    (part / SPOOL).rename(state / "spool.db")
    for each in sorted((part / STATE).iterdir()) if (part / STATE).exists() else []:
        each.rename(state / each.name)
    sync_folder(state)
    shutil.rmtree(part)  # from here on it is whole
    sync_folder(state)
    return aside


def _unpack(folder: Path, part: Path, manifest: Manifest) -> None:
    """Copies first, all of it, before anything is moved; the configuration is not put in place, it is the operator's."""
    owner = part.parent.stat()
    for name, expected in manifest.files.items():
        is_state = name in (DESK, DUMP, SPOOL) or name.startswith(f"{STATE}/")
        if is_state and copy_file(folder / name, part / name) != expected:
            raise BadInput(f"{folder / name}: changed while it was read; take another backup")
    for name in (DESK, SPOOL):
        if (part / name).exists():
            check_sqlite(part / name)
    for path in (part, *part.rglob("*")):
        if os.geteuid() == 0:  # what root restores belongs to whom the state belongs
            os.chown(path, owner.st_uid, owner.st_gid)
        if path.is_dir():
            sync_folder(path)


def _in_the_way(state: Path, store: Store) -> list[Path]:
    found = [each for each in state.iterdir() if each.name not in PASSING and not each.name.startswith((ASIDE, "."))]
    found = [each for each in found if not each.is_socket()]
    if store.database.is_sqlite and not store.database.path.is_relative_to(state):
        found += store.database.path.parent.glob(f"{store.database.path.name}*")
    return sorted(found)


def _move_aside(state: Path, paths: list[Path], now: datetime) -> Path:
    aside = state / f"{ASIDE}{now:%Y%m%dT%H%M%SZ}"
    aside.mkdir(mode=0o700)
    for path in paths:
        shutil.move(path, aside / path.name)
    sync_folder(aside)
    sync_folder(state)
    return aside
