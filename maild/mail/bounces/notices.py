"""Notices of sending services, in JSON by mail: Amazon SES by SNS and services that name their keys alike.

Read key by key, not as a document: the services' footers, folded lines and cut ends do not matter, and nothing nests.
"""

from __future__ import annotations

import re

from maild.mail.bounces.account import Account
from maild.mail.mime.header import one_line

_VALUE = r'"\s{0,8}:\s{0,8}"((?:[^"\\]|\\.){0,2000})"'
_KIND = re.compile(r'"(?:notificationType|eventType|event|event-type)' + _VALUE, re.I)
_RECIPIENTS = re.compile(r'"(?:bouncedRecipients|delayedRecipients|recipients)"\s{0,8}:\s{0,8}\[', re.I)
_PAIR = re.compile(
    r'"(emailAddress|email|recipient|status|action|diagnosticCode|smtpResponse|description|reason|message)' + _VALUE, re.I
)
_LISTED = re.compile(r'"([^"\s]{1,64}@[^"\s]{1,253})"')
_ID = re.compile(
    r'"(?:message-id|name":"Message-ID","value|commonHeaders":\{"messageId)"\s{0,8}:\s{0,8}"(<[^"<>\s]{1,900}>)', re.I
)
_ACTIONS = {
    "bounce": "failed", "failed": "failed", "dropped": "failed", "reject": "failed", "delivery": "delivered", "delivered": "delivered",
    "delay": "delayed", "deliverydelay": "delayed", "deferred": "delayed",
}  # fmt: skip
_NAMES = {"emailaddress": "address", "email": "address", "recipient": "address", "status": "status", "action": "action"}
COMPLAINT = re.compile(r'"(?:notificationType|eventType)"\s{0,8}:\s{0,8}"Complaint"', re.I)
MAX_PAIRS = 4_000


def looks_like_notice(text: str) -> bool:
    """Whether a JSON object of such a service opens the text."""
    return text.lstrip()[:1] == "{" and _KIND.search(text[:4_000]) is not None


def read_notice(text: str) -> list[Account]:
    """One account for each recipient of the notice."""
    kind = _KIND.search(text[:4_000])
    action = _ACTIONS.get(kind[1].lower(), "") if kind else ""
    if not action:
        return []
    place = _RECIPIENTS.search(text)
    found = [] if action == "delivered" else _by_pairs(text[place.start() :] if place else text, action)
    words = next((pair[2] for pair in _PAIR.finditer(text) if pair[1].lower() in ("diagnosticcode", "smtpresponse")), "")
    if not found and place:
        listed = text[place.end() : place.end() + 100_000].partition("]")[0]
        found = [Account(address=each[1], action=action, words=words) for each in _LISTED.finditer(listed)]
    return found


def _by_pairs(text: str, action: str) -> list[Account]:
    groups: list[dict[str, str]] = []
    for pair, _ in zip(_PAIR.finditer(text), range(MAX_PAIRS), strict=False):
        name = _NAMES.get(pair[1].lower(), "words")
        if name == "address" or not groups:
            groups.append({})
        groups[-1].setdefault(name, pair[2].replace("\\n", " ").replace('\\"', '"'))
    return [
        Account(
            address=group["address"],
            action=group.get("action", action).lower(),
            status=group.get("status", "")[:80],
            words=group.get("words", ""),
        )
        for group in groups
        if "@" in group.get("address", "")
    ]


def message_id_in(text: str) -> str | None:
    """The Message-ID of the mail that the notice is about."""
    found = _ID.search(text)
    return one_line(found[1]).strip("<>") if found else None
