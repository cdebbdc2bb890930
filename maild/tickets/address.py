"""Signed addresses: what a desk address says by its extension, and the proof that it was given out (docs/interfaces.md).

`<mailbox><separator><ticket>-<role>-<mac>@<reply_domain>` and `<mailbox><separator>bounce-<key>-<mac>@<reply_domain>`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from maild.config import Config, DeskMailbox
from maild.keys.marks import same, sign

Role = Literal["c", "a", "n"]
_OWN_ID = re.compile(r"\d{1,12}\.([0-9a-f]{16})@")
_SIGNED = r"([0-9]{1,12})-([can])-([a-z2-7]{12,26})"
_TICKET = re.compile(rf"{_SIGNED}\Z")
_ANYWHERE = re.compile(rf"(?<![0-9]){_SIGNED}@", re.I)
_BOUNCE = re.compile(r"bounce-([0-9a-f]{16})-([a-z2-7]{12,26})\Z")
PREVIEW = "preview"
MARK_LENGTH = 8  # base32 characters: 40 bits


@dataclass(frozen=True, slots=True, kw_only=True)
class ToMailbox:
    """A mailbox of the desk without any proof."""

    mailbox: DeskMailbox


@dataclass(frozen=True, slots=True, kw_only=True)
class ToTicket:
    """An address that claims to belong to a ticket. `given` is whom it was given to, once the proof was checked (`arrival.proven`).

    `confirms` is the entry that this person was asked to confirm by a reply to it.
    """

    mailbox: DeskMailbox
    number: int
    role: Role
    proof: str
    given: str = ""
    confirms: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToBounce:
    """A bounce address with a valid proof: reports about the outgoing mail with this key come here."""

    mailbox: DeskMailbox
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ToOperator:
    """postmaster@ or abuse@."""

    mailbox: DeskMailbox


Target = ToMailbox | ToTicket | ToBounce | ToOperator


def signed_in(text: str) -> Iterator[tuple[int, Role]]:
    """Ticket and role of all that look like signed addresses, whatever their proofs; large letters are as good as small ones."""
    for number, role, _ in _ANYWHERE.findall(text):
        yield int(number), role.lower()


def own_key(message_id: str) -> str | None:
    """The outbox key in a Message-ID that looks like one of the desk's; None in any other. It proves nothing."""
    match = _OWN_ID.match(message_id)
    return match[1] if match else None


class AddressBook:
    """Reads the desk's addresses and gives out signed ones. In a preview the proofs that it gives out read `preview`."""

    def __init__(self, config: Config, signing: Sequence[bytes], preview: bool = False) -> None:
        self._config = config
        self._keys = signing
        self._preview = preview

    @property
    def first(self) -> DeskMailbox:
        """The desk's first mailbox, where mail goes that has no other home."""
        return self._config.mailboxes[0]

    @property
    def signs(self) -> bool:
        """Whether it gives out signed addresses; without, where the MTA knows no extensions."""
        return bool(self._config.desk.separator)

    def target_of(self, address: str) -> Target | None:
        """What a forward-path means; None: not an address of the desk. A bad proof is no proof, but a bad bounce address is none."""
        if self._config.is_operators(address):
            return ToOperator(mailbox=self.first)
        found = self._config.mailbox_of(address)
        if found is None:
            return None
        mailbox, extension = found
        ticket = _TICKET.match(extension)
        if ticket:
            role: Role = "c" if ticket[2] == "c" else "a" if ticket[2] == "a" else "n"
            return ToTicket(mailbox=mailbox, number=int(ticket[1]), role=role, proof=ticket[3])
        if extension.startswith("bounce-"):
            bounce = _BOUNCE.match(extension)
            if bounce is None or not self._proves(bounce[2], mailbox, "bounce", bounce[1]):
                return None
            return ToBounce(mailbox=mailbox, key=bounce[1])
        return ToMailbox(mailbox=mailbox)

    def ticket_address(self, mailbox: str, number: int, role: Role, correspondent: str, confirms: str = "") -> str:
        """The address to give to this correspondent; the bare mailbox where the MTA knows no extensions."""
        return self._extended(mailbox, f"{number}-{role}", *_signed(number, role, correspondent, confirms))

    def bounce_address(self, mailbox: str, key: str) -> str:
        """The reverse-path of the outgoing mail with this key (16 hexadecimal digits)."""
        return self._extended(mailbox, f"bounce-{key}", "bounce", key)

    def given_to(self, target: ToTicket, people: Iterable[str], confirms: str = "") -> str | None:
        """Which of these people the address was given to, to confirm this entry; None where the proof fits nobody."""
        for address in people:
            if self._proves(target.proof, target.mailbox, *_signed(target.number, target.role, address, confirms)):
                return address
        return None

    def internal_mark(self, number: int) -> str:
        """What stands on the internal lines of notifications of this ticket: nobody can guess it, and no answer may hold it."""
        return PREVIEW if self._preview else sign(self._keys[0], "internal", str(number))[:MARK_LENGTH]

    def internal_marks(self, number: int) -> tuple[str, ...]:
        """The same by every live key."""
        return tuple(sign(key, "internal", str(number))[:MARK_LENGTH] for key in self._keys)

    def _extended(self, mailbox: str, extension: str, *parts: str) -> str:
        separator = self._config.desk.separator
        if not separator:
            return mailbox
        local = mailbox.rpartition("@")[0]
        proof = PREVIEW if self._preview else sign(self._keys[0], local, *parts)
        return f"{local}{separator}{extension}-{proof}@{self._config.desk.reply_domain}"

    def _proves(self, proof: str, mailbox: DeskMailbox, *parts: str) -> bool:
        local = mailbox.address.rpartition("@")[0]
        return any(same(proof, sign(key, local, *parts)) for key in self._keys)


def _signed(number: int, role: Role, correspondent: str, confirms: str) -> tuple[str, ...]:
    return (str(number), role, correspondent.lower(), *((confirms,) if confirms else ()))
