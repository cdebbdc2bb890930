"""The loop of a ticket by real SMTP, in a real daemon that is killed between the steps: asked, answered, reminded, closed, reopened."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.message import Message
from typing import Any

import pytest

from maild.clock import from_stamp, iso
from maild.jobs.schedule import SECONDS

COMPLETE = """The tax is computed twice.

Version: 17.0
Database: berg-prod
Steps to reproduce: print an invoice
Current behaviour: the tax is computed twice
Expected behaviour: once
"""
PROVEN = "mx.example.com; dmarc=pass header.from=example.com"
Until = Callable[..., None]


class Story:
    """One daemon, killed and started again, and the mails of one customer and one agent."""

    def __init__(self, desk: Any, mail: Callable[..., bytes], until: Until) -> None:
        self.desk, self._mail, self._until = desk, mail, until

    def killed(self) -> None:
        """SIGKILL to the worker, then to the front; then it is started again."""
        os.kill(self.desk.worker(), signal.SIGKILL)
        self.desk.kill()
        self.desk.start()

    def customer(self, number: int, to: str, text: str, **fields: str) -> None:
        """Ann writes."""
        self.desk.send(self._mail(text, Message_ID=f"<{number}@example.org>", **fields), to)

    def agent(self, to: str, text: str) -> None:
        """Lea writes, and the provider's host has proven that she did."""
        raw = self._mail(text, From="Lea Brandt <lea@example.com>", To=to, Subject="Re: x", Message_ID="<1@laptop.example.com>")
        self.desk.send(f"Authentication-Results: {PROVEN}\r\n".encode() + raw, to, sender="lea@example.com")

    def mail_to(self, address: str, *words: str) -> Message:
        """The one mail to this address whose text has these words; waits for it."""

        def found() -> list[Message]:
            return [
                each
                for each in self.desk.mails()
                if each["Delivered-To"] == address and all(word in body(each) for word in words)
            ]

        self._until(found, f"a mail to {address} with {words}")
        (mail,) = found()
        return mail

    def ticket(self) -> dict[str, Any]:
        """`maild ticket 1 --json`."""
        shown: dict[str, Any] = json.loads(self.desk.maild("ticket", "1", "--json").stdout)
        return shown

    def due(self) -> dict[str, datetime]:
        """Its timers."""
        return {each["kind"]: datetime.fromisoformat(each["at"]) for each in self.ticket()["due"]}

    def tick(self, as_of: datetime) -> list[tuple[str, str]]:
        """`maild tick --as-of`: what was done, and what was sent."""
        done = self.desk.maild("tick", "--as-of", iso(as_of), "--json")
        assert (done.returncode, done.stderr) == (0, "")
        return [(each["what"], ",".join(each["sent"])) for each in map(json.loads, done.stdout.splitlines())]


def body(mail: Message) -> str:
    """The plain text of a mail, its line breaks as blanks."""
    part = next(each for each in mail.walk() if each.get_content_type() == "text/plain")
    return " ".join(bytes(part.get_payload(decode=True)).decode().split())


@pytest.mark.parametrize("is_killed", [False, True], ids=["in peace", "killed between the steps"])
def test_the_loop_of_a_ticket(daemon: Any, mail: Callable[..., bytes], until: Until, is_killed: bool) -> None:
    """From the first mail to the late reply: every mail comes once, the clocks run from the acceptance, and no kill changes it."""
    desk = daemon()
    desk.start()
    story = Story(desk, mail, until)
    between = story.killed if is_killed else lambda: None

    story.customer(1, "support@example.com", COMPLETE, Subject="Tax is wrong")
    between()
    told = story.mail_to("lea@example.com", "The tax is computed twice.")
    story.mail_to("ann@example.org", "Your request has the number #1")

    begun = datetime.now(UTC)
    story.agent(str(told["Reply-To"]), "Please update the module; we have mended it.\n\n-- \nLea, private: lea@example.com\n")
    between()
    answer = story.mail_to("ann@example.org", "Please update the module")
    assert (answer["From"], answer["Auto-Submitted"]) == ('"Lea, Example Support" <support@example.com>', None)
    assert "lea@example.com" not in answer.as_string()
    assert "laptop" not in answer.as_string()
    assert answer["In-Reply-To"] == "<1@example.org>"

    until(story.due, "the clocks run")
    due = story.due()
    ((settled,),) = desk.read("SELECT settled_at FROM outbox WHERE kind = 'answer'")
    accepted_at = from_stamp(settled).replace(microsecond=0)
    assert begun.replace(microsecond=0) <= accepted_at <= datetime.now(UTC)
    assert due == {"reminder": accepted_at + timedelta(days=5), "close": accepted_at + timedelta(days=7)}
    shown = story.ticket()
    assert (shown["stage"], shown["assignee"]) == ("feedback", "lea@example.com")
    between()

    as_of = due["reminder"] + timedelta(minutes=1)
    assert story.tick(due["reminder"] - timedelta(minutes=1)) == []
    assert story.tick(as_of) == [("TimeCame reminder", "reminder")]
    between()
    reminder = story.mail_to("ann@example.org", "Did it help?")
    assert reminder["Auto-Submitted"] == "auto-generated"
    until(lambda: desk.read("SELECT waits FROM due") == [(0,)], "the reminder's acceptance is known")
    assert story.due() == {"close": due["close"]}, "accepted two days and more before"
    between()

    assert story.tick(as_of) == []
    assert story.tick(due["close"] + timedelta(minutes=1)) == [("TimeCame close", "closing")]
    between()
    closing = story.mail_to("ann@example.org", "we have closed your request #1")
    assert (story.ticket()["stage"], story.ticket()["due"]) == ("done", [])

    story.customer(2, str(closing["Reply-To"]), "It is wrong again.\n", Subject="Re: Tax", In_Reply_To=str(closing["Message-ID"]))
    between()
    again = story.mail_to("lea@example.com", "It is wrong again.")
    assert again["References"].split() == ["<1@example.org>", "<2@example.org>"]
    shown = story.ticket()
    assert (shown["stage"], shown["team"], shown["assignee"], shown["due"]) == ("process", "bugfix", "lea@example.com", [])
    assert [(each["direction"], each["visibility"], each["delivery"]) for each in shown["messages"]] == [
        ("in", "public", None), ("out", "public", "sent"), ("out", "public", "sent"), ("out", "public", "sent"), ("out", "public", "sent"),
        ("in", "public", None),
    ]  # fmt: skip
    until(lambda: desk.status()["outbox"] == {"sent": 6}, "all is sent")
    assert desk.stop() == 0
    assert Counter(str(each["Delivered-To"]) for each in desk.mails()) == {"ann@example.org": 4, "lea@example.com": 2}
    assert not [line for line in desk.lines if line.get("level") in ("error", "critical") or "Traceback" in str(line)]


def test_each_reminder_once(daemon: Any, mail: Callable[..., bytes], until: Until) -> None:
    """The worker is killed while many reminders are due: each customer gets one, and closing waits two days more."""
    count = 150
    desk = daemon(workers=1)
    desk.start(MAILD_CLOCKS_REMINDER="2s", MAILD_CLOCKS_CLOSE="4s")
    for number in range(count):
        who = f"c{number}@example.org"
        desk.send(mail("It fails.\n", From=who, Subject=f"s{number}", Message_ID=f"<{number}@example.org>"), sender=who)

    def reminded() -> int:
        return int(desk.read("SELECT COUNT(*) FROM outbox WHERE kind = 'reminder'")[0][0])

    for kills in (1, 2, 3):
        seen = reminded()
        until(lambda before=seen: reminded() > before, f"more than {seen} reminders")
        os.kill(desk.worker(), signal.SIGKILL)
        desk.wait_for(event="worker ready", times=kills + 1)
    assert seen < count, "it was killed before all was done"
    until(lambda: reminded() == count, "all are reminded")
    until(lambda: desk.read("SELECT DISTINCT state FROM outbox") == [("sent",)], "all is sent")
    until(lambda: desk.read("SELECT COUNT(*) FROM due WHERE waits") == [(0,)], "the acceptance of all reminders is known")
    reminders = Counter(str(each["Delivered-To"]) for each in desk.mails() if "Without a word from you we close" in body(each))
    assert reminders == {f"c{number}@example.org": 1 for number in range(count)}
    fired = desk.read("SELECT ticket, COUNT(*) FROM event WHERE kind = 'TimeCame' AND reason = 'reminder' GROUP BY ticket")
    assert fired == [(number, 1) for number in range(1, count + 1)]
    assert desk.read("SELECT kind, COUNT(*) FROM due GROUP BY kind") == [("close", count)]
    accepted = dict(desk.read("SELECT ticket, settled_at FROM outbox WHERE kind = 'reminder'"))
    two_days = timedelta(days=2) // timedelta(microseconds=1)
    assert dict(desk.read("SELECT ticket, at FROM due")) == {number: at + two_days for number, at in accepted.items()}
    assert desk.stop() == 0


def test_a_tick_beside_the_daemon(daemon: Any, mail: Callable[..., bytes], until: Until) -> None:
    """What the command wrote the daemon sends at once, long before it would look by itself; two commands at once do nothing twice."""
    desk = daemon()
    desk.start()
    for number in range(20):
        who = f"c{number}@example.org"
        desk.send(mail("It fails.\n", From=who, Subject=f"s{number}", Message_ID=f"<{number}@example.org>"), sender=who)
    until(lambda: desk.read("SELECT COUNT(*) FROM due") == [(40,)], "all clocks run")
    until(lambda: desk.status()["outbox"] == {"sent": 40}, "all is sent")
    command = [
        sys.executable,
        "-m",
        "maild",
        "-c",
        str(desk.file),
        "tick",
        "--as-of",
        iso(datetime.now(UTC) + timedelta(days=6)),
        "--json",
    ]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    told = [json.loads(line) for each in both for line in each.communicate(timeout=60)[0].splitlines()]
    ended = time.monotonic()
    assert sorted((each["ticket"], each["what"]) for each in told) == [(number, "TimeCame reminder") for number in range(1, 21)]
    until(lambda: desk.status()["outbox"] == {"sent": 60}, "the reminders are sent")
    assert time.monotonic() - ended < SECONDS["outbox"] - 3
    assert desk.stop() == 0
