"""The commands that all tickets know: one row each in `VERBS`. Those of the services are in their own rooms.

Each takes the outcome so far and gives a new one; what cannot be done raises `Wrong`, and then nothing at all is done.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from maild.problem.fields import read_value
from maild.problem.found import Field
from maild.problem.table import FieldTable
from maild.tickets.commands.merging import link, merge, the_other
from maild.tickets.commands.splitting import split
from maild.tickets.contracts.entitlement import prefilled
from maild.tickets.copies import cc
from maild.tickets.facts import NOTHING_NEEDED, Needs
from maild.tickets.lacking import still_missing
from maild.tickets.lifecycle import Step, UnknownTurn, step
from maild.tickets.outcome import Given, Moment, Outcome, Verb, Wrong
from maild.tickets.ticket import Ticket
from maild.tickets.turns.telling import notify, to_requester

HISTORY_TEXT = 2_000


def take(outcome: Outcome, given: Given, moment: Moment) -> Outcome:
    """The agent has the ticket now. Who wrote by another way than an answer gets a notification, with the address to answer by."""
    outcome = _assigned(outcome, moment.terms.teams.written(given.agent), moment)
    return (
        outcome if given.role == "a" else outcome.sending(*notify(outcome.ticket, moment.terms, reason="You took this request"))
    )


def assign(outcome: Outcome, given: Given, moment: Moment) -> Outcome:
    """Another agent has it, or nobody; whoever gets it is told."""
    if given.must_say("to whom").lower() in ("none", "nobody"):
        return outcome.becoming(replace(outcome.ticket, assignee=None)).telling("assigned to nobody")
    found = moment.terms.teams.find(given.argument)
    if len(found) != 1:
        known = ", ".join(found or moment.terms.teams.agents)
        raise Wrong(f"'{given.argument}' is {'several agents' if found else 'no agent'}: {known}")
    if found[0].lower() == given.agent:
        return take(outcome, given, moment)
    if outcome.ticket.sealed and found[0] not in moment.terms.teams.members(outcome.ticket.team):
        raise Wrong(f"a sealed case stays with the {outcome.ticket.team} team")
    outcome = _assigned(outcome, found[0], moment)
    return outcome.sending(*notify(outcome.ticket, moment.terms, reason="A colleague assigned this request to you"))


def _assigned(outcome: Outcome, agent: str, moment: Moment) -> Outcome:
    name = moment.terms.teams.name_of(agent) or agent
    return outcome.becoming(replace(outcome.ticket, assignee=agent)).telling(f"assigned to {name}")


def team(outcome: Outcome, given: Given, moment: Moment) -> Outcome:
    """Another team has it; each of its members is told."""
    teams = moment.terms.teams
    wanted = given.argument.lower()
    if wanted not in teams.teams:
        raise Wrong(f"there is no team '{given.argument}': {', '.join(teams.teams)}")
    ticket = outcome.ticket
    if ticket.sealed:
        raise Wrong(f"a sealed case stays with the {ticket.team} team")
    keeps = ticket.assignee is not None and ticket.assignee in teams.members(wanted)
    ticket = replace(ticket, team=wanted, assignee=ticket.assignee if keeps else None)
    told = notify(ticket, moment.terms, reason=f"A colleague passed this request to the {wanted} team")
    return outcome.becoming(ticket).sending(*told).telling(f"passed to the {wanted} team")


def close(outcome: Outcome, given: Given, moment: Moment) -> Outcome:
    """Done; the customer is told, with the reason if there is one."""
    ticket = _stepped(outcome.ticket, "closed", moment)
    told = to_requester(ticket, "closing", silent=False, reason=given.argument)
    return outcome.becoming(ticket).sending(replace(told, watched=False)).telling("closed")


def spam(outcome: Outcome, given: Given, moment: Moment) -> Outcome:
    """Done, without a word to whoever wrote."""
    ticket = _stepped(outcome.ticket, "closed", moment)
    tags = tuple(dict.fromkeys((*ticket.tags, "spam")))
    return outcome.becoming(replace(ticket, tags=tags)).telling("closed as spam; nobody was told")


def reopen(outcome: Outcome, given: Given, moment: Moment) -> Outcome:
    """Back to where it was before it was answered or closed."""
    ticket = _stepped(outcome.ticket, "reopened", moment)
    return outcome.becoming(ticket).telling(f"reopened, in {ticket.stage}")


def _stepped(ticket: Ticket, name: Step, moment: Moment) -> Ticket:
    try:
        return step(ticket, name, moment.now)
    except UnknownTurn:
        raise Wrong(f"the request is in {ticket.stage} already") from None


def note(outcome: Outcome, given: Given, moment: Moment) -> Outcome:
    """The text below is a note, wherever this mail was sent to."""
    return outcome.telling("the text was kept as an internal note")


def field(outcome: Outcome, given: Given, moment: Moment) -> Outcome:
    """What is known of the request, as the customer would have written it."""
    name, value = _named_value(given.argument, moment.terms.table)
    if name not in moment.terms.table.specs or "=" not in given.argument:
        raise Wrong(f"'{given.argument.partition('=')[0].strip()}' is no field: {', '.join(moment.terms.table.specs)}")
    return _known(outcome, name, value, moment)


def _named_value(argument: str, table: FieldTable) -> tuple[str, str]:
    """`Contract number = M1` by the field's own name."""
    name, _, value = argument.partition("=")
    return table.labels.named(name) or name.strip().lower(), value.strip()


def _field_needs(argument: str, table: FieldTable) -> Needs:
    name, value = _named_value(argument, table)
    return _contract_needs(value, table) if name == "contract" else NOTHING_NEEDED


def _contract_needs(value: str, table: FieldTable) -> Needs:
    spec = table.specs.get("contract")
    read = read_value(spec, value, "agent", 1.0) if spec else None
    return Needs(contracts=frozenset({str(read.value)})) if read and read.value else NOTHING_NEEDED


def _short_for(name: str) -> Verb:
    """`#version 17.0` is short for `#field version=17.0`."""

    def act(outcome: Outcome, given: Given, moment: Moment) -> Outcome:
        return _known(outcome, name, given.argument, moment)

    act.__doc__ = f"Short for #field {name}={name[0].upper()}"
    return Verb(usage=f"#{name} {name[0].upper()}", act=act, needs=lambda value, table: _field_needs(f"{name}={value}", table))


def _known(outcome: Outcome, name: str, value: str, moment: Moment) -> Outcome:
    spec = moment.terms.table.specs.get(name)
    read = read_value(spec, value, "agent", 1.0) if spec else None
    if read is None or read.value is None:
        raise Wrong(f"'{value}' is not understood as {name}" if value else f"it does not say which {name}")
    ticket = with_field(outcome.ticket, name, read, moment)
    return outcome.becoming(ticket).telling(f"{name} is {read.value}")


def with_field(ticket: Ticket, name: str, read: Field, moment: Moment) -> Ticket:
    """The ticket with one field known; a contract brings what the registry knows with it, in the place of what another brought."""
    fields = {**ticket.fields, name: read}
    if name == "contract":
        said = {each: found for each, found in fields.items() if found.source != "registry"}
        fields = prefilled(said, moment.facts.contracts.get(str(read.value)))
    return replace(ticket, fields=fields, missing=still_missing(ticket, fields, moment))


def history(outcome: Outcome, given: Given, moment: Moment) -> Outcome:
    """The conversation so far, in the receipt."""
    if outcome.ticket.sealed:
        return outcome.telling(f"sealed: read it on the desk's host with: maild ticket {outcome.ticket.number} --sealed")
    lines: list[str] = []
    for each in moment.facts.history.get(outcome.ticket.number, ()):
        kind = "" if each.is_public else ", internal"
        lines += ["", f"{each.at:%Y-%m-%d %H:%M} UTC, {each.author.address}{kind}:", each.text[:HISTORY_TEXT]]
    return outcome.telling(*(lines or ["nothing was written yet"]))


def help_(outcome: Outcome, given: Given, moment: Moment) -> Outcome:
    """All commands that this ticket knows, in the receipt."""
    service = outcome.ticket.service
    usable = [verb for verb in moment.terms.verbs.values() if verb.service in ("", service)]
    return outcome.telling(*(f"{verb.usage:34} {(verb.act.__doc__ or '').partition('.')[0]}".rstrip() for verb in usable))


VERBS: Mapping[str, Verb] = {
    "take": Verb(usage="#take", act=take),
    "assign": Verb(usage="#assign WHO", act=assign),
    "team": Verb(usage="#team T", act=team),
    "close": Verb(usage="#close [reason]", act=close),
    "reopen": Verb(usage="#reopen", act=reopen),
    "note": Verb(usage="#note", act=note),
    "field": Verb(usage="#field NAME=VALUE", act=field, needs=_field_needs),
    "version": _short_for("version"),
    "contract": _short_for("contract"),
    "database": _short_for("database"),
    "cc": Verb(usage="#cc +ADDRESS -ADDRESS", act=cc),
    "split": Verb(usage="#split [2,3] or #split SUBJECT", act=split, needs=lambda _, __: Needs(opening=True)),
    "merge": Verb(usage="#merge N", act=merge, needs=the_other),
    "link": Verb(usage="#link N", act=link, needs=the_other),
    "spam": Verb(usage="#spam", act=spam),
    "history": Verb(usage="#history", act=history),
    "help": Verb(usage="#help", act=help_),
}
