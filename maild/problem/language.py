"""Which language a text is written in, by its little words."""

from __future__ import annotations

import re
from collections import Counter

from maild.problem.table import FieldTable

_WORD = re.compile(r"[^\W\d_]+")
MAX_TEXT = 1_500
FEW = 2


def language_of(text: str, table: FieldTable) -> str | None:
    """The language with the most little words, or None where hardly any is known."""
    known = table.languages
    words = _WORD.findall(text[:MAX_TEXT].lower())
    best = Counter([language for word in words if word in known for language in known[word]]).most_common(1)
    return best[0][0] if best and best[0][1] >= FEW else None
