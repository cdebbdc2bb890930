"""spool and outbox: mail that waits, in and out. Looking needs no daemon; orders to the spool are carried out by it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Annotated, Any

import typer
from typer import Argument, Context, Option

from maild.cli.groups import add_group
from maild.cli.open import config_of, spool_of, store_of
from maild.cli.shapes import say_json, table
from maild.clock import SystemClock, iso
from maild.errors import BadInput, Usage
from maild.intake.maildrop import leave
from maild.mail.compose import compose
from maild.operating.lock import is_running
from maild.store.outbox import WAITING as QUEUED
from maild.store.outbox import Outbox
from maild.store.spool import Entry, SpoolReader, State

WAITING: tuple[State, ...] = ("incoming", "active", "deferred", "hold")
UNSENT = ("queued", "sending", "deferred", "failed", "uncertain")
Ids = Annotated[list[str], Argument(help="ids, or their first digits; `all` for every one that waits")]
Sealed = Annotated[bool, Option("--sealed", help="show sealed mail, too")]
Json = Annotated[bool, Option("--json", help="JSON, one object a line")]


def add_to(app: typer.Typer) -> None:
    """Adds this family's commands."""
    add_group(app, "spool", "Inbound mail that waits or is held.", spool_list, spool_show, spool_retry, spool_drop)
    text = "Outbound mail that waits, failed, or is uncertain."
    add_group(app, "outbox", text, outbox_list, outbox_show, outbox_retry, outbox_drop)


# --- spool ----------------------------------------------------------------------------------------------------


def spool_list(context: Context, as_json: Json = False) -> None:
    """List mail that is not done."""
    shapes = [_entry_shape(each) for each in spool_of(config_of(context)).listed(WAITING)]
    _print(shapes, ("id", "state", "arrived_at", "size", "attempts", "from", "to", "reason"), as_json)


def spool_show(
    context: Context, entry: Annotated[str, Argument(help="its id, or the first digits")], sealed: Sealed = False
) -> None:
    """Write a mail as it came, raw, to standard output."""
    spool = spool_of(config_of(context))
    found = _one(spool, entry)
    _require(sealed or not found.sealed, entry)
    sys.stdout.buffer.write(spool.bytes_of(found))


def spool_retry(context: Context, entries: Ids) -> None:
    """Make mail incoming again, its attempts forgotten."""
    _order(context, "retry", entries)


def spool_drop(context: Context, entries: Ids) -> None:
    """Let go of mail that waits or is held; its bytes are kept until retention ends."""
    _order(context, "drop", entries)


def _order(context: Context, what: str, wanted: Sequence[str]) -> None:
    config = config_of(context)
    spool = spool_of(config)
    held = [each for each in spool.listed(("hold", "deferred"))]
    chosen = held if list(wanted) == ["all"] else [_one(spool, each) for each in wanted]
    for each in chosen:
        if each.state not in ("hold", "deferred"):
            raise BadInput(f"{each.id[:12]} is {each.state}; only what is held or deferred can be told to {what}")
    leave(config.state / "maildrop", {"what": what, "entries": [each.id for each in chosen]})
    print(f"{what}: {len(chosen)} {'at once' if is_running(config.state) else 'when the desk runs again'}")


def _one(spool: SpoolReader, prefix: str) -> Entry:
    found = spool.find(prefix)
    if len(found) != 1:
        raise BadInput(f"'{prefix}' is the start of {len(found) or 'no'} entries; `maild spool list` shows them")
    return found[0]


def _entry_shape(each: Entry) -> dict[str, Any]:
    return {
        "id": each.id,
        "state": each.state,
        "arrived_at": iso(each.envelope.arrived_at),
        "size": each.size,
        "intake": each.envelope.intake,
        "attempts": each.attempts,
        "sealed": each.sealed,
        "from": each.envelope.reverse_path or "<>",
        "to": list(each.envelope.forward_paths),
        "reason": each.reason,
    }


# --- outbox ---------------------------------------------------------------------------------------------------


def outbox_list(context: Context, as_json: Json = False) -> None:
    """List mail that is not sent."""
    rows = Outbox(store_of(config_of(context))).listed(UNSENT)
    _print(rows, ("key", "state", "class", "ticket", "to", "attempts", "due_at", "reply"), as_json)


def outbox_show(
    context: Context, key: Annotated[str, Argument(help="its key, or the first digits")], sealed: Sealed = False
) -> None:
    """Write a mail as it is sent, raw, to standard output."""
    mail = _mail_of(Outbox(store_of(config_of(context))), key)["mail"]
    _require(sealed or not mail.sealed, key)
    try:
        sys.stdout.buffer.write(compose(mail.draft))
    except ValueError as error:
        raise Usage(f"{mail.key} cannot be written as a mail: {error}") from None


def outbox_retry(context: Context, keys: Ids) -> None:
    """Send mail again at once, whatever became of it."""
    box = Outbox(store_of(config_of(context)))
    print(f"retry: {box.retry(_keys(box, keys), SystemClock().now())}")


def outbox_drop(context: Context, keys: Ids) -> None:
    """Give mail up that waits; it counts as failed."""
    box = Outbox(store_of(config_of(context)))
    print(f"drop: {box.drop(_keys(box, keys), SystemClock().now())}")


def _require(allowed: bool, name: str) -> None:
    if not allowed:
        raise BadInput(f"{name} belongs to a sealed case; add --sealed to look at it")


def _keys(box: Outbox, wanted: Sequence[str]) -> list[str]:
    """What failed, or may have arrived, is named one by one: `all` must not send it twice."""
    rows = box.listed(QUEUED, most=1_000_000) if list(wanted) == ["all"] else [_mail_of(box, each) for each in wanted]
    return [str(row["key"]) for row in rows]


def _mail_of(box: Outbox, prefix: str) -> dict[str, Any]:
    found = box.find(prefix)
    if len(found) != 1:
        raise BadInput(f"'{prefix}' is the start of {len(found) or 'no'} keys; `maild outbox list` shows them")
    return found[0]


def _print(shapes: list[dict[str, Any]], columns: tuple[str, ...], as_json: bool) -> None:
    if as_json:
        for shape in shapes:
            say_json(shape)
    elif shapes:
        print(table([*shapes], columns))
