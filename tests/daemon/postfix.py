"""A private Postfix: folders, ports and log of its own, nothing of the machine's. It is set up as docs/operating.md tells."""

from __future__ import annotations

import json
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import threading
from collections.abc import Callable
from email.message import Message
from email.parser import BytesParser
from pathlib import Path

DEADLINE = 60.0
MAIN = """
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
maillog_file = {folder}/log
maillog_file_prefixes = {folder}
syslog_name = postfix
myhostname = mail.example.com
mynetworks = 127.0.0.0/8
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mydestination =
alias_maps =
local_recipient_maps =
smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination
smtpd_recipient_restrictions = reject_unlisted_recipient
in_flow_delay = 0
minimal_backoff_time = 1s
queue_run_delay = 1s

# people's mailboxes: those of the desk's agents, and of its customers
virtual_mailbox_domains = example.com, example.org
virtual_mailbox_base = {folder}/mail
virtual_mailbox_maps = texthash:{folder}/etc/mailboxes
virtual_minimum_uid = 1
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}

# the desk, as in docs/operating.md
recipient_delimiter = +
transport_maps = texthash:{folder}/etc/transport
"""
MASTER = """
127.0.0.1:{port} inet n - y - - smtpd
pickup    unix  n       -       y       60      1       pickup
cleanup   unix  n       -       y       -       0       cleanup
qmgr      unix  n       -       n       300     1       qmgr
rewrite   unix  -       -       y       -       -       trivial-rewrite
bounce    unix  -       -       y       -       0       bounce
defer     unix  -       -       y       -       0       bounce
trace     unix  -       -       y       -       0       bounce
flush     unix  n       -       y       1000?   0       flush
proxymap  unix  -       -       n       -       -       proxymap
smtp      unix  -       -       y       -       -       smtp
relay     unix  -       -       y       -       -       smtp
showq     unix  n       -       y       -       -       showq
error     unix  -       -       y       -       -       error
retry     unix  -       -       y       -       -       error
virtual   unix  -       n       n       -       -       virtual
lmtp      unix  -       -       y       -       -       lmtp
anvil     unix  -       -       y       -       1       anvil
scache    unix  -       -       y       -       1       scache
postlog   unix-dgram n  -       n       -       1       postlogd
"""
DESK = ("support", "security", "postmaster")
AGENTS = ("emma@example.com", "lea@example.com")
PEOPLE = (*AGENTS, "ann@example.org", "ben@example.org")


def missing() -> str:
    """Why there is none, or an empty text."""
    if not Path("/usr/lib/postfix/sbin/master").exists():
        return "Debian's postfix is not installed: apt-get install postfix"
    return "" if os.geteuid() == 0 else "only root may start a Postfix"


class Postfix:
    """Started, with its queue, its sinks and its log."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="maild-pf-", dir="/tmp"))  # where the account `postfix` can go
        self.folder.chmod(0o755)
        nobody = pwd.getpwnam("nobody")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        for name in ("etc", "queue", "data", "mail"):
            (self.folder / name).mkdir(mode=0o755)
        shutil.chown(self.folder / "data", "postfix")
        shutil.chown(self.folder / "mail", "nobody")
        values = {"folder": self.folder, "port": self.port, "uid": nobody.pw_uid, "gid": nobody.pw_gid}
        (self.folder / "etc" / "main.cf").write_text(MAIN.format(**values))
        (self.folder / "etc" / "master.cf").write_text(MASTER.format(**values))
        mailboxes = [f"{each}@example.com desk/" for each in DESK] + [f"{each} {each}/" for each in PEOPLE]
        (self.folder / "etc" / "mailboxes").write_text("\n".join(mailboxes) + "\n")
        transport = [f"{each}@example.com lmtp:unix:maild/lmtp.sock" for each in DESK]
        (self.folder / "etc" / "transport").write_text("\n".join(transport) + "\n")
        self.run("postfix", "start")
        # whatever is made in this folder belongs to Postfix's group, and nobody else may go there
        subprocess.run(["install", "-d", "-g", "postfix", "-m", "2710", self.socket.parent], check=True)

    @property
    def socket(self) -> Path:
        """Where the desk listens: inside of the queue folder, for the lmtp client is chrooted there."""
        return self.folder / "queue" / "maild" / "lmtp.sock"

    def run(self, program: str, *words: str) -> str:
        """One of Postfix's programs with this configuration."""
        command = [program, "-c", str(self.folder / "etc"), *words]
        environ = {**os.environ, "MAIL_CONFIG": str(self.folder / "etc"), "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}
        done = subprocess.run(command, capture_output=True, text=True, env=environ, timeout=DEADLINE, check=False)
        assert done.returncode == 0, (command, done.stdout, done.stderr, self.log())
        return done.stdout

    def close(self) -> None:
        """Stops it, and leaves nothing."""
        try:
            self.run("postfix", "stop")
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)

    def log(self) -> str:
        """All that it said."""
        file = self.folder / "log"
        return file.read_text("utf-8", "replace") if file.exists() else ""

    def waiting(self) -> list[dict[str, object]]:
        """What is in its queue."""
        return [json.loads(line) for line in self.run("postqueue", "-j").splitlines()]

    def mails(self, address: str) -> list[Message]:
        """What came to a person, in the order in which it came."""
        files = sorted((self.folder / "mail" / address / "new").glob("*"), key=lambda path: path.stat().st_mtime_ns)
        return [BytesParser().parsebytes(path.read_bytes()) for path in files]

    def notes(self) -> list[Message]:
        """What came to the desk's agents."""
        return [each for agent in AGENTS for each in self.mails(agent)]


def until(condition: Callable[[], object], said: Callable[[], object] = str) -> None:
    """Looks until it is so."""
    pause = threading.Event()
    for _ in range(int(DEADLINE / 0.1)):
        if condition():
            return
        pause.wait(0.1)
    raise AssertionError(f"not in time: {said()}")
