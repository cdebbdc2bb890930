"""What a ticket still needs of its customer before work can start."""

from __future__ import annotations

from maild.problem.completeness import Asked
from maild.problem.found import Fields
from maild.tickets.outcome import Moment
from maild.tickets.ticket import Ticket


def still_missing(ticket: Ticket, fields: Fields, moment: Moment, told: int = 0) -> tuple[str, ...]:
    """What this ticket still needs, where one more mail has told so many words. What was made up for remains so."""
    required = moment.terms.lexicon.required
    made_up = frozenset(required.described).difference(ticket.missing)
    asked = Asked(service=ticket.service, scope=ticket.scope, tags=ticket.tags, issues=ticket.issues, told=told, made_up=made_up)
    return required.missing(asked, fields)
