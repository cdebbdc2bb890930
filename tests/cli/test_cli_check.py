"""`maild check`: what is in order, and each way in which a file can be broken."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import Any

RULE = """- rule: broken
  match: {match}
  then: {then}
  examples:
    - {{ subject: {subject}, matches: true }}
"""


def test_the_shipped_desk_is_in_order(place: Any) -> None:
    """The shipped files pass, and looking at them leaves no state folder behind."""
    said = place.maild("check", fresh=True)
    assert (said.code, said.out, said.err) == (0, "maild.toml: everything is in order\n", "")
    assert not place.state.exists()


def test_the_file_may_be_named(place: Any) -> None:
    """`-c` and `--config` name another file, and paths in it start from its folder."""
    (place.folder / "maild.toml").rename(place.folder / "other.toml")
    assert place.maild("-c", "other.toml", "check").out == "other.toml: everything is in order\n"
    assert place.maild("--config=other.toml", "check").code == 0


@pytest.mark.parametrize("command", [["check"], ["tickets"], ["try", "-"], ["migrate"], ["run"]], ids=" ".join)
def test_no_configuration(command: list[str], place: Any) -> None:
    """Without a configuration every command that needs one ends with 78 and names the file."""
    (place.folder / "maild.toml").unlink()
    place.maild(*command).failed(78, "maild.toml: No such file or directory", "-c")


def _misspelt(place: Any) -> str:
    line = place.edit("maild.toml", "timezone = ", "timezon = ")
    return f"maild.toml:{line}:1: "


def _no_toml(place: Any) -> str:
    line = place.edit("maild.toml", 'language = "en"', 'language = "en')
    return f"maild.toml:{line}:"


def _bad_zone(place: Any) -> str:
    place.edit("maild.toml", "Europe/Brussels", "Europe/Atlantis")
    return "maild.toml:"


def _no_imap_password(place: Any) -> str:
    place.edit("maild.toml", "[delivery]", '[[intake.imap]]\nhost = "localhost"\nuser = "x"\npassword_file = "gone"\n[delivery]')
    return f"{place.folder / 'gone'}: No such file or directory; set intake.imap.password_file"


def _bad_hop(place: Any) -> str:
    place.edit("maild.toml", "maildir:var/sent", "pigeon://loft")
    return "maild.toml"


def _rule(place: Any, match: str = "{ service: support }", then: str = "{ team: functional }", subject: str = "x") -> None:
    (place.folder / "rules" / "15-broken.yaml").write_text(RULE.format(match=match, then=then, subject=subject), "utf-8")


def _condition(place: Any) -> str:
    _rule(place, match="{ word: { any of: [x] } }")
    return "rules/15-broken.yaml:2:"


def _re2(place: Any) -> str:
    _rule(place, match="{ pattern: { re2: '(?<=a)b' } }")
    return "rules/15-broken.yaml:2:"


def _team(place: Any) -> str:
    _rule(place, then="{ team: technicl }")
    return "rules/15-broken.yaml:3:"


def _example(place: Any) -> str:
    _rule(place, match="{ words: { any of: [y] } }")
    return "rules/15-broken.yaml:1: example 1"


def _reply(place: Any) -> str:
    _rule(place, then="{ team: functional, reply: nowhere }")
    return "rules/15-broken.yaml:1"


def _yaml(place: Any) -> str:
    (place.folder / "rules" / "15-broken.yaml").write_text("- rule: [\n", "utf-8")
    return "rules/15-broken.yaml:"


def _stray(place: Any) -> str:
    (place.folder / "rules" / "team.yaml").write_text("teams: {}\n", "utf-8")
    return "rules/team.yaml: is neither a rule file nor a table"


def _agent(place: Any) -> str:
    place.edit("rules/teams.yaml", "technical: { mode: pull", "technical: { mode: lottery")
    return "rules/teams.yaml:"


def _template(place: Any) -> str:
    line = place.edit("templates/en/notification.txt", "{% if sealed %}", "{% iff sealed %}")
    return f"templates/en/notification.txt:{line}"


def _value(place: Any) -> str:
    line = place.edit("templates/en/acknowledgement.txt", "thank you for writing", "{{ nothing_such }} thank you for writing")
    return f"templates/en/acknowledgement.txt:{line}"


@pytest.mark.parametrize(
    ("spoil", "remedy"),
    [
        (_misspelt, "timezone"),
        (_no_toml, "toml.io"),
        (_bad_zone, "Europe/Atlantis"),
        (_no_imap_password, "the systemd credential imap.x.password"),
        (_bad_hop, "pigeon"),
        (_condition, "words"),
        (_re2, "(?<"),
        (_team, "technical"),
        (_example, "should match"),
        (_reply, "nowhere"),
        (_yaml, "15-broken.yaml"),
        (_stray, "teams.yaml"),
        (_agent, "pull"),
        (_template, "iff"),
        (_value, "nothing_such"),
    ],
    ids=lambda value: value.__name__.strip("_") if callable(value) else "",
)
def test_a_broken_file_is_told(spoil: Callable[[Any], str], remedy: str, place: Any) -> None:
    """Each mistake ends with 78 and one line that says file and line, what is wrong, and what would be right."""
    where = spoil(place)
    said = place.maild("check")
    said.failed(78, f"maild: {where}", remedy)
    assert said.out == ""
    assert all(line.startswith("maild: ") for line in said.err.splitlines())


def test_what_only_the_service_has(place: Any, tmp_path: Path) -> None:
    """Without systemd's credentials it says which passwords it could not look at; where they are, they are looked at."""
    place.edit("maild.toml", "maildir:var/sent", "smtps://desk@mail.example.net")
    config = place.folder / "maild.toml"
    config.write_text(config.read_text() + '[[intake.imap]]\nhost = "imap.example.net"\nuser = "x"\n')
    said = place.maild("check")
    names = "delivery.password, imap.x.password"
    assert (said.code, said.out) == (
        0,
        f"maild.toml: everything is in order; not looked at, because only the service has it: {names}\n",
    )
    (tmp_path / "delivery.password").write_text("secret")
    place.maild("check", CREDENTIALS_DIRECTORY=str(tmp_path)).failed(78, "imap.x.password: No such file")
    (tmp_path / "imap.x.password").write_text("secret")
    assert place.maild("check", CREDENTIALS_DIRECTORY=str(tmp_path)).out == "maild.toml: everything is in order\n"
    place.maild("run").failed(78, "the systemd credential delivery.password")
    config.write_text(config.read_text() + '[[intake.imap]]\nhost = "imap.example.net"\nuser = "y"\npassword_file = "gone"\n')
    place.maild("check").failed(78, f"{place.folder / 'gone'}: No such file")


@pytest.mark.parametrize("table", ["teams.yaml", "fields.yaml", "budgets.yaml", "versions.yaml"])
def test_a_missing_table_is_told(table: str, place: Any) -> None:
    """The desk does not start without its tables."""
    (place.folder / "rules" / table).unlink()
    place.maild("check").failed(78, f"maild: rules/{table}: ")


def test_every_problem_is_told(place: Any) -> None:
    """Two wrong rules make two lines, so that one run tells all."""
    (place.folder / "rules" / "15-broken.yaml").write_text(
        RULE.format(match="{ word: x }", then="{ team: functional }", subject="x")
        + RULE.format(match="{ service: support }", then="{ team: nobody }", subject="x"),
        "utf-8",
    )
    said = place.maild("check")
    said.failed(78)
    assert re.findall(r"rules/15-broken\.yaml:(\d+)", said.err) == ["2", "8"]


def test_the_environment_goes_before_the_file(place: Any) -> None:
    """A setting of the environment counts, and one that does not exist is an error that names the nearest."""
    place.maild("check", MAILD_DESK_TIMEZONE="Europe/Atlantis").failed(78, "Europe/Atlantis")
    place.maild("check", MAILD_DESK_TIMEZON="UTC").failed(78, "environment:MAILD_DESK_TIMEZON", "MAILD_DESK_TIMEZONE")
