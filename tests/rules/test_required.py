"""`required.yaml`: what must be known, and what is said where it is written wrongly."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from maild.document import Binder, read_yaml
from maild.problem.completeness import Asked, Requirements
from maild.rules.required import read_required

REQUIRED = """\
described: { version: 20 }
required:
  - { service: [support], kind: bugfix, fields: [version|database] }
  - { tag: question, several: false, fields: database }
  - { scope: security, fields: [] }
"""
read = partial(read_required, fields={"kind": ("bugfix",), "version": (), "database": ()})


def table(text: str, folder: Path) -> tuple[Requirements | None, list[str]]:
    """Writes the table and reads it: the value, and the problems as they are shown."""
    path = folder / "table.yaml"
    path.write_text(text, encoding="utf-8")
    binder = Binder(read_yaml(path, "rules/table.yaml"))
    return read(binder.document, binder), [str(each) for each in binder.problems]


def test_required(tmp_path: Path) -> None:
    """One value may stand without its list; what is left out fits everything."""
    value, problems = table(REQUIRED, tmp_path)
    assert problems == []
    assert value is not None
    assert value.missing(Asked(service="upgrade", tags=("question",)), {}) == ("database",)
    assert value.missing(Asked(service="upgrade", tags=("question",), issues=2), {}) == ()


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("[version|database]", "[version|databse]", "table.yaml:3:41: there is no field 'databse'; did you mean 'database'?"),
        ("kind: bugfix", "kind: bugfx", "table.yaml:3:27: 'bugfx' is no kind; did you mean 'bugfix'?"),
        ("service: [support]", "service: [suport]", "'suport' is not known here; did you mean 'support'?"),
        ("scope: security", "scope: secure", "'secure' is not known here; did you mean 'security'?"),
        ("{ version: 20 }", "{ versoin: 20 }", "table.yaml:1:14: there is no field 'versoin'; did you mean 'version'?"),
        ("required:", "requird:", "'requird' is not known here; did you mean 'required'?"),
    ],
)
def test_what_is_written_wrongly(old: str, new: str, problem: str, tmp_path: Path) -> None:
    """Each with its place and a remedy."""
    assert REQUIRED.count(old) == 1
    found = table(REQUIRED.replace(old, new), tmp_path)[1]
    assert any(problem in each for each in found), found
