"""Behind a real Postfix and before it: swaks, mutt and smtplib -> Postfix -> LMTP -> the desk -> Postfix -> people's mailboxes."""

from __future__ import annotations

import os
import shutil
import signal
import smtplib
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.daemon import postfix as private
from tests.daemon.postfix import Postfix, until

DEADLINE = 60.0
pytestmark = pytest.mark.skipif(bool(private.missing()), reason=private.missing())


@pytest.fixture
def postfix() -> Iterator[Postfix]:
    """A private Postfix."""
    server = Postfix()
    yield server
    server.close()


@pytest.fixture
def desk(daemon, postfix: Postfix) -> Any:
    """The desk behind it, not started yet."""
    desk = daemon(lmtp=f"unix:{postfix.socket}")
    next_hop = f'[delivery]\nnext_hop = "smtp://127.0.0.1:{postfix.port}"\n[store]\n'
    desk.file.write_text(desk.file.read_text().replace("[store]\n", next_hop))
    return desk


def client(program: str) -> str:
    """Where a mail client is."""
    found = shutil.which(program)
    if found is None:
        pytest.skip(f"Debian's {program} is not installed: apt-get install {program}")
    return found


def test_there_and_back(desk, postfix: Postfix, mail: Callable[..., bytes], tmp_path: Path) -> None:
    """A mail by swaks, the acknowledgement with a null sender, the notification; a reply by mutt with a file lands in the ticket."""
    desk.start()
    words = [
        "--server",
        f"127.0.0.1:{postfix.port}",
        "--from",
        "ann@example.org",
        "--to",
        "support@example.com",
        "--header",
        "Subject: Invoices",
    ]
    done = subprocess.run(
        [client("swaks"), *words, "--body", "We are on 17.0, and validating an invoice fails."], capture_output=True, text=True, timeout=DEADLINE, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    until(lambda: postfix.mails("ann@example.org") and postfix.notes(), postfix.log)
    (answer,) = postfix.mails("ann@example.org")
    assert (answer["Return-Path"], answer["Auto-Submitted"], answer["From"]) == (
        "<>",
        "auto-replied",
        "Example Support <support@example.com>",
    )
    assert "support+1-c-" in answer["Reply-To"]
    (tmp_path / "error.log").write_text("what the log said\n")
    rc = tmp_path / "muttrc"
    rc.write_text(
        f'set from="ann@example.org"\nset smtp_url="smtp://127.0.0.1:{postfix.port}"\nset ssl_force_tls=no\nset copy=no\nset record=""\n'
    )
    address = answer["Reply-To"].partition("<")[2].rstrip(">")
    command = [client("mutt"), "-n", "-F", str(rc), "-s", "Re: Invoices", "-a", str(tmp_path / "error.log"), "--", address]
    sent = subprocess.run(
        command,
        input="Database: ann-prod\n",
        capture_output=True,
        text=True,
        timeout=DEADLINE,
        env={**os.environ, "HOME": str(tmp_path)},
        check=False,
    )
    assert sent.returncode == 0, sent
    until(lambda: len(postfix.notes()) == 2, postfix.log)
    (ticket,) = desk.tickets()
    assert ticket["database"] == "ann-prod"
    shown = desk.maild("ticket", "1").stdout
    assert "error.log" in shown
    assert not postfix.waiting()
    assert desk.stop() == 0


def test_several_recipients(desk, postfix: Postfix, mail: Callable[..., bytes]) -> None:
    """One mail to two addresses of the desk and a person is one LMTP dialogue with a reply for each; nobody unknown is let in."""
    desk.start()
    with smtplib.SMTP("127.0.0.1", postfix.port, timeout=DEADLINE) as swift:
        refused = swift.sendmail(
            "ann@example.org", ["support@example.com", "support+x@example.com", "ben@example.org", "nobody@example.com"], mail()
        )
    assert list(refused) == ["nobody@example.com"]
    until(lambda: postfix.mails("ben@example.org") and postfix.notes(), postfix.log)
    assert len(desk.tickets()) == 1
    assert desk.wait_for(event="accepted")["recipients"] == 2
    assert postfix.log().count("status=sent (250 2.0.0 accepted as") == 2
    assert desk.stop() == 0


def test_the_desk_is_down(desk, postfix: Postfix, mail: Callable[..., bytes]) -> None:
    """Stopped, killed in the middle, started again: Postfix keeps what it has and comes again; nothing is lost, and no mail makes two tickets."""

    def write(first: int, last: int) -> None:
        with smtplib.SMTP("127.0.0.1", postfix.port, timeout=DEADLINE) as swift:
            for number in range(first, last):
                swift.sendmail(
                    "ann@example.org",
                    "support@example.com",
                    mail(f"Number {number}.\n", Subject=f"s{number}", Message_ID=f"<{number}@example.org>"),
                )

    write(0, 5)  # it never ran: there is no socket
    until(lambda: postfix.log().count("status=deferred") >= 5, postfix.log)
    desk.start()
    write(5, 40)
    desk.wait_for(event="accepted", times=3)
    desk.signal(signal.SIGKILL)
    desk.wait()
    write(40, 45)
    postfix.run("postqueue", "-f")
    desk.start()
    postfix.run("postqueue", "-f")
    until(lambda: not postfix.waiting(), lambda: (postfix.waiting(), postfix.log()))
    # What was on its way to the next hop when the desk was killed is sent once more, marked: a second copy may come.
    until(lambda: len({each["X-Maild-Ticket"] for each in postfix.notes()}) == 45, postfix.log)
    assert sorted(each["subject"] for each in desk.tickets()) == sorted(f"s{number}" for number in range(45))
    assert len({each["Message-ID"] for each in postfix.notes()}) == 45
    assert desk.stop() == 0


def test_the_next_hop_is_down(desk, postfix: Postfix, mail: Callable[..., bytes]) -> None:
    """Mail that came by the pipe waits until Postfix runs again; `outbox retry` makes it due, SIGHUP ends the pause; health tells of it meanwhile."""
    postfix.run("postfix", "stop")
    desk.start()
    left = desk.maild("deliver", "--to", "support@example.com", "--from", "ann@example.org", stdin=mail())
    assert left.returncode == 0
    desk.wait_for(event="next hop")
    until(lambda: "next hop" in desk.maild("health").stdout)
    postfix.run("postfix", "start")
    assert desk.maild("outbox", "retry", "all").returncode == 0
    desk.signal(signal.SIGHUP)
    until(lambda: postfix.mails("ann@example.org") and postfix.notes(), postfix.log)
    assert desk.stop() == 0
