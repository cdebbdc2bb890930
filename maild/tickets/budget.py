"""Whose budgets a mail of the desk counts against: its recipient's, the recipient's domain's, its ticket's, and the desk's own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

Scope = Literal["correspondent", "domain", "ticket", "desk"]
Counted = tuple[str, Scope, str]  # class of mail, scope, and whose budget it is there


def payers(address: str, ticket: int | None) -> Mapping[Scope, str]:
    """Whose budget it is in each scope."""
    address = address.lower()
    whose: dict[Scope, str] = {"correspondent": address, "domain": address.rpartition("@")[2], "desk": ""}
    return {**whose, "ticket": str(ticket)} if ticket is not None else whose
