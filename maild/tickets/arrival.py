"""A mail that was read, with where it is addressed to: what a worker has in hand before it opens the transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from maild.mail.message import Message
from maild.mail.reply.subject import FORWARDS
from maild.problem.reading import Reading
from maild.tickets.address import AddressBook, Role, Target, ToBounce, ToMailbox, ToOperator, ToTicket, own_key
from maild.tickets.facts import Facts

# Of the address that stands in a mail to an agent, by its class.
ROLES: Mapping[str, Role] = {"notification": "a", "note": "n", "receipt": "n", "error": "n"}
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
    """What is to be decided about: every proven address counts for itself, the unsigned ones together make one target.

    Beside a proven address of a ticket that the author has a part in, its own mailbox is nothing but Reply-All, and so is one of a
    service that has less precedence.
    """
    signed: dict[object, tuple[str, Target]] = {}
    plain: list[tuple[str, ToMailbox]] = []
    for address, claimed in arrival.targets:
        target = _meant(claimed, arrival.reading.message, facts, book, agents)
        if isinstance(target, ToTicket):
            if target.number not in signed or _is_narrower(target, signed[target.number][1]):
                signed[target.number] = (address, target)
        elif isinstance(target, ToBounce):
            signed.setdefault(target.key, (address, target))
        elif isinstance(target, ToOperator):
            signed.setdefault("operator", (address, target))
        else:
            plain.append((address, target))
    if plain:
        first = min(plain, key=_precedence)
        joined = [
            each for each in signed.values() if isinstance(each[1], ToTicket) and _has_part(arrival, each[1], facts, agents)
        ]
        if not any(_precedence(each) <= _precedence(first) for each in joined):
            signed["mailbox"] = first
    return list(signed.values())


def _precedence(pair: tuple[str, Target]) -> int:
    return PRECEDENCE.index(pair[1].mailbox.service)


def _has_part(arrival: Arrival, target: ToTicket, facts: Facts, agents: frozenset[str]) -> bool:
    author = _author(arrival.reading.message)
    return author in agents or facts.tickets[target.number].has_participant(author)


def _author(message: Message) -> str:
    return message.author.address.lower() if message.author else ""


def _meant(target: Target, message: Message, facts: Facts, book: AddressBook, agents: frozenset[str]) -> Target:
    """What an address means once its proof was checked: a bad proof is no proof, and the address counts as its bare mailbox.

    Where addresses cannot be signed, a mail to that may name one of the desk's own by its Message-ID, which only those know who got it.
    """
    if isinstance(target, ToTicket):
        given = _given(target, facts, book, agents)
        if given is not None:
            return given
        target = ToMailbox(mailbox=target.mailbox)
    if isinstance(target, ToMailbox) and not book.signs:
        return _reported(target, message, facts) or _replied(target, message, facts, agents) or target
    return target


def _reported(target: ToMailbox, message: Message, facts: Facts) -> ToBounce | None:
    """A report that names a mail of the desk is as good as one to its bounce address."""
    named = message.bounce.original_message_id if message.bounce else None
    key = own_key(named) if named else None
    return ToBounce(mailbox=target.mailbox, key=key) if key and key in facts.outgoing else None


def _replied(target: ToMailbox, message: Message, facts: Facts, agents: frozenset[str]) -> ToTicket | None:
    """An agent's reply to a mail that only he got is as good as one to the address that would stand in it. A forward is none."""
    author = _author(message)
    if author not in agents or message.forwarded is not None or FORWARDS.match(message.subject):
        return None
    keys = (own_key(each) or "" for each in message.in_reply_to)
    sent = next((facts.outgoing[key] for key in keys if key in facts.outgoing), None)
    ticket = facts.current(sent.ticket) if sent and sent.to.lower() == author else None
    if sent is None or sent.kind not in ROLES or ticket is None or target.mailbox.address != ticket.mailbox:
        return None
    return ToTicket(mailbox=target.mailbox, number=ticket.number, role=ROLES[sent.kind], proof="", given=author)


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
