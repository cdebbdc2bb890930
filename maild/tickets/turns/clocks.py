"""The clocks of silence: started when the next hop took an answer, a reminder, then the closing. docs/flow.md tells of them.

Calendar days of 24 hours. That older mail still waits in an intake, or that the intake was out, is the pipeline's and the store's to see.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from maild.tickets.happening import TimeCame
from maild.tickets.lifecycle import SILENCE, WAITING, step, with_timers
from maild.tickets.outcome import Moment, Outcome, Terms
from maild.tickets.ticket import Due, Ticket
from maild.tickets.turns.telling import to_requester

REMINDER, CLOSE = SILENCE
AFTER_REMINDER = timedelta(hours=48)  # nobody is closed sooner after a reminder than this


def started(ticket: Ticket, accepted_at: datetime, terms: Terms) -> Ticket:
    """The customer has the answer or the question since then: the clocks run."""
    reminder, close = accepted_at + terms.reminder, accepted_at + terms.close
    return with_timers(ticket, Due(kind=REMINDER, at=reminder), Due(kind=CLOSE, at=close))


def reminded(ticket: Ticket, accepted_at: datetime) -> Ticket:
    """The customer has the reminder since then: now the ticket may be closed when its time comes."""
    return _closing(ticket, accepted_at + AFTER_REMINDER, waits=False)


def reminder_due(outcome: Outcome, _: TimeCame, moment: Moment) -> Outcome:
    """The customer is reminded, once; closing waits until the reminder is there."""
    if outcome.ticket.stage not in WAITING:
        return outcome
    ticket = _closing(outcome.ticket, moment.now + AFTER_REMINDER, waits=True)
    own = next((each.at for each in ticket.due if each.kind == CLOSE), moment.now)
    closes_at = max(own, moment.really + AFTER_REMINDER)  # however late it goes out
    return outcome.becoming(ticket).sending(to_requester(ticket, "reminder", closes_at=closes_at))


def close_due(outcome: Outcome, happened: TimeCame, moment: Moment) -> Outcome:
    """Nothing was heard: the ticket is closed, and the customer told how to go on."""
    if outcome.ticket.stage not in WAITING:
        return outcome
    if any(each.kind == REMINDER for each in outcome.ticket.due):  # it was put off: nobody is closed before he was reminded
        return outcome.becoming(with_timers(outcome.ticket, Due(kind=CLOSE, at=happened.at, waits=True)))
    ticket = step(outcome.ticket, "silence", moment.now)
    told = to_requester(ticket, "closing", silent=True, reason="")
    return outcome.becoming(ticket).sending(replace(told, watched=False))


def _closing(ticket: Ticket, not_before: datetime, waits: bool) -> Ticket:
    close = next((each for each in ticket.due if each.kind == CLOSE), None)
    if close is None:
        return ticket
    return with_timers(ticket, Due(kind=CLOSE, at=max(close.at, not_before), waits=waits))
