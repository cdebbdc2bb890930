"""The daemon fetches from a real server: killed in the middle of a backlog it takes each mail once, and a mail becomes a ticket."""

from __future__ import annotations

import asyncio
import gc
import signal
import sqlite3
from collections import Counter
from email.parser import BytesHeaderParser
from pathlib import Path

import pytest

from maild.app import Front
from maild.config import load_config
from maild.keys.ring import open_keyring
from maild.store.outbox import Outbox
from maild.store.store import Store

DEADLINE = 30.0

FOLDER = """
[[intake.imap]]
host = "127.0.0.1"
port = {port}
tls = false
user = "{user}"
password_file = "password"
done = "{done}"
"""


def fetching(daemon, dovecot, user: str, done: str = "seen"):
    """A daemon that fetches this user's INBOX."""
    desk = daemon()
    (desk.file.parent / "password").write_text("secret")
    desk.file.write_text(desk.file.read_text() + FOLDER.format(port=dovecot.port, user=user, done=done))
    return desk


def taken(state: Path) -> Counter[str]:
    """How often each Message-ID was taken."""
    with sqlite3.connect(state / "spool.db") as spool:
        rows = spool.execute("SELECT bytes FROM body").fetchall()
    spool.close()
    return Counter(BytesHeaderParser().parsebytes(row[0])["Message-ID"] for row in rows)


def test_mail_becomes_a_ticket(daemon, dovecot, mail) -> None:
    """A fetched mail walks the same road; the log names nobody, and a stop is clean."""
    desk = fetching(daemon, dovecot, "ticket", "delete")
    desk.start()
    desk.wait_for(event="imap idles")
    dovecot.deliver("ticket", mail("The tax is computed twice.\n", Subject="Tax is wrong"))
    desk.wait_for(event="accepted", road="imap")
    desk.wait_for(event="mail", state="sent", times=2)
    (ticket,) = desk.tickets()
    assert (ticket["requester"], ticket["subject"]) == ("ann@example.org", "Tax is wrong")
    desk.wait_for(event="imap idles", times=2)
    assert dovecot.flags("ticket") == {}
    assert desk.stop() == 0
    assert not [line for line in desk.lines if line.get("level") in ("error", "critical") or "Traceback" in str(line)]
    assert not any(word in str(line).lower() for line in desk.lines for word in ("example.org", "secret", "tax is"))


def test_killed_in_a_backlog(daemon, dovecot, mail) -> None:
    """SIGKILL while it fetches, three times: each mail is taken once, and none is seen on the server that was not safe."""
    mails = [mail("x" * 60 + "\n" + "y" * 3_000, Message_ID=f"<{number}@example.org>") for number in range(400)]
    dovecot.deliver("backlog-killed", *mails)
    desk = fetching(daemon, dovecot, "backlog-killed")
    for kills in (1, 2, 3):
        desk.start()
        desk.wait_for(event="accepted", road="imap", times=40)
        desk.signal(signal.SIGKILL)
        desk.wait()
        flags = dovecot.flags("backlog-killed")
        assert {each for each, seen in flags.items() if seen} <= set(taken(desk.state)), f"after kill {kills}"
    desk.start()
    desk.wait_for(event="imap idles")
    assert desk.stop() == 0
    assert taken(desk.state) == Counter({f"<{number}@example.org>": 1 for number in range(400)})
    assert all(dovecot.flags("backlog-killed").values())


def test_wrong_password(daemon, dovecot) -> None:
    """A login that is refused does not keep the desk from starting; a password file that is missing does, with 78."""
    desk = fetching(daemon, dovecot, "someone")
    (desk.file.parent / "password").write_text("hunter2")
    desk.start()
    desk.wait_for(event="imap waits", reason="the server said NO [AUTHENTICATIONFAILED] to LOGIN")
    assert desk.stop() == 0
    assert not any(word in str(line) for line in desk.lines for word in ("someone", "hunter2"))
    (desk.file.parent / "password").unlink()
    desk.start(ready=False)
    assert desk.wait() == 78
    assert any("password: No such file or directory; set intake.imap.password_file" in str(line) for line in desk.lines)


@pytest.mark.asyncio
async def test_the_operator_is_told(write_desk, dovecot, mail) -> None:
    """One note tells of a login that is refused and of a mail over the limit; asked again, nothing new is told."""
    await asyncio.to_thread(dovecot.deliver, "told", mail("x" * 70))
    file = write_desk(listen="127.0.0.1:0")
    (file.parent / "password").write_text("secret")
    (file.parent / "wrong").write_text("hunter2")
    folder = FOLDER.format(port=dovecot.port, user="told", done="seen")
    refused = folder.replace('"password"', '"wrong"').replace('"told"', '"nobody"')
    file.write_text(f"{file.read_text()}{folder}max_size = 100\n{refused}")
    front, ready = Front(load_config(file, {})), asyncio.Event()
    running = asyncio.create_task(front.run(ready.set))
    store = Store(load_config(file, {}), open_keyring(file.parent / "var" / "keys"))
    try:
        async with asyncio.timeout(DEADLINE):
            await ready.wait()
            while not (front._imap.troubles() and await front._imap.large()):
                await asyncio.sleep(0.01)
            for _ in range(3):
                await front._tell_operator()
            (note,) = [row for row in Outbox(store).listed(["queued", "sending", "sent"]) if row["class"] == "operator"]
            text = Outbox(store).find(note["key"])[0]["mail"].draft.text
            assert "left: 1 mails in intake.imap 1 (127.0.0.1) are over its max_size; they stay there" in text
            assert "trouble: intake.imap 2 (127.0.0.1): the server said NO [AUTHENTICATIONFAILED] to LOGIN" in text
    finally:
        signal.raise_signal(signal.SIGTERM)
        await running
        store.close()
        gc.unfreeze()
