"""Puts the files that go along into a mail, when it is sent: their bytes live in the spool alone."""

from __future__ import annotations

from dataclasses import replace

from maild.mail.compose import Enclosure
from maild.mail.outgoing import Enclosed, Outgoing
from maild.mail.parse import leaf_of
from maild.store.spool import SpoolReader

GONE = "text/plain"


class Enclosures:
    """Reads them from the spool of this host."""

    def __init__(self, spool: SpoolReader) -> None:
        self._spool = spool

    def __call__(self, mail: Outgoing) -> Outgoing:
        """The mail with its enclosures. What is not in the spool any more is named in a file of its own: nothing goes missing silently.

        Raises:
            StoreTrouble: the spool cannot be read now. BadInput: it was sealed for another key.
        """
        entries = self._spool.entries({each.entry for each in mail.enclosed})
        raw = {name: self._spool.bytes_of(entry) for name, entry in entries.items()}
        enclosures = [_enclosure(each, raw.get(each.entry)) for each in mail.enclosed]
        return replace(mail, draft=replace(mail.draft, enclosures=enclosures))


def _enclosure(each: Enclosed, raw: bytes | None) -> Enclosure:
    leaf = leaf_of(raw, each.part) if raw is not None else None
    if leaf is None:
        return Enclosure(name=f"{each.name}.txt", type=GONE, content=f"{each.name} is not kept any more.\n".encode())
    return Enclosure(name=each.name, type=each.type, content=leaf.content)
