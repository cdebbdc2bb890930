"""Lines that stand for a quoted message by their words alone: `-----Original Message-----`, `Begin forwarded message:`, a desk's mark."""

from __future__ import annotations

import re
from typing import Literal

from maild.mail.reply.words import FORWARDED, ORIGINAL, REPLY_ABOVE

Title = Literal["original", "forwarded", "above"]


def _words(several: str) -> str:
    return "|".join(re.escape(each) for each in sorted(several.split("|"), key=len, reverse=True))


_RULE = r"[-_=\u2013\u2014*#~]"
_TITLE = re.compile(rf"(?:{_RULE}{{2,}}[ \t]*)?(?:(?P<forwarded>{_words(FORWARDED)})|(?P<original>{_words(ORIGINAL)}))[ \t]*(?P<end>.*)", re.I | re.S)
_RULED = re.compile(rf"{_RULE}{{2,}}")
_ABOVE = re.compile(REPLY_ABOVE, re.I)
_ONLY_RULE = re.compile(r"(?:-[ -]{4,}|_{5,}|={3,}|\*{5,}|[\u2013\u2014]{3,})\Z")
MAX_TITLE = 200


def title_of(bare: str) -> tuple[Title, str] | None:
    """What a line is the title of, and what stands behind the title in the same line; None where it is no title.

    Words alone are prose: the line needs a rule around them, or a colon at its end.
    """
    if len(bare) <= MAX_TITLE and _ABOVE.search(bare):
        return "above", ""
    head = bare[:MAX_TITLE].replace("\u00a0", " ")
    found = _TITLE.match(head)
    if found is None:
        return None
    end = found["end"]
    kind: Title = "forwarded" if found["forwarded"] else "original"
    closing = _RULED.match(end)
    if _RULED.match(head) and (closing or not end.strip(" :")):
        return kind, bare[found.start("end") + closing.end() :].strip() if closing else ""
    if _RULED.match(head):  # two titles in one line, as Slovak Thunderbirds write them
        return (kind, "") if re.search(rf"{_RULE}{{2,}}[ \t]*\Z", end) else None
    return (kind, "") if end.strip() == ":" else None


def is_rule(bare: str) -> bool:
    """Whether a line is nothing but a rule, as clients draw it above a quoted message."""
    return bool(bare) and bare[0] in "-_=*\u2013\u2014" and _ONLY_RULE.match(bare) is not None
