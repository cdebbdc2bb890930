"""Bytes to `Message`: the one door of this room. It never fails on content; what is odd is a listed defect."""

from __future__ import annotations

import email.utils
from datetime import UTC, datetime

from maild.mail.address import is_strict, parse_mailboxes
from maild.mail.authres import authentications
from maild.mail.automatic.read import automatic, may_answer
from maild.mail.automatic.reports import other_report
from maild.mail.body.visible import attachment, visible_text
from maild.mail.bounces.read import read_bounce
from maild.mail.message import Attachment, Mailbox, Message
from maild.mail.mime.fields import Fields, parse_fields
from maild.mail.mime.header import message_ids, one_line, raw_octets
from maild.mail.mime.limits import Guarded, guard
from maild.mail.mime.parts import Leaf, leaves_of
from maild.mail.mime.protection import protection
from maild.mail.mime.unpack import unpacked
from maild.mail.reply.divide import divide
from maild.mail.reply.enclosed import enclosed_in
from maild.mail.reply.forwarded import forwarded_in
from maild.mail.reply.scan import scan
from maild.mail.reply.subject import answers, forwards

_MAX_DEFECTS = 20
_SINGLE = ("from", "date", "subject", "message-id", "to")


def parse(raw: bytes) -> Message:
    """Reads a message (RFC 5322, MIME) within the limits of `limits`. Pure and total."""
    guarded = guard(raw)
    defects = list(guarded.defects)
    fields, leaves = _take_apart(guarded, defects)
    text, html, attached = visible_text(leaves, defects)
    signed, encrypted = protection(fields, leaves)
    subject = fields.text("subject")
    senders = _mailboxes(fields, "from")
    found = scan(text, answers=_answers(fields, subject), forwards=forwards(subject))
    other = other_report(fields, leaves, subject, text)
    bounce = None if other else read_bounce(fields, leaves, subject, text)
    machine = other or automatic(fields, subject, text, bounce, "\n".join(found.own))
    reachable = tuple(each for each in senders if each.address)
    defects += _odd_header(fields, reachable)
    ids = message_ids(fields.first("message-id"))
    return Message(
        message_id=ids[0] if ids else None,
        in_reply_to=message_ids(fields.first("in-reply-to")),
        references=message_ids(" ".join(fields.all("references"))),
        date=_date(fields.first("date")),
        subject=subject,
        from_=senders,
        reply_to=_mailboxes(fields, "reply-to"),
        to=_mailboxes(fields, "to"),
        cc=_mailboxes(fields, "cc"),
        text=text,
        html=html,
        reply=divide(found),
        forwarded=forwarded_in(found, subject) or (None if machine else enclosed_in(leaves, text)),
        attachments=_attachments(attached, leaves),
        automatic=machine,
        may_answer=may_answer(fields, machine, reachable),
        bounce=bounce,
        list_id=_list_id(fields),
        signed=signed,
        encrypted=encrypted,
        hops=len(fields.all("received")),
        delivered_to=tuple(one_line(raw_octets(each)).strip("<> ") for each in fields.all("delivered-to")[:10]),
        authentications=authentications(fields) if "authentication-results" in fields else (),
        strict_from=is_strict(fields.all("from")) and not guarded.defects,  # a header section that was mended is read in two ways
        defects=tuple(dict.fromkeys(defects))[:_MAX_DEFECTS],
    )


def _odd_header(fields: Fields, reachable: tuple[Mailbox, ...]) -> list[str]:
    names = [name for name, _ in fields]
    found = [f"header: {one} stands there more than once" for one in _SINGLE if names.count(one) > 1]
    return found if reachable else [*found, "header: no sender"]


def leaf_of(raw: bytes, part: int) -> Leaf | None:
    """The leaf part with this number (see `Attachment.part`), for whoever sends it on."""
    leaves = _take_apart(guard(raw), [])[1]
    return leaves[part] if part < len(leaves) else None


def _take_apart(guarded: Guarded, defects: list[str]) -> tuple[Fields, list[Leaf]]:
    fields = parse_fields(guarded.header)
    body = guarded.body
    if fields.stray:
        defects.append("header: a line is no field; read as the start of the text")
        body = fields.stray.encode("ascii", "surrogateescape") + b"\n\n" + body
    return fields, unpacked(leaves_of(fields, body, defects), defects)


def _mailboxes(fields: Fields, name: str) -> tuple[Mailbox, ...]:
    return parse_mailboxes(", ".join(fields.all(name)[:20])) if name in fields else ()


def _date(raw: str) -> datetime | None:
    if not raw:
        return None
    try:
        when = email.utils.parsedate_to_datetime(raw[:200])
        return when.replace(tzinfo=when.tzinfo or UTC).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _answers(fields: Fields, subject: str) -> bool:
    return "in-reply-to" in fields or "references" in fields or answers(subject)


def _attachments(attached: list[Leaf], leaves: list[Leaf]) -> tuple[Attachment, ...]:
    numbers = {id(each): number for number, each in enumerate(leaves)}
    found = (attachment(each, numbers[id(each)]) for each in attached)
    return tuple(each for each in found if each is not None)


def _list_id(fields: Fields) -> str | None:
    raw = fields.text("list-id")
    inner = raw.rpartition("<")[2].rstrip("> ") if "<" in raw else raw
    return inner.strip() or None
