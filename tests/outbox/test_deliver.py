"""The deliverer with a real outbox: what is due is sent, fates are written down, and a hop that is down is not pestered."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import structlog

from maild import log
from maild.config import load_config
from maild.keys.ring import open_keyring
from maild.mail.compose import Draft
from maild.mail.message import Mailbox
from maild.mail.outgoing import Enclosed, Outgoing
from maild.outbox.deliver import Deliverer
from maild.outbox.hops import ACCEPTED, HopDown, MaildirHop, NextHop
from maild.outbox.retry import Result
from maild.store.outbox import Outbox
from maild.store.store import Store

DEADLINE = 15.0
DEFERRED = Result(fate="deferred", reply="450 4.2.0 later")
REFUSED = Result(fate="refused", reply="550 5.1.1 never")
UNCERTAIN = Result(fate="uncertain", reply="no reply after the final dot")


class ListedHop:
    """A hop that gives the results it was told to, then accepts everything, and lists what it got."""

    def __init__(self, *results: Result | Exception, senders: int = 1, portion: int = 1) -> None:
        self.results = list(results)
        self.senders, self.portion = senders, portion
        self.got: list[str] = []
        self.begun, self.open = asyncio.Event(), asyncio.Event()
        self.open.set()
        self.closed = False

    async def send(self, mails: Sequence[Outgoing]) -> list[Result]:
        self.begun.set()
        await self.open.wait()
        self.got += [each.key[-2:] for each in mails]
        answers = [self.results.pop(0) if self.results else ACCEPTED for _ in mails]
        for answer in answers:
            if isinstance(answer, Exception):
                raise answer
        return answers

    async def close(self) -> None:
        self.closed = True


@pytest.fixture
def store(root: Path, tmp_path: Path):
    """The desk's store on SQLite."""
    where = {"MAILD_PATHS_STATE": str(tmp_path), "MAILD_STORE_URL": f"sqlite:{tmp_path}/maild.db"}
    config = load_config(root / "maild.toml", where)
    opened = Store(config, open_keyring(tmp_path / "keys"))
    opened.migrate()
    yield opened
    opened.close()


@pytest.fixture
def box(store: Store) -> Outbox:
    """Its outbox."""
    return Outbox(store)


@pytest.fixture
def put(store: Store, clock) -> Callable[..., None]:
    """Queues mails with these numbers."""

    def put(*numbers: int, kind: str = "answer", watched: bool = False) -> None:
        mails = []
        for number in numbers:
            key = f"{number:016x}"
            draft = Draft(
                date=clock.now(), from_=Mailbox(name="", address="support@example.com"), to=[Mailbox(name="", address="ann@example.org")],
                subject="s", message_id=f"{key}@mail.example.com", text="t",
            )  # fmt: skip
            ticket = 1 if watched else None
            mails.append(
                Outgoing(
                    key=key, kind=kind, ticket=ticket, reverse_path="", recipient="ann@example.org", draft=draft, watched=watched
                )
            )
        with store.transaction() as tx:
            tx.put(mails, clock.now())

    return put


@pytest.fixture
def lines() -> structlog.testing.LogCapture:
    """What the deliverer logs."""
    return structlog.testing.LogCapture()


@pytest.fixture
def delivering(
    box: Outbox, clock, lines: structlog.testing.LogCapture
) -> Callable[[NextHop], AbstractAsyncContextManager[Deliverer]]:
    """Runs a deliverer on a hop until the block ends."""

    @asynccontextmanager
    async def run(hop: NextHop) -> AsyncIterator[Deliverer]:
        logger = structlog.wrap_logger(structlog.testing.ReturnLogger(), processors=[lines])
        deliverer = Deliverer(box, hop, timedelta(days=5), clock, lambda: 0.5, logger)
        running = asyncio.create_task(deliverer.run())
        try:
            yield deliverer
        finally:
            deliverer.stop()
            async with asyncio.timeout(DEADLINE):
                await running

    return run


async def until(box: Outbox, **counts: int) -> None:
    """Looks until the outbox has these states and no others."""
    async with asyncio.timeout(DEADLINE):
        while dict(await asyncio.to_thread(box.counts)) != counts:
            await asyncio.sleep(0)


def rows(box: Outbox) -> dict[str, tuple[str, int, bool, str]]:
    """(state, attempts, possible duplicate, reply) by the end of the key."""
    found = box.listed(["queued", "sending", "sent", "deferred", "failed", "uncertain"])
    return {row["key"][-2:]: (row["state"], row["attempts"], row["possible_duplicate"], row["reply"]) for row in found}


@pytest.mark.asyncio
async def test_queued_to_sent(box: Outbox, put: Callable[..., None], delivering, tmp_path: Path) -> None:
    """What is in the outbox at the start, and what comes later, lies in the Maildir and is known as sent."""
    put(1, 2)
    async with delivering(MaildirHop(tmp_path / "sent", "mail.example.com")) as deliverer:
        await until(box, sent=2)
        put(3)
        deliverer.wake()
        await until(box, sent=3)
    assert len(list((tmp_path / "sent" / "new").iterdir())) == 3
    assert {row[1:3] for row in rows(box).values()} == {(1, False)}


@pytest.mark.asyncio
async def test_more_than_one_claim(box: Outbox, put: Callable[..., None], delivering) -> None:
    """Hundreds of mails go out, each once, in the order in which they were queued."""
    put(*range(500))
    hop = ListedHop(portion=64)
    async with delivering(hop):
        await until(box, sent=500)
    assert hop.got == [f"{number:016x}"[-2:] for number in range(500)]
    assert hop.closed


@pytest.mark.asyncio
async def test_put_off_and_tried_again(box: Outbox, put: Callable[..., None], delivering, clock) -> None:
    """A mail that was put off is tried after its delay and not before, ever more rarely, until it is accepted."""
    put(1)
    hop = ListedHop(DEFERRED, DEFERRED)
    async with delivering(hop) as deliverer:
        await until(box, deferred=1)
        assert box.next_due() == clock.now() + timedelta(minutes=1)
        clock.forward(timedelta(seconds=59))
        deliverer.wake()
        await asyncio.to_thread(box.counts)
        assert hop.got == ["01"]
        clock.forward(timedelta(seconds=1))
        deliverer.wake()
        async with asyncio.timeout(DEADLINE):
            while box.next_due() != clock.now() + timedelta(minutes=2):
                await asyncio.sleep(0)
        clock.forward(timedelta(minutes=2))
        deliverer.wake()
        await until(box, sent=1)
    assert rows(box) == {"01": ("sent", 3, False, "")}


@pytest.mark.asyncio
async def test_fates(box: Outbox, put: Callable[..., None], delivering, clock) -> None:
    """Refused is failed; of silence behind the dot an answer is sent once more, marked, and a machine's mail is not."""
    put(1, 2)
    put(3, kind="acknowledgement")
    hop = ListedHop(REFUSED, UNCERTAIN, UNCERTAIN, UNCERTAIN)
    async with delivering(hop) as deliverer:
        await until(box, failed=1, deferred=1, uncertain=1)
        assert rows(box) == {
            "01": ("failed", 1, False, REFUSED.reply),
            "02": ("deferred", 1, True, UNCERTAIN.reply),
            "03": ("uncertain", 1, False, UNCERTAIN.reply),
        }
        clock.forward(timedelta(minutes=30))
        deliverer.wake()
        await until(box, failed=1, uncertain=2)
    assert hop.got == ["01", "02", "03", "02"]


@pytest.mark.asyncio
async def test_given_up(box: Outbox, put: Callable[..., None], delivering, clock) -> None:
    """After days of delays a mail has failed, and that is told."""
    put(1)
    hop = ListedHop(DEFERRED, DEFERRED)
    async with delivering(hop) as deliverer:
        await until(box, deferred=1)
        clock.forward(timedelta(days=5))
        deliverer.wake()
        await until(box, failed=1)
    assert rows(box)["01"][3] == f"given up: {DEFERRED.reply}"


@pytest.mark.asyncio
async def test_a_hop_that_is_down(box: Outbox, put: Callable[..., None], delivering, clock) -> None:
    """A hop that is down is left alone for a while, and its trouble told; then what waits is sent without being called."""
    put(*range(1, 6))
    hop = ListedHop(HopDown("hop.example: refused"))
    async with delivering(hop) as deliverer:
        await until(box, deferred=5)
        assert deliverer.trouble == "hop.example: refused"
        assert {row[3] for row in rows(box).values()} == {"hop.example: refused"}
        assert hop.got == ["01"]
        clock.forward(timedelta(minutes=2))
        put(6)
        deliverer.wake()
        await until(box, sent=6)
        assert deliverer.trouble == ""
    assert sorted(hop.got[1:]) == ["01", "02", "03", "04", "05", "06"]


@pytest.mark.asyncio
async def test_an_accident_is_no_end(box: Outbox, put: Callable[..., None], delivering, clock) -> None:
    """An exception that nobody foresaw puts one mail off; the others go on."""
    put(1, 2)
    async with delivering(ListedHop(ZeroDivisionError("oops"))):
        await until(box, deferred=1, sent=1)
    assert rows(box)["01"] == ("deferred", 1, False, "ZeroDivisionError")


@pytest.mark.asyncio
async def test_stopping(box: Outbox, put: Callable[..., None], delivering) -> None:
    """A stop waits for what is on its way, and gives back what was not begun: nothing is left in between."""
    put(*range(10))
    hop = ListedHop()
    hop.open.clear()
    async with delivering(hop) as deliverer:
        await hop.begun.wait()
        deliverer.stop()
        hop.open.set()
    assert dict(box.counts()) == {"sent": 1, "queued": 9}
    assert hop.got == ["00"]
    assert not any(row[2] for row in rows(box).values())


@pytest.mark.asyncio
async def test_killed(box: Outbox, put: Callable[..., None], delivering, clock) -> None:
    """What was on its way when the daemon was killed is sent again, and marked; what was sent is not."""
    put(1, 2)
    hop = ListedHop()
    hop.open.clear()
    deliverer = Deliverer(box, hop, timedelta(days=5), clock, lambda: 0.5, log.logger("deliver"))
    running = asyncio.create_task(deliverer.run())
    await until(box, sending=2)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert dict(box.counts()) == {"sending": 2}
    assert box.recover(clock.now()) == 2
    async with delivering(ListedHop()):
        await until(box, sent=2)
    assert {row[2] for row in rows(box).values()} == {True}


@pytest.mark.asyncio
async def test_the_outbox_is_away(box: Outbox, put: Callable[..., None], store: Store, delivering) -> None:
    """Fates that cannot be written down now are written down later: what was sent is not sent again."""
    put(1)
    hop = ListedHop()
    hop.open.clear()
    async with delivering(hop):
        await until(box, sending=1)
        with store.transaction():  # everybody else has to wait
            hop.open.set()
            async with asyncio.timeout(DEADLINE):
                while not hop.got:
                    await asyncio.sleep(0)
        await until(box, sent=1)
    assert hop.got == ["01"]


@pytest.mark.asyncio
async def test_one_line_a_mail(box: Outbox, put: Callable[..., None], delivering, lines) -> None:
    """Each fate is logged once, with key and reason, and without an address."""
    put(1, 2)
    async with delivering(ListedHop(REFUSED)):
        await until(box, failed=1, sent=1)
    mails = [each for each in lines.entries if each["event"] == "mail"]
    assert [(each["state"], each["key"][-2:], each["reason"]) for each in mails] == [
        ("failed", "01", "550 5.1.1"),
        ("sent", "02", ""),
    ]
    assert "@" not in str(lines.entries)


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("watched", "result", "state", "calls"),
    [
        (True, ACCEPTED, "sent", 1),
        (True, REFUSED, "failed", 1),
        (True, UNCERTAIN, "uncertain", 1),
        (True, DEFERRED, "deferred", 0),
        (False, ACCEPTED, "sent", 0),
        (False, REFUSED, "failed", 0),
    ],
)
async def test_somebody_waits_for_the_fate(
    box: Outbox, put: Callable[..., None], clock, watched: bool, result: Result, state: str, calls: int
) -> None:
    """The final fate of a watched mail is called out once it is written down; a delay, or a mail that nobody watches, is not."""
    put(1, kind="reminder", watched=watched)
    news: list[dict[str, int]] = []
    deliverer = Deliverer(
        box,
        ListedHop(result),
        timedelta(days=5),
        clock,
        lambda: 0.5,
        log.logger("t"),
        on_news=lambda: news.append(dict(box.counts())),
    )
    running = asyncio.create_task(deliverer.run())
    await until(box, **{state: 1})
    deliverer.stop()
    await running
    assert news == [{state: 1}] * calls


@pytest.mark.asyncio
async def test_a_mail_goes_alone_with_its_files(box: Outbox, put: Callable[..., None], store: Store, clock) -> None:
    """Of a portion the mails with files go one by one, so that files are in memory one mail at a time; the order stays."""
    put(1, 2)
    with store.transaction() as tx:
        for number in (3, 4):
            mail = box.find(f"{1:016x}")[0]["mail"]
            key = f"{number:016x}"
            file = Enclosed(entry="e", part=0, name="a", type="text/plain")
            tx.put([replace(mail, key=key, draft=replace(mail.draft, message_id=f"{key}@x"), enclosed=(file,))], clock.now())
    put(5)
    hop = PortionsHop()
    deliverer = Deliverer(box, hop, timedelta(days=5), clock, lambda: 0.5, log.logger("t"), lambda mail: mail)
    running = asyncio.create_task(deliverer.run())
    await until(box, sent=5)
    deliverer.stop()
    await running
    assert hop.portions == [["01", "02"], ["03"], ["04"], ["05"]]


class PortionsHop(ListedHop):
    """Lists what was handed over together."""

    def __init__(self) -> None:
        super().__init__(portion=64)
        self.portions: list[list[str]] = []

    async def send(self, mails: Sequence[Outgoing]) -> list[Result]:
        self.portions.append([each.key[-2:] for each in mails])
        return await super().send(mails)
