"""Teams and agents, as the operator lists them in `rules/teams.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """`pull`: each member is told of a new ticket. `push`: the least loaded on shift gets it."""

    agents: tuple[str, ...]
    mode: Literal["pull", "push"] = "pull"


@dataclass(frozen=True, slots=True, kw_only=True)
class Agent:
    """Hours are in the agent's own time zone."""

    name: str
    languages: tuple[str, ...] = ("en",)
    timezone: str = "UTC"
    hours: str = "09:00-17:30"


@dataclass(frozen=True, slots=True, kw_only=True)
class Teams:
    """The file. `qualification` is the team that qualifies what no rule could."""

    teams: Mapping[str, Team]
    agents: Mapping[str, Agent]
    qualification: str
    account_managers: tuple[str, ...] = ()

    def members(self, team: str) -> tuple[str, ...]:
        """The agents of a team, by address."""
        found = self.teams.get(team)
        return found.agents if found else ()

    @property
    def everybody(self) -> frozenset[str]:
        """All agents' addresses, in lower case."""
        return frozenset(address.lower() for address in self.agents)
