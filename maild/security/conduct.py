"""How the security service goes about its cases: received, taken, broadcast to those concerned, and public when its time comes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from maild.mail.message import Mailbox
from maild.security.advisory import read_advisory
from maild.security.cases import BROADCAST, CASES, EMBARGO, UNDER_WAY, moved, public_at
from maild.tickets.cases import with_papers
from maild.tickets.decision import MailClass, Publication, SendMail
from maild.tickets.happening import TimeCame
from maild.tickets.lifecycle import ended, with_timers
from maild.tickets.outcome import Moment, Outcome, Service
from maild.tickets.ticket import Due, Ticket
from maild.tickets.turns.telling import notify, to_requester


def steered(before: Ticket, outcome: Outcome, _: Moment) -> Outcome:
    """Whoever takes a report begins its analysis."""
    ticket = outcome.ticket
    if before.assignee is None and ticket.assignee is not None and ticket.case in CASES["take"]:
        return outcome.becoming(moved(ticket, "take"))
    return outcome


def broadcast_due(outcome: Outcome, _: TimeCame, moment: Moment) -> Outcome:
    """The advisory gets its number and goes to the contacts of all contracts that are concerned now."""
    ticket = outcome.ticket
    name = f"{moment.terms.advisories}-{moment.now.year}-{moment.facts.next_advisory:04d}"
    advisory = read_advisory(ticket.papers["advisory"])
    recipients = advisory.recipients(moment.facts.contracts.values())
    since = max(moment.now, moment.really)  # late as it may be: subscribers have their time from now on
    embargo = Due(kind=EMBARGO, at=public_at(ticket, since, moment.terms))
    ticket = with_timers(with_papers(ticket, {"id": name, "broadcast at": since.isoformat()}), embargo)
    text = advisory.text(name, None)
    mails = [_to_list("advisory", each, ticket, name, text, embargo.at) for each in recipients]
    told = notify(ticket, moment.terms, reason=f"{name} was broadcast to {len(recipients)} contacts")
    outcome = replace(outcome.becoming(ticket), numbered=1)
    return outcome.sending(*mails, *told).noting("AdvisoryBroadcast", moment.now, "desk", contacts=len(recipients))


def embargo_due(outcome: Outcome, _: TimeCame, moment: Moment) -> Outcome:
    """The advisory is public: as a file, at the addresses for announcements, and the reporter and the team know."""
    ticket = ended(moved(outcome.ticket, "publish"), moment.now)
    name, advisory = ticket.papers["id"], read_advisory(ticket.papers["advisory"])
    text = advisory.text(name, moment.now.astimezone(UTC).date())
    mails = [_to_list("announcement", each, ticket, name, text, moment.now) for each in moment.terms.announce]
    closing = to_requester(ticket, "closing", "security-public", id=name)
    told = notify(ticket, moment.terms, reason=f"{name} is public")
    outcome = outcome.becoming(ticket).sending(*mails, closing, *told).publishing(Publication(name=f"{name}.txt", text=text))
    return outcome.noting("AdvisoryPublished", moment.now, "desk", id=name)


def _to_list(kind: MailClass, address: str, ticket: Ticket, name: str, text: str, public_at: datetime) -> SendMail:
    to = Mailbox(name="", address=address)
    title = text.partition("\n")[0].removeprefix(f"{name}: ")
    day = public_at.astimezone(UTC).date().isoformat()
    values = {"id": name, "title": title, "advisory": text, "public": kind == "announcement", "date": day}
    return SendMail(kind=kind, template="advisory", to=to, role=None, language=ticket.language, values=values)


SECURITY = Service(
    begins="received",
    steered=steered,
    due={BROADCAST: broadcast_due, EMBARGO: embargo_due},
    endures=lambda ticket: ticket.case in UNDER_WAY,  # no word of the reporter takes a vulnerability away
)
