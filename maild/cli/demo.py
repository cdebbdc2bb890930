"""demo: a tour that needs nothing and leaves nothing behind: a real daemon in a temporary folder, and real SMTP on loopback."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import typer
from rich.console import Console
from rich.rule import Rule
from typer import Context

from maild.cli.open import config_of
from maild.cli.tour import Tour
from maild.clock import stopwatch
from maild.config import Config, load_config
from maild.errors import TryAgain

PATIENCE = 20.0  # seconds that stopping may take


def add_to(app: typer.Typer) -> None:
    """Adds the command."""
    app.command()(demo)


def demo(context: Context) -> None:
    """Watch a desk at work: real mail by real SMTP, in a temporary folder that is gone afterwards."""
    shipped = config_of(context)
    console = Console(highlight=False, width=min(Console().width, 110))
    with tempfile.TemporaryDirectory(prefix="maild-demo-") as folder:
        config = _own_desk(shipped, Path(folder))
        with _daemon(config) as seconds:
            Tour(config, console, lambda as_of: _maild(config, "tick", "--as-of", as_of)).walk(seconds)
    console.print(Rule(style="dim"))
    console.print("The desk is stopped and its folder is gone. Yours starts with [bold]make run[/]; the README tells the rest.")


def _own_desk(shipped: Config, folder: Path) -> Config:
    """The shipped desk in a folder of its own, on a port that is free."""
    for name in (shipped.file.name, shipped.settings.paths.rules, shipped.settings.paths.templates):
        source = shipped.path(name)
        (shutil.copytree if source.is_dir() else shutil.copy)(source, folder / name)
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    os.environ["MAILD_INTAKE_SMTP_LISTEN"] = f"127.0.0.1:{port}"
    os.environ["MAILD_DELIVERY_NEXT_HOP"] = "maildir:var/sent"
    os.environ["MAILD_LOG_LEVEL"] = "error"
    return load_config(folder / shipped.file.name)


@contextmanager
def _daemon(config: Config) -> Iterator[float]:
    """A running `maild run`; yields the seconds that it took to start."""
    started = stopwatch()
    command = [sys.executable, "-m", "maild", "-c", str(config.file), "run"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own program
        assert process.stderr is not None
        try:
            for line in process.stderr:
                if line.startswith("maild: ready"):
                    break
                sys.stderr.write(line)
            else:
                raise TryAgain("the desk did not start; its own message stands above")
            yield stopwatch() - started
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(PATIENCE)


def _maild(config: Config, *words: str) -> None:
    """A command beside the daemon, as an operator would give it."""
    command = [sys.executable, "-m", "maild", "-c", str(config.file), *words]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - our own program
