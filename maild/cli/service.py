"""run, check, migrate, status, tick: looking after the service itself."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from typer import Context, Option

from maild.cli.open import config_of, keys_of, store_of
from maild.cli.shapes import say_json
from maild.errors import Usage
from maild.intake.maildrop import leave
from maild.keys.password import has_credentials
from maild.operating.lock import is_running
from maild.operating.standing import read_standing
from maild.store.look import Look
from maild.store.outbox import Outbox
from maild.store.spool import SpoolReader
from maild.store.store import Store


def add_to(app: typer.Typer) -> None:
    """Adds this family's commands."""
    app.command()(run)
    app.command()(check)
    app.command()(migrate)
    app.command()(status)
    app.command()(tick)


def run(context: Context) -> None:
    """Run the desk in the foreground until SIGTERM; SIGHUP reloads."""
    from maild import app  # the daemon's libraries take half a second to load; other commands need none of them

    app.run(context.obj)


def check(context: Context) -> None:
    """Prove configuration, rules, tables and templates before they go live."""
    from maild.operating.proof import prove
    from maild.operating.unit import credentials

    config = config_of(context)
    prove(config, keys_of(config), preview=True)
    unseen = [] if has_credentials() else credentials(config)
    but = f"; not looked at, because only the service has it: {', '.join(unseen)}" if unseen else ""
    print(f"{config.file.name}: everything is in order{but}")


def migrate(context: Context) -> None:
    """Bring the database's schema up to date; safe to repeat."""
    from maild.keys.ring import open_keyring

    config = config_of(context)
    before, after = Store(config, open_keyring(config.state / "keys")).migrate()
    print(f"schema {after}, as before" if before == after else f"schema {before or 'none'} -> {after}")


def tick(
    context: Context,
    as_of: Annotated[str | None, Option("--as-of", help="a time like 2026-11-30T12:00Z; default: now")] = None,
    dry_run: Annotated[bool, Option("--dry-run", help="only say what is due")] = False,
    as_json: Annotated[bool, Option("--json", help="JSON, one object a line")] = False,
) -> None:
    """Handle all that is due by a time, in the order of the due times, each with its own due time as now."""
    from maild.clockwork import Clockwork
    from maild.desk import build_desk
    from maild.keys.ring import open_keyring
    from maild.log import logger, set_up

    config = config_of(context)
    set_up(config.settings.log.level, config.settings.log.format)
    store_of(config)
    desk = build_desk(config, open_keyring(config.state / "keys"))
    until = desk.clock.now() if as_of is None else _time(as_of)
    if not (is_running(config.state) or dry_run or config.settings.intake.imap):
        desk.store.note_intake(desk.clock.now())  # nothing came in meanwhile: that is not the customers' silence
    clockwork = Clockwork(desk, SpoolReader(config.state, desk.store.keys.seal), logger("tick"))
    for shape in clockwork.upcoming(until) if dry_run else clockwork.run(until):
        say_json(shape) if as_json else print(f"{shape['at']}  #{shape['ticket']}  {shape['what']}")
    if not dry_run and is_running(config.state):
        leave(config.state / "maildrop", {"what": "look"})  # the daemon sends at once what was written


def _time(text: str) -> datetime:
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        raise Usage(f"'{text}' is no time; write one like 2026-11-30T12:00Z") from None
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def status(context: Context, as_json: Annotated[bool, Option("--json", help="one JSON object")] = False) -> None:
    """How the desk stands: tickets by stage, mail that waits, in and out."""
    config = config_of(context)
    store = store_of(config)
    answer: dict[str, Any] = {
        "running": is_running(config.state),
        "tickets": Look(store).counts(),
        "spool": SpoolReader(config.state).counts(),
        "outbox": dict(Outbox(store).counts()),
        "schema": store.revision(),
        "reload": (read_standing(config.state) or {}).get("reload"),
    }
    if as_json:
        say_json(answer)
        return
    print("running" if answer["running"] else "not running")
    for name in ("tickets", "spool", "outbox"):
        counts = answer[name]
        print(f"{name:8}", ", ".join(f"{count} {state}" for state, count in sorted(counts.items())) or "nothing")
    if answer["reload"]:
        _print_reload(answer["reload"])


def _print_reload(reload: dict[str, Any]) -> None:
    print(f"reload   {reload['at']}: {'taken' if reload['taken'] else 'refused, the configuration before it is in force'}")
    for problem in reload["problems"]:
        print(f"         {problem}")
    if reload["restart"]:
        print(f"         needs a restart: {', '.join(reload['restart'])}")
