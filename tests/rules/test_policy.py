"""The shipped rules and tables: they load, they prove themselves, and real-looking mails reach the right team."""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from maild.config import Config
from maild.errors import BadConfiguration
from maild.problem.reading import Reading
from maild.rules.policy import Policy, load_policy


def test_the_shipped_examples_hold(shipped: Policy) -> None:
    """Every rule that is shipped does what its examples say, and has some of both kinds."""
    assert shipped.rules.failed_examples(shipped.lexicon) == []
    for rule in shipped.rules.rules:
        assert {example.matches for example in rule.examples} == {True, False}, rule.name


def test_every_shipped_team_is_reached_and_staffed(shipped: Policy) -> None:
    """A team that no rule names, or that has nobody, would be a hole."""
    named = {rule.action.team for rule in shipped.rules.rules if rule.action.team}
    assert named == set(shipped.teams.teams) == {"administration", "functional", "technical", "bugfix", "upgrade", "security"}
    assert all(shipped.teams.members(team) for team in named if team)


MAILS = [
    (
        "administration",
        "support@example.com",
        "Our subscription",
        "Hello,\n\nwe would like to pay yearly instead of monthly. What do we have to do?\n",
    ),
    (
        "administration",
        "support@example.com",
        "Question",
        "The invoice you sent us in February names the wrong company. Please correct it.\n",
    ),
    (
        "administration",
        "support@example.com",
        "Two more people",
        "Please add users to our contract SUB-2025-0042, two of them.\n",
    ),
    (
        "administration",
        "support@example.com",
        "Facturation",
        "Bonjour,\n\nnous voulons résilier notre abonnement à la fin du mois.\n",
    ),
    (
        "functional",
        "support@example.com",
        "How to set up landed costs",
        "Hi,\n\nhow do I add the customs duty to the cost of what we buy?\n",
    ),
    ("functional", "support@example.com", "Kanban colours", "Can every salesperson have a colour? We are on 17.0.\n"),
    ("functional", "support@example.com", "Help", "Kind of problem: functional question\n\nHow do I print two copies?\n"),
    ("technical", "support@example.com", "Site is down", "Nobody can work, we see 502 Bad Gateway since ten o'clock.\n"),
    ("technical", "emergency@example.com", "URGENT", "The database is unreachable since this morning!\n"),
    ("technical", "support@example.com", "Two-factor", "One of us lost the phone and cannot log in any more.\n"),
    ("technical", "support@example.com", "XML-RPC", "Our script calls the API every night; since yesterday it is refused.\n"),
    ("bugfix", "support@example.com", "Tax is computed twice", "On every invoice with a discount.\n"),
    (
        "bugfix",
        "support@example.com",
        "Purchase order",
        "Traceback (most recent call last):\n  File \"a.py\", line 1\nKeyError: 'x'\n",
    ),
    ("bugfix", "support@example.com", "Colours", "Current behaviour: it is green\nExpected behaviour: it should be red\n"),
    ("upgrade", "upgrade@example.com", "16 to 18", "Hello, we want to change in May.\n"),
    ("upgrade", "support@example.com", "New release", "We would like to upgrade from 16.0 to 18.0 this summer.\n"),
    ("upgrade", "support@example.com", "Test", "In the upgraded test database the menu is not there.\n"),
    ("security", "security@example.com", "Portal", "Any portal user can read the invoices of others.\n"),
    (
        "security",
        "support@example.com",
        "Vulnerability in the portal",
        "I can read other people's invoices, see the proof of concept.\n",
    ),
    ("security", "support@example.com", "Question", "Are you affected by CVE-2026-12345?\n"),
]


@pytest.mark.parametrize(("team", "to", "subject", "text"), MAILS, ids=[f"{team}: {subject}" for team, _, subject, _ in MAILS])
def test_mails_reach_their_team(
    team: str, to: str, subject: str, text: str, read: Callable[..., Reading], shipped: Policy
) -> None:
    """A mail as customers write it goes to the people who can help."""
    reading = read(text, to=to, Subject=subject)
    ruling = shipped.rules.evaluate(reading, to.partition("@")[0], reading.fields)
    assert ruling.team == team
    assert ruling.chosen_by == ruling.hit[-1]  # what hit before only added to it


@pytest.mark.parametrize(
    ("to", "scope", "reply"),
    [
        ("security@example.com", "security", "security"),
        ("upgrade@example.com", "upgrade", "upgrade"),
        ("support@example.com", None, None),
    ],
)
def test_what_else_the_shipped_rules_say(
    to: str, scope: str | None, reply: str | None, read: Callable[..., Reading], shipped: Policy
) -> None:
    """The service that was written to settles the scope, and what comes to a service of its own gets its own acknowledgement."""
    reading = read("Hello")
    ruling = shipped.rules.evaluate(reading, to.partition("@")[0], reading.fields)
    assert (ruling.scope, ruling.reply) == (scope, reply)


def test_a_quoted_mail_decides_nothing(read: Callable[..., Reading], shipped: Policy) -> None:
    """What the desk or somebody else wrote before does not choose the team."""
    quoted = "\n\nOn Monday Bob wrote:\n> Is it a vulnerability?\n> The site is down with a 502.\n"
    reading = read("How do I print two copies?" + quoted, Subject="Printing")
    assert shipped.rules.evaluate(reading, "support", reading.fields).team == "functional"


# --- a folder of rules that is not in order -------------------------------------------------------------------


@pytest.fixture
def desk(root: Path, config: Config, tmp_path: Path) -> Config:
    """A desk with a copy of the shipped rules, to be spoilt."""
    shutil.copytree(root / "rules", tmp_path / "rules")
    return dataclasses.replace(config, file=tmp_path / "maild.toml")


def problems(config: Config) -> list[str]:
    """What is wrong, as it is shown."""
    with pytest.raises(BadConfiguration) as caught:
        load_policy(config)
    return [str(problem) for problem in caught.value.problems]


def test_an_untouched_copy_loads(desk: Config, shipped: Policy) -> None:
    """The copy is as good as the original."""
    assert [rule.shown for rule in load_policy(desk).rules.rules] == [rule.shown for rule in shipped.rules.rules]


def test_a_missing_folder(config: Config, tmp_path: Path) -> None:
    """The remedy names the setting."""
    assert problems(dataclasses.replace(config, file=tmp_path / "maild.toml")) == [
        "rules: is no folder; set paths.rules, or restore the shipped rules"
    ]


def test_a_missing_table(desk: Config, tmp_path: Path) -> None:
    """Each table is needed."""
    (tmp_path / "rules/teams.yaml").unlink()
    assert problems(desk) == ["rules/teams.yaml: No such file or directory; create it, or mend the path"]


def test_a_misspelt_file(desk: Config, tmp_path: Path) -> None:
    """A file that would never be read is a mistake, not a comment."""
    (tmp_path / "rules/team.yaml").write_text("")
    (tmp_path / "rules/5-a.yaml").write_text("")
    found = problems(desk)
    assert len(found) == 2
    assert any(
        "rules/team.yaml: is neither a rule file nor a table; rules are called NN-name.yaml; did you mean 'teams.yaml'?" in each
        for each in found
    )


@pytest.mark.parametrize(
    ("names", "line"),
    [
        (["10-security.yaml", "90-rest.yaml"], "- rule: bad\n  match: { service: suport }\n  then: { team: technical }\n"),
        (["budgets.yaml", "fields.yaml"], "x: y\n"),
    ],
    ids=["rules", "tables"],
)
def test_mistakes_of_all_files_are_told_at_once(names: list[str], line: str, desk: Config, tmp_path: Path) -> None:
    """One bad file spoils the whole, and everything that is wrong is in one list."""
    for name in names:
        with (tmp_path / "rules" / name).open("a") as file:
            file.write(f"\n{line}")
    assert sorted(each.split(":")[0] for each in problems(desk)) == [f"rules/{name}" for name in names]


def test_files_are_read_in_the_order_of_their_names(desk: Config, tmp_path: Path, read: Callable[..., Reading]) -> None:
    """A rule of a lower number goes before."""
    (tmp_path / "rules/05-first.yaml").write_text(
        "- rule: first\n  match: { not: { service: control } }\n  then: { team: technical }\n"
    )
    reading = read("Hello", to="security@example.com")
    assert load_policy(desk).rules.evaluate(reading, "security", reading.fields).hit == ("rules/05-first.yaml:1 first",)
