"""A mail that the desk sends: envelope and draft, frozen before the first attempt, so that every attempt sends the same bytes."""

from __future__ import annotations

from dataclasses import dataclass

from maild.mail.compose import Draft


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """`key` is 16 hexadecimal digits made from what the mail is about: deciding again makes the same. One recipient each."""

    key: str
    kind: str
    ticket: int | None
    reverse_path: str
    recipient: str
    draft: Draft
    sealed: bool = False
