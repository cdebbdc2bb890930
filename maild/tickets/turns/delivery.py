"""What follows from the fate of a mail that the desk sent: clocks start, or somebody is told that the customer does not have it."""

from __future__ import annotations

from dataclasses import replace

from maild.tickets.happening import MailBounced, MailSettled
from maild.tickets.lifecycle import WAITING, step
from maild.tickets.outcome import Moment, Outcome
from maild.tickets.ticket import Ticket
from maild.tickets.turns import clocks
from maild.tickets.turns.telling import notify

# Mails that the customer's side must have; what goes to agents or the operator has nobody else to be told.
TO_CUSTOMERS = frozenset({"acknowledgement", "question", "consent", "reminder", "closing", "notice", "refusal", "answer"})
ASKS = frozenset({"acknowledgement", "question", "consent", "answer"})  # of these what the desk waits for an answer to


def mail_settled(ticket: Ticket, happened: MailSettled, moment: Moment) -> Outcome:
    """The next hop's last word on a mail that was watched."""
    if happened.state != "sent":
        said = happened.reply or happened.state
        return _undelivered(ticket, happened.kind, said, moment, happened.to, is_sure=happened.state == "failed")
    if not ticket.is_requester(happened.to):
        return Outcome(ticket=ticket)
    is_latest = ticket.asked_at is not None and happened.created_at >= ticket.asked_at
    if not is_latest or ticket.stage not in WAITING or moment.terms.service(ticket.service).endures(ticket):
        return Outcome(ticket=ticket)
    if happened.kind == "reminder":
        return Outcome(ticket=clocks.reminded(ticket, happened.at))
    if happened.kind in ASKS:
        return Outcome(ticket=clocks.started(ticket, happened.at, moment.terms))
    return Outcome(ticket=ticket)


def mail_bounced(happened: MailBounced, moment: Moment) -> Outcome:
    """A report about a mail of ours. Only a permanent failure to the customer's side changes anything; a delay is a note."""
    ticket, report = happened.ticket, happened.reading.message.bounce
    sent = moment.facts.outgoing.get(getattr(happened.target, "key", ""))
    failed = [each for each in report.recipients if each.action == "failed"] if report else []
    if sent is None or sent.kind not in TO_CUSTOMERS or not failed:
        return Outcome(ticket=ticket)
    said = " ".join(part for part in (failed[0].code, failed[0].status, failed[0].reason) if part)
    return _undelivered(ticket, sent.kind, said, moment, sent.to)


def _undelivered(ticket: Ticket, kind: str, why: str, moment: Moment, to: str, is_sure: bool = True) -> Outcome:
    """Whom mail does not reach is marked, for agents to see. Where it is the requester, nobody waits for him any more."""
    after = step(ticket, "undelivered", moment.now) if ticket.is_requester(to) else ticket
    if is_sure and to:
        after = replace(after, unreachable=tuple(dict.fromkeys((*ticket.unreachable, to.lower()))))
    who = "The requester" if ticket.is_requester(to) else "A participant" if ticket.sealed or not to else to
    told = notify(after, moment.terms, reason=f"{who} {'did not get' if is_sure else 'may not have got'} the {kind}: {why}")
    return Outcome(ticket=after).sending(*told)
