"""From what happened to what is to be done: one turn for each kind of happening. Pure; no store, no clock, no templates."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from maild.tickets.address import Target, ToBounce, ToOperator
from maild.tickets.assurance import Assurance
from maild.tickets.decision import Decision, Ruling, Verdict
from maild.tickets.happening import (
    AgentWrote,
    CustomerOpened,
    CustomerWrote,
    GuestWrote,
    Happening,
    MachineWrote,
    MailBounced,
    MailCame,
    MailSettled,
    TimeCame,
)
from maild.tickets.lifecycle import PUBLIC, changes, without
from maild.tickets.outcome import Beside, Moment, Outcome
from maild.tickets.ticket import Event, Link, Ticket, TicketMessage
from maild.tickets.turns import clocks, customers, delivery
from maild.tickets.turns.agents import agent_wrote
from maild.tickets.turns.cautions import cautions
from maild.tickets.turns.customers import MAX_SUBJECT, message_ids

CLOCKS: Mapping[str, Callable[[Outcome, TimeCame, Moment], Outcome]] = {
    clocks.REMINDER: clocks.reminder_due,
    clocks.CLOSE: clocks.close_due,
}
ACCEPTED = Verdict(disposition="accept", reason="its time came")
BY_COMMAND = Verdict(disposition="accept", reason="by a command on another ticket")


def machine_wrote(happened: MachineWrote, _: Moment) -> Outcome:
    """Kept, and nobody is told: nothing that a machine sends reopens a ticket, or counts as an answer."""
    return Outcome(ticket=happened.ticket)


TURNS: Mapping[type[MailCame], Callable[[Any, Moment], Outcome]] = {
    CustomerOpened: customers.opened,
    CustomerWrote: customers.customer_wrote,
    GuestWrote: customers.guest_wrote,
    AgentWrote: agent_wrote,
    MachineWrote: machine_wrote,
    MailBounced: delivery.mail_bounced,
}


def decide(happened: Happening, moment: Moment) -> Decision:
    """The decision about what happened.

    Raises:
        UnknownTurn: the life cycle has no row for it, which is an error of the program.
    """
    if isinstance(happened, TimeCame):
        return _about_time(happened, moment)
    if isinstance(happened, MailSettled):
        return _about_fate(happened, moment)
    if isinstance(happened.target, ToOperator):
        return _pass_to_operator(happened)
    outcome = TURNS[type(happened)](happened, moment)
    events = (*_events_of_mail(happened, outcome, moment), *outcome.events)
    return replace(
        _decision(outcome, happened.entry, Verdict(disposition="accept", reason=happened.reason), events, moment),
        target=target_mark(happened.target),
        digest=happened.reading.digest,
        assurance=happened.assurance,
        opened=happened.placement.ticket is None,
        message=_message(happened, outcome, moment),
        message_ids=message_ids(happened),
        links=(*_links(happened, moment), *outcome.links),
        bounced=_bounced(happened),
        ruling=happened.ruling,
    )


def _decision(outcome: Outcome, entry: str, verdict: Verdict, events: tuple[Event, ...], moment: Moment) -> Decision:
    """All that an outcome leads to, whatever caused it."""
    return Decision(
        entry=entry,
        target="",
        verdict=verdict,
        ticket=outcome.ticket,
        events=events,
        links=outcome.links,
        mails=outcome.mails,
        publications=outcome.publications,
        numbered=outcome.numbered,
        besides=tuple(_beside(entry, each, moment) for each in outcome.besides),
    )


def put_aside(entry: str, target: Target, digest: bytes, verdict: Verdict, assurance: Assurance) -> Decision:
    """The decision about a mail that is not accepted: nothing changes, and the reason is kept."""
    return Decision(entry=entry, target=target_mark(target), digest=digest, verdict=verdict, assurance=assurance)


def put_off(happened: TimeCame, ticket: Ticket, why: str, now: datetime) -> Decision:
    """The decision about a timer that must come again later: nothing but a line in the log."""
    event = Event(kind="TimerPutOff", at=now, actor="desk", reason=f"{happened.kind}: {why}", data={})
    return Decision(entry="", target="", verdict=ACCEPTED, ticket=ticket, events=(event,))


def target_mark(target: Target) -> str:
    """What "the same target" means for duplicates: the ticket, the bounced mail, or the service's mailbox."""
    number = getattr(target, "number", None)
    key = getattr(target, "key", None)
    return f"ticket {number}" if number else f"bounce {key}" if key else target.mailbox.address


# --- what caused it -------------------------------------------------------------------------------------------


def _about_time(happened: TimeCame, moment: Moment) -> Decision:
    before = moment.facts.tickets[happened.ticket]
    turns = {**CLOCKS, **moment.terms.service(before.service).due}
    begun = Outcome(ticket=replace(before, due=without(before.due, happened.kind)))
    outcome = turns[happened.kind](begun, happened, moment)
    event = Event(kind="TimeCame", at=moment.now, actor="desk", reason=happened.kind, data={})
    cause = f"{happened.kind} of {before.number} at {happened.at.isoformat()}"
    return _caused(cause, event, before, outcome, moment)


def _about_fate(happened: MailSettled, moment: Moment) -> Decision:
    before = moment.facts.current(happened.ticket) or moment.facts.tickets[happened.ticket]
    outcome = delivery.mail_settled(before, happened, moment)
    is_sent = happened.state == "sent"
    event = Event(
        kind="MailAccepted" if is_sent else "MailLost",
        at=happened.at,
        actor="desk",
        reason=happened.kind if is_sent else f"{happened.kind}: {happened.reply}",
        data={"mail": happened.key, "class": happened.kind, "state": happened.state},
    )
    return _caused(f"fate of {happened.key}", event, before, outcome, moment)


def _caused(cause: str, event: Event, before: Ticket, outcome: Outcome, moment: Moment) -> Decision:
    events = (event, *_changed(before, outcome.ticket, moment), *outcome.events)
    return _decision(outcome, cause, ACCEPTED, events, moment)


def _beside(cause: str, other: Beside, moment: Moment) -> Decision:
    """What the same mail does to another ticket. It is that ticket's own decision, and leaves no trace of being a mail's target."""
    outcome = other.outcome
    before = moment.facts.tickets.get(outcome.ticket.number)
    events = (*outcome.events, *(_changed(before, outcome.ticket, moment, "agent") if before else ()))
    return replace(
        _decision(outcome, cause, BY_COMMAND, events, moment),
        target=f"ticket {outcome.ticket.number}",
        opened=before is None,
        message=other.message,
        absorbs=other.absorbs,
    )


def _pass_to_operator(happened: MailCame) -> Decision:
    """Mail to postmaster@ and abuse@ is passed to the operator as one line; it opens no ticket and is kept on hold."""
    return Decision(
        entry=happened.entry,
        target=f"operator {happened.address}",
        digest=happened.reading.digest,
        verdict=Verdict(disposition="hold", reason="for-the-operator"),
        assurance=happened.assurance,
    )


# --- what is kept of it ---------------------------------------------------------------------------------------


def _message(happened: MailCame, outcome: Outcome, moment: Moment) -> TicketMessage:
    """The mail as a message of its ticket; an agent's answer is kept as what the customer got."""
    mail = happened.reading.message
    standing = happened.placement.standing
    machine = isinstance(happened, MailBounced) or (isinstance(happened, MachineWrote) and standing in ("agent", "guest"))
    by_agent = isinstance(happened, AgentWrote) or outcome.passed_on
    internal = machine or by_agent or isinstance(happened, GuestWrote) or happened.role == "n"
    return TicketMessage(
        id=happened.entry,
        direction="in" if outcome.answered is None else "out",
        visibility="internal" if internal and outcome.answered is None else "public",
        at=happened.reading.envelope.arrived_at,
        author=mail.author or outcome.ticket.requester,
        subject=mail.subject[:MAX_SUBJECT],
        text=outcome.answered or mail.told,
        message_id=mail.message_id,
        attachments=mail.attachments,
        defects=(*mail.defects, *cautions(happened, moment)),
    )


def _links(happened: MailCame, moment: Moment) -> tuple[Link, ...]:
    """To what it follows and refers to; that there is a sealed case is told to its team alone."""
    placement = happened.placement
    known = (moment.facts.current(number) for number in placement.mentioned)
    mentioned = dict.fromkeys(each.number for each in known if each and (not each.sealed or happened.target.mailbox.sealed))
    follows = (Link(kind="follow-up", number=placement.follows),) if placement.follows else ()
    return (*follows, *(Link(kind="mentions", number=number) for number in mentioned))


def _bounced(happened: MailCame) -> tuple[str, ...]:
    """Only a permanent failure changes anything; a report of delay is a note."""
    report = happened.reading.message.bounce
    if not isinstance(happened, MailBounced) or not isinstance(happened.target, ToBounce) or report is None:
        return ()
    return (happened.target.key,) if any(each.action == "failed" for each in report.recipients) else ()


# --- the log --------------------------------------------------------------------------------------------------


def _events_of_mail(happened: MailCame, outcome: Outcome, moment: Moment) -> list[Event]:
    before, after, ruling = happened.placement.ticket, outcome.ticket, happened.ruling
    actor = "desk" if isinstance(happened, MailBounced | MachineWrote) else happened.placement.standing
    actor = "agent" if outcome.passed_on else actor
    rule = ruling.chosen_by
    arrived: dict[str, object] = {"message": happened.entry, "how": happened.placement.how, "level": happened.assurance.level}
    arrived["because"] = happened.assurance.why
    events: list[Event] = []
    if before is None:
        shown = {**arrived, **{name: getattr(after, name) for name in PUBLIC}, "hit": ruling.hit, "missed": ruling.missed}
        shown["topics"] = ruling.topics
        events.append(Event(kind="TicketOpened", at=moment.now, actor=actor, reason=happened.reason, rule=rule, data=shown))
    else:
        events.append(Event(kind=type(happened).__name__, at=moment.now, actor=actor, reason=happened.reason, data=arrived))
        events += _changed(before, after, moment, actor, ruling)
    found = {name: field.source for name, field in happened.reading.fields.items()}
    if found and isinstance(happened, CustomerOpened | CustomerWrote):
        data: dict[str, object] = {"message": happened.entry, "fields": found}
        events.append(Event(kind="FieldsFound", at=moment.now, actor=actor, data=data))
    return events


def _changed(before: Ticket, after: Ticket, moment: Moment, actor: str = "desk", ruling: Ruling | None = None) -> list[Event]:
    changed = changes(before, after)
    if not changed:
        return []
    rule = ruling.chosen_by if ruling and "team" in changed else ""
    return [Event(kind="TicketChanged", at=moment.now, actor=actor, rule=rule, data=changed)]
