"""Tickets, their messages, their log and outgoing mail as rows, and back; and what became of mails that came in."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from maild.clock import from_stamp, to_stamp
from maild.mail.compose import Draft
from maild.mail.outgoing import Enclosed, Outgoing
from maild.store.private import (
    Private,
    attachment_from_plain,
    attachment_to_plain,
    fields_from_plain,
    fields_to_plain,
    mailbox_from_plain,
    mailbox_to_plain,
    to_json,
)
from maild.tickets.decision import Decision
from maild.tickets.ticket import Due, Event, Ticket, TicketMessage, Unconfirmed

_SAME = (
    "number",
    "service",
    "stage",
    "team",
    "assignee",
    "priority",
    "blocking",
    "language",
    "scope",
    "issues",
    "sealed",
    "mailbox",
    "case",
    "back_to",
    "merged_into",
)


def ticket_to_row(ticket: Ticket, requester_mark: str, private: Private) -> dict[str, Any]:
    """A row for insert or update."""
    row: dict[str, Any] = {name: getattr(ticket, name) for name in _SAME}
    words = {
        "requester": mailbox_to_plain(ticket.requester),
        "participants": [mailbox_to_plain(each) for each in ticket.participants],
        "pending": [mailbox_to_plain(each) for each in ticket.pending],
        "unreachable": list(ticket.unreachable),
        "unconfirmed": [_unconfirmed_to_plain(each) for each in ticket.unconfirmed],
        "opening": ticket.opening,
        "absorbed": list(ticket.absorbed),
        "subject": ticket.subject,
        "fields": fields_to_plain(ticket.fields),
        "papers": dict(ticket.papers),
        "thread": list(ticket.thread),
    }
    return row | {
        "missing": json.dumps(ticket.missing),
        "tags": json.dumps(ticket.tags),
        "requester": requester_mark,
        "arrived_at": to_stamp(ticket.arrived_at),
        "created_at": to_stamp(ticket.created_at),
        "asked_at": None if ticket.asked_at is None else to_stamp(ticket.asked_at),
        "closed_at": None if ticket.closed_at is None else to_stamp(ticket.closed_at),
        "private": private.pack(words, ticket.sealed),
    }


def ticket_from_row(row: Mapping[str, Any], private: Private, due: Sequence[Due] = ()) -> Ticket:
    """The value of a row, with its timers."""
    words = private.unpack(row["private"], row["sealed"])
    return Ticket(
        **{name: row[name] for name in _SAME},
        requester=mailbox_from_plain(words["requester"]),
        participants=tuple(mailbox_from_plain(each) for each in words["participants"]),
        pending=tuple(mailbox_from_plain(each) for each in words.get("pending", ())),
        unreachable=tuple(words.get("unreachable", ())),
        unconfirmed=tuple(_unconfirmed_from_plain(each) for each in words.get("unconfirmed", ())),
        opening=words.get("opening", ""),
        absorbed=tuple(words.get("absorbed", ())),
        subject=words["subject"],
        fields=fields_from_plain(words["fields"]),
        missing=tuple(json.loads(row["missing"])),
        tags=tuple(json.loads(row["tags"])),
        arrived_at=from_stamp(row["arrived_at"]),
        created_at=from_stamp(row["created_at"]),
        asked_at=None if row["asked_at"] is None else from_stamp(row["asked_at"]),
        closed_at=None if row["closed_at"] is None else from_stamp(row["closed_at"]),
        papers=words.get("papers", {}),
        thread=tuple(words.get("thread", ())),
        due=tuple(due),
    )


def _unconfirmed_to_plain(each: Unconfirmed) -> list[Any]:
    attachments = [attachment_to_plain(one) for one in each.attachments]
    return [each.entry, to_stamp(each.at), each.text, attachments, each.is_done]


def _unconfirmed_from_plain(plain: list[Any]) -> Unconfirmed:
    entry, at, text, attachments, is_done = plain
    found = tuple(attachment_from_plain(each) for each in attachments)
    return Unconfirmed(entry=entry, at=from_stamp(at), text=text, attachments=found, is_done=is_done)


def due_to_row(number: int, due: Due) -> dict[str, Any]:
    """A row for insert."""
    return {"ticket": number, "kind": due.kind, "at": to_stamp(due.at), "waits": due.waits, "held_until": 0}


def message_from_row(row: Mapping[str, Any], private: Private) -> TicketMessage:
    """The value of a row."""
    words = private.unpack(row["private"], row["sealed"])
    return TicketMessage(
        id=row["id"],
        direction=row["direction"],
        visibility=row["visibility"],
        at=from_stamp(row["at"]),
        author=mailbox_from_plain(words["author"]),
        subject=words["subject"],
        text=words["text"],
        message_id=words["message_id"],
        attachments=tuple(attachment_from_plain(each) for each in words["attachments"]),
        defects=tuple(words["defects"]),
    )


def message_to_row(message: TicketMessage, ticket: Ticket, private: Private) -> dict[str, Any]:
    """A row for insert."""
    words = {
        "author": mailbox_to_plain(message.author),
        "subject": message.subject,
        "text": message.text,
        "message_id": message.message_id,
        "attachments": [attachment_to_plain(each) for each in message.attachments],
        "defects": list(message.defects),
    }
    return {
        "ticket": ticket.number,
        "id": message.id,
        "direction": message.direction,
        "visibility": message.visibility,
        "at": to_stamp(message.at),
        "sealed": ticket.sealed,
        "private": private.pack(words, ticket.sealed),
    }


def event_to_row(number: int, event: Event) -> dict[str, Any]:
    """A row for insert: a line in the log of this ticket."""
    return {
        "ticket": number,
        "at": to_stamp(event.at),
        "kind": event.kind,
        "actor": event.actor,
        "reason": event.reason,
        "rule": event.rule,
        "data": to_json(event.data),
    }


def event_from_row(row: Mapping[str, Any]) -> Event:
    """The value of a row."""
    return Event(
        kind=row["kind"],
        at=from_stamp(row["at"]),
        actor=row["actor"],
        reason=row["reason"],
        rule=row["rule"],
        data=json.loads(row["data"]),
    )


def seen_to_row(decision: Decision, digest_mark: str, now: datetime) -> dict[str, Any]:
    """A row for insert."""
    return {
        "entry": decision.entry,
        "target": decision.target,
        "digest": digest_mark,
        "ticket": decision.ticket.number if decision.ticket else None,
        "disposition": decision.verdict.disposition,
        "reason": decision.verdict.reason,
        "at": to_stamp(now),
    }


def outgoing_to_row(mail: Outgoing, recipient_mark: str, now: int) -> dict[str, Any]:
    """A row of the outbox, due at once."""
    return {
        "key": mail.key,
        "ticket": mail.ticket,
        "kind": mail.kind,
        "recipient": recipient_mark,
        "state": "queued",
        "due_at": now,
        "attempts": 0,
        "twice": False,
        "created_at": now,
        "reply": "",
        "sealed": mail.sealed,
        "cause": mail.cause,
        "watched": mail.watched and mail.ticket is not None,
        "news": False,
        "settled_at": 0,
    }


def letter_to_row(mail: Outgoing, private: Private) -> dict[str, Any]:
    """The mail's words as a row. Enclosures are not stored: they are references, resolved when the mail is sent."""
    draft = mail.draft
    words = {
        "reverse_path": mail.reverse_path,
        "recipient": mail.recipient,
        "date": draft.date.isoformat(),
        "from": mailbox_to_plain(draft.from_),
        "to": [mailbox_to_plain(each) for each in draft.to],
        "cc": [mailbox_to_plain(each) for each in draft.cc],
        "reply_to": mailbox_to_plain(draft.reply_to) if draft.reply_to else None,
        "subject": draft.subject,
        "message_id": draft.message_id,
        "in_reply_to": draft.in_reply_to,
        "references": list(draft.references),
        "more": [list(each) for each in draft.more],
        "text": draft.text,
        "html": draft.html,
        "enclosed": [[each.entry, each.part, each.name, each.type] for each in mail.enclosed],
    }
    return {"key": mail.key, "private": private.pack(words, mail.sealed)}


def outgoing_from_row(row: Mapping[str, Any], private: Private) -> Outgoing:
    """The mail of a row."""
    words = private.unpack(row["private"], row["sealed"])
    return Outgoing(
        key=row["key"],
        kind=row["kind"],
        ticket=row["ticket"],
        reverse_path=words["reverse_path"],
        recipient=words["recipient"],
        sealed=row["sealed"],
        cause=row["cause"],
        watched=row["watched"],
        enclosed=tuple(
            Enclosed(entry=entry, part=part, name=name, type=kind) for entry, part, name, kind in words.get("enclosed", ())
        ),
        draft=Draft(
            date=datetime.fromisoformat(words["date"]),
            from_=mailbox_from_plain(words["from"]),
            to=[mailbox_from_plain(each) for each in words["to"]],
            cc=[mailbox_from_plain(each) for each in words["cc"]],
            reply_to=mailbox_from_plain(words["reply_to"]) if words["reply_to"] else None,
            subject=words["subject"],
            message_id=words["message_id"],
            in_reply_to=words["in_reply_to"],
            references=words["references"],
            more=[(name, body) for name, body in words["more"]],
            text=words["text"],
            html=words["html"],
        ),
    )
