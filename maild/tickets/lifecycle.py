"""The life cycle: (stage, happening) -> (stage, what is sent). One table; a pair that is not in it is an error in the program.

`decide` turns a happening into a decision by this table. It knows no store, no clock and no templates.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from maild.mail.message import Mailbox
from maild.problem.completeness import missing_fields
from maild.problem.found import Field, Fields, merged
from maild.problem.table import FieldTable
from maild.tickets.address import Target, ToBounce, ToOperator
from maild.tickets.decision import Decision, SendMail, Verdict
from maild.tickets.facts import Facts
from maild.tickets.happening import AgentWrote, CustomerWrote, GuestWrote, Happening, MachineWrote, MailBounced
from maild.tickets.people import Teams
from maild.tickets.threading import referenced_ids
from maild.tickets.ticket import Event, Link, Stage, Ticket, TicketMessage, TicketService

MAX_SUBJECT = 250
ACKNOWLEDGEMENT = "acknowledgement"


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The operator's words that a decision rests on."""

    teams: Teams
    table: FieldTable
    language: str


class UnknownTurn(Exception):
    """The table has no row for this stage and happening."""


Mails = Callable[[Ticket, Happening, Terms], list[SendMail]]


@dataclass(frozen=True, slots=True)
class Turn:
    """Where a ticket goes if something is still missing, where if nothing is, and who is written to."""

    incomplete: Stage
    complete: Stage
    mails: tuple[Mails, ...] = ()


def acknowledge(ticket: Ticket, happened: Happening, terms: Terms) -> list[SendMail]:
    """One mail to the requester, with the one question if anything is missing. Never to whom no automatic answer may go."""
    if not happened.reading.message.may_answer or not happened.reading.envelope.reverse_path:
        return []  # RFC 3834, section 2: no response to machines; a null reverse-path asks for none
    template = happened.ruling.reply or ACKNOWLEDGEMENT
    to = Mailbox(name="", address=ticket.requester.address)  # the name is the sender's to choose: nothing unproven is repeated
    return [SendMail(kind="acknowledgement", template=template, to=to, role="c", language=ticket.language)]


def notify(ticket: Ticket, happened: Happening, terms: Terms) -> list[SendMail]:
    """The assignee, or while there is none each member of the team. Whoever wrote the mail knows it already."""
    author = happened.reading.message.author
    told = (ticket.assignee,) if ticket.assignee else terms.teams.members(ticket.team)
    return [
        SendMail(kind="notification", template="notification", to=_agent(address, terms), role="a", language=terms.language)
        for address in told
        if author is None or address.lower() != author.address.lower()
    ]


TRANSITIONS: Mapping[tuple[Stage | None, type[Happening]], Turn] = {
    (None, CustomerWrote): Turn("qualification", "process", (acknowledge, notify)),
    ("qualification", CustomerWrote): Turn("qualification", "process", (notify,)),
    ("process", CustomerWrote): Turn("process", "process", (notify,)),
    ("qualification", GuestWrote): Turn("process", "process", (notify,)),  # a stranger answered: a person must look
    ("process", GuestWrote): Turn("process", "process", (notify,)),
    ("qualification", AgentWrote): Turn("qualification", "qualification"),
    ("process", AgentWrote): Turn("process", "process"),
    ("qualification", MachineWrote): Turn("qualification", "qualification"),
    ("process", MachineWrote): Turn("process", "process"),
    # Nobody is told: of what is sent by now only mails to the team have a bounce address, and a mail about it would bounce, too.
    ("qualification", MailBounced): Turn("qualification", "qualification"),
    ("process", MailBounced): Turn("process", "process"),
}


def decide(happened: Happening, facts: Facts, terms: Terms, now: datetime) -> Decision:
    """The decision about an accepted mail.

    Raises:
        UnknownTurn: see there.
    """
    if isinstance(happened.target, ToOperator):
        return _pass_to_operator(happened)
    before = happened.placement.ticket
    turn = TRANSITIONS.get((before.stage if before else None, type(happened)))
    if turn is None:
        raise UnknownTurn(f"{before.stage if before else 'no ticket'}, {type(happened).__name__}")
    after = _told(happened, terms, before) if before else _opened(happened, facts, terms, now)
    after = replace(after, stage=turn.incomplete if after.missing else turn.complete)
    mails = tuple(mail for mails in turn.mails for mail in mails(after, happened, terms))
    return Decision(
        entry=happened.entry,
        target=target_mark(happened.target),
        digest=happened.reading.digest,
        verdict=Verdict(disposition="accept", reason=happened.reason),
        ticket=after,
        opened=before is None,
        message=_message(happened, after),
        message_ids=_message_ids(happened),
        events=tuple(_events(happened, before, after, now)),
        links=tuple(Link(kind="mentions", number=number) for number in happened.placement.mentioned),
        mails=mails,
        bounced=_bounced(happened),
        ruling=happened.ruling,
    )


def put_aside(entry: str, target: Target, digest: bytes, verdict: Verdict) -> Decision:
    """The decision about a mail that is not accepted: nothing changes, and the reason is kept."""
    return Decision(entry=entry, target=target_mark(target), digest=digest, verdict=verdict)


def target_mark(target: Target) -> str:
    """What "the same target" means for duplicates: the ticket, the bounced mail, or the service's mailbox."""
    number = getattr(target, "number", None)
    key = getattr(target, "key", None)
    return f"ticket {number}" if number else f"bounce {key}" if key else target.mailbox.address


# --- opening and adding ---------------------------------------------------------------------------------------


def _opened(happened: Happening, facts: Facts, terms: Terms, now: datetime) -> Ticket:
    reading, ruling, mailbox = happened.reading, happened.ruling, happened.target.mailbox
    fields = _with_claim(reading.fields, mailbox.service)
    service = service_of(mailbox.service)
    return Ticket(
        number=facts.next_number,
        service=service,
        stage="qualification",
        team=ruling.team or terms.teams.qualification,
        requester=reading.message.author or Mailbox(name="", address=reading.envelope.reverse_path),
        mailbox=mailbox.address,
        subject=reading.message.subject[:MAX_SUBJECT],
        arrived_at=reading.envelope.arrived_at,
        created_at=now,
        priority=1 if ruling.priority is None else ruling.priority,
        language=reading.language or terms.language,
        scope=ruling.scope or "in-scope",
        fields=fields,
        missing=missing_fields(service, fields, terms.table),
        tags=ruling.tags,
        sealed=bool(mailbox.sealed),
    )


def _told(happened: Happening, terms: Terms, before: Ticket) -> Ticket:
    """The ticket with what one more mail of a customer tells; nobody else's mail changes what is known."""
    if not isinstance(happened, CustomerWrote):
        return before
    fields = merged(before.fields, happened.reading.fields)
    kind, known = fields.get("kind"), before.fields.get("kind")
    newly_named = before.stage == "qualification" and before.assignee is None and kind is not None and kind != known
    return replace(
        before,
        fields=fields,
        missing=missing_fields(before.service, fields, terms.table),
        team=happened.ruling.team or before.team if newly_named else before.team,
    )


def service_of(mailbox_service: str) -> TicketService:
    """emergency@ opens support tickets."""
    return "upgrade" if mailbox_service == "upgrade" else "security" if mailbox_service == "security" else "support"


def _with_claim(fields: Fields, mailbox_service: str) -> Fields:
    """Who writes to emergency@ claims a blocking issue, unless the mail itself denies it."""
    if mailbox_service != "emergency" or "blocking" in fields:
        return fields
    return {**fields, "blocking": Field(value=True, source="address", confidence=0.9)}


def _message(happened: Happening, ticket: Ticket) -> TicketMessage:
    mail = happened.reading.message
    internal = isinstance(happened, AgentWrote | GuestWrote) or getattr(happened.target, "role", "c") == "n"
    return TicketMessage(
        id=happened.entry,
        direction="in",
        visibility="internal" if internal else "public",
        at=happened.reading.envelope.arrived_at,
        author=mail.author or ticket.requester,
        subject=mail.subject[:MAX_SUBJECT],
        text=mail.reply.text or mail.text,
        message_id=mail.message_id,
        attachments=mail.attachments,
        defects=mail.defects,
    )


def _message_ids(happened: Happening) -> tuple[str, ...]:
    """A guest's references must not draw the guest's later mail in; a report's are not its own."""
    mail = happened.reading.message
    own = (mail.message_id,) if mail.message_id else ()
    return (*own, *referenced_ids(mail)) if isinstance(happened, CustomerWrote) else own


def _pass_to_operator(happened: Happening) -> Decision:
    """Mail to postmaster@ and abuse@ is passed to the operator as one line; it opens no ticket and is kept on hold."""
    return Decision(
        entry=happened.entry,
        target=f"operator {happened.address}",
        digest=happened.reading.digest,
        verdict=Verdict(disposition="hold", reason="for-the-operator"),
    )


def _bounced(happened: Happening) -> tuple[str, ...]:
    """Only a permanent failure changes anything; a report of delay is a note."""
    report = happened.reading.message.bounce
    if not isinstance(happened, MailBounced) or not isinstance(happened.target, ToBounce) or report is None:
        return ()
    return (happened.target.key,) if any(each.action == "failed" for each in report.recipients) else ()


def _agent(address: str, terms: Terms) -> Mailbox:
    agent = terms.teams.agents.get(address)
    return Mailbox(name=agent.name if agent else "", address=address)


# --- the log --------------------------------------------------------------------------------------------------


def _events(happened: Happening, before: Ticket | None, after: Ticket, now: datetime) -> list[Event]:
    actor = "desk" if isinstance(happened, MailBounced | MachineWrote) else happened.placement.standing
    rule = happened.ruling.hit[0] if happened.ruling.hit else ""
    events: list[Event] = []

    def note(kind: str, reason: str = "", rule: str = "", **data: object) -> None:
        events.append(Event(kind=kind, at=now, actor=actor, reason=reason, rule=rule, data=data))

    arrived = {"message": happened.entry, "how": happened.placement.how}
    if before is None:
        opened = {name: getattr(after, name) for name in PUBLIC}
        note("TicketOpened", happened.reason, rule, **arrived, **opened, hit=happened.ruling.hit, missed=happened.ruling.missed)
    else:
        note(type(happened).__name__, happened.reason, **arrived)
        changes = {name: getattr(after, name) for name in PUBLIC if getattr(after, name) != getattr(before, name)}
        if changes:
            note("TicketChanged", rule=rule if "team" in changes else "", **changes)
    found = {name: field.source for name, field in happened.reading.fields.items()}
    if found and isinstance(happened, CustomerWrote):
        note("FieldsFound", message=happened.entry, fields=found)
    return events


# What of a ticket is public to the log: no address, no word of a customer. The rest lies in rows that can be erased.
PUBLIC = (
    "service",
    "stage",
    "team",
    "assignee",
    "priority",
    "blocking",
    "language",
    "scope",
    "issues",
    "missing",
    "tags",
    "sealed",
    "mailbox",
)


def replay(events: list[Event]) -> dict[str, object]:
    """The public state of a ticket, rebuilt from its log alone."""
    state: dict[str, object] = {}
    for event in events:
        if event.kind in ("TicketOpened", "TicketChanged"):
            state |= {name: value for name, value in event.data.items() if name in PUBLIC}
    return state
