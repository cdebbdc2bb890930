"""A private Dovecot: its own folder, ports and certificate; any user with the password `secret` has a mailbox there.

Loaded by `conftest.py`. Tests that ask for it are skipped, with the reason, where there is no Dovecot.
"""

from __future__ import annotations

import contextlib
import getpass
import imaplib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

DEADLINE = 20.0
PASSWORD = "secret"
BINARY = shutil.which("dovecot") or ("/usr/sbin/dovecot" if Path("/usr/sbin/dovecot").exists() else "")
CONFIGURATION = """
protocols = imap
listen = 127.0.0.1
base_dir = {base}/run
log_path = {base}/log
ssl = yes
ssl_cert = <{base}/certificate.pem
ssl_key = <{base}/key.pem
disable_plaintext_auth = no
auth_failure_delay = 0
mail_location = maildir:~/Maildir
mail_fsync = never
mail_max_userip_connections = 200
first_valid_uid = 1
default_internal_user = {internal}
default_internal_group = {group}
default_login_user = {login}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={base}/home/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
"""


class Dovecot:
    """The server. Folders are made by writing to them."""

    def __init__(self, base: Path) -> None:
        self.base = base
        self.port, self.tls_port = _free_ports(2)
        self.certificate = base / "certificate.pem"
        self._process: subprocess.Popen[bytes] | None = None
        root = os.getuid() == 0  # Dovecot hands mail to nobody who is root
        self._owner = pwd.getpwnam("mail") if root else pwd.getpwuid(os.getuid())
        me = getpass.getuser()
        (base / "home").mkdir()
        os.chown(base / "home", self._owner.pw_uid, self._owner.pw_gid)
        base.chmod(0o755)
        _certify(base)
        (base / "dovecot.conf").write_text(
            CONFIGURATION.format(
                base=base,
                password=PASSWORD,
                uid=self._owner.pw_uid,
                gid=self._owner.pw_gid,
                port=self.port,
                tls_port=self.tls_port,
                internal="dovecot" if root else me,
                group="dovecot" if root else _group(),
                login="dovenull" if root else me,
            )
        )

    def start(self) -> None:
        """Returns when it greets."""
        self._process = subprocess.Popen([BINARY, "-F", "-c", str(self.base / "dovecot.conf")], stderr=subprocess.DEVNULL)
        until = time.monotonic() + DEADLINE
        while True:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1) as probe:
                if probe.recv(10):
                    return
            assert time.monotonic() < until, (self.base / "log").read_text()
            time.sleep(0.02)

    def stop(self) -> None:
        """Ends it, connections and all; by itself it would wait ten seconds for its clients to go."""
        if self._process is not None:
            self.kill_sessions()
            self._process.terminate()
            self._process.wait(DEADLINE)
            self._process = None

    def kill_sessions(self) -> int:
        """SIGKILL for every process that serves a mailbox; returns how many there were."""
        assert self._process is not None
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children").read_text().split()
        killed = 0
        for each in children:
            with contextlib.suppress(FileNotFoundError, ProcessLookupError):  # it ended by itself meanwhile
                if Path(f"/proc/{each}/comm").read_text().strip() == "imap":
                    os.kill(int(each), signal.SIGKILL)
                    killed += 1
        return killed

    def client(self, user: str) -> imaplib.IMAP4:
        """Another client of this mailbox: a person, or a server that delivers."""
        client = imaplib.IMAP4("127.0.0.1", self.port, timeout=DEADLINE)
        client.login(user, PASSWORD)
        return client

    def deliver(self, user: str, *mails: bytes, folder: str = "INBOX", flags: str = "") -> None:
        """Mails, as they are on the wire."""
        with self.client(user) as client:
            if folder != "INBOX":
                client.create(folder)
            for mail in mails:
                assert client.append(folder, flags, "", mail)[0] == "OK"

    def flags(self, user: str, folder: str = "INBOX") -> dict[str, bool]:
        """Message-ID to whether the mail is seen."""
        with self.client(user) as client:
            if client.select(folder, readonly=True)[0] != "OK":
                return {}
            found = client.uid("FETCH", "1:*", "(FLAGS BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])")[1]
        return {each[1].split(b":", 1)[1].strip().decode(): b"\\Seen" in each[0] for each in found if isinstance(each, tuple)}

    def file_of(self, user: str, message_id: str) -> Path:
        """Where the server keeps a mail now: it moves files as it reads them."""
        for each in (self.base / "home" / user / "Maildir").glob("[cn]*/*"):
            try:
                if f"Message-ID: <{message_id}>".encode() in each.read_bytes():
                    return each
            except PermissionError:  # made unreadable by a test, and this is not root
                return each
        raise AssertionError(f"no {message_id} here")

    def number_anew(self, user: str, validity: int) -> None:
        """Another UIDVALIDITY for INBOX, as after a server was moved."""
        command = ["doveadm", "-c", str(self.base / "dovecot.conf"), "mailbox", "update", "-u", user, "--uid-validity", str(validity), "INBOX"]  # fmt: skip
        subprocess.run(command, check=True, capture_output=True, timeout=DEADLINE)


@pytest.fixture(scope="session")
def dovecot_server() -> Iterator[Dovecot]:
    """One for all tests of a run: each has users of its own."""
    if not BINARY:
        pytest.skip("there is no Dovecot here: the Debian package dovecot-imapd brings it")
    version = subprocess.run([BINARY, "--version"], capture_output=True, text=True, check=True, timeout=DEADLINE).stdout
    if not version.startswith("2.3."):
        pytest.skip(f"this Dovecot ({version.strip()}) has another configuration language than 2.3 of Debian 12 (dovecot-imapd)")
    base = Path(tempfile.mkdtemp(prefix="dovecot-"))  # in a short place: names of sockets have 108 characters at the most
    server = Dovecot(base)
    server.start()
    yield server
    server.stop()
    shutil.rmtree(base)


@pytest.fixture
def dovecot(dovecot_server: Dovecot) -> Dovecot:
    """The server, running, whatever the test before did to it."""
    if dovecot_server._process is None:
        dovecot_server.start()
    return dovecot_server


def _free_ports(count: int) -> list[int]:
    with contextlib.ExitStack() as stack:
        probes = [stack.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [int(probe.getsockname()[1]) for probe in probes]


def _group() -> str:
    import grp

    return grp.getgrgid(os.getgid()).gr_name


def _certify(base: Path) -> None:
    command = (
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost "
        f"-addext subjectAltName=DNS:localhost,IP:127.0.0.1 -keyout {base}/key.pem -out {base}/certificate.pem"
    )
    subprocess.run(command.split(), check=True, capture_output=True, timeout=DEADLINE)
