"""Everything that the operator decided, read and checked as one: configuration, rules, tables. A bad file spoils it as a whole."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from maild.config import Config
from maild.document import Binder, Document, nearest, read_yaml
from maild.errors import BadConfiguration, Problem
from maild.problem.table import FieldTable
from maild.rules.rule import RuleBook, read_rules
from maild.rules.tables import Budgets, read_budgets, read_fields, read_teams
from maild.tickets.lifecycle import Terms
from maild.tickets.people import Teams

T = TypeVar("T")
TABLES = ("teams.yaml", "fields.yaml", "budgets.yaml")
_RULE_FILE = re.compile(r"\d\d-[\w.-]+\.yaml\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The operator's word."""

    config: Config
    rules: RuleBook
    teams: Teams
    fields: FieldTable
    budgets: Budgets

    @property
    def limited(self) -> frozenset[str]:
        """Agents, where there is a limit to what they are told."""
        return self.teams.everybody if "notification" in self.budgets.per_correspondent_and_hour else frozenset()

    @property
    def terms(self) -> Terms:
        """What the life cycle needs of it."""
        return Terms(teams=self.teams, table=self.fields, language=self.config.desk.language)


def load_policy(config: Config) -> Policy:
    """Reads `rules/`.

    Raises:
        BadConfiguration: with the problems of all files.
    """
    folder = config.path(config.settings.paths.rules)
    shown = config.settings.paths.rules
    if not folder.is_dir():
        raise BadConfiguration([Problem(shown, "is no folder", "set paths.rules, or restore the shipped rules")])
    problems: list[Problem] = []
    teams = _table(folder, shown, "teams.yaml", read_teams, problems)
    fields = _table(folder, shown, "fields.yaml", read_fields, problems)
    budgets = _table(folder, shown, "budgets.yaml", read_budgets, problems)
    files = []
    for path in sorted(folder.glob("*.y*ml")):
        if _RULE_FILE.match(path.name):
            files.append((path, f"{shown}/{path.name}"))
        elif path.name not in TABLES:
            remedy = f"rules are called NN-name.yaml; {nearest(path.name, TABLES)}"
            problems.append(Problem(f"{shown}/{path.name}", "is neither a rule file nor a table", remedy))
    if teams is None or fields is None or budgets is None:
        raise BadConfiguration(problems)
    rules, wrong = read_rules(files, fields, teams, ZoneInfo(config.desk.timezone))
    problems += wrong
    if problems:
        raise BadConfiguration(problems)
    return Policy(config=config, rules=rules, teams=teams, fields=fields, budgets=budgets)


def _table(
    folder: Path, shown: str, name: str, read: Callable[[Document, Binder], T | None], problems: list[Problem]
) -> T | None:
    try:
        document = read_yaml(folder / name, f"{shown}/{name}")
    except BadConfiguration as error:
        problems += error.problems
        return None
    binder = Binder(document)
    value = read(document, binder)
    problems += binder.problems
    return value if not binder.problems else None
