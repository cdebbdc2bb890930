"""Effects to mails: which template, which addresses, which header fields. The table of classes is in docs/interfaces.md."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from maild.config import Config
from maild.errors import BadConfiguration, Problem
from maild.keys.marks import mark
from maild.mail.compose import Draft
from maild.mail.message import Attachment, Mailbox
from maild.mail.outgoing import Enclosed, Outgoing
from maild.outbox.templates import Rendered, Templates
from maild.outbox.values import contrary, sample_of, values_for, values_of
from maild.problem.block import write_block
from maild.problem.table import FieldTable
from maild.tickets.address import AddressBook
from maild.tickets.contracts.entitlement import candidates, contract_of, support_of
from maild.tickets.contracts.windows import Windows
from maild.tickets.decision import Decision, MailClass, SendMail
from maild.tickets.facts import Facts
from maild.tickets.ticket import Ticket

TEST_REPORT = ("test_finished", "test_issues")  # what is asked about the test of an upgrade


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassRow:
    """What sets a class of mail apart: who it seems to come from, where bounces go, and RFC 3834's field.

    `to_agent`: it is about the agent's own mail, and comes from the control mailbox. `to_list`: it goes to many, and belongs to no
    conversation (RFC 2369).
    """

    from_: str  # with {desk}, {author} and {agent}
    null_path: bool = False
    auto_submitted: str | None = None
    suppress: bool = False
    to_agent: bool = False
    to_list: bool = False


CLASSES: Mapping[MailClass, ClassRow] = {
    "acknowledgement": ClassRow(from_="{desk}", null_path=True, auto_submitted="auto-replied"),
    "question": ClassRow(from_="{desk}", auto_submitted="auto-generated"),
    "consent": ClassRow(from_="{desk}", auto_submitted="auto-generated"),
    "reminder": ClassRow(from_="{desk}", auto_submitted="auto-generated"),
    "closing": ClassRow(from_="{desk}", auto_submitted="auto-generated"),
    "notice": ClassRow(from_="{desk}", auto_submitted="auto-generated"),
    "refusal": ClassRow(from_="{desk}", auto_submitted="auto-generated"),
    "answer": ClassRow(from_="{agent}, {desk}"),  # a person's: RFC 3834 knows no field for it
    "notification": ClassRow(from_="{author} via {desk}", auto_submitted="auto-generated", suppress=True),
    "note": ClassRow(from_="{agent} via {desk}", auto_submitted="auto-generated", suppress=True),
    "confirmation": ClassRow(from_="{desk}", null_path=True, auto_submitted="auto-replied"),
    "receipt": ClassRow(from_="{desk}", null_path=True, auto_submitted="auto-replied", to_agent=True),
    "error": ClassRow(from_="{desk}", null_path=True, auto_submitted="auto-replied", to_agent=True),
    "advisory": ClassRow(from_="{desk}", auto_submitted="auto-generated", to_list=True),
    "announcement": ClassRow(from_="{desk}", auto_submitted="auto-generated", to_list=True),
    "operator": ClassRow(from_="{desk}", null_path=True, auto_submitted="auto-generated", suppress=True),
}


class Renderer:
    """Makes outgoing mails. Everything in them follows from the decision, so doing it again makes the same mail."""

    def __init__(
        self, config: Config, templates: Templates, book: AddressBook, table: FieldTable, windows: Windows, hashing: bytes
    ) -> None:
        self._config = config
        self._templates = templates
        self._book = book
        self._table = table
        self._windows = windows
        self._hashing = hashing
        self._zone = ZoneInfo(config.desk.timezone)
        self._grace = config.settings.clocks.grace.days
        self._asks_about_tests = set(TEST_REPORT) <= table.specs.keys()
        self._control = next((each.address for each in config.mailboxes if each.service == "control"), "")

    def render(self, decision: Decision, facts: Facts, now: datetime) -> list[Outgoing]:
        """The mails of a decision. `now` is what they are dated."""
        ticket = decision.ticket
        if ticket is None or not decision.mails:
            return []
        desk = self._config.desk
        values = values_of(decision, ticket, facts, self._table, desk.language)
        values |= {"desk": desk.name, "grace": self._grace, "support": self._support(ticket, facts, now)}
        same: dict[str, Rendered] = {}  # what goes to many is rendered once
        return [self._mail(effect, decision, ticket, values, now, same) for effect in decision.mails]

    @property
    def template_names(self) -> frozenset[str]:
        """Templates that a rule's `reply` may name."""
        return self._templates.names

    def prove(self) -> list[Problem]:
        """Renders every template with sample values; what fails is told with file and line."""
        problems: list[Problem] = []
        for language, name in self._templates.all:
            sample = sample_of(name)
            for values in (sample, contrary(sample)):  # so that both sides of every condition are seen
                try:
                    self._templates.render(name, language, values)
                except BadConfiguration as error:
                    problems += [each for each in error.problems if each not in problems]
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
        self,
        effect: SendMail,
        decision: Decision,
        ticket: Ticket,
        values: Mapping[str, Any],
        now: datetime,
        same: dict[str, Rendered],
    ) -> Outgoing:
        row = CLASSES[effect.kind]
        about = (decision.entry, decision.target, effect.kind, effect.template, effect.to.address.lower())
        key = mark(self._hashing, "outgoing", *about)[:16]
        text = same.get(effect.kind) if row.to_list else None
        if text is None:
            text = self._templates.render(
                effect.template, effect.language, self._own_values(row, effect, decision, ticket, values)
            )
            same[effect.kind] = text
        mailbox = self._control if row.to_agent and self._control else ticket.mailbox
        # The table of classes: acknowledgements and errors go out with the null reverse-path, where the next hop takes it.
        null_path = row.null_path and self._config.settings.delivery.null_sender
        to, *cc = effect.shown or (effect.to,)
        answered, thread = self._thread(row, decision, ticket)
        return Outgoing(
            key=key,
            kind=effect.kind,
            ticket=ticket.number,
            reverse_path="" if null_path else self._book.bounce_address(ticket.mailbox, key),
            recipient=effect.to.address,
            sealed=ticket.sealed,
            cause=decision.entry,
            watched=effect.watched,
            enclosed=tuple(_enclosed(effect.source or decision.entry, each) for each in effect.enclosed),
            draft=Draft(
                date=now,
                from_=Mailbox(name=self._sender(row, effect, decision, ticket), address=mailbox),
                to=[to],
                cc=cc,
                reply_to=self._reply_to(row, effect, ticket),
                subject=text.subject,
                message_id=f"{key if row.to_list else f'{ticket.number}.{key}'}@{self._config.desk.hostname}",
                in_reply_to=answered,
                references=thread,
                more=self._more(row, ticket),
                text=text.text,
                html=text.html,
            ),
        )

    def _thread(self, row: ClassRow, decision: Decision, ticket: Ticket) -> tuple[str | None, Sequence[str]]:
        """In-Reply-To and References: of the customer's conversation for all, of the agent's own mail where it is about that."""
        if row.to_list:
            return None, ()
        own = decision.message.message_id if decision.message and row.to_agent else None
        last = own or (ticket.thread[-1] if ticket.thread else None)
        return last, (*ticket.thread, *((own,) if own else ()))

    def _reply_to(self, row: ClassRow, effect: SendMail, ticket: Ticket) -> Mailbox | None:
        if row.to_list:
            return Mailbox(name=self._config.desk.name, address=ticket.mailbox)
        if effect.role is None:
            return None
        address = self._book.ticket_address(ticket.mailbox, ticket.number, effect.role, effect.to.address, effect.confirms)
        return Mailbox(name=self._config.desk.name, address=address)

    def _sender(self, row: ClassRow, effect: SendMail, decision: Decision, ticket: Ticket) -> str:
        """A display name. Sealed cases name nobody."""
        author = decision.message.author if decision.message else ticket.requester
        name = "" if ticket.sealed else author.name or author.address.partition("@")[0]
        agent = "" if ticket.sealed else effect.agent
        shown = row.from_.format(desk=self._config.desk.name, author=name or "Somebody", agent=agent)
        return shown.removeprefix(", ").removeprefix(" via ")

    def _more(self, row: ClassRow, ticket: Ticket | None) -> list[tuple[str, str]]:
        fields = [("X-Maild-Ticket", str(ticket.number))] if ticket is not None and not row.to_list else []
        if row.auto_submitted:
            fields.append(("Auto-Submitted", row.auto_submitted))
        if row.suppress:
            fields.append(("X-Auto-Response-Suppress", "All"))
        if row.to_list and ticket is not None:
            fields.append(("List-Id", f"<{ticket.service}.{self._config.desk.domain}>"))
            fields.append(("List-Unsubscribe", f"<mailto:{ticket.mailbox}?subject=unsubscribe>"))
            fields.append(("List-Post", "NO"))
        return fields

    def _support(self, ticket: Ticket, facts: Facts, now: datetime) -> list[str]:
        contract = contract_of(ticket, facts.contracts)
        lines = support_of(ticket, contract, self._windows, now.date())
        return [*(candidates(ticket, facts.contracts) if contract is None else ()), *lines]

    # --- what templates may say -------------------------------------------------------------------------------

    def _own_values(
        self, row: ClassRow, effect: SendMail, decision: Decision, ticket: Ticket, values: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Of all mails of the decision, and of this one alone. Customers are asked; agents are shown what customers may not see."""
        asks, own = effect.role == "c", values_for(effect, decision, ticket, self._zone)
        own["mark"] = self._book.internal_mark(ticket.number) if effect.role != "c" else ""
        own["block"] = write_block(ticket.missing, self._table, effect.language) if asks and ticket.missing else ""
        own["questions"] = [self._question(name, effect.language) for name in ticket.missing] if asks else []
        own["report"] = write_block(TEST_REPORT, self._table, effect.language) if asks and self._asks_about_tests else ""
        if "parts" in own:
            own["parts"] = [
                (*each, self._book.ticket_address(ticket.mailbox, each[0], "c", effect.to.address)) for each in own["parts"]
            ]
        if row.to_list:  # what goes to many says nothing of the case
            return {name: value for name, value in values.items() if name != "number"} | own
        return {**values, **own}

    def _question(self, name: str, language: str) -> tuple[str, str]:
        return self._table.title(name, language), self._table.hint(name, language)


def _enclosed(entry: str, each: Attachment) -> Enclosed:
    return Enclosed(entry=entry, part=each.part, name=each.name or f"part-{each.part}", type=each.type)
