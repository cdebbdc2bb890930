"""The configuration in force: what was last found good, copied below the state folder. Nobody runs with half-written files.

The daemon copies `maild.toml`, rules and templates at its start and at each reload, into a folder of their own, and proves the
copy. Workers start from it, whatever the operator's files look like by then. Relative paths still start from the operator's
own file. What good is, is not decided here (`operating.proof`).
"""

from __future__ import annotations

import dataclasses
import fcntl
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from maild.config import Config, Settings, load_config, read_settings
from maild.document import MAX_BYTES
from maild.durable import sync_folder, write_file
from maild.errors import BadConfiguration, Problem, TryAgain

MOST_FILES, DEEPEST = 2_000, 6
_STARTED, _FILE, _ORIGIN = "started.toml", "maild.toml", "origin"


class InForce:
    """The copies of one daemon. New workers start with the last that was put in force; an older one stays while a worker uses it."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._folder = config.state / "config"
        self._started: bytes | None = None
        self._current: Path | None = None

    def copy(self) -> Config:
        """The operator's files as they are now, copied and loaded, but not proven and not in force.

        Raises:
            BadConfiguration: `maild.toml` is wrong, or a file cannot be read. TryAgain: the copy cannot be written.
        """
        try:
            folder = self._new_folder()
        except OSError as error:
            raise TryAgain(f"{self._folder}: {error.strerror or error}; the configuration was not copied") from error
        try:
            self._fill(folder)
            config = load_kept(folder)
            if config.state != self._config.state:  # only at the start, between two looks at the file
                raise BadConfiguration([Problem(str(config.file), "was changed while it was read", "start again")])
            return config
        except OSError as error:
            self.drop(folder)
            raise TryAgain(f"{folder}: {error.strerror or error}; the configuration was not copied") from error
        except BadConfiguration:
            self.drop(folder)
            raise

    def put_in_force(self, config: Config) -> None:
        """From now on workers start with this copy. The one before stays: a worker may be reading it at this moment."""
        assert config.kept is not None
        before, self._current = self._current, config.kept
        if self._started is None:
            self._started = (config.kept / _FILE).read_bytes()
        for folder in self._numbered():
            if folder not in (before, self._current) and not _is_in_use(folder):
                self.drop(folder)

    def where(self) -> Path:
        """The copy that new workers start with."""
        assert self._current is not None
        return self._current

    @staticmethod
    def drop(folder: Path | None) -> None:
        """Removes a copy that is not in force."""
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)

    def _new_folder(self) -> Path:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        folder = self._folder / str(1 + max((int(each.name) for each in self._numbered()), default=0))
        folder.mkdir(mode=0o700)
        return folder

    def _numbered(self) -> list[Path]:
        return [each for each in self._folder.iterdir() if each.name.isdecimal()]

    def _fill(self, folder: Path) -> None:
        raw = _configuration_file(self._config)
        write_file(folder / _STARTED, raw if self._started is None else self._started)
        write_file(folder / _ORIGIN, os.fsencode(self._config.file))
        copy_files(self._config, folder)
        sync_folder(self._folder)


def copy_files(config: Config, folder: Path) -> None:
    """`maild.toml` as it is now, and the rules and templates that it names, durable.

    Raises:
        BadConfiguration: it is wrong, or a file cannot be read. OSError: the copy cannot be written.
    """
    write_file(folder / _FILE, _configuration_file(config))
    paths = read_settings(folder / _FILE, str(config.file)).paths
    rules, templates = (config.path(each) for each in (paths.rules, paths.templates))
    _copy(sorted(rules.glob("[!.]*.y*ml")), rules, folder / "rules", paths.rules)
    _copy(_tree(templates), templates, folder / "templates", paths.templates)
    sync_folder(folder)


def load_kept(folder: Path) -> Config:
    """The configuration of a copy: as its operator wrote it, but for what only a restart changes. Raises BadConfiguration."""
    origin = Path(os.fsdecode((folder / _ORIGIN).read_bytes()))
    wanted = read_settings(folder / _FILE, str(origin))
    started = read_settings(folder / _STARTED, str(origin))
    return Config(file=origin, settings=settle(started, wanted), kept=folder)


def take_up(where: Path) -> Config:
    """For a worker: loads a copy and keeps it from being removed until this process ends. A plain file is loaded as it is.

    Raises:
        BadConfiguration: it is wrong.
    """
    if not where.is_dir():
        return load_config(where)
    handle = os.open(where, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)  # never closed: templates are read when they are needed
    fcntl.flock(handle, fcntl.LOCK_SH)
    return load_kept(where)


def settle(started: Settings, wanted: Settings) -> Settings:
    """What is wanted, but for what only a restart changes: where the state is, the store, the roads in, and the log."""
    return dataclasses.replace(
        wanted,
        paths=dataclasses.replace(wanted.paths, state=started.paths.state),
        intake=dataclasses.replace(started.intake, retention=wanted.intake.retention, min_free=wanted.intake.min_free),
        store=dataclasses.replace(started.store, worker_memory=wanted.store.worker_memory),
        log=started.log,
    )


def wait_for_restart(folder: Path) -> list[str]:
    """The settings of a copy that are not taken before a restart, like `store.url`."""
    wanted = read_settings(folder / _FILE, _FILE)
    taken = dict(_leaves(settle(read_settings(folder / _STARTED, _FILE), wanted)))
    return [name for name, value in _leaves(wanted) if taken.get(name) != value]


def _leaves(value: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        for field in dataclasses.fields(value):
            yield from _leaves(getattr(value, field.name), f"{name}.{field.name}".lstrip("."))
    else:
        yield name, value


# --- copying --------------------------------------------------------------------------------------------------


def _tree(folder: Path) -> list[Path]:
    """The files of a folder and of those below it; hidden ones are not the operator's words."""
    found: list[Path] = []
    for place, folders, names in os.walk(folder, followlinks=True):
        depth = len(Path(place).relative_to(folder).parts)
        folders[:] = sorted(each for each in folders if not each.startswith(".")) if depth < DEEPEST else []
        found += [Path(place) / name for name in sorted(names) if not name.startswith(".")]
        if len(found) > MOST_FILES:
            raise BadConfiguration([Problem(str(folder), f"has more than {MOST_FILES} files", "is it the right folder?")])
    return found


def _copy(files: list[Path], source: Path, target: Path, shown: str) -> None:
    """Copies files, each synced with its name. What is missing is told by whoever needs it."""
    if not source.is_dir():
        return
    target.mkdir(mode=0o700)
    contents = {
        path.relative_to(source): _read(path, f"{shown}/{path.relative_to(source)}")
        for path in files
        if path.is_file() or not path.exists()
    }
    for name, content in contents.items():
        if content is not None:
            (target / name).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            write_file(target / name, content)
    for folder in {path.parent for path in target.rglob("*")} | {target}:
        sync_folder(folder)


def _configuration_file(config: Config) -> bytes:
    raw = _read(config.file, str(config.file))
    if raw is None:
        raise BadConfiguration([Problem(str(config.file), "is missing", "create it again")])
    return raw


def _read(path: Path, shown: str) -> bytes | None:
    """The bytes of a file; None for one that went away since its name was seen, as editors' drafts do."""
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)  # one more than is taken: whoever reads the copy tells of it
    except OSError as error:
        if isinstance(error, FileNotFoundError) and not path.is_symlink():
            return None
        raise BadConfiguration([Problem(shown, error.strerror or str(error), "the daemon must be able to read it")]) from error


def _is_in_use(folder: Path) -> bool:
    try:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError:
        return True
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return False
    except OSError:
        return True
    finally:
        os.close(handle)
