"""The commands of upgrade tickets: one row each in `VERBS`. Every step tells the customer, and what it rests on is kept as a paper."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from maild.clock import iso
from maild.problem.fields import read_value
from maild.tickets.lifecycle import ended
from maild.tickets.outcome import Given, Moment, Outcome, Verb, Wrong
from maild.tickets.telling import to_requester
from maild.tickets.verbs import with_field
from maild.upgrade.gates import Step, obstacles, through, with_paper


def customisations(outcome: Outcome, given: Given, moment: Moment) -> Outcome:
    """What the customer declares: yes, no, or a list of what there is."""
    spec = moment.terms.table.specs.get("customised")
    read = read_value(spec, given.argument, "agent", 1.0) if spec else None
    if read is None and spec and given.argument:  # a list of modules
        read = read_value(spec, "yes", "agent", 1.0)
    if read is None:
        raise Wrong("it does not say whether there are any")
    ticket = with_field(through(outcome.ticket, "declare"), "customised", read, moment)
    return outcome.becoming(with_paper(ticket, customisations=given.argument)).telling(f"declared: {given.argument}")


def test_ready(outcome: Outcome, given: Given, moment: Moment) -> Outcome:
    """The test database is there; the customer gets its address, and a block to report with."""
    url, _, rest = given.argument.partition(" ")
    until = _date(rest.strip().removeprefix("until").strip(), moment) if rest.strip() else None
    if not url.startswith(("http://", "https://")):
        raise Wrong("it does not say where the test database is")
    ticket = through(outcome.ticket, "test-ready")
    against = obstacles(ticket, moment)
    if against:
        raise Wrong("; ".join(against))
    fields = {name: field for name, field in ticket.fields.items() if name not in ("test_finished", "test_issues")}
    ticket = with_paper(replace(ticket, fields=fields), test_database=url, test_until=until.isoformat() if until else "")
    told = to_requester(ticket, "question", "upgrade-test", url=url, until=until.isoformat() if until else "")
    return outcome.becoming(ticket).sending(told).telling("the test database was announced")


def test_failed(outcome: Outcome, given: Given, moment: Moment) -> Outcome:
    """The test showed trouble; another test database follows."""
    return _told(outcome, given, "test-failed", "upgrade-failed", "the customer knows that another test follows")


def tested(outcome: Outcome, given: Given, moment: Moment) -> Outcome:
    """The customer has tested, and found nothing that stands against it."""
    return outcome.becoming(through(outcome.ticket, "tested")).telling("the test is finished")


def rehearsed(outcome: Outcome, given: Given, moment: Moment) -> Outcome:
    """The rehearsal went well."""
    return outcome.becoming(through(outcome.ticket, "rehearsed")).telling("the rehearsal is done")


def consent(outcome: Outcome, given: Given, moment: Moment) -> Outcome:
    """The customer is asked for express consent to what the text says; only a yes that is proven to be his counts."""
    if not given.argument:
        raise Wrong("it does not say what to consent to")
    ticket = through(outcome.ticket, "ask consent")
    ticket = with_paper(ticket, consent_asked=given.argument, consent_asked_at=iso(moment.now), consent_asked_by=given.entry)
    told = to_requester(ticket, "consent", "consent", asked_for=given.argument)
    return outcome.becoming(ticket).sending(told).telling("consent was asked for")


def schedule(outcome: Outcome, given: Given, moment: Moment) -> Outcome:
    """The day of the upgrade in production; the customer is told."""
    day = _date(given.argument, moment)
    ticket = with_paper(through(outcome.ticket, "schedule"), scheduled=day.isoformat())
    told = to_requester(ticket, "question", "upgrade-scheduled", date=day.isoformat())
    return outcome.becoming(ticket).sending(told).telling(f"scheduled for {day}")


def upgraded(outcome: Outcome, given: Given, moment: Moment) -> Outcome:
    """Production is upgraded; from now on its questions go to support."""
    ticket = ended(through(outcome.ticket, "upgraded"), moment.now)
    return outcome.becoming(ticket).sending(to_requester(ticket, "closing", "upgrade-done")).telling("upgraded, and closed")


def refuse(outcome: Outcome, given: Given, moment: Moment) -> Outcome:
    """The upgrade cannot be had; the customer is told why."""
    if not given.argument:
        raise Wrong("it does not say why")
    ticket = ended(through(outcome.ticket, "refuse"), moment.now)
    return outcome.becoming(ticket).sending(to_requester(ticket, "refusal", reason=given.argument)).telling("refused, and closed")


def _told(outcome: Outcome, given: Given, gate: Step, template: str, line: str) -> Outcome:
    if not given.argument:
        raise Wrong("it does not say why")
    ticket = through(outcome.ticket, gate)
    return outcome.becoming(ticket).sending(to_requester(ticket, "question", template, reason=given.argument)).telling(line)


def _date(text: str, moment: Moment) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Wrong(f"'{text}' is no date like 2026-11-30") from None
    if day < moment.now.date():
        raise Wrong(f"{day} is past")
    return day


VERBS: Mapping[str, Verb] = {
    "customisations": Verb(usage="#customisations yes|no|LIST", act=customisations, service="upgrade"),
    "test-ready": Verb(usage="#test-ready URL [until DATE]", act=test_ready, service="upgrade"),
    "test-failed": Verb(usage="#test-failed REASON", act=test_failed, service="upgrade"),
    "tested": Verb(usage="#tested", act=tested, service="upgrade"),
    "rehearsed": Verb(usage="#rehearsed", act=rehearsed, service="upgrade"),
    "consent": Verb(usage="#consent TEXT", act=consent, service="upgrade"),
    "schedule": Verb(usage="#schedule DATE", act=schedule, service="upgrade"),
    "upgraded": Verb(usage="#upgraded", act=upgraded, service="upgrade"),
    "refuse": Verb(usage="#refuse REASON", act=refuse, service="upgrade"),
}
