"""The scenes of the demo: a customer, an agent and the clock, each by the way they would really take. Shown as they happen."""

from __future__ import annotations

import smtplib
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from rich.console import Console, Group
from rich.panel import Panel
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from maild.cli.open import store_of
from maild.clock import iso, stopwatch
from maild.config import Config
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
ANSWER = """#take

Hello Ann,

the second tax line comes from the fiscal position of that customer: remove it there, and the
total is right again.

--
Lea Brandt, direct line +32 2 000 00 00

On Saturday, Ann Berg via Example Support wrote:
> -- reply above this line --
> Ann Berg wrote:
"""
MISTAKE = """#tema technical
#close

Could you have a look?
"""
AGAIN = "It is back since this morning, with another customer.\n"
THANKS = "Perfect, thank you Lea!\n\nBest regards,\nAnn\n"
VACATION = "I am away until Monday and will answer then.\n"


ANN, LEA = "Ann Berg <ann@berg.example>", "Lea Brandt <lea@example.com>"


class Tour:
    """The scenes, in order."""

    def __init__(self, config: Config, console: Console, tick: Callable[[str], None]) -> None:
        self._config = config
        self._console = console
        self._tick = tick
        self._sent = config.state / "sent"
        self._seen: set[str] = set()
        self._store = Look(store_of(config))
        self._posted = 0
        self._trusted = config.desk.trusted_authserv[0] if config.desk.trusted_authserv else ""

    def walk(self, start_seconds: float) -> None:
        """All of it."""
        self._say("A desk starts", f"One process group, one configuration file; ready after {start_seconds:.1f} s.")
        question = self._a_hurried_mail()
        notification = self._the_block_comes_back(question)
        self._the_agent_answers(notification)
        answer = self._time_passes()
        self._late_reply(answer)
        self._robots(question)

    def _a_hurried_mail(self) -> Message:
        support = self._config.mailboxes[0].address
        self._say("1. A customer writes in a hurry", "Half of what the desk needs is missing.")
        self._post(ANN, support, "Quotation total is wrong", HURRIED)
        question, notification = self._arrivals(2)
        self._say(
            "", "The version was read from the prose. [bold]Everything else is asked in one question[/], with a block to fill in:"
        )
        self._mail(question, "green")
        self._say("", "The team that the rules chose was told, why them, and what is missing:")
        self._mail(notification, "blue")
        return question

    def _the_block_comes_back(self, question: Message) -> Message:
        self._say(
            "2. She fills in the block and sends it back",
            "Quoted, as mail clients do; to the signed address that only she was given.",
        )
        self._post(ANN, _reply_to(question), "Re: your mail", _filled(question))
        notification = self._arrivals(1)[0]
        self._mail(notification, "blue")
        self._ticket(1)
        return notification

    def _the_agent_answers(self, notification: Message) -> None:
        self._say(
            "3. Lea answers from her own mail client",
            "Our mail server vouches for her. A command on top; quote and signature go, her address is never shown.",
        )
        self._post(LEA, _reply_to(notification), f"Re: {notification.subject}", ANSWER, self._vouched(LEA))
        for mail in self._arrivals(2):
            self._mail(mail, "green" if _to(mail).endswith(".example") else "blue")
        self._say("", "A slip in a command changes nothing, sends nothing, and comes back:")
        self._post(LEA, _reply_to(notification), f"Re: {notification.subject}", MISTAKE, self._vouched(LEA))
        self._mail(self._arrivals(1)[0], "red")

    def _time_passes(self) -> Message:
        ticket = self._whole(1).ticket
        self._say("4. Silence", "The clocks run since the next hop took the answer: " + _due(self._whole(1)))
        reminder, close = (next(each.at for each in ticket.due if each.kind == kind) for kind in ("reminder", "close"))
        self._say("", f"[dim]maild tick --as-of {iso(reminder)}[/]")
        self._tick(iso(reminder + timedelta(seconds=1)))
        self._mail(self._arrivals(1)[0], "green")
        self._wait(lambda: not any(each.waits for each in self._whole(1).ticket.due))
        self._say("", f"[dim]maild tick --as-of {iso(close)}[/]")
        self._tick(iso(close + timedelta(seconds=1)))
        closing = self._arrivals(1)[0]
        self._mail(closing, "green")
        return closing

    def _late_reply(self, answer: Message) -> None:
        self._say("5. She comes back", "Within the grace period the same ticket opens again, with the same agent.")
        self._post(ANN, _reply_to(answer), "Re: your mail", AGAIN)
        notification = self._arrivals(1)[0]
        self._post(LEA, _reply_to(notification), f"Re: {notification.subject}", "Mended for all of them.\n", self._vouched(LEA))
        self._mail(self._arrivals(1)[0], "green")
        self._say("", "Only a thank-you: that closes the ticket, and asks nothing of anybody.")
        self._post(ANN, _reply_to(answer), "Re: your mail", THANKS)
        self._arrivals(1)
        self._ticket(1)

    def _robots(self, question: Message) -> None:
        self._say(
            "6. A vacation robot answers, too late",
            "It is kept on the ticket, and nobody is written to: two robots never talk here.",
        )
        self._post(ANN, _reply_to(question), "Out of office", VACATION, "Auto-Submitted: auto-replied\r\n")
        self._wait(lambda: any(event.kind == "MachineWrote" for event in self._whole(1).events))
        self._log(1)

    # --- what happens -----------------------------------------------------------------------------------------

    def _vouched(self, author: str) -> str:
        """What the desk's own mail server writes on top of mail that it has proven."""
        domain = author.partition("@")[2].rstrip(">")
        return f"Authentication-Results: {self._trusted}; dmarc=pass header.from={domain}\r\n"

    def _post(self, author: str, to: str, subject: str, text: str, more: str = "") -> None:
        """Sends a mail by SMTP, as a mail client would, and shows it with the time that the 250 took."""
        self._posted += 1
        message_id = f"demo-{self._posted}@{author.partition('@')[2].rstrip('>')}"
        head = f"{more}From: {author}\r\nTo: {to}\r\nSubject: {subject}\r\nMessage-ID: <{message_id}>\r\n"
        host, _, port = self._config.settings.intake.smtp.listen[0].rpartition(":")
        content = (head + "\r\n" + text.replace("\n", "\r\n")).encode()
        with smtplib.SMTP(host, int(port), timeout=PATIENCE) as client:
            client.ehlo()
            started = stopwatch()
            client.mail(author.partition("<")[2].rstrip(">"))
            client.rcpt(to)
            code, reply = client.data(content)
            took = (stopwatch() - started) * 1000
        shown = Group(
            Text(f"{more.replace(chr(13), '')}From: {author}\nTo: {to}\nSubject: {subject}\n", style="dim"), Text(text.strip())
        )
        self._console.print(Panel(shown, title=f"{author.partition(' ')[0]} → desk", title_align="left", border_style="yellow"))
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
        if ticket.assignee:
            grid.add_row("assignee", ticket.assignee)
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


def _due(whole: Whole) -> str:
    return ", ".join(f"{each.kind} on {each.at:%d %B}" for each in whole.ticket.due)


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
