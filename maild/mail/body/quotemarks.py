"""The structure of HTML mails that matters to a reader, kept as text has it: `>` before quotes and `--` above signatures.

Works on the parsed tree before it is laid out, and on the laid-out text after it.
"""

from __future__ import annotations

import re
from typing import Any

from lxml.etree import SubElement  # type: ignore[import-untyped]

# Private characters stand in the text while it is laid out, each in a line of its own.
_BEGIN, _END = "\ue0b0", "\ue0b1"
_MARKS = re.compile(f"[{_BEGIN}{_END}]")
_QUOTE_CLASS = re.compile(
    r"(?:^|[\s_-])(?:gmail_quote|protonmail_quote|yahoo_quoted|moz-cite|zmail_extra|quote|cite|quoted)(?:$|[\s_-])", re.I
)
_BORDER = re.compile(r"border(?:-left)?\s*:[^;]*(?:solid|dotted|dashed|px|pt)|border-left-(?:style|width)", re.I)
_NO_BORDER = re.compile(r"border\s*:\s*(?:none|0)", re.I)
_SIGNATURE = re.compile(
    r"(?:^|\s|x_|_)(?:gmail_signature|moz-signature|ms-outlook-mobile-signature|applemailsignature|protonmail_signature_block|yahoo-signature|"
    r"zmail_signature|mail-signature|email-signature|signature)(?:$|\s)",
    re.I,
)
MAX_DEPTH = 20


def mark(tree: Any) -> None:
    """Puts marks into a parsed HTML tree, in place."""
    last: Any = None
    for element in list(tree.iter("blockquote", "div", "span", "hr")):
        if element.tag == "hr":
            element.tag = "div"  # a line ends there, and that is all
        elif element.tag == "blockquote":
            if _is_quote(element):
                _enclose(element)
            else:
                last = element
        elif _SIGNATURE.search(f"{element.get('class', '')} {element.get('id', '')}") and not _starts_with_dashes(element):
            _first(element, "--")
    if last is not None and not _said_behind(last):
        _enclose(last)


def unmark(text: str) -> str:
    """The laid-out text with quote marks at the lines between the marks."""
    if _BEGIN not in text:
        return text
    depth = 0
    lines: list[str] = []
    for line in text.split("\n"):
        marks = _MARKS.findall(line)
        for each in marks:
            depth = max(0, depth + (1 if each == _BEGIN else -1))
        bare = _MARKS.sub("", line) if marks else line
        if not marks or bare.strip():
            lines.append(f"{'>' * min(depth, MAX_DEPTH)} {bare}" if depth else bare)
    return "\n".join(lines)


def without_marks(html: str) -> str:
    """HTML that holds none of the private characters."""
    return _MARKS.sub("", html)


def _is_quote(element: Any) -> bool:
    if element.get("type", "").lower() == "cite" or element.get("cite"):
        return True
    style = element.get("style", "")
    return bool(_QUOTE_CLASS.search(element.get("class", ""))) or (
        _BORDER.search(style) is not None and not _NO_BORDER.search(style)
    )


def _enclose(element: Any) -> None:
    _first(element, _BEGIN)
    SubElement(element, "div").text = _END


def _first(element: Any, text: str) -> None:
    """Puts a line before all that the element holds."""
    line = SubElement(element, "div")
    line.text, line.tail = text, element.text
    element.text = None
    element.insert(0, line)


def _starts_with_dashes(element: Any) -> bool:
    start = "".join(element.itertext())[:40].lstrip()
    before = element.getprevious()
    return start.startswith("--") or (before is not None and "".join(before.itertext()).strip().endswith("--"))


def _said_behind(element: Any) -> bool:
    """Whether any words follow an element, anywhere."""
    while element is not None:
        if (element.tail or "").strip():
            return True
        for sibling in element.itersiblings():
            if "".join(sibling.itertext()).strip() or (sibling.tail or "").strip():
                return True
        element = element.getparent()
    return False
