"""HTML of a mail to text. Layout is inscriptis'; the limits are ours."""

from __future__ import annotations

import re

from inscriptis import get_text
from inscriptis.css_profiles import CSS_PROFILES
from inscriptis.model.config import ParserConfig

MAX_HTML = 2_000_000
MAX_DEPTH = 400
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:]*+)[^<>]*?(/?)>")  # the name gives nothing back: linear time
# Tags that hold nothing, or that their like closes: they do not nest.
_FLAT = frozenset(
    (
        *("area", "base", "br", "col", "dd", "dt", "hr", "img", "input", "li", "link", "meta", "option", "p", "param"),
        *("source", "tbody", "td", "th", "thead", "tr", "wbr"),
    )
)
_LINES = re.compile(r"\n{3,}")
_CONFIG = ParserConfig(css=CSS_PROFILES["relaxed"])


def html_to_text(html: str) -> tuple[str, str | None]:
    """The visible text, and a defect where the HTML had to be cut."""
    defect = None
    if len(html) > MAX_HTML:
        html, defect = html[:MAX_HTML], "html: too long, cut"
    cut = _depth_limit(html)
    if cut is not None:
        html, defect = _TAG.sub(" ", html), "html: nested too deep, tags dropped"
        return _tidy(html), defect
    try:
        return _tidy(get_text(html, _CONFIG)), defect
    except Exception as error:  # lxml and inscriptis raise of many kinds on foreign HTML; the words are still there
        return _tidy(_TAG.sub(" ", html)), f"html: unreadable ({type(error).__name__}), tags dropped"


def _depth_limit(html: str) -> int | None:
    """Where the nesting passes the limit, or None."""
    depth = 0
    for tag in _TAG.finditer(html):
        if tag[1]:
            depth = max(0, depth - 1)
        elif not tag[3] and tag[2].lower() not in _FLAT:
            depth += 1
            if depth > MAX_DEPTH:
                return tag.start()
    return None


def _tidy(text: str) -> str:
    lines = (line.rstrip(" \t\xa0") for line in text.split("\n"))
    return _LINES.sub("\n\n", "\n".join(lines)).strip("\n")
