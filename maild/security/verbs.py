"""The commands of disclosures: one row each in `VERBS`. Each begins with its step of the case, which the table allows or refuses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, time

from maild.clock import iso
from maild.security.advisory import Advisory, BadBlock, read_advisory
from maild.security.cases import BROADCAST, EMBARGO, moved, public_at
from maild.tickets.cases import read_day, with_papers, without_papers
from maild.tickets.decision import SendMail
from maild.tickets.lifecycle import ended, with_timers
from maild.tickets.outcome import Given, Moment, Outcome, Verb, Wrong
from maild.tickets.ticket import Due, Ticket
from maild.tickets.turns.telling import notify, to_requester


def acknowledge(outcome: Outcome, given: Given, moment: Moment) -> Outcome:
    """A person has read the report; the reporter is told."""
    return _news(outcome, moved(outcome.ticket, "acknowledge"), "the reporter knows that a person has it")


def confirm(outcome: Outcome, given: Given, moment: Moment) -> Outcome:
    """It is a vulnerability; the reporter is told."""
    return _news(outcome, moved(outcome.ticket, "confirm"), "confirmed, and the reporter knows")


def reject(outcome: Outcome, given: Given, moment: Moment) -> Outcome:
    """It is none; the reporter is told why, and the case is closed."""
    ticket = ended(moved(outcome.ticket, "reject"), moment.now)
    told = to_requester(ticket, "refusal", reason=given.must_say("why"))
    return outcome.becoming(ticket).sending(told).telling("rejected, and closed")


def corrected(outcome: Outcome, given: Given, moment: Moment) -> Outcome:
    """There is a correction; the reporter is told."""
    return _news(outcome, moved(outcome.ticket, "corrected"), "corrected, and the reporter knows")


def _news(outcome: Outcome, ticket: Ticket, line: str) -> Outcome:
    told = to_requester(ticket, "question", "security-news", news=ticket.case or "")
    return outcome.becoming(ticket).sending(told).telling(line)


def advisory(outcome: Outcome, given: Given, moment: Moment) -> Outcome:
    """The draft, from the block below; another one makes every approval void."""
    ticket = without_papers(moved(outcome.ticket, "advisory"), "approved by")
    try:
        read_advisory(given.block)
    except BadBlock as error:
        raise Wrong(str(error)) from error
    ticket = with_papers(ticket, {"advisory": given.block, "advisory by": given.agent})
    return outcome.becoming(ticket).telling("the advisory is drafted")


def review(outcome: Outcome, given: Given, moment: Moment) -> Outcome:
    """The reporter gets the draft, to say what is wrong with it."""
    ticket = moved(outcome.ticket, "review")
    told = to_requester(ticket, "question", "security-review", draft=_draft(ticket).text("Draft", None))
    others = _others(ticket, given, moment, "The advisory waits for another member's #approve")
    return outcome.becoming(ticket).sending(told, *others).telling("the reporter has the draft")


def embargo(outcome: Outcome, given: Given, moment: Moment) -> Outcome:
    """A later day for it to become public; never an earlier one than was promised."""
    ticket = moved(outcome.ticket, "embargo")
    day = read_day(given.argument)
    at = datetime.combine(day, time(), UTC)
    promised = next((each.at for each in ticket.due if each.kind == EMBARGO), None)  # what the broadcast told subscribers
    earliest = promised or moment.now + moment.terms.embargo
    if at < earliest:
        raise Wrong(f"{day} is too early: subscribers have until {earliest:%Y-%m-%d %H:%M} UTC")
    ticket = with_papers(ticket, {"embargo": day.isoformat()})
    if "broadcast at" in ticket.papers:
        ticket = with_timers(ticket, Due(kind=EMBARGO, at=at))
    return outcome.becoming(ticket).telling(f"not public before {day}")


def approve(outcome: Outcome, given: Given, moment: Moment) -> Outcome:
    """A second person's word: on the advisory, or on publishing it early."""
    if "release by" in outcome.ticket.papers:
        ticket = moved(outcome.ticket, "approve release")
        _must_be_another(ticket.papers["release by"], given, "asked for the release")
        ticket = with_timers(ticket, Due(kind=EMBARGO, at=moment.now))
        return outcome.becoming(ticket).telling("the release is approved: it becomes public now")
    ticket = moved(outcome.ticket, "approve")
    _draft(ticket)
    _must_be_another(ticket.papers.get("advisory by"), given, "wrote the advisory")
    return outcome.becoming(with_papers(ticket, {"approved by": given.agent})).telling("approved")


def _must_be_another(than: str | None, given: Given, did: str) -> None:
    if than == given.agent:
        raise Wrong(f"whoever {did} cannot approve it: another member must")


def broadcast(outcome: Outcome, given: Given, moment: Moment) -> Outcome:
    """To the contacts of all contracts that are concerned, at once; public when the embargo is over."""
    ticket = moved(outcome.ticket, "broadcast")
    _draft(ticket)
    ends = public_at(ticket, moment.now, moment.terms)
    ticket = with_timers(ticket, Due(kind=BROADCAST, at=moment.now), Due(kind=EMBARGO, at=ends))
    ticket = with_papers(ticket, {"broadcast at": moment.now.isoformat()})
    return outcome.becoming(ticket).telling(f"broadcast now; public on {iso(ends)}, or as much later as the broadcast is")


def release(outcome: Outcome, given: Given, moment: Moment) -> Outcome:
    """Public before its day, because others disclosed it; needs an approval of its own."""
    ticket = moved(outcome.ticket, "release")
    ticket = with_papers(ticket, {"release by": given.agent, "release": given.must_say("why")})
    others = _others(ticket, given, moment, "Publishing before the day was asked for, and waits for another member's #approve")
    return outcome.becoming(ticket).sending(*others).telling("the release waits for another member's #approve")


def _others(ticket: Ticket, given: Given, moment: Moment, reason: str) -> list[SendMail]:
    """The team without whoever gave the command, whoever has the ticket: a second person is needed."""
    told = notify(replace(ticket, assignee=None), moment.terms, reason=reason)
    return [each for each in told if each.to.address.lower() != given.agent]


def _draft(ticket: Ticket) -> Advisory:
    if "advisory" not in ticket.papers:
        raise Wrong("there is no advisory yet: #advisory, and the block below it")
    return read_advisory(ticket.papers["advisory"])


VERBS: Mapping[str, Verb] = {
    "acknowledge": Verb(usage="#acknowledge", act=acknowledge, service="security"),
    "confirm": Verb(usage="#confirm", act=confirm, service="security"),
    "reject": Verb(usage="#reject REASON", act=reject, service="security"),
    "corrected": Verb(usage="#corrected", act=corrected, service="security"),
    "advisory": Verb(usage="#advisory, and the block below", act=advisory, service="security", takes_block=True),
    "review": Verb(usage="#review", act=review, service="security"),
    "embargo": Verb(usage="#embargo DATE", act=embargo, service="security"),
    "approve": Verb(usage="#approve", act=approve, service="security", action="approve"),
    "broadcast": Verb(usage="#broadcast", act=broadcast, service="security"),
    "release": Verb(usage="#release REASON", act=release, service="security"),
}
