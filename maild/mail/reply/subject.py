"""What clients put before a subject when they answer or forward: `Re:`, `WG:`, in the languages of the table."""

from __future__ import annotations

import re

from maild.mail.reply.words import FORWARD_PREFIXES, REPLY_PREFIXES, any_of

_BEFORE = r"\s*(?:\[[^\]]{1,40}\]\s*)?"  # a list's name may stand before it, and a count behind
_BEHIND = r"\s*(?:\[\d{1,3}\]|\(\d{1,3}\))?\s*[:\uff1a]\s*"
FORWARDS = re.compile(rf"{_BEFORE}({any_of(frozenset().union(*FORWARD_PREFIXES.values()))}){_BEHIND}", re.I)
ANSWERS = re.compile(rf"{_BEFORE}({any_of(frozenset().union(*REPLY_PREFIXES.values()))}){_BEHIND}", re.I)


def forwards(subject: str) -> bool:
    """Whether a subject says that its mail is forwarded."""
    return FORWARDS.match(subject) is not None


def answers(subject: str) -> bool:
    """Whether a subject says that its mail is a reply."""
    return ANSWERS.match(subject) is not None
