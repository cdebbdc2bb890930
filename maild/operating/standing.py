"""How the daemon stands, as it tells others: `health.json` in the state folder, renewed every few seconds. No personal data."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from maild import __version__
from maild.clock import Clock, iso

FILE = "health.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reload:
    """What became of the last SIGHUP."""

    at: datetime
    taken: bool
    problems: Sequence[str] = ()  # why it was not taken
    restart: Sequence[str] = ()  # settings that were not taken with it


class Standing:
    """The daemon's own word about itself."""

    def __init__(self, state: Path, clock: Clock) -> None:
        self._path = state / FILE
        self._clock = clock
        self._started_at = clock.now()
        self._since: dict[str, datetime] = {}
        self.reload: Reload | None = None

    def write(self, troubles: Mapping[str, str]) -> str:
        """Renews the file; returns the line for the supervisor. `troubles`: by what has it, empty where there is none.

        Raises:
            OSError: it cannot be written.
        """
        now = self._clock.now()
        self._since = {name: self._since.get(name, now) for name, trouble in troubles.items() if trouble}
        shape = {
            "at": iso(now),
            "pid": os.getpid(),
            "version": __version__,
            "started_at": iso(self._started_at),
            "troubles": {name: {"what": troubles[name], "since": iso(since)} for name, since in self._since.items()},
            "reload": _reload_shape(self.reload),
        }
        draft = self._path.with_suffix(".part")
        draft.write_text(json.dumps(shape) + "\n", "utf-8")
        draft.replace(self._path)  # a reader sees the old or the new; after a power cut nobody needs either
        return f"STATUS={_told(troubles, self.reload)}"


def read_standing(state: Path) -> dict[str, Any] | None:
    """What the daemon wrote last, or None."""
    try:
        found = json.loads((state / FILE).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def _reload_shape(reload: Reload | None) -> dict[str, Any] | None:
    if reload is None:
        return None
    return {
        "at": iso(reload.at), "taken": reload.taken, "problems": list(reload.problems), "restart": list(reload.restart),
    }  # fmt: skip


def _told(troubles: Mapping[str, str], reload: Reload | None) -> str:
    said = [f"trouble with the {name}: {what}" for name, what in troubles.items() if what]
    if reload is not None and not reload.taken:
        said.append("the last reload was refused, the configuration before it is in force")
    return "; ".join(said).replace("\n", " ")[:400] or "taking mail"
