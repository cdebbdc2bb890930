"""What all tests share: the shipped desk with its state in a temporary folder, a clock that stands, and real bytes."""

from __future__ import annotations

import dataclasses
import shutil
import ssl
import subprocess
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from maild.config import Config, load_config
from maild.desk import Desk, build_desk
from maild.keys.ring import Keyring
from maild.keys.seal import Seal
from maild.mail.envelope import Envelope
from maild.mail.outgoing import Outgoing
from maild.pipeline import consider, moment_of
from maild.problem.lexicon import Lexicon
from maild.problem.reading import Reading, read_mail
from maild.problem.table import FieldTable
from maild.rules.policy import Policy, load_policy
from maild.tickets.address import AddressBook, Role
from maild.tickets.arrival import Arrival, targets_of
from maild.tickets.decide import decide
from maild.tickets.decision import Decision
from maild.tickets.facts import NOTHING_KNOWN, Facts, Sent
from maild.tickets.happening import MailSettled, TimeCame
from maild.tickets.ticket import Event, Ticket

pytest_plugins = ["tests.dovecot"]

# The same examples every time, none kept on disk, and no example judged by its time.
settings.register_profile("maild", derandomize=True, database=None, deadline=None, max_examples=60)
settings.load_profile("maild")

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)  # a Wednesday


class FakeClock:
    """A clock that stands until it is told to go on."""

    def __init__(self, start: datetime = NOON) -> None:
        self._now = start

    def now(self) -> datetime:
        """The time, aware, in UTC."""
        return self._now

    def forward(self, by: timedelta) -> None:
        """Lets time pass."""
        self._now += by


@pytest.fixture
def clock() -> FakeClock:
    """A clock that stands at noon of 2026-03-04, UTC."""
    return FakeClock()


@pytest.fixture(scope="session")
def root() -> Path:
    """The project's own folder, with maild.toml, rules/ and templates/."""
    return Path(__file__).resolve().parent.parent


@pytest.fixture
def config(root: Path, tmp_path: Path) -> Config:
    """The shipped configuration; everything that changes is in the test's own folder."""
    return load_config(root / "maild.toml", {"MAILD_PATHS_STATE": str(tmp_path / "state")})


@pytest.fixture(scope="session")
def shipped(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Policy:
    """The shipped rules and tables, read once; frozen, so that tests may share them."""
    state = tmp_path_factory.mktemp("state")
    return load_policy(load_config(root / "maild.toml", {"MAILD_PATHS_STATE": str(state)}))


@pytest.fixture
def policy(shipped: Policy, config: Config) -> Policy:
    """The shipped policy with the test's own configuration."""
    return dataclasses.replace(shipped, config=config)


@pytest.fixture(scope="session")
def table(shipped: Policy) -> FieldTable:
    """The shipped table of fields."""
    return shipped.fields


@pytest.fixture(scope="session")
def lexicon(shipped: Policy) -> Lexicon:
    """All shipped tables of words."""
    return shipped.lexicon


@pytest.fixture(scope="session")
def book(shipped: Policy) -> AddressBook:
    """The desk's addresses, signed with a key that only tests have."""
    return AddressBook(shipped.config, (b"k" * 32,))


@pytest.fixture(scope="session")
def mail() -> Callable[..., bytes]:
    """Builds a mail: `mail("text", Subject="…", In_Reply_To="<a@b>")`. A field that is None is left out."""

    def build(text: str = "Hello\n", **fields: str | None) -> bytes:
        shown: dict[str, str | None] = {
            "From": "Ann Berg <ann@example.org>",
            "To": "support@example.com",
            "Subject": "Invoice layout",
            "Message-ID": "<1@example.org>",
            "Date": "Wed, 04 Mar 2026 11:00:00 +0000",
            "Content-Type": "text/plain; charset=utf-8",
        }
        shown |= {name.replace("_", "-"): body for name, body in fields.items()}
        header = "".join(f"{name}: {body}\r\n" for name, body in shown.items() if body is not None)
        return f"{header}\r\n{text}".replace("\r\n", "\n").replace("\n", "\r\n").encode()

    return build


@pytest.fixture(scope="session")
def envelope() -> Callable[..., Envelope]:
    """Builds an envelope: from Ann to support@example.com unless told otherwise."""

    def build(*to: str, reverse_path: str = "ann@example.org", arrived_at: datetime = NOON) -> Envelope:
        forward_paths = to or ("support@example.com",)
        return Envelope(reverse_path=reverse_path, forward_paths=forward_paths, arrived_at=arrived_at, intake="smtp")

    return build


@pytest.fixture(scope="session")
def read(mail: Callable[..., bytes], envelope: Callable[..., Envelope], shipped: Policy) -> Callable[..., Reading]:
    """Builds a mail and reads it, as the road does: `read("text", to="upgrade@example.com", Subject="…")`."""

    def build(
        text: str = "Hello\n", *, to: str = "support@example.com", reverse_path: str = "ann@example.org", **fields: str | None
    ) -> Reading:
        return read_mail(mail(text, **fields), envelope(to, reverse_path=reverse_path), shipped.lexicon)

    return build


def bare(mailbox: str) -> str:
    """The address of `Name <address>`."""
    return mailbox.rpartition("<")[2].strip("> ")


class Talk:
    """A desk in memory: real bytes walk the road up to the commit, and what the store would know is kept here."""

    ANN, BOB, EVE = "ann@example.org", "bob@example.org", "eve@example.net"
    EMMA, RAJ, LEA = "emma@example.com", "raj@example.com", "lea@example.com"
    COMPLETE = "Kind of problem: functional\nVersion: 17.0\nDatabase: acme\n\nHow do I print two copies?\n"

    def __init__(self, desk: Desk, mail: Callable[..., bytes], envelope: Callable[..., Envelope]) -> None:
        self.clock = FakeClock()
        self.desk, self._mail, self._envelope = dataclasses.replace(desk, clock=self.clock), mail, envelope
        self.facts: Facts = NOTHING_KNOWN
        self.number = 1  # the ticket that is talked about
        self.agent = self.EMMA  # who steers it
        self.sent: list[Outgoing] = []  # all that was ever sent
        self.last: list[Outgoing] = []  # what the latest happening sent
        self.events: list[Event] = []
        self.created: dict[str, datetime] = {}
        self.entries = 0

    @property
    def ticket(self) -> Ticket:
        """As it is now."""
        return self.facts.tickets[self.number]

    @property
    def told(self) -> list[str]:
        """What the latest happening sent: `answer to ann@example.org`."""
        return [f"{each.kind} to {each.recipient}" for each in self.last]

    def address(self, role: Role, whose: str, mailbox: str = "") -> str:
        """The signed address of the ticket that was given to somebody."""
        return self.desk.book.ticket_address(mailbox or self.ticket.mailbox, self.number, role, whose)

    def come(
        self,
        text: str = "Hello\n",
        *,
        by: str = ANN,
        to: str | Sequence[str] = "support@example.com",
        proven: bool = False,
        reverse_path: str | None = None,
        **fields: str | None,
    ) -> Decision:
        """A mail comes; `proven`: our own MTA found that From's domain is true. The decision about its first target."""
        address = bare(by)
        domain = address.rpartition("@")[2]
        told = {"From": by, "Message-ID": f"<m{self.entries + 1}@{domain}>"}
        if proven:
            told["Authentication-Results"] = f"mx.example.com; dmarc=pass header.from={domain}"
        paths = (to,) if isinstance(to, str) else tuple(to)
        raw = self._mail(text, **(told | {name.replace("_", "-"): body for name, body in fields.items()}))
        return self.take(raw, *paths, reverse_path=address if reverse_path is None else reverse_path)

    def take(self, raw: bytes, *paths: str, reverse_path: str = ANN, trusted: bool = True) -> Decision:
        """These very octets come. The decision about their first target."""
        self.entries += 1
        envelope = dataclasses.replace(
            self._envelope(*paths, reverse_path=reverse_path, arrived_at=self.clock.now()), trusted=trusted
        )
        reading = read_mail(raw, envelope, self.desk.policy.lexicon)
        arrival = Arrival(entry=f"entry-{self.entries}", reading=reading, targets=targets_of(paths, self.desk.book))
        decided = consider([arrival], self.facts, self.desk, self.clock.now())
        self._keep(decided.decisions, decided.mails)
        return decided.decisions[0]

    def open(self, text: str = COMPLETE, **how: Any) -> Ticket:
        """A mail that opens the ticket that is talked about."""
        self.number = self.facts.next_number
        self.come(text, **how)
        return self.ticket

    def write(
        self, text: str = "One more thing.\n", *, by: str = ANN, role: Role = "c", proven: bool = True, **fields: str | None
    ) -> Decision:
        """A mail to the address of this role that was given to the author."""
        return self.come(text, by=by, to=self.address(role, bare(by)), proven=proven, **fields)

    def answer(self, text: str = "Press the button twice.\n", *, by: str = EMMA, **fields: str | None) -> Decision:
        """An agent replies to the notification."""
        return self.write(text, by=by, role="a", **fields)

    def steer(self, *commands: str, by: str = "") -> None:
        """The agent gives commands, and all are right."""
        for each in commands:
            self.write(f"{each}\n", by=by or self.agent, role="a")
            assert "error" not in [mail.kind for mail in self.last], self.last[-1].draft.text

    def wrong(self, command: str, why: str, by: str = "") -> None:
        """The agent's command comes back with this reason, and nothing has changed."""
        before, agent = self.ticket, by or self.agent
        self.write(f"{command}\n", by=agent, role="a")
        assert self.told == [f"error to {agent}"]
        assert why in self.last[0].draft.text
        assert self.ticket == before

    def at(self, case: str, **papers: str) -> None:
        """The ticket stands in this case, with these papers."""
        papers = {each.replace("_", " "): text for each, text in papers.items()}
        changed = dataclasses.replace(self.ticket, case=case, papers={**self.ticket.papers, **papers})
        self.facts = dataclasses.replace(self.facts, tickets={self.number: changed})

    def settle(self, kind: str, state: str = "sent", reply: str = "") -> Decision:
        """The requester's latest watched mail of this class meets its fate."""
        asked = self.ticket.requester.address
        mail = next(each for each in reversed(self.sent) if each.kind == kind and each.watched and each.recipient == asked)
        return self.meet(mail, state, reply)

    def meet(self, mail: Outgoing, state: str = "sent", reply: str = "") -> Decision:
        """A mail meets its fate."""
        assert mail.ticket is not None
        return self._decide(
            MailSettled(
                ticket=mail.ticket,
                key=mail.key,
                kind=mail.kind,
                state=state,
                created_at=self.created[mail.key],
                at=self.clock.now(),
                reply=reply,
                to=mail.recipient,
            )  # type: ignore[arg-type]
        )

    def fire(self, kind: str) -> Decision:
        """The time of a timer comes; it must not be one that waits."""
        due = next(each for each in self.ticket.due if each.kind == kind and not each.waits)
        self.clock.forward(max(due.at - self.clock.now(), timedelta()))
        return self._decide(TimeCame(ticket=self.number, kind=kind, at=due.at))

    def bounce(self, kind: str, to: str, action: str = "failed", status: str = "5.1.1") -> Decision:
        """A delivery report about the latest mail of this class to somebody."""
        mail = next(each for each in reversed(self.sent) if each.kind == kind and each.recipient == to)
        path = mail.reverse_path or self.desk.book.bounce_address(self.ticket.mailbox, mail.key)
        report = (
            "--b\nContent-Type: text/plain\n\nIt did not arrive.\n--b\nContent-Type: message/delivery-status\n\n"
            f"Reporting-MTA: dns; mx.example.org\n\nFinal-Recipient: rfc822; {to}\nAction: {action}\nStatus: {status}\n--b--\n"
        )
        kind_of_report = 'multipart/report; report-type=delivery-status; boundary="b"'
        return self.come(report, by="mailer-daemon@example.org", to=path, Content_Type=kind_of_report)

    def _decide(self, happened: MailSettled | TimeCame) -> Decision:
        now = happened.at if isinstance(happened, TimeCame) else self.clock.now()
        decision = decide(happened, moment_of(self.facts, self.desk, now))
        self._keep([decision], self.desk.renderer.render(decision, self.facts, self.clock.now()))
        return decision

    def _keep(self, decisions: Sequence[Decision], mails: list[Outgoing]) -> None:
        for decision in decisions:
            self.facts = self.facts.after(decision)
            self.events += decision.events
        self.last, self.sent = mails, [*self.sent, *mails]
        self.created |= {each.key: self.clock.now() for each in mails}
        known = dict(self.facts.outgoing)
        for each in mails:
            assert each.ticket is not None
            known[each.key] = Sent(
                ticket=each.ticket,
                kind=each.kind,
                created_at=self.clock.now(),
                to=each.recipient,
                cause=each.cause,
            )
        placed = {each.draft.message_id: each.ticket for each in mails if each.ticket is not None}
        self.facts = dataclasses.replace(self.facts, outgoing=known, placed={**self.facts.placed, **placed}, done=frozenset())


@pytest.fixture(scope="session")
def desk_of_two(shipped: Policy, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """The shipped desk; two agents answer functional questions, Emma and Raj."""
    state = tmp_path_factory.mktemp("talk")
    config = load_config(shipped.config.file, {"MAILD_PATHS_STATE": str(state), "MAILD_STORE_URL": f"sqlite:{state}/maild.db"})
    functional = dataclasses.replace(shipped.teams.teams["functional"], agents=(Talk.EMMA, Talk.RAJ))
    teams = dataclasses.replace(shipped.teams, teams={**shipped.teams.teams, "functional": functional})
    keys = Keyring(signing=(b"k" * 32, b"o" * 32), hashing=b"h" * 32, seal=Seal(b"s" * 32))
    return build_desk(config, keys, policy=dataclasses.replace(shipped, config=config, teams=teams))


@pytest.fixture(scope="session")
def new_talk(desk_of_two: Desk, mail: Callable[..., bytes], envelope: Callable[..., Envelope]) -> Callable[..., Talk]:
    """Begins a talk: `new_talk()`; with other terms than the shipped ones `new_talk(embargo=timedelta(days=30))`."""

    def begin(**terms: Any) -> Talk:
        desk = dataclasses.replace(desk_of_two, terms=dataclasses.replace(desk_of_two.terms, **terms))
        return Talk(desk, mail, envelope)

    return begin


@pytest.fixture
def talk(new_talk: Callable[..., Talk]) -> Talk:
    """A desk that nobody has written to yet."""
    return new_talk()


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> ssl.SSLContext:
    """A server's TLS with a certificate of its own making."""
    if not shutil.which("openssl"):
        pytest.skip("needs openssl: apt-get install openssl")
    folder = tmp_path_factory.mktemp("tls")
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost"
    subprocess.run([*command.split(), "-keyout", "key.pem", "-out", "cert.pem"], cwd=folder, check=True, capture_output=True)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context
