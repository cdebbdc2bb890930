"""Effects to mails: which template, which addresses, which header fields. The table of classes is in docs/interfaces.md."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from maild.config import Config
from maild.errors import BadConfiguration, Problem
from maild.keys.marks import mark
from maild.mail.compose import Draft
from maild.mail.message import Mailbox, Message
from maild.mail.outgoing import Outgoing
from maild.outbox.templates import Templates
from maild.problem.block import write_block
from maild.problem.table import FieldTable
from maild.tickets.address import AddressBook
from maild.tickets.decision import Decision, MailClass, SendMail
from maild.tickets.ticket import Ticket

MAX_REFERENCES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassRow:
    """What sets a class of mail apart: who it seems to come from, where bounces go, and RFC 3834's field."""

    from_: str  # with {desk} and {author}
    null_path: bool
    auto_submitted: str | None
    suppress: bool = False


CLASSES: Mapping[MailClass, ClassRow] = {
    "acknowledgement": ClassRow(from_="{desk}", null_path=True, auto_submitted="auto-replied"),
    "notification": ClassRow(from_="{author} via {desk}", null_path=False, auto_submitted="auto-generated", suppress=True),
    "operator": ClassRow(from_="{desk}", null_path=True, auto_submitted="auto-generated", suppress=True),
}


# One value of each kind that a template may use: what `maild check` renders with.
SAMPLE: Mapping[str, Any] = {
    "desk": "Support", "hostname": "mail.example.com", "lines": ["one"], "number": 1, "service": "support", "stage": "qualification",
    "team": "functional", "mailbox": "support@example.com", "subject": "subject", "sealed": False, "opened": True,
    "requester": "Ann <ann@example.org>", "author": "Ann <ann@example.org>", "text": "text", "internal": False,
    "attachments": ["a.png (image/png, 3 KB)"], "defects": ["defect"], "fields": [("Version", "17.0")], "missing": ["Version"],
    "asked": True, "links": [2], "rule": "rules/10-a.yaml:1 a", "events": ["TicketOpened"],
    "block": "Version: ", "questions": [("Version", "hint")],
}  # fmt: skip


class Renderer:
    """Makes outgoing mails. Everything in them follows from the decision, so doing it again makes the same mail."""

    def __init__(self, config: Config, templates: Templates, book: AddressBook, table: FieldTable, hashing: bytes) -> None:
        self._config = config
        self._templates = templates
        self._book = book
        self._table = table
        self._hashing = hashing

    def render(self, decision: Decision, message: Message, now: datetime) -> list[Outgoing]:
        """The mails of a decision about this message."""
        ticket = decision.ticket
        if ticket is None or not decision.mails:
            return []
        values = self._values(decision, ticket)
        return [self._mail(effect, decision, ticket, message, values, now) for effect in decision.mails]

    @property
    def template_names(self) -> frozenset[str]:
        """Templates that a rule's `reply` may name."""
        return self._templates.names

    def prove(self) -> list[Problem]:
        """Renders every template with sample values; what fails is told with file and line."""
        problems: list[Problem] = []
        for language, name in self._templates.all:
            try:
                self._templates.render(name, language, SAMPLE)
            except BadConfiguration as error:
                problems += error.problems
        return problems

    def for_operator(self, lines: Sequence[str], about: Sequence[str], now: datetime) -> Outgoing:
        """The collected note about what needs a hand; `about` are the ids of what it tells of."""
        key = mark(self._hashing, "operator", *about)[:16]
        desk = self._config.desk
        address = self._config.mailboxes[0].address
        shown = self._templates.render(
            "operator", desk.language, {"desk": desk.name, "lines": list(lines), "hostname": desk.hostname}
        )
        return Outgoing(
            key=key,
            kind="operator",
            ticket=None,
            reverse_path="" if self._config.settings.delivery.null_sender else self._book.bounce_address(address, key),
            recipient=desk.operator,
            draft=Draft(
                date=now,
                from_=Mailbox(name=desk.name, address=address),
                to=[Mailbox(name="", address=desk.operator)],
                subject=shown.subject,
                message_id=f"{key}@{desk.hostname}",
                more=self._more(CLASSES["operator"], None),
                text=shown.text,
                html=shown.html,
            ),
        )

    def _mail(
        self, effect: SendMail, decision: Decision, ticket: Ticket, message: Message, values: Mapping[str, Any], now: datetime
    ) -> Outgoing:
        row = CLASSES[effect.kind]
        key = mark(self._hashing, "outgoing", decision.entry, decision.target, effect.kind, effect.to.address.lower())[:16]
        own = {**values, "block": self._block(ticket, effect.language), "questions": self._questions(ticket, effect.language)}
        shown = self._templates.render(effect.template, effect.language, own)
        reply_to = (
            self._book.ticket_address(ticket.mailbox, ticket.number, effect.role, effect.to.address) if effect.role else None
        )
        # The table of classes: acknowledgements and errors go out with the null reverse-path, where the next hop takes it.
        null_path = row.null_path and self._config.settings.delivery.null_sender
        answered = message.message_id
        return Outgoing(
            key=key,
            kind=effect.kind,
            ticket=ticket.number,
            reverse_path="" if null_path else self._book.bounce_address(ticket.mailbox, key),
            recipient=effect.to.address,
            sealed=ticket.sealed,
            draft=Draft(
                date=now,
                from_=Mailbox(name=self._sender(row, ticket, message), address=ticket.mailbox),
                to=[effect.to],
                reply_to=Mailbox(name=self._config.desk.name, address=reply_to) if reply_to else None,
                subject=shown.subject,
                message_id=f"{ticket.number}.{key}@{self._config.desk.hostname}",
                in_reply_to=answered,
                references=[*message.references[-MAX_REFERENCES:], answered] if answered else (),
                more=self._more(row, ticket.number),
                text=shown.text,
                html=shown.html,
            ),
        )

    def _sender(self, row: ClassRow, ticket: Ticket, message: Message) -> str:
        """A display name. Sealed cases name nobody."""
        author = message.author or ticket.requester
        name = "" if ticket.sealed else author.name or author.address.partition("@")[0]
        return row.from_.format(desk=self._config.desk.name, author=name or "Somebody")

    def _more(self, row: ClassRow, number: int | None) -> list[tuple[str, str]]:
        fields = [("X-Maild-Ticket", str(number))] if number is not None else []
        if row.auto_submitted:
            fields.append(("Auto-Submitted", row.auto_submitted))
        if row.suppress:
            fields.append(("X-Auto-Response-Suppress", "All"))
        return fields

    # --- what templates may say -------------------------------------------------------------------------------

    def _values(self, decision: Decision, ticket: Ticket) -> dict[str, Any]:
        """Plain values only: no object of ours reaches a template."""
        desk, message = self._config.desk, decision.message
        return {
            "desk": desk.name,
            "number": ticket.number,
            "service": ticket.service,
            "stage": ticket.stage,
            "team": ticket.team,
            "mailbox": ticket.mailbox,
            "subject": ticket.subject,
            "sealed": ticket.sealed,
            "opened": decision.opened,
            "requester": _shown(ticket.requester),
            "author": _shown(message.author) if message else "",
            "text": message.text if message else "",
            "internal": bool(message and message.visibility == "internal"),
            "attachments": [_file(each.name, each.type, each.size) for each in message.attachments] if message else [],
            "defects": list(message.defects) if message else [],
            "fields": [(self._table.title(name, desk.language), _said(each.value)) for name, each in ticket.fields.items()],
            "missing": [self._table.title(name, desk.language) for name in ticket.missing],
            "asked": any(each.kind == "acknowledgement" for each in decision.mails),
            "links": [link.number for link in decision.links],
            "rule": next((event.rule for event in decision.events if event.rule), ""),  # that moved the ticket, not any that hit
            "events": [f"{event.kind} {event.reason}".strip() for event in decision.events],
        }

    def _block(self, ticket: Ticket, language: str) -> str:
        return write_block(ticket.missing, self._table, language) if ticket.missing else ""

    def _questions(self, ticket: Ticket, language: str) -> list[tuple[str, str]]:
        return [(self._table.title(name, language), self._table.hint(name, language)) for name in ticket.missing]


def _shown(mailbox: Mailbox) -> str:
    return f"{mailbox.name} <{mailbox.address}>" if mailbox.name else mailbox.address


def _said(value: str | bool | None) -> str:
    return "unclear" if value is None else value if isinstance(value, str) else "yes" if value else "no"


def _file(name: str | None, kind: str, size: int) -> str:
    shown = f"{size} bytes" if size < 10_000 else f"{size // 1000} KB" if size < 10_000_000 else f"{size // 1_000_000} MB"
    return f"{name or 'without a name'} ({kind}, {shown})"
