"""unit, health, backup, restore: what an operator's machine needs of the desk."""

from __future__ import annotations

import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from typer import Argument, Context, Option

from maild.cli.open import config_of, keys_of, store_of
from maild.cli.shapes import say_json
from maild.clock import SystemClock
from maild.store.store import Store


def add_to(app: typer.Typer) -> None:
    """Adds this family's commands."""
    app.command()(unit)
    app.command()(health)
    app.command()(backup)
    app.command()(restore)


def unit(
    context: Context,
    user: Annotated[str, Option("--user", help="whom the service runs as")] = "maild",
    group: Annotated[str | None, Option("--group", help="its group; default: the user's name")] = None,
) -> None:
    """Print a hardened systemd unit for this configuration and this installation."""
    from maild.operating.unit import write_unit

    written = write_unit(config_of(context), user, group or user, os.environ)
    print(written.text, end="")
    for warning in written.warnings:
        print(f"maild: {warning}", file=sys.stderr)


def health(context: Context, as_json: Annotated[bool, Option("--json", help="one JSON object")] = False) -> None:
    """Say whether anything needs a hand: exit code 0 if not, 69 if so. For monitoring."""
    from maild.operating.health import examine, figures, look

    config = config_of(context)
    situation = look(config, Store(config, keys_of(config)), SystemClock().now())
    findings = examine(situation)
    needed = any(each.level == "act" for each in findings)
    if as_json:
        say_json({"ok": not needed, "findings": [asdict(each) for each in findings], "figures": figures(situation)})
    else:
        for each in findings:
            print(f"{each.level:5}  {each.check:13}  {each.what}" + (f"; {each.remedy}" if each.remedy else ""))
    if needed:
        raise typer.Exit(os.EX_UNAVAILABLE)


def backup(context: Context, folder: Annotated[Path, Argument(metavar="DIR", help="a new folder, or an empty one")]) -> None:
    """Copy the desk while it runs: databases, large mails, keys, and the configuration beside them."""
    from maild.operating.backup import back_up

    config = config_of(context)
    store = store_of(config)
    taken = back_up(config, store, folder, SystemClock().now())
    print(f"{folder}: {taken.files} files, {taken.size} bytes")


def restore(
    context: Context,
    folder: Annotated[Path, Argument(metavar="DIR", help="a backup")],
    force: Annotated[bool, Option("--force", help="move a desk that is there aside")] = False,
) -> None:
    """Put a backup in place of an empty state; then start the desk."""
    from maild.operating.restore import restore as put_back

    config = config_of(context)
    manifest, aside = put_back(config, Store(config, keys_of(config)), folder, force, SystemClock().now())
    print(f"restored what was backed up at {manifest.at}" + (f"; what was here before lies in {aside}" if aside else ""))
