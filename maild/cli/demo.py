"""demo: a tour that needs nothing and leaves nothing behind."""

from __future__ import annotations

import typer


def add_to(app: typer.Typer) -> None:
    """Adds the command."""
    app.command()(demo)


def demo() -> None:
    """Watch a desk at work: a real daemon in a temporary folder, real SMTP on loopback."""
