"""run, check, migrate, status: looking after the service itself."""

from __future__ import annotations

from typing import Annotated

import typer
from typer import Context, Option

from maild.cli.open import config_of, keys_of, store_of
from maild.cli.shapes import say_json
from maild.config import Config
from maild.errors import BadConfiguration, Problem
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


def run(context: Context) -> None:
    """Run the desk in the foreground until SIGTERM; SIGHUP reloads."""
    from maild import app  # the daemon's libraries take half a second to load; other commands need none of them

    app.run(context.obj)


def check(context: Context) -> None:
    """Prove configuration, rules, tables and templates before they go live."""
    config = config_of(context)
    problems = problems_of(config)
    if problems:
        raise BadConfiguration(problems)
    print(f"{config.file.name}: everything is in order")


def problems_of(config: Config) -> list[Problem]:
    """Everything that is wrong, not only the first."""
    from maild.outbox.hops import open_hop
    from maild.worker import build_desk

    try:
        desk = build_desk(config, keys_of(config), preview=True)
        open_hop(config)
    except BadConfiguration as error:
        return list(error.problems)
    problems = desk.policy.rules.failed_examples(desk.policy.fields)
    for rule in desk.policy.rules.rules:
        if rule.action.reply and rule.action.reply not in desk.renderer.template_names:
            problems.append(Problem(rule.place, f"there is no template '{rule.action.reply}'", "write it, or mend `reply`"))
    return problems + desk.renderer.prove()


def migrate(context: Context) -> None:
    """Bring the database's schema up to date; safe to repeat."""
    from maild.keys.ring import open_keyring

    config = config_of(context)
    before, after = Store(config, open_keyring(config.state / "keys")).migrate()
    print(f"schema {after}, as before" if before == after else f"schema {before or 'none'} -> {after}")


def status(context: Context, as_json: Annotated[bool, Option("--json", help="one JSON object")] = False) -> None:
    """How the desk stands: tickets by stage, mail that waits, in and out."""
    config = config_of(context)
    store = store_of(config)
    spool = SpoolReader(config.state)
    answer = {
        "running": is_running(config),
        "tickets": Look(store).counts(),
        "spool": spool.counts() if spool.exists else {},
        "outbox": dict(Outbox(store).counts()),
        "schema": store.revision(),
    }
    if as_json:
        say_json(answer)
        return
    print("running" if answer["running"] else "not running")
    for name in ("tickets", "spool", "outbox"):
        counts = answer[name]
        assert isinstance(counts, dict)
        print(f"{name:8}", ", ".join(f"{count} {state}" for state, count in sorted(counts.items())) or "nothing")


def is_running(config: Config) -> bool:
    """Whether a daemon holds this state folder."""
    import fcntl

    try:
        with (config.state / "daemon.lock").open() as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
            return False
    except BlockingIOError:
        return True
    except OSError:
        return False
