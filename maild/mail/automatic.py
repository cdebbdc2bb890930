"""Is this mail a machine's, and may it be answered automatically? RFC 3834, section 2, and what the world sends instead."""

from __future__ import annotations

import re
from collections.abc import Callable

from maild.mail.fields import Fields, content_type, parameters
from maild.mail.header import one_line
from maild.mail.message import Automatic, AutomaticKind, Mailbox

_MACHINE = re.compile(
    r"(?:mailer-daemon|mail-daemon|postmaster|no-?reply|do-?not-?reply|owner-.*|.*-(?:request|owner|bounces?)|bounces?(?:[+=-].*)?|listserv|majordomo)@",
    re.I,
)
_OUT_OF_OFFICE = re.compile(
    r"\s*(?:out of (?:the )?office|automatic reply|auto(?:matic)?[- ]?(?:reply|response)|autoreply|abwesenheit|automatische antwort"
    r"|réponse automatique|absence du bureau|automatisch antwoord|afwezig|respuesta automática|fuera de la oficina"
    r"|risposta automatica|fuori sede|resposta automática|ausência)",
    re.I,
)

Look = Callable[[Fields, str], tuple[AutomaticKind, str] | None]


def _report(fields: Fields, _: str) -> tuple[AutomaticKind, str] | None:
    if content_type(fields) != "multipart/report":
        return None
    kind = one_line(parameters(fields.first("content-type")).get("report-type", "")[:80]).lower()
    known: dict[str, AutomaticKind] = {
        "disposition-notification": "read-receipt",
        "feedback-report": "feedback-report",
    }
    return known.get(kind, "bounce"), f"multipart/report; report-type={kind or 'none'}"


def _auto_submitted(fields: Fields, subject: str) -> tuple[AutomaticKind, str] | None:
    value = fields.text("auto-submitted")
    keyword = value.partition(";")[0].partition("(")[0].strip().lower()
    if keyword in ("", "no"):  # a person's mail may say so explicitly
        return None
    why = f"Auto-Submitted: {value[:80]}"
    if keyword.startswith("auto-replied"):
        return ("out-of-office" if _OUT_OF_OFFICE.match(subject) else "auto-reply"), why
    return "auto-generated", why


def _reply_marks(fields: Fields, subject: str) -> tuple[AutomaticKind, str] | None:
    for name in ("x-autoreply", "x-autorespond", "x-auto-reply", "x-autoresponder", "x-autoreply-from", "x-mail-autoreply"):
        value = fields.text(name)
        if value and value.lower() != "no":
            return ("out-of-office" if _OUT_OF_OFFICE.match(subject) else "auto-reply"), f"{name}: {value[:80]}"
    precedence = fields.text("precedence").lower()
    if precedence in ("auto_reply", "auto-reply"):
        return "auto-reply", f"Precedence: {precedence}"
    if _OUT_OF_OFFICE.match(re.sub(r"^(?:\s*(?:re|aw|sv|antw)\s*:)+", "", subject, flags=re.I)):
        return "out-of-office", f"Subject: {subject[:80]}"
    return None


def _list(fields: Fields, _: str) -> tuple[AutomaticKind, str] | None:
    for name in ("list-id", "list-post", "mailing-list", "x-mailing-list", "list-unsubscribe"):
        value = fields.text(name)
        if value:
            return "list", f"{name}: {value[:80]}"
    precedence = fields.text("precedence").lower()
    if precedence in ("bulk", "junk", "list"):
        return ("list" if precedence == "list" else "bulk"), f"Precedence: {precedence}"
    return None


LOOKS: tuple[Look, ...] = (_report, _auto_submitted, _reply_marks, _list)


def automatic(fields: Fields, subject: str, leaves=(), bounce=None) -> Automatic | None:
    """The first sign that a machine wrote this. X-Auto-Response-Suppress alone is none: people's clients set it, too."""
    if bounce is not None:
        return Automatic(kind='bounce', why='x')
    for look in LOOKS:
        found = look(fields, subject)
        if found:
            return Automatic(kind=found[0], why=found[1])
    return None


def may_answer(fields: Fields, found: Automatic | None, senders: tuple[Mailbox, ...]) -> bool:
    """Whether an automatic answer is allowed: never to machines (RFC 3834, section 2), never where the sender asks for none."""
    if found is not None or not senders:
        return False
    if any(_MACHINE.match(sender.address) for sender in senders):
        return False
    suppress = {word.strip().lower() for word in fields.text("x-auto-response-suppress").split(",")}
    if suppress & {"all", "autoreply", "oof"}:
        return False
    return "return-path" not in fields or fields.text("return-path") not in ("<>", "")
