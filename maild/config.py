"""`maild.toml`, read once into frozen values. Every setting is here, with its default; `docs/configuration.md` tells of each."""

from __future__ import annotations

import dataclasses
import os
import re
import tomllib
import typing
import zoneinfo
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal

from maild.document import Binder, Document, Size, Steps, nearest, read_toml
from maild.errors import BadConfiguration, Problem

Service = Literal["support", "emergency", "upgrade", "security", "control"]
LOCAL_PART_LIMIT = 64  # RFC 5321, section 4.5.3.1.1
LONGEST_EXTENSION = len("bounce-") + 16 + 1 + 12  # a bounce address is the longest that a mailbox can get
LOOPBACK = ("localhost", "127.0.0.1", "::1")
DOMAIN = re.compile(r"(?=.{1,253}\Z)(?!-)[A-Za-z0-9-]{1,63}(?<!-)(\.(?!-)[A-Za-z0-9-]{1,63}(?<!-))*\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Who the desk is."""

    domain: str
    name: str = "Support"
    hostname: str = ""  # in Message-ID, Received, EHLO; default: mail.<domain>
    operator: str = ""  # default: root@<hostname>
    timezone: str = "UTC"
    language: str = "en"
    separator: str = "+"
    reply_domain: str = ""  # default: domain
    trusted_authserv: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "hostname", self.hostname or f"mail.{self.domain}")
        object.__setattr__(self, "operator", self.operator or f"root@{self.hostname}")
        object.__setattr__(self, "reply_domain", self.reply_domain or self.domain)
        for name in (self.domain, self.hostname, self.reply_domain):
            if not DOMAIN.match(name):
                raise ValueError(f"'{name}' is no domain name")
        if self.separator not in ("", "+", "-", "=", "_", "."):
            raise ValueError(f"'{self.separator}' cannot separate: use +, -, =, _, . or nothing")
        try:
            zoneinfo.ZoneInfo(self.timezone)
        except (zoneinfo.ZoneInfoNotFoundError, ValueError, IsADirectoryError):
            raise ValueError(f"'{self.timezone}' is no time zone: write one like Europe/Brussels") from None


@dataclass(frozen=True, slots=True, kw_only=True)
class Paths:
    """Where things lie, relative to the configuration file."""

    state: str = "var"
    rules: str = "rules"
    templates: str = "templates"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskMailbox:
    """An address that the desk answers to."""

    address: str
    service: Service
    sealed: bool | None = None  # encrypted at rest from acceptance on; default: the security service is

    def __post_init__(self) -> None:
        local, at, domain = self.address.rpartition("@")
        if not at or not local or not DOMAIN.match(domain):
            raise ValueError(f"'{self.address}' is no mail address")
        object.__setattr__(self, "address", self.address.lower())
        if self.sealed is None:
            object.__setattr__(self, "sealed", self.service == "security")


@dataclass(frozen=True, slots=True, kw_only=True)
class Listener:
    """A server for SMTP or LMTP. Times are idle times but for `session_limit`."""

    listen: tuple[str, ...] = ()  # host:port, [ipv6]:port or unix:path
    max_size: Size = Size(25_000_000)
    max_recipients: int = 100  # RFC 5321, section 4.5.3.1.8
    max_connections: int = 400
    max_per_address: int = 40  # trusted peers may have them all
    idle_timeout: timedelta = timedelta(minutes=5)  # RFC 5321, section 4.5.3.2.7
    data_limit: timedelta = timedelta(minutes=30)
    session_limit: timedelta = timedelta(hours=2)
    trusted_peers: tuple[str, ...] = ("127.0.0.1", "::1")
    bare_newlines: Literal["reject", "accept"] = "reject"
    tls_certificate: str = ""
    tls_key: str = ""
    require_tls: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpListener(Listener):
    """`[intake.smtp]`: listens where nobody is disturbed, unless told otherwise."""

    listen: tuple[str, ...] = ("127.0.0.1:2525",)


@dataclass(frozen=True, slots=True, kw_only=True)
class LmtpListener(Listener):
    """`[intake.lmtp]`: listens only when told; our own MTA has seen to line ends."""

    bare_newlines: Literal["reject", "accept"] = "accept"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImapFolder:
    """`[[intake.imap]]`: a folder of a mail server, from which mail is fetched."""

    host: str
    user: str
    port: int = 993
    password_file: str = ""  # default: the systemd credential imap.<user>.password
    folder: str = "INBOX"
    address: str = ""  # of the desk, for mail that names none of its addresses; default: the first mailbox
    trusted: bool = False  # its Authentication-Results are our provider's
    done: str = "seen"  # what becomes of a mail that was taken: seen, move:FOLDER or delete
    poll: timedelta = timedelta(minutes=1)  # where the server knows no IDLE
    max_size: Size = Size(25_000_000)
    tls: bool = True
    verify_tls: bool = True
    tls_ca: str = ""

    def __post_init__(self) -> None:
        target = self.done.removeprefix("move:")
        if self.done not in ("seen", "delete") and (target in ("", self.done, self.folder)):
            raise ValueError(f"'{self.done}' is nothing to do: write seen, delete or move:FOLDER, another one")
        if not self.tls and self.host not in LOOPBACK:
            raise ValueError(f"tls = false would show the password to all between here and '{self.host}'")
        if not self.host or not self.user or not self.folder or not 1 <= self.port <= 65_535:
            raise ValueError("host, user and folder have at least one character, and a port is 1 to 65535")
        if not (self.user + self.folder + self.done).isprintable():
            raise ValueError("user and folders have no control characters")
        if not timedelta(seconds=1) <= self.poll <= timedelta(minutes=10):
            raise ValueError("poll is 1s to 10m: the clocks of silence wait until a folder was seen")


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """The roads by which mail comes in."""

    smtp: SmtpListener = field(default_factory=SmtpListener)
    lmtp: LmtpListener = field(default_factory=LmtpListener)
    imap: tuple[ImapFolder, ...] = ()
    retention: timedelta = timedelta(weeks=104)  # how long the raw mail of record is kept once its work is done
    min_free: Size = Size(100_000_000)  # free space below which mail is put off (452)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """The road by which mail goes out."""

    next_hop: str = "maildir:var/sent"
    null_sender: bool = True
    password_file: str = ""
    connections: int = 4
    timeout: timedelta = timedelta(minutes=5)
    give_up: timedelta = timedelta(days=5)  # RFC 5321, section 4.5.4.1
    max_size: Size = Size(20_000_000)  # of one mail of ours; attachments beyond it are named, not enclosed
    verify_tls: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreSettings:
    """The desk's database and the workers that write it."""

    url: str = "sqlite:var/maild.db"
    workers: int = 1
    worker_memory: Size = Size(2_000_000_000)
    mail_time: timedelta = timedelta(seconds=30)  # for one mail alone; a batch gets it once per mail

    def __post_init__(self) -> None:
        if not self.url.startswith(("sqlite:", "postgresql:")):
            raise ValueError(f"'{self.url}' is no store: write sqlite:PATH or postgresql://…")
        if not 1 <= self.workers <= 64:
            raise ValueError("workers are 1 to 64")


@dataclass(frozen=True, slots=True, kw_only=True)
class Clocks:
    """Calendar days of 24 hours, from the answer that the next hop accepted."""

    reminder: timedelta = timedelta(days=5)
    close: timedelta = timedelta(days=7)
    grace: timedelta = timedelta(days=14)

    def __post_init__(self) -> None:
        if not timedelta() < self.reminder < self.close:
            raise ValueError("the reminder comes before closing: reminder must be shorter than close")


@dataclass(frozen=True, slots=True, kw_only=True)
class SecuritySettings:
    """Disclosure: where advisories become public, and when at the earliest."""

    announce: tuple[str, ...] = ()
    embargo: timedelta = timedelta(days=14)


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """Lines on stderr."""

    level: Literal["debug", "info", "warning", "error"] = "info"
    format: Literal["text", "json"] = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The whole file, as written."""

    desk: Desk
    mailbox: tuple[DeskMailbox, ...]
    paths: Paths = Paths()
    intake: Intake = field(default_factory=Intake)
    delivery: Delivery = Delivery()
    store: StoreSettings = StoreSettings()
    clocks: Clocks = Clocks()
    security: SecuritySettings = SecuritySettings()
    log: Log = Log()


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """The configuration in force: settings, and the folder that relative paths start from."""

    file: Path  # the operator's own
    settings: Settings
    kept: Path | None = None  # a folder with copies that were found good (`inforce`): read instead of the operator's own

    @property
    def desk(self) -> Desk:
        """`[desk]`."""
        return self.settings.desk

    @property
    def mailboxes(self) -> tuple[DeskMailbox, ...]:
        """`[[mailbox]]`, at least one."""
        return self.settings.mailbox

    def path(self, text: str) -> Path:
        """A path of the configuration, relative to its file."""
        return self.file.parent / text

    @property
    def state(self) -> Path:
        """Where the daemon keeps everything that changes."""
        return self.path(self.settings.paths.state)

    @property
    def rules(self) -> Path:
        """The folder with rules and tables."""
        return self.kept / "rules" if self.kept else self.path(self.settings.paths.rules)

    @property
    def templates(self) -> Path:
        """The folder with templates."""
        return self.kept / "templates" if self.kept else self.path(self.settings.paths.templates)

    def is_operators(self, address: str) -> bool:
        """postmaster@ and abuse@ of every domain of the desk (RFC 2142; RFC 5321, section 4.5.1)."""
        local, _, domain = address.lower().rpartition("@")
        return local in ("postmaster", "abuse") and domain in {each.address.rpartition("@")[2] for each in self.mailboxes}

    def mailbox_of(self, address: str) -> tuple[DeskMailbox, str] | None:
        """The mailbox that an address belongs to and the extension after the separator, or None.

        The longest mailbox wins, so that `support+eu@` may be a mailbox of its own beside `support@`.
        """
        local, _, domain = address.lower().rpartition("@")
        best: tuple[DeskMailbox, str] | None = None
        for mailbox in self.mailboxes:
            name, _, home = mailbox.address.rpartition("@")
            if domain not in (home, self.desk.reply_domain.lower()):
                continue
            if local == name:
                return mailbox, ""
            separator = self.desk.separator
            if (
                separator
                and local.startswith(name + separator)
                and (best is None or len(name) > len(best[0].address.rpartition("@")[0]))
            ):
                best = mailbox, local[len(name) + len(separator) :]
        return best


def load_config(path: Path, environ: Mapping[str, str] | None = None) -> Config:
    """Reads the configuration; `MAILD_<SECTION>_<KEY>` of the environment goes before the file.

    Raises:
        BadConfiguration: with every problem that was found.
    """
    return Config(file=path.resolve(), settings=read_settings(path, str(path), environ))


def read_settings(path: Path, shown: str, environ: Mapping[str, str] | None = None) -> Settings:
    """The settings of a file; `shown` is its name where problems are told. Raises BadConfiguration."""
    document = read_toml(path, shown)
    problems = _override(document, os.environ if environ is None else environ)
    binder = Binder(document)
    settings = binder.bind(Settings)
    problems += binder.problems
    if settings is not None:
        problems += _check_mailboxes(document, settings) + _check_folders(document, settings)
    if problems or settings is None:
        raise BadConfiguration(problems)
    return settings


def _check_mailboxes(document: Document, settings: Settings) -> list[Problem]:
    problems = []
    if not settings.mailbox:
        problems.append(document.problem((), "there is no [[mailbox]]", "add at least one"))
    seen: set[str] = set()
    for number, mailbox in enumerate(settings.mailbox):
        steps: Steps = ("mailbox", number)
        if mailbox.address in seen:
            problems.append(document.problem(steps, f"'{mailbox.address}' stands here twice", "keep one"))
        seen.add(mailbox.address)
        longest = len(mailbox.address.rpartition("@")[0]) + len(settings.desk.separator) + LONGEST_EXTENSION
        if settings.desk.separator and longest > LOCAL_PART_LIMIT:
            what = f"'{mailbox.address}' leaves no room: its longest address has {longest} octets before the @"
            problems.append(document.problem(steps, what, f"the limit is {LOCAL_PART_LIMIT}; shorten the mailbox"))
    operator = settings.desk.operator
    probe = Config(file=Path(document.file), settings=settings)
    if probe.mailbox_of(operator) or probe.is_operators(operator):
        what = f"'{operator}' is an address of the desk itself: its notes would come back to it"
        problems.append(document.problem(("desk", "operator"), what, "name a mailbox that a person reads"))
    return problems


def _check_folders(document: Document, settings: Settings) -> list[Problem]:
    problems = []
    seen: set[tuple[str, int, str, str]] = set()
    mailboxes = {each.address for each in settings.mailbox}
    for number, imap in enumerate(settings.intake.imap):
        steps: Steps = ("intake", "imap", number)
        if imap.address and imap.address.lower() not in mailboxes:
            what = f"'{imap.address}' is no mailbox of the desk"
            problems.append(document.problem((*steps, "address"), what, nearest(imap.address.lower(), mailboxes)))
        where = (imap.host.lower(), imap.port, imap.user, imap.folder)
        if where in seen:
            problems.append(document.problem(steps, f"'{imap.folder}' of this user stands here twice", "keep one"))
        seen.add(where)
    return problems


def _override(document: Document, environ: Mapping[str, str]) -> list[Problem]:
    """Puts the environment's values into the tree. A value is TOML if it can be, else text."""
    known = {"_".join(steps).upper(): steps for steps in _settings_of(Settings)}
    problems = []
    for variable in sorted(environ):
        name = variable.removeprefix("MAILD_")
        if name == variable:
            continue
        if name not in known:
            remedy = nearest(variable, [f"MAILD_{each}" for each in known])
            problems.append(Problem(f"environment:{variable}", "names no setting", remedy))
            continue
        try:
            value: Any = tomllib.loads(f"value = {environ[variable]}")["value"]
        except tomllib.TOMLDecodeError:
            value = environ[variable]
        *sections, key = known[name]
        table = document.tree
        for section in sections:
            table = table.setdefault(section, {}) if isinstance(table, dict) else None
        if isinstance(table, dict):  # else the file has no table there, which is told when it is bound
            table[key] = value
    return problems


def _settings_of(kind: type, above: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """The steps to every setting that is a single value (mailboxes and IMAP folders are lists of tables, and not overridden)."""
    found: list[tuple[str, ...]] = []
    for name, inner in typing.get_type_hints(kind).items():
        if dataclasses.is_dataclass(inner) and isinstance(inner, type):
            found += _settings_of(inner, (*above, name))
        elif not any(dataclasses.is_dataclass(each) for each in typing.get_args(inner)):
            found.append((*above, name))
    return found
