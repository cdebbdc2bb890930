"""Next hops: a Maildir, and an SMTP server that does what a script says, at every verb."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import ssl
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from maild.config import Config
from maild.errors import BadConfiguration
from maild.mail.compose import Draft, compose
from maild.mail.message import Mailbox
from maild.mail.outgoing import Outgoing
from maild.outbox.hops import HopDown, MaildirHop, SmtpHop, open_hop

DEADLINE = 10.0
NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
GREETING = {
    "connect": "220 hop.example ESMTP",
    "EHLO": "250-hop.example\r\n250-8BITMIME\r\n250 SMTPUTF8",
    "DATA": "354 go on",
    "STARTTLS": "220 go on",
}
HANG_UP, SILENCE = "hang up", "silence"


def outgoing(number: int = 1, text: str = "Hello.\n", recipient: str = "ann@example.org", reverse_path: str = "") -> Outgoing:
    """A mail of the desk."""
    key = f"{number:016x}"
    draft = Draft(
        date=NOW, from_=Mailbox(name="Desk", address="support@example.com"), to=[Mailbox(name="", address=recipient)],
        subject=f"mail {number}", message_id=f"{key}@mail.example.com", text=text,
    )  # fmt: skip
    return Outgoing(key=key, kind="answer", ticket=1, reverse_path=reverse_path, recipient=recipient, draft=draft)


class ScriptedServer:
    """An SMTP server: `script` says what it answers to a verb (`dot`: to the mail). What is not in it is 250."""

    def __init__(self, tls: ssl.SSLContext | None = None, implicit: bool = False) -> None:
        self.script = dict(GREETING)
        self.tls, self.implicit = tls, implicit
        self.connections = 0
        self.commands: list[str] = []
        self.mails: list[bytes] = []
        self.gone = asyncio.Event()
        self._writers: list[asyncio.StreamWriter] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self._writers.append(writer)
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
            if await self._answer(writer, "connect"):
                while await self._command(reader, writer):
                    pass
        if not writer.is_closing():
            with contextlib.suppress(ConnectionError, ssl.SSLError):
                writer.close()
                await writer.wait_closed()
        self.gone.set()

    async def _command(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        line = (await reader.readuntil(b"\r\n")).decode().removesuffix("\r\n")
        verb = line.partition(" ")[0].upper()
        self.commands.append(line)
        if verb == "STARTTLS" and self.tls:
            await self._answer(writer, verb)
            plain = writer.transport
            try:
                await writer.start_tls(self.tls)
            except AttributeError:  # asyncio's own, where the client has refused
                writer._transport = plain
                plain.abort()
            return not plain.is_closing()
        if not await self._answer(writer, verb):
            return False
        if verb == "DATA" and self.script[verb].startswith("354"):
            self.mails.append((await reader.readuntil(b"\r\n.\r\n"))[:-3])
            return await self._answer(writer, "dot")
        return verb != "QUIT"

    async def _answer(self, writer: asyncio.StreamWriter, verb: str) -> bool:
        said = self.script.get(verb, "250 ok")
        if said == HANG_UP:
            return False
        if said != SILENCE:
            writer.write(said.encode() + b"\r\n")
            await writer.drain()
        return True

    def hang_up(self, last_word: bytes = b"") -> None:
        """Closes every connection from this side."""
        for writer in self._writers:
            if not writer.is_closing():
                writer.write(last_word)
                writer.close()


Serving = Callable[..., AbstractAsyncContextManager[tuple[ScriptedServer, SmtpHop]]]


@pytest.fixture
def serving(config: Config) -> Serving:
    """Runs a scripted server; gives it and a hop that goes there. `url` is the hop's, with `{port}`."""

    @asynccontextmanager
    async def serve(
        url: str = "smtp://127.0.0.1:{port}", tls: ssl.SSLContext | None = None, implicit: bool = False, **changes: object
    ) -> AsyncIterator[tuple[ScriptedServer, SmtpHop]]:
        server = ScriptedServer(tls, implicit)
        listening = await asyncio.start_server(server.serve, "0.0.0.0", 0, ssl=tls if implicit else None)
        port = listening.sockets[0].getsockname()[1]
        delivery = replace(config.settings.delivery, next_hop=url.format(port=port), timeout=timedelta(seconds=0.3), **changes)
        hop = open_hop(replace(config, settings=replace(config.settings, delivery=delivery)))
        assert isinstance(hop, SmtpHop)
        try:
            async with asyncio.timeout(DEADLINE):
                yield server, hop
                await hop.close()
        finally:
            listening.close()
            server.hang_up()
            await asyncio.gather(
                *(each for each in asyncio.all_tasks() if each is not asyncio.current_task()), return_exceptions=True
            )

    return serve


# --- Maildir ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def maildir(tmp_path: Path) -> Iterator[MaildirHop]:
    """A Maildir that is not there yet."""
    return MaildirHop(tmp_path / "deep" / "sent", "mail.example.com")


def found(folder: Path) -> dict[str, bytes]:
    """The files of a Maildir by their names."""
    return {f"{path.parent.name}/{path.name}": path.read_bytes() for path in (folder / "deep" / "sent").glob("*/*")}


@pytest.mark.asyncio
async def test_into_a_maildir(maildir: MaildirHop, tmp_path: Path) -> None:
    """Each mail is one file in `new`, with reverse-path and recipient on top of what goes over the wire."""
    mails = [outgoing(1), outgoing(2, reverse_path="support+bounce-0-a@example.com", recipient="bob@example.org")]
    assert [each.fate for each in await maildir.send(mails)] == ["accepted", "accepted"]
    files = found(tmp_path)
    stamp = int(NOW.timestamp())
    assert files == {
        f"new/{stamp}.{1:016x}.mail.example.com": b"Return-Path: <>\r\nDelivered-To: ann@example.org\r\n"
        + compose(mails[0].draft),
        f"new/{stamp}.{2:016x}.mail.example.com": b"Return-Path: <support+bounce-0-a@example.com>\r\nDelivered-To: bob@example.org\r\n"
        + compose(mails[1].draft),
    }
    assert [(tmp_path / "deep/sent" / name).stat().st_mode & 0o777 for name in files] == [0o640, 0o640]


@pytest.mark.asyncio
async def test_a_mail_that_is_sent_again_is_one_file(maildir: MaildirHop, tmp_path: Path) -> None:
    """What is sent twice, as after a crash, is one file; what somebody has read already does not come back."""
    await maildir.send([outgoing(1)])
    await maildir.send([outgoing(1)])
    ((name, content),) = found(tmp_path).items()
    file = tmp_path / "deep/sent" / name
    file.rename(file.parent.parent / "cur" / f"{file.name}:2,S")
    await maildir.send([outgoing(1)])
    assert found(tmp_path) == {f"cur/{file.name}:2,S": content}


@pytest.mark.asyncio
async def test_a_maildir_that_cannot_be_written(maildir: MaildirHop, tmp_path: Path) -> None:
    """Where the folder cannot be made all mail waits; once it can, it goes there."""
    (tmp_path / "deep").write_text("a file in the folder's place")
    with pytest.raises(HopDown, match="maildir: "):
        await maildir.send([outgoing(1)])
    (tmp_path / "deep").unlink()
    await maildir.send([outgoing(1)])
    assert len(found(tmp_path)) == 1
    await maildir.close()


def no_mail() -> Outgoing:
    """What cannot be written as a mail."""
    mail = outgoing(9)
    return replace(mail, draft=replace(mail.draft, more=[("Evil\r\nBcc", "x")]))


@pytest.mark.asyncio
async def test_what_is_no_mail_goes_into_no_maildir(maildir: MaildirHop, tmp_path: Path) -> None:
    """It is refused, and the others go."""
    results = await maildir.send([outgoing(1), no_mail(), outgoing(2)])
    assert [each.fate for each in results] == ["accepted", "refused", "accepted"]
    assert "header field of its own" in results[1].reply
    assert len(found(tmp_path)) == 2


@pytest.mark.asyncio
async def test_what_is_no_mail_goes_to_no_server(serving: Serving) -> None:
    """It is refused before a word is said, and the connection is used on."""
    async with serving() as (server, hop):
        results = await hop.send([outgoing(1), no_mail(), outgoing(2)])
        assert [each.fate for each in results] == ["accepted", "refused", "accepted"]
        assert (len(server.mails), server.connections) == (2, 1)
        await hop.close()
        await server.gone.wait()


# --- an SMTP server that takes mail -------------------------------------------------------------------------------------


@pytest.mark.asyncio
async def test_accepted(serving: Serving) -> None:
    """A mail is handed over as it is composed; its envelope is its own; the connection is kept for the next."""
    async with serving() as (server, hop):
        server.script["dot"] = "250 2.0.0 queued as 17 for <ann@example.org>"
        results = await hop.send([outgoing(1), outgoing(2, reverse_path="desk@example.com")])
        assert [(each.fate, each.reply) for each in results] == [("accepted", "250 2.0.0 queued as 17 for <address>")] * 2
        assert server.mails == [compose(outgoing(1).draft), compose(outgoing(2).draft)]
        assert server.connections == 1
        await hop.close()
        await server.gone.wait()
    assert server.commands == [
        "EHLO mail.example.com", "MAIL FROM:<>", "RCPT TO:<ann@example.org>", "DATA",
        "MAIL FROM:<desk@example.com>", "RCPT TO:<ann@example.org>", "DATA", "QUIT",
    ]  # fmt: skip


@pytest.mark.asyncio
async def test_dots(serving: Serving) -> None:
    """A line that begins with a dot gets another, so that no text ends the mail or hides another one."""
    text = "one\n.\nMAIL FROM:<evil@example.org>\n..\n.two\n"
    async with serving() as (server, hop):
        await hop.send([outgoing(1, text)])
        (wire,) = server.mails
        assert b"\r\n.\r\n" not in wire
        assert wire.replace(b"\r\n..", b"\r\n.") == compose(outgoing(1, text).draft)


@pytest.mark.asyncio
async def test_connections_at_once(serving: Serving) -> None:
    """Senders at once have a connection each, and these are used again."""
    async with serving() as (server, hop):
        for _ in range(2):
            await asyncio.gather(*(hop.send([outgoing(number)]) for number in range(3)))
        assert server.connections == 3
        assert len(server.mails) == 6


# --- an SMTP server that refuses ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("verb", ["MAIL", "RCPT", "DATA", "dot"])
@pytest.mark.parametrize(
    ("reply", "fate"),
    [
        ("450 4.2.0 later, <ann@example.org>", "deferred"),
        ("550 5.1.1 never, ann@example.org", "refused"),
        ("554-a\r\n554 b", "refused"),
    ],
)
@pytest.mark.asyncio
async def test_refused(serving: Serving, verb: str, reply: str, fate: str) -> None:
    """4xx at any verb puts the mail off, 5xx is final; the reply is kept without addresses, and the connection goes on."""
    async with serving() as (server, hop):
        server.script[verb] = reply
        (result,) = await hop.send([outgoing(1)])
        assert (result.fate, result.reply[:3]) == (fate, reply[:3])
        assert "@" not in result.reply
        server.script = dict(GREETING)
        (result,) = await hop.send([outgoing(2)])
        assert result.fate == "accepted"
        assert server.connections == 1
        assert server.mails[-1] == compose(outgoing(2).draft)


@pytest.mark.parametrize("reply", ["250 what?", "354 now?"])
@pytest.mark.asyncio
async def test_a_strange_reply_is_no_success(serving: Serving, reply: str) -> None:
    """A reply that does not belong to the verb never counts as acceptance."""
    async with serving() as (server, hop):
        server.script["RCPT" if reply.startswith("354") else "DATA"] = reply
        (result,) = await hop.send([outgoing(1)])
        assert result.fate == "deferred"


@pytest.mark.parametrize("verb", ["connect", "EHLO", "MAIL", "RCPT", "DATA"])
@pytest.mark.asyncio
async def test_going_down(serving: Serving, verb: str) -> None:
    """421 before the mail itself means that the next hop is down for all; no mail is to blame."""
    async with serving() as (server, hop):
        server.script[verb] = "421 4.3.2 going down, ann@example.org"
        with pytest.raises(HopDown, match=r"421|going down") as caught:
            await hop.send([outgoing(1)])
        assert "@" not in str(caught.value)
        server.script = dict(GREETING)
        (result,) = await hop.send([outgoing(1)])
        assert result.fate == "accepted"


@pytest.mark.asyncio
async def test_going_down_behind_the_dot(serving: Serving) -> None:
    """421 as the answer to a mail says that it was not taken: it is tried again."""
    async with serving() as (server, hop):
        server.script["dot"] = "421 4.3.2 going down"
        (result,) = await hop.send([outgoing(1)])
        assert result.fate == "deferred"


@pytest.mark.parametrize("verb", ["connect", "EHLO", "MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize("how", [HANG_UP, SILENCE])
@pytest.mark.asyncio
async def test_gone_before_the_mail(serving: Serving, verb: str, how: str) -> None:
    """A server that hangs up or falls silent before the mail itself cannot have taken it: the hop is down, nothing is uncertain."""
    async with serving() as (server, hop):
        server.script[verb] = how
        with pytest.raises(HopDown):
            await hop.send([outgoing(1)])
        assert server.mails == []
        server.script = dict(GREETING)
        (result,) = await hop.send([outgoing(1)])
        assert result.fate == "accepted"


@pytest.mark.parametrize("how", [HANG_UP, SILENCE])
@pytest.mark.asyncio
async def test_gone_behind_the_dot(serving: Serving, how: str) -> None:
    """A server that says nothing behind the final dot may have the mail: that is uncertain, and never taken for either."""
    async with serving() as (server, hop):
        server.script["dot"] = how
        (result,) = await hop.send([outgoing(1)])
        assert result.fate == "uncertain"
        assert server.mails == [compose(outgoing(1).draft)]
        server.script = dict(GREETING)
        (result,) = await hop.send([outgoing(2)])
        assert (result.fate, server.connections) == ("accepted", 2)


@pytest.mark.parametrize("last_word", [b"", b"421 4.4.2 hop.example timeout exceeded\r\n"])
@pytest.mark.asyncio
async def test_a_kept_connection_that_was_closed(serving: Serving, last_word: bytes) -> None:
    """A connection that the server has closed while it was idle, with or without a word, says nothing about the mail."""
    async with serving() as (server, hop):
        await hop.send([outgoing(1)])
        server.hang_up(last_word)
        await server.gone.wait()
        (result,) = await hop.send([outgoing(2)])
        assert (result.fate, server.connections) == ("accepted", 2)
        assert [mail.split(b"Subject: ")[1][:6] for mail in server.mails] == [b"mail 1", b"mail 2"]


@pytest.mark.parametrize("how", [HANG_UP, "421 4.3.2 going down", "hello?"])
@pytest.mark.asyncio
async def test_a_kept_connection_that_is_no_use(serving: Serving, how: str) -> None:
    """The hop is down only when a new connection is no use, either."""
    async with serving() as (server, hop):
        await hop.send([outgoing(1)])
        server.script["MAIL"] = how
        with pytest.raises(HopDown):
            await hop.send([outgoing(2)])
        assert server.connections == 2
        server.script = dict(GREETING)
        (result,) = await hop.send([outgoing(2)])
        assert result.fate == "accepted"


@pytest.mark.asyncio
async def test_nobody_there(serving: Serving, config: Config) -> None:
    """Where nobody listens the hop is down, told with its name and port."""
    async with serving() as (_, hop):
        port = hop._port
    delivery = replace(config.settings.delivery, next_hop=f"smtp://127.0.0.1:{port}")
    with pytest.raises(HopDown, match=f"127.0.0.1:{port}"):
        await open_hop(replace(config, settings=replace(config.settings, delivery=delivery))).send([outgoing(1)])


# --- addresses beyond ASCII ---------------------------------------------------------------------------------------------


@pytest.mark.asyncio
async def test_smtputf8(serving: Serving) -> None:
    """A mail to an address beyond ASCII is sent where the server knows SMTPUTF8, and refused where it does not."""
    mail = outgoing(1, recipient="jörg@example.org")
    async with serving() as (server, hop):
        (result,) = await hop.send([mail])
        assert result.fate == "accepted"
        assert any(line.startswith("MAIL FROM:<>") and line.endswith(" SMTPUTF8") for line in server.commands)
        assert "RCPT TO:<jörg@example.org>" in server.commands
    async with serving() as (server, hop):
        server.script["EHLO"] = "250 hop.example"
        (result,) = await hop.send([mail])
        assert (result.fate, result.reply[:5]) == ("refused", "5.6.7")
        (result,) = await hop.send([outgoing(2)])
        assert result.fate == "accepted"
        assert not any("SMTPUTF8" in line for line in server.commands)


@pytest.mark.parametrize(
    "recipient", ["ann@example.org>\r\nRCPT TO:<evil@example.org", "a b@example.org", "<ann@example.org", "x\0@example.org"]
)
@pytest.mark.asyncio
async def test_an_address_cannot_break_out(serving: Serving, recipient: str) -> None:
    """An address that could end its command is refused, and not a word of it is said."""
    async with serving() as (server, hop):
        (result,) = await hop.send([outgoing(1, recipient=recipient)])
        assert result.fate == "refused"
        assert not any(line.startswith("RCPT") for line in server.commands)


# --- TLS and passwords --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("scheme", "implicit"), [("smtp", False), ("smtps", True)])
@pytest.mark.asyncio
async def test_tls_is_verified(serving: Serving, certificate: ssl.SSLContext, scheme: str, implicit: bool) -> None:
    """A server whose certificate nobody has signed gets no mail, unless the operator has said so."""
    url = scheme + "://127.0.0.2:{port}"
    async with serving(url, tls=certificate, implicit=implicit) as (server, hop):
        server.script["EHLO"] = "250-hop.example\r\n250 STARTTLS"
        with pytest.raises(HopDown):
            await hop.send([outgoing(1)])
        assert server.mails == []
    async with serving(url, tls=certificate, implicit=implicit, verify_tls=False) as (server, hop):
        server.script["EHLO"] = "250-hop.example\r\n250 STARTTLS"
        (result,) = await hop.send([outgoing(1)])
        assert result.fate == "accepted"


@pytest.mark.asyncio
async def test_no_password_in_plaintext(serving: Serving, tmp_path: Path) -> None:
    """Away from loopback a password goes over TLS or not at all; mail without a password may go as the server offers."""
    (tmp_path / "password").write_text("secret\n")
    async with serving("smtp://desk@127.0.0.2:{port}", password_file=str(tmp_path / "password")) as (server, hop):
        server.script["EHLO"] = "250-hop.example\r\n250 AUTH PLAIN LOGIN"
        with pytest.raises(HopDown) as caught:
            await hop.send([outgoing(1)])
        assert not any("AUTH" in line for line in server.commands)
        assert "secret" not in str(caught.value)
    async with serving("smtp://127.0.0.2:{port}") as (server, hop):
        (result,) = await hop.send([outgoing(1)])
        assert result.fate == "accepted"


@pytest.mark.asyncio
async def test_logging_in(serving: Serving, tmp_path: Path) -> None:
    """On loopback the desk logs in with the password of its file; a wrong one is the hop's trouble, and told without it."""
    (tmp_path / "password").write_text("secret\n")
    url, file = "smtp://desk@127.0.0.1:{port}", str(tmp_path / "password")
    async with serving(url, password_file=file) as (server, hop):
        server.script |= {"EHLO": "250-hop.example\r\n250 AUTH PLAIN", "AUTH": "235 2.7.0 welcome"}
        (result,) = await hop.send([outgoing(1)])
        assert result.fate == "accepted"
        assert "AUTH PLAIN " + base64.b64encode(b"\0desk\0secret").decode() in server.commands
    async with serving(url, password_file=file) as (server, hop):
        server.script |= {"EHLO": "250-hop.example\r\n250 AUTH PLAIN", "AUTH": "535 5.7.8 wrong"}
        with pytest.raises(HopDown, match="535 authentication failed") as caught:
            await hop.send([outgoing(1)])
        assert "secret" not in str(caught.value)


# --- configuration ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("carrier-pigeon:loft", "is no next hop"),
        ("smtp://", "is no next hop"),
        ("http://example.org", "is no next hop"),
        ("smtp://desk@example.org", "delivery.password"),
    ],
)
def test_what_is_no_next_hop(config: Config, url: str, words: str) -> None:
    """A next hop that is not understood, or whose password is missing, is a problem with a remedy."""
    delivery = replace(config.settings.delivery, next_hop=url)
    with pytest.raises(BadConfiguration) as caught:
        open_hop(replace(config, settings=replace(config.settings, delivery=delivery)))
    assert words in str(caught.value)
