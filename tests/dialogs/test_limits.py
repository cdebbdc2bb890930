"""Limits of the servers, and clients that behave badly: nothing is lost, nothing is left behind, others go on."""

from __future__ import annotations

import asyncio
import random
import socket
from datetime import timedelta

import pytest

from maild.intake.body import LARGE

MAIL = ("MAIL FROM:<ann@example.org>", "RCPT TO:<support@example.com>", "DATA")
LINE = b"x" * 98 + b"\r\n"


@pytest.mark.asyncio
async def test_connections_in_all(serving) -> None:
    """The connection above the limit gets 421 and is closed; when one leaves, the next is let in."""
    async with serving(max_connections=2) as server:
        first, second, third = [await server.connect() for _ in range(3)]
        assert (await first.line()).startswith("220 ")
        assert (await second.line()).startswith("220 ")
        assert (await third.line()).startswith("421 4.7.0")
        await third.ended()
        await first.say("QUIT")
        await first.ended()
        fourth = await server.connect()
        assert (await fourth.line()).startswith("220 ")


@pytest.mark.asyncio
async def test_connections_from_one_address(serving) -> None:
    """A stranger's address has a limit of its own; another address is let in."""
    async with serving(max_per_address=1, trusted_peers=()) as server:
        first, second = await server.connect(), await server.connect()
        assert (await first.line()).startswith("220 ")
        assert (await second.line()).startswith("421 4.7.0")
        other = await server.connect(own="127.0.0.2")
        assert (await other.line()).startswith("220 ")


@pytest.mark.asyncio
async def test_our_own_mta_may_have_them_all(serving) -> None:
    """A trusted peer is limited by the total alone."""
    async with serving(max_per_address=1) as server:
        clients = [await server.connect() for _ in range(5)]
        for client in clients:
            assert (await client.line()).startswith("220 ")


@pytest.mark.asyncio
async def test_who_sends_slowly_is_not_idle(serving) -> None:
    """The idle time counts from the last octets, however few: a mail that takes longer in all than the limit is taken."""
    async with serving(idle_timeout=timedelta(seconds=1)) as server:
        client = await server.connect()
        await client.greet()
        await client.say(*MAIL)
        for _ in range(4):
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.3):
                    await client.line()  # nobody hangs up meanwhile
            await client.send(b"x")
        assert (await client.say("\r\n.")).startswith("250 2.0.0")


@pytest.mark.asyncio
async def test_who_does_not_listen(serving) -> None:
    """A client that talks and never reads an answer is hung up on after a while, although its last answers cannot be delivered."""
    async with serving(idle_timeout=timedelta(seconds=0.3)) as server:
        deaf = socket.socket()
        deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        deaf.setblocking(False)
        loop = asyncio.get_running_loop()
        await loop.sock_connect(deaf, ("127.0.0.1", server.port))
        await server.until(lambda: server.door.sessions)
        (session,) = server.door.sessions
        while not session.transport.get_write_buffer_size():
            await loop.sock_sendall(deaf, b"HELP\r\n" * 100)
            await asyncio.sleep(0)
        await server.until(lambda: not server.door.sessions)
        deaf.close()


@pytest.mark.asyncio
async def test_vanished_in_the_middle(serving) -> None:
    """A client that vanishes within its mail leaves nothing, however much it sent."""
    async with serving() as server:
        for size in (0, 10, LARGE + 100_000):
            client = await server.connect()
            await client.greet()
            await client.say(*MAIL)
            await client.send(LINE * (size // 100))
            client.vanish()
            await server.quiet()
        assert server.kept() == []
        assert server.files() == []


@pytest.mark.asyncio
async def test_vanished_in_the_middle_of_a_file(serving) -> None:
    """A file that was begun for a large mail goes when its sender goes."""
    async with serving() as server:
        client = await server.connect()
        await client.greet()
        await client.say(*MAIL)
        await client.send(LINE * 8_000)
        await server.until(lambda: server.files() == [".part"])
        client.vanish()
        await server.quiet()
        assert server.kept() == []
        assert server.files() == []


@pytest.mark.asyncio
async def test_vanished_behind_the_dot(serving) -> None:
    """A mail whose sender hangs up without waiting for the answer is in the spool once."""
    async with serving() as server:
        client = await server.connect()
        await client.greet()
        await client.say(*MAIL)
        await client.send(b"Subject: bye\r\n.\r\n")
        client.writer.close()
        await server.until(server.kept)
        await server.quiet()
        ((_, raw),) = server.kept()
        assert raw.endswith(b"\r\nSubject: bye\r\n")


@pytest.mark.asyncio
async def test_vanished_behind_the_dot_of_a_large_mail(serving) -> None:
    """Whenever the sender of a large mail hangs up, it is in the spool with all its bytes, or it is not there at all."""
    chance = random.Random(7)
    content = LINE * (LARGE // 100 + 500)
    async with serving() as server:
        for _ in range(40):
            client = await server.connect()
            await client.greet()
            await client.say(*MAIL)
            await client.send(content + b".\r\n")
            for _ in range(chance.randrange(300)):
                await asyncio.sleep(0)
            client.writer.close()
            await server.quiet()
        kept = server.kept()
        assert all(raw.endswith(b"\r\n" + content) for _, raw in kept)
        assert server.files() == [".mail"] * len(kept)


@pytest.mark.asyncio
async def test_large_mail_goes_to_a_file(serving) -> None:
    """A mail above a few hundred kilobytes lies in a file beside the database, a smaller one in it."""
    async with serving() as server:
        client = await server.connect()
        await client.greet()
        for size in (LARGE - 1_000, LARGE + 1_000):
            await client.say(*MAIL)
            await client.send(LINE * (size // 100) + b".\r\n")
            assert (await client.line()).startswith("250 2.0.0")
        assert server.files() == [".mail"]
        assert [raw.endswith(LINE * 3_000) for _, raw in server.kept()] == [True, True]


@pytest.mark.parametrize("limit", [1_000, LARGE + 50_000])
@pytest.mark.asyncio
async def test_nothing_is_left_of_what_is_too_large(serving, limit: int) -> None:
    """When a mail passes the limit on its way it is refused at its dot, and neither entry nor file stays."""
    async with serving(max_size=limit) as server:
        client = await server.connect()
        await client.greet()
        await client.say(*MAIL)
        await client.send(LINE * (limit // 100 + 1_000) + b".\r\n")
        assert (await client.line()).startswith("552 5.3.4")
        assert server.files() == []
        await client.say(*MAIL)
        assert (await client.say("hello\r\n.")).startswith("250 2.0.0")
        assert len(server.kept()) == 1


@pytest.mark.asyncio
async def test_full_spool(serving) -> None:
    """A full disk puts mail off with 452 and no detail; when there is room again, mail is taken again."""
    async with serving() as server:
        client = await server.connect()
        await client.greet()
        pages = await server.spool.submit(lambda connection: connection.execute("PRAGMA page_count").fetchone()[0])
        await server.spool.submit(lambda connection: connection.execute(f"PRAGMA max_page_count={pages + 4}").fetchone())
        await client.say(*MAIL)
        assert await client.say("x" * 50_000 + "\r\n.") == "452 4.3.1 no room for mail now, please try again later"
        await client.say(*MAIL)
        assert (await client.say("small\r\n.")).startswith("250 2.0.0")
        await server.spool.submit(lambda connection: connection.execute("PRAGMA max_page_count=1000000").fetchone())
        await client.say(*MAIL)
        assert (await client.say("x" * 50_000 + "\r\n.")).startswith("250 2.0.0")
        assert len(server.kept()) == 2


@pytest.mark.asyncio
async def test_no_room_for_a_file(serving) -> None:
    """Where a large mail's file cannot be made, the sender is put off at the dot, and the dialogue keeps its step."""
    async with serving() as server:
        client = await server.connect()
        await client.greet()
        folder = server.config.state / "spool"
        folder.rmdir()
        folder.write_text("in the folder's place")
        await client.say(*MAIL)
        await client.send(LINE * (LARGE // 100 + 500) + b".\r\n")
        assert (await client.line()).startswith("451 4.3.0")
        assert (await client.say("NOOP")).startswith("250")
        assert server.kept() == []


@pytest.mark.asyncio
async def test_little_free_space(serving) -> None:
    """Below the reserve of free space every mail is put off, announced or not."""
    async with serving(min_free=1 << 62) as server:
        client = await server.connect()
        await client.greet()
        assert (await client.say("MAIL FROM:<ann@example.org>")).startswith("452 4.3.1")


@pytest.mark.asyncio
async def test_many_sessions_at_once(serving) -> None:
    """A hundred sessions at once get their mails accepted, each one its own."""
    async with serving() as server:

        async def session(number: int) -> str:
            client = await server.connect()
            await client.greet()
            await client.say(*MAIL)
            answer = await client.say(f"Subject: {number}\r\n.")
            await client.say("QUIT")
            return answer

        answers = await asyncio.gather(*map(session, range(100)))
        kept = {entry.id: raw for entry, raw in server.kept()}
        assert len(kept) == 100
        for number, answer in enumerate(answers):
            assert kept[answer.removeprefix("250 2.0.0 accepted as ")].endswith(b"\r\nSubject: %d\r\n" % number)


@pytest.mark.parametrize(
    ("protocol", "hello", "wanted"),
    [
        ("smtp", "EHLO c.example", b"with ESMTP\r\n"),
        ("smtp", "HELO c.example", b"with SMTP\r\n"),
        ("lmtp", "LHLO c.example", b"with LMTP\r\n"),
    ],
)
@pytest.mark.asyncio
async def test_received_field(serving, protocol: str, hello: str, wanted: bytes) -> None:
    """The trace field tells from whom, by which protocol, for whom, and when (RFC 5321, section 4.4)."""
    async with serving(protocol=protocol) as server:
        client = await server.connect()
        await client.greet(hello)
        await client.say(*MAIL, "Subject: x\r\n.")
        ((entry, raw),) = server.kept()
        assert raw == (
            b"Received: from c.example ([127.0.0.1])\r\n\tby mail.example.com (maild) "
            + wanted
            + b"\tfor <support@example.com>;\r\n\tWed, 4 Mar 2026 12:00:00 +0000\r\nSubject: x\r\n"
        )
        assert (entry.envelope.intake, entry.envelope.trusted, entry.envelope.helo) == (protocol, True, "c.example")


@pytest.mark.asyncio
async def test_received_field_is_one(serving) -> None:
    """A forged HELO cannot start a field of its own, and several recipients are not told of each other."""
    async with serving() as server:
        client = await server.connect()
        await client.reply()
        await client.say("HELO x\rX-Evil: 1 \x00y")
        await client.say(
            "MAIL FROM:<ann@example.org>", "RCPT TO:<support@example.com>", "RCPT TO:<support+2@example.com>", "DATA"
        )
        await client.say("Subject: x\r\n.")
        ((_, raw),) = server.kept()
        assert raw.startswith(b"Received: from xX-Evil:1y ([127.0.0.1])\r\n\tby mail.example.com (maild) with SMTP;\r\n\tWed,")


@pytest.mark.asyncio
async def test_sealed_mailbox(serving) -> None:
    """A mail to a sealed mailbox, small or large, is nowhere on the disk in plaintext."""
    async with serving() as server:
        client = await server.connect()
        await client.greet()
        for size in (10, LARGE):
            await client.say(
                "MAIL FROM:<ann@example.org>", "RCPT TO:<support@example.com>", "RCPT TO:<security@example.com>", "DATA"
            )
            await client.send(b"Subject: canary\r\n\r\n" + b"canary\r\n" * (size // 8 + 8) + b".\r\n")
            assert (await client.line()).startswith("250 2.0.0")
        assert [entry.sealed for entry, _ in server.kept()] == [True, True]
        for path in server.config.state.rglob("*"):
            assert path.is_dir() or b"canary" not in path.read_bytes(), path.name
