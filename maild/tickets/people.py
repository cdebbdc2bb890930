"""Teams and agents, as the operator lists them in `rules/teams.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from maild.mail.message import Mailbox


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

    def agent(self, address: str) -> Agent | None:
        """The agent with this address, letter case aside."""
        folded = address.lower()
        return next((agent for each, agent in self.agents.items() if each.lower() == folded), None)

    def written(self, address: str) -> str:
        """The agent's address as the operator wrote it."""
        folded = address.lower()
        return next((each for each in self.agents if each.lower() == folded), address)

    def name_of(self, address: str) -> str:
        """How colleagues know the agent."""
        agent = self.agent(address)
        return agent.name if agent else ""

    def first_name(self, address: str) -> str:
        """How customers know the agent."""
        return self.name_of(address).partition(" ")[0]

    def mailbox(self, address: str) -> Mailbox:
        """The agent's own mailbox."""
        return Mailbox(name=self.name_of(address), address=address)

    def find(self, words: str) -> tuple[str, ...]:
        """The agents that somebody may mean: by address, else by a name or a part of it."""
        folded = words.lower().strip("<> ")
        exact = tuple(each for each in self.agents if each.lower() == folded)
        return exact or tuple(
            each for each, agent in self.agents.items() if folded in agent.name.lower().split() or folded == agent.name.lower()
        )
