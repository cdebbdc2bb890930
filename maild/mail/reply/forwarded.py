"""A forwarded message inside of a text: who wrote it, to whom, when, about what, and the note above it."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Sequence

from maild.mail.message import Forwarded, Mailbox
from maild.mail.mime.header import one_line
from maild.mail.reply.lines import Line, unquoted
from maild.mail.reply.scan import Opener, Scan
from maild.mail.reply.subject import FORWARDS
from maild.mail.reply.titles import is_ruled
from maild.mail.reply.words import FORWARD_PREFIXES, LABELS_OF, ON_BEHALF, REPLY_PREFIXES, any_of, plain

_MAILTO = re.compile(
    r"<mailto:([^<>\s]{1,320})>|\[(?:mailto:)?([^\[\]\s]{1,320}@[^\[\]\s]{1,320})\]|\(mailto:([^()\s]{1,320})\)", re.I
)
_TWICE = re.compile(r"(\S@\S+?)\s?<mailto:[^<>]*>", re.I)
_ON_BEHALF = re.compile(rf"\s(?:{any_of(ON_BEHALF)})\s", re.I)
_ADDRESS = re.compile(r"[^\s@<>\"'(),;:\[\]]{1,320}@[^\s@<>\"'(),;:\[\]]{1,320}")
MAX_PEOPLE = 4_000  # characters


def forwarded_in(found: Scan, subject: str) -> Forwarded | None:
    """The forwarded message of a text, or None: its title says that it is one, or the subject of the mail around it."""
    opener = found.opener
    if opener is None or opener.kind == "above" or (opener.kind != "forwarded" and not _says_so(subject, opener)):
        return None
    if opener.kind == "marks" or (opener.heading is None and opener.attribution is None and opener.kind != "forwarded"):
        return None
    values = opener.heading.values if opener.heading else {}
    author = _people(values.get("from", ""))
    written = opener.attribution.author if opener.attribution else ("", "")
    return Forwarded(
        note="\n".join(found.own[: found.above]).strip(),
        from_=author[0] if author else _mailbox(*written) if any(written) else None,
        to=_people(values.get("to", "")),
        cc=_people(values.get("cc", "")),
        subject=one_line(values["subject"]) if "subject" in values else FORWARDS.sub("", subject, count=1).strip(),
        date=one_line(values.get("date", "") or (opener.attribution.date if opener.attribution else "")),
        text=_text(found.lines, opener),
    )


def _says_so(subject: str, opener: Opener) -> bool:
    """Whether a subject says that its mail is forwarded. `VS:` is a Danish forward and a Finnish reply: labels tell which."""
    found = FORWARDS.match(subject)
    if found is None:
        return False
    labels = opener.heading.labels if opener.heading else frozenset()
    prefix = plain(found[1])
    spoken = [tag for tag, known in LABELS_OF.items() if labels and labels <= known]
    if any(prefix in FORWARD_PREFIXES[tag] for tag in spoken):
        return True
    return not any(prefix in REPLY_PREFIXES[tag] for tag in spoken)


def _text(lines: Sequence[Line], opener: Opener) -> str:
    """The message below, as its author wrote it: without the marks or the indent that the forwarder's client gave it."""
    body = _without_rules(lines[opener.end :])
    if opener.end and lines[opener.end - 1].depth:  # the header block is marked: what is not, is the forwarder's again
        body = body[: next((each for each in range(len(body)) if _is_outside(body, each)), len(body))]
    if sum(1 for each in body if each.bare and not each.depth) < sum(1 for each in body if each.depth):
        return unquoted(body)
    return textwrap.dedent("\n".join(each.text for each in body)).strip("\n").strip()


def _without_rules(body: Sequence[Line]) -> Sequence[Line]:
    """The lines without those that a client drew around them."""
    start, end = 0, len(body)
    while start < end and (not body[start].bare or is_ruled(body[start].bare)):
        start += 1
    while end > start and (not body[end - 1].bare or is_ruled(body[end - 1].bare)):
        end -= 1
    return body[start:end]


def _is_outside(body: Sequence[Line], number: int) -> bool:
    """Whether a line lost no mark, but has none: not in the middle of marked ones."""
    if body[number].depth or not body[number].bare:
        return False
    return number in (0, len(body) - 1) or not (body[number - 1].depth and body[number + 1].depth)


def _people(value: str) -> tuple[Mailbox, ...]:
    """Mailboxes as clients show them: `Ann [mailto:ann@example.org]; Bob`. A name alone is a person, too."""
    value = _ON_BEHALF.split(_TWICE.sub(r"\1", value[:MAX_PEOPLE]), maxsplit=1)[0]
    value = _MAILTO.sub(lambda found: f"<{found[1] or found[2] or found[3]}>", value).replace("*", "")
    return tuple(_person(each) for each in _pieces(value) if each.strip(" ,<>"))


def _pieces(value: str) -> Iterator[str]:
    """One person each; where commas separate them, a name may hold one, too."""
    if ";" in value or "@" not in value:
        yield from value.split(";" if ";" in value else ",")
        return
    piece = ""
    for part in value.split(","):
        piece = f"{piece},{part}" if piece else part
        if "@" in part:
            yield piece
            piece = ""
    yield piece


def _person(piece: str) -> Mailbox:
    """One of them: the address, and what stands before it; `Berg, Anna` is one name here."""
    found = _ADDRESS.search(piece)
    if found is None:
        return Mailbox(name=one_line(piece).strip("\"'<> "), address="")
    name = one_line(piece[: found.start()]).strip("\"' ,<(")
    return _mailbox("" if name == found[0] else name, found[0])


def _mailbox(name: str, address: str) -> Mailbox:
    """Without the control characters that a text may hold."""
    return Mailbox(name=one_line(name), address=one_line(address).replace(" ", ""))
