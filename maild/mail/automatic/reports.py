"""Reports that are no bounces: complaints about a mail (RFC 5965 and the older kinds) and read receipts (RFC 8098 and plain ones)."""

from __future__ import annotations

import re

from maild.mail.automatic.words import RECEIPT, receipt_text
from maild.mail.bounces.notices import COMPLAINT
from maild.mail.bounces.signs import is_passed_on, machine_weight
from maild.mail.message import Automatic, AutomaticKind
from maild.mail.mime.fields import Fields, content_type, parameters
from maild.mail.mime.header import one_line
from maild.mail.mime.parts import Leaf

_BY_PART: dict[str, AutomaticKind] = {
    "message/feedback-report": "feedback-report",
    "message/disposition-notification": "read-receipt",
    "message/global-disposition-notification": "read-receipt",
}
_BY_REPORT_TYPE: dict[str, AutomaticKind] = {"disposition-notification": "read-receipt", "feedback-report": "feedback-report"}
# Who sends complaints of the older kinds, which have no machine-readable part.
_COMPLAINER = re.compile(
    r"(?:scomp|staff|fbl|feedback-?loop|feedback|complaints?|abuse-?reports?|spamreports?|spamcop|jmrp|arf|reports?)(?:[+-][\w.-]{0,60})?@",
    re.I,
)
_COMPLAINT = re.compile(
    r"\s*(?:complaint about message|client tos notification|(?:e-?mail )?(?:feedback|abuse|spam) (?:feedback )?report"
    r"|fbl report|spam complaint|\[spamcop)",
    re.I,
)
_REFUSED = re.compile(r"(?:automatically|was|been) (?:rejected|refused)", re.I)
_FAR = 1_500
_MARKS = ("x-hmxmroriginalrecipient", "x-rp-fbl", "x-aol-inrly", "x-fbl-report")
_IN_TEXT = re.compile(r"^(?:Feedback-Type|X-HmXmrOriginalRecipient)\s{0,4}:", re.I | re.M)


def other_report(fields: Fields, leaves: list[Leaf], subject: str, text: str) -> Automatic | None:
    """The complaint or receipt that this mail is, or None."""
    found = _structured(fields, leaves, subject)
    if (
        found
        and found.kind == "read-receipt"
        and _REFUSED.search(f"{subject[:200]}\n{text[:_FAR]}")
        and machine_weight(fields) > 1
    ):
        return None  # RFC 5429, section 2.1.2: a refusal in the form of a receipt is a bounce
    return found or _complaint(fields, leaves, subject, text) or _receipt(fields, subject, text)


def _structured(fields: Fields, leaves: list[Leaf], subject: str) -> Automatic | None:
    kind = content_type(fields)
    if kind == "multipart/report":
        told = one_line(parameters(fields.first("content-type")).get("report-type", "")[:80]).lower()
        if told in _BY_REPORT_TYPE:
            return Automatic(kind=_BY_REPORT_TYPE[told], why=f"multipart/report; report-type={told}")
    part = next((leaf.type for leaf in leaves if leaf.type in _BY_PART), None)
    # Outside of a multipart/report (RFC 6522) the part may have come along with a person's forward.
    if part is not None and (kind in ("multipart/report", part) or not is_passed_on(subject)):
        return Automatic(kind=_BY_PART[part], why=f"{kind} with {part}")
    return None


def _complaint(fields: Fields, leaves: list[Leaf], subject: str, text: str) -> Automatic | None:
    mark = next((name for name in _MARKS if name in fields), None)
    if mark is not None:
        return Automatic(kind="feedback-report", why=f"{mark}: {fields.text(mark)[:80]}")
    sender = fields.text("from")[:300]
    if text[:1] == "{" and "notificationtype" in text[:400].lower() and COMPLAINT.search(text[:4_000]):
        return Automatic(kind="feedback-report", why="a complaint told in JSON")
    if not _COMPLAINER.search(sender):
        return None
    if _COMPLAINT.match(subject) or any(_IN_TEXT.search(_head(leaf)) for leaf in leaves[:5]):
        return Automatic(kind="feedback-report", why=f"From: {sender[:80]}")
    return None


def _head(leaf: Leaf) -> str:
    return leaf.content[:4_000].decode("latin-1").replace("\r\n", "\n")


def _receipt(fields: Fields, subject: str, text: str) -> Automatic | None:
    """A receipt in words: its subject and its one sentence, together. Neither alone would tell it from a person's mail."""
    if not RECEIPT.match(subject[:200]) or not receipt_text().search(text[:_FAR]) or "user-agent" in fields:
        return None
    return Automatic(kind="read-receipt", why=f"Subject: {subject[:80]}")
