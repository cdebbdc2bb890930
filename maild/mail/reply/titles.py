"""Lines that stand for a quoted message by their words: `-----Original Message-----`, `Begin forwarded message:`, a desk's mark."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

import re2

from maild.mail.reply.words import FORWARDED, ORIGINAL, REPLY_ABOVE

TitleKind = Literal["original", "forwarded", "above"]
MAX_TITLE = 200
MAX_WORDS = 60


@dataclass(frozen=True, slots=True)
class Title:
    """What the line says, what stands behind it in the same line, and whether rules around it make it `sure` by itself."""

    kind: TitleKind
    behind: str = ""
    sure: bool = True


def _words(several: str) -> str:
    return "|".join(re.escape(each) for each in sorted(several.split("|"), key=len, reverse=True))


_RULE = r"[-_=\u2013\u2014*#~]"
_KINDS: dict[str, TitleKind] = {
    **dict.fromkeys(ORIGINAL.split("|"), "original"),
    **dict.fromkeys(FORWARDED.split("|"), "forwarded"),
}
_TITLE = re.compile(
    rf"{_RULE}{{2,}}[ \t]*(?:(?P<forwarded>{_words(FORWARDED)})|(?P<original>{_words(ORIGINAL)}))[ \t]*(?P<end>.*)",
    re.I | re.S,
)
_RULED = re.compile(rf"{_RULE}{{2,}}")
_RULES = ("-", "_", "=", "*", "#", "~", "\u2013", "\u2014")
_THIS_IS = "this is a "
_ENDS_RULED = re.compile(rf"{_RULE}{{2,}}[ \t]*\Z")
_ABOVE = re2.compile(f"(?i){REPLY_ABOVE}")  # linear, and quick where nothing is found
_ONLY_RULE = re.compile(r"(?:-[ -]{4,}|_{5,}|={3,}|\*{5,}|[\u2013\u2014]{3,})\Z")
_RULED_WORDS = re.compile(r"(?:[-=_~*]{3,}|={2,}8<)[^\n]{0,100}?[-=_~*]{3,}\Z")


def title_of(bare: str) -> Title | None:
    """The title that a line is, or None. Words without rules are prose, unless a header block follows."""
    if len(bare) > MAX_WORDS or bare[:1] in _RULES:
        return _ruled_title(bare)
    kind = _KINDS.get(bare.lower().removeprefix(_THIS_IS).strip(" :\uff1a"))
    return Title(kind, sure=False) if kind else None


def _ruled_title(bare: str) -> Title | None:
    found = _TITLE.match(bare, 0, MAX_TITLE)
    if found is None:
        return None
    kind: TitleKind = "forwarded" if found["forwarded"] else "original"
    end = found["end"]
    closing = _RULED.match(end)
    if closing or not end.strip(" :"):
        return Title(kind, bare[found.start("end") + closing.end() :].strip() if closing else "")
    return Title(kind) if _ENDS_RULED.search(end) else None  # who forwarded, or a second title, stands between


def mark_in(text: str) -> int | None:
    """The line of a desk's `reply above this line`, or None."""
    found = _ABOVE.search(text)
    return text.count("\n", 0, found.start()) if found else None


def is_rule(bare: str) -> bool:
    """Whether a line is nothing but a rule, as clients draw it above a quoted message."""
    return bare[:1] in _RULES and _ONLY_RULE.match(bare) is not None


def is_ruled(bare: str) -> bool:
    """Whether a line is a rule, or words between two."""
    return is_rule(bare) or (bare[:1] in _RULES and _RULED_WORDS.match(bare) is not None)
