"""read and try: what a mail says, and what the desk would do with it. Neither changes anything."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer import Argument, Context, Option

from maild.errors import NoInput
from maild.mail.parse import parse

if TYPE_CHECKING:
    from maild.desk import Desk

Files = Annotated[list[str], Argument(help="mails, one a file; - for standard input")]
Json = Annotated[bool, Option("--json", help="JSON, one object a line")]


def add_to(app: typer.Typer) -> None:
    """Adds this family's commands."""
    app.command()(read)
    app.command("try")(try_)


def read(files: Files) -> None:
    """Say what mails say: one JSON object a line. Needs no configuration."""
    from maild.cli.shapes import message_shape, say_json

    unreadable: list[str] = []
    for file, raw in _opened(files, unreadable):
        say_json(message_shape(parse(raw), file))
    _complain(unreadable)


def try_(
    context: Context,
    files: Files,
    sender: Annotated[str | None, Option("--from", help="reverse-path; default: the mail's From")] = None,
    to: Annotated[
        str | None, Option("--to", help="forward-path; default: the desk's mailbox in the mail, else the first")
    ] = None,
    as_json: Json = False,
) -> None:
    """Show what would happen with mails, and why; change nothing."""
    from maild.cli.open import config_of, keys_of
    from maild.desk import build_desk

    config = config_of(context)
    desk = build_desk(config, keys_of(config), preview=True)
    unreadable: list[str] = []
    for file, raw in _opened(files, unreadable):
        _tell(_rehearse(file, raw, sender, to, desk), as_json)
    _complain(unreadable)


def _opened(files: list[str], unreadable: list[str]) -> Iterator[tuple[str, bytes]]:
    for file in files:
        try:
            yield file, sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        except OSError as error:
            unreadable.append(f"{file}: {error.strerror or error}; is the name right?")


def _complain(unreadable: list[str]) -> None:
    if unreadable:
        for each in unreadable[:-1]:
            print(f"maild: {each}", file=sys.stderr)
        raise NoInput(unreadable[-1])


def _rehearse(file: str, raw: bytes, sender: str | None, to: str | None, desk: Desk) -> dict[str, Any]:
    """The whole decision about one mail, as docs/interfaces.md shapes it."""
    from maild.cli.shapes import decision_shape, message_shape
    from maild.mail.envelope import Envelope
    from maild.pipeline import Item, consider
    from maild.pipeline import read as read_item
    from maild.tickets.facts import NOTHING_KNOWN

    message = parse(raw)
    now = desk.clock.now()
    recipient = to or _recipient(message, desk) or desk.book.first.address
    reverse_path = sender if sender is not None else message.author.address if message.author else ""
    envelope = Envelope(reverse_path=reverse_path, forward_paths=(recipient,), arrived_at=now, intake="pipe", trusted=True)
    arrival = read_item(Item(entry="preview", envelope=envelope, raw=raw), desk)
    facts = NOTHING_KNOWN
    if desk.store.exists:
        with desk.store.preview() as tx:
            facts = tx.facts_about([arrival], now, desk.needs_of, desk.policy.limited)
    decided = consider([arrival], facts, desk, now)
    return {"file": file, "mail": message_shape(message, file), **decision_shape(decided.decisions[0], decided.mails)}


def _recipient(message: Any, desk: Desk) -> str | None:
    """An address of the desk among Delivered-To, To and Cc."""
    named = [*message.delivered_to, *(each.address for each in (*message.to, *message.cc))]
    return next((each for each in named if desk.book.target_of(each)), None)


def _tell(shape: dict[str, Any], as_json: bool) -> None:
    from maild.cli.shapes import say_json

    if as_json:
        say_json(shape)
        return
    ticket, sender, verdict = shape["ticket"], shape["sender"], shape["disposition"]
    print(f"{Path(shape['file']).name}: {verdict['value']} ({verdict['reason']})")
    standing = f"{sender['is']} ({sender['how']}), " if sender["is"] else ""
    print(f"  sender           {standing}level {sender['level']}: {sender['because']}")
    if ticket is not None:
        where = f"joins #{ticket['joins']}" if ticket["joins"] else "opens a ticket"
        print(f"  {where}: {ticket['service']}, stage {ticket['stage']}, team {ticket['team']}, scope {ticket['scope']}")
        for name, field in ticket["fields"].items():
            print(f"  {name:16} {field['value']!r} from {field['source']}, {field['confidence']:.0%} sure")
        print(f"  missing          {', '.join(ticket['missing']) or 'nothing'}")
        print(f"  issues           {ticket['issues']}")
    for topic in shape["rules"]["topics"]:
        print(f"  topic            {topic}")
    for rule in shape["rules"]["hit"]:
        print(f"  rule hit         {rule}")
    for mail in shape["mails"]:
        print(f"  would send       {mail['class']} to {mail['to']}: {mail['subject']}")
