"""Which parts are the visible text, which are attachments."""

from __future__ import annotations

import hashlib

from maild.mail.body.html import html_to_text
from maild.mail.body.richtext import invitation, plain
from maild.mail.bounces.signs import REPORTS
from maild.mail.message import Attachment
from maild.mail.mime.charset import to_text, told_inside
from maild.mail.mime.parts import Leaf

MAX_TEXT = 1_100_000
# Texts for programs: they stay attachments, also where the mail says nothing else.
_DATA = frozenset(
    ("text/calendar", "text/csv", "text/vcard", "text/x-vcard", "text/directory", "text/xml", "text/css", "text/rtf")
)


def visible_text(leaves: list[Leaf], defects: list[str]) -> tuple[str, str | None, list[Leaf]]:
    """(text, html or None, the leaves that are attachments).

    Of alternatives the plain text is taken if it says anything (RFC 2046, section 5.1.4, read for people who need words),
    else the HTML. Texts beside each other follow one another.
    """
    bodies = _within_limits([leaf for leaf in leaves if leaf.is_text] or _instead(leaves), defects)
    plain_groups = {leaf.alternatives for leaf in bodies if leaf.type == "text/plain" and leaf.content.strip()}
    texts: list[str] = []
    html: str | None = None
    for leaf in bodies:
        text, defect = _decoded(leaf)
        if leaf.type == "text/html":
            html = html or text
            if leaf.alternatives is not None and leaf.alternatives in plain_groups:
                continue
            text, cut = html_to_text(text)
            defect = defect or cut
        elif leaf.flowed:
            text = _unflow(text, leaf.delsp)
        elif leaf.type != "text/plain":
            text = plain(text, leaf.type)
        if defect:
            defects.append(defect)
        if text.strip():
            texts.append(text.strip("\n"))
    taken = {id(leaf) for leaf in bodies}
    attached = [leaf for leaf in leaves if id(leaf) not in taken]
    return "\n\n".join(texts) or _said_by_calendar(attached), html, attached


def _within_limits(bodies: list[Leaf], defects: list[str]) -> list[Leaf]:
    """The texts up to the limit of all together; the last of these is cut, and further ones are attachments."""
    left = MAX_TEXT
    for number, leaf in enumerate(bodies):
        left -= len(leaf.content)
        if left < 0:
            defects.append("text: too long, cut")
            return bodies[: number + 1] if left + len(leaf.content) > 0 else bodies[:number]
    return bodies


def _decoded(leaf: Leaf) -> tuple[str, str | None]:
    """The text with LF at its line ends, and a defect of its character set."""
    text, defect = to_text(leaf.content[:MAX_TEXT], leaf.charset)
    if defect and leaf.type == "text/html" and (inside := told_inside(leaf.content)):
        text, defect = to_text(leaf.content[:MAX_TEXT], leaf.charset, inside)
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text, defect


def _instead(leaves: list[Leaf]) -> list[Leaf]:
    """Where nothing is plain or HTML: another kind of text, or the one part of a mail, though it has a name."""
    texts = [leaf for leaf in leaves if leaf.type.startswith("text/") and leaf.disposition != "attachment"]
    return [leaf for leaf in texts if leaf.type not in _DATA and (leaf.name is None or len(leaves) == 1)][:1]


def _said_by_calendar(attached: list[Leaf]) -> str:
    """Of a mail that is but an invitation."""
    found = next((leaf for leaf in attached if leaf.type == "text/calendar"), None)
    return invitation(_decoded(found)[0]) if found else ""


def _unflow(text: str, delsp: bool) -> str:
    """format=flowed (RFC 3676, section 4): a line that ends in a blank goes on in the next of the same quote depth.

    With DelSp the blank is no part of the text.
    """
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
        if delsp and open_depth is not None:
            paragraphs[-1][-1] = paragraphs[-1][-1][:-1]
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
