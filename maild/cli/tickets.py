"""tickets, ticket, explain: looking at what the desk knows."""

from __future__ import annotations

from typing import Annotated

import typer
from typer import Argument, Context, Option

from maild.cli.open import config_of, store_of
from maild.cli.shapes import say_json, table, ticket_shape, whole_shape
from maild.clock import iso
from maild.document import nearest
from maild.errors import BadInput, Usage
from maild.store.look import Look, Whole

STAGES = ("qualification", "process", "feedback", "rating", "done")
COLUMNS = ("number", "stage", "team", "service", "requester", "missing", "subject")
Sealed = Annotated[bool, Option("--sealed", help="show sealed cases, too")]
Json = Annotated[bool, Option("--json", help="JSON, one object a line")]


def add_to(app: typer.Typer) -> None:
    """Adds this family's commands."""
    app.command()(tickets)
    app.command()(ticket)
    app.command()(explain)


def tickets(
    context: Context,
    stage: Annotated[str | None, Option(help="only this stage")] = None,
    team: Annotated[str | None, Option(help="only this team")] = None,
    every: Annotated[bool, Option("--all", help="closed ones, too")] = False,
    sealed: Sealed = False,
    as_json: Json = False,
) -> None:
    """List tickets, the oldest first mail first."""
    if stage is not None and stage not in STAGES:
        raise Usage(f"'{stage}' is no stage; {nearest(stage, STAGES)}")
    look = Look(store_of(config_of(context)))
    found = look.tickets(stage, team, every, sealed)
    links = look.links()
    shapes = [ticket_shape(each, each.number, links.get(each.number, ())) for each in found]
    if as_json:
        for shape in shapes:
            say_json(shape)
    elif shapes:
        print(table(shapes, COLUMNS))


def ticket(
    context: Context, number: Annotated[int, Argument(help="the ticket's number")], sealed: Sealed = False, as_json: Json = False
) -> None:
    """Show a ticket with its messages and its log."""
    whole = _find(context, number, sealed)
    shape = whole_shape(whole)
    if as_json:
        say_json(shape)
        return
    each = whole.ticket
    case = f" ({each.case})" if each.case else ""
    print(f"#{each.number} {each.subject}")
    print(f"{each.service}{case}, {each.stage}, team {each.team}, assignee {each.assignee or 'nobody'}")
    print(f"requester {each.requester.name} <{each.requester.address}>, arrived {iso(each.arrived_at)}\n")
    for name, field in each.fields.items():
        print(f"  {name:16} {str(field.value if not field.ambiguous else '(ambiguous)')[:100]!s:30} [{field.source}]")
    print(f"  missing          {', '.join(each.missing) or 'nothing'}")
    for name, text in each.papers.items():
        print(f"  {name:16} " + text.replace("\n", f"\n{'':19}"))
    for link in whole.links:
        print(f"  {link.kind:16} #{link.number}")
    for due in each.due:
        print(f"  {due.kind:16} {iso(due.at)}" + (", waits for the fate of a mail" if due.waits else ""))
    for message in shape["messages"]:
        arrow = "<-" if message["direction"] == "in" else "->"
        print(f"\n{arrow} {message['at']} {message['author']} ({message['visibility']}{_delivery(message['delivery'])})")
        print("\n".join(f"   {line}" for line in message["text"].splitlines()))
        for attached in message["attachments"]:
            print(f"   [{attached['name'] or 'without a name'}, {attached['type']}, {attached['size']} bytes]")


def explain(
    context: Context, number: Annotated[int, Argument(help="the ticket's number")], sealed: Sealed = False, as_json: Json = False
) -> None:
    """Tell why a ticket is where it is: every event, and which rules hit and missed."""
    whole = _find(context, number, sealed)
    events = whole_shape(whole)["events"]
    if as_json:
        say_json({"number": number, "events": events})
        return
    for event in events:
        data = dict(event["data"])
        hit, missed, topics = data.pop("hit", []), data.pop("missed", []), data.pop("topics", [])
        print(f"{event['at']}  {event['kind']} by {event['actor']}" + (f" ({event['reason']})" if event["reason"] else ""))
        for name, value in data.items():
            print(f"    {name}: {value}")
        for topic in topics:
            print(f"    topic:    {topic}")
        for rule in hit:
            print(f"    rule hit: {rule}")
        for rule in missed:
            print(f"    missed:   {rule}")


def _find(context: Context, number: int, sealed: bool) -> Whole:
    whole = Look(store_of(config_of(context))).ticket(number)
    if whole is None:
        raise BadInput(f"there is no ticket {number}; `maild tickets --all` lists them")
    if whole.ticket.sealed and not sealed:
        raise BadInput(f"ticket {number} is a sealed case; add --sealed to look at it")
    return whole


def _delivery(state: str | None) -> str:
    return f", {state}" if state else ""
