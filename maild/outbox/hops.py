"""Next hops: a Maildir, or an SMTP server over kept connections. What they say about a mail becomes a `Result`."""

from __future__ import annotations

import asyncio
import os
import re
import ssl
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

import aiosmtplib

from maild.config import Config
from maild.durable import sync_folder, write_file
from maild.errors import BadConfiguration, Problem
from maild.mail.compose import compose
from maild.mail.outgoing import Outgoing
from maild.outbox.retry import Result

_ADDRESS = re.compile(r"<?[^\s<>]+@[^\s<>]+>?")
LOOPBACK = ("localhost", "127.0.0.1", "::1")
ACCEPTED = Result(fate="accepted", reply="")


class HopDown(Exception):
    """The next hop cannot be reached, or turns everything away: no mail is to blame, all must wait."""


class NextHop(Protocol):
    """Where mail goes. `portion` mails are handed over at a time, by `senders` at once."""

    portion: int
    senders: int

    async def send(self, mails: Sequence[Outgoing]) -> list[Result]:
        """The result for each mail, in order. Raises HopDown where none could be tried."""
        ...

    async def close(self) -> None:
        """Lets connections go."""
        ...


def open_hop(config: Config) -> NextHop:
    """The next hop of `delivery.next_hop`.

    Raises:
        BadConfiguration: it is not understood, or its password cannot be read.
    """
    url = config.settings.delivery.next_hop
    if url.startswith("maildir:"):
        return MaildirHop(config.path(url.removeprefix("maildir:")), config.desk.hostname)
    parts = urlsplit(url)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        remedy = "write maildir:PATH, smtp://[user@]host[:port] or smtps://…"
        raise BadConfiguration([Problem(config.file.name, f"delivery.next_hop: '{url}' is no next hop", remedy)])
    return SmtpHop(config)


class MaildirHop:
    """Mails into a folder, several with one sync of its names. Sending again replaces the file: no copy is made."""

    portion = 64
    senders = 1

    def __init__(self, folder: Path, hostname: str) -> None:
        self._folder = folder
        self._hostname = hostname

    async def send(self, mails: Sequence[Outgoing]) -> list[Result]:
        """All or nothing: on an error of the disk every mail waits."""
        try:
            await asyncio.to_thread(self._write, mails)
        except OSError as error:
            raise HopDown(f"maildir: {error.strerror or error}") from error
        return [ACCEPTED] * len(mails)

    async def close(self) -> None:
        """Nothing is held."""

    def _write(self, mails: Sequence[Outgoing]) -> None:
        for name in ("tmp", "new", "cur"):
            (self._folder / name).mkdir(parents=True, exist_ok=True)
        for mail in mails:
            name = f"{int(mail.draft.date.timestamp())}.{mail.key}.{self._hostname}"
            if any((self._folder / "cur").glob(f"{name}*")):
                continue  # it was read already, before it was known to be sent
            part = self._folder / "tmp" / name
            write_file(part, _delivery_fields(mail) + compose(mail.draft), 0o640)
            part.rename(self._folder / "new" / name)
        sync_folder(self._folder / "new")


def _delivery_fields(mail: Outgoing) -> bytes:
    return f"Return-Path: <{mail.reverse_path}>\r\nDelivered-To: {mail.recipient}\r\n".encode("utf-8", "replace")


class SmtpHop:
    """An SMTP server, by aiosmtplib over kept connections (RFC 5321). TLS is verified; on loopback it is not used."""

    portion = 1

    def __init__(self, config: Config) -> None:
        delivery = config.settings.delivery
        parts = urlsplit(delivery.next_hop)
        self.senders = delivery.connections
        self._host = parts.hostname or ""
        self._port = parts.port or (465 if parts.scheme == "smtps" else 25)
        self._implicit = parts.scheme == "smtps"
        self._user = unquote(parts.username or "")
        self._password = _password(config) if self._user else ""
        self._helo = config.desk.hostname
        self._timeout = delivery.timeout.total_seconds()
        self._verify = delivery.verify_tls
        self._idle: list[aiosmtplib.SMTP] = []

    async def send(self, mails: Sequence[Outgoing]) -> list[Result]:
        """One mail after the other."""
        return [await self._send_one(mail) for mail in mails]

    async def close(self) -> None:
        """Says good-bye on kept connections."""
        while self._idle:
            try:
                await asyncio.wait_for(self._idle.pop().quit(), 2)
            except (aiosmtplib.SMTPException, OSError, TimeoutError):
                continue  # the other side hung up first

    async def _send_one(self, mail: Outgoing) -> Result:
        kept = bool(self._idle)
        client = self._idle.pop() if kept else await self._connect()
        try:
            result = await self._transact(client, mail)
        except (aiosmtplib.SMTPServerDisconnected, aiosmtplib.SMTPTimeoutError, OSError) as error:
            client.close()
            if kept:  # a kept connection may have been closed while it was idle: that says nothing about the mail
                return await self._send_one(mail)
            raise HopDown(f"{self._host}: {type(error).__name__}") from error
        if result.fate == "uncertain":
            client.close()
        else:
            self._idle.append(client)
        return result

    async def _connect(self) -> aiosmtplib.SMTP:
        context = ssl.create_default_context()
        if not self._verify:
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        client = aiosmtplib.SMTP(
            hostname=self._host,
            port=self._port,
            username=self._user or None,
            password=self._password or None,
            local_hostname=self._helo,
            timeout=min(self._timeout, 60),
            use_tls=self._implicit,
            start_tls=False if self._host in LOOPBACK or self._implicit else True if self._user else None,
            tls_context=context,
        )
        try:
            await client.connect()
            await client.ehlo()
            return client
        except aiosmtplib.SMTPAuthenticationError as error:
            raise HopDown(f"{self._host}: {error.code} authentication failed") from error
        except (aiosmtplib.SMTPException, OSError, TimeoutError, ssl.SSLError) as error:
            raise HopDown(f"{self._host}:{self._port}: {_plain(str(error))}") from error

    async def _transact(self, client: aiosmtplib.SMTP, mail: Outgoing) -> Result:
        """MAIL, RCPT, DATA. Raises what aiosmtplib raises as long as the mail cannot have been taken."""
        content = compose(mail.draft)
        options = [b"BODY=8BITMIME"] if not content.isascii() else []
        if not (mail.reverse_path + mail.recipient).isascii() or not content.partition(b"\r\n\r\n")[0].isascii():
            if not client.supports_extension("smtputf8"):
                return Result(fate="refused", reply="5.6.7 the next hop knows no SMTPUTF8")  # RFC 6531, section 3.2
            options.append(b"SMTPUTF8")
        # Our own lines: the library would parse each address with the header grammar first.
        sender, recipient = f"FROM:<{mail.reverse_path}>".encode(), f"TO:<{mail.recipient}>".encode()
        commands = ((b"MAIL " + b" ".join([sender, *options]), 250), (b"RCPT " + recipient, 250), (b"DATA", 354))
        async with asyncio.timeout(self._timeout):
            for command, expected in commands:
                reply = await client.execute_command(command, timeout=None)
                if reply.code == 421:
                    raise HopDown(f"{self._host}: 421 {_plain(reply.message)}")
                if reply.code // 10 != expected // 10:
                    if command != b"DATA":
                        await client.execute_command(b"RSET", timeout=None)
                    return _result(reply.code, reply.message)
        return await self._content(client, content)

    async def _content(self, client: aiosmtplib.SMTP, content: bytes) -> Result:
        """The mail itself. From here on silence means that nobody knows (RFC 5321, section 4.5.3.2.6; RFC 1047)."""
        protocol = client.protocol
        stuffed = content.replace(b"\r\n.", b"\r\n..")
        try:
            assert protocol is not None
            async with asyncio.timeout(self._timeout):
                protocol.write((b"." if stuffed.startswith(b".") else b"") + stuffed + b".\r\n")
                reply = await protocol.read_response(timeout=None)
        except (aiosmtplib.SMTPException, OSError, AssertionError) as error:
            return Result(fate="uncertain", reply=f"no reply after the final dot ({type(error).__name__})")
        return _result(reply.code, reply.message)


def _result(code: int, message: str) -> Result:
    said = f"{code} {_plain(message)}"
    return Result(fate="accepted" if code < 400 else "deferred" if code < 500 else "refused", reply=said)


def _plain(message: str) -> str:
    """A reply fit for logs: one line, no addresses."""
    return _ADDRESS.sub("<address>", " ".join(message.split()))[:200]


def _password(config: Config) -> str:
    name = config.settings.delivery.password_file
    credentials = os.environ.get("CREDENTIALS_DIRECTORY")
    path = config.path(name) if name else Path(credentials or "/nonexistent") / "delivery.password"
    try:
        return path.read_text("utf-8").strip()
    except OSError as error:
        remedy = "set delivery.password_file, or the systemd credential delivery.password"
        raise BadConfiguration([Problem(str(path), error.strerror or "cannot be read", remedy)]) from error
