"""`versions.yaml`: the shipped table, another vendor's, and what is said where one is written wrongly."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from maild.document import Binder, read_yaml
from maild.errors import BadConfiguration, Problem
from maild.rules.policy import Policy
from maild.rules.versions import read_versions
from maild.tickets.contracts.windows import Windows

OTHERS = """\
target_grace: 3 months
source: the vendor's calendar
as_of: 2026-01-15
versions:
  2024.1: { released: 2024-04-01, standard: 2025-09-30, extended: 2027-03-31, hosting: on-premise }
  "2025": { released: 2025-04-01, standard: { platform: open, on-premise: 2026-09-30 }, hosting: [platform, on-premise] }
  R2025.2:
    released: 2025-10-01
    standard: open
    extended: none
    source: a mail of theirs
    as_of: 2026-02-01
"""
Read = Callable[[str], tuple[Windows | None, list[Problem]]]


@pytest.fixture
def table(tmp_path: Path) -> Read:
    """Writes a table and reads it."""

    def read(text: str) -> tuple[Windows | None, list[Problem]]:
        path = tmp_path / "versions.yaml"
        path.write_text(text, encoding="utf-8")
        binder = Binder(read_yaml(path, "rules/versions.yaml"))
        return read_versions(binder.document, binder), binder.problems

    return read


def test_the_shipped_table(shipped: Policy) -> None:
    """It tells what the vendor's page told in July 2026."""
    on = date(2026, 7, 31)
    states = {
        version: tuple(shipped.versions.support(version, hosting, on).state for hosting in ("online", "platform", "on-premise"))
        for version in ("19.0", "18.0", "17.0", "16.0", "15.0", "14.0", "13.0", "saas~19.4", "saas~18.4")
    }
    supported, old = ("standard",) * 3, ("ended", "extended", "extended")
    assert states == {
        "19.0": supported, "18.0": supported, "17.0": supported, "16.0": old, "15.0": old, "14.0": old,
        "13.0": ("ended", "ended", "extended"),
        "saas~19.4": ("standard", "unknown", "unknown"), "saas~18.4": ("ended", "unknown", "unknown"),
    }  # fmt: skip
    assert shipped.versions.support("17.0", None, date(2026, 10, 1)).sentence == (
        "17.0: standard support ended 2026-09-30, extended on platform and on-premise"
    )
    assert shipped.versions.is_target("16.0", "platform", date(2026, 3, 4))
    assert not shipped.versions.is_target("16.0", "platform", on)


def test_the_table_of_another_vendor(table: Read) -> None:
    """Any numbers will do as versions; the file's source and date hold where a version has none of its own."""
    windows, problems = table(OTHERS)
    assert problems == []
    assert windows is not None
    assert windows.target_grace == 3
    assert [(each.version, each.source, each.as_of) for each in windows.windows] == [
        ("2024.1", "the vendor's calendar", date(2026, 1, 15)),
        ("2025", "the vendor's calendar", date(2026, 1, 15)),
        ("R2025.2", "a mail of theirs", date(2026, 2, 1)),
    ]
    on = date(2026, 10, 1)
    assert windows.support("2024.1.7", "on-premise", on).state == "extended"
    assert windows.support("2025.0", "platform", on).state == "standard"
    assert windows.support("2025.0", "on-premise", on).state == "ended"
    assert windows.support("2025.2", None, on).state == "standard"
    assert windows.is_target("2025.0", "on-premise", date(2026, 12, 31))
    assert not windows.is_target("2025.0", "on-premise", date(2027, 1, 1))


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("R2025.2:", "v2024.1:", "7:3: 'v2024.1' is the same version as '2024.1'; keep one"),
        ("R2025.2:", "2024.1:", "7:3: '2024.1' stands here twice; keep one"),
        ("R2025.2:", "newest:", "7:3: 'newest' is no version; write numbers with dots, like 17.0 or 2024.1"),
        ("R2025.2:", "R2025:", "7:3: 'R2025' could be several versions; write the number behind the dot, too"),
        (
            "standard: 2025-09-30", "standard: 2024-03-31",
            "5:35: support ends on 2024-03-31, before the release on 2024-04-01; mend one of them",
        ),
        (
            "extended: 2027-03-31", "extended: 2025-09-30",
            "5:57: extended support on 'on-premise' ends on 2025-09-30, and standard support on 2025-09-30; mend one of them",
        ),
        ("hosting: on-premise", "hosting: on-premises", "5:79: 'on-premises' is not known here; did you mean 'on-premise'?"),
        (
            "extended: 2027-03-31", "extended: { on-premises: open }",
            "5:69: 'on-premises' is no hosting; did you mean 'on-premise'?",
        ),
        (
            "extended: 2027-03-31", "extended: { online: open }",
            "5:69: this version does not exist for 'online'; take the line out, or add it to `hosting`",
        ),
        ("platform: open, ", "", "6:35: 'platform' is missing; add `platform: DATE`, or take it out of `hosting`"),
        (
            "extended: none", "extended: open",
            "10:5: extended support on 'online' never begins: standard support has no end; give standard support an end, or take this out",
        ),
        ("    standard: open\n", "", "7:3: 'standard' is missing; add `standard`"),
        ("    standard: open\n", "    standard: none\n", "9:5: 'none' does not fit; a date like 2026-09-30 belongs here, or open"),
        ("extended: 2027-03-31", "extended: never", "5:57: 'never' does not fit; a date like 2026-09-30 belongs here, or open or none"),
        ("released: 2025-10-01", "released: 2025-10-32", "8:5: '2025-10-32' does not fit; there is no such day"),
        ("released: 2025-10-01", "released: 1.10.2025", "8:5: '1.10.2025' does not fit; a date looks like 2026-09-30"),
        ("released: 2025-10-01", "released: 20251001", "8:5: '20251001' does not fit; a date like 2026-09-30 belongs here"),
        ("target_grace: 3 months", "target_grace: 90d", "1:1: '90d' does not fit; calendar months belong here, like 6 months"),
        ("source: the", "sourse: the", "2:1: 'sourse' is not known here; did you mean 'source'?"),
        ("as_of: 2026-01-15\n", "", "1:1: 'as_of' is missing; add `as_of`"),
    ],
)  # fmt: skip
def test_tables_that_are_written_wrongly(old: str, new: str, problem: str, table: Read) -> None:
    """Each mistake is told where it stands, with what to do."""
    assert OTHERS.count(old) == 1
    try:
        _, problems = table(OTHERS.replace(old, new))
    except BadConfiguration as error:  # not even YAML as it is taken here
        problems = list(error.problems)
    assert f"rules/versions.yaml:{problem}" in [str(each) for each in problems]
