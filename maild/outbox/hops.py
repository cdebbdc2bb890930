"""Next hops: a Maildir, or an SMTP server over kept connections. What they say about a mail becomes a `Result`."""

from __future__ import annotations

import asyncio
import re
import ssl
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

import aiosmtplib

from maild.config import LOOPBACK, Config
from maild.durable import sync_folder, write_file
from maild.errors import BadConfiguration, Problem
from maild.keys.password import read_password
from maild.mail.compose import compose
from maild.mail.outgoing import Outgoing
from maild.outbox.retry import Result

_ADDRESS = re.compile(r"<?[^\s<>]+@[^\s<>]+>?")
_UNSAFE = re.compile(r"[\x00-\x20\x7f<>]")
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
            return await asyncio.to_thread(self._write, mails)
        except OSError as error:
            raise HopDown(f"maildir: {error.strerror or error}") from error

    async def close(self) -> None:
        """Nothing is held."""

    def _write(self, mails: Sequence[Outgoing]) -> list[Result]:
        for name in ("tmp", "new", "cur"):
            (self._folder / name).mkdir(parents=True, exist_ok=True)
        results = [self._write_one(mail) for mail in mails]
        sync_folder(self._folder / "new")
        return results

    def _write_one(self, mail: Outgoing) -> Result:
        name = f"{int(mail.draft.date.timestamp())}.{mail.key}.{self._hostname}"
        if any((self._folder / "cur").glob(f"{name}*")):
            return ACCEPTED  # it was read already, before it was known to be sent
        try:
            content = compose(mail.draft)
        except ValueError as error:
            return _not_a_mail(error)
        part = self._folder / "tmp" / name
        write_file(part, _delivery_fields(mail) + content, 0o640)
        part.rename(self._folder / "new" / name)
        return ACCEPTED


def _not_a_mail(error: ValueError) -> Result:
    """One mail's trouble is not that of the others."""
    return Result(fate="refused", reply=f"5.6.0 {error}")


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
        self._plain = self._host in LOOPBACK and not self._implicit
        self._tls = None if self._plain else _tls(delivery.verify_tls)
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
        except (HopDown, aiosmtplib.SMTPException, OSError) as error:
            client.close()
            if kept:  # a kept connection may have been closed while it was idle: that says nothing about the mail
                return await self._send_one(mail)
            raise error if isinstance(error, HopDown) else HopDown(f"{self._host}: {type(error).__name__}") from error
        if result.fate == "uncertain":
            client.close()
        else:
            self._idle.append(client)
        return result

    async def _connect(self) -> aiosmtplib.SMTP:
        client = aiosmtplib.SMTP(
            hostname=self._host,
            port=self._port,
            username=self._user or None,
            password=self._password or None,
            local_hostname=self._helo,
            timeout=min(self._timeout, 60),
            use_tls=self._implicit,
            start_tls=False if self._plain or self._implicit else True if self._user else None,
            tls_context=self._tls,
        )
        try:
            await client.connect()
            await client.ehlo()
            return client
        except aiosmtplib.SMTPAuthenticationError as error:
            client.close()
            raise HopDown(f"{self._host}: {error.code} authentication failed") from error
        except (aiosmtplib.SMTPException, OSError, TimeoutError, ssl.SSLError) as error:
            client.close()
            raise HopDown(f"{self._host}:{self._port}: {_plain(str(error))}") from error

    async def _transact(self, client: aiosmtplib.SMTP, mail: Outgoing) -> Result:
        """MAIL, RCPT, DATA, the mail. Raises what aiosmtplib raises as long as the mail cannot have been taken."""
        if _UNSAFE.search(mail.reverse_path + mail.recipient):
            return Result(fate="refused", reply="5.1.3 not an address that can be written to")
        try:
            content = compose(mail.draft)
        except ValueError as error:
            return _not_a_mail(error)
        options = b" BODY=8BITMIME" if not content.isascii() else b""
        if not (mail.reverse_path + mail.recipient).isascii() or not content.partition(b"\r\n\r\n")[0].isascii():
            if not client.supports_extension("smtputf8"):
                return Result(fate="refused", reply="5.6.7 the next hop knows no SMTPUTF8")  # RFC 6531, section 3.2
            options += b" SMTPUTF8"
        sender, recipient = f"MAIL FROM:<{mail.reverse_path}>".encode() + options, f"RCPT TO:<{mail.recipient}>".encode()
        handed_over = False
        try:
            async with asyncio.timeout(self._timeout):
                for command, expected in ((sender, 25), (recipient, 25), (b"DATA", 35)):
                    reply = await _say(client, command + b"\r\n")
                    if reply.code == 421:
                        raise HopDown(f"{self._host}: 421 {_plain(reply.message)}")
                    if reply.code // 10 != expected:
                        await _say(client, b"RSET\r\n")
                        return _result(max(reply.code, 400), reply.message)
                handed_over = True
                stuffed = content.replace(b"\r\n.", b"\r\n..")  # RFC 5321, section 4.5.2; the first line is a field
                reply = await _say(client, stuffed + b".\r\n")
        except (aiosmtplib.SMTPException, OSError) as error:
            if handed_over:  # from here on silence means that nobody knows (RFC 1047)
                return Result(fate="uncertain", reply=f"no reply after the final dot ({type(error).__name__})")
            raise
        return _result(reply.code, reply.message)


async def _say(client: aiosmtplib.SMTP, line: bytes) -> aiosmtplib.SMTPResponse:
    """A line and its reply. The library's own commands parse every address with the header grammar, and look for what we know."""
    protocol = client.protocol
    if protocol is None:
        raise aiosmtplib.SMTPServerDisconnected("hung up")
    protocol.write(line)
    return await protocol.read_response(timeout=None)


def _result(code: int, message: str) -> Result:
    said = f"{code} {_plain(message)}"
    return Result(fate="accepted" if code < 400 else "deferred" if code < 500 else "refused", reply=said)


def _plain(message: str) -> str:
    """A reply fit for logs: one line, no addresses."""
    return _ADDRESS.sub("<address>", " ".join(message.split()))[:200]


def _tls(verify: bool) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if not verify:
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def _password(config: Config) -> str:
    name = config.settings.delivery.password_file
    return read_password(config.path(name) if name else None, "delivery.password", "delivery.password_file")
