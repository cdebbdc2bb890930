"""The states of a disclosure and the commands that move it: `CASES` is the table, `VERBS` has one row for each command."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Literal

from maild.clock import iso
from maild.security.advisory import Advisory, BadBlock, read_advisory
from maild.tickets.decision import SendMail
from maild.tickets.lifecycle import ended, without
from maild.tickets.outcome import Given, Moment, Outcome, Terms, Verb, Wrong
from maild.tickets.telling import notify, to_requester
from maild.tickets.ticket import Due, Ticket

Step = Literal["acknowledge", "take", "confirm", "reject", "corrected", "advisory", "review", "approve", "broadcast", "publish"]

CASES: Mapping[Step, Mapping[str, str]] = {
    "acknowledge": {"received": "acknowledged", "rejected": "acknowledged"},  # something was told since
    "take": {"received": "analysis", "acknowledged": "analysis"},
    "confirm": {"received": "confirmed", "acknowledged": "confirmed", "analysis": "confirmed"},
    "reject": {"received": "rejected", "acknowledged": "rejected", "analysis": "rejected"},
    "corrected": {"confirmed": "correction"},
    "advisory": {"confirmed": "confirmed", "correction": "correction", "review": "correction", "advisory": "correction"},
    "review": {"correction": "review", "review": "review"},
    "approve": {"review": "advisory"},
    "broadcast": {"advisory": "broadcast"},
    "publish": {"broadcast": "public"},
}
BROADCAST, EMBARGO = "broadcast", "embargo"  # timers


def moved(ticket: Ticket, name: Step) -> Ticket:
    """The ticket in its next state.

    Raises:
        Wrong: the case is not there yet, or is past it.
    """
    case = CASES[name].get(ticket.case or "")
    if case is not None and ticket.case == "rejected" and ticket.stage == "done":
        raise Wrong("the case is closed: #reopen goes before it")
    if case is None:
        raise Wrong(f"the case is in {ticket.case} now, and this is for one in {' or '.join(CASES[name])}")
    return replace(ticket, case=case)


def acknowledge(outcome: Outcome, given: Given, moment: Moment) -> Outcome:
    """A person has read the report; the reporter is told."""
    return _news(outcome, moved(outcome.ticket, "acknowledge"), "the reporter knows that a person has it")


def confirm(outcome: Outcome, given: Given, moment: Moment) -> Outcome:
    """It is a vulnerability; the reporter is told."""
    return _news(outcome, moved(outcome.ticket, "confirm"), "confirmed, and the reporter knows")


def reject(outcome: Outcome, given: Given, moment: Moment) -> Outcome:
    """It is none; the reporter is told why, and the case is closed."""
    if not given.argument:
        raise Wrong("it does not say why")
    ticket = ended(moved(outcome.ticket, "reject"), moment.now)
    return (
        outcome.becoming(ticket).sending(to_requester(ticket, "refusal", reason=given.argument)).telling("rejected, and closed")
    )


def corrected(outcome: Outcome, given: Given, moment: Moment) -> Outcome:
    """There is a correction; the reporter is told."""
    return _news(outcome, moved(outcome.ticket, "corrected"), "corrected, and the reporter knows")


def _news(outcome: Outcome, ticket: Ticket, line: str) -> Outcome:
    return (
        outcome.becoming(ticket).sending(to_requester(ticket, "question", "security-news", news=ticket.case or "")).telling(line)
    )


def advisory(outcome: Outcome, given: Given, moment: Moment) -> Outcome:
    """The draft, from the block below; another one makes every approval void."""
    try:
        read_advisory(given.block)
    except BadBlock as error:
        raise Wrong(str(error)) from error
    papers = {**outcome.ticket.papers, "advisory": given.block, "advisory by": given.agent}
    papers.pop("approved by", None)
    ticket = replace(moved(outcome.ticket, "advisory"), papers=papers)
    return outcome.becoming(ticket).telling("the advisory is drafted")


def review(outcome: Outcome, given: Given, moment: Moment) -> Outcome:
    """The reporter gets the draft, to say what is wrong with it."""
    draft = _draft(outcome.ticket)
    ticket = moved(outcome.ticket, "review")
    told = to_requester(ticket, "question", "security-review", draft=draft.text("Draft", None))
    others = _others(ticket, given, moment, "The advisory waits for another member's #approve")
    return outcome.becoming(ticket).sending(told, *others).telling("the reporter has the draft")


def embargo(outcome: Outcome, given: Given, moment: Moment) -> Outcome:
    """A later day for it to become public; never an earlier one than was promised."""
    try:
        day = date.fromisoformat(given.argument)
    except ValueError:
        raise Wrong(f"'{given.argument}' is no date like 2026-11-30") from None
    ticket = outcome.ticket
    if ticket.case in ("public", "rejected"):
        raise Wrong(f"the case is {ticket.case}")
    since = ticket.papers.get("broadcast at")
    promised = next((each.at for each in ticket.due if each.kind == EMBARGO), None)  # what the broadcast told subscribers
    earliest = promised or moment.now + moment.terms.embargo
    at = datetime(day.year, day.month, day.day, tzinfo=UTC)
    if at < earliest:
        raise Wrong(f"{day} is too early: subscribers have until {earliest:%Y-%m-%d %H:%M} UTC")
    ticket = replace(ticket, papers={**ticket.papers, "embargo": day.isoformat()})
    if since:
        ticket = replace(ticket, due=(*without(ticket.due, EMBARGO), Due(kind=EMBARGO, at=at)))
    return outcome.becoming(ticket).telling(f"not public before {day}")


def approve(outcome: Outcome, given: Given, moment: Moment) -> Outcome:
    """A second person's word: on the advisory, or on publishing it early."""
    ticket = outcome.ticket
    asked_by = ticket.papers.get("release by")
    if ticket.case == "broadcast" and asked_by:
        if asked_by == given.agent:
            raise Wrong("whoever asked for the release cannot approve it: another member must")
        ticket = replace(ticket, due=(*without(ticket.due, EMBARGO), Due(kind=EMBARGO, at=moment.now)))
        return outcome.becoming(ticket).telling("the release is approved: it becomes public now")
    _draft(ticket)
    if ticket.papers.get("advisory by") == given.agent:
        raise Wrong("whoever wrote the advisory cannot approve it: another member must")
    approved = moved(ticket, "approve")
    return outcome.becoming(replace(approved, papers={**ticket.papers, "approved by": given.agent})).telling("approved")


def broadcast(outcome: Outcome, given: Given, moment: Moment) -> Outcome:
    """To the contacts of all contracts that are concerned, at once; public when the embargo is over."""
    ticket = moved(outcome.ticket, "broadcast")
    _draft(ticket)
    ends = public_at(ticket, moment.now, moment.terms)
    due = (Due(kind=BROADCAST, at=moment.now), Due(kind=EMBARGO, at=ends))
    papers = {**ticket.papers, "broadcast at": moment.now.isoformat()}
    ticket = replace(ticket, due=(*without(ticket.due, BROADCAST, EMBARGO), *due), papers=papers)
    return outcome.becoming(ticket).telling(f"broadcast now; public on {iso(ends)}, or as much later as the broadcast is")


def public_at(ticket: Ticket, since: datetime, terms: Terms) -> datetime:
    """When the embargo of a broadcast ends: as was promised, or on the later day that the case has."""
    day = ticket.papers.get("embargo")
    later = datetime.fromisoformat(f"{day}T00:00:00+00:00") if day else since
    return max(since + terms.embargo, later)


def release(outcome: Outcome, given: Given, moment: Moment) -> Outcome:
    """Public before its day, because others disclosed it; needs an approval of its own."""
    if outcome.ticket.case != "broadcast":
        raise Wrong(f"the case is in {outcome.ticket.case} now, and this is for one in broadcast")
    if not given.argument:
        raise Wrong("it does not say why")
    papers = {**outcome.ticket.papers, "release by": given.agent, "release": given.argument}
    ticket = replace(outcome.ticket, papers=papers)
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
