"""The shelf: advisories that became public, as files in `var/advisories/`. Putting one there again changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from maild.durable import put_file
from maild.errors import TryAgain
from maild.tickets.decision import Publication


class Shelf:
    """A folder of texts for everybody."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, publications: Sequence[Publication]) -> None:
        """Makes each file durable, complete before it has its name.

        Raises:
            TryAgain: it cannot be written now. That is this publication's own trouble, and no other timer's.
        """
        if not publications:
            return
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            for each in publications:
                put_file(self._folder / each.name, each.text.encode("utf-8"), 0o644)
        except OSError as error:
            raise TryAgain(f"{self._folder.name}: {error.strerror or error}") from error
