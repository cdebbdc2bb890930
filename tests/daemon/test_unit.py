"""The unit that `maild unit` writes: systemd finds it right and tight, and a daemon does its work in these walls."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

DEADLINE = 60.0
SANDBOX = Path(__file__).with_name("sandbox.py")
needs_systemd = pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="Debian's systemd is not here (systemd-analyze)"
)
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root may put up walls by itself")
DESK = """
[desk]
domain = "example.com"
[[mailbox]]
address = "support@example.com"
service = "support"
[paths]
state = "{state}"
"""
REMOTE = '[delivery]\nnext_hop = "smtps://desk@mail.example.net"\n[intake.smtp]\nlisten = ["0.0.0.0:25", "unix:/run/maild/smtp.sock"]\n'
SHIPPED = "/var/lib/maild"


@pytest.fixture
def unit(tmp_path: Path) -> Callable[..., tuple[dict[str, list[str]], str]]:
    """`maild unit` for a configuration: its settings, and what was said on stderr. The text lies in maild.service."""

    def run(
        more: str = "", state: str = SHIPPED, words: tuple[str, ...] = (), **environ: str
    ) -> tuple[dict[str, list[str]], str]:
        file = tmp_path / "maild.toml"
        more += "" if "[store]" in more else f'[store]\nurl = "sqlite:{state}/maild.db"\n'
        more += "" if "[delivery]" in more else f'[delivery]\nnext_hop = "maildir:{state}/sent"\n'
        file.write_text(DESK.format(state=state) + more)
        command = [sys.executable, "-m", "maild", "-c", str(file), "unit", *words]
        done = subprocess.run(
            command, capture_output=True, text=True, env={**os.environ, **environ}, timeout=DEADLINE, check=True
        )
        (tmp_path / "maild.service").write_text(done.stdout)
        settings: dict[str, list[str]] = {}
        for name, value in re.findall(r"(?m)^(\w+)=(.*)$", done.stdout):
            settings.setdefault(name, []).append(value)
        return settings, done.stderr

    return run


def test_what_it_says(unit, tmp_path: Path) -> None:
    """This installation's command, this configuration's file and state; a desk that talks to nobody else may talk to nobody else."""
    settings, _ = unit()
    assert settings["ExecStart"] == [f"{Path(sys.executable).with_name('maild')} -c {tmp_path / 'maild.toml'} run"]
    assert (settings["Type"], settings["NotifyAccess"], settings["WatchdogSec"]) == (["notify"], ["main"], ["60s"])
    assert (settings["User"], settings["Group"]) == (["maild"], ["maild"])
    assert settings["StateDirectory"] == ["maild"]
    assert "ReadWritePaths" not in settings
    assert "LoadCredential" not in settings
    assert (settings["IPAddressDeny"], settings["IPAddressAllow"]) == (["any"], ["localhost"])
    assert settings["CapabilityBoundingSet"] == [""]
    assert "postgresql" not in settings["After"][0]


def test_a_desk_on_the_net(unit, tmp_path: Path) -> None:
    """Port 25 needs its capability, a socket below /run its folder, the next hop's password its credential, and the net stays open."""
    settings, _ = unit(REMOTE, words=("--user", "desk", "--group", "postfix"))
    assert (settings["User"], settings["Group"], settings["RuntimeDirectory"]) == (["desk"], ["postfix"], ["maild"])
    assert settings["LoadCredential"] == [f"delivery.password:{tmp_path / 'delivery.password'}"]
    assert settings["CapabilityBoundingSet"] == settings["AmbientCapabilities"] == ["CAP_NET_BIND_SERVICE"]
    assert settings["PrivateUsers"] == ["no"]
    assert "IPAddressDeny" not in settings


def test_a_desk_that_fetches(unit, tmp_path: Path) -> None:
    """A credential for each user whose password is in no file, whatever his name; the folders of what it reads are looked at."""
    folders = [
        ("desk", ""),
        ("a b", ""),
        ("50%/desk", ""),
        ("desk", 'folder = "Other"\n'),
        ("filed", 'password_file = "/tmp/secret/password"\n'),
    ]
    settings, said = unit(
        "".join(f'[[intake.imap]]\nhost = "imap.example.net"\nuser = "{user}"\n{more}' for user, more in folders)
    )
    assert settings["LoadCredential"] == [
        f"imap.50%%_desk.password:{tmp_path}/imap.50%%_desk.password",
        f"imap.a b.password:{tmp_path}/imap.a b.password",
        f"imap.desk.password:{tmp_path}/imap.desk.password",
    ]
    assert "/tmp/secret: a service has a /tmp of its own" in said


@pytest.mark.parametrize(
    ("more", "written", "local"),
    [
        ('[delivery]\nnext_hop = "smtp://desk@mail.example.net"\npassword_file = "/etc/maild/password"\n', [], False),
        ('[delivery]\nnext_hop = "maildir:/srv/mail/sent"\n', ["/srv/mail/sent"], True),
        ('[intake.lmtp]\nlisten = "unix:/var/spool/postfix/maild/lmtp.sock"\n', ["/var/spool/postfix/maild"], True),
        ('[store]\nurl = "sqlite:/srv/a b/desk.db"\n', ['"/srv/a b"'], True),
        ('[store]\nurl = "sqlite:/var/lib/maild/other/desk.db"\n', [], True),
        ('[store]\nurl = "postgresql:///maild"\n', [], True),
        ('[store]\nurl = "postgresql://maild@db.example.net/maild"\n', [], False),
        ('[intake.smtp]\nlisten = "[::1]:2525"\n', [], True),
        ('[intake.smtp]\nlisten = "10.1.2.3:2525"\n', [], False),
        ('[[intake.imap]]\nhost = "127.0.0.1"\nuser = "desk"\npassword_file = "password"\n', [], True),
        ('[[intake.imap]]\nhost = "imap.example.net"\nuser = "desk"\npassword_file = "password"\n', [], False),
    ],
)  # fmt: skip
def test_what_it_may_write_and_reach(unit, more: str, written: list[str], local: bool) -> None:
    """Folders outside of the state are opened one by one; the net is shut where everything is on this machine."""
    settings, _ = unit(more)
    assert settings.get("ReadWritePaths", []) == written
    assert ("IPAddressDeny" in settings) == local
    assert "LoadCredential" not in settings


def test_what_cannot_work(unit, tmp_path: Path) -> None:
    """Files in /tmp, settings that stand in the environment only, and a database outside of the state are told on stderr."""
    _, said = unit('[store]\nurl = "sqlite:var/maild.db"\n', MAILD_DESK_NAME="Other")
    assert f"{tmp_path / 'var' / 'maild.db'}: lies outside of paths.state; is that meant?" in said
    assert "MAILD_DESK_NAME: stands in this environment, and the service will not have it" in said
    if str(tmp_path).startswith("/tmp/"):
        assert f"{tmp_path}: a service has a /tmp of its own" in said


@needs_systemd
@pytest.mark.parametrize(("more", "worst"), [("", 1.3), (REMOTE, 2.0), ('[delivery]\nnext_hop = "smtps://desk@mail.example.net"\n', 1.5)])  # fmt: skip
def test_exposure(unit, tmp_path: Path, more: str, worst: float) -> None:
    """`systemd-analyze security` finds hardly anything left open; a port below 1024 costs a capability."""
    unit(more)
    command = ["systemd-analyze", "security", "--offline=true", str(tmp_path / "maild.service")]
    said = subprocess.run(command, capture_output=True, text=True, timeout=DEADLINE, check=False).stdout
    found = re.search(r"Overall exposure level for maild.service: ([\d.]+)", said)
    assert found, said
    assert float(found[1]) <= worst, said


@needs_systemd
@pytest.mark.parametrize("more", ["", REMOTE, '[[intake.imap]]\nhost = "imap.example.net"\nuser = "50%/a b"\n'])
def test_verified(unit, tmp_path: Path, more: str) -> None:
    """`systemd-analyze verify` knows every line of it."""
    unit(more)
    command = ["systemd-analyze", "verify", "--man=no", str(tmp_path / "maild.service")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=DEADLINE, check=False)
    assert (done.returncode, "maild.service" in done.stderr) == (0, False), done.stderr


@needs_systemd
@needs_root
def test_work_in_these_walls(daemon, unit, tmp_path: Path, mail: Callable[..., bytes]) -> None:
    """Under the unit's own filter, with a read-only file system and no capability: RE2, lxml, libsodium, SQLite, STARTTLS, reload."""
    desk: Any = daemon()
    desk.state.mkdir()
    settings, _ = unit(state=str(desk.state))
    assert settings["ReadWritePaths"] == [str(desk.state)]
    desk = daemon()  # its own maild.toml again
    desk.under = [sys.executable, str(SANDBOX), str(tmp_path / "maild.service")]
    desk.start(ready=False)
    if not any(line.get("said") == "maild: ready" for line in _until_ready(desk)):
        assert desk.wait() == 77
        pytest.skip(f"this machine does not allow it: {desk.lines[0]['said']}")
    _is_walled_in(desk)
    html = "<html><body><table><tr><td>Error 502 since ten</td></tr></table></body></html>"
    desk.send(mail(html, Content_Type="text/html; charset=utf-8"))
    desk.send(mail("A hole.\n" + "x" * 500_000, Subject="secret", Message_ID="<2@example.org>"), "security@example.com")
    left = desk.maild(
        "deliver",
        "--to",
        "support@example.com",
        "--from",
        "ann@example.org",
        stdin=mail(Message_ID="<3@example.org>", Subject="pipe"),
    )
    assert left.returncode == 0
    desk.wait_for(event="mail", state="sent", kind="acknowledgement", times=3)
    desk.signal(signal.SIGHUP)
    desk.wait_for(event="reloaded")
    os.kill(desk.worker(), signal.SIGKILL)
    desk.send(mail(Message_ID="<4@example.org>", Subject="after"))
    desk.wait_for(event="mail", state="sent", kind="acknowledgement", times=4)
    assert len(desk.tickets()) == 4
    assert not desk.status()["spool"]
    assert desk.stop() == 0
    assert not [line for line in desk.lines if line.get("level") in ("error", "critical") or "Traceback" in str(line)]


def _until_ready(desk: Any) -> list[dict[str, Any]]:
    with desk._news:
        desk._news.wait_for(lambda: any(line.get("said") in ("maild: ready", "(closed)") for line in desk.lines), DEADLINE)
        return list(desk.lines)


def _is_walled_in(desk: Any) -> None:
    """Front and worker have the filters, no capability, and a file system that they cannot write."""
    for pid in (desk._process.pid, desk.worker()):
        status = Path(f"/proc/{pid}/status").read_text()
        assert re.search(r"^Seccomp_filters:\t5$", status, re.M), status
        assert re.search(r"^CapEff:\t0+$", status, re.M), status
        assert re.search(r"^NoNewPrivs:\t1$", status, re.M), status
        root = next(line for line in Path(f"/proc/{pid}/mounts").read_text().splitlines() if line.split()[1] == "/")
        assert "ro" in root.split()[3].split(",")
    niceness = int(Path(f"/proc/{desk.worker()}/stat").read_text().rpartition(")")[2].split()[16])
    assert niceness == 5
