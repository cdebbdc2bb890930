"""The tables of words: languages, topics, signs of several issues; and what is said where they are written wrongly."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from maild.document import Binder, read_yaml
from maild.problem.language import Languages
from maild.problem.topics import Topics
from maild.problem.vocabulary import words_in
from maild.rules.topics import read_issues, read_languages, read_topics

Read = Callable[..., object]

LANGUAGES = "words:\n  en: the a\n  fr: le a\nletters:\n  fr: éà\n"
TOPICS = """\
enough: 3
topics:
  upgrade:
    en:
      3: [upgrade us]
      -2: [upgrade of a module]
    any:
      2: [upgrade]
"""
ISSUES = """\
tells: [upgrade]
signs:
  thing:
    en: [problem*]
  next:
    fr: [autre problème]
counted:
  number:
    "2": [two, deux]
"""
topics = partial(read_topics, languages=("en", "fr"))
issues = partial(read_issues, topics=("upgrade",), languages=("en", "fr"))


@pytest.fixture
def table(tmp_path: Path) -> Callable[[str, Read], tuple[object, list[str]]]:
    """Writes a table and reads it: the value, and the problems as they are shown."""

    def read(text: str, reader: Read) -> tuple[object, list[str]]:
        path = tmp_path / "table.yaml"
        path.write_text(text, encoding="utf-8")
        binder = Binder(read_yaml(path, "rules/table.yaml"))
        value = reader(binder.document, binder)
        return value, [str(each) for each in binder.problems]

    return read


Table = Callable[[str, Read], tuple[object, list[str]]]


def test_languages(table: Table) -> None:
    """A word that two languages have counts for both."""
    value, problems = table(LANGUAGES, read_languages)
    assert problems == []
    assert isinstance(value, Languages)
    assert (value.names, value.words["a"], value.letters["é"]) == (("en", "fr"), ("en", "fr"), ("fr",))


def test_topics(table: Table) -> None:
    """Weights may be below 0; what is of `any` counts in each language."""
    value, problems = table(TOPICS, topics)
    assert problems == []
    assert isinstance(value, Topics)
    assert (value.names, value.enough) == (("upgrade",), 3)
    assert value.about(words_in("upgrade us"), [], "en")["upgrade"].score == 5
    assert value.about(words_in("upgrade us"), [], "fr")["upgrade"].score == 2


def test_issues(table: Table) -> None:
    """Signs by language, numbers for all."""
    assert table(ISSUES, issues)[1] == []


@pytest.mark.parametrize(
    ("text", "reader", "old", "new", "problem"),
    [
        (LANGUAGES, read_languages, "letters:\n  fr", "letters:\n  de", "table.yaml:5:3: 'de' has no words; "),
        (LANGUAGES, read_languages, "words:", "word:", "'word' is not known here; did you mean 'words'?"),
        (TOPICS, topics, "    en:", "    xx:", "table.yaml:4:5: 'xx' is no language of languages.yaml; "),
        (TOPICS, topics, "      3:", "      0:", "table.yaml:5:7: '0' is no weight; "),
        (TOPICS, topics, "      3:", "      many:", "table.yaml:5:7: 'many' is no weight; "),
        (TOPICS, topics, "[upgrade us]", "['upgrade ..']", "'upgrade ..' cannot be looked for: '..' stands between words; "),
        (TOPICS, topics, "enough: 3", "enough: x", "'x' does not fit; a whole number belongs here"),
        (ISSUES, issues, "tells: [upgrade]", "tells: [upgrad]", "there is no topic 'upgrad'; did you mean 'upgrade'?"),
        (ISSUES, issues, "  next:", "  nexxt:", "table.yaml:5:3: 'nexxt' is not known here; did you mean 'next'?"),
        (ISSUES, issues, "  next:", "  number:", "table.yaml:5:3: 'number' is not known here; "),
        (ISSUES, issues, "    fr:", "    xx:", "table.yaml:6:5: 'xx' is no language of languages.yaml; "),
        (ISSUES, issues, '"2"', "both", "table.yaml:9:5: 'both' is no number; write 1, 2, 3"),
        (ISSUES, issues, "problem*", "'*'", "'*' cannot be looked for: '*' is no word; "),
    ],
)
def test_what_is_written_wrongly(text: str, reader: Read, old: str, new: str, problem: str, table: Table) -> None:
    """Each with its place and a remedy."""
    assert text.count(old) == 1
    found = table(text.replace(old, new), reader)[1]
    assert any(problem in each for each in found), found
