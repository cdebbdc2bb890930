"""THE ROAD, one line a stage. Start reading here.

A worker is handed a batch of spooled mails. They are read first, which is slow and needs no lock; then, in one short
transaction, the facts are gathered, each mail is decided about by pure rooms, and everything is committed at once. What happens
because time passed, or because a mail of ours met its fate, walks the same road from the facts on (`pass_time`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from maild.desk import Desk
from maild.guard.assurance import NOT_PROVEN, assurance_of, may_open
from maild.guard.budget import PUT_OFF, leaves_out_customers, within_budget
from maild.guard.checks import Examined, examine
from maild.mail.envelope import Envelope
from maild.mail.outgoing import Outgoing
from maild.problem.found import merged
from maild.problem.reading import read_blindly, read_mail
from maild.rules.policy import Policy
from maild.tickets.address import Target
from maild.tickets.arrival import Arrival, proven, targets_of
from maild.tickets.decide import decide, put_aside, put_off
from maild.tickets.decision import Decision, Ruling
from maild.tickets.facts import Facts
from maild.tickets.happening import MailSettled, MayHappen, TimeCame, happening
from maild.tickets.outcome import Moment
from maild.tickets.threading import Placement, find_ticket
from maild.tickets.turns.confirming import confirmed

PORTION = 50  # timers and fates in one transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A mail to work on, by its id in the spool. `blind` says why it must not be taken apart any more: that has failed too often."""

    entry: str
    envelope: Envelope
    raw: bytes
    blind: str = ""


@dataclass(slots=True)
class Decided:
    """What was decided so far, the mails to be sent, timers that come again later, and the facts as the next decision must see them."""

    facts: Facts
    decisions: list[Decision] = field(default_factory=list)
    mails: list[Outgoing] = field(default_factory=list)
    late: list[TimeCame] = field(default_factory=list)

    def add(self, decision: Decision, desk: Desk, now: datetime) -> None:
        """One more decision, and what it does to other tickets: within the budgets, and rendered."""
        for each in (decision, *decision.besides):
            allowed = within_budget(each, self.facts, desk.policy.budgets.limits)  # guard/
            self.mails += desk.renderer.render(allowed, self.facts, now)  # outbox/render
            self.decisions.append(allowed)
            self.facts = self.facts.after(allowed)


def work(items: Sequence[Item], desk: Desk) -> Sequence[Decision]:
    """Takes a batch of mails to its end. Safe to repeat: nothing is kept until the one commit."""
    arrivals = [read(item, desk) for item in items]  # mail/, problem/: pure, total, no lock held
    with desk.store.transaction() as tx:  # one short transaction, the write lock first
        now = desk.clock.now()
        facts = tx.facts_about(arrivals, now, desk.needs_of, desk.policy.limited)  # every look-up, here, once for all
        decided = consider(arrivals, facts, desk, now)
        publish(decided.decisions, desk)
        tx.save(decided.decisions, decided.mails, now)  # tickets, events, timers, outbox, seen
    return decided.decisions


def pass_time(desk: Desk, until: datetime, may_happen: MayHappen, most: int = PORTION) -> Sequence[Decision] | None:
    """Handles the oldest of what is due by a time; None where nothing is. Safe to repeat."""
    with desk.store.transaction() as tx:
        now = desk.clock.now()
        settled, due, facts = tx.what_is_due(until, most, may_happen, now, desk.policy.limited)
        if not (settled or due):
            return None
        decided = go_on(settled, due, facts, desk, now)
        publish(decided.decisions, desk)
        tx.save(decided.decisions, decided.mails, now)
        tx.forget_fates(settled)
        for each in decided.late:
            tx.put_off(each, max(until, now) + PUT_OFF)
    return decided.decisions


def go_on(settled: Sequence[MailSettled], due: Sequence[TimeCame], facts: Facts, desk: Desk, now: datetime) -> Decided:
    """Decides about fates of mails, then about timers, each with its own time as now."""
    decided = Decided(facts)
    for fate in settled:
        decided.add(decide(fate, moment_of(decided.facts, desk, fate.at)), desk, now)  # tickets/decide
    for timer in due:
        ticket = decided.facts.tickets[timer.ticket]
        if not timer.still_stands(ticket):
            continue
        decision = decide(timer, moment_of(decided.facts, desk, timer.at))
        if leaves_out_customers(decision, decided.facts, desk.policy.budgets.limits):
            decided.late.append(timer)
            decision = put_off(timer, ticket, "over a budget", now)
        decided.add(decision, desk, now)
    return decided


def consider(arrivals: Sequence[Arrival], facts: Facts, desk: Desk, now: datetime) -> Decided:
    """Decides about each mail and each of its targets, in the order of arrival."""
    decided = Decided(facts)
    for arrival in arrivals:
        if arrival.entry in facts.done:  # handed out twice, which is harmless
            continue
        joined: set[int] = set()
        placed = decided.facts.placed  # a mail is not the one before of itself
        for address, target in proven(arrival, decided.facts, desk.book, desk.policy.teams.everybody):
            decision = judge(arrival, address, target, replace(decided.facts, placed=placed), desk, now)
            if decision.ticket is not None:
                if decision.ticket.number in joined:  # a mail is one message of a ticket, whatever led there
                    continue
                joined.add(decision.ticket.number)
            decided.add(decision, desk, now)  # the next mail of the batch sees it
    return decided


def judge(arrival: Arrival, address: str, target: Target, facts: Facts, desk: Desk, now: datetime) -> Decision:
    """One mail, one target, one decision."""
    policy, reading = desk.policy, arrival.reading
    assurance = assurance_of(reading, target, policy.config.desk.trusted_authserv)  # guard/
    verdict = examine(Examined(reading=reading, target=target, facts=facts, config=policy.config))  # guard/
    if verdict.disposition != "accept":
        return put_aside(arrival.entry, target, reading.digest, verdict, assurance)
    placement = find_ticket(  # tickets/threading
        target, reading, facts, policy.teams.everybody, now - desk.terms.grace, proven=assurance.level >= 1
    )
    if not may_open(target, placement, assurance, policy.required):  # guard/
        return put_aside(arrival.entry, target, reading.digest, NOT_PROVEN, assurance)
    ruling = rule(arrival, target, placement, policy)  # rules/
    happened = happening(arrival.entry, target, address, reading, placement, ruling, assurance, verdict.reason)
    happened = confirmed(happened, policy.lexicon, now)  # tickets/turns/confirming
    return decide(happened, moment_of(facts, desk, now))  # tickets/decide


def publish(decisions: Sequence[Decision], desk: Desk) -> None:
    """Files become public before the commit that tells of them: a batch that is done again writes the same ones."""
    desk.shelf.put([each for decision in decisions for each in decision.publications])


def moment_of(facts: Facts, desk: Desk, now: datetime) -> Moment:
    """What a decision has to go by."""
    policy = desk.policy
    config = policy.config
    return Moment(
        facts=facts,
        terms=desk.terms,
        now=now,
        really=desk.clock.now(),
        marks=desk.book.internal_marks,
        is_ours=lambda address: config.mailbox_of(address) is not None or config.is_operators(address),
        rule=lambda ticket, words: policy.rules.rule_on_part(ticket, words, policy.lexicon),
    )


def rule(arrival: Arrival, target: Target, placement: Placement, policy: Policy) -> Ruling:
    """What the rules say, knowing all that the ticket knows."""
    reading = arrival.reading
    fields = merged(placement.ticket.fields, reading.fields) if placement.ticket else reading.fields
    return policy.rules.evaluate(reading, target.mailbox.service, fields)


def read(item: Item, desk: Desk) -> Arrival:
    """Understands a mail."""
    envelope = item.envelope
    lexicon = desk.policy.lexicon
    reading = read_blindly(item.raw, envelope, item.blind) if item.blind else read_mail(item.raw, envelope, lexicon)
    return Arrival(entry=item.entry, reading=reading, targets=targets_of(envelope.forward_paths, desk.book))
