"""What the store knows about a batch of mails, gathered once under the write lock, and kept true while the batch is decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from maild.tickets.ticket import Ticket

if TYPE_CHECKING:
    from maild.tickets.decision import Decision


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Keys are plain values, in memory only; at rest they are keyed marks.

    placed: Message-ID (received, sent, or merely referenced) -> ticket number.
    seen: digest of a mail and its target -> the entry that had it.
    sent: (class of mail, address in lower case) -> how many in the last hour.
    outgoing: outbox key -> ticket number.
    done: entries whose work is committed already.
    """

    next_number: int
    tickets: Mapping[int, Ticket]
    placed: Mapping[str, int]
    seen: Mapping[tuple[bytes, str], str]
    sent: Mapping[tuple[str, str], int]
    outgoing: Mapping[str, int]
    done: frozenset[str] = frozenset()

    def after(self, decision: Decision) -> Facts:
        """The facts as the next mail of the batch must see them."""
        changed = self
        if decision.ticket is not None:
            placed = dict.fromkeys(decision.message_ids, decision.ticket.number) | dict(self.placed)
            changed = replace(
                changed,
                next_number=max(self.next_number, decision.ticket.number + 1),
                tickets={**self.tickets, decision.ticket.number: decision.ticket},
                placed=placed,
            )
        if decision.mails:
            sent = dict(self.sent)
            for mail in decision.mails:
                key = (mail.kind, mail.to.address.lower())
                sent[key] = sent.get(key, 0) + 1
            changed = replace(changed, sent=sent)
        return replace(changed, seen={**self.seen, (decision.digest, decision.target): decision.entry})


NOTHING_KNOWN = Facts(next_number=1, tickets={}, placed={}, seen={}, sent={}, outgoing={})
