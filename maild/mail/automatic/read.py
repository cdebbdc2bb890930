"""Is this mail a machine's, and may it be answered automatically? The surer signs are asked first.

A person's mail is never taken for a machine's: what people's clients write is no sign, and words count only beside another sign.
"""

from __future__ import annotations

import re

from maild.mail.automatic import words
from maild.mail.automatic.marks import asks_for_silence, marked
from maild.mail.bounces.signs import is_passed_on
from maild.mail.message import Automatic, AutomaticKind, Bounce, Mailbox, Message
from maild.mail.mime.fields import Fields, content_type
from maild.mail.reply.subject import ANSWERS

_MACHINE = re.compile(
    r"(?:mailer-daemon|mail-daemon|mdaemon|postmaster|(?:[\w.]{1,40}[._+-])?(?:no[-_.]?reply|do[-_.]?not[-_.]?reply)(?:[._+-][^@]{0,64})?"
    r"|nicht-?antworten|ne-?pas-?repondre|no-?responder|nao-?responda|niet-?beantwoorden|non-?rispondere"
    r"|owner-[^@]{1,64}|[^@]{1,64}-(?:request|owner|bounces?)|bounces?(?:[+=-][^@]{0,200})?|listserv|majordomo|mailman|auto-?repl(?:y|ies)|auto-?responder|notifications?)@",
    re.I,
)  # fmt: skip
_VACATION = re.compile(r"vacation|out[- ]?of[- ]?office|\boof\b|absen", re.I)
_CLIENT = re.compile(r"outlook|thunderbird|apple mail|iphone|ipad|zimbra|mutt|k-9|evolution|webmail|roundcube", re.I)
_SOON = 300  # characters of the author's own text
_FAR = 1_200  # characters of the text: machines say at once that they are machines


def automatic(fields: Fields, subject: str, text: str, bounce: Bounce | None, own: str | None = None) -> Automatic | None:
    """Why this is held to be a machine's mail, or None. X-Auto-Response-Suppress alone is no sign: people's clients set it, too.

    `own`: the text without what is quoted, if that is known.
    """
    if bounce is not None:
        reports = content_type(fields) == "multipart/report"
        return Automatic(kind="bounce", why="multipart/report" if reports else f"a delivery report of {fields.text('from')[:80]}")
    found = _auto_submitted(fields) or marked(fields)
    if found is None or found[0] == "bulk":
        found = _by_rule(fields, subject) or _by_words(fields, subject, text, text if own is None else own) or found
    if found is None:
        return None
    kind, why = found
    if kind == "auto-generated" and words.AS_MACHINES_WRITE.match(subject[:200]):
        kind = "auto-reply"  # Exchange marks its messages of absence so
    if kind == "auto-reply" and _is_absence(fields, subject, text):
        kind = "out-of-office"
    return Automatic(kind=kind, why=why)


def may_answer(fields: Fields, found: Automatic | None, senders: tuple[Mailbox, ...]) -> bool:
    """Whether an automatic answer is allowed: never to machines (RFC 3834, section 2), never where the sender asks for none."""
    if found is not None or not senders or asks_for_silence(fields):
        return False
    if any(is_machines(sender.address) for sender in senders):
        return False
    return not _has_null_path(fields)


def is_machines(address: str) -> bool:
    """Whether an address is one that machines write from: `noreply@`, `mailer-daemon@`."""
    return _MACHINE.match(address) is not None


def reads_as_absence(message: Message) -> bool:
    """Whether a mail without any mark says what messages of absence say. A person may have written it: for where doubt does no harm."""
    named = words.BEGINS.match(message.subject[:200])
    alone = named is not None and ANSWERS.match(message.subject) is None
    told = (each[0].lower() for each in words.absent_text().finditer(message.reply.text[:_SOON]))
    # "An employee is on leave when …" is an answer; "Emma is out of the office" is none.
    return alone or any(not each.startswith("is ") or "office" in each for each in told)


def _auto_submitted(fields: Fields) -> tuple[AutomaticKind, str] | None:
    """RFC 3834, section 5: a keyword, perhaps comments and parameters. `no` is a person's."""
    value = fields.text("auto-submitted")
    keyword = re.sub(r"\([^()]{0,200}\)", " ", value[:500]).partition(";")[0].strip(" \"'").lower()
    if keyword in ("", "no"):
        return None
    answers = keyword.startswith(("auto-repl", "auto_repl", "autorepl", "vacation"))
    return ("auto-reply" if answers else "auto-generated"), f"Auto-Submitted: {value[:80]}"


def _by_rule(fields: Fields, subject: str) -> tuple[AutomaticKind, str] | None:
    """Exchange: a rule of the mailbox answered. A rule that only passes a person's mail on asks for no silence."""
    if "x-ms-exchange-inbox-rules-loop" in fields and asks_for_silence(fields) and not is_passed_on(subject):
        return "out-of-office", "X-MS-Exchange-Inbox-Rules-Loop and X-Auto-Response-Suppress"
    return None


def _by_words(fields: Fields, subject: str, text: str, own: str) -> tuple[AutomaticKind, str] | None:
    """Subjects as machines write them, in an answer or with a text of absence; looser words only beside a weak sign.

    A customer may ask about automatic replies in such a subject: alone it says nothing, nor from a person's client.
    """
    answers = "in-reply-to" in fields or "references" in fields
    named = words.AS_MACHINES_WRITE.match(subject[:200]) is not None and not _from_a_client(fields)
    if named and (answers or words.absent_text().search(text[:_FAR])):
        return "auto-reply", f"Subject: {subject[:80]}"
    sign = _weak_sign(fields)
    if sign is None:
        return None
    if words.BEGINS.match(subject[:200]) or words.absent_text().search(text[:_FAR]):
        return "auto-reply", f"{sign}, and its words"
    if sign.startswith("Precedence"):
        return None  # newsletters thank and confirm, too
    # What is quoted, and the subject that is answered, may be a desk's.
    says = own[:_FAR] if ANSWERS.match(subject) else f"{subject[:200]}\n{own[:_FAR]}"
    kinds: tuple[tuple[re.Pattern[str], AutomaticKind], ...] = (
        (words.confirmation(), "auto-reply"),
        (words.generated(), "auto-generated"),
    )
    return next(((kind, f"{sign}, and its words") for pattern, kind in kinds if pattern.search(says)), None)


def _from_a_client(fields: Fields) -> bool:
    return "user-agent" in fields or _CLIENT.search(fields.text("x-mailer")[:200]) is not None


def _weak_sign(fields: Fields) -> str | None:
    if _has_null_path(fields):
        return "Return-Path: <>"
    precedence = next((each for each in fields.all("precedence") if each.strip().lower() in ("bulk", "junk")), None)
    if precedence:
        return f"Precedence: {precedence.strip()}"
    sender = fields.text("from").rpartition("<")[2].strip(" >")[:300]
    if _MACHINE.match(sender):
        return f"From: {sender[:80]}"
    return "X-Auto-Response-Suppress" if "in-reply-to" in fields and asks_for_silence(fields) else None


def _is_absence(fields: Fields, subject: str, text: str) -> bool:
    """Whether an automatic answer says that somebody is away."""
    if _VACATION.search(
        f"{fields.text('auto-submitted')[:200]} {fields.text('x-autoreply')[:80]} {fields.text('x-mailer')[:80]}"
    ):
        return True
    if words.absent_text().search(text[:_FAR]):
        return True
    named = words.AS_MACHINES_WRITE.match(subject[:200]) or words.BEGINS.match(subject[:200])
    return named is not None and named["absent"] is not None and not words.confirmation().search(text[:_FAR])


def _has_null_path(fields: Fields) -> bool:
    return "return-path" in fields and fields.first("return-path").strip().strip("<>").strip().lower() in ("", "mailer-daemon")
