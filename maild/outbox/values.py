"""What templates may say: plain values only, no object of ours. docs/adding.md lists them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from maild.mail.message import Mailbox
from maild.problem.found import value_of
from maild.problem.table import FieldTable
from maild.tickets.decision import Decision, SendMail
from maild.tickets.facts import Facts
from maild.tickets.ticket import Ticket, TicketMessage

SHOWN_BEFORE = 5  # earlier messages that a notification shows
SHOWN_TEXT = 3_000  # characters of each

# One value of each kind that every template of a ticket may use: what `maild check` renders with.
SAMPLE: Mapping[str, Any] = {
    "desk": "Support", "number": 1, "service": "support", "stage": "qualification",
    "case": "requested", "team": "functional", "mailbox": "support@example.com", "subject": "subject", "sealed": False,
    "opened": True, "requester": "Ann <ann@example.org>", "participants": ["Bo <bo@example.org>"], "yours": False,
    "pending": ["Cy <cy@example.org>"], "unreachable": ["bo@example.org"],
    "author": "Ann <ann@example.org>", "text": "text", "internal": False, "aside": "shown to agents only",
    "attachments": ["a.png (image/png, 3 KB)"], "left_out": ["b.iso (application/octet-stream, 900 MB)"], "defects": ["defect"],
    "fields": [("Version", "17.0")], "missing": ["Version"], "asked": True, "links": [2], "rule": "rules/10-a.yaml:1 a", "issues": 2,
    "events": ["TicketOpened"], "block": "Version: ", "questions": [("Version", "hint")], "mark": "abcdefgh", "agent": "Emma",
    "happened": "It happened",
    "doubt": "nothing is proven", "support": ["M1: active"], "before": [("2026-03-04 12:00", "Ann", "internal note", "text")],
    "grace": 14, "target": "18.0", "report": "Test finished: ",
}  # fmt: skip
# What some templates are given besides, by whoever asks for the mail.
OWN: Mapping[str, Mapping[str, Any]] = {
    "advisory": {"id": "EXAMPLE-SA-2026-0001", "title": "Title", "advisory": "text", "public": True, "date": "2026-03-04"},
    "answer": {"text": "text"},
    "closing": {"silent": True, "reason": "reason"},
    "confirmation": {"written": "text", "files": ["a.png"]},
    "consent": {"asked_for": "text"},
    "error": {"lines": ["one"], "written": "text"},
    "merged": {"other": 2},
    "receipt": {"lines": ["one"], "written": "text"},
    "refusal": {"reason": "reason"},
    "reminder": {"closes_at": "4 March 2026"},
    "security-news": {"news": "confirmed"},
    "security-public": {"id": "EXAMPLE-SA-2026-0001"},
    "security-review": {"draft": "text"},
    "split": {"parts": [(2, "subject", "support+2-c-preview@example.com")]},
    "upgrade-failed": {"reason": "reason"},
    "upgrade-scheduled": {"date": "2026-03-04"},
    "upgrade-test": {"url": "https://test.example.org", "until": "2026-03-04"},
}
FOR_OPERATOR: Mapping[str, Any] = {"desk": "Support", "hostname": "mail.example.com", "lines": ["one"]}


NEVER_EMPTY = ("number", "news", "other")


def sample_of(template: str) -> Mapping[str, Any]:
    """What a template is proven with: no value that the mail itself would not have."""
    if template == "operator":
        return FOR_OPERATOR
    hidden = ("number",) if template == "advisory" else ()  # what goes to many says nothing of the case
    return {**{name: value for name, value in SAMPLE.items() if name not in hidden}, **OWN.get(template, {})}


def contrary(sample: Mapping[str, Any]) -> Mapping[str, Any]:
    """The same names with the opposite truths: what may be empty is."""
    return {
        name: not value if isinstance(value, bool) else value if name in NEVER_EMPTY else type(value)()
        for name, value in sample.items()
    }


def values_of(decision: Decision, ticket: Ticket, facts: Facts, table: FieldTable, language: str) -> dict[str, Any]:
    """What all mails of a decision may say. `language` is the desk's own, for its agents."""
    message = decision.message
    return {
        "number": ticket.number,
        "service": ticket.service,
        "stage": ticket.stage,
        "case": ticket.case or "",
        "team": ticket.team,
        "mailbox": ticket.mailbox,
        "subject": ticket.subject,
        "sealed": ticket.sealed,
        "opened": decision.opened,
        "requester": shown(ticket.requester),
        "participants": [shown(each) for each in ticket.participants],
        "unreachable": list(ticket.unreachable),
        "pending": [shown(each) for each in ticket.pending],
        "author": shown(message.author) if message else "",
        "text": message.text if message else "",
        "internal": bool(message and not message.is_public),
        "aside": _aside(decision, ticket),
        "attachments": [file_shown(each.name, each.type, each.size) for each in message.attachments] if message else [],
        "defects": list(message.defects) if message else [],
        "fields": [(table.title(name, language), _said(each.value)) for name, each in ticket.fields.items()],
        "missing": [table.title(name, language) for name in ticket.missing],
        "issues": ticket.issues if decision.opened else 1,
        "asked": any(each.kind == "acknowledgement" for each in decision.mails),
        "links": [link.number for link in decision.links],
        "rule": next((event.rule for event in decision.events if event.rule), ""),  # that moved the ticket, not any that hit
        "events": [f"{event.kind} {event.reason}".strip() for event in decision.events],
        "target": str(value_of(ticket.fields, "target_version") or ""),
        "before": [_earlier(each) for each in facts.history.get(ticket.number, ())[-SHOWN_BEFORE:]],
    }


def values_for(effect: SendMail, decision: Decision, ticket: Ticket, zone: ZoneInfo) -> dict[str, Any]:
    """What this mail alone says besides."""
    message = decision.message
    enclosed = {each.part for each in effect.enclosed}
    left_out = [each for each in message.attachments if each.part not in enclosed] if message else []
    own = {name: _day(value, zone) if isinstance(value, datetime) else value for name, value in effect.values.items()}
    own["left_out"] = [file_shown(each.name, each.type, each.size) for each in left_out]
    return {"agent": effect.agent, "happened": "", "doubt": "", "yours": effect.to.address == ticket.assignee, **own}


def shown(mailbox: Mailbox) -> str:
    """`Name <address>`."""
    return f"{mailbox.name} <{mailbox.address}>" if mailbox.name else mailbox.address


def file_shown(name: str | None, kind: str, size: int) -> str:
    """`a.png (image/png, 3 KB)`."""
    octets = f"{size} bytes" if size < 10_000 else f"{size // 1000} KB" if size < 10_000_000 else f"{size // 1_000_000} MB"
    return f"{name or 'without a name'} ({kind}, {octets})"


def _aside(decision: Decision, ticket: Ticket) -> str:
    """Why only agents see this mail; empty where others do, too."""
    message = decision.message
    if message is None or message.is_public:
        return ""
    kind = decision.events[0].kind
    if kind in ("MailBounced", "MachineWrote"):
        return "a machine: shown to agents only"
    if kind == "AgentWrote":
        return "for colleagues only"
    if ticket.has_participant(message.author.address):
        return "by an address for notes: shown to agents only"
    return "not a participant of this request: shown to agents only"


def _said(value: str | bool | None) -> str:
    return "unclear" if value is None else value if isinstance(value, str) else "yes" if value else "no"


def _earlier(each: TicketMessage) -> tuple[str, str, str, str]:
    kind = "internal note" if not each.is_public else "our answer" if each.direction == "out" else ""
    return f"{each.at:%Y-%m-%d %H:%M} UTC", shown(each.author), kind, each.text[:SHOWN_TEXT]


def _day(when: datetime, zone: ZoneInfo) -> str:
    local = when.astimezone(zone)
    return f"{local.day} {local:%B %Y}, {local:%H:%M} ({zone.key})"
