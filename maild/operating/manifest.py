"""The manifest of a backup: what is in it, with the sum of each file. What it does not name is no part of the backup."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from maild.durable import write_all
from maild.errors import BadInput, NoInput

FILE = "manifest.json"
FORMAT = 1
CHUNK = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """`files`: by the path inside of the backup, SHA-256 and size."""

    at: str
    version: str
    schema: str | None
    store: str  # sqlite or postgresql
    files: Mapping[str, tuple[str, int]]

    def to_json(self) -> bytes:
        """The file's content."""
        files = {name: {"sha256": sum_, "size": size} for name, (sum_, size) in sorted(self.files.items())}
        shape = {
            "format": FORMAT, "at": self.at, "version": self.version, "schema": self.schema, "store": self.store, "files": files,
        }  # fmt: skip
        return json.dumps(shape, indent=1).encode("utf-8") + b"\n"


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a backup. Raises NoInput, BadInput."""
    try:
        shape = json.loads((folder / FILE).read_text("utf-8"))
        if shape["format"] != FORMAT:
            raise BadInput(
                f"{folder / FILE}: has format {shape['format']}, this maild knows {FORMAT}; use the maild that wrote it"
            )
        files = {str(name): (str(each["sha256"]), int(each["size"])) for name, each in shape["files"].items()}
        return Manifest(at=shape["at"], version=shape["version"], schema=shape["schema"], store=shape["store"], files=files)
    except OSError as error:
        raise NoInput(f"{folder / FILE}: {error.strerror or error}; is this a backup?") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadInput(f"{folder / FILE}: is damaged ({type(error).__name__}); take another backup") from error


def verify(folder: Path, manifest: Manifest) -> None:
    """Raises BadInput where a file is missing, has changed, or has a name that leads elsewhere."""
    wrong = [name for name, expected in manifest.files.items() if _sum_in(folder, name) != expected]
    if wrong:
        more = f" and {len(wrong) - 1} more" if len(wrong) > 1 else ""
        raise BadInput(f"{folder / wrong[0]}{more}: missing, or not what was backed up; take another backup")


def copy_file(source: Path, target: Path) -> tuple[str, int]:
    """Copies a file in portions, synced, for the owner alone; returns its sum and size. Raises OSError."""
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = None
    with source.open("rb") as reading:  # first: a file that is gone leaves no empty one
        handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            digest, size = hashlib.sha256(), 0
            while chunk := reading.read(CHUNK):
                digest.update(chunk)
                size += len(chunk)
                write_all(handle, chunk)
            os.fsync(handle)
        finally:
            os.close(handle)
    return digest.hexdigest(), size


def sum_of(path: Path) -> tuple[str, int]:
    """SHA-256 and size of a file. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest(), path.stat().st_size


def _sum_in(folder: Path, name: str) -> tuple[str, int] | None:
    if Path(name).is_absolute() or ".." in Path(name).parts:
        return None
    try:
        return sum_of(folder / name)
    except OSError:
        return None
