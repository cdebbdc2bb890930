"""The world around a desk: its clock, its disk, a next hop that accepts, defers and refuses, and accidents. All by one seed."""

from __future__ import annotations

import dataclasses
import heapq
import itertools
import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from maild.config import load_config
from maild.desk import Desk, build_desk
from maild.errors import MaildError
from maild.keys.ring import Keyring
from maild.keys.seal import Seal
from maild.mail.envelope import Envelope
from maild.mail.outgoing import Outgoing
from maild.outbox.retry import Attempt, Fate, Result, next_step
from maild.pipeline import Item, pass_time, work
from maild.rules.contracts import ContractsFile
from maild.rules.policy import Policy
from maild.store.outbox import Claimed, Outbox, Settled
from maild.store.registry import Registry
from maild.tickets.decision import Decision
from tests.conversations.people import Letter, People

ROOT = Path(__file__).resolve().parents[2]
KEYS = Keyring(signing=(b"k" * 32,), hashing=b"h" * 32, seal=Seal(b"s" * 32))
START = datetime(2026, 3, 2, tzinfo=UTC)
ANNOUNCE = "security-announce@example.com"


class Accident(Exception):
    """Something fails in the middle of a transaction."""


class Failing:
    """Stands in for a renderer or a shelf: does what it does, and fails at the n-th time."""

    def __init__(self, real: Any, after: int) -> None:
        self._real = real
        self._left = after

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def render(self, *values: Any) -> Any:
        return self._done(self._real.render(*values))

    def put(self, *values: Any) -> Any:
        return self._done(self._real.put(*values))

    def _done(self, result: Any) -> Any:
        self._left -= 1
        if self._left < 0:
            raise Accident
        return result


class World:
    """A desk with its people. `taken` is told of each mail that the desk was given, `accepted` of each that the hop took from it."""

    def __init__(self, folder: Path, policy: Policy, seed: int, law: Any) -> None:
        self.chance = random.Random(seed)
        self.people = People(self.chance)
        self.law = law
        self.time = START
        self.counts: dict[str, int] = {}
        self._down_until = START
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self._policy = folder, policy
        self._config = load_config(
            ROOT / "maild.toml", {"MAILD_PATHS_STATE": str(folder), "MAILD_STORE_URL": f"sqlite:{folder}/maild.db"}
        )
        self._numbers = itertools.count(1)
        self._coming: list[tuple[datetime, int, Letter]] = []
        self.desk = self._build()
        self.desk.store.migrate()
        lines = self.people.contracts().encode().splitlines(keepends=True)
        Registry(self.desk.store).refresh(list(ContractsFile(lines, "contracts.csv")), START)

    def now(self) -> datetime:
        """The world is the desk's clock, too."""
        return self.time

    def _build(self) -> Desk:
        desk = build_desk(self._config, KEYS, policy=self._policy)
        return dataclasses.replace(desk, clock=self, terms=dataclasses.replace(desk.terms, announce=(ANNOUNCE,)))

    def restart(self) -> None:
        """Everything is dropped, and built anew from what is on the disk."""
        self._count("restarts")
        self.desk.store.close()
        self.desk = self._build()
        Outbox(self.desk.store).recover(self.time)

    def day(self, letters: int) -> None:
        """A day goes by: people begin conversations, answer what they got, and the desk works."""
        end = self.time + timedelta(days=1)
        for _ in range(self.chance.randrange(letters + 1)):
            self._plan(self.people.begins(self.time + timedelta(minutes=self.chance.randrange(1440))))
        if self.chance.random() < 0.04:  # the next hop takes nothing for a while
            self._count("outages of the next hop")
            self._down_until = self.time + timedelta(hours=self.chance.randrange(1, 140))
        looks = [self.time + timedelta(hours=hour, minutes=self.chance.randrange(60)) for hour in (3, 9, 15, 21)]
        while (self._coming and self._coming[0][0] < end) or looks:
            if looks and (not self._coming or looks[0] <= self._coming[0][0]):
                self.time = max(self.time, looks.pop(0))
            else:
                self.time = max(self.time, self._coming[0][0])
                self._bring()
            self._look_around()
        self.time = end

    def _plan(self, letter: Letter) -> None:
        heapq.heappush(self._coming, (letter.at, next(self._numbers), letter))

    def _count(self, what: str) -> None:
        self.counts[what] = self.counts.get(what, 0) + 1

    # --- mails come -------------------------------------------------------------------------------------------

    def _bring(self) -> None:
        """One mail or a few, which came within ten minutes; now and then one comes twice."""
        until, items = self.time + timedelta(minutes=10), list[Item]()
        letters: list[Letter] = []
        while self._coming and self._coming[0][0] <= until and len(items) < 5:
            _, number, letter = heapq.heappop(self._coming)
            self.time = max(self.time, letter.at)
            copies = 2 if self.chance.random() < 0.03 else 1
            items += [self._item(letter, number) for _ in range(copies)]
            letters += [letter] * copies
        for item, letter in zip(items, letters, strict=True):
            self.law.taken(item.entry, letter, self.time)  # the whole batch is worked on now
        if self.chance.random() < 0.04:
            self._fail(lambda desk: work(items, desk), Failing(self.desk.renderer, self.chance.randrange(3)))
        work(items, self.desk)
        if self.chance.random() < 0.1:
            self._count("handed out twice")
            again: Sequence[Decision] = work(items, self.desk)
            assert not again, "what is handed out twice is done once"

    def _item(self, letter: Letter, number: int) -> Item:
        raw, entry = letter.raw(number), f"{next(self._numbers):032x}"
        path = "" if letter.kind == "machine" and letter.answers else letter.author
        envelope = Envelope(reverse_path=path, forward_paths=(letter.to,), arrived_at=self.time, intake="smtp", trusted=True)
        self._count(f"mails of a {letter.kind}")
        return Item(entry=entry, envelope=envelope, raw=raw)

    # --- the desk's own loops ---------------------------------------------------------------------------------

    def _look_around(self) -> None:
        if self.chance.random() < 0.03:
            self.restart()
        while True:
            sent = self._send()
            if self.chance.random() < 0.04:
                shelf = Failing(self.desk.shelf, 0) if self.chance.random() < 0.5 else None
                self._fail(lambda desk: pass_time(desk, self.time, lambda _: True), shelf or Failing(self.desk.renderer, 0))
            passed = pass_time(self.desk, self.time, lambda _: True, most=self.chance.choice([1, 3, 50]))
            if not passed and not sent:
                return

    def _fail(self, do: Any, stand_in: Failing) -> None:
        """The step is begun, and everything of it is rolled back."""
        self._count("accidents")
        part = {"shelf": stand_in} if type(stand_in._real) is type(self.desk.shelf) else {"renderer": stand_in}
        try:
            do(dataclasses.replace(self.desk, **part))
        except (Accident, MaildError):
            self._count("rolled back")

    def _send(self) -> int:
        """The next hop is offered what is due; a crash between its word and our note of it sends a mail again."""
        box = Outbox(self.desk.store)
        claimed = box.exchange([], 100, self.time)
        settled = [self._offered(each) for each in claimed]
        if claimed and self.chance.random() < 0.03:
            self.restart()
            return len(claimed)
        box.exchange(settled, 0, self.time)
        return len(claimed)

    def _offered(self, claimed: Claimed) -> Settled:
        mail = claimed.mail
        fate: Fate = self.chance.choices(("accepted", "deferred", "refused", "uncertain"), (90, 7, 2, 1))[0]
        if self.time < self._down_until:
            fate = "deferred"
        attempt = Attempt(kind=mail.kind, attempts=claimed.attempts, created_at=claimed.created_at, twice=claimed.twice)
        step = next_step(attempt, Result(fate=fate, reply=f"it is {fate}"), self.time, timedelta(days=5), self.chance.random())
        self._count(f"offers {fate}")
        if fate == "accepted":
            self._arrived(mail)
        return Settled(
            key=mail.key, ticket=mail.ticket, state=step.state, due_at=step.due_at, twice=step.twice, reply=step.reply, watched=mail.watched
        )  # fmt: skip

    def _arrived(self, mail: Outgoing) -> None:
        if self.law.accepted(mail, self.time):  # not seen before
            for letter in self.people.reacts(mail, self.time):
                self._plan(letter)
