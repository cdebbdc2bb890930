"""What it costs to understand a mail, beside what the standard library takes to find its text, on the same mails in the same run."""

from __future__ import annotations

import email
import email.policy
import gc
import statistics
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

from maild.config import load_config
from maild.mail.envelope import Envelope
from maild.mail.parse import parse
from maild.problem.reading import read_mail
from maild.rules.policy import load_policy

ENVELOPE = Envelope(
    reverse_path="ann@example.org",
    forward_paths=("support@example.com",),
    arrived_at=datetime(2026, 1, 1, tzinfo=UTC),
    intake="smtp",
)


def print_reading(corpus: Sequence[bytes], root: Path, rounds: int) -> None:
    """Milliseconds a mail, medians of rounds: the yardstick, mail/ alone, mail/ and problem/ together; then of letters read once.

    What is built is frozen, as the worker does it.
    """
    lexicon = load_policy(load_config(root / "maild.toml")).lexicon
    lexicon.prepare()
    gc.collect()
    gc.freeze()
    stages: dict[str, Callable[[bytes], object]] = {
        "stdlib": standard,
        "mail/": parse,
        "mail/ + problem/": lambda raw: read_mail(raw, ENVELOPE, lexicon),
    }
    took = {name: [per_mail(stage, corpus) for _ in range(rounds)] for name, stage in stages.items()}
    middle = {name: statistics.median(times) for name, times in took.items()}
    for name, milliseconds in middle.items():
        print(
            f"understanding, {name:17} {milliseconds:6.3f} ms a mail, {milliseconds / middle['stdlib']:5.2f} of the standard library's"
        )
    letters = [path.read_bytes() for path in sorted((root / "tests" / "problem" / "mails").glob("*.eml"))]
    yardstick, once = per_mail(standard, letters), per_mail(stages["mail/ + problem/"], letters)
    print(f"understanding, letters never seen {once:6.3f} ms a mail, {once / yardstick:5.2f} of the standard library's\n")


def standard(raw: bytes) -> object:
    """What a program without maild would do: `message_from_bytes` with the default policy, and `get_body`."""
    message = email.message_from_bytes(raw, _class=EmailMessage, policy=email.policy.default)
    return message.get_body(("plain", "html"))


def per_mail(stage: Callable[[bytes], object], corpus: Sequence[bytes]) -> float:
    """Milliseconds of processor time a mail."""
    begun = time.process_time()
    for raw in corpus:
        stage(raw)
    return (time.process_time() - begun) / len(corpus) * 1000
