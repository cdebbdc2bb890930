"""Walks a flow: the mails of a folder go down the road one by one, and what the desk then knows and sends is told in words.

A folder has `in-1.eml`, `in-2.eml` …, and `envelope.toml` where an envelope is not simply "from the author to the desk's addresses
in To and Cc", or to support@example.com where there are none. Its tables are called after the files:

    [in-2]
    reverse_path = ""                       # default: the author's address
    forward_paths = ["{reply-to 1}"]        # default: the desk's addresses in To and Cc, else support@example.com
    after = 120                             # minutes after the mail before; default: 1
    times = 21                              # sent so many times, all in the same minute; {n} is the number of the copy
    blind = "it took too long"              # reading it has failed before; it must not be taken apart
    authentic = true                        # our MTA says dmarc=pass for the domain of From; default: it says nothing
    withheld = ["ann@berg.example answer"]  # mails of ours that the next hop does not take yet, after any step; by number, too
    brief = true                            # known from other flows: told in a line for each mail

    [time-3]                                # a step of its own, between in-2 and in-4
    after = 7200

    [fate-3]                                # the next hop's word on a mail of ours, which else it takes at once
    mail = 2                                # or "ann@berg.example answer"
    state = "failed"                        # sent, deferred, failed, uncertain
    reply = "550 no such user"

    [desk]                                  # before everything else
    contracts = "contracts.csv"
    announce = ["security-announce@example.com"]
    authentic = true                        # every mail that does not say otherwise

`{reply-to 1}`, `{bounce 2}` and `{message-id 1}` are, in envelopes and in mails, what the desk's first and second mail said;
`{reply-to ann@berg.example}` what its last mail to her said, `{message-id ann@berg.example consent}` its last one of that class.
`{mark 1}` is the mark of internal lines of ticket 1.
"""

from __future__ import annotations

import dataclasses
import itertools
import re
import tomllib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from maild.config import Config, load_config
from maild.desk import build_desk
from maild.keys.ring import Keyring
from maild.keys.seal import Seal
from maild.mail.envelope import Envelope
from maild.mail.message import Message
from maild.mail.outgoing import Outgoing
from maild.mail.parse import parse
from maild.pipeline import Item, pass_time, work
from maild.rules.contracts import ContractsFile
from maild.rules.policy import Policy, load_policy
from maild.store.look import Look
from maild.store.outbox import Outbox, Settled
from maild.store.registry import Registry
from tests.flows.words import (
    decision_lines,
    mail_line,
    mail_lines,
    masked,
    passed_lines,
    quoted,
    span,
    ticket_lines,
    verdict_line,
)

ROOT = Path(__file__).resolve().parents[2]
KEYS = Keyring(signing=(b"k" * 32,), hashing=b"h" * 32, seal=Seal(b"s" * 32))
START = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)  # a Wednesday
STATES = ("queued", "sending", "deferred", "failed", "uncertain", "sent")


class Minute:
    """A clock that goes on when it is told to."""

    def __init__(self) -> None:
        self.time = START

    def now(self) -> datetime:
        return self.time


class Flow:
    """A desk with nothing in it, and the story of what came and went."""

    def __init__(self, state: Path, policy: Policy) -> None:
        config = load_config(
            ROOT / "maild.toml", {"MAILD_PATHS_STATE": str(state), "MAILD_STORE_URL": f"sqlite:{state}/maild.db"}
        )
        state.mkdir(parents=True, exist_ok=True)
        self.clock = Minute()
        self.desk = dataclasses.replace(build_desk(config, KEYS, policy=policy), clock=self.clock)
        self.store = self.desk.store
        self.store.migrate()
        self.state = state
        self.sent: list[Outgoing] = []
        self.fates: dict[str, str] = {}
        self.withheld: set[str] = set()
        self.entries = itertools.count(1)
        self.authentic = False

    def walk(self, folder: Path) -> str:
        """The whole story of a folder."""
        envelopes = folder / "envelope.toml"
        plan = tomllib.loads(envelopes.read_text("utf-8")) if envelopes.exists() else {}
        self._set_up(folder, plan.pop("desk", {}))
        mails = {path.stem: path for path in folder.glob("in-*.eml")}
        steps = sorted({*plan, *mails}, key=lambda name: int(name.partition("-")[2]))
        told = [self._step(name, mails.get(name), plan.get(name, {})) for name in steps]
        marks = [
            self.desk.book.internal_mark(each.number) for each in Look(self.store).tickets(None, None, closed=True, sealed=True)
        ]
        return masked("\n".join([*told, *self._tickets(), *self._shelf()]), marks)

    def _set_up(self, folder: Path, setting: dict[str, Any]) -> None:
        if "contracts" in setting:
            file = ContractsFile((folder / setting["contracts"]).read_bytes().splitlines(keepends=True), setting["contracts"])
            Registry(self.store).refresh(list(file), self.clock.now())
            assert not file.problems, file.problems
        terms = dataclasses.replace(self.desk.terms, announce=tuple(setting.get("announce", ())))
        self.desk = dataclasses.replace(self.desk, terms=terms)
        self.authentic = setting.get("authentic", False)

    def _step(self, name: str, mail: Path | None, plan: dict[str, Any]) -> str:
        """A mail comes, time passes, or a mail of ours meets its fate; then all that waits is sent, but for what is withheld."""
        kind = name.partition("-")[0]
        if mail is not None:
            told = self._mail(mail, plan)
        elif kind == "time":
            self.clock.time += timedelta(minutes=plan["after"])
            told = f"=== {name}, {self.clock.time:%Y-%m-%d %H:%M}"
        else:
            assert kind == "fate", f"{name} is not there"
            fated = self._named(str(plan["mail"]))
            told = f"=== {name}: mail {self.sent.index(fated) + 1}, {fated.kind} to {fated.recipient}, is {plan['state']}"
            self._settle([fated.key], plan["state"], plan.get("reply", ""))
            self.fates[fated.key] = plan["state"]
        self.withheld = {self._named(str(each)).key for each in plan.get("withheld", ())}
        return "\n".join([told.rstrip("\n"), *self._go_on(plan.get("brief", False)), ""])

    def _go_on(self, brief: bool) -> Iterator[str]:
        while True:
            waiting = [row["key"] for row in Outbox(self.store).listed(("queued", "deferred"))]
            self._settle([key for key in waiting if key not in self.withheld], "sent", "")
            decisions = pass_time(self.desk, self.clock.now(), lambda _: True)
            if not decisions:
                return
            for each in decisions:
                yield from () if brief else passed_lines(each)
            new, _ = self._outbox()
            yield from self._told(new, brief)

    def _settle(self, keys: list[str], state: str, reply: str) -> None:
        box, now = Outbox(self.store), self.clock.now()
        box.exchange([], 1000, now)
        fates = [Settled(key=key, ticket=None, state=state, due_at=now, twice=False, reply=reply, watched=True) for key in keys]
        box.exchange(fates, 0, now)
        with self.store.database.writing() as connection:
            connection.exec_driver_sql("UPDATE outbox SET state = 'queued' WHERE state = 'sending'")

    # --- what comes in ----------------------------------------------------------------------------------------

    def _mail(self, path: Path, plan: dict[str, Any]) -> str:
        self.clock.time += timedelta(minutes=plan.get("after", 1))
        copies = [self._copy(path, plan, number) for number in range(1, plan.get("times", 1) + 1)]
        if len(copies) == 1:
            return copies[0][0]
        lines = [f"=== {path.name}, {len(copies)} times"]
        for short, group in itertools.groupby(enumerate(copies, 1), key=lambda each: each[1][1]):
            numbers = [number for number, _ in group]
            lines.append(f"{span(numbers)}: {short}")
        return "\n".join([*lines, ""])

    def _copy(self, path: Path, plan: dict[str, Any], number: int) -> tuple[str, str]:
        raw = self._filled(path.read_bytes().decode("utf-8", "surrogateescape"), number).encode("utf-8", "surrogateescape")
        read = parse(raw)
        author = read.author.address if read.author else ""
        if plan.get("authentic", self.authentic) and author:
            domain = author.rpartition("@")[2]
            raw = f"Authentication-Results: mx.example.com; dmarc=pass header.from={domain}\r\n".encode() + raw
        envelope = Envelope(
            reverse_path=self._filled(plan.get("reverse_path", author), number),
            forward_paths=tuple(self._filled(each, number) for each in plan.get("forward_paths", self._desks_own(read))),
            arrived_at=self.clock.time,
            intake="smtp",
            trusted=True,
        )
        item = Item(entry=f"{next(self.entries):032x}", envelope=envelope, raw=raw, blind=plan.get("blind", ""))
        decisions = work([item], self.desk)
        new, changed = self._outbox()
        brief = plan.get("brief", False)
        lines = [f"=== {path.name}, <{envelope.reverse_path}> to {', '.join(envelope.forward_paths)}"]
        lines += [line for each in decisions for line in ([verdict_line(each)] if brief else decision_lines(each))]
        lines += changed
        lines += ["sent: nothing"] if not new else []
        lines += self._told(new, brief)
        short = "; ".join(
            [*(str(each.verdict) for each in decisions), *(f"{each.kind} to {each.recipient}" for each in new)]
            + [f"{e.kind} ({e.reason})" for each in decisions for e in each.events if e.kind == "MailSuppressed"]
        )
        return "\n".join([*lines, ""]), short

    def _desks_own(self, mail: Message) -> list[str]:
        config = self.desk.policy.config
        return [each.address for each in (*mail.to, *mail.cc) if config.mailbox_of(each.address)] or ["support@example.com"]

    def _filled(self, text: str, copy: int) -> str:
        ways: dict[str, Callable[[Outgoing], str]] = {
            "reply-to": lambda mail: mail.draft.reply_to.address if mail.draft.reply_to else "",
            "bounce": lambda mail: mail.reverse_path,
            "message-id": lambda mail: mail.draft.message_id,
        }
        text = re.sub(r"\{(reply-to|bounce|message-id) (\S+?(?: [\w-]+)?)\}", lambda m: ways[m[1]](self._named(m[2])), text)
        text = re.sub(r"\{mark (\d+)\}", lambda m: self.desk.book.internal_mark(int(m[1])), text)
        return text.replace("{n}", str(copy))

    def _named(self, which: str) -> Outgoing:
        """A mail that was sent: by its number, or the last one to an address, of a class."""
        if which.isdecimal():
            return self.sent[int(which) - 1]
        to, _, kind = which.partition(" ")
        return next(each for each in reversed(self.sent) if each.recipient == to and kind in ("", each.kind))

    # --- what goes out, and what is known then ----------------------------------------------------------------

    def _outbox(self) -> tuple[list[Outgoing], list[str]]:
        """The mails that are new in the outbox, and what has become of the others."""
        box = Outbox(self.store)
        rows = box.listed(STATES)
        known = [mail.key for mail in self.sent]
        changed = [
            f"mail {known.index(row['key']) + 1} is {row['state']}: {row['reply']}"
            for row in rows
            if self.fates.get(row["key"], row["state"]) != row["state"] and row["state"] not in ("sent", "sending", "queued")
        ]
        new = [box.find(row["key"])[0]["mail"] for row in rows if row["key"] not in self.fates]
        self.fates |= {row["key"]: row["state"] for row in rows}
        self.sent += new
        return new, changed

    def _told(self, mails: list[Outgoing], brief: bool) -> list[str]:
        numbered = [(mail, self.sent.index(mail) + 1) for mail in mails]
        return [line for each in numbered for line in ([mail_line(*each)] if brief else mail_lines(*each))]

    def _tickets(self) -> Iterator[str]:
        look = Look(self.store)
        found = [look.ticket(each.number) for each in look.tickets(None, None, closed=True, sealed=True)]
        shown = [(each.ticket.number, "\n".join(ticket_lines(each))) for each in found if each]
        yield "=== then the desk knows"
        if not shown:
            yield "nothing"
        for lines, group in itertools.groupby(sorted(shown), key=lambda each: each[1]):
            yield f"ticket {span([number for number, _ in group])}: {lines}"
        yield ""

    def _shelf(self) -> Iterator[str]:
        for path in sorted((self.state / "advisories").glob("*")):
            yield f"=== advisories/{path.name}"
            yield from quoted(path.read_text("utf-8"))


def tell(folder: Path, state: Path, policy: Policy) -> str:
    """The normal form of a flow; `state` is a folder for the desk to live in."""
    flow = Flow(state, policy)
    try:
        return flow.walk(folder)
    finally:
        flow.store.close()


def shipped_policy(state: Path) -> Policy:
    """The shipped rules and tables."""
    config: Config = load_config(ROOT / "maild.toml", {"MAILD_PATHS_STATE": str(state)})
    return load_policy(config)


@pytest.fixture
def story(shipped: Policy, tmp_path: Path) -> Callable[[Path], str]:
    """Tells what becomes of a flow."""
    return lambda folder: tell(folder, tmp_path / "state", shipped)
