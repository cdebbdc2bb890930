"""Values as the JSON of docs/interfaces.md, and as lines for people."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

from maild.clock import iso
from maild.mail.message import Attachment, Mailbox, Message
from maild.problem.found import value_of

if TYPE_CHECKING:
    from maild.mail.outgoing import Outgoing
    from maild.problem.found import Fields
    from maild.store.look import Whole
    from maild.tickets.decision import Decision
    from maild.tickets.ticket import Event, Link, Ticket, TicketMessage


def say_json(value: Any) -> None:
    """One JSON object on a line of its own."""
    print(json.dumps(value, ensure_ascii=False))


def mailbox_shape(mailbox: Mailbox | None) -> dict[str, str] | None:
    """The name and the address."""
    return None if mailbox is None else {"name": mailbox.name, "address": mailbox.address}


def _mailboxes(several: tuple[Mailbox, ...]) -> list[dict[str, str] | None]:
    return [mailbox_shape(each) for each in several]


def _when(when: datetime | None) -> str | None:
    return None if when is None else iso(when)


def attachment_shape(each: Attachment) -> dict[str, Any]:
    """An attachment, without its place in the mail."""
    return {name: getattr(each, name) for name in ("name", "type", "size", "sha256", "inline", "content_id")}


def message_shape(mail: Message, file: str | None) -> dict[str, Any]:
    """`maild read`: one mail."""
    forwarded = mail.forwarded
    return {
        "file": file,
        "message_id": mail.message_id,
        "in_reply_to": list(mail.in_reply_to),
        "references": list(mail.references),
        "date": _when(mail.date),
        "subject": mail.subject,
        "from": _mailboxes(mail.from_),
        "reply_to": _mailboxes(mail.reply_to),
        "to": _mailboxes(mail.to),
        "cc": _mailboxes(mail.cc),
        "text": mail.text,
        "html": mail.html,
        "reply": asdict(mail.reply),
        "forwarded": None
        if forwarded is None
        else {
            "note": forwarded.note,
            "from": mailbox_shape(forwarded.from_),
            "to": _mailboxes(forwarded.to),
            "cc": _mailboxes(forwarded.cc),
            "subject": forwarded.subject,
            "date": forwarded.date,
            "text": forwarded.text,
        },
        "attachments": [attachment_shape(each) for each in mail.attachments],
        "automatic": None if mail.automatic is None else asdict(mail.automatic),
        "may_answer": mail.may_answer,
        "bounce": None if mail.bounce is None else asdict(mail.bounce),
        "list_id": mail.list_id,
        "signed": mail.signed,
        "encrypted": mail.encrypted,
        "defects": list(mail.defects),
    }


def fields_shape(fields: Fields) -> dict[str, Any]:
    """Every field by name."""
    return {name: asdict(field) for name, field in fields.items()}


def ticket_shape(ticket: Ticket, number: int | None, links: Sequence[Link] = ()) -> dict[str, Any]:
    """A ticket without its messages and events."""
    return {
        "number": number,
        "subject": ticket.subject,
        "service": ticket.service,
        "stage": ticket.stage,
        "case": ticket.case,
        "papers": dict(ticket.papers),
        "team": ticket.team,
        "assignee": ticket.assignee,
        "priority": ticket.priority,
        "blocking": ticket.blocking,
        "requester": ticket.requester.address,
        "participants": [each.address for each in ticket.participants],
        "pending": [each.address for each in ticket.pending],
        "unreachable": list(ticket.unreachable),
        "contract": value_of(ticket.fields, "contract"),
        "database": value_of(ticket.fields, "database"),
        "version": value_of(ticket.fields, "version"),
        "hosting": value_of(ticket.fields, "hosting"),
        "language": ticket.language,
        "scope": ticket.scope,
        "issues": ticket.issues,
        "verdict": None,
        "fields": fields_shape(ticket.fields),
        "missing": list(ticket.missing),
        "tags": list(ticket.tags),
        "arrived_at": iso(ticket.arrived_at),
        "created_at": iso(ticket.created_at),
        "due": [{"kind": each.kind, "at": iso(each.at)} for each in ticket.due],
        "merged_into": ticket.merged_into,
        "links": [{"kind": link.kind, "number": link.number} for link in links],
    }


def ticket_message_shape(message: TicketMessage, delivery: str | None) -> dict[str, Any]:
    """A message of a ticket."""
    return {
        "id": message.id,
        "direction": message.direction,
        "author": message.author.address,
        "visibility": message.visibility,
        "at": iso(message.at),
        "subject": message.subject,
        "text": message.text,
        "attachments": [attachment_shape(each) for each in message.attachments],
        "defects": list(message.defects),
        "delivery": delivery,
    }


def event_shape(event: Event) -> dict[str, Any]:
    """An event of a ticket."""
    return {
        "at": iso(event.at),
        "actor": event.actor,
        "kind": event.kind,
        "reason": event.reason,
        "rule": event.rule,
        "data": event.data,
    }


def whole_shape(whole: Whole) -> dict[str, Any]:
    """`maild ticket N --json`."""
    received = [ticket_message_shape(each, whole.answers.get(each.id)) for each in whole.messages]
    sent = [ticket_message_shape(each.message, each.delivery) for each in whole.sent]
    return ticket_shape(whole.ticket, whole.ticket.number, whole.links) | {
        "messages": sorted([*received, *sent], key=lambda each: each["at"]),
        "events": [event_shape(each) for each in whole.events],
    }


def decision_shape(decision: Decision, mails: Sequence[Outgoing]) -> dict[str, Any]:
    """What would happen with a mail, and what would be sent."""
    ticket, joins = None, None
    if decision.ticket is not None:
        joins = None if decision.opened else decision.ticket.number
        ticket = ticket_shape(decision.ticket, joins) | {"joins": joins}
    return {
        "disposition": {"value": decision.verdict.disposition, "reason": decision.verdict.reason},
        "sender": _sender_shape(decision),
        "ticket": ticket,
        "rules": {
            "hit": list(decision.ruling.hit),
            "missed": list(decision.ruling.missed),
            "topics": list(decision.ruling.topics),
        },
        "mails": [
            {
                "class": each.kind,
                "to": each.recipient,
                "from": each.draft.from_.address,
                "subject": each.draft.subject,
                "text": each.draft.text,
            }
            for each in mails
        ],
    }


def _sender_shape(decision: Decision) -> dict[str, Any]:
    """Who wrote: how surely; and where a ticket has it, by the first line of its log, what to the ticket, and how that was found."""
    assert decision.assurance is not None
    told = decision.events[0] if decision.events else None
    return {
        "level": decision.assurance.level,
        "because": decision.assurance.why,
        "is": told.actor if told else None,
        "how": told.data["how"] if told else None,
    }


def table(rows: Sequence[Mapping[str, Any]], columns: tuple[str, ...]) -> str:
    """Rows as aligned lines under the columns' names."""
    cells = [[str(name) for name in columns], *([_cell(row.get(name)) for name in columns] for row in rows)]
    widths = [max(len(line[number]) for line in cells) for number in range(len(columns))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in cells)


def _cell(value: Any) -> str:
    text = "-" if value is None or value == "" else ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
