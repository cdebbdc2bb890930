"""The servers that the desk listens with, SMTP and LMTP: opened at the start, renewed by a reload, closed without cutting a mail."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from functools import partial
from pathlib import Path

from maild.clock import Clock
from maild.config import Config
from maild.errors import BadConfiguration, Problem
from maild.intake.certificates import renew_tls, server_tls
from maild.intake.smtp import Doorkeeper, MailLMTP, MailSMTP
from maild.intake.spool import Spool
from maild.log import Logger
from maild.tickets.address import AddressBook

STOP_SECONDS = 20.0
BACKLOG = 512


class Doors:
    """All listeners of the configuration."""

    def __init__(self, spool: Spool, clock: Clock, log: Logger) -> None:
        self._spool = spool
        self._clock = clock
        self._log = log
        self._servers: list[asyncio.Server] = []
        self._each: dict[Doorkeeper, ssl.SSLContext | None] = {}

    async def open(self, config: Config, book: AddressBook) -> None:
        """Listens. Raises BadConfiguration where it cannot."""
        for listener, kind in ((config.settings.intake.smtp, MailSMTP), (config.settings.intake.lmtp, MailLMTP)):
            door = Doorkeeper(config, listener, book, self._spool, self._clock, self._log)
            self._each[door] = tls = server_tls(config, listener)
            for where in listener.listen:
                await self._listen(where, partial(kind, door, tls), config)

    def renew_certificates(self, config: Config) -> None:
        """New sessions get the certificates that lie there now. Raises BadConfiguration."""
        for door, tls in self._each.items():
            renew_tls(config, door.listener, tls)

    def renew(self, config: Config, book: AddressBook) -> None:
        """From now on mail is let in by these mailboxes."""
        for door in self._each:
            door.config, door.book = config, book

    def close(self) -> None:
        """Nobody new comes in."""
        for server in self._servers:
            server.close()

    async def dismiss(self) -> None:
        """Sessions in the middle of a mail may end it; the others are told to come again (RFC 5321, section 3.8)."""
        deadline = asyncio.get_running_loop().time() + STOP_SECONDS
        told: set[MailSMTP] = set()
        while any(door.sessions for door in self._each):
            late = asyncio.get_running_loop().time() > deadline
            for session in [each for door in self._each for each in door.sessions]:
                if late or not (session.in_data or session in told):
                    session.dismiss("421 4.3.2 shutting down")
                    told.add(session)
            await asyncio.sleep(0.02)
            if late:
                return

    async def _listen(self, where: str, session: Callable[[], MailSMTP], config: Config) -> None:
        loop = asyncio.get_running_loop()
        try:
            if where.startswith("unix:"):
                path = config.path(where.removeprefix("unix:"))
                path.parent.mkdir(parents=True, exist_ok=True)
                self._servers.append(await loop.create_unix_server(session, str(_free(path))))
                path.chmod(0o660)
            else:
                host, port = _host_and_port(where)
                self._servers.append(await loop.create_server(session, host, port, backlog=BACKLOG))
        except (OSError, ValueError) as error:
            remedy = "is another server there? mend the listen setting"
            raise BadConfiguration([Problem(config.file.name, f"cannot listen on {where}: {error}", remedy)]) from error


def _free(path: Path) -> Path:
    """A Unix socket that a dead daemon left behind goes."""
    path.unlink(missing_ok=True)
    return path


def _host_and_port(where: str) -> tuple[str, int]:
    host, _, port = where.rpartition(":")
    return host.strip("[]"), int(port)
