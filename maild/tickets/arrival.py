"""A mail that was read, with where it is addressed to: what a worker has in hand before it opens the transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from maild.mail.message import Message
from maild.problem.reading import Reading
from maild.tickets.address import AddressBook, Target, ToBounce, ToMailbox, ToOperator, ToTicket, own_key
from maild.tickets.facts import Facts

# Unsigned mailboxes of one envelope make one ticket: that of the first of these services.
PRECEDENCE = ("security", "emergency", "upgrade", "support", "control")


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """`targets` are (forward-path, meaning) pairs, not proven yet."""

    entry: str
    reading: Reading
    targets: tuple[tuple[str, Target], ...]


def targets_of(forward_paths: Sequence[str], book: AddressBook) -> tuple[tuple[str, Target], ...]:
    """What each address of an envelope means, before any proof.

    An address that is no longer the desk's (a mailbox taken out of the configuration while mail waited) counts as the first
    mailbox: accepted mail is not lost.
    """
    return tuple((address, book.target_of(address) or ToMailbox(mailbox=book.first)) for address in forward_paths)


def proven(arrival: Arrival, facts: Facts, book: AddressBook, agents: frozenset[str]) -> list[tuple[str, Target]]:
    """What is to be decided about: every signed address counts for itself, the unsigned ones together make one target.

    A bad proof is no proof: such an address counts as its bare mailbox. Beside a proven one a bare mailbox is nothing but Reply-All,
    unless it is a sealed one and the ticket is not. A report that names a mail of the desk is as good as one to its bounce address: only
    whoever got that mail knows its Message-ID.
    """
    reported = _reported(arrival.reading.message, facts)
    signed: dict[object, tuple[str, Target]] = {}
    plain: list[tuple[str, ToMailbox]] = []
    for address, target in arrival.targets:
        if isinstance(target, ToTicket):
            given = _given(target, facts, book, agents)
            if given is None:
                plain.append((address, ToMailbox(mailbox=target.mailbox)))
            elif given.number not in signed or _is_narrower(given, signed[given.number][1]):
                signed[given.number] = (address, given)
        elif isinstance(target, ToBounce):
            signed.setdefault(target.key, (address, target))
        elif isinstance(target, ToOperator):
            signed.setdefault("operator", (address, target))
        elif reported:
            signed.setdefault(reported, (address, ToBounce(mailbox=target.mailbox, key=reported)))
        else:
            plain.append((address, target))
    if plain:
        first = min(plain, key=lambda each: PRECEDENCE.index(each[1].mailbox.service))
        tickets = [facts.tickets[each.number] for _, each in signed.values() if isinstance(each, ToTicket)]
        if not tickets or (first[1].mailbox.sealed and not all(each.sealed for each in tickets)):
            signed["mailbox"] = first
    return list(signed.values())


def _reported(message: Message, facts: Facts) -> str | None:
    """The key of the mail of the desk that a delivery report names, or None."""
    named = message.bounce.original_message_id if message.bounce else None
    key = own_key(named) if named else None
    return key if key in facts.outgoing else None


def _given(target: ToTicket, facts: Facts, book: AddressBook, agents: frozenset[str]) -> ToTicket | None:
    """The target with whom it was given to, what it confirms, and where its ticket went; None where nothing proves it."""
    ticket, current = facts.tickets.get(target.number), facts.current(target.number)
    if ticket is None or current is None:
        return None
    people = [*ticket.people, *sorted(agents)]
    for entry in ("", *(each.entry for each in current.unconfirmed)):
        address = book.given_to(target, people, entry)
        if address is not None:
            return replace(target, number=current.number, given=address, confirms=entry)
    return None


def _is_narrower(target: ToTicket, other: Target) -> bool:
    """Of two addresses of one ticket the one with fewer readers counts: a note is never published by a copy."""
    return isinstance(other, ToTicket) and "nac".index(target.role) < "nac".index(other.role)
