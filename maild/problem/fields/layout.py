"""Marks of lists, and where a letter ends."""

from __future__ import annotations

import re
from itertools import islice

from maild.problem.table import Pattern

MAX_CLOSINGS = 100
WIDTH = 66  # where the next word would have fitted, a line was ended on purpose
LIST_ITEM = re.compile(
    r"[ \t]*(?:[-*+\u2022\u25aa\u25e6\u2013\u00b7\u25cf\u25cb]|\(?\w{1,2}[.)]{1,2}"
    r"|(?i:step|stap|schritt|[e\u00e9]tape|paso|passo|fase)[ \t]+\w{1,6}[ \t]*[.):\u2013-]{1,2})[ \t]+"
)


def closings(text: str, closing: Pattern | None) -> frozenset[int]:
    """Where lines start at which a letter ends."""
    return frozenset(match.start() for match in islice(closing.finditer(text), MAX_CLOSINGS)) if closing else frozenset()
