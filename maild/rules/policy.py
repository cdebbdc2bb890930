"""Everything that the operator decided, read and checked as one: configuration, rules, tables. A bad file spoils it as a whole."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from maild.config import Config
from maild.document import Binder, Document, nearest, read_yaml
from maild.errors import BadConfiguration, Problem
from maild.problem.lexicon import Lexicon
from maild.problem.phrases import words_of
from maild.problem.table import FieldTable
from maild.rules.phrases import read_phrases
from maild.rules.prose import prose_of, read_prose, read_sentences
from maild.rules.required import read_required
from maild.rules.rule import RuleBook, read_rules
from maild.rules.tables import Budgets, read_assurance, read_budgets, read_fields, read_teams
from maild.rules.topics import read_issues, read_languages, read_topics
from maild.rules.versions import read_versions
from maild.tickets.assurance import Required
from maild.tickets.contracts.windows import Windows
from maild.tickets.outcome import Terms
from maild.tickets.people import Teams

T = TypeVar("T")
TABLES = (
    *("teams.yaml", "budgets.yaml", "assurance.yaml", "versions.yaml"),
    *("fields.yaml", "prose.yaml", "claims.yaml", "sentences.yaml", "required.yaml"),
    *("languages.yaml", "phrases.yaml", "topics.yaml", "issues.yaml"),
)
_RULE_FILE = re.compile(r"\d\d-[\w.-]+\.yaml\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The operator's word."""

    config: Config
    rules: RuleBook
    teams: Teams
    lexicon: Lexicon
    budgets: Budgets
    required: Required
    versions: Windows

    @property
    def fields(self) -> FieldTable:
        """What is read from a mail."""
        return self.lexicon.fields

    @property
    def limited(self) -> frozenset[str]:
        """Agents, where there is a limit to what each of them, or their domain, is told; the other counts are always looked up."""
        listed = {*self.budgets.per_correspondent_and_hour, *self.budgets.per_domain_and_hour}
        return self.teams.everybody if listed & {"notification", "note"} else frozenset()

    @property
    def terms(self) -> Terms:
        """What the life cycle needs of it."""
        settings = self.config.settings
        return Terms(
            teams=self.teams,
            lexicon=self.lexicon,
            required=self.required,
            windows=self.versions,
            language=settings.desk.language,
            reminder=settings.clocks.reminder,
            close=settings.clocks.close,
            grace=settings.clocks.grace,
            embargo=settings.security.embargo,
            announce=settings.security.announce,
            advisories=f"{settings.desk.domain.partition('.')[0].upper()}-SA",
            max_enclosed=int(settings.delivery.max_size) * 7 // 10,  # base64, and the text
        )


def load_policy(config: Config) -> Policy:
    """Reads `rules/`.

    Raises:
        BadConfiguration: with the problems of all files.
    """
    folder = config.rules
    shown = config.settings.paths.rules
    if not folder.is_dir():
        raise BadConfiguration([Problem(shown, "is no folder", "set paths.rules, or restore the shipped rules")])
    problems: list[Problem] = []
    teams = _table(folder, shown, "teams.yaml", read_teams, problems)
    lexicon = _lexicon(folder, shown, teams, problems)
    budgets = _table(folder, shown, "budgets.yaml", read_budgets, problems)
    required = _table(folder, shown, "assurance.yaml", read_assurance, problems)
    versions = _table(folder, shown, "versions.yaml", read_versions, problems)
    files = []
    for path in sorted(folder.glob("[!.]*.y*ml")):
        if _RULE_FILE.match(path.name):
            files.append((path, f"{shown}/{path.name}"))
        elif path.name not in TABLES:
            remedy = f"rules are called NN-name.yaml; {nearest(path.name, TABLES)}"
            problems.append(Problem(f"{shown}/{path.name}", "is neither a rule file nor a table", remedy))
    if teams is None or lexicon is None or budgets is None or required is None or versions is None:
        raise BadConfiguration(problems)
    rules, wrong = read_rules(files, lexicon, teams, ZoneInfo(config.desk.timezone))
    problems += wrong
    if problems:
        raise BadConfiguration(problems)
    return Policy(config=config, rules=rules, teams=teams, lexicon=lexicon, budgets=budgets, required=required, versions=versions)


def _lexicon(folder: Path, shown: str, teams: Teams | None, problems: list[Problem]) -> Lexicon | None:
    """The tables of words; some of them name what another one has."""
    fields = _fields(folder, shown, problems)
    languages = _table(folder, shown, "languages.yaml", read_languages, problems)
    replies = _table(folder, shown, "phrases.yaml", read_phrases, problems)
    if fields is None or languages is None:
        return None
    values = {name: tuple(spec.words.values()) for name, spec in fields.specs.items()}
    required = _table(folder, shown, "required.yaml", partial(read_required, fields=values), problems)
    topics = _table(folder, shown, "topics.yaml", partial(read_topics, languages=languages.names), problems)
    names = topics.names if topics else ()
    issues = (
        _table(folder, shown, "issues.yaml", partial(read_issues, topics=names, languages=languages.names), problems)
        if topics
        else None
    )
    if replies is None or required is None or topics is None or issues is None:
        return None
    return Lexicon(
        fields=fields,
        languages=languages,
        thanks=replies.thanks,
        consents=replies.consents,
        topics=topics,
        issues=issues,
        required=required,
        names=words_of(*(agent.name for agent in teams.agents.values())) if teams else frozenset(),
        agents=frozenset(each.lower() for each in teams.agents) if teams else frozenset(),
    )


def _fields(folder: Path, shown: str, problems: list[Problem]) -> FieldTable | None:
    """Labels, and what sentences tell without them."""
    fields = _table(folder, shown, "fields.yaml", read_fields, problems)
    if fields is None:
        return None
    prose = _told(folder, shown, "prose.yaml", read_prose(fields.specs), problems)
    claims = _told(folder, shown, "claims.yaml", read_prose(fields.specs), problems)
    sentences = _told(folder, shown, "sentences.yaml", read_sentences, problems)
    return replace(fields, prose=prose_of([prose, claims], sentences))


def _told(folder: Path, shown: str, name: str, read: Callable[[Document, Binder], T | None], problems: list[Problem]) -> T | None:
    """A table that may be absent: then fields are read at labels and by sure patterns only."""
    return _table(folder, shown, name, read, problems) if (folder / name).exists() else None


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
