"""The tables beside the rules, and what is said where they are written wrongly."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from maild.document import Binder, read_yaml
from maild.problem.table import FieldTable
from maild.rules.tables import ACTIONS, read_assurance, read_budgets, read_fields, read_teams
from maild.tickets.assurance import Assurance, Required

FIELDS = """\
fields:
  version:
    kind: token
    labels: { en: [version, release], fr: [version du produit] }
    title: { en: Version, fr: Version du produit }
    hint: { en: for example 17.0 }
    forms: [ { match: '(\\d+)\\.0', give: '\\1.0' } ]
    anywhere: [ 'we run (\\d+\\.0)' ]
  blocking:
    kind: truth
    labels: { en: [blocking] }
    title: { en: Blocking }
    values: { yes: ["yes"], no: ["no"] }
"""
TEAMS = """\
teams:
  technical: { mode: pull, agents: [raj@example.com] }
agents:
  raj@example.com: { name: Raj Patel }
qualification: technical
"""


@pytest.fixture
def problems(tmp_path: Path) -> Callable[[str, Callable[..., object]], list[str]]:
    """Writes a table, reads it, and gives the problems as they are shown."""

    def find(text: str, read: Callable[..., object]) -> list[str]:
        path = tmp_path / "table.yaml"
        path.write_text(text, encoding="utf-8")
        binder = Binder(read_yaml(path, "rules/table.yaml"))
        read(binder.document, binder)
        return [str(each) for each in binder.problems]

    return find


Problems = Callable[[str, Callable[..., object]], list[str]]


def test_a_small_table_of_fields(tmp_path: Path, problems: Problems) -> None:
    """YAML 1.2: `yes` and `no` are words, so a truth needs no quotes to be understood."""
    assert problems(FIELDS, read_fields) == []
    binder = Binder(read_yaml(tmp_path / "table.yaml"))
    table = read_fields(binder.document, binder)
    assert isinstance(table, FieldTable)
    assert table.specs["blocking"].words == {"yes": "yes", "no": "no"}
    assert table.labels.named("Release") == "version"
    assert (table.title("version", "fr"), table.title("version", "de"), table.hint("blocking", "en")) == (
        "Version du produit",
        "Version",
        "",
    )


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("kind: token", "kind: tokn", "table.yaml:3:5: 'tokn' is not known here; did you mean 'token'?"),
        ("labels: { en: [blocking] }", "labels: { en: [blocking, release] }", "'release' is a label of 'version', too; keep one"),
        ("match: '(\\d+)", "match: '(?=\\d+)", "RE2 does not take this pattern"),
        ("give: '\\1.0'", "give: '\\2.0'", "table.yaml:7:35: the pattern has no group 2; mend one of them"),
        (
            "title: { en: Blocking }",
            "title: { en: Stuck }",
            "'Stuck' is no label of 'blocking': what is filled in would not be read",
        ),
        ("'we run (\\d+\\.0)'", "'we run \\d+\\.0'", "it has no group; the first group is the value"),
        ("'we run (\\d+\\.0)'", "'we run ('", "RE2 does not take this pattern"),
        (
            'values: { yes: ["yes"], no: ["no"] }',
            'values: { yes: ["yes"], perhaps: ["hm"] }',
            "a truth has the values yes and no only",
        ),
        ('    values: { yes: ["yes"], no: ["no"] }\n', "", "'blocking' needs values"),
        ("    forms: [ {", "    forms_of: versoin\n    forms: [ {", "there is no field 'versoin'; did you mean 'version'?"),
        ('no: ["no"] }', 'no: ["no"] }\n    otherwise: maybe', "'maybe' is no value of 'blocking'"),
        ("fields:", "feilds:", "'feilds' is not known here; did you mean 'fields'?"),
        ("    title: { en: Blocking }\n", "", "'title' is missing; add `title`"),
        ("hint: { en: for example 17.0 }", "hint: for example 17.0", "stands where names and values belong"),
    ],
)
def test_fields_that_are_written_wrongly(old: str, new: str, problem: str, problems: Problems) -> None:
    """Names, kinds, patterns, labels and requirements are checked against each other."""
    assert FIELDS.count(old) == 1
    found = problems(FIELDS.replace(old, new), read_fields)
    assert any(problem in each for each in found), found


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (
            "agents: [raj@example.com]",
            "agents: [ray@example.com]",
            "table.yaml:2:37: 'ray@example.com' is no agent; did you mean 'raj@example.com'?",
        ),
        (
            "qualification: technical",
            "qualification: tecnical",
            "table.yaml:5:1: there is no team 'tecnical'; did you mean 'technical'?",
        ),
        ("qualification: technical\n", "", "'qualification' is missing"),
        ("mode: pull", "mode: pul", "'pul' is not known here; did you mean 'pull'?"),
        ("{ name: Raj Patel }", "{ name: Raj Patel, languges: [en] }", "'languges' is not known here; did you mean 'languages'?"),
        ("{ name: Raj Patel }", "{}", "'name' is missing"),
    ],
)
def test_teams_that_are_written_wrongly(old: str, new: str, problem: str, problems: Problems) -> None:
    """Teams name agents that exist, and a team that exists qualifies the rest."""
    assert problems(TEAMS, read_teams) == []
    found = problems(TEAMS.replace(old, new), read_teams)
    assert any(problem in each for each in found), found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("per_correspondent_and_hour: { acknowledgement: 20 }\n", []),
        ("per_correspondent_and_hour: {}\n", []),
        (
            "per_correspondent_and_hour: { acknowledgement: many }\n",
            ["rules/table.yaml:1:31: 'many' does not fit; a whole number belongs here"],
        ),
        ("per_correspondent_and_hour: {}\nper_ticket_and_hour: { note: 3 }\nper_hour: { error: 20 }\n", []),
        (
            "per_correspondent_and_hour: { acknowledgment: 20 }\n",
            ["rules/table.yaml:1:31: 'acknowledgment' is not known here; did you mean 'acknowledgement'?"],
        ),
        ("per_minute: { acknowledgement: 20 }\n", None),
    ],
)
def test_budgets(text: str, expected: list[str] | None, problems: Problems) -> None:
    """Whole numbers by class of mail, and by whose budget it is."""
    found = problems(text, read_budgets)
    assert found == expected if expected is not None else len(found) == 2


# --- assurance --------------------------------------------------------------------------------------------------

LEVELS = "open: 0\nappend: 0\nanswer: 2\ncommand: 2\nconsent: 2\napprove: 2\nerase: 3\n"


def test_assurance(problems: Problems, tmp_path: Path) -> None:
    """A level for every action."""
    assert problems(LEVELS, read_assurance) == []
    binder = Binder(read_yaml(tmp_path / "table.yaml"))
    required = read_assurance(binder.document, binder)
    assert required is not None
    assert dict(required.levels) == {"open": 0, "append": 0, "answer": 2, "command": 2, "consent": 2, "approve": 2, "erase": 3}


@pytest.mark.parametrize("action", ACTIONS)
def test_a_missing_action(action: str, problems: Problems) -> None:
    """None is left to a guess."""
    text = "".join(line for line in LEVELS.splitlines(keepends=True) if not line.startswith(action))
    assert problems(text, read_assurance) == [f"rules/table.yaml:1:1: '{action}' is missing; add `{action}: LEVEL`"]


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("erase: 3", "erase: 4", "rules/table.yaml:7:1: '4' is not known here"),
        ("erase: 3", "erase: -1", "rules/table.yaml:7:1: '-1' is not known here"),
        ("erase: 3", "erase: two", "rules/table.yaml:7:1: 'two' is not known here"),
        ("erase: 3", "erase: true", "rules/table.yaml:7:1: "),
        ("erase: 3", "erase: 2.5", "rules/table.yaml:7:1: "),
        ("erase: 3", 'erase: "3"', "rules/table.yaml:7:1: "),
        ("erase: 3", "erase:", "rules/table.yaml:7:"),
        ("erase: 3", "erase: [3]", "rules/table.yaml:7:1: "),
        ("erase: 3", "erase: 3\nerse: 1", "rules/table.yaml:8:1: 'erse' is no action; did you mean 'erase'?"),
        ("consent: 2", "consnt: 2", "rules/table.yaml:5:1: 'consnt' is no action; did you mean 'consent'?"),
    ],
)
def test_assurance_that_is_written_wrongly(old: str, new: str, problem: str, problems: Problems) -> None:
    """Unknown actions and levels are told with their place."""
    found = problems(LEVELS.replace(old, new), read_assurance)
    assert any(each.startswith(problem) for each in found), found


@pytest.mark.parametrize(("level", "needed", "may"), [(one, other, one >= other) for one in range(4) for other in range(4)])
def test_required(level: Any, needed: Any, may: bool) -> None:
    """A level allows what needs as much, or less."""
    required = Required(levels=dict.fromkeys(ACTIONS, needed))
    assert required.allows("answer", Assurance(level=level, why="")) is may
