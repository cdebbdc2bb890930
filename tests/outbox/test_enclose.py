"""Files that go along: from the mail that brought them, by way of the spool, into the mail that the desk sends."""

from __future__ import annotations

import asyncio
import base64
import dataclasses
import email
import email.policy
from collections.abc import Callable, Iterator
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from maild.config import load_config
from maild.desk import Desk, build_desk
from maild.errors import BadInput
from maild.intake.body import LARGE
from maild.intake.spool import Spool
from maild.keys.ring import Keyring, open_keyring
from maild.keys.seal import Seal, new_seal
from maild.log import logger
from maild.mail.compose import compose
from maild.mail.envelope import Envelope
from maild.mail.outgoing import Outgoing
from maild.outbox.deliver import Deliverer
from maild.outbox.enclose import Enclosures
from maild.outbox.hops import MaildirHop
from maild.pipeline import Item, work
from maild.store.outbox import Outbox
from maild.store.spool import SpoolReader, purge

EVERY_OCTET = bytes(range(256)) * 40
FILES = {
    "picture.png": ("image/png", EVERY_OCTET),
    "empty.bin": ("application/octet-stream", b""),
    "lines.txt": ("text/plain", b"one\ntwo\r\nthree\rfour"),
    "d\u00e9j\u00e0 vu \u2603.pdf": ("application/pdf", b"%PDF-1.4\n" + EVERY_OCTET),
    "a mail.eml": ("message/rfc822", b"From: eve@example.net\r\nSubject: inner\r\n\r\nThe inner text.\r\n"),
}
PROVEN = "Authentication-Results: mx.example.com; dmarc=pass header.from=example.com\r\n"


class Office:
    """A desk with a real spool, and what it sends in a Maildir."""

    def __init__(self, root: Path, folder: Path, clock: Any, **settings: str) -> None:
        environ = {"MAILD_PATHS_STATE": str(folder), "MAILD_STORE_URL": f"sqlite:{folder}/maild.db", **settings}
        folder.mkdir(exist_ok=True)
        config = load_config(root / "maild.toml", environ)
        self.folder, self.clock = folder, clock
        self.keys: Keyring = open_keyring(folder / "keys")
        self.desk: Desk = dataclasses.replace(build_desk(config, self.keys), clock=clock)
        self.desk.store.migrate()
        self.reader = SpoolReader(folder, self.keys.seal)

    def arrive(self, raw: bytes, to: str = "support@example.com", sender: str = "ann@example.org") -> str:
        """A mail is accepted, and worked on; its entry."""
        sealed = to.startswith("security")
        envelope = Envelope(reverse_path=sender, forward_paths=(to,), arrived_at=self.clock.now(), intake="smtp", trusted=True)

        async def accept(spool: Spool) -> str:
            if len(raw) <= LARGE:
                return await spool.accept(envelope, raw, sealed=sealed)
            body = spool.large_body(sealed=sealed)
            await body.write(raw)
            return await spool.accept(envelope, body, sealed=sealed)

        entry = self._in_spool(accept)
        found = self.reader.entries([entry])[entry]
        work([Item(entry=entry, envelope=found.envelope, raw=self.reader.bytes_of(found))], self.desk)
        self.clock.forward(timedelta(minutes=1))
        return entry

    def forget(self) -> None:
        """The retention of all mail has ended."""

        async def go(spool: Spool) -> None:
            await spool.submit(lambda connection: connection.execute("UPDATE entry SET state = 'done'"))
            await spool.submit(lambda connection: purge(connection, 1 << 60, 100))

        self._in_spool(go)

    def _in_spool(self, work_: Callable[[Spool], Any]) -> Any:
        async def run() -> Any:
            spool = Spool(self.folder, self.keys.seal.public, 0)
            spool.start()
            try:
                return await work_(spool)
            finally:
                await spool.stop()

        return asyncio.run(run())

    def mails(self, kind: str) -> list[Outgoing]:
        """All mails of a class, the oldest first."""
        box = Outbox(self.desk.store)
        rows = [row for row in box.listed(("queued", "sent", "deferred")) if row["class"] == kind]
        return [box.find(row["key"])[0]["mail"] for row in rows]

    def mail(self, kind: str) -> Outgoing:
        """The last one."""
        return self.mails(kind)[-1]

    def delivered(self, settled: int) -> dict[str, EmailMessage]:
        """Sends what waits, as the daemon does, until so many have a fate; the mails of the Maildir by recipient."""

        async def run() -> None:
            box = Outbox(self.desk.store)
            hop = MaildirHop(self.folder / "sent", "mail.example.com")
            deliverer = Deliverer(box, hop, timedelta(days=5), self.clock, lambda: 0.5, logger("t"), Enclosures(self.reader))
            running = asyncio.create_task(deliverer.run())
            async with asyncio.timeout(30):
                while sum(count for state, count in box.counts().items() if state not in ("queued", "sending")) < settled:
                    await asyncio.sleep(0)
            deliverer.stop()
            await running

        asyncio.run(run())
        found = [read(path.read_bytes()) for path in sorted((self.folder / "sent" / "new").iterdir())]
        return {str(each["Delivered-To"]): each for each in found}


def read(raw: bytes) -> EmailMessage:
    found = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(found, EmailMessage)
    return found


def files_of(mail: EmailMessage) -> dict[str, bytes]:
    """The attachments by name."""
    return {str(part.get_filename()): part.get_payload(decode=True) for part in mail.walk() if part.get_filename()}


def with_files(head: str, text: str, **files: tuple[str, bytes]) -> bytes:
    """A mail with these files attached."""
    made = read(f"{head}\r\nMIME-Version: 1.0\r\n\r\n".replace("\n", "\n").encode())
    made.set_content(text)
    made.make_mixed()
    for name, (kind, content) in files.items():
        part = EmailMessage()
        part["Content-Type"] = kind
        part["Content-Disposition"] = "attachment"
        part.set_param("filename", name, header="Content-Disposition", charset="utf-8" if not name.isascii() else None)
        if kind == "message/rfc822":
            part.set_payload(content.decode())
        else:
            part["Content-Transfer-Encoding"] = "base64"
            part.set_payload(base64.encodebytes(content).decode())
        made.attach(part)
    return made.as_bytes(policy=email.policy.SMTP)


CUSTOMER = "From: Ann Berg <ann@example.org>\r\nTo: support@example.com\r\nSubject: Kanban colours\r\nMessage-ID: <1@example.org>"


def agents(number: int = 2) -> str:
    return f"{PROVEN}From: Emma Laurent <emma@example.com>\r\nSubject: Re: x\r\nMessage-ID: <{number}@laptop.example.com>"


@pytest.fixture
def office(root: Path, tmp_path: Path, clock: Any) -> Iterator[Callable[..., Office]]:
    """Builds a desk."""
    built: list[Office] = []

    def build(**settings: str) -> Office:
        built.append(Office(root, tmp_path / "state", clock, **settings))
        return built[-1]

    yield build
    for each in built:
        each.reader.close()
        each.desk.store.close()


def test_a_customers_files_reach_the_agent(office: Callable[..., Office]) -> None:
    """Every file of the mail comes with the notification, equal to the octet, under its name; the acknowledgement has none."""
    desk = office()
    desk.arrive(with_files(CUSTOMER, "See these.\n", **FILES))
    sent = desk.delivered(2)
    found = files_of(sent["emma@example.com"])
    assert found == {name: content for name, (_, content) in FILES.items()}
    kinds = {str(part.get_filename()): part.get_content_type() for part in sent["emma@example.com"].walk() if part.get_filename()}
    assert kinds == {
        name: "application/octet-stream" if kind == "message/rfc822" else kind for name, (kind, _) in FILES.items()
    }  # RFC 2046, section 5.2.1: a message may not travel as base64
    assert files_of(sent["ann@example.org"]) == {}
    assert "Kanban colours" in str(sent["emma@example.com"]["Subject"])


def test_an_agents_files_reach_the_customer(office: Callable[..., Office]) -> None:
    """An answer brings the agent's files to everybody who gets it, and the customer's own are not sent back."""
    desk = office()
    desk.arrive(with_files(CUSTOMER, "See this.\n", **{"mine.bin": ("application/octet-stream", b"customer")}))
    reply_to = desk.mail("notification").draft.reply_to
    assert reply_to is not None
    large = bytes(range(256)) * 4000  # a mail that streams to a file of its own
    raw = with_files(
        agents(),
        "Please try this patch.\n",
        **{"patch.diff": ("text/x-diff", b"--- a\n+++ b\n"), "big.bin": ("application/zip", large)},
    )
    assert len(raw) > LARGE
    desk.arrive(raw, reply_to.address, "emma@example.com")
    sent = desk.delivered(3)
    assert files_of(sent["ann@example.org"]) == {"patch.diff": b"--- a\n+++ b\n", "big.bin": large}
    body = sent["ann@example.org"].get_body(("plain",))
    assert body is not None
    assert body.get_content().splitlines()[0] == "Please try this patch."


def test_the_same_bytes_at_each_attempt(office: Callable[..., Office]) -> None:
    """What is fetched anew for each attempt makes the same mail: a second copy is known as one."""
    desk = office()
    desk.arrive(with_files(CUSTOMER, "See these.\n", **FILES))
    enclosing = Enclosures(desk.reader)
    first, second = (compose(enclosing(desk.mail("notification")).draft) for _ in range(2))
    assert first == second


def test_a_file_that_is_not_kept_any_more_is_named(office: Callable[..., Office]) -> None:
    """After retention the mail still goes out, and says which files are missing: nothing is lost silently."""
    desk = office()
    desk.arrive(with_files(CUSTOMER, "See this.\n", **{"picture.png": ("image/png", EVERY_OCTET)}))
    desk.forget()
    sent = desk.delivered(2)
    assert files_of(sent["emma@example.com"]) == {"picture.png.txt": b"picture.png is not kept any more.\n"}


def test_files_that_are_too_large_are_told(office: Callable[..., Office]) -> None:
    """As many as a mail of the desk may carry go along, in order; the others are listed with name and size, for agents and customers."""
    desk = office(MAILD_DELIVERY_MAX_SIZE="100KB")
    files = {
        "small.txt": ("text/plain", b"x" * 30_000),
        "large.iso": ("application/x-iso9660-image", b"y" * 80_000),
        "last.txt": ("text/plain", b"z" * 40_000),
    }
    desk.arrive(with_files(CUSTOMER, "See these.\n", **files))
    told = desk.mail("notification")
    assert [each.name for each in told.enclosed] == ["small.txt", "last.txt"]
    for part in (told.draft.text, told.draft.html or ""):
        assert "large.iso (application/x-iso9660-image, 80 KB), too large to be enclosed" in part
        assert part.count("too large") == 1
    assert told.draft.reply_to is not None
    desk.arrive(with_files(agents(), "Have a look.\n", **files), told.draft.reply_to.address, "emma@example.com")
    answer = desk.mail("answer")
    assert [each.name for each in answer.enclosed] == ["small.txt", "last.txt"]
    for part in (answer.draft.text, answer.draft.html or ""):
        assert "large.iso (application/x-iso9660-image, 80 KB)" in part
        assert "small.txt" not in part
    for mail in (told, answer):
        assert len(compose(Enclosures(desk.reader)(mail).draft)) < 105_000


def test_a_sealed_cases_files_stay_on_the_host(office: Callable[..., Office]) -> None:
    """Agents of a sealed case are sent no file, and are told no name of one; what one of them sends the reporter arrives."""
    desk = office()
    head = CUSTOMER.replace("support@", "security@").replace("Kanban colours", "A hole")
    desk.arrive(with_files(head, "Proof attached.\n", **{"exploit.py": ("text/x-python", b"print()")}), "security@example.com")
    told = desk.mails("notification")
    assert [each.recipient for each in told] == ["nina@example.com", "mira@example.com"]
    assert all(each.enclosed == () and "exploit" not in compose(each.draft).decode() for each in told)
    raw = with_files(
        agents().replace("Emma Laurent <emma@", "Nina Costa <nina@"),
        "Does this close it?\n",
        **{"fix.diff": ("text/x-diff", b"+ok\n")},
    )
    assert told[0].draft.reply_to is not None
    desk.arrive(raw, told[0].draft.reply_to.address, "nina@example.com")
    answer = desk.mail("answer")
    assert answer.sealed
    assert b"+ok" not in b"".join(path.read_bytes() for path in desk.folder.glob("*.db*")), "sealed in the spool as well"
    assert files_of(read(compose(Enclosures(desk.reader)(answer).draft))) == {"fix.diff": b"+ok\n"}


def test_one_mail_whose_files_cannot_be_read_waits_alone(office: Callable[..., Office]) -> None:
    """Where the key of a sealed file is another, that mail is tried again later, and all others of the portion go out."""
    desk = office()
    head = CUSTOMER.replace("support@", "security@")
    desk.arrive(with_files(head, "A hole.\n"), "security@example.com")
    nina = desk.mails("notification")[0]
    assert nina.draft.reply_to is not None
    raw = with_files(agents().replace("Emma Laurent <emma@", "Nina Costa <nina@"), "Thanks.\n", **{"a.txt": ("text/plain", b"a")})
    desk.arrive(raw, nina.draft.reply_to.address, "nina@example.com")
    desk.arrive(with_files(CUSTOMER.replace("<1@", "<9@"), "Another.\n", **{"b.txt": ("text/plain", b"b")}))
    desk.reader.close()
    desk.reader = SpoolReader(desk.folder, Seal(bytes.fromhex(new_seal())))
    with pytest.raises(BadInput):
        Enclosures(desk.reader)(desk.mail("answer"))
    sent = desk.delivered(6)
    states = {
        (row["class"], row["to"]): (row["state"], row["reply"]) for row in Outbox(desk.desk.store).listed(("sent", "deferred"))
    }
    assert states.pop(("answer", "ann@example.org")) == ("deferred", "BadInput")
    assert {state for state, _ in states.values()} == {"sent"}
    assert files_of(sent["emma@example.com"]) == {"b.txt": b"b"}
