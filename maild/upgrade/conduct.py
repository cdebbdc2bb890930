"""How the upgrade service goes about its tickets: what a request, a declaration, a report and a consent of the customer lead to."""

from __future__ import annotations

from dataclasses import replace

from maild.problem.found import value_of
from maild.tickets.address import own_key
from maild.tickets.cases import with_papers
from maild.tickets.decision import SendMail
from maild.tickets.happening import CustomerOpened, CustomerWrote, MailCame
from maild.tickets.lifecycle import ended
from maild.tickets.outcome import Moment, Outcome, Service
from maild.tickets.ticket import Ticket
from maild.tickets.turns.confirming import has_room, is_proven, settled, to_be_confirmed, would_do
from maild.tickets.turns.customers import says
from maild.tickets.turns.telling import acknowledge, notify
from maild.upgrade.gates import GATES, is_automatic, obstacles, through

BEGINS = "requested"
UNDER_WAY = ("testing", "tested", "rehearsed", "consented")  # a customer may test for weeks without a word


def opened(outcome: Outcome, happened: CustomerOpened, moment: Moment) -> Outcome:
    """A request: declared at once where the mail declares, answered at once where there is nothing to do."""
    ticket = _declared(outcome.ticket, happened)
    if is_automatic(ticket):
        closed = ended(ticket, moment.now)
        return replace(outcome, ticket=closed, mails=acknowledge(closed, happened, "upgrade-automatic"))
    against = obstacles(ticket, moment) if not ticket.missing else []
    if not against:
        return outcome.becoming(ticket)
    reason = f"As it stands there is no way to upgrade: {'; '.join(against)}"
    mails = (_with_reason(each, reason) if each.kind == "notification" else each for each in outcome.mails)
    return replace(outcome, ticket=ticket, mails=tuple(mails))


def heard(outcome: Outcome, happened: CustomerWrote, moment: Moment) -> Outcome:
    """The customer declares, reports, or consents; whatever else he writes goes to the team alone."""
    ticket = _declared(settled(outcome.ticket, happened) if is_proven(happened) else outcome.ticket, happened)
    told = happened.reading.fields
    if ticket.case == "testing" and value_of(told, "test_finished") is True and "test_issues" not in told:
        return _noting(outcome, through(ticket, "tested"), "The customer reports that the test is finished", moment)
    if ticket.case in GATES["consent"] and "consent asked" in ticket.papers and _answers_consent(happened, ticket, moment):
        return _consented(outcome.becoming(ticket), happened, moment)
    if "consent asked" in ticket.papers and says(moment.terms.lexicon.consents, happened, moment.terms.lexicon):
        why = "This says yes, but it does not reply to the latest mail that asks for consent: ask again"
        return _noting(outcome, ticket, why, moment)
    return outcome.becoming(ticket)


def _declared(ticket: Ticket, happened: MailCame) -> Ticket:
    """Who says whether there are customisations has declared; for later ones that say something else the agents decide."""
    declares = value_of(ticket.fields, "customised")
    if ticket.case != BEGINS or declares is None:
        return ticket
    return with_papers(through(ticket, "declare"), {"customisations": "yes" if declares else "no"})


def _consented(outcome: Outcome, happened: CustomerWrote, moment: Moment) -> Outcome:
    """A yes counts where it is proven to be the requester's; the mail is kept as evidence. In doubt a person is told."""
    ticket = outcome.ticket
    if not says(moment.terms.lexicon.consents, happened, moment.terms.lexicon):
        return _noting(outcome, ticket, "This answers the question for consent, and is no plain yes", moment)
    if ticket.is_requester(happened.author) and would_do("consent", happened, moment) and has_room(ticket, moment.now):
        outcome = to_be_confirmed(outcome.becoming(with_papers(ticket, {"consent to confirm": happened.entry})), happened, moment)
        return _noting(outcome, outcome.ticket, "This says yes; the customer was asked to confirm that he wrote it", moment)
    if not ticket.is_requester(happened.author) or not moment.terms.required.allows("consent", happened.assurance):
        sure = f"level {happened.assurance.level}: {happened.assurance.why}"
        why = f"This says yes, but it is not sure enough that the requester wrote it ({sure}): ask again"
        return _noting(outcome, ticket, why, moment)
    evidence = ", confirmed by ".join(each for each in (happened.confirmed, happened.entry) if each)
    agreed = with_papers(through(ticket, "consent"), {"consent": f"{evidence}, level {happened.assurance.level}"})
    outcome = outcome.noting("Consented", moment.now, "requester", message=happened.entry, level=happened.assurance.level)
    return _noting(outcome, agreed, "The customer consents", moment)


def _answers_consent(happened: CustomerWrote, ticket: Ticket, moment: Moment) -> bool:
    """Whether it replies to the latest mail that asked for it, and not to an older question."""
    if happened.confirmed:  # what is confirmed is an answer to it already; unless another question came between
        return ticket.papers.get("consent to confirm") == happened.confirmed
    keys = (own_key(each) for each in happened.reading.message.in_reply_to)
    asked = (moment.facts.outgoing.get(key) for key in keys if key)
    latest = ticket.papers["consent asked by"]  # the agent's mail; two questions may have been asked at the same time
    return any(each and each.kind == "consent" and each.ticket == ticket.number and each.cause == latest for each in asked)


def _noting(outcome: Outcome, ticket: Ticket, reason: str, moment: Moment) -> Outcome:
    """The team is told this rather than simply that the customer wrote."""
    mails = tuple(_with_reason(each, reason) if each.kind == "notification" else each for each in outcome.mails)
    return replace(outcome, ticket=ticket, mails=mails or notify(ticket, moment.terms, reason=reason))


def _with_reason(mail: SendMail, reason: str) -> SendMail:
    return replace(mail, values={**mail.values, "happened": reason})


UPGRADE = Service(
    begins=BEGINS,
    opened=opened,
    heard=heard,
    endures=lambda ticket: ticket.case in UNDER_WAY,
    awaits_consent=lambda ticket: "consent asked" in ticket.papers,
)
