"""The daemon as a whole: it starts, does its work, reloads, stops, and takes up what was left."""

from __future__ import annotations

import asyncio
import gc
import shutil
import signal
import smtplib
import socket
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from maild.app import Front
from maild.config import load_config
from maild.intake.spool import Spool
from maild.keys.ring import open_keyring
from maild.mail.envelope import Envelope
from maild.mail.parse import parse
from maild.store.outbox import Outbox
from maild.store.spool import SpoolReader
from maild.store.store import Store

DEADLINE = 60.0


def test_from_the_first_mail_to_the_end(daemon, mail: Callable[..., bytes]) -> None:
    """A mail is acknowledged and the team told; `status` tells how it stands; SIGTERM ends it with 0 and nothing half done."""
    desk = daemon()
    desk.start()
    with smtplib.SMTP("127.0.0.1", desk.port, timeout=DEADLINE) as client:
        for words in (
            "EHLO canary",
            "VRFY canary",
            "CANARY canary",
            "MAIL FROM:<canary@example.org>",
            "RCPT TO:<canary@example.org>",
        ):
            client.docmd(words)
    desk.send(mail("The tax is computed twice.\n", Subject="Tax is wrong"))
    desk.wait_for(event="mail", state="sent", times=2)
    acknowledgement, notification = desk.sent()["ann@example.org"], desk.sent()["lea@example.com"]
    assert (acknowledgement["To"], acknowledgement["Auto-Submitted"], acknowledgement["Return-Path"]) == (
        "ann@example.org", "auto-replied", "<>",
    )  # fmt: skip
    assert acknowledgement["In-Reply-To"] == "<1@example.org>"
    assert notification["Subject"] == "[#1] Tax is wrong"
    status = desk.status()
    assert status["running"] is True
    assert (status["tickets"], status["outbox"]) == ({"qualification": 1}, {"sent": 2})
    (ticket,) = desk.tickets()
    assert (ticket["number"], ticket["requester"], ticket["team"]) == (1, "ann@example.org", "bugfix")
    assert desk.stop() == 0
    assert desk.lines[-2]["event"] == "stopped"
    status = desk.status()
    assert (status["running"], status["spool"]) == (False, {})
    assert not [line for line in desk.lines if line.get("level") in ("error", "critical") or "Traceback" in str(line)]
    assert not any(word in str(line).lower() for line in desk.lines for word in ("example.org", "canary", "tax is"))


def test_only_one(daemon) -> None:
    """A second daemon on the same state folder refuses with 75 and says why; the first goes on."""
    first = daemon()
    first.start()
    second = first.maild("run")
    assert second.returncode == 75
    assert "another maild runs here; stop it first" in second.stderr
    assert "Traceback" not in second.stderr
    assert first.status()["running"] is True
    assert first.stop() == 0


def test_a_port_that_is_taken(daemon) -> None:
    """Where another server listens, the daemon ends with 78 and names the address."""
    desk = daemon()
    with socket.create_server(("127.0.0.1", desk.port)):
        desk.start(ready=False)
        assert desk.wait() == 78
    said = [line["said"] for line in desk.lines if "said" in line]
    assert any(f"cannot listen on 127.0.0.1:{desk.port}" in line for line in said)
    assert "maild: ready" not in said


def test_broken_rules(daemon, root: Path, tmp_path: Path) -> None:
    """A daemon with rules that cannot be read does not start; it tells file and line, and has touched nothing."""
    shutil.copytree(root / "rules", tmp_path / "rules")
    (tmp_path / "rules" / "95-broken.yaml").write_text("- rule: x\n  match: [\n")
    desk = daemon(rules="rules")
    desk.start(ready=False)
    assert desk.wait() == 78
    assert any("rules/95-broken.yaml:3" in line.get("said", "") for line in desk.lines)
    assert not (desk.state / "spool.db").exists()


def test_stop_in_the_middle_of_a_mail(daemon, mail: Callable[..., bytes]) -> None:
    """At SIGTERM who is in the middle of a mail may end it, the others hear 421; what was accepted is done at the next start."""
    desk = daemon()
    desk.start()
    busy, idle = (smtplib.SMTP("127.0.0.1", desk.port, timeout=DEADLINE) for _ in range(2))
    busy.ehlo()
    busy.mail("ann@example.org")
    busy.rcpt("support@example.com")
    assert busy.docmd("DATA")[0] == 354
    busy.send(b"Subject: half")
    desk.signal(signal.SIGTERM)
    assert idle.getreply() == (421, b"4.3.2 shutting down")
    busy.send(b" and half\r\nFrom: ann@example.org\r\n\r\nHello.\r\n.\r\n")
    code, words = busy.getreply()
    assert (code, words.startswith(b"2.0.0 accepted as ")) == (250, True)
    assert desk.wait() == 0
    for client in (busy, idle):
        client.close()
    desk.start()
    if not desk.status()["outbox"].get("sent"):
        desk.wait_for(event="mail", state="sent", times=2)
    assert [each["subject"] for each in desk.tickets()] == ["half and half"]
    assert desk.stop() == 0


def test_what_was_left_while_it_was_stopped(daemon, mail: Callable[..., bytes]) -> None:
    """The pipe needs no daemon: what it left is taken at the next start, and what it leaves later as well."""
    desk = daemon()
    left = desk.maild("deliver", "--to", "support@example.com", "--from", "ann@example.org", stdin=mail(Subject="early"))
    assert left.returncode == 0
    desk.start()
    desk.wait_for(event="accepted", road="pipe")
    assert (
        desk.maild("deliver", "--to", "support@example.com", stdin=mail(Subject="late", Message_ID="<2@example.org>")).returncode
        == 0
    )
    desk.wait_for(event="accepted", road="pipe", times=2)
    desk.wait_for(event="mail", state="sent", times=3)  # the second has no reverse-path, so no acknowledgement
    assert {each["subject"] for each in desk.tickets()} == {"early", "late"}
    assert desk.stop() == 0


def test_lmtp_on_a_unix_socket(daemon, mail: Callable[..., bytes]) -> None:
    """LMTP on a Unix socket, as a local MTA speaks it: for its group alone, one reply for each recipient, and a trusted road."""
    desk = daemon(lmtp="unix:var/lmtp.sock")
    desk.state.mkdir()
    with socket.socket(socket.AF_UNIX) as left_behind:
        left_behind.bind(str(desk.state / "lmtp.sock"))  # by a daemon that was killed
    desk.start()
    assert (desk.state / "lmtp.sock").stat().st_mode & 0o777 == 0o660
    with smtplib.LMTP(str(desk.state / "lmtp.sock"), timeout=DEADLINE) as client:
        client.ehlo()
        client.mail("ann@example.org")
        client.rcpt("support@example.com")
        client.rcpt("support+2@example.com")
        assert client.data(mail())[0] == 250
        assert client.getreply()[0] == 250
        assert client.noop()[0] == 250
    desk.wait_for(event="mail", state="sent", times=2)
    assert desk.stop() == 0
    reader = SpoolReader(desk.state)
    (entry,) = reader.listed(["done"])
    reader.close()
    assert (entry.envelope.intake, entry.envelope.trusted, entry.envelope.peer) == ("lmtp", True, "")
    assert entry.envelope.forward_paths == ("support@example.com", "support+2@example.com")


def test_store_trouble_pauses_the_road(daemon, mail: Callable[..., bytes]) -> None:
    """While the database cannot be written, mail is accepted and waits; then it is worked on, and nobody's attempt has counted."""
    desk = daemon()
    desk.start()
    lock = desk.state / "maild.db.lock"
    lock.unlink()
    lock.mkdir()
    desk.send(mail())
    pause = desk.wait_for(event="the road pauses")
    assert pause["reason"].startswith("store: ")
    assert desk.status()["tickets"] == {}
    lock.rmdir()
    desk.wait_for(event="mail", state="sent", times=2)
    assert len(desk.tickets()) == 1
    assert desk.stop() == 0
    with sqlite3.connect(desk.state / "spool.db") as spool:
        assert spool.execute("SELECT state, attempts FROM entry").fetchall() == [("done", 0)]
    spool.close()


def test_a_restored_desk(daemon, mail: Callable[..., bytes]) -> None:
    """After the desk's database was lost, what the spool has is worked on again: nothing that was accepted is missing."""
    desk = daemon()
    desk.start()
    for number in range(3):
        desk.send(mail(f"Number {number}.\n", Subject=f"s{number}", Message_ID=f"<{number}@example.org>"))
    desk.wait_for(event="mail", state="sent", times=6)
    assert desk.stop() == 0
    for path in desk.state.glob("maild.db*"):
        path.unlink()
    desk.start()
    assert desk.wait_for(event="started")["forgotten"] == 3
    desk.wait_for(event="mail", state="sent", times=6)
    assert sorted(each["subject"] for each in desk.tickets()) == ["s0", "s1", "s2"]
    assert desk.stop() == 0


@pytest.mark.asyncio
async def test_damaged_mail_goes_on_hold(write_desk, mail: Callable[..., bytes], envelope: Callable[..., Envelope]) -> None:
    """A sealed mail whose bytes are damaged goes on hold after three attempts, beside others that are done; the operator gets one note."""
    config = load_config(write_desk(), {})
    keys = open_keyring(config.state / "keys")
    await _leave(
        config, keys, [(mail("a secret\n"), "security@example.com"), (mail("no secret\n"), "support@example.com")], envelope
    )
    front = Front(config)
    ready = asyncio.Event()
    running = asyncio.create_task(front.run(ready.set))
    reader, store = SpoolReader(config.state), Store(config, keys)
    try:
        async with asyncio.timeout(DEADLINE):
            await ready.wait()
            while not (held := reader.newly_held()):
                await asyncio.sleep(0.01)
            assert (held[0].attempts, held[0].reason[:16], held[0].sealed) == (3, "failed 3 times: ", True)
            assert "is damaged" in held[0].reason
            for _ in range(3):
                await front._tell_operator()  # the job, without waiting minutes for it
            notes = [row for row in Outbox(store).listed(["queued", "sending", "sent"]) if row["class"] == "operator"]
            assert [row["to"] for row in notes] == ["ops@example.net"]
            text = Outbox(store).find(notes[0]["key"])[0]["mail"].draft.text
            assert held[0].id[:12] in text
            assert "failed 3 times" in text
            assert reader.counts() == {"hold": 1}
    finally:
        signal.raise_signal(signal.SIGTERM)
        await running
        reader.close()
        store.close()
        gc.unfreeze()


async def _leave(config, keys, mails, envelope) -> None:
    """Accepts mails while no daemon runs, and damages the first one's bytes in the database."""
    spool = Spool(config.state, keys.seal.public, 0)
    spool.start()
    entries = [await spool.accept(envelope(to), raw, sealed=to.startswith("security")) for raw, to in mails]

    def damage(connection: sqlite3.Connection) -> None:
        (seq,) = connection.execute("SELECT seq FROM entry WHERE id = ?", (entries[0],)).fetchone()
        (body,) = connection.execute("SELECT bytes FROM body WHERE seq = ?", (seq,)).fetchone()
        middle = len(body) // 2
        broken = body[:middle] + bytes([body[middle] ^ 1]) + body[middle + 1 :]
        connection.execute("UPDATE body SET bytes = ? WHERE seq = ?", (broken, seq))

    await spool.submit(damage)
    await spool.stop()


def test_every_mail_says_who_it_is(daemon, mail: Callable[..., bytes]) -> None:
    """What the daemon sends reads back as what it is: automatic, of this desk, and about its ticket."""
    desk = daemon()
    desk.start()
    desk.send(mail())
    desk.wait_for(event="mail", state="sent", times=2)
    for each in desk.sent().values():
        read = parse(each.as_bytes())
        assert read.automatic is not None
        assert not read.may_answer
        assert read.defects == ()
        assert each["X-Maild-Ticket"] == "1"
    assert desk.stop() == 0
