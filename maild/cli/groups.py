"""Commands of one thing, like `spool list`: without a further word, the list."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import typer
from typer import Context


def add_group(app: typer.Typer, name: str, text: str, listing: Callable[..., None], *commands: Callable[..., Any]) -> None:
    """Adds `NAME`, `NAME list` and the others, each called like its function behind the first `_`."""
    group = typer.Typer(help=text, invoke_without_command=True)

    def by_default(context: Context) -> None:
        if context.invoked_subcommand is None:
            listing(context)

    group.callback()(by_default)
    for command in (listing, *commands):
        group.command(command.__name__.partition("_")[2])(command)
    app.add_typer(group, name=name)
