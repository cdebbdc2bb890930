"""What the tests of `rules/` share: rules written in the test, read as the operator's are."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from maild.errors import Problem
from maild.rules.policy import Policy
from maild.rules.rule import RuleBook, read_rules


@pytest.fixture
def rules(tmp_path: Path, shipped: Policy) -> Callable[..., tuple[RuleBook, list[Problem]]]:
    """Reads rule files, given as their texts: `rules("- rule: a …", "- rule: b …")` are 10-a.yaml and 11-a.yaml."""

    def read(*texts: str) -> tuple[RuleBook, list[Problem]]:
        files = []
        for number, text in enumerate(texts, 10):
            path = tmp_path / f"{number}-a.yaml"
            path.write_text(text, encoding="utf-8")
            files.append((path, f"rules/{path.name}"))
        return read_rules(files, shipped.lexicon, shipped.teams, ZoneInfo("Europe/Brussels"))

    return read


@pytest.fixture
def hits(rules: Callable[..., tuple[RuleBook, list[Problem]]], shipped: Policy) -> Callable[..., bool]:
    """Whether a rule with this `match` hits an example mail: `hits("{ service: support }", text="…")`, read by the rules' own examples."""

    def check(match: str, **example: str) -> bool:
        lines = "".join(f"      {name.rstrip('_')}: {value}\n" for name, value in example.items())
        rule = f"- rule: a\n  match: {match}\n  then: {{ team: technical }}\n  examples:\n    - matches: true\n{lines}"
        book, problems = rules(rule)
        assert problems == []
        return not book.failed_examples(shipped.lexicon)

    return check
