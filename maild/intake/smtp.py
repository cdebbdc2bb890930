"""SMTP and LMTP servers in the daemon's own loop: aiosmtpd's dialogue, with its known troubles answered here.

What differs from stock: DATA streams to disk; every error is 451, never 500; LMTP answers once per recipient; connections
and times are limited; PIPELINING and enhanced status codes are offered (RFC 2920, 2034); nothing is logged that names people.
"""

from __future__ import annotations

import asyncio
import re
import ssl
from collections import defaultdict
from collections.abc import Iterable

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Session, TLSSetupException
from aiosmtpd.smtp import Envelope as Dialogue

from maild.clock import Clock
from maild.config import Config, Listener
from maild.intake.data import Received, receive
from maild.intake.gate import Gate
from maild.intake.spool import Spool
from maild.intake.trouble import SpoolFull
from maild.log import Logger, reason_of
from maild.mail.compose import format_date
from maild.mail.envelope import Envelope
from maild.tickets.address import AddressBook

COMMAND_LIMIT = 4_096  # RFC 5321 asks for 512; long addresses and parameters need more
READER_LIMIT = 65_536
LAST_CAPABILITY = "250 ENHANCEDSTATUSCODES"
_ADDRESS = re.compile(r"<([A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,128}@[A-Za-z0-9.-]{1,253}|)>[ ]*(.*)\Z", re.S)
_REPLY = re.compile(r"([245])(\d\d)([ -])(?!\d\.\d+\.\d+ )(.*)", re.S)
_NOT_PRINTABLE = re.compile(r"[^!-~]+")
# RFC 3463, for what aiosmtpd says without an enhanced status code.
_STATUS = {
    "250": "2.0.0", "221": "2.0.0", "252": "2.1.5", "450": "4.2.0", "451": "4.3.0", "452": "4.3.1", "454": "4.7.0", "421": "4.3.2",
    "500": "5.5.2", "501": "5.5.4", "502": "5.5.1", "503": "5.5.1", "530": "5.7.0", "538": "5.7.11", "550": "5.1.1", "552": "5.3.4",
    "553": "5.1.3", "554": "5.7.0", "555": "5.5.4",
}  # fmt: skip


class Doorkeeper:
    """What the dialogue asks while it goes on: aiosmtpd's handler. One for each listener."""

    def __init__(self, config: Config, listener: Listener, book: AddressBook, spool: Spool, clock: Clock, log: Logger) -> None:
        self.config = config
        self.listener = listener
        self.book = book
        self.spool = spool
        self.clock = clock
        self.log = log
        self.gate = Gate(listener)
        self.sessions: set[MailSMTP] = set()

    async def handle_EHLO(
        self, server: SMTP, session: Session, dialogue: Dialogue, hostname: str, replies: list[str]
    ) -> list[str]:
        """The capabilities; AUTH is none of them: this server takes mail for the desk, and relays for nobody."""
        session.host_name = hostname
        kept = [each for each in replies if not each.startswith(("250-AUTH", "250 HELP"))]
        return [*kept, "250-PIPELINING", LAST_CAPABILITY]

    async def handle_MAIL(self, server: SMTP, session: Session, dialogue: Dialogue, address: str, options: list[str]) -> str:
        """Refuses early what could not be kept (RFC 1870, section 6.1)."""
        if _has_surrogates(address):
            return "553 5.6.7 that address is neither ASCII nor UTF-8"
        announced = next((int(each[5:]) for each in options if each.startswith("SIZE=")), 0)
        self.spool.require_room(announced)
        dialogue.mail_from = address
        dialogue.mail_options.extend(options)
        return "250 2.1.0 OK"

    async def handle_RCPT(self, server: SMTP, session: Session, dialogue: Dialogue, address: str, options: list[str]) -> str:
        """Only the desk's own addresses: no relay, ever."""
        if len(dialogue.rcpt_tos) >= self.listener.max_recipients:
            return "452 4.5.3 too many recipients"
        if _has_surrogates(address) or self.book.target_of(self._qualified(address)) is None:
            return "550 5.1.1 no such mailbox here"
        dialogue.rcpt_tos.append(self._qualified(address))
        return "250 2.1.5 OK"

    async def handle_exception(self, error: Exception) -> str:
        """Whatever went wrong here is ours and temporary; the sender keeps the mail and comes again."""
        if isinstance(error, SpoolFull):
            self.log.warning("intake put off", reason="no room")
            return "452 4.3.1 no room for mail now, please try again later"
        if isinstance(error, TLSSetupException):  # the client's trouble; the connection is closed, and nobody hears this
            self.log.info("no TLS after STARTTLS")
            return "454 4.7.0 no TLS"
        self.log.error("intake put off", reason=reason_of(error))
        return "451 4.3.0 local trouble, please try again later"

    def is_sealed(self, forward_paths: Iterable[str]) -> bool:
        """One sealed mailbox seals the mail."""
        targets = map(self.book.target_of, forward_paths)
        return any(target is not None and target.mailbox.sealed for target in targets)

    def _qualified(self, address: str) -> str:
        """<Postmaster> needs no domain (RFC 5321, section 4.5.1)."""
        return f"{address}@{self.config.mailboxes[0].address.rpartition('@')[2]}" if address.lower() == "postmaster" else address


class MailSMTP(SMTP):
    """One SMTP session."""

    line_length_limit = READER_LIMIT
    protocol_name = "SMTP"

    def __init__(self, door: Doorkeeper, tls: ssl.SSLContext | None) -> None:
        self.command_size_limits = defaultdict(lambda: COMMAND_LIMIT)  # stock shares one, that grows with every EHLO
        self.command_size_limit = COMMAND_LIMIT
        super().__init__(
            door,
            data_size_limit=int(door.listener.max_size),
            enable_SMTPUTF8=True,
            hostname=door.config.desk.hostname,
            ident="ESMTP maild" if self.protocol_name == "SMTP" else "LMTP maild",
            tls_context=tls,
            require_starttls=door.listener.require_tls,
            timeout=door.listener.idle_timeout.total_seconds(),
            auth_exclude_mechanism=["LOGIN", "PLAIN"],
            loop=asyncio.get_running_loop(),
        )
        self.door = door
        self.peer = ""
        self.in_data = False
        self._entered = False
        self._alive_at = 0.0
        self._deadline: asyncio.TimerHandle | None = None

    # --- the connection ---------------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Lets a session in, or says 421. Called again behind STARTTLS."""
        if not self._entered:
            peer = transport.get_extra_info("peername")
            self.peer = str(peer[0]) if isinstance(peer, tuple) else ""
            if not self.door.gate.enter(self.peer):
                assert isinstance(transport, asyncio.Transport)
                transport.write(b"421 4.7.0 too many connections, please try again later\r\n")
                transport.close()
                return
            self._entered = True
            self.door.sessions.add(self)
            limit = self.door.listener.session_limit.total_seconds()
            self._deadline = asyncio.get_running_loop().call_later(
                limit, self.dismiss, "421 4.4.2 this session has lasted long enough"
            )
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        """Counts the session out."""
        if not self._entered:
            return
        if self in self.door.sessions:
            self.door.sessions.discard(self)
            self.door.gate.leave(self.peer)
        if self._deadline is not None:
            self._deadline.cancel()
        super().connection_lost(error)

    def data_received(self, data: bytes) -> None:
        """Notes that a mail goes on, however slowly it comes; a command counts when it is whole."""
        if self.in_data:
            self._alive_at = self.loop.time()
        super().data_received(data)

    def eof_received(self) -> bool | None:
        """A client that only closed its sending half is gone."""
        return super().eof_received() if self._entered else False

    def dismiss(self, reply: str) -> None:
        """Ends the session with a last word (RFC 5321, section 3.8); the second time without one."""
        transport = self.transport
        if not isinstance(transport, asyncio.WriteTransport):
            return
        if transport.is_closing():  # who reads no answers must not hold the connection for ever
            transport.abort()
            return
        transport.write(f"{reply}\r\n".encode("ascii"))
        transport.close()

    def _reset_timeout(self, duration: float | None = None) -> None:
        """Notes that the client is alive. One timer looks after that: stock makes a new one for every command."""
        self._alive_at = self.loop.time()
        if self._timeout_handle is None:
            self._timeout_handle = self.loop.call_later(self._timeout_duration, self._timeout_cb)

    def _timeout_cb(self) -> None:
        left = self._alive_at + self._timeout_duration - self.loop.time()
        if left > 0:
            self._timeout_handle = self.loop.call_later(left, self._timeout_cb)
        else:
            self.dismiss("421 4.4.2 idle for too long")
            self._timeout_handle = self.loop.call_later(self._timeout_duration, self._timeout_cb)

    # --- the dialogue -----------------------------------------------------------------------------------------

    async def push(self, status: str) -> None:  # type: ignore[override]  # stock takes bytes, too, and never gives them
        """Sends a reply, with an enhanced status code where it has none (RFC 2034); greetings have none."""
        if status not in (LAST_CAPABILITY, f"250 {self.hostname}") and not status.startswith(("250-", f"220 {self.hostname} ")):
            match = _REPLY.match(status)
            if match:
                code = match[1] + match[2]
                status = f"{code}{match[3]}{_STATUS.get(code, f'{match[1]}.0.0')} {match[4]}"
        await super().push(status)

    def _getaddr(self, arg: str) -> tuple[str | None, str | None]:
        """Plain addresses by one pattern; stock parses every one with the header grammar. Rare forms still go there."""
        match = _ADDRESS.match(arg.strip())
        return (match[1] or "<>", match[2]) if match else super()._getaddr(arg)

    async def smtp_STARTTLS(self, arg: str) -> None:
        """Once (RFC 3207, section 4.2); stock would begin again inside."""
        if self._tls_protocol is not None:
            await self.push("503 5.5.1 TLS is on already")
        else:
            await super().smtp_STARTTLS(arg)

    async def smtp_AUTH(self, arg: str) -> None:
        """Not offered."""
        await self.push("502 5.5.1 there is nothing to log in to")

    async def smtp_VRFY(self, arg: str) -> None:
        """Tells nothing about who is here."""
        await self.push("252 2.1.5 send some mail, and see" if arg else "501 5.5.4 Syntax: VRFY <address>")

    async def smtp_DATA(self, arg: str) -> None:
        """Takes the mail, and answers 250 only when it is durable."""
        if await self.check_helo_needed() or self.envelope is None or self.session is None:
            return
        if not self.envelope.rcpt_tos:
            await self.push("503 5.5.1 Error: need RCPT command")
            return
        if arg:
            await self.push("501 5.5.4 Syntax: DATA")
            return
        if self._reader._buffer:  # type: ignore[attr-defined]  # aiosmtpd itself looks there, in STARTTLS
            self.dismiss("503 5.5.1 DATA must be the last command of a group")  # RFC 2920, section 3.1
            return
        await self.push("354 End data with <CR><LF>.<CR><LF>")
        self.in_data = True
        try:
            await self._final(await self._take_mail(self.envelope, self.session))
        finally:
            self.in_data = False
            self._set_post_data_state()  # type: ignore[no-untyped-call]

    async def _take_mail(self, dialogue: Dialogue, session: Session) -> str:
        """Reads and keeps the mail; returns the reply. Only a vanished client is an exception."""
        door, listener = self.door, self.door.listener
        recipients = [str(each) for each in dialogue.rcpt_tos]
        sealed = door.is_sealed(recipients)
        received = Received(self._trace(session, recipients), int(listener.max_size), lambda: door.spool.large_body(sealed))
        limit = self.loop.call_later(listener.data_limit.total_seconds(), self.dismiss, "421 4.4.2 the mail took too long")
        try:
            await receive(self._reader, received, self._reset_timeout)
            if received.trouble is not None:
                return await door.handle_exception(received.trouble)
            if received.too_large:
                return f"552 5.3.4 the mail is larger than {int(listener.max_size)} octets"
            if received.bare and listener.bare_newlines == "reject":
                return "550 5.5.2 the mail has a bare CR or LF; lines end with CR LF"
            self._reset_timeout()
            entry = await door.spool.accept(self._envelope(dialogue, session, recipients), received.body(), sealed)
            door.log.info("accepted", entry=entry, size=received.size, recipients=len(recipients))
            return f"250 2.0.0 accepted as {entry}"
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            raise
        except Exception as error:  # nothing was accepted: the sender must keep the mail
            return await door.handle_exception(error)
        finally:
            limit.cancel()
            await received.discard()

    async def _final(self, reply: str) -> None:
        """The reply to the mail."""
        if self.transport is not None and not self.transport.is_closing():
            await self.push(reply)

    def _envelope(self, dialogue: Dialogue, session: Session, recipients: list[str]) -> Envelope:
        return Envelope(
            reverse_path="" if dialogue.mail_from in (None, "<>") else str(dialogue.mail_from),
            forward_paths=tuple(recipients),
            arrived_at=self.door.clock.now(),
            intake="lmtp" if self.protocol_name == "LMTP" else "smtp",
            trusted=self.door.gate.is_trusted(self.peer),
            helo=_NOT_PRINTABLE.sub("", str(session.host_name))[:255],
            peer=self.peer,
        )

    def _trace(self, session: Session, recipients: list[str]) -> bytes:
        """The Received field (RFC 5321, section 4.4). It names a recipient only where there is one."""
        name = ("E" if session.extended_smtp and self.protocol_name == "SMTP" else "") + self.protocol_name
        helo = _NOT_PRINTABLE.sub("", str(session.host_name))[:255] or "unknown"
        where = f"[{'IPv6:' if ':' in self.peer else ''}{self.peer}]" if self.peer else "[local]"
        who = f"\r\n\tfor <{recipients[0]}>" if len(recipients) == 1 and recipients[0].isascii() else ""
        secure = "S" if session.ssl else ""
        line = f"Received: from {helo} ({where})\r\n\tby {self.hostname} (maild) with {name}{secure}{who};\r\n\t"
        return f"{line}{format_date(self.door.clock.now())}\r\n".encode("ascii", "replace")


class MailLMTP(MailSMTP, LMTP):
    """One LMTP session (RFC 2033): LHLO, and after the dot one reply for each recipient."""

    protocol_name = "LMTP"

    async def _final(self, reply: str) -> None:
        recipients = len(self.envelope.rcpt_tos) if self.envelope else 1
        for _ in range(recipients):
            await super()._final(reply)


def _has_surrogates(address: str) -> bool:
    return not address.isascii() and any("\ud800" <= each <= "\udfff" for each in address)
