"""Assurance level 3: what needs it is done when its sender says yes to a mail that only he gets (product page, section 4)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from maild.problem.lexicon import Lexicon
from maild.tickets.address import ToTicket
from maild.tickets.assurance import Action
from maild.tickets.customers import says
from maild.tickets.decision import SendMail
from maild.tickets.facts import Facts
from maild.tickets.happening import MailCame
from maild.tickets.outcome import Moment, Outcome
from maild.tickets.ticket import Ticket

VALID = timedelta(days=3)
MAX_WAITING = 20  # of a ticket


def would_do(action: Action, happened: MailCame, moment: Moment) -> bool:
    """Whether a confirmation is all that stands between this sender and this action."""
    return happened.assurance.level == 2 and moment.terms.required.levels[action] == 3


def to_be_confirmed(outcome: Outcome, happened: MailCame, moment: Moment) -> Outcome:
    """Nothing is done yet: the sender gets his own words back, and an address that counts once."""
    ticket = replace(outcome.ticket, unconfirmed=(*outcome.ticket.unconfirmed, happened.entry)[-MAX_WAITING:])
    is_agent = moment.terms.teams.agent(happened.author) is not None
    author = happened.reading.message.author
    assert author is not None
    asked = SendMail(
        kind="confirmation",
        template="confirmation",
        to=moment.terms.teams.mailbox(happened.author) if is_agent else author,
        role=happened.target.role if isinstance(happened.target, ToTicket) else None,
        language=moment.terms.language if is_agent else ticket.language,
        values={"written": happened.reading.message.reply.text},
        confirms=happened.entry,
    )
    return outcome.becoming(ticket).sending(asked).noting("ConfirmationAsked", moment.now, "desk", message=happened.entry)


def confirmed(happened: MailCame, facts: Facts, lexicon: Lexicon, now: datetime) -> MailCame:
    """A plain and proven yes to a confirmation counts as the mail that it confirms; anything else as itself."""
    if not is_proven(happened) or not says(lexicon.consents, happened, lexicon):
        return happened
    history = facts.history.get(happened.ticket.number, ())
    first = next((each for each in history if each.id == happened.confirms and each.at > now - VALID), None)
    if first is None:
        return happened
    message = happened.reading.message
    words = replace(message, reply=replace(message.reply, text=first.text), attachments=first.attachments)
    return replace(happened, reading=replace(happened.reading, message=words), source=first.id)


def is_proven(happened: MailCame) -> bool:
    """Whether it answers a confirmation, and surely comes from whom that was mailed to."""
    return bool(happened.confirms) and happened.assurance.level == 3


def settled(ticket: Ticket, happened: MailCame) -> Ticket:
    """The ticket without what this mail said yes or no to: an address counts once."""
    return replace(ticket, unconfirmed=tuple(each for each in ticket.unconfirmed if each != happened.confirms))
