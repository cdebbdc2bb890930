"""Which parts are the visible text, which are attachments."""

from __future__ import annotations

import hashlib

from maild.mail.bounce import REPORTS
from maild.mail.charset import to_text, told_inside
from maild.mail.html import html_to_text
from maild.mail.message import Attachment
from maild.mail.parts import Leaf

MAX_TEXT = 2_000_000


def visible_text(leaves: list[Leaf], defects: list[str]) -> tuple[str, str | None, list[Leaf]]:
    """(text, html or None, the leaves that are attachments).

    Of alternatives the plain text is taken if it says anything (RFC 2046, section 5.1.4, read for people who need words),
    else the HTML. Texts beside each other follow one another.
    """
    bodies = [leaf for leaf in leaves if leaf.is_text]
    texts: list[str] = []
    html: str | None = None
    plain_groups = {leaf.alternatives for leaf in bodies if leaf.type == "text/plain" and leaf.content.strip()}
    for leaf in bodies:
        inside = told_inside(leaf.content) if leaf.type == "text/html" else None
        text, defect = to_text(leaf.content[:MAX_TEXT], leaf.charset, inside)
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        if leaf.type == "text/html":
            html = html or text
            if leaf.alternatives is not None and leaf.alternatives in plain_groups:
                continue
            text, cut = html_to_text(text)
            defect = defect or cut
        elif leaf.flowed:
            text = _unflow(text)
        if len(leaf.content) > MAX_TEXT:
            defects.append("text: too long, cut")
        if defect:
            defects.append(defect)
        if text.strip():
            texts.append(text.strip("\n"))
    attached = [leaf for leaf in leaves if not leaf.is_text]
    return "\n\n".join(texts), html, attached


def _unflow(text: str) -> str:
    """format=flowed (RFC 3676, section 4): a line that ends in a blank goes on in the next of the same quote depth."""
    paragraphs: list[list[str]] = []  # each in pieces, joined once
    open_depth: int | None = None
    for line in text.split("\n"):
        depth = len(line) - len(line.lstrip(">"))
        content = line[depth:].removeprefix(" ")
        if open_depth == depth and content != "-- ":
            paragraphs[-1].append(content)
        else:
            paragraphs.append([">" * depth + (" " if depth else "") + content])
        open_depth = depth if content.endswith(" ") and content != "-- " else None
    lines = ("".join(pieces) for pieces in paragraphs)
    return "\n".join(line.rstrip() if line.rstrip(">- ") else line for line in lines)


def attachment(leaf: Leaf, part: int) -> Attachment | None:
    """The leaf as an attachment; None for a report's machine-readable part, which `bounce` has read."""
    if leaf.type in REPORTS:
        return None
    return Attachment(
        name=leaf.name,
        type=leaf.type,
        size=len(leaf.content),
        sha256=hashlib.sha256(leaf.content).hexdigest(),
        inline=leaf.disposition == "inline" or (leaf.content_id is not None and leaf.disposition != "attachment"),
        content_id=leaf.content_id,
        part=part,
    )
