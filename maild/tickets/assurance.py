"""How surely a sender is who he says he is, and how surely he must be for what he asks (docs/interfaces.md)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Level = Literal[0, 1, 2, 3]
Action = Literal["open", "append", "answer", "command", "consent", "approve", "erase"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Assurance:
    """0: nothing is proven. 1: the domain is. 2: so is that the address was given to this sender. 3: a key or a confirmation, too."""

    level: Level
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Required:
    """The level that each action needs, as `rules/assurance.yaml` says."""

    levels: Mapping[Action, Level]

    def allows(self, action: Action, assurance: Assurance) -> bool:
        """Whether this sender may do it."""
        return assurance.level >= self.levels[action]
