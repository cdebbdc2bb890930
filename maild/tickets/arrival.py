"""A mail that was read, with where it is addressed to: what a worker has in hand before it opens the transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from maild.problem.reading import Reading
from maild.tickets.address import AddressBook, Target, ToBounce, ToMailbox, ToOperator, ToTicket

# Unsigned mailboxes of one envelope make one ticket: that of the first of these services.
PRECEDENCE = ("security", "emergency", "upgrade", "support", "control")


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """`targets` are (forward-path, meaning) pairs: each one is decided about for itself."""

    entry: str
    reading: Reading
    targets: tuple[tuple[str, Target], ...]


def targets_of(forward_paths: Sequence[str], book: AddressBook) -> tuple[tuple[str, Target], ...]:
    """Every signed address counts for itself; the unsigned ones together make one target.

    An address that is no longer the desk's (a mailbox taken out of the configuration while mail waited) counts as the first
    mailbox: accepted mail is not lost.
    """
    signed: dict[object, tuple[str, Target]] = {}
    plain: list[tuple[str, ToMailbox]] = []
    for address in forward_paths:
        target = book.target_of(address)
        if isinstance(target, ToTicket):
            known = signed.get(target.number)
            if known is None or _is_narrower(target, known[1]):
                signed[target.number] = (address, target)
        elif isinstance(target, ToBounce):
            signed.setdefault(target.key, (address, target))
        elif isinstance(target, ToOperator):
            signed.setdefault("operator", (address, target))
        else:
            plain.append((address, target or ToMailbox(mailbox=book.first)))
    chosen: list[tuple[str, Target]] = list(signed.values())
    if plain:
        chosen.append(min(plain, key=lambda each: PRECEDENCE.index(each[1].mailbox.service)))
    return tuple(chosen)


def _is_narrower(target: ToTicket, other: Target) -> bool:
    """Of two addresses of one ticket the one with fewer readers counts: a note is never published by a copy."""
    return isinstance(other, ToTicket) and "nac".index(target.role) < "nac".index(other.role)
