"""A systemd unit for this configuration and this installation, shut as tightly as the desk can still work.

What each line is for stands in docs/operating.md. `tests/daemon/test_unit.py` runs a daemon under the filter.
"""

from __future__ import annotations

import ipaddress
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import maild
from maild.config import LOOPBACK, Config
from maild.keys.password import imap_credential

STOP_SECONDS = 90  # a session in the middle of a mail, the batches of the workers, and mails on their way, one after the other
HIDDEN = ("/home", "/root", "/run/user")  # by ProtectHome
TEMPORARY = ("/tmp", "/var/tmp")  # noqa: S108 - by PrivateTmp


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """The text, and what an operator must know before it can work."""

    text: str
    warnings: tuple[str, ...]


def write_unit(config: Config, user: str, group: str, environ: Mapping[str, str]) -> Unit:
    """The unit of `maild run` with this configuration. `environ` is only looked at for settings that a service will not have."""
    sections = (("Unit", _unit(config)), ("Service", _service(config, user, group)), ("Install", ["WantedBy=multi-user.target"]))
    text = "\n".join(f"[{name}]\n" + "".join(f"{line}\n" for line in lines) for name, lines in sections)
    return Unit(
        text=f"# Written by `maild unit`; docs/operating.md tells how to install it.\n{text}",
        warnings=tuple(_warnings(config, environ)),
    )


def credentials(config: Config) -> list[str]:
    """The names of the systemd credentials that this configuration reads: passwords that no file is named for."""
    delivery, folders = config.settings.delivery, config.settings.intake.imap
    hop = ["delivery.password"] if urlsplit(delivery.next_hop).username and not delivery.password_file else []
    return hop + sorted({imap_credential(each.user) for each in folders if not each.password_file})


def _unit(config: Config) -> list[str]:
    after = "network-online.target" + (" postgresql.service" if _store_host(config) in ("", *LOOPBACK) else "")
    return [
        f"Description=maild, the support desk of {config.desk.domain}",
        f"After={after}",
        "Wants=network-online.target",
        "StartLimitIntervalSec=0",  # a full disk or a lost database may take long; it comes again as often as it takes
    ]


def _service(config: Config, user: str, group: str) -> list[str]:
    return [
        *_running(config),
        "",
        *_identity(config, user, group),
        "",
        *_limits(config),
        "",
        *_walls(config),
        *_filter(config),
    ]


def _running(config: Config) -> list[str]:
    return [
        "Type=notify",
        "NotifyAccess=main",
        f"ExecStart={_word(_command())} -c {_word(str(config.file))} run",
        "ExecReload=/bin/kill -HUP $MAINPID",
        "TimeoutStartSec=15min",  # a migration of the schema takes its time
        f"TimeoutStopSec={STOP_SECONDS}s",
        "WatchdogSec=60s",
        "Restart=on-failure",
        "RestartSec=5s",
        "RestartPreventExitStatus=64 78",  # wrong words and wrong files do not mend themselves
        "KillMode=mixed",  # the workers end when the front tells them
        "OOMPolicy=continue",  # the front replaces a worker that was killed
    ]


def _identity(config: Config, user: str, group: str) -> list[str]:
    lines = [f"User={user}", f"Group={group}", "UMask=0077"]
    for kind, above in (("State", Path("/var/lib")), ("Runtime", Path("/run"))):
        names = sorted(
            {str(path.relative_to(above)) for path in _written(config) if path.is_relative_to(above) and path != above}
        )
        if names:
            lines += [f"{kind}Directory={' '.join(names)}", f"{kind}DirectoryMode=0750"]
    lines += [f"ReadWritePaths={_word(str(path))}" for path in _written(config) if not _is_made_by_systemd(path)]
    loaded = [f"{name}:{config.file.parent / name}".replace("%", "%%") for name in credentials(config)]
    return lines + [f"LoadCredential={each}" for each in loaded]


def _limits(config: Config) -> list[str]:
    listeners = (config.settings.intake.smtp, config.settings.intake.lmtp)
    files = 1024 + 2 * sum(each.max_connections for each in listeners if each.listen)
    return [
        f"MemoryMax={1 + config.settings.store.workers}G",
        "TasksMax=256",
        f"LimitNOFILE={files}",
        "LimitCORE=0",  # what was in memory is mail
    ]


def _walls(config: Config) -> list[str]:
    low = any(_port(where) < 1024 for where in _listens(config))
    capabilities = "CAP_NET_BIND_SERVICE" if low else ""
    return [
        "NoNewPrivileges=yes",
        f"CapabilityBoundingSet={capabilities}",
        f"AmbientCapabilities={capabilities}",
        "ProtectSystem=strict",
        f"ProtectHome={'read-only' if any(_is_below(each, HIDDEN) for each in _read(config)) else 'yes'}",
        "PrivateTmp=yes",
        "PrivateDevices=yes",
        "DevicePolicy=closed",
        f"PrivateUsers={'no' if low else 'yes'}",  # a capability counts for nothing in a user namespace
        "PrivateIPC=yes",
        "ProtectProc=invisible",
        "ProcSubset=pid",
        "ProtectClock=yes",
        "ProtectControlGroups=yes",
        "ProtectHostname=yes",
        "ProtectKernelLogs=yes",
        "ProtectKernelModules=yes",
        "ProtectKernelTunables=yes",
        "KeyringMode=private",
        "RemoveIPC=yes",
    ]


def _filter(config: Config) -> list[str]:
    lines = [
        "LockPersonality=yes",
        "MemoryDenyWriteExecute=yes",
        "RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6",
        "RestrictNamespaces=yes",
        "RestrictRealtime=yes",
        "RestrictSUIDSGID=yes",
        "SystemCallArchitectures=native",
        "SystemCallFilter=@system-service",
        "SystemCallFilter=~@privileged @resources @obsolete",
        "SystemCallFilter=setpriority",  # the workers step back behind intake
        "SystemCallErrorNumber=EPERM",
    ]
    if _is_all_local(config):
        lines += ["IPAddressDeny=any", "IPAddressAllow=localhost"]
    return lines


# --- what the configuration needs -----------------------------------------------------------------------------


def _command() -> str:
    beside = Path(sys.executable).with_name("maild")
    return str(beside) if beside.exists() else f"{sys.executable} -m maild"


def _listens(config: Config) -> list[str]:
    intake = config.settings.intake
    return [*intake.smtp.listen, *intake.lmtp.listen]


def _written(config: Config) -> list[Path]:
    """The folders that the daemon writes, without those that lie in another of them."""
    settings = config.settings
    found = {config.state}
    if settings.store.url.startswith("sqlite:"):
        found.add(config.path(settings.store.url.removeprefix("sqlite:")).parent)
    if settings.delivery.next_hop.startswith("maildir:"):
        found.add(config.path(settings.delivery.next_hop.removeprefix("maildir:")))
    found |= {config.path(each.removeprefix("unix:")).parent for each in _listens(config) if each.startswith("unix:")}
    return sorted(each for each in found if not any(each != other and each.is_relative_to(other) for other in found))


def _read(config: Config) -> list[Path]:
    """The folders that the daemon must be able to read."""
    intake = config.settings.intake
    named = [config.settings.delivery.password_file]
    named += [file for each in (intake.smtp, intake.lmtp) for file in (each.tls_certificate, each.tls_key)]
    named += [file for each in intake.imap for file in (each.password_file, each.tls_ca)]
    files = [config.path(each).parent for each in named if each]
    code = [Path(sys.prefix), Path(sys.base_prefix), Path(maild.__file__).parent]
    return [config.file.parent, config.rules, config.templates, *files, *code, *_written(config)]


def _is_made_by_systemd(path: Path) -> bool:
    return any(path.is_relative_to(above) and path != Path(above) for above in ("/var/lib", "/run"))


def _is_below(path: Path, places: tuple[str, ...]) -> bool:
    return any(path.is_relative_to(place) for place in places)


def _port(where: str) -> int:
    port = where.rpartition(":")[2]
    return int(port) if port.isdecimal() and not where.startswith("unix:") else 65_535


def _store_host(config: Config) -> str | None:
    """The host of a PostgreSQL store, empty for a local socket; None for SQLite."""
    url = config.settings.store.url
    return None if url.startswith("sqlite:") else urlsplit(url).hostname or ""


def _is_all_local(config: Config) -> bool:
    """Whether nothing but this machine is talked to: then no packet may leave it or come from elsewhere."""
    hosts = [each.rpartition(":")[0].strip("[]") for each in _listens(config) if not each.startswith("unix:")]
    next_hop = urlsplit(config.settings.delivery.next_hop)
    if next_hop.scheme != "maildir":
        hosts.append(next_hop.hostname or "")
    hosts += [each.host for each in config.settings.intake.imap]
    store = _store_host(config)
    return all(_is_loopback(each) for each in [*hosts, *([store] if store else [])])


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _warnings(config: Config, environ: Mapping[str, str]) -> Iterator[str]:
    for path in sorted(set(_read(config))):
        if _is_below(path, TEMPORARY):
            yield f"{path}: a service has a /tmp of its own and does not see this; move it, for example to /etc/maild or /opt/maild"
        elif _is_below(path, HIDDEN):
            yield f"{path}: people's home folders are closed to other users as a rule; better move it out of there"
    store = config.settings.store.url.removeprefix("sqlite:")
    if store != config.settings.store.url and not config.path(store).is_relative_to(config.state):
        yield f"{config.path(store)}: lies outside of paths.state; is that meant? store.url is relative to {config.file.name}"
    for name in sorted(environ):
        if name.startswith("MAILD_"):
            yield f"{name}: stands in this environment, and the service will not have it; write it into {config.file.name}"


def _word(text: str) -> str:
    """A word of a unit file: systemd.unit(5) expands % and systemd.service(5) $, and both split at blanks."""
    escaped = text.replace("\\", "\\\\").replace("%", "%%").replace("$", "$$").replace('"', '\\"')
    return f'"{escaped}"' if any(each.isspace() or each in "\"'\\" for each in text) else escaped
