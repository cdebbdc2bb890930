"""demo: a tour that needs nothing and leaves nothing behind: a real daemon in a temporary folder, and real SMTP on loopback."""

from __future__ import annotations

import os
import shutil
import signal
import smtplib
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import typer
from rich.console import Console, Group
from rich.panel import Panel
from rich.rule import Rule
from rich.table import Table
from rich.text import Text
from typer import Context

from maild.cli.open import config_of, store_of
from maild.clock import stopwatch
from maild.config import Config, load_config
from maild.errors import TryAgain
from maild.mail.message import Message
from maild.mail.parse import parse
from maild.problem.block import BEGIN
from maild.store.look import Look, Whole

PATIENCE = 20.0  # seconds that anything may take before the tour gives up
HURRIED = """Hello,

the total on our quotations is wrong since this morning: the tax is computed twice.
We are on Odoo 17.0.

Can you help?
Ann Berg
"""
ANSWERS = {
    "Database": "berg-prod",
    "Steps to reproduce": "1. Sales > Quotations > New\n2. add any product\n3. Save",
    "Current behaviour": "the tax line appears twice, the total is too high",
    "Expected behaviour": "one tax line, as last week",
}
DOWN = """Hello desk,

Error 502 on every page since ten o'clock, nobody here can work.

Version: 18.0
Database: https://nordwind.odoo.com
Steps to reproduce: open the address, log in
Current behaviour: bad gateway
Expected behaviour: the dashboard
Blocking: yes
"""
VACATION = "I am away until Monday and will answer then.\n"


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
            _Tour(config, console).walk(seconds)
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


class _Tour:
    """The scenes, in order."""

    def __init__(self, config: Config, console: Console) -> None:
        self._config = config
        self._console = console
        self._sent = config.state / "sent"
        self._seen: set[str] = set()
        self._store = Look(store_of(config))

    def walk(self, start_seconds: float) -> None:
        """All of it."""
        self._say("A desk starts", f"One process group, one configuration file; ready after {start_seconds:.1f} s.")
        support = self._config.mailboxes[0].address
        self._say("1. A customer writes in a hurry", "Half of what the desk needs is missing.")
        self._post("Ann Berg <ann@berg.example>", support, "Quotation total is wrong", HURRIED, "hurry@berg.example")
        acknowledgement, notification = self._arrivals(2)
        self._say(
            "", "The version was read from the prose. [bold]Everything else is asked in one question[/], with a block to fill in:"
        )
        self._mail(acknowledgement, "green")
        self._say("", "The team that the rules chose was told, why them, and what is missing:")
        self._mail(notification, "blue")
        self._ticket(1)

        self._say(
            "2. She fills in the block and sends it back",
            "Quoted, as mail clients do; to the signed address that only she was given.",
        )
        self._post(
            "Ann Berg <ann@berg.example>",
            _reply_to(acknowledgement),
            "Re: your mail",
            _filled(acknowledgement),
            "answer@berg.example",
        )
        self._mail(self._arrivals(1)[0], "blue")
        self._ticket(1)

        self._say(
            "3. Another customer is down",
            "Nothing is missing here, so nothing is asked; a blocking issue at the emergency address.",
        )
        self._post(
            "Jo Nord <jo@nordwind.example>",
            "emergency@" + support.partition("@")[2],
            "Site is down",
            DOWN,
            "down@nordwind.example",
        )
        for mail in self._arrivals(2):
            self._mail(mail, "green" if "jo@" in _to(mail) else "blue")
        self._ticket(2)

        self._say(
            "4. A vacation robot answers the acknowledgement",
            "It is kept on the ticket, and nobody is written to: two robots never talk here.",
        )
        robot = "Auto-Submitted: auto-replied\r\n"
        self._post(
            "Ann Berg <ann@berg.example>", _reply_to(acknowledgement), "Out of office", VACATION, "away@berg.example", robot
        )
        self._wait(lambda: len(self._whole(1).received) == 3)
        self._log(1)

    # --- what happens -----------------------------------------------------------------------------------------

    def _post(self, author: str, to: str, subject: str, text: str, message_id: str, more: str = "") -> None:
        """Sends a mail by SMTP, as a mail client would, and shows it with the time that the 250 took."""
        head = f"From: {author}\r\nTo: {to}\r\nSubject: {subject}\r\nMessage-ID: <{message_id}>\r\n{more}"
        host, _, port = self._config.settings.intake.smtp.listen[0].rpartition(":")
        content = (head + "\r\n" + text.replace("\n", "\r\n")).encode()
        with smtplib.SMTP(host, int(port), timeout=PATIENCE) as client:
            client.ehlo()
            started = stopwatch()
            client.mail(author.partition("<")[2].rstrip(">"))
            client.rcpt(to)
            code, reply = client.data(content)
            took = (stopwatch() - started) * 1000
        shown = Group(Text(f"From: {author}\nTo: {to}\nSubject: {subject}\n{more}", style="dim"), Text(text.strip()))
        self._console.print(Panel(shown, title="customer → desk", title_align="left", border_style="yellow"))
        self._console.print(f"   [dim]{code} {reply.decode()} - synced to disk and answered in {took:.1f} ms[/]\n")

    def _arrivals(self, count: int) -> list[Message]:
        """The next mails that the desk sends: to the customer first."""
        started = stopwatch()
        self._wait(lambda: len(self._fresh()) >= count)
        fresh = self._fresh()
        self._seen |= {path.name for path in fresh}
        took = (stopwatch() - started) * 1000
        mails = "1 mail" if count == 1 else f"{count} mails"
        self._console.print(f"   [dim]{mails} taken by the next hop, {took:.0f} ms later[/]\n")
        return sorted((parse(path.read_bytes()) for path in fresh), key=lambda mail: not _to(mail).endswith(".example"))

    def _fresh(self) -> list[Path]:
        return [path for path in sorted(self._sent.glob("new/*")) if path.name not in self._seen]

    def _wait(self, happened: Callable[[], bool]) -> None:
        deadline = stopwatch() + PATIENCE
        while not happened():
            if stopwatch() > deadline:
                raise TryAgain("the desk did not answer in time; please try again")
            time.sleep(0.01)

    # --- what is shown ----------------------------------------------------------------------------------------

    def _say(self, title: str, text: str) -> None:
        if title:
            self._console.print(Rule(f"[bold]{title}[/]", align="left", style="dim"))
        self._console.print(f"{text}\n")

    def _mail(self, mail: Message, colour: str) -> None:
        sender = mail.author
        head = f"From: {sender.name if sender else ''}\nTo: {_to(mail)}\nReply-To: {_reply_to(mail)}\nSubject: {mail.subject}\n"
        self._console.print(
            Panel(
                Group(Text(head, style="dim"), Text(mail.text.strip())),
                title=f"desk → {_to(mail)}",
                title_align="left",
                border_style=colour,
            )
        )

    def _ticket(self, number: int) -> None:
        ticket = self._whole(number).ticket
        grid = Table(title=f"ticket #{number}", title_justify="left", show_header=False, border_style="magenta")
        for name in ("stage", "team", "service", "scope"):
            grid.add_row(name, str(getattr(ticket, name)))
        for name, field in ticket.fields.items():
            grid.add_row(name, f"{field.value}  [dim]({field.source}, {field.confidence:.0%} sure)[/]")
        grid.add_row("missing", ", ".join(ticket.missing) or "nothing")
        self._console.print(grid, "")

    def _log(self, number: int) -> None:
        grid = Table(title=f"maild explain {number}", title_justify="left", border_style="magenta")
        for name in ("event", "by", "reason", "rule"):
            grid.add_column(name)
        for event in self._whole(number).events:
            grid.add_row(event.kind, event.actor, event.reason, event.rule)
        self._console.print(grid, "")

    def _whole(self, number: int) -> Whole:
        whole = self._store.ticket(number)
        assert whole is not None
        return whole


def _to(mail: Message) -> str:
    return mail.to[0].address if mail.to else ""


def _reply_to(mail: Message) -> str:
    return mail.reply_to[0].address if mail.reply_to else ""


def _filled(question: Message) -> str:
    """The question as a mail client quotes it, with the answers typed into its block."""
    start = question.text.index(BEGIN)
    quoted = []
    for line in question.text[start:].splitlines():
        label = line.partition(":")[0]
        quoted += [f"> {each}" for each in (f"{label}: {ANSWERS[label]}".splitlines() if label in ANSWERS else [line])]
    return "Here you are, thank you!\n\nOn Saturday, Example Support wrote:\n" + "\n".join(quoted) + "\n"
