"""Requests that belong together: `#merge` makes one of two, `#link` only points from one to the other."""

from __future__ import annotations

import re
from dataclasses import replace

from maild.mail.message import Mailbox
from maild.problem.found import merged
from maild.problem.table import FieldTable
from maild.tickets.contracts.contract import covers
from maild.tickets.contracts.entitlement import contract_of
from maild.tickets.copies import MAX_PARTICIPANTS
from maild.tickets.facts import NOTHING_NEEDED, Needs
from maild.tickets.lacking import still_missing
from maild.tickets.lifecycle import ended, step
from maild.tickets.outcome import Beside, Given, Moment, Outcome, Wrong
from maild.tickets.threading import lengthened
from maild.tickets.ticket import Link, Ticket
from maild.tickets.turns.confirming import MAX_KNOWN
from maild.tickets.turns.telling import notify, to_requester

_NUMBER = re.compile(r"#?(\d{1,12})\Z")


def link(outcome: Outcome, given: Given, moment: Moment) -> Outcome:
    """Points at another request, for colleagues."""
    other = _other(outcome.ticket, given, moment)
    return outcome.linking(Link(kind="mentions", number=other.number)).telling(f"linked to #{other.number}")


def merge(outcome: Outcome, given: Given, moment: Moment) -> Outcome:
    """This request becomes a part of the other: its people, its words, and all that is still written about it."""
    if outcome.mails or outcome.events or outcome.receipt or outcome.besides:
        raise Wrong("it must be the only command of its mail")
    ticket, into = outcome.ticket, _other(outcome.ticket, given, moment)
    _may_merge(ticket, into, moment)
    merged_one = replace(ended(ticket, moment.now), merged_into=into.number, unconfirmed=(), due=())
    return (
        outcome.becoming(merged_one)
        .noting("Merged", moment.now, "agent", number=ticket.number, into=into.number)
        .linking(Link(kind="merged", number=into.number))
        .with_beside(Beside(outcome=_whole(ticket, into, given, moment), absorbs=ticket.number))
        .telling(f"merged into #{into.number}; {ticket.requester.address} was told")
    )


def _whole(ticket: Ticket, into: Ticket, given: Given, moment: Moment) -> Outcome:
    """What becomes of the other, and who is told: the requester of the one that is gone, and the agents of both."""
    whole = _with_all_of(into, ticket, moment)
    told = to_requester(whole, "notice", "merged", other=ticket.number)
    told = replace(told, to=ticket.requester, language=ticket.language, watched=False)
    reason = f"#{ticket.number} was merged into this request"
    colleagues = [*notify(whole, moment.terms, reason=reason), *notify(ticket, moment.terms, reason=reason)]
    once = {each.to.address.lower(): each for each in colleagues if each.to.address.lower() != given.agent}
    return (
        Outcome(ticket=whole)
        .noting("Merged", moment.now, "agent", number=ticket.number, into=into.number)
        .linking(Link(kind="merged", number=ticket.number))
        .sending(told, *once.values())
    )


def the_other(argument: str, _: FieldTable) -> Needs:
    """Both commands need the request that they name."""
    named = _NUMBER.match(argument)
    return Needs(tickets=frozenset({int(named[1])})) if named else NOTHING_NEEDED


def _other(ticket: Ticket, given: Given, moment: Moment) -> Ticket:
    named = _NUMBER.match(given.must_say("which request"))
    if named is None:
        raise Wrong(f"'{given.argument}' is no number of a request")
    other = moment.facts.current(int(named[1]))
    if other is None or other.sealed:  # that there is a sealed case is not told
        raise Wrong(f"there is no request #{named[1]}")
    if other.number == ticket.number:
        raise Wrong(f"#{named[1]} is this request itself")
    return other


def _may_merge(ticket: Ticket, into: Ticket, moment: Moment) -> None:
    """Only what one customer wrote: whoever gets the one would read the other."""
    if ticket.sealed:
        raise Wrong("a sealed case stays by itself")
    if ticket.service != into.service:
        raise Wrong(f"#{into.number} is a request of the {into.service} service: #link points at it")
    if ticket.case != moment.terms.service(ticket.service).begins:
        raise Wrong(f"its case stands at {ticket.case} already: #link points at the other")
    if into.stage == "done":
        raise Wrong(f"#{into.number} is closed: #reopen there goes before it")
    known = {each.reference for each in (contract_of(one, moment.facts.contracts) for one in (ticket, into)) if each}
    if len(known) > 1:
        raise Wrong(f"they belong to different contracts: #link points at #{into.number}")
    stranger = next((each for each in ticket.people if not _is_with(each, into, moment)), None)
    if stranger:
        raise Wrong(
            f"{stranger} is none of the customer's: #cc +{stranger} on #{into.number} goes before it, or #link points at it"
        )
    if len({each.lower() for each in (*into.people, *ticket.people)}) > MAX_PARTICIPANTS:
        raise Wrong(f"together they have more than {MAX_PARTICIPANTS} people")


def _is_with(address: str, into: Ticket, moment: Moment) -> bool:
    """Whether they are in the same conversation, or a contract covers both."""
    ours = (each for each in moment.facts.contracts.values() if covers(each, into.requester.address))
    return into.has_participant(address) or any(covers(each, address) for each in ours)


def _with_all_of(into: Ticket, ticket: Ticket, moment: Moment) -> Ticket:
    """One ticket of two: as old as the older, as urgent as the more urgent, with the people of both."""
    people: dict[str, Mailbox] = {each.address.lower(): each for each in (ticket.requester, *ticket.participants)}
    new = [each for address, each in people.items() if not into.has_participant(address)]
    fields = merged(ticket.fields, into.fields)
    work_waits = into.stage == "feedback" and ticket.stage in ("qualification", "process")
    whole = replace(
        step(into, "reopened", moment.now) if work_waits else into,
        participants=(*into.participants, *new),
        pending=tuple(each for each in (*into.pending, *ticket.pending) if each.address.lower() not in people),
        unreachable=tuple(dict.fromkeys((*into.unreachable, *ticket.unreachable))),
        unconfirmed=(*(replace(each, is_done=True) for each in ticket.unconfirmed), *into.unconfirmed)[-MAX_KNOWN:],
        absorbed=(*into.absorbed, ticket.number, *ticket.absorbed),
        fields=fields,
        missing=still_missing(into, fields, moment),
        arrived_at=min(into.arrived_at, ticket.arrived_at),
        priority=max(into.priority, ticket.priority),
        blocking=into.blocking or ticket.blocking,
        assignee=into.assignee or (ticket.assignee if into.team == ticket.team else None),
        tags=tuple(dict.fromkeys((*into.tags, *ticket.tags))),
        thread=lengthened(into.thread, *ticket.thread),
    )
    return step(whole, "informed", moment.now)
