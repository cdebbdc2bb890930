"""Writes the tables of docs/flow.md that follow from the code: the life cycle, the gates of upgrades, the states of disclosures.

.venv/bin/python scripts/tables.py          # says whether the page is up to date; exit 1 if it is not
.venv/bin/python scripts/tables.py --write  # brings it up to date
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from maild.security.cases import CASES
from maild.tickets.lifecycle import TRANSITIONS
from maild.upgrade.gates import GATES

PAGE = Path(__file__).resolve().parents[1] / "docs" / "flow.md"
STAGES = (None, "qualification", "process", "feedback", "done")


def life_cycle() -> list[str]:
    """Steps by stages."""
    head = ["step", *(stage or "none" for stage in STAGES)]
    rows = [[name, *(rules.get(stage, "") for stage in STAGES)] for name, rules in TRANSITIONS.items()]
    return table(head, rows)


def moves(moves_of: Mapping[str, Mapping[str, str]], what: str) -> list[str]:
    """Which step leads from where to where."""
    rows = []
    for name, pairs in moves_of.items():
        after: dict[str, list[str]] = {}
        for before, case in pairs.items():
            stays = before == case and list(pairs.values()).count(case) == 1  # and no other leads there
            after.setdefault("as it is" if stays else case, []).append(before)
        rows.append([name, "; ".join(f"{', '.join(several)} → {case}" for case, several in after.items())])
    return table(["step", what], rows)


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> list[str]:
    """Markdown."""
    names = list(head)
    return [f"| {' | '.join(names)} |", f"|{'---|' * len(names)}", *(f"| {' | '.join(row)} |" for row in rows)]


def page(text: str) -> str:
    """The page with its tables as the code has them."""
    made = {"life-cycle": life_cycle(), "gates": moves(GATES, "upgrade"), "cases": moves(CASES, "disclosure")}
    for name, lines in made.items():
        body = "\n".join(lines)
        text = re.sub(rf"(<!-- {name} -->\n).*?(<!-- end -->)", lambda m, body=body: f"{m[1]}{body}\n{m[2]}", text, flags=re.S)
    return text


def main(words: list[str]) -> int:
    before = PAGE.read_text("utf-8")
    after = page(before)
    if "--write" in words:
        PAGE.write_text(after, "utf-8")
        return 0
    return int(before != after)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
