"""HTML of a mail to text. Layout is inscriptis'; the limits are ours."""

from __future__ import annotations

import re
from typing import Any

from inscriptis import Inscriptis
from inscriptis.css_profiles import CSS_PROFILES
from inscriptis.html_properties import Display
from inscriptis.model.attribute import DEFAULT_ATTRIBUTE_MAP
from inscriptis.model.config import ParserConfig
from inscriptis.model.css import CssParse
from inscriptis.model.html_element import HtmlElement
from lxml.etree import ParserError  # type: ignore[import-untyped]
from lxml.html import HTMLParser, document_fromstring  # type: ignore[import-untyped]

from maild.mail.body.quotemarks import mark, unmark, without_marks

MAX_HTML = 1_100_000
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
_XML_DECLARATION = re.compile(r"^<\?xml [^>]+?\?>")
_LONG_NUMBER = re.compile(r"\d{3,}")


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
        text = _tidy(_laid_out(html))
    except Exception as error:  # lxml and inscriptis raise of many kinds on foreign HTML; the words are still there
        return _tidy(_TAG.sub(" ", html)), f"html: unreadable ({type(error).__name__}), tags dropped"
    if len(text) > MAX_HTML:  # a few octets of indented lists can ask for megabytes of blanks
        return _tidy(_TAG.sub(" ", html)), "html: its layout is too wide, tags dropped"
    return text, defect


def _style(style: str, element: Any) -> None:
    """Inline styles, but no length above 99: a margin of a million lines is no layout, it is an attack on memory."""
    CssParse.attr_style(_LONG_NUMBER.sub("99", style), element)


_BLOCK = HtmlElement(display=Display.block)
_CSS = {
    **CSS_PROFILES["strict"],
    **dict.fromkeys(("center", "dd", "details", "dl", "dt", "fieldset", "legend", "section", "summary"), _BLOCK),
}
_CONFIG = ParserConfig(css=_CSS)  # the other tears words apart at every span, and indents by divs
_CONFIG.attribute_handler.attribute_mapping = {**DEFAULT_ATTRIBUTE_MAP, "style": _style}


def _laid_out(html: str) -> str:
    """What inscriptis' `get_text` does, but there libxml2 drops, without a word, all that is nested deeper than 256."""
    html = without_marks(_XML_DECLARATION.sub("", html.strip(), count=1))
    try:
        tree = document_fromstring(html, HTMLParser(huge_tree=True))
    except ParserError:  # nothing to see, such as a comment alone
        return ""
    mark(tree)
    text: str = Inscriptis(tree, _CONFIG).get_text()
    return unmark(text)


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
