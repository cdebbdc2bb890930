"""Assurance level 3: what needs it is done when its sender says yes to a mail that only he gets (product page, section 4)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from maild.problem.lexicon import Lexicon
from maild.tickets.address import ToTicket
from maild.tickets.assurance import Action, Assurance
from maild.tickets.decision import SendMail
from maild.tickets.happening import MailCame
from maild.tickets.outcome import Moment, Outcome
from maild.tickets.ticket import Ticket, Unconfirmed
from maild.tickets.turns.customers import says

VALID = timedelta(days=3)
MAX_WAITING = 5  # of a ticket, that nobody has answered yet
MAX_KNOWN = 20  # with those that were answered: who says yes again is told so


def would_do(action: Action, happened: MailCame, moment: Moment) -> bool:
    """Whether a confirmation is all that stands between this sender and this action."""
    return happened.assurance.level == 2 and moment.terms.required.levels[action] == 3


def has_room(ticket: Ticket, now: datetime) -> bool:
    """Whether one more mail of the ticket may wait."""
    return sum(_waits(each, now) for each in ticket.unconfirmed) < MAX_WAITING


def to_be_confirmed(outcome: Outcome, happened: MailCame, moment: Moment) -> Outcome:
    """Nothing is done yet: the sender gets his own words back, and an address that counts once."""
    message, author = happened.reading.message, happened.reading.message.author
    assert author is not None
    waiting = Unconfirmed(entry=happened.entry, at=moment.now, text=message.reply.text, attachments=message.attachments)
    known = sorted(outcome.ticket.unconfirmed, key=lambda each: _waits(each, moment.now))  # what is over is forgotten first
    ticket = replace(outcome.ticket, unconfirmed=(*known, waiting)[-MAX_KNOWN:])
    is_agent = moment.terms.teams.agent(happened.author) is not None
    asked = SendMail(
        kind="confirmation",
        template="confirmation",
        to=moment.terms.teams.mailbox(happened.author) if is_agent else author,
        role=happened.target.role if isinstance(happened.target, ToTicket) else None,
        language=moment.terms.language if is_agent else ticket.language,
        values={"written": waiting.text, "files": tuple(each.name or each.type for each in waiting.attachments)},
        confirms=happened.entry,
    )
    return outcome.becoming(ticket).sending(asked).noting("ConfirmationAsked", moment.now, "desk", message=happened.entry)


def confirmed(happened: MailCame, lexicon: Lexicon, now: datetime) -> MailCame:
    """A plain and proven yes to a confirmation counts as the mail that it confirms; anything else as itself."""
    if not is_proven(happened) or not says(lexicon.consents, happened, lexicon):
        return happened
    waiting = next((each for each in happened.ticket.unconfirmed if each.entry == happened.confirms), None)
    if waiting is None or not _waits(waiting, now):
        return happened
    message = happened.reading.message
    words = replace(message, reply=replace(message.reply, text=waiting.text), attachments=waiting.attachments)
    sure = Assurance(level=3, why=f"{happened.assurance.why}, and he has confirmed it")
    return replace(happened, reading=replace(happened.reading, message=words), assurance=sure, confirmed=waiting.entry)


def _waits(each: Unconfirmed, now: datetime) -> bool:
    return not each.is_done and each.at > now - VALID


def is_proven(happened: MailCame) -> bool:
    """Whether it answers a confirmation of its ticket, and surely comes from whom that was mailed to."""
    return happened.placement.ticket is not None and bool(happened.confirms) and happened.assurance.level >= 2


def settled(ticket: Ticket, happened: MailCame) -> Ticket:
    """The ticket as it is once this mail has said yes or no: an address counts once."""
    return replace(
        ticket,
        unconfirmed=tuple(
            replace(each, is_done=True) if each.entry == happened.confirms else each for each in ticket.unconfirmed
        ),
    )
