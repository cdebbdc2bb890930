"""How flows are told: decisions, mails and tickets in words, without what depends on keys."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterable, Iterator
from email.message import EmailMessage

from maild.mail.body.html import html_to_text
from maild.mail.compose import compose
from maild.mail.outgoing import Outgoing
from maild.store.look import Whole
from maild.tickets.decision import Decision
from maild.tickets.ticket import Due, TicketMessage

SHOWN_FIELDS = (
    *("From", "To", "Cc", "Reply-To", "Subject", "In-Reply-To", "References", "Auto-Submitted"),
    *("X-Auto-Response-Suppress", "X-Maild-Ticket", "List-Id", "List-Unsubscribe"),
)
MASKS = (
    (re.compile(r"\+(\d+-[can])-[a-z2-7]{12}@"), r"+\1-<proof>@"),
    (re.compile(r"\+bounce-[0-9a-f]{16}-[a-z2-7]{12}@"), "+bounce-<key>-<proof>@"),
    (re.compile(r"\b(\d+)\.[0-9a-f]{16}@"), r"\1.<key>@"),
)


def masked(text: str, marks: Iterable[str]) -> str:
    """Without what depends on keys: proofs, and the marks of internal lines."""
    for pattern, instead in MASKS:
        text = pattern.sub(instead, text)
    for mark in marks:
        text = text.replace(mark, "<mark>")
    return text


def decision_lines(decision: Decision) -> Iterator[str]:
    """What was decided about a mail, and what of it is kept."""
    ticket, message = decision.ticket, decision.message
    yield verdict_line(decision)
    if message and ticket:
        yield f"kept: {kind_of(message)} of {message.author.address}, stage {ticket.stage}"
        yield from quoted(message.text)
        yield from (f"attached: {each.name} ({each.type})" for each in message.attachments)
        yield from (f"defect: {each}" for each in message.defects)
    for event in decision.events:
        how = f", {event.data['how']}" if "how" in event.data else ""
        rule = f", by {event.rule}" if event.rule else ""
        yield f"log: {event.kind} by {event.actor}" + (f" ({event.reason})" if event.reason else "") + how + rule


def verdict_line(decision: Decision) -> str:
    """The disposition with its reason, and the ticket that it concerns."""
    ticket = decision.ticket
    about = f", ticket {ticket.number} {'opened' if decision.opened else 'joined'}" if ticket else ""
    return f"{decision.verdict}{about}"


def passed_lines(decision: Decision) -> Iterator[str]:
    """What happened because time passed, or because a mail met its fate."""
    assert decision.ticket is not None
    events = "; ".join(
        f"{each.kind} ({each.reason or each.data.get('class', '')})".removesuffix(" ()") for each in decision.events
    )
    ticket = decision.ticket
    yield f"ticket {ticket.number}: {events}; stage {ticket.stage}; due {due_shown(ticket.due)}"


def mail_lines(mail: Outgoing, number: int) -> Iterator[str]:
    """A mail of ours as it goes out."""
    wire = email.message_from_bytes(compose(mail.draft), policy=email.policy.default)
    assert isinstance(wire, EmailMessage)
    yield f"--- mail {number}: {mail.kind}"
    path = "<>" if not mail.reverse_path else "bounce" if "+bounce-" in mail.reverse_path else mail.reverse_path
    yield f"Envelope: {path} to {mail.recipient}"
    yield from (f"{name}: {wire[name]}" for name in SHOWN_FIELDS if wire[name] is not None)
    assert wire["Message-ID"] == f"<{mail.draft.message_id}>"
    plain, html = wire.get_body(("plain",)), wire.get_body(("html",))
    assert plain is not None
    yield from quoted(str(plain.get_content()))
    yield from (f"enclosed: {each.name} ({each.type})" for each in mail.enclosed)
    if mail.sealed and html is not None:  # here the other form matters as much
        yield "the same as HTML:"
        yield from quoted(html_to_text(str(html.get_content()))[0])


def mail_line(mail: Outgoing, number: int) -> str:
    """A mail of ours in a line."""
    return f"mail {number}: {mail.kind} to {mail.recipient}: {mail.draft.subject}"


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
    if each.assignee:
        yield f"  assignee: {each.assignee}"
    if each.case:
        yield f"  case: {each.case}"
    if each.papers:
        yield f"  papers: {', '.join(each.papers)}"
    if each.participants:
        yield f"  participants: {', '.join(one.address for one in each.participants)}"
    if each.due:
        yield f"  due: {due_shown(each.due)}"
    yield f"  messages: {', '.join(f'{kind_of(m)} of {m.author.address}' for m in whole.messages)}"


def kind_of(message: TicketMessage) -> str:
    """What a message is to a customer: something written, our answer to it, or nothing of his business."""
    return "internal" if not message.is_public else "answer" if message.direction == "out" else "public"


def due_shown(due: Iterable[Due]) -> str:
    """The timers."""
    return ", ".join(f"{each.kind} {each.at:%Y-%m-%d %H:%M}{' waits' if each.waits else ''}" for each in due) or "nothing"


def quoted(text: str) -> Iterator[str]:
    """Lines behind bars."""
    return (f"| {line}".rstrip() for line in text.splitlines())


def span(numbers: list[int]) -> str:
    """1-3, or 1."""
    return str(numbers[0]) if len(numbers) == 1 else f"{numbers[0]}-{numbers[-1]}"
