"""A message that is forwarded as an attachment (message/rfc822, RFC 2046, section 5.2.1)."""

from __future__ import annotations

from collections.abc import Sequence

from maild.mail.address import parse_mailboxes
from maild.mail.body.visible import visible_text
from maild.mail.message import Forwarded
from maild.mail.mime.header import one_line, raw_octets
from maild.mail.mime.parts import Leaf, leaves_of, split_header

TYPES = ("message/rfc822", "message/global")
MAX_ENCLOSED = 2_000_000  # octets of it that are read


def enclosed_in(leaves: Sequence[Leaf], note: str) -> Forwarded | None:
    """The first message among the parts of a mail, or None. What is enclosed in it is not looked at."""
    leaf = next((each for each in leaves if each.type in TYPES), None)
    if leaf is None:
        return None
    fields, body = split_header(leaf.content[:MAX_ENCLOSED])
    authors = parse_mailboxes(fields.first("from"))
    return Forwarded(
        note=note,
        from_=authors[0] if authors else None,
        to=parse_mailboxes(fields.first("to")),
        cc=parse_mailboxes(fields.first("cc")),
        subject=fields.text("subject"),
        date=one_line(raw_octets(fields.first("date")[:200])),
        text=visible_text(leaves_of(fields, body, []), [])[0],
    )
