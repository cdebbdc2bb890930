"""Lines that stand for a quoted message by their words: `-----Original Message-----`, `Begin forwarded message:`, a desk's mark."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

import re2

from maild.mail.reply.words import FORWARDED, ORIGINAL, REPLY_ABOVE, any_of, plain

TitleKind = Literal["original", "forwarded", "above"]
MAX_TITLE = 200
MAX_WORDS = 60
MAX_TITLE_WORDS = 8


@dataclass(frozen=True, slots=True)
class Title:
    """What the line says, what stands behind it in the same line, and whether rules around it make it `sure` by itself."""

    kind: TitleKind
    behind: str = ""
    sure: bool = True


_RULE = r"[-_=\u2013\u2014*#~]"
_KINDS: dict[str, TitleKind] = {**dict.fromkeys(ORIGINAL, "original"), **dict.fromkeys(FORWARDED, "forwarded")}
_RULED = re.compile(rf"{_RULE}{{2,}}")
_RULES = ("-", "_", "=", "*", "#", "~", "\u2013", "\u2014")
_A_FEW_WORDS = r"[^\n]{0,40}"
_THIS_IS = "this is a "
_ENDS_RULED = re.compile(rf"{_RULE}{{2,}}[ \t]*\Z")
# For small letters; linear, and quick where nothing is found. Zendesk writes it between `##-` and `-##`, in anybody's words.
_ABOVE = re2.compile(f"##-[^\\n]{{5,100}}-##|{any_of(REPLY_ABOVE).replace(chr(0x2026), _A_FEW_WORDS)}")
_ONLY_RULE = re.compile(r"(?:-[ -]{4,}|_{5,}|={3,}|\*{5,}|[\u2013\u2014]{3,})\Z")
_RULED_WORDS = re.compile(r"(?:[-=_~*]{3,}|={2,}8<)[^\n]{0,100}?[-=_~*]{3,}\Z")


def title_of(bare: str) -> Title | None:
    """The title that a line is, or None. Words without rules are prose, unless a header block follows."""
    if len(bare) > MAX_WORDS or bare[:1] in _RULES:
        return _ruled_title(bare)
    kind = _kind_of(bare)
    return Title(kind, sure=False) if kind else None


def _ruled_title(bare: str) -> Title | None:
    opening = _RULED.match(bare)
    if opening is None:
        return None
    closing = _RULED.search(bare, opening.end(), MAX_TITLE)
    words = bare[opening.end() : closing.start() if closing else MAX_TITLE]
    kind = _kind_of(words)
    if kind:
        return Title(kind, bare[closing.end() :].strip() if closing else "")
    kind = _kind_of_start(words) if closing and _ENDS_RULED.search(bare, opening.end(), MAX_TITLE) else None
    return Title(kind) if kind else None


def _kind_of(words: str) -> TitleKind | None:
    return _KINDS.get(plain(words).strip(" \t:\uff1a").removeprefix(_THIS_IS))


def _kind_of_start(words: str) -> TitleKind | None:
    """Who forwarded, or a second title, may stand behind a title of two words at least."""
    start = words.split()[:MAX_TITLE_WORDS]
    return next((kind for end in range(len(start), 1, -1) if (kind := _kind_of(" ".join(start[:end])))), None)


def mark_in(text: str) -> int | None:
    """The line of a desk's `reply above this line`, or None."""
    found = _ABOVE.search(plain(text))
    return text.count("\n", 0, found.start()) if found else None


def is_rule(bare: str) -> bool:
    """Whether a line is nothing but a rule, as clients draw it above a quoted message."""
    return bare[:1] in _RULES and _ONLY_RULE.match(bare) is not None


def is_ruled(bare: str) -> bool:
    """Whether a line is a rule, or words between two."""
    return is_rule(bare) or (bare[:1] in _RULES and _RULED_WORDS.match(bare) is not None)
