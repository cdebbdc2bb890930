"""`phrases.yaml`: what a reply may say and nothing else, and what is said where it is written wrongly."""

from __future__ import annotations

from pathlib import Path

import pytest

from maild.document import Binder, read_yaml
from maild.rules.phrases import Replies, read_phrases

PHRASES = """\
thanks:
  en:
    says:
      - 'thanks'
      - 'thank you'
    solved: ['it works']
    polite: ['hello']
  fr: { says: ['merci'] }
consent:
  en: ['yes', 'yes please']
  fr: ['oui']
"""


def table(text: str, folder: Path) -> tuple[Replies | None, list[str]]:
    """Writes the table and reads it: the value, and the problems as they are shown."""
    path = folder / "table.yaml"
    path.write_text(text, encoding="utf-8")
    binder = Binder(read_yaml(path, "rules/table.yaml"))
    return read_phrases(binder.document, binder), [str(each) for each in binder.problems]


def test_phrases(tmp_path: Path) -> None:
    """Words of all languages together, each for a whole piece in any letter case; that it works is thanks, and no consent."""
    replies, problems = table(PHRASES, tmp_path)
    assert problems == []
    assert replies is not None
    told = (
        *("Thanks", "MERCI", "Hello. Merci!", "It works", "hello", "thanks a lot"),
        *("Yes please, thanks", "Oui. It works", "oui", "Hello, yes"),
    )
    assert [text for text in told if replies.thanks(text, ())] == ["Thanks", "MERCI", "Hello. Merci!", "It works"]
    assert [text for text in told if replies.consents(text, ())] == ["Yes please, thanks", "oui", "Hello, yes"]


def test_no_phrases(tmp_path: Path) -> None:
    """Both may be empty: then nothing is thanks, and nothing is a yes."""
    replies, problems = table("thanks: {}\nconsent: {}\n", tmp_path)
    assert problems == []
    assert replies is not None
    assert not replies.thanks("thanks", ())
    assert not replies.consents("yes", ())


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("- 'thank you'", "- 'thank(?= you)'", "rules/table.yaml:5:9"),
        ("- 'thanks'", "- '(thanks'", "rules/table.yaml:4:9"),
        ("['it works']", "['it (works']", "rules/table.yaml:6:14"),
        ("['hello']", "['hello(?!x)']", "rules/table.yaml:7:14"),
        ("['merci']", "['*']", "rules/table.yaml:8:16"),
        ("'yes please'", "'(?P<yes'", "rules/table.yaml:10:15"),
        ("['oui']", r"['(oui)\1']", "rules/table.yaml:11:8"),
    ],
)
def test_phrases_that_re2_refuses(old: str, new: str, place: str, tmp_path: Path) -> None:
    """Each is told with file, line and column of that very pattern."""
    assert PHRASES.count(old) == 1
    found = table(PHRASES.replace(old, new), tmp_path)[1]
    assert len(found) == 1, found
    assert found[0].startswith(f"{place}: RE2 does not take this pattern: ")
    assert found[0].endswith("; mend it")


def test_misspelt_phrases(tmp_path: Path) -> None:
    """Keys are checked as everywhere."""
    found = table(PHRASES.replace("polite", "polit"), tmp_path)[1]
    assert any("'polit' is not known here; did you mean 'polite'?" in each for each in found)
