"""`maild backup`: a consistent copy while the desk runs: maildrop, desk, spool, then files and keys, in this order.

Then nothing is missing after a restore: a piped mail is in the maildrop or already in the spool; what the spool calls done and
the desk does not remember is worked on again; and no entry of the spool lacks its file.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from maild import __version__
from maild.clock import iso
from maild.config import Config
from maild.durable import put_file, sync_folder, write_file
from maild.errors import BadInput, NoInput, TryAgain
from maild.inforce import copy_files
from maild.intake.maildrop import complete
from maild.operating import lock, manifest, standing
from maild.operating.manifest import Manifest, copy_file, sum_of
from maild.store.dump import copy_sqlite, dump_postgresql
from maild.store.store import Store

LAST = "backup.json"
DESK, DUMP, SPOOL, STATE, CONFIGURATION = "desk.db", "desk.dump", "spool.db", "state", "configuration"
ASIDE = "before-restore-"
PASSING = ("config", lock.FILE, lock.RESTORING, standing.FILE, LAST)  # what a running desk makes anew


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A backup that was taken."""

    at: datetime
    files: int
    size: int


def back_up(config: Config, store: Store, folder: Path, now: datetime) -> Taken:
    """Copies the desk into a new folder, which has its name only when it is whole and synced.

    Raises:
        BadInput: the folder is no place for a backup. NoInput: there is nothing yet. TryAgain: something cannot be read or written.
    """
    part = _place(config, folder)
    try:
        part.mkdir(parents=True, mode=0o700)
        files = _copy_all(config, store, part)
        kind = "sqlite" if store.database.is_sqlite else "postgresql"
        written = Manifest(at=iso(now), version=__version__, schema=store.revision(), store=kind, files=files)
        write_file(part / manifest.FILE, written.to_json())
        for each in (*(path for path in part.rglob("*") if path.is_dir()), part):
            sync_folder(each)
        part.rename(folder)
        sync_folder(folder.parent)
    except OSError as error:
        raise TryAgain(f"{error.filename or part}: {error.strerror or error}; there is no backup") from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
    taken = Taken(at=now, files=len(files), size=sum(size for _, size in files.values()))
    _remember(config.state, folder, taken)
    return taken


def last_backup(state: Path) -> dict[str, Any] | None:
    """`{"at", "folder", "files", "size"}` of the last backup that was taken here, or None."""
    try:
        found = json.loads((state / LAST).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def _place(config: Config, folder: Path) -> Path:
    """Where it is written before it is whole."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BadInput(f"{folder}: is not empty; name a new folder for each backup")
    if folder.resolve().is_relative_to(config.state.resolve()):
        raise BadInput(f"{folder}: lies in the state folder, and would be lost with it; name another place")
    part = folder.with_name(f"{folder.name}.part")
    if part.exists():
        raise BadInput(f"{part}: another backup is being written here, or one was interrupted; then remove it")
    return part


def _copy_all(config: Config, store: Store, part: Path) -> dict[str, tuple[str, int]]:
    state = config.state
    if not (state / "spool.db").exists() or not store.exists:
        raise NoInput(f"{state}: there is no desk yet")
    files = dict(_copy(state, part, complete(state / "maildrop")))
    if store.database.is_sqlite:
        copy_sqlite(store.database.path, part / DESK)
    else:
        dump_postgresql(config.settings.store.url, part / DUMP)
    copy_sqlite(state / "spool.db", part / SPOOL)
    files |= {name: sum_of(part / name) for name in (DESK, DUMP, SPOOL) if (part / name).exists()}
    files |= dict(_copy(state, part, (state / "spool").glob("*.mail")))
    files |= dict(_copy(state, part, _others(config, store)))
    (part / CONFIGURATION).mkdir(mode=0o700)
    copy_files(config, part / CONFIGURATION)
    return files | {str(each.relative_to(part)): sum_of(each) for each in (part / CONFIGURATION).rglob("*") if each.is_file()}


def _copy(state: Path, part: Path, paths: Iterator[Path]) -> Iterator[tuple[str, tuple[str, int]]]:
    """A file that is gone meanwhile was taken into the spool, or its time of retention has ended."""
    for path in sorted(paths):
        name = f"{STATE}/{path.relative_to(state)}"
        try:
            yield name, copy_file(path, part / name)
        except FileNotFoundError:
            continue


def _others(config: Config, store: Store) -> Iterator[Path]:
    """All else that lies in the state folder: keys, advisories, what later versions keep there. Not what was sent to a Maildir."""
    state, hop = config.state, config.settings.delivery.next_hop
    apart = {state / name for name in (*PASSING, "spool", "maildrop")}
    if hop.startswith("maildir:"):
        apart.add(config.path(hop.removeprefix("maildir:")))
    databases = [state / "spool.db", *([store.database.path] if store.database.is_sqlite else [])]
    for path in state.rglob("*"):
        if path in apart or not apart.isdisjoint(path.parents) or path.is_symlink() or not path.is_file():
            continue
        inside = path.relative_to(state).parts[0]
        is_database = any(path.parent == each.parent and path.name.startswith(each.name) for each in databases)
        if not (is_database or inside.startswith(ASIDE) or path.suffix == ".part" or path.name.startswith(".")):
            yield path


def _remember(state: Path, folder: Path, taken: Taken) -> None:
    shape = {"at": iso(taken.at), "folder": str(folder.resolve()), "files": taken.files, "size": taken.size}
    try:
        put_file(state / LAST, json.dumps(shape).encode("utf-8") + b"\n")
    except OSError as error:
        raise TryAgain(
            f"{state / LAST}: {error.strerror or error}; the backup is whole, but health does not know of it"
        ) from error
