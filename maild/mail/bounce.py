"""Delivery reports (RFC 3464): who did not get which mail, and why."""

from __future__ import annotations

import re

from maild.mail.fields import Fields, parse_fields
from maild.mail.header import message_ids
from maild.mail.message import Bounce, BouncedRecipient
from maild.mail.parts import Leaf, split_header

_STATUS = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_CODE = re.compile(r"\b([245]\d\d)\b")
_BLANK_LINE = re.compile(rb"\r?\n[ \t]*\r?\n")
REPORTS = ("message/delivery-status", "message/global-delivery-status")
_REASONS = {
    "1.1": "user-unknown", "1.2": "host-unknown", "1.3": "bad-address", "1.6": "has-moved", "1.10": "not-accepting",
    "2.1": "mailbox-disabled", "2.2": "mailbox-full", "2.3": "too-big", "3.4": "too-big", "4.1": "no-answer", "4.4": "host-unknown",
    "4.7": "expired", "7.1": "rejected",
}  # fmt: skip
MAX_RECIPIENTS = 500


def read_bounce(leaves: list[Leaf]) -> Bounce | None:
    """The report among the parts of a mail, or None."""
    report = next((leaf for leaf in leaves if leaf.type in REPORTS), None)
    if report is None:
        return None
    blocks = _BLANK_LINE.split(report.content)[: MAX_RECIPIENTS + 1]
    recipients = (_recipient(parse_fields(block)) for block in blocks)
    return Bounce(
        recipients=tuple(found for found in recipients if found is not None),
        original_message_id=_original(leaves),
    )


def _recipient(block: Fields) -> BouncedRecipient | None:
    final = block.text("final-recipient") or block.text("original-recipient")
    if not final:
        return None
    address = final.partition(";")[2].strip("<> ") or final.strip("<> ")
    action = block.text("action").split(" ")[0].lower()
    status = _STATUS.search(block.text("status"))
    code = _CODE.search(block.text("diagnostic-code"))
    detail = f"{status[2]}.{status[3]}" if status else ""
    return BouncedRecipient(
        address=address,
        action=action,
        status=status[0] if status else None,
        code=code[1] if code else None,
        reason=_REASONS.get(detail, "undefined"),
        permanent=action == "failed" and not (status and status[1] == "4"),
    )


def _original(leaves: list[Leaf]) -> str | None:
    for leaf in leaves:
        if leaf.type in ("message/rfc822", "message/global", "text/rfc822-headers", "message/rfc822-headers"):
            ids = message_ids(split_header(leaf.content[:65_536])[0].first("message-id"))
            return ids[0] if ids else None
    return None
