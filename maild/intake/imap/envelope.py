"""The envelope of a fetched mail, from its header section: IMAP hands over a message without one. Pure.

The trace fields that the last server wrote come first. A provider may strip the extension of a signed address from them, or
know its own name of the account only: then To and Cc say more. What they claim is proven on the road, not here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from maild.mail.address import parse_mailboxes
from maild.mail.mime.fields import Fields, parse_fields
from maild.mail.mime.limits import guard
from maild.tickets.address import AddressBook, Target, ToBounce, ToMailbox, ToTicket

HEAD = 65_536  # octets of the header section that are looked at
DELIVERED = ("delivered-to", "x-original-to", "envelope-to")
MAX_PATHS = 100  # as many as a listener takes; a hostile header section has more


@dataclass(frozen=True, slots=True, kw_only=True)
class Paths:
    """Reverse-path and forward-paths, without angle brackets; the null reverse-path is empty."""

    reverse_path: str
    forward_paths: tuple[str, ...]
    sealed: bool


def paths_of(head: bytes, book: AddressBook, default: str) -> Paths:
    """From the first octets of a mail. `default` is the desk's mailbox for mail that names none of its addresses."""
    fields = parse_fields(guard(head[:HEAD]).header)
    delivered = _of_the_desk(fields, DELIVERED, book)
    written = _of_the_desk(fields, ("to", "cc"), book)
    found = _with_extensions(delivered, written) or written or _targets((default,), book)
    return Paths(
        reverse_path=_reverse_path(fields),
        forward_paths=tuple(found)[:MAX_PATHS],
        sealed=any(target.mailbox.sealed for target in found.values()),
    )


def _of_the_desk(fields: Fields, names: Iterable[str], book: AddressBook) -> dict[str, Target]:
    addresses = (each.address.lower() for name in names for body in fields.all(name) for each in parse_mailboxes(body))
    return _targets(addresses, book)


def _targets(addresses: Iterable[str], book: AddressBook) -> dict[str, Target]:
    found = {address: target for address in addresses if (target := book.target_of(address)) is not None}
    return {address: target for address, target in found.items() if _is_text(address)}


def _with_extensions(delivered: dict[str, Target], written: dict[str, Target]) -> dict[str, Target]:
    """A bare mailbox in a trace field gives way to the signed addresses of the same mailbox that the sender wrote to."""
    signed = {address: target for address, target in written.items() if isinstance(target, ToTicket | ToBounce)}
    out: dict[str, Target] = {}
    for address, target in delivered.items():
        better = {each: claimed for each, claimed in signed.items() if claimed.mailbox == target.mailbox}
        out |= better if isinstance(target, ToMailbox) and better else {address: target}
    return out


def _reverse_path(fields: Fields) -> str:
    """Return-Path is written by the server that delivers (RFC 5321, section 4.4). Without one, failures go to the author."""
    if "return-path" in fields:
        raw = fields.first("return-path").strip()
        return "" if raw == "<>" else _first_address(raw)
    return _first_address(fields.first("from"))


def _first_address(raw: str) -> str:
    return next((each.address for each in parse_mailboxes(raw) if "@" in each.address and _is_text(each.address)), "")


def _is_text(address: str) -> bool:
    return not any("\ud800" <= each <= "\udfff" for each in address)
