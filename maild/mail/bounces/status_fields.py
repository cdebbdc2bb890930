"""The fields of message/delivery-status (RFC 3464, section 2), leniently: wherever they stand and however they were folded."""

from __future__ import annotations

import re

from maild.mail.bounces.account import Account
from maild.mail.mime.header import decode_words

_FIELD = re.compile(r"[ \t]{0,4}([A-Za-z][A-Za-z0-9-]{2,40})[ \t]{0,4}:[ \t]{0,4}(.*)", re.S)
_NAMES = frozenset({
    "reporting-mta", "arrival-date", "received-from-mta", "dsn-gateway", "original-envelope-id", "final-recipient", "original-recipient",
    "action", "status", "remote-mta", "diagnostic-code", "last-attempt-date", "final-log-id", "will-retry-until", "failed-recipient",
})  # fmt: skip
_COMMENT = re.compile(r"\([^()]{0,200}\)")
_TYPED = re.compile(r"[ \t]{0,4}[\w-]{1,20}[ \t]{0,4};[ \t]{0,4}")
# A part or a piece of text that has such fields, whatever it is called.
LOOKS_LIKE = re.compile(r"^[ \t]{0,4}(?:(?:Final|Original)-Recipient|Reporting-MTA)[ \t]{0,4}:", re.I | re.M)
NAMES_SOMEBODY = re.compile(r"^[ \t]{0,4}(?:Final|Original)-Recipient[ \t]{0,4}:", re.I | re.M)

MAX_LINES = 6_000


def read_status_fields(text: str) -> list[Account]:
    """One account for each group of fields that names a recipient."""
    return [found for found in map(_account, _groups(text)) if found is not None]


def _groups(text: str) -> list[dict[str, str]]:
    """Groups are divided by empty lines; a second Final-Recipient begins one, too. What is no field goes on with the last one."""
    groups: list[dict[str, str]] = [{}]
    last = ""
    for line in text.split("\n", MAX_LINES)[:MAX_LINES]:
        if not line.strip():
            if groups[-1]:
                groups.append({})
            last = ""
            continue
        field = _FIELD.match(line[:2_000])
        name = field[1].lower() if field else ""
        if field and (name in _NAMES or name.startswith("x-") or (not line.startswith((" ", "\t")) and not last)):
            if name in groups[-1] and name in ("final-recipient", "action", "diagnostic-code"):
                groups.append({})
            groups[-1].setdefault(name, field[2].strip())
            last = name
        elif last and len(groups[-1][last]) < 2_000:
            groups[-1][last] += " " + line.strip()[:500]
    return groups


def _account(group: dict[str, str]) -> Account | None:
    address = next(
        (found for name in ("final-recipient", "original-recipient", "x-actual-recipient", "failed-recipient")
         if "@" in (found := address_of(group.get(name, "")))), "",
    )  # fmt: skip
    address = address or address_of(group.get("final-recipient", "")) or address_of(group.get("original-recipient", ""))
    if not address:
        return None
    return Account(
        address=address,
        action=group.get("action", "").split(" ")[0].split(";")[0].strip().lower(),
        status=_COMMENT.sub(" ", group.get("status", ""))[:80],
        words=_without_type(group.get("diagnostic-code", "")),
    )


def address_of(value: str) -> str:
    """The address of `rfc822; ann@example.org`, of `<ann@example.org>` and of what is like them."""
    value = decode_words(value[:1_000]) if "=?" in value else value
    bare = _without_type(_COMMENT.sub(" ", value[:1_000])).strip().strip("<>\"' ")
    return bare.split(" ")[0].strip("<>,;")[:320]


def _without_type(value: str) -> str:
    typed = _TYPED.match(value)
    return value[typed.end() :] if typed else value
