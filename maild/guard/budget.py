"""How much automatic mail there is in an hour: what stops a storm that every other rule has let through."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from maild.tickets.budget import Counted, Scope, payers
from maild.tickets.decision import Decision, MailClass, SendMail
from maild.tickets.facts import Facts
from maild.tickets.ticket import Event

Limits = Mapping[Scope, Mapping[MailClass, int]]  # scope -> class of mail -> how many an hour
OF: Mapping[Scope, str] = {
    "correspondent": "an hour",
    "domain": "an hour for a domain",
    "ticket": "an hour for a ticket",
    "desk": "an hour in all",
}


PUT_OFF = timedelta(hours=1)  # what time sends, where it would go over a budget
TO_AGENTS = ("notification", "note")


def leaves_out_customers(decision: Decision, facts: Facts, limits: Limits) -> bool:
    """Whether a mail is not allowed that somebody outside waits for: a reminder that was not sent must not count as one."""
    allowed = within_budget(decision, facts, limits)
    left_out = (each for each in decision.mails if not any(each is kept for kept in allowed.mails))
    return any(each.kind not in TO_AGENTS for each in left_out)


def within_budget(decision: Decision, facts: Facts, limits: Limits) -> Decision:
    """The decision without the mails that would go over a budget; each such mail leaves an event on the ticket."""
    allowed: list[SendMail] = []
    events = list(decision.events)
    used: Counter[Counted] = Counter()
    number = decision.ticket.number if decision.ticket else None
    by_guest = any(each.kind == "GuestWrote" for each in decision.events)
    for mail in decision.mails:
        whose = dict(payers(mail.to.address, number))
        if mail.kind == "notification" and not by_guest:
            whose.pop("ticket", None)  # what strangers write must not silence the customer
        exhausted = _exhausted(mail.kind, whose, facts, used, limits)
        if exhausted is None:
            allowed.append(mail)
            used.update((mail.kind, scope, each) for scope, each in whose.items())
        else:
            reason = f"over the budget of {limits[exhausted][mail.kind]} {OF[exhausted]}"
            at = decision.events[0].at
            events.append(Event(kind="MailSuppressed", at=at, actor="desk", reason=reason, data={"class": mail.kind}))
    if len(allowed) == len(decision.mails):
        return decision
    return replace(decision, mails=tuple(allowed), events=tuple(events))


def _exhausted(
    kind: MailClass, whose: Mapping[Scope, str], facts: Facts, used: Mapping[Counted, int], limits: Limits
) -> Scope | None:
    """The first scope whose budget has no room for one more mail of this class."""
    for scope, each in whose.items():
        limit = limits.get(scope, {}).get(kind)
        if limit is not None and facts.sent.get((kind, scope, each), 0) + used.get((kind, scope, each), 0) >= limit:
            return scope
    return None
