"""What the front and its workers say to each other: one JSON object a line, and the values that it stands for."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

READY = b'{"ready": true}\n'  # a worker, once: from now on it takes batches


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """To a worker. `items`: ids in the spool, each with why it must not be taken apart any more, or nothing.

    With `time` it looks for timers and fates, too; with `alone` it handles the oldest of them alone.
    """

    items: tuple[tuple[str, str], ...] = ()
    time: bool = False
    alone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """From a worker: all is committed. `held`: mails that a verdict put on hold, and why; `more`: more may be due."""

    held: Mapping[str, str] = field(default_factory=dict)
    more: bool = False


@dataclass(frozen=True, slots=True)
class Trouble:
    """From a worker: the store is to blame, and not the mails."""

    why: str


@dataclass(frozen=True, slots=True)
class Failure:
    """From a worker: something in the batch could not be worked on."""

    why: str


Answer = Done | Trouble | Failure
_ANSWERS = {each.__name__: each for each in (Done, Trouble, Failure)}


def line_of(said: Batch | Answer) -> bytes:
    """One line, with its end."""
    return json.dumps({"is": type(said).__name__, **asdict(said)}).encode("ascii") + b"\n"


def batch_in(line: bytes) -> Batch:
    """What the front has written."""
    said = json.loads(line)
    return Batch(items=tuple((entry, blind) for entry, blind in said["items"]), time=said["time"], alone=said["alone"])


def answer_in(line: bytes) -> Answer:
    """What a worker has written.

    Raises:
        ValueError, KeyError, TypeError, AttributeError: it is nothing that a worker says.
    """
    said = json.loads(line)
    answer: Answer = _ANSWERS[said.pop("is")](**said)
    if isinstance(answer, Done):
        return Done(held=dict(answer.held.items()), more=bool(answer.more))
    return answer
