"""`prose.yaml` and `sentences.yaml`, and what is said where they are written wrongly."""

from __future__ import annotations

from pathlib import Path

import pytest

from maild.document import Binder, read_yaml
from maild.problem.table import FieldTable
from maild.rules.prose import Cues, prose_of, read_prose, read_sentences

PROSE = r"""pieces: { n: '\d+\.\d' }
fields:
  version:
    not: { en: ['until ({n})'] }
    never: nowhere soon
    says: { en: ['we have ({n})'] }
  blocking:
    values:
      "yes": { de: ['gar nichts geht'] }
moves:
  old: version
  new: target_version
  both: { en: ['from ({n}) to ({n})'] }
  to: {}
  from: {}
  wish: { en: ['please'] }
  done: {}
"""
SENTENCES = r"""greetings: { en: [hello] }
closings: { en: [regards] }
abbreviations: { en: [e.g] }
weights: { current: { fault: 5 }, steps: { acts: 3 } }
kinds:
  fault: { en: ['fails?', 'broken'] }
  odd: {}
  shows: {}
  quotes: {}
  thing: {}
  acts: {}
  person: {}
  states: {}
  when: {}
  wanted: {}
  contrast: {}
  asks: {}
  aside: {}
  other: {}
"""


def read(text: str, path: Path, table: FieldTable) -> tuple[Cues | None, list[str]]:
    """The cues of a table, and its problems as they are shown."""
    path.write_text(text, encoding="utf-8")
    binder = Binder(read_yaml(path, "rules/table.yaml"))
    reader = read_sentences if "kinds" in text else read_prose(table.specs)
    return reader(binder.document, binder), [str(each) for each in binder.problems]


def test_small_tables(tmp_path: Path, table: FieldTable) -> None:
    """Phrases become cues: whole words, any blanks, no accents; one look tells which a sentence has."""
    told, wrong = read(PROSE, tmp_path / "a.yaml", table)
    kinds, also_wrong = read(SENTENCES, tmp_path / "b.yaml", table)
    assert (wrong, also_wrong) == ([], [])
    prose = prose_of([told], kinds)
    has = [prose.cues[number].does for number in sorted(prose.present("WE  have 17.0, please: it fails"))]
    assert has == ["says", "wish", "fault"]
    assert not prose.present("we haven't 17.0, it failsafes")
    assert {prose.cues[number].does for number in prose.facts("we have 17.0, please: it fails")} == {"says", "wish"}
    assert prose.never["version"] == {"nowhere", "soon"}


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("  version:\n", "  verson:\n", "table.yaml:3:3: there is no field 'verson'; did you mean 'version'?"),
        ("we have ({n})", "we have ({m})", "table.yaml:6:18: there is no piece 'm'"),
        ("we have ({n})", "we have (", "table.yaml:6:18: RE2 does not take this pattern"),
        ('"yes": { de', "perhaps: { de", "'perhaps' is no value of 'blocking'"),
        (
            "    values:\n      \"yes\": { de: ['gar nichts geht'] }",
            "    says: { de: ['x (y)'] }",
            "'blocking' is no token; write `values",
        ),
        ("  new: target_version", "  new: target", "table.yaml:12:3: there is no field 'target'; did you mean 'target_version'?"),
        ("    never: nowhere soon", "    newer: nowhere soon", "'newer' is not known here; did you mean 'never'?"),
        ("  done: {}\n", "", "'done' is missing; add `done`"),
        ("({n}) to ({n})", "({n}) to {n}", "the pattern has no group 2; put the value in brackets"),
    ],
)
def test_prose_that_is_written_wrongly(old: str, new: str, problem: str, tmp_path: Path, table: FieldTable) -> None:
    """Fields, values, pieces and patterns are checked; each mistake has its place and its remedy."""
    assert PROSE.count(old) == 1
    _, problems = read(PROSE.replace(old, new), tmp_path / "a.yaml", table)
    assert any(problem in each for each in problems), problems


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("['fails?', 'broken']", "['fails?', 'bro(ken']", "table.yaml:6:27: RE2 does not take this pattern"),
        ("  shows: {}\n", "", "'shows' is missing; add `shows`"),
        ("shows: {}", "shown: {}", "'shown' is not known here; did you mean 'shows'?"),
        ("[regards]", "['regards(']", "table.yaml:2:1: RE2 does not take one of these"),
    ],
)
def test_sentences_that_are_written_wrongly(old: str, new: str, problem: str, tmp_path: Path, table: FieldTable) -> None:
    """Every kind is there, and no other; patterns are RE2's."""
    assert SENTENCES.count(old) == 1
    _, problems = read(SENTENCES.replace(old, new), tmp_path / "a.yaml", table)
    assert any(problem in each for each in problems), problems
