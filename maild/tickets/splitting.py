"""One ticket, one issue: `#split` takes issues out of a request. Each goes to its own team, at the same time as the others.

The new requests keep author, people, attachments and the time of the customer's first mail; the customer gets one mail about all.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from maild.problem.found import Field
from maild.problem.said import said_in
from maild.tickets.customers import IMPLIED, MAX_SUBJECT
from maild.tickets.decision import Ruling
from maild.tickets.lifecycle import PUBLIC, step
from maild.tickets.outcome import Beside, Given, Moment, Outcome, Wrong
from maild.tickets.telling import fitting, notify, to_requester
from maild.tickets.ticket import Link, Ticket, TicketMessage

OF_ONE_ISSUE = frozenset({"kind", "steps", "current", "expected"})  # all else that is known holds for each
SHOWN_SUBJECT = 80
_NUMBERS = re.compile(r"\[?\s*\d{1,3}(?:[\s,]+\d{1,3})*\s*\]?\Z")


def split(outcome: Outcome, given: Given, moment: Moment) -> Outcome:
    """Issues of the mail become requests of their own: those with these numbers, all but the first, or one that you name."""
    ticket = outcome.ticket
    if ticket.service != "support" or ticket.sealed:
        raise Wrong("only requests of the support service can be split")
    mail = next((each for each in moment.facts.history.get(ticket.number, ()) if each.direction == "in"), None)
    issues = _named(given.argument) or _chosen(ticket, given.argument, mail, moment)
    first = moment.facts.next_number + sum(1 for each in outcome.besides if each.message)
    children = [_child(ticket, first + place, issue, mail, moment) for place, issue in enumerate(issues)]
    numbers = [each.outcome.ticket.number for each in children]
    parts = tuple((each.outcome.ticket.number, each.outcome.ticket.subject) for each in children)
    told = replace(to_requester(ticket, "notice", "split", parts=parts), watched=False)
    return (
        outcome.becoming(replace(ticket, issues=max(ticket.issues - len(children), 1)))
        .noting("Split", moment.now, "agent", into=numbers)
        .linking(*(Link(kind="split", number=number) for number in numbers))
        .with_beside(*children)
        .sending(told)
        .telling(*(f"#{number}: {subject}" for number, subject in parts))
    )


def _named(argument: str) -> Sequence[tuple[str, str]]:
    """The one (subject, text) that the agent gives, where it is no list of numbers."""
    return [(argument, argument)] if argument and not _NUMBERS.match(argument) else ()


def _chosen(ticket: Ticket, argument: str, mail: TicketMessage | None, moment: Moment) -> Sequence[tuple[str, str]]:
    """(subject, text) of the issues with these numbers; of one that cannot be told from the others, the whole request's."""
    if ticket.issues < 2:
        raise Wrong("one issue was found in it; '#split SUBJECT' takes out another")
    wanted = sorted({int(each) for each in re.findall(r"\d+", argument)}) or range(2, ticket.issues + 1)
    if wanted[0] < 1 or wanted[-1] > ticket.issues:
        raise Wrong(f"it has the issues 1 to {ticket.issues}")
    if len(wanted) == ticket.issues:
        raise Wrong("one of them stays in this request")
    lexicon = moment.terms.lexicon
    said = said_in("", mail.text, ticket.fields) if mail else None
    texts = lexicon.issues.parts(said, lexicon.topics, ticket.language) if said else ()
    known = len(texts) == ticket.issues
    return [
        (_line(texts[each - 1]), texts[each - 1]) if known else (f"{ticket.subject} ({each})", mail.text if mail else "")
        for each in wanted
    ]


def _line(text: str) -> str:
    """What it is about, in one line."""
    line = " ".join(text.split()).rstrip(".")
    return line if len(line) <= SHOWN_SUBJECT else f"{line[:SHOWN_SUBJECT].rpartition(' ')[0]}\u2026"


def _child(ticket: Ticket, number: int, issue: tuple[str, str], mail: TicketMessage | None, moment: Moment) -> Beside:
    subject, text = issue
    ruling = moment.rule(ticket, text)
    child = step(_opened(ticket, number, subject, ruling, mail, moment), "opened", moment.now, opening=True)
    reason = f"It was split from #{ticket.number}, for this issue: {' '.join(text.split())[:MAX_SUBJECT].rstrip('.')}"
    files = fitting(mail.attachments, moment.terms) if mail else ()
    told = tuple(
        replace(each, enclosed=files, source=mail.id if mail else "") for each in notify(child, moment.terms, reason=reason)
    )
    shown = {name: getattr(child, name) for name in PUBLIC}
    shown |= {"hit": ruling.hit, "missed": ruling.missed, "topics": ruling.topics}
    outcome = Outcome(ticket=child).sending(*told).linking(Link(kind="split", number=ticket.number))
    outcome = outcome.noting("TicketOpened", moment.now, "agent", f"split from #{ticket.number}", ruling.chosen_by, **shown)
    return Beside(outcome=outcome, message=mail)


def _opened(ticket: Ticket, number: int, subject: str, ruling: Ruling, mail: TicketMessage | None, moment: Moment) -> Ticket:
    """What the request is, but for what is the other issues': nothing is asked again, and nobody has it yet."""
    fields = {name: field for name, field in ticket.fields.items() if name not in OF_ONE_ISSUE}
    if ruling.kind is not None:
        fields["kind"] = Field(value=ruling.kind, source="rule", confidence=IMPLIED)
    return replace(
        ticket,
        number=number,
        subject=subject[:MAX_SUBJECT],
        team=ruling.team or ticket.team,
        assignee=None,
        priority=ticket.priority if ruling.priority is None else ruling.priority,
        blocking=False,
        scope=ruling.scope or "in-scope",
        issues=1,
        fields=fields,
        missing=(),
        tags=ruling.tags,
        created_at=moment.now,
        asked_at=None,
        thread=(mail.message_id,) if mail and mail.message_id else (),
        due=(),
    )
