"""Lets days go by, and judges each. `.venv/bin/python -m tests.conversations.months 3000 7` lives 3000 days of the seed 7, and counts."""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from pathlib import Path

from maild.config import load_config
from maild.rules.policy import Policy, load_policy
from tests.conversations.law import Law
from tests.conversations.observed import Observer
from tests.conversations.world import ROOT, World


def live(folder: Path, policy: Policy, seed: int, days: int) -> tuple[World, Law]:
    """So many days, each judged at its end.

    Raises:
        Broken: a law does not hold.
    """
    law, observer = Law(), Observer()
    world = World(folder, policy, seed, law)
    try:
        for _ in range(days):
            world.day(letters=3)
            law.judge(observer.look(world.desk.store, sorted(path.name for path in (folder / "advisories").glob("*"))))
    finally:
        world.desk.store.close()
    return world, law


def main(days: int, seed: int) -> None:
    """Tells what happened."""
    with tempfile.TemporaryDirectory() as folder:
        policy = load_policy(load_config(ROOT / "maild.toml", {"MAILD_PATHS_STATE": folder}))
        world, law = live(Path(folder) / "state", policy, seed, days)
    mails = Counter(mail.kind for story in law.written.values() for _, mail in story)
    for title, counts in (("happened", world.counts), ("written", mails), ("judged", law.counts)):
        print(f"{title}: {', '.join(f'{name} {count}' for name, count in sorted(counts.items()))}")


if __name__ == "__main__":
    main(*(int(each) for each in sys.argv[1:]))
