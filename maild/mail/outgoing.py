"""A mail that the desk sends: envelope and draft, frozen before the first attempt, so that every attempt sends the same bytes."""

from __future__ import annotations

from dataclasses import dataclass

from maild.mail.compose import Draft


@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosed:
    """A file to send along: the leaf part of a spooled mail. Its bytes live there alone, and are fetched when the mail is sent."""

    entry: str
    part: int
    name: str
    type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """`key` is 16 hexadecimal digits made from what the mail is about: deciding again makes the same. One recipient each.

    `cause` is the spool entry that led to it, or a name of what else did. What becomes of a `watched` mail is told to its ticket.
    """

    key: str
    kind: str
    ticket: int | None
    reverse_path: str
    recipient: str
    draft: Draft
    sealed: bool = False
    cause: str = ""
    watched: bool = False
    enclosed: tuple[Enclosed, ...] = ()
