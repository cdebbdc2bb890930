"""Walks a flow: the mails of a folder go down the road one by one, and what the desk then knows and sends is told in words.

A folder has `in-1.eml`, `in-2.eml` …, and `envelope.toml` where the envelopes are not simply "from the author to
support@example.com". Its tables are called after the files:

    [in-2]
    reverse_path = ""                       # default: the author's address
    forward_paths = ["{reply-to 1}"]        # default: support@example.com
    after = 120                             # minutes after the mail before; default: 1
    times = 21                              # sent so many times, all in the same minute; {n} is the number of the copy
    blind = "it took too long"              # reading it has failed before; it must not be taken apart

`{reply-to 1}`, `{bounce 2}` and `{message-id 1}` are, in envelopes and in mails, what the desk's first and second mail said.
"""

from __future__ import annotations

import email
import email.policy
import itertools
import re
import tomllib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from maild.config import Config, load_config
from maild.keys.ring import Keyring
from maild.keys.seal import Seal
from maild.mail.compose import compose
from maild.mail.envelope import Envelope
from maild.mail.html import html_to_text
from maild.mail.outgoing import Outgoing
from maild.mail.parse import parse
from maild.outbox.render import Renderer
from maild.outbox.templates import Templates
from maild.pipeline import Desk, Item, work
from maild.rules.policy import Policy, load_policy
from maild.store.look import Look, Whole
from maild.store.outbox import Outbox
from maild.store.spool import Entry
from maild.store.store import Store
from maild.tickets.address import AddressBook
from maild.tickets.decision import Decision

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
KEYS = Keyring(signing=(b"k" * 32,), hashing=b"h" * 32, seal=Seal(b"s" * 32))
START = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)  # a Wednesday
STATES = ("queued", "sending", "deferred", "failed", "uncertain", "sent")
MASKS = (
    (re.compile(r"\+(\d+-[can])-[a-z2-7]{12}@"), r"+\1-<proof>@"),
    (re.compile(r"\+bounce-[0-9a-f]{16}-[a-z2-7]{12}@"), "+bounce-<key>-<proof>@"),
    (re.compile(r"\b(\d+)\.[0-9a-f]{16}@"), r"\1.<key>@"),
)


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
        book = AddressBook(config, KEYS.signing)
        templates = Templates(config.path(config.settings.paths.templates), "templates", config.desk.language)
        renderer = Renderer(config, templates, book, policy.fields, KEYS.hashing)
        self.clock = Minute()
        self.store = Store(config, KEYS)
        self.desk = Desk(policy=policy, store=self.store, book=book, renderer=renderer, clock=self.clock)
        self.store.migrate()
        self.sent: list[Outgoing] = []
        self.fates: dict[str, str] = {}
        self.entries = itertools.count(1)

    def walk(self, folder: Path) -> str:
        """The whole story of a folder."""
        envelopes = folder / "envelope.toml"
        plan = tomllib.loads(envelopes.read_text("utf-8")) if envelopes.exists() else {}
        mails = sorted(folder.glob("in-*.eml"), key=lambda path: int(path.stem.partition("-")[2]))
        unknown = set(plan) - {path.stem for path in mails}
        assert not unknown, f"{folder.name}/envelope.toml tells of {unknown}, which is not there"
        told = [self._mail(path, plan.get(path.stem, {})) for path in mails]
        return masked("\n".join([*told, *self._tickets()]))

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
        author = parse(raw).author
        envelope = Envelope(
            reverse_path=self._filled(plan.get("reverse_path", author.address if author else ""), number),
            forward_paths=tuple(self._filled(each, number) for each in plan.get("forward_paths", ["support@example.com"])),
            arrived_at=self.clock.time,
            intake="smtp",
        )
        entry = Entry(
            seq=0, id=f"{next(self.entries):032x}", state="active", envelope=envelope, size=len(raw), sealed=False,
            conversation=(), attempts=1, due_at=0, reason="",
        )  # fmt: skip
        decisions = work([Item(entry=entry, raw=raw, blind=plan.get("blind", ""))], self.desk)
        new, changed = self._outbox()
        lines = [f"=== {path.name}, <{envelope.reverse_path}> to {', '.join(envelope.forward_paths)}"]
        lines += [line for each in decisions for line in self._decision(each)]
        lines += changed
        lines += ["sent: nothing"] if not new else []
        lines += [line for each in new for line in self._outgoing(each)]
        short = "; ".join(
            [*(str(each.verdict) for each in decisions), *(f"{each.kind} to {each.recipient}" for each in new)]
            + [f"{e.kind} ({e.reason})" for each in decisions for e in each.events if e.kind == "MailSuppressed"]
        )
        return "\n".join([*lines, ""]), short

    def _filled(self, text: str, copy: int) -> str:
        ways: dict[str, Callable[[Outgoing], str]] = {
            "reply-to": lambda mail: mail.draft.reply_to.address if mail.draft.reply_to else "",
            "bounce": lambda mail: mail.reverse_path,
            "message-id": lambda mail: mail.draft.message_id,
        }
        text = re.sub(r"\{(reply-to|bounce|message-id) (\d+)\}", lambda m: ways[m[1]](self.sent[int(m[2]) - 1]), text)
        return text.replace("{n}", str(copy))

    def _decision(self, decision: Decision) -> Iterator[str]:
        ticket, message = decision.ticket, decision.message
        about = f", ticket {ticket.number} {'opened' if decision.opened else 'joined'}" if ticket else ""
        yield f"{decision.verdict}{about}"
        if message:
            yield f"kept: {message.visibility} message of {message.author.address}"
            yield from (f"| {line}".rstrip() for line in message.text.splitlines())
            yield from (f"attached: {each.name} ({each.type})" for each in message.attachments)
            yield from (f"defect: {each}" for each in message.defects)
        for event in decision.events:
            how = f", {event.data['how']}" if "how" in event.data else ""
            rule = f", by {event.rule}" if event.rule else ""
            yield f"log: {event.kind} by {event.actor}" + (f" ({event.reason})" if event.reason else "") + how + rule

    # --- what goes out ----------------------------------------------------------------------------------------

    def _outbox(self) -> tuple[list[Outgoing], list[str]]:
        """The mails that are new in the outbox, and what has become of the others."""
        box = Outbox(self.store)
        rows = box.listed(STATES)
        known = [mail.key for mail in self.sent]
        changed = [
            f"mail {known.index(row['key']) + 1} is {row['state']}: {row['reply']}"
            for row in rows
            if self.fates.get(row["key"], row["state"]) != row["state"]
        ]
        new = [box.find(row["key"])[0]["mail"] for row in rows if row["key"] not in self.fates]
        self.fates |= {row["key"]: row["state"] for row in rows}
        self.sent += new
        return new, changed

    def _outgoing(self, mail: Outgoing) -> Iterator[str]:
        wire = email.message_from_bytes(compose(mail.draft), policy=email.policy.default)
        assert isinstance(wire, EmailMessage)
        yield f"--- mail {self.sent.index(mail) + 1}: {mail.kind}"
        path = "<>" if not mail.reverse_path else "bounce" if "+bounce-" in mail.reverse_path else mail.reverse_path
        yield f"Envelope: {path} to {mail.recipient}"
        for name in (
            *("From", "To", "Cc", "Reply-To", "Subject", "In-Reply-To", "References", "Auto-Submitted"),
            *("X-Auto-Response-Suppress", "X-Maild-Ticket"),
        ):
            if wire[name] is not None:
                yield f"{name}: {wire[name]}"
        assert wire["Message-ID"] == f"<{mail.draft.message_id}>"
        plain, html = wire.get_body(("plain",)), wire.get_body(("html",))
        assert plain is not None
        assert html is not None
        yield from (f"| {line}".rstrip() for line in str(plain.get_content()).splitlines())
        if mail.sealed:  # here the other form matters as much
            yield "the same as HTML:"
            yield from (f"| {line}".rstrip() for line in html_to_text(str(html.get_content()))[0].splitlines())

    # --- what is known then -----------------------------------------------------------------------------------

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


def ticket_lines(whole: Whole) -> Iterator[str]:
    """A ticket in words."""
    each = whole.ticket
    yield each.subject or "(no subject)"
    yield f"  {each.service}, stage {each.stage}, team {each.team}, scope {each.scope}, priority {each.priority}, language {each.language}"
    yield f"  requester {each.requester.name} <{each.requester.address}> at {each.mailbox}{', sealed' if each.sealed else ''}"
    for name, field in each.fields.items():
        value = "(ambiguous)" if field.ambiguous else field.value
        yield f"  {name} = {value!r} from {field.source.partition(':')[0]}"
    yield f"  missing: {', '.join(each.missing) or 'nothing'}"
    if each.tags:
        yield f"  tags: {', '.join(each.tags)}"
    if whole.links:
        yield f"  links: {', '.join(f'{link.kind} {link.number}' for link in whole.links)}"
    kinds = [f"{'public' if m.visibility == 'public' else 'internal'} of {m.author.address}" for m in whole.received]
    yield f"  messages: {', '.join(kinds)}"


def span(numbers: list[int]) -> str:
    """1-3, or 1."""
    return str(numbers[0]) if len(numbers) == 1 else f"{numbers[0]}-{numbers[-1]}"


def masked(text: str) -> str:
    """Without what depends on keys."""
    for pattern, instead in MASKS:
        text = pattern.sub(instead, text)
    return text


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
