"""Lists of mailboxes in header fields (RFC 5322, section 3.4), read in one pass without recursion. Never fails.

What the standard forbids but people send is read as a person would: quotes that never close, names without quotes,
groups (their members count), route addresses; who has no address has a name alone. Whether a sender may be *believed*
is for `guard/`, not for here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from maild.mail.message import Mailbox
from maild.mail.mime.header import MAX_VALUE, decode_words, one_line, raw_octets

MAX_MAILBOXES = 1000
_ATOM = r"(?:[A-Za-z0-9!#$%&'*+/?^_`{|}~-]|=(?!\?))+"  # no encoded word, which readers decode and verifiers do not
_DOT_ATOM = rf"{_ATOM}(?:\.{_ATOM})*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"
_STRICT = re.compile(rf'[ \t]*+(?:(?:"(?:[^"\\@<>]|\\[^@<>])*+"|[^"<>@(),;:\\]*+)[ \t]*+<{_DOT_ATOM}>|{_DOT_ATOM})[ \t]*\Z')
_TWICE = re.compile(rf"""[ \t]*+("?'?)({_DOT_ATOM})('?"?)[ \t]*<\2>[ \t]*\Z""", re.I | re.ASCII)  # where no name is known
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")  # a bare CR ends the line for some readers
# One token: an encoded word, a quoted string, a comment without nesting, an angle address, a separator, or a run of anything else.
# What was opened always ends, if need be with the text or at the next that opens: none is read twice.
_TOKEN = re.compile(
    r'"((?:[^"\\]|\\.)*+)(?:"|\\?\Z)|\(((?:[^()\\]|\\.)*+)(?:\)|\\?\Z|(?=\())|<([^<>]*+)(?:>|\Z|(?=<))|([,;:])'
    r"|(=\?[^?\s]{0,80}\?[bBqQ]\?[^?<>]*+\?=|(?:[^\"(<,;:=]++|=(?!\?))+|=)|(.)",
    re.S,
)
_LETTER = re.compile(r"\w")
_ESCAPED = re.compile(r"\\(.)", re.S)
_ADDRESS = re.compile(r"[^\s@<>\"']{1,320}@[^\s@<>\"',;:]{1,320}")


def is_strict(bodies: list[str]) -> bool:
    """Whether From is one field with one mailbox that every reader reads alike: `Name <local@domain>`, or the address alone.

    No group, comment, route, quoted local part or second address: what verifiers and readers may understand differently. The name
    may be the address once more.
    """
    if len(bodies) != 1 or _CONTROL.search(bodies[0]):
        return False
    twice = _TWICE.match(bodies[0])
    return _STRICT.match(bodies[0]) is not None or (twice is not None and twice[1] == twice[3][::-1])


def parse_mailboxes(raw: str | None) -> tuple[Mailbox, ...]:
    """All mailboxes of a field body; `raw` as the parser gives it."""
    if not raw:
        return ()
    out: list[Mailbox] = []
    for name, comment, address in _items(raw_octets(raw[:MAX_VALUE])):
        mailbox = _mailbox(name, comment, address)
        if mailbox is not None:
            out.append(mailbox)
            if len(out) == MAX_MAILBOXES:
                break
    return tuple(out)


def _items(text: str) -> Iterator[tuple[str, str, str | None]]:
    """(words, comment, angle address or None) of each item between separators."""
    words: list[str] = []
    comment, angle = "", None
    for quoted, note, address, separator, plain, other in _TOKEN.findall(text):
        if separator in (",", ";"):
            yield "".join(words), comment, angle
            words, comment, angle = [], "", None
        elif separator == ":" and angle is None and not any("@" in word for word in words):
            words = []  # the name of a group: its members follow
        elif address or (angle is None and not (quoted or note or separator or plain or other)):
            angle = address if address else angle
        elif note:
            comment = note
        else:
            words.append(_ESCAPED.sub(r"\1", quoted) if quoted else separator or plain or other)
    yield "".join(words), comment, angle


def _mailbox(words: str, comment: str, angle: str | None) -> Mailbox | None:
    if "=?" in words:
        words = decode_words(words)
    if angle is not None:
        address = angle.rpartition(":")[2] if angle.startswith("@") else angle  # RFC 5322, section 4.4: a route is dropped
        address = decode_words(address) if "=?" in address else address
        name = words or comment
    else:
        found = _ADDRESS.search(words) if "@" in words else None
        address, name = (found[0], comment) if found else ("", words if _LETTER.search(words) else "")
    address = one_line(address).replace(" ", "")
    name = one_line(decode_words(name) if "=?" in name else name).strip("'\" ")
    if not address and not name:
        return None
    return Mailbox(name=name, address=address)
