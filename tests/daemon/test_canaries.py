"""Logs name nobody: mails full of words that must not be told, every road they can take, and a look at all that was said."""

from __future__ import annotations

import contextlib
import smtplib
import socket
import socketserver
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from maild.store.spool import SpoolReader

DEADLINE = 60.0
CANARY = "canary"
MAIL = b"""From: Canary Name <canary-from@canary.example>\r
To: Canary Desk <support@example.com>, canary-to@canary.example\r
Cc: "Canary Copy" <canary-cc@canary.example>\r
Subject: canary subject %d\r
Message-ID: <canary-id-%d@canary.example>\r
References: <canary-reference-%d@canary.example>\r
%s: <canary.example>\r
MIME-Version: 1.0\r
Content-Type: multipart/mixed; boundary=b\r
\r
--b\r
Content-Type: text/html; charset=canary-charset\r
\r
<p>canary body<p>Database: canary-database\r
--b\r
Content-Type: image/png; name="canary.png"\r
Content-Disposition: attachment; filename="canary-file.png"\r
Content-Transfer-Encoding: base64\r
\r
canary!\r
--b--\r
"""
BOUNCE = b"""From: canary daemon <MAILER-DAEMON@canary.example>\r
To: support@example.com\r
Subject: Undelivered canary\r
Message-ID: <canary-bounce@canary.example>\r
Content-Type: multipart/report; report-type=delivery-status; boundary=b\r
\r
--b\r
Content-Type: message/delivery-status\r
\r
Reporting-MTA: dns; canary.example\r
\r
Final-Recipient: rfc822; canary-lost@canary.example\r
Action: failed\r
Status: 5.1.1\r
Diagnostic-Code: smtp; 550 5.1.1 canary unknown\r
\r
--b--\r
"""
HARDLY_A_MAIL = b'canary \xff\xfe: canary\r\nFrom canary\r\nContent-Type: multipart/canary; boundary="\r\n\r\n\x00canary'
DIALOGUES = (
    b"EHLO canary.example\r\nMAIL FROM:<canary@canary.example> CANARY=canary\r\nMAIL FROM:<canary\r\nMAIL FROM:canary canary@canary\r\nQUIT\r\n",
    b"HELO canary\r\nMAIL FROM:<canary@canary.example>\r\nRCPT TO:<canary@elsewhere.example>\r\nRCPT TO:<support+canary@example.com\r\nRCPT canary\r\n"
    b"RCPT TO:<support+bounce-0011223344556677-canarycanary@example.com>\r\nDATA canary\r\nVRFY canary@canary.example\r\nEXPN canary\r\n",
    b"canary@canary.example\r\nHELP canary\r\nAUTH PLAIN Y2FuYXJ5\r\nSTARTTLS canary\r\nNOOP canary\r\n" + b"CANARY " * 20_000 + b"\r\n",
    b"EHLO \xff\xfecanary\r\nMAIL FROM:<canary\xe9@canary.example> SMTPUTF8\r\nRCPT TO:<canary\xe9@example.com>\r\n",
    b"EHLO c\r\nMAIL FROM:<canary@canary.example>\r\nRCPT TO:<support@example.com>\r\nDATA\r\n",
)  # fmt: skip


class Refusing(socketserver.StreamRequestHandler):
    """A next hop that has something to say about everybody: with a code by whom the mail is for."""

    def handle(self) -> None:
        self.say("220 canary.example")
        recipient = ""
        with contextlib.suppress(ConnectionError):
            for line in self.rfile:
                command = line.decode("utf-8", "replace").strip()
                if command.upper().startswith("RCPT"):
                    recipient = command.partition("<")[2].partition(">")[0]
                    refused = recipient.startswith("canary")
                    self.say(
                        f"550 5.1.1 <{recipient}>: canary is unknown here; Canary Name said canary subject"
                        if refused
                        else "250 OK"
                    )
                elif command.upper() == "DATA":
                    self.say("354 go on")
                    while self.rfile.readline() not in (b".\r\n", b""):
                        pass
                    self.say(f"451 4.7.1 canary body is greylisted for {recipient}")
                elif command.upper() == "QUIT":
                    self.say("221 canary")
                    return
                else:
                    self.say("250 canary.example")

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


@pytest.fixture
def hop() -> Iterator[int]:
    """Its port."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Refusing) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()


def talk(port: int, words: bytes) -> None:
    """Says it all at once, and hears what comes until the other side has nothing to add."""
    with socket.create_connection(("127.0.0.1", port), DEADLINE) as client, contextlib.suppress(ConnectionError, TimeoutError):
        client.recv(1000)
        client.sendall(words)
        client.settimeout(0.5)
        while client.recv(65_536):
            pass


@pytest.mark.parametrize("form", ["json", "text"])
def test_no_canary_is_told(daemon, hop: int, form: str, tmp_path: Path) -> None:
    """At level debug, in both formats: no address, name, subject, text, file name, HELO, Message-ID or reply is in log or health."""
    desk: Any = daemon(lmtp="unix:var/lmtp.sock")
    more = f'[delivery]\nnext_hop = "smtp://127.0.0.1:{hop}"\n[store]\n'
    written = desk.file.read_text().replace("[store]\n", more).replace("[intake.smtp]\n", '[intake.smtp]\nmax_size = "60KB"\n')
    desk.file.write_text(written.replace('format = "json"', f'format = "{form}"'))
    desk.start()
    _write_to(desk)
    _until(lambda: not set(SpoolReader(desk.state).counts()) - {"hold"})
    _until(lambda: {"queued", "sending"}.isdisjoint(desk.status()["outbox"]))
    status = desk.status()
    assert status["spool"]["hold"] >= 2
    assert {"failed", "deferred"} <= set(status["outbox"])
    assert len(desk.tickets()) >= 4
    assert CANARY in desk.maild("outbox", "list").stdout  # the operator, who asks for it, is told
    assert desk.stop() == 0
    assert len(desk.lines) > 20
    assert not [line for line in desk.lines if CANARY in str(line).lower() or "@" in str(line)]
    files = [path for path in desk.state.glob("*.json")]
    assert files
    assert not [path for path in files if CANARY in path.read_text().lower()]
    assert not [line for line in desk.lines if "Traceback" in str(line)]


def _write_to(desk: Any) -> None:
    """By every road, in every way."""
    for words in DIALOGUES:
        talk(desk.port, words)
    for number, to in enumerate(("support@example.com", "security@example.com", "postmaster@example.com", "abuse@example.com")):
        desk.send(MAIL % (number, number, number, b"X-Canary"), to, sender="canary-sender@canary.example")
    desk.send(MAIL % (7, 7, 7, b"List-Id"), sender="canary-list@canary.example")
    desk.send(BOUNCE, sender="")
    desk.send(HARDLY_A_MAIL, sender="canary@canary.example")
    desk.send(MAIL % (8, 8, 8, b"X-Canary"), "support+1-c-canarycanary@example.com", sender="canary@canary.example")
    with smtplib.SMTP("127.0.0.1", desk.port, timeout=DEADLINE) as client:
        client.helo("canary.example")  # announces no size
        with pytest.raises(smtplib.SMTPDataError, match="larger"):
            client.sendmail("canary@canary.example", "support@example.com", MAIL % (9, 9, 9, b"X-Canary") + b"canary " * 20_000)
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        desk.send(MAIL % (10, 10, 10, b"X-Canary"), "canary@example.com", sender="canary@canary.example")
    with smtplib.LMTP(str(desk.state / "lmtp.sock"), "canary", timeout=DEADLINE) as client:
        client.sendmail("canary@canary.example", "support+canary@example.com", MAIL % (11, 11, 11, b"X-Canary"))
    piped = desk.maild(
        "deliver", "--to", "support@example.com", "--from", "canary@canary.example", stdin=MAIL % (12, 12, 12, b"X-Canary")
    )
    assert piped.returncode == 0


def _until(condition: Callable[[], bool]) -> None:
    pause = threading.Event()
    for _ in range(int(DEADLINE / 0.1)):
        if condition():
            return
        pause.wait(0.1)
    raise AssertionError("not in time")
