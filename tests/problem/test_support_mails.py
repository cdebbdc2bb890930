"""A hundred and twenty invented support mails in seven languages, as customers write them, and what is read from them all in all.

`mails/gold.json` says what each holds; `accept` lists other answers that are right, too (null: to say nothing).
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from maild.mail.envelope import Envelope
from maild.problem.lexicon import Lexicon
from maild.problem.reading import Reading, read_mail

MAILS = Path(__file__).parent / "mails"
GOLD: list[dict[str, Any]] = json.loads((MAILS / "gold.json").read_text("utf-8"))
EXACT = ("version", "database", "contract", "hosting", "customised", "target_version")
SPANS = ("steps", "current", "expected")
OVERLAP = 0.8  # of words: from there on a passage was found


@pytest.fixture(scope="module")
def readings(root: Path, lexicon: Lexicon, envelope: Callable[..., Envelope]) -> list[Reading]:
    """What is read from each."""
    return [read_mail((MAILS / each["file"]).read_bytes(), envelope(), lexicon) for each in GOLD]


@pytest.mark.parametrize(("name", "least"), [(name, 0.97) for name in EXACT] + [(name, 0.9) for name in SPANS])
def test_fields(name: str, least: float, readings: list[Reading]) -> None:
    """The harmonic mean of precision and recall, over all mails, is no less than this."""
    counts = Counter(_outcome(name, gold, reading) for gold, reading in zip(GOLD, readings, strict=True))
    found = counts["right"] + counts["wrong"] + counts["too much"]
    there = counts["right"] + counts["wrong"] + counts["missed"]
    assert 2 * counts["right"] / (found + there) >= least, counts


def test_languages(readings: list[Reading]) -> None:
    """The language of each mail is known."""
    wrong = [
        gold["file"]
        for gold, reading in zip(GOLD, readings, strict=True)
        if reading.language not in _right(gold, "language", gold["language"])
    ]
    assert not wrong


def test_issues(readings: list[Reading]) -> None:
    """How many issues a mail holds is told rightly of nineteen in twenty."""
    right = sum(reading.issues in _right(gold, "issues", gold["issues"]) for gold, reading in zip(GOLD, readings, strict=True))
    assert right >= 0.95 * len(GOLD)


def _outcome(name: str, gold: Mapping[str, Any], reading: Reading) -> str:
    wanted = _right(gold, name, gold["fields"][name])
    field = reading.fields.get(name)
    value = field.value if field else None
    if name in SPANS and gold["issues"] > 1:
        return "not asked"
    if value is None:
        return "not there" if None in wanted else "missed"
    if any(_same(name, each, value) for each in wanted if each is not None):
        return "right"
    return "too much" if wanted[0] is None else "wrong"


def _right(gold: Mapping[str, Any], name: str, value: object) -> list[Any]:
    return [value, *gold.get("accept", {}).get(name, [])]


def _same(name: str, wanted: object, found: object) -> bool:
    if name not in SPANS:
        return str(wanted).lower() == str(found).lower()
    several = [Counter(re.findall(r"\w+", str(each).split("Traceback (most")[0].lower())) for each in (wanted, found)]
    common = (several[0] & several[1]).total()
    return 2 * common >= OVERLAP * (several[0].total() + several[1].total())
