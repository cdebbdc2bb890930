"""How much automatic mail one correspondent gets: what stops a storm that every other rule has let through."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from maild.tickets.decision import Decision, SendMail
from maild.tickets.facts import Facts
from maild.tickets.ticket import Event


def within_budget(decision: Decision, facts: Facts, per_hour: Mapping[str, int]) -> Decision:
    """The decision without the mails that would go over the budget; each such mail leaves an event on the ticket."""
    allowed: list[SendMail] = []
    events = list(decision.events)
    for mail in decision.mails:
        limit = per_hour.get(mail.kind)
        before = sum(each.kind == mail.kind and each.to == mail.to for each in allowed)
        if limit is None or facts.sent.get((mail.kind, mail.to.address.lower()), 0) + before < limit:
            allowed.append(mail)
        else:
            reason = f"over the budget of {limit} an hour"
            at = decision.events[0].at
            events.append(Event(kind="MailSuppressed", at=at, actor="desk", reason=reason, data={"class": mail.kind}))
    if len(allowed) == len(decision.mails):
        return decision
    return replace(decision, mails=tuple(allowed), events=tuple(events))
