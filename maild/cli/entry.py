"""The command line's frame: options that all commands share, and how trouble is told: one line, and an exit code of sysexits.h."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer
from typer import Context, Option

from maild.errors import BadConfiguration, BadFile, MaildError

FAMILIES = {  # module -> its commands
    "service": ("run", "check", "migrate", "status", "tick"),
    "operating": ("unit", "health", "backup", "restore"),
    "tickets": ("tickets", "ticket", "explain"),
    "contracts": ("contracts",),
    "queues": ("spool", "outbox"),
    "reading": ("read", "try"),
    "keys": ("keys",),
    "demo": ("demo",),
}

app = typer.Typer(
    name="maild",
    help="A support desk that lives entirely in e-mail.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def shared(
    context: Context,
    config: Annotated[Path, Option("--config", "-c", help="the configuration file")] = Path("maild.toml"),
) -> None:
    """Options of every command."""
    context.obj = config


def add_commands(word: str | None) -> None:
    """Adds the family of commands that has this one, or all: each loads what it needs, and a mail is read without a database."""
    named = [family for family, commands in FAMILIES.items() if word in commands]
    for family in named or FAMILIES:
        import_module(f"maild.cli.{family}").add_to(app)


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def deliver() -> None:
    """Take a mail from standard input (for pipes): --to ADDRESS… [--from ADDRESS]."""


def main(word: str | None) -> int:
    """Runs the command with this word in `sys.argv`; every MaildError becomes its lines on stderr and its exit code."""
    add_commands(word)
    try:
        outcome = app(standalone_mode=False)
        return outcome if isinstance(outcome, int) else os.EX_OK
    except (BadConfiguration, BadFile) as error:
        for problem in error.problems:
            print(f"maild: {problem}", file=sys.stderr)
        return error.exit_code
    except MaildError as error:
        print(f"maild: {error}", file=sys.stderr)
        return error.exit_code
    except typer.TyperException as error:
        said = error.format_message()  # empty where the help was shown instead
        if said:
            print(f"maild: {said}; see maild --help", file=sys.stderr)
        return os.EX_USAGE
    except (KeyboardInterrupt, typer.Abort):
        return 130
    except BrokenPipeError:  # somebody looked at the first lines only
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return os.EX_OK
