"""A forwarded message inside of a text: who wrote it, to whom, when, about what, and the note above it."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence

from maild.mail.address import parse_mailboxes
from maild.mail.header import one_line
from maild.mail.message import Forwarded, Mailbox
from maild.mail.reply.lines import Line
from maild.mail.reply.scan import Opener, Scan
from maild.mail.reply.words import FORWARD_PREFIXES, REPLY_PREFIXES

_FORWARDS = re.compile(rf"\s*(?:\[[^\]]{{1,40}}\]\s*)?(?:{'|'.join(map(re.escape, FORWARD_PREFIXES.split('|')))})\s*[:\uff1a]", re.I)
_ANSWERS = re.compile(rf"\s*(?:\[[^\]]{{1,40}}\]\s*)?(?:{REPLY_PREFIXES})\s*[:\uff1a]", re.I)
_MAILTO = re.compile(r"<mailto:([^<>\s]{1,320})>|\[(?:mailto:)?([^\[\]\s]{1,320}@[^\[\]\s]{1,320})\]|\(mailto:([^()\s]{1,320})\)", re.I)
_TWICE = re.compile(r"(\S@\S+?)\s?<mailto:[^<>]*>", re.I)
_ON_BEHALF = re.compile(r"\s(?:on behalf of|im auftrag von|de la part de|en nombre de|namens|per conto di|em nome de)\s", re.I)
MAX_PEOPLE = 4_000  # characters


def forwards(subject: str) -> bool:
    """Whether a subject says that its mail is forwarded."""
    return _FORWARDS.match(subject) is not None


def answers(subject: str) -> bool:
    """Whether a subject says that its mail is a reply."""
    return _ANSWERS.match(subject) is not None


def forwarded_in(lines: Sequence[Line], found: Scan, subject: str) -> Forwarded | None:
    """The forwarded message of a text, or None: its title says that it is one, or the subject of the mail around it."""
    opener = found.opener
    if opener is None or opener.kind == "above" or (opener.kind != "forwarded" and not forwards(subject)):
        return None
    if opener.kind == "marks" or (opener.heading is None and opener.attribution is None and opener.kind != "forwarded"):
        return None
    values = opener.heading.values if opener.heading else {}
    author = _people(values.get("from", ""))
    written = opener.attribution.author if opener.attribution else ("", "")
    return Forwarded(
        note="\n".join(found.own[: found.above]).strip(),
        from_=author[0] if author else Mailbox(name=written[0], address=written[1]) if any(written) else None,
        to=_people(values.get("to", "")),
        cc=_people(values.get("cc", "")),
        subject=one_line(values.get("subject", "")) or _FORWARDS.sub("", subject, count=1).strip(),
        date=one_line(values.get("date", "") or (opener.attribution.date if opener.attribution else "")),
        text=_text(lines, opener),
    )


def _text(lines: Sequence[Line], opener: Opener) -> str:
    """The message below, as its author wrote it: without the marks or the indent that the forwarder's client gave it."""
    body = lines[opener.end :]
    if opener.end and lines[opener.end - 1].depth:  # the header block is marked: what is not, is the forwarder's again
        body = body[: next((each for each in range(len(body)) if _is_outside(body, each)), len(body))]
    if sum(1 for each in body if each.bare and not each.depth) < sum(1 for each in body if each.depth):
        return _unmarked(body)
    return textwrap.dedent("\n".join(each.text for each in body)).strip("\n").strip()


def _is_outside(body: Sequence[Line], number: int) -> bool:
    """Whether a line lost no mark, but has none: not in the middle of marked ones."""
    if body[number].depth or not body[number].bare:
        return False
    return number in (0, len(body) - 1) or not (body[number - 1].depth and body[number + 1].depth)


def _unmarked(body: Sequence[Line]) -> str:
    return "\n".join(_FIRST_MARK.sub("", each.text) for each in body).strip()


_FIRST_MARK = re.compile(r"\A[ \t\xa0]{0,3}>[ \t\xa0]?")


def _people(value: str) -> tuple[Mailbox, ...]:
    """Mailboxes as clients show them: `Ann [mailto:ann@example.org]; Bob`. A name alone is a person, too."""
    value = _ON_BEHALF.split(_TWICE.sub(r"\1", value[:MAX_PEOPLE]), maxsplit=1)[0]
    value = _MAILTO.sub(lambda found: f"<{found[1] or found[2] or found[3]}>", value).replace("*", "")
    found: list[Mailbox] = []
    for piece in value.split(";"):
        people = parse_mailboxes(piece) if "@" in piece else ()
        found += [Mailbox(name="" if each.name == each.address else each.name, address=each.address) for each in people]
        if not people and piece.strip(" ,<>"):
            names = [piece] if ";" in value else piece.split(",")
            found += [Mailbox(name=one_line(name).strip("\"' "), address="") for name in names if name.strip()]
    return tuple(found)
