"""Is this mail a report? Cheap signs of its header say whether it could be one; then subject and first lines are weighed.

A machine must have written it: a person who asks about a bounce, quotes or forwards one, has written no bounce.
"""

from __future__ import annotations

import re

from maild.mail.automatic.words import BEGINS
from maild.mail.bounces import words
from maild.mail.bounces.notices import looks_like_notice
from maild.mail.bounces.prose import names_a_recipient
from maild.mail.mime.fields import Fields, content_type, parameters
from maild.mail.mime.parts import Leaf
from maild.mail.reply.subject import answers, forwards

REPORTS = ("message/delivery-status", "message/global-delivery-status")

# How surely a machine wrote it, and what its words must add to that.
_MAILERS, _NO_WAY_BACK, _LIKELY, _SOME = 4, 3, 2, 1
_SAID, _ANSWERED, _ENOUGH = 2, 1, 5

# Who writes reports, by name or local part.
_MAILER = re.compile(
    r"mail(?:er)?[-_. ]?daemon|mail[-_. ]?deliver(?:y|er)?[-_. ]?(?:sub)?(?:system|service|agent)|delivery[-_ ]?(?:sub)?system"
    r"|microsoftexchange[0-9a-f]{8}",
    re.I,
)
_DAEMON = re.compile(
    r"mail(?:er)?[-_. ]?daemon|mail administrator|ndr administrator|mail router|mail system\b|post[-_. ]?master|poostmaster"
    r"|system administrator|microsoft outlook <|\bmdaemon|daemon@",
    re.I,
)
_MACHINE = re.compile(
    r"(?:^|[<\" ])(?:no-?reply|do-?not-?reply|sysadmin|mta|bounces?|notifications?|listserv|majordomo"
    r"|[\w.]{1,40}-(?:admin|bounces?|owner|request|errors?))(?:[+=][^@\s]{0,80})?@",
    re.I,
)
_PEOPLES_CLIENT = re.compile(
    r"thunderbird|outlook|apple mail|iphone mail|ipad mail|mutt|kmail|evolution|roundcube|squirrelmail|claws|foxmail|the bat|eudora|k-9"
    r"|webmail|airmail|spark|mailbird|em client|gnus|sylpheed|postbox",
    re.I,
)
_QUOTE = re.compile(
    r"^[ \t]{0,3}(?:>|-{2,20}\s{0,3}(?:original|forwarded|ursprüngliche|message)|on .{5,120} wrote:|am .{5,120} schrieb"
    r"|le .{5,120} a écrit)",
    re.I | re.M,
)
# A server's answer anywhere; and one that is nothing else, beside an address that stands alone in its line.
_REPLY = re.compile(r"(?:^|[\s:>#(])[45](?:\d\d[ -]|\.\d{1,3}\.\d{1,3}\b)")
_ANSWER = re.compile(
    r"(?:#|\b[45][0-5]\d[ -])[45]\.\d{1,3}\.\d{1,3}(?![\d.])|(?:^[ \t]{0,8}|[:>] ?)[45][0-5]\d (?=[^\W\d]|[<#\"'])", re.M
)  # a date like 5.1.21 is none
_ALONE = re.compile(r"^[ \t>*•<\"'-]{0,12}[^\s<>@]{1,64}@[^\s<>@]{1,253}[>\"']{0,2}(?:[ \t]{0,4}$|:|[ \t]{0,4}[-(\[])", re.M)
_FAR = 3_000


def could_be_report(fields: Fields, leaves: list[Leaf]) -> bool:
    """Cheap, for every mail: whether the header has anything of a mailer's, or the mail a part of a report."""
    if any(leaf.type in REPORTS for leaf in leaves) or content_type(fields) == "multipart/report":
        return True
    return machine_weight(fields) > 0


def machine_weight(fields: Fields) -> int:
    """How surely a machine wrote it: 4 a mailer, 3 mail without a way back, 2 a name that mailers have, 1 some machine, 0 no sign."""
    sender = fields.text("from")[:300]
    if "x-failed-recipients" in fields or (sender and _MAILER.search(sender)):
        return _MAILERS
    named = _DAEMON.search(sender) is not None
    path = fields.first("return-path").strip()
    if (
        path == "<>"
        or (path and _DAEMON.search(path[:300]))
        or ("from" in fields and not sender.strip("<> "))
        or "x-mlserver" in fields
    ):
        return _MAILERS if named else _NO_WAY_BACK
    submitted = fields.first("auto-submitted").strip().lower()
    by_machine = bool(submitted) and not submitted.startswith("no")
    if named:
        return _NO_WAY_BACK if by_machine else _LIKELY
    return _SOME if by_machine or _MACHINE.search(sender) else 0


def is_passed_on(subject: str) -> bool:
    """A subject that answers or forwards."""
    return answers(subject) or forwards(subject)


def is_report(fields: Fields, leaves: list[Leaf], subject: str, said: str) -> bool:
    """The whole weighing, for mails that could be one. `said` is the text above the original mail."""
    machine = machine_weight(fields)
    has_part = any(leaf.type in REPORTS for leaf in leaves)
    # A part alone may have come along with a person's forward; a multipart/report is a mailer's (RFC 6522).
    if content_type(fields) == "multipart/report":
        told = parameters(fields.first("content-type")).get("report-type", "").lower()
        if has_part or told.startswith("delivery-status"):
            return True
    if has_part:
        return machine > 0 or not (is_passed_on(subject) or _is_peoples(fields))
    if machine == 0 or (_is_peoples(fields) and "daemon" not in fields.text("from")[:300].lower()):
        return False
    if looks_like_notice(said):
        return True
    return _words_are_mailers(fields, machine, subject, said[:_FAR])


def _words_are_mailers(fields: Fields, machine: int, subject: str, top: str) -> bool:
    if machine < _MAILERS and BEGINS.match(subject[:200]):
        return False  # somebody's absence, whatever it was that he got
    passed_on = is_passed_on(subject)
    quote = _QUOTE.search(top) if passed_on else None
    if quote:
        top = top[: quote.start()]
    speaks = 0 if passed_on or not words.subject().search(subject[:300]) else _SAID
    opens = _SAID if words.opening().search(top) else 0
    if machine <= _LIKELY and words.greeting().match(top):
        return False
    if not speaks and "x-failed-recipients" not in fields and words.challenge().search(top):
        return False
    if machine >= _NO_WAY_BACK and (machine == _MAILERS or _ANSWER.search(top)) and _ALONE.search(top):
        return True  # in whatever language
    answered = _ANSWERED if _REPLY.search(top) else 0
    if machine == _SOME:  # shops and trackers tell of failed deliveries, too, but not of addresses
        return bool(speaks and opens) and names_a_recipient(top)
    return speaks + opens > 0 and machine + speaks + opens + answered >= _ENOUGH


def _is_peoples(fields: Fields) -> bool:
    """A mail client for people wrote it."""
    if "user-agent" in fields:
        return True
    mailer = fields.text("x-mailer")[:200]
    return bool(mailer) and _PEOPLES_CLIENT.search(mailer) is not None
