"""The commands of upgrade tickets: one row each in `VERBS`. Every step tells the customer, and what it rests on is kept as a paper."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from maild.clock import iso
from maild.problem.fields import read_value
from maild.tickets.cases import read_day, with_papers, without_papers
from maild.tickets.commands.verbs import with_field
from maild.tickets.lifecycle import ended
from maild.tickets.outcome import Given, Moment, Outcome, Verb, Wrong
from maild.tickets.turns.telling import to_requester
from maild.upgrade.gates import obstacles, through


def customisations(outcome: Outcome, given: Given, moment: Moment) -> Outcome:
    """What the customer declares: yes, no, or a list of what there is."""
    spec = moment.terms.table.specs.get("customised")
    read = read_value(spec, given.argument, "agent", 1.0) if spec else None
    if read is None and spec and given.argument:  # a list of modules
        read = read_value(spec, "yes", "agent", 1.0)
    if read is None:
        raise Wrong("it does not say whether there are any")
    ticket = with_field(through(outcome.ticket, "declare"), "customised", read, moment)
    return outcome.becoming(with_papers(ticket, {"customisations": given.argument})).telling(f"declared: {given.argument}")


def test_ready(outcome: Outcome, given: Given, moment: Moment) -> Outcome:
    """The test database is there; the customer gets its address, and a block to report with."""
    url, _, rest = given.argument.partition(" ")
    until = _day_to_come(rest.strip().removeprefix("until").strip(), moment).isoformat() if rest.strip() else ""
    if not url.startswith(("http://", "https://")):
        raise Wrong("it does not say where the test database is")
    ticket = through(outcome.ticket, "test-ready")
    against = obstacles(ticket, moment)
    if against:
        raise Wrong("; ".join(against))
    fields = {name: field for name, field in ticket.fields.items() if name not in ("test_finished", "test_issues")}
    ticket = with_papers(replace(ticket, fields=fields), {"test database": url, "test until": until})
    told = to_requester(ticket, "question", "upgrade-test", url=url, until=until)
    return outcome.becoming(ticket).sending(told).telling("the test database was announced")


def test_failed(outcome: Outcome, given: Given, moment: Moment) -> Outcome:
    """The test showed trouble; another test database follows."""
    ticket = through(outcome.ticket, "test-failed")
    told = to_requester(ticket, "question", "upgrade-failed", reason=given.must_say("why"))
    return outcome.becoming(ticket).sending(told).telling("the customer knows that another test follows")


def tested(outcome: Outcome, given: Given, moment: Moment) -> Outcome:
    """The customer has tested, and found nothing that stands against it."""
    return outcome.becoming(through(outcome.ticket, "tested")).telling("the test is finished")


def rehearsed(outcome: Outcome, given: Given, moment: Moment) -> Outcome:
    """The rehearsal went well."""
    return outcome.becoming(through(outcome.ticket, "rehearsed")).telling("the rehearsal is done")


def consent(outcome: Outcome, given: Given, moment: Moment) -> Outcome:
    """The customer is asked for express consent to what the text says; only a yes that is proven to be his counts."""
    asked = given.must_say("what to consent to")
    papers = {"consent asked": asked, "consent asked at": iso(moment.now), "consent asked by": given.entry}
    ticket = without_papers(with_papers(through(outcome.ticket, "ask consent"), papers), "consent to confirm")
    told = to_requester(ticket, "consent", "consent", asked_for=asked)
    return outcome.becoming(ticket).sending(told).telling("consent was asked for")


def schedule(outcome: Outcome, given: Given, moment: Moment) -> Outcome:
    """The day of the upgrade in production; the customer is told."""
    day = _day_to_come(given.argument, moment).isoformat()
    ticket = with_papers(through(outcome.ticket, "schedule"), {"scheduled": day})
    told = to_requester(ticket, "question", "upgrade-scheduled", date=day)
    return outcome.becoming(ticket).sending(told).telling(f"scheduled for {day}")


def upgraded(outcome: Outcome, given: Given, moment: Moment) -> Outcome:
    """Production is upgraded; from now on its questions go to support."""
    ticket = ended(through(outcome.ticket, "upgraded"), moment.now)
    return outcome.becoming(ticket).sending(to_requester(ticket, "closing", "upgrade-done")).telling("upgraded, and closed")


def refuse(outcome: Outcome, given: Given, moment: Moment) -> Outcome:
    """The upgrade cannot be had; the customer is told why."""
    ticket = ended(through(outcome.ticket, "refuse"), moment.now)
    told = to_requester(ticket, "refusal", reason=given.must_say("why"))
    return outcome.becoming(ticket).sending(told).telling("refused, and closed")


def _day_to_come(text: str, moment: Moment) -> date:
    day = read_day(text)
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
