"""One ticket, one issue: `#split` takes issues out of a request. Each goes to its own team, at the same time as the others.

The new requests keep author, people, attachments and the time of the customer's first mail; the customer gets one mail about all.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from maild.problem.fields import find_fields
from maild.problem.found import Field
from maild.problem.said import MAX_TEXT, said_in
from maild.tickets.cases import with_papers
from maild.tickets.decision import Ruling, SendMail
from maild.tickets.lifecycle import PUBLIC, step
from maild.tickets.outcome import Beside, Given, Moment, Outcome, Wrong
from maild.tickets.ticket import Link, Ticket, TicketMessage
from maild.tickets.turns.customers import IMPLIED, MAX_SUBJECT, service_of
from maild.tickets.turns.telling import fitting, notify, to_requester

OF_ONE_ISSUE = frozenset({"kind", "steps", "current", "expected"})  # all else that is known holds for each
SHOWN_SUBJECT = 80
TAKEN = "split"  # the paper that names the issues which are requests of their own already
_WORD = re.compile(r"[^\W\d_]{2,}")
_JOINING = re.compile(r"(?i)\b(?:and|und|et|y|e|en)\b")
_RANGE = re.compile(r"(\d{1,3})(?:\s*-\s*(\d{1,3}))?")


def split(outcome: Outcome, given: Given, moment: Moment) -> Outcome:
    """Issues of the mail become requests of their own: those with these numbers, all but the first, or one that you name."""
    ticket = outcome.ticket
    if ticket.service != "support" or ticket.sealed:
        raise Wrong("only requests of the support service can be split")
    mail = moment.facts.openings.get(ticket.number)
    taken = set(map(int, ticket.papers.get(TAKEN, "").split()))
    issues = _named(given.argument) or _chosen(ticket, given.argument, mail, taken, moment)
    first = moment.facts.next_number + sum(1 for each in outcome.besides if each.absorbs is None)
    children = [_child(ticket, first + place, issue, mail, moment) for place, issue in enumerate(issues)]
    parts = tuple((each.outcome.ticket.number, each.outcome.ticket.subject) for each in children)
    numbers = [number for number, _ in parts]
    taken |= {issue.number for issue in issues if issue.number}
    return (
        replace(outcome, mails=_with_notice(outcome.mails, ticket, parts))
        .becoming(with_papers(ticket, {TAKEN: " ".join(map(str, sorted(taken)))}))
        .noting("Split", moment.now, "agent", into=numbers)
        .linking(*(Link(kind="split", number=number) for number in numbers))
        .with_beside(*children)
        .telling(*(f"#{number}: {subject}" for number, subject in parts))
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """What becomes a request: its number in the mail, 0 where an agent has named it, a subject, and its words."""

    number: int = 0
    subject: str
    text: str


def _with_notice(mails: tuple[SendMail, ...], ticket: Ticket, parts: tuple[tuple[int, str], ...]) -> tuple[SendMail, ...]:
    """One notice to the customer, however often the mail splits."""
    known = next((each for each in mails if each.template == "split"), None)
    before = known.values["parts"] if known else ()
    assert isinstance(before, tuple)
    told = replace(to_requester(ticket, "notice", "split", parts=(*before, *parts)), watched=False)
    return (*(each for each in mails if each is not known), told)


def _named(argument: str) -> list[Issue]:
    """The one that the agent gives in words, where they are no list of numbers."""
    has_words = _WORD.search(_JOINING.sub("", argument)) is not None
    return [Issue(subject=_line(argument), text=argument)] if has_words else []


def _chosen(ticket: Ticket, argument: str, mail: TicketMessage | None, taken: set[int], moment: Moment) -> list[Issue]:
    """The issues with these numbers, else all but the first; one that cannot be told from the others has the whole text."""
    if mail is None:
        raise Wrong("the mail that opened it is not known any more; '#split SUBJECT' takes out another")
    if ticket.issues < 2:
        raise Wrong("one issue was found in it; '#split SUBJECT' takes out another")
    named = {number for low, high in _RANGE.findall(argument) for number in range(int(low), int(high or low) + 1)}
    if argument and not named:
        raise Wrong(f"'{argument}' is neither a number nor a subject")
    wanted = sorted(named or set(range(2, ticket.issues + 1)) - taken)
    if not wanted or wanted[0] < 1 or wanted[-1] > ticket.issues:
        raise Wrong(f"it has the issues 1 to {ticket.issues}" if wanted else "all issues are requests of their own already")
    if taken & set(wanted):
        raise Wrong(f"{min(taken & set(wanted))} is a request of its own already")
    if len(taken | set(wanted)) == ticket.issues:
        raise Wrong("one of them stays in this request")
    texts = _texts(mail, ticket, moment)
    whole = mail.text[:MAX_TEXT]
    return [
        Issue(number=each, subject=_line(texts[each - 1]), text=texts[each - 1])
        if texts
        else Issue(number=each, subject=f"{ticket.subject} ({each})", text=whole)
        for each in wanted
    ]


def _texts(mail: TicketMessage, ticket: Ticket, moment: Moment) -> Sequence[str]:
    """The text of each issue; empty where they cannot be told apart."""
    lexicon = moment.terms.lexicon
    said = said_in(mail.subject, mail.text, find_fields(mail.text, mail.subject, lexicon.fields))
    texts = lexicon.issues.parts(said, lexicon.topics, ticket.language)
    return texts if len(texts) == ticket.issues else ()


def _line(text: str) -> str:
    """What it is about, in one line."""
    line = " ".join(text.split()).rstrip(".")
    cut = line[:SHOWN_SUBJECT]
    return line if cut == line else f"{cut.rpartition(' ')[0] or cut}\u2026"


def _child(ticket: Ticket, number: int, issue: Issue, mail: TicketMessage | None, moment: Moment) -> Beside:
    ruling = moment.rule(ticket, issue.text)
    child = step(_opened(ticket, number, issue.subject, ruling, mail, moment), "opened", moment.now, opening=True)
    reason = f"It was split from #{ticket.number}, for this issue: {' '.join(issue.text.split())[:MAX_SUBJECT].rstrip('.')}"
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
    service = service_of("support", ruling.scope)
    return replace(
        ticket,
        number=number,
        service=service,
        case=moment.terms.service(service).begins,
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
        papers={},
        unconfirmed=(),
        opening=mail.id if mail else "",
        absorbed=(),
        thread=(mail.message_id,) if mail and mail.message_id else (),
        due=(),
    )
