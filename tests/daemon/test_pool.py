"""The workers and their keeper: whatever happens to a worker, every mail is done once, and the bad one shows itself."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from maild import log
from maild.config import Config, load_config
from maild.errors import BadConfiguration
from maild.intake.body import LARGE
from maild.intake.spool import Spool
from maild.keys.ring import open_keyring
from maild.mail.envelope import Envelope
from maild.mail.message import Mailbox
from maild.pipeline import PORTION
from maild.pool import Pool
from maild.store.look import Look
from maild.store.outbox import Outbox
from maild.store.spool import move
from maild.store.store import Store
from maild.tickets.decision import Decision, Verdict
from maild.tickets.ticket import Due, Ticket

DEADLINE = 60.0


@dataclass(frozen=True)
class Road:
    """A spool, its workers, and the store at the end."""

    spool: Spool
    pool: Pool
    store: Store
    envelope: Callable[..., Envelope]
    clock: object

    async def put(self, *mails: bytes, to: str = "support@example.com") -> list[str]:
        """Accepts mails, each a moment later."""
        entries = []
        for raw in mails:
            self.clock.forward(timedelta(milliseconds=1))
            entries.append(await self.spool.accept(self.envelope(to, arrived_at=self.clock.now()), raw, sealed=False))
        return entries

    async def until(self, condition: Callable[[], object]) -> None:
        """Looks until it is so."""
        async with asyncio.timeout(DEADLINE):
            while not condition():
                await asyncio.sleep(0.005)

    async def worked_off(self) -> None:
        """Waits until nothing waits any more; what was put off comes back as if its time had come."""

        def nothing_waits() -> bool:
            self.clock.forward(timedelta(minutes=1))
            due = self.spool.reader.listed(["deferred"])
            self.spool.post(lambda connection: move(connection, [each.id for each in due], "incoming"))
            for each in due:
                self.pool.waiting.again(each)
            self.pool.notice()
            return not set(self.spool.reader.counts()) - {"hold"}

        await self.until(nothing_waits)

    def tickets(self) -> list[str]:
        """Their subjects."""
        return [each.subject for each in Look(self.store).tickets(None, None, closed=True, sealed=True)]


Running = Callable[..., AbstractAsyncContextManager[Road]]


@pytest.fixture
def running(write_desk: Callable[..., Path], clock, envelope: Callable[..., Envelope]) -> Running:
    """Runs workers on a spool."""

    @asynccontextmanager
    async def run(workers: int = 1, mail_time: float = 30.0, **paths: str) -> AsyncIterator[Road]:
        config: Config = load_config(write_desk(**paths), {})
        keys = open_keyring(config.state / "keys")
        spool, store = Spool(config.state, keys.seal.public, 0), Store(config, keys)
        store.migrate()
        spool.start()
        pool = Pool(lambda: config.file, workers, mail_time, spool, clock, log.logger("test"), lambda: None)

        def accepted(entry: object) -> None:
            pool.waiting.arrived(entry)
            pool.notice()

        spool.on_accepted = accepted
        await pool.start()
        try:
            yield Road(spool, pool, store, envelope, clock)
        finally:
            await pool.stop()
            await spool.stop()
            store.close()
        assert not pool.pids, "a worker was left behind"

    return run


def subjects(mail: Callable[..., bytes], count: int) -> list[bytes]:
    return [mail(f"Text {number}.\n", Subject=f"s{number:03d}", Message_ID=f"<{number}@example.org>") for number in range(count)]


@pytest.mark.asyncio
async def test_every_mail_once(running: Running, mail: Callable[..., bytes]) -> None:
    """Hundreds of mails through two workers make a ticket each, and nothing waits."""
    async with running(workers=2) as road:
        await road.put(*subjects(mail, 200))
        await road.worked_off()
        assert sorted(road.tickets()) == [f"s{number:03d}" for number in range(200)]
        assert road.spool.reader.counts() == {}


@pytest.mark.asyncio
async def test_a_conversation_keeps_its_order(running: Running, mail: Callable[..., bytes]) -> None:
    """Replies that come at once with what they answer join its ticket, in the order in which they came, whatever the workers."""
    async with running(workers=2) as road:
        for number in range(8):
            first = mail(Subject=f"c{number}", Message_ID=f"<{number}.0@example.org>")
            rest = [
                mail(
                    f"More {each}.\n",
                    Subject=f"Re: c{number}",
                    Message_ID=f"<{number}.{each}@example.org>",
                    In_Reply_To=f"<{number}.{each - 1}@example.org>",
                )
                for each in range(1, 6)
            ]
            await road.put(first, *rest)
        await road.worked_off()
        assert len(road.tickets()) == 8
        for number in range(1, 9):
            whole = Look(road.store).ticket(number)
            assert whole is not None
            assert [each.text for each in whole.messages] == ["Hello", *(f"More {each}." for each in range(1, 6))]


@pytest.mark.asyncio
async def test_a_worker_that_is_killed(running: Running, mail: Callable[..., bytes]) -> None:
    """A worker that is killed with mail in its hands is replaced, and its mails are done once."""
    async with running() as road:
        (worker,) = road.pool.pids
        os.kill(worker, signal.SIGSTOP)
        await road.put(*subjects(mail, 50))
        os.kill(worker, signal.SIGKILL)
        await road.worked_off()
        assert sorted(road.tickets()) == [f"s{number:03d}" for number in range(50)]
        assert road.pool.pids
        assert worker not in road.pool.pids


@pytest.mark.asyncio
async def test_a_worker_that_was_killed_while_it_waited(running: Running, mail: Callable[..., bytes]) -> None:
    """The death of an idle worker is noticed with the next mail, which is done all the same."""
    async with running() as road:
        (worker,) = road.pool.pids
        os.kill(worker, signal.SIGKILL)
        await road.put(*subjects(mail, 1))
        await road.worked_off()
        assert road.tickets() == ["s000"]
        assert road.spool.reader.counts() == {}


@pytest.mark.asyncio
async def test_a_worker_that_hangs(running: Running, mail: Callable[..., bytes]) -> None:
    """A worker that takes too long is killed and replaced; its mail is done by the next."""
    async with running(mail_time=0.5) as road:
        (worker,) = road.pool.pids
        os.kill(worker, signal.SIGSTOP)
        await road.put(*subjects(mail, 1))
        await road.until(lambda: worker not in road.pool.pids)
        await road.worked_off()
        assert road.tickets() == ["s000"]


@pytest.mark.asyncio
async def test_the_bad_one_shows_itself(running: Running, mail: Callable[..., bytes]) -> None:
    """Of a batch with a mail that cannot be read, the others are done and that one is on hold after three attempts of its own."""
    async with running() as road:
        (worker,) = road.pool.pids
        os.kill(worker, signal.SIGSTOP)  # so that all wait together
        good = subjects(mail, 10)
        await road.put(*good[:5])
        body = road.spool.large_body(sealed=False)
        await body.write(mail("x" * LARGE, Subject="bad"))
        bad = await road.spool.accept(road.envelope(), body, sealed=False)
        (file,) = (road.store.database.path.parent / "spool").glob("*.mail")
        file.unlink()
        await road.put(*good[5:])
        os.kill(worker, signal.SIGCONT)
        await road.worked_off()
        assert sorted(road.tickets()) == [f"s{number:03d}" for number in range(10)]
        (held,) = road.spool.reader.listed(["hold"])
        assert (held.id, held.attempts) == (bad, 3)
        assert held.reason.startswith("failed 3 times: ")
        assert "gone" in held.reason


@pytest.mark.asyncio
async def test_new_workers_on_demand(running: Running, mail: Callable[..., bytes]) -> None:
    """On a reload the workers are replaced, and mail goes on."""
    async with running(workers=2) as road:
        await road.until(lambda: len(road.pool.pids) == 2)
        before = set(road.pool.pids)
        road.pool.replace_workers()
        await road.put(*subjects(mail, 20))
        await road.worked_off()
        await road.until(lambda: len(road.pool.pids) == 2 and not before & road.pool.pids)
        assert len(road.tickets()) == 20


def wait_for_customers(road: Road, count: int) -> None:
    """So many tickets of as many customers, whose reminder is due."""
    due_at = datetime(2026, 1, 5, tzinfo=UTC)
    made = [
        Ticket(
            number=number, service="support", stage="feedback", team="functional", mailbox="support@example.com", subject="s",
            requester=Mailbox(name="", address=f"c{number}@example.org"), arrived_at=due_at, created_at=due_at, fields={}, due=(Due(kind="reminder", at=due_at),),
        )
        for number in range(1, count + 1)
    ]  # fmt: skip
    verdict = Verdict(disposition="accept", reason="a person's mail")
    with road.store.transaction() as tx:
        tx.save(
            [
                Decision(
                    entry=f"e{each.number}", target="t", digest=b"%d" % each.number, verdict=verdict, ticket=each, opened=True
                )
                for each in made
            ],
            [],
            due_at,
        )


def reminded(road: Road) -> list[int]:
    """The tickets whose customers were reminded."""
    return [row["ticket"] for row in Outbox(road.store).listed(["queued"], most=10_000) if row["class"] == "reminder"]


@pytest.mark.asyncio
async def test_time_passes_to_its_end(running: Running) -> None:
    """Told once that time has passed, the workers look again as long as there may be more, and each timer fires once."""
    async with running(workers=2) as road:
        wait_for_customers(road, 3 * PORTION - 10)
        road.pool.pass_time()
        await road.until(lambda: len(reminded(road)) == 3 * PORTION - 10)
        assert sorted(reminded(road)) == list(range(1, 3 * PORTION - 9))


@pytest.mark.asyncio
async def test_a_timer_at_which_workers_die(running: Running, root: Path, tmp_path: Path) -> None:
    """One that takes for ever kills worker after worker; all others fire."""
    templates = shutil.copytree(root / "templates", tmp_path / "templates")
    endless = "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}"
    with (templates / "en" / "reminder.txt").open("a") as reminder:
        reminder.write("{% if number == 3 %}" + endless + "{% endif %}")
    async with running(mail_time=0.2, templates=str(templates)) as road:
        wait_for_customers(road, 5)
        async with asyncio.timeout(DEADLINE):
            while len(reminded(road)) < 4:
                road.pool.pass_time()
                await asyncio.sleep(0.1)
        assert sorted(reminded(road)) == [1, 2, 4, 5]


@pytest.mark.asyncio
async def test_mail_goes_on_while_time_passes(running: Running, mail: Callable[..., bytes]) -> None:
    """Timers and mails that wait at once are all done."""
    async with running() as road:
        wait_for_customers(road, 2 * PORTION)
        (worker,) = road.pool.pids
        os.kill(worker, signal.SIGSTOP)
        road.pool.pass_time()
        await road.put(*subjects(mail, 40))
        os.kill(worker, signal.SIGCONT)
        await road.worked_off()
        await road.until(lambda: len(reminded(road)) == 2 * PORTION)
        assert len(road.tickets()) == 2 * PORTION + 40


@pytest.mark.asyncio
async def test_a_worker_that_is_killed_while_time_passes(running: Running, mail: Callable[..., bytes]) -> None:
    """Nobody is to blame, no mail waits for it; at the next notice another worker looks, and each timer fires once."""
    async with running() as road:
        wait_for_customers(road, 10)
        (worker,) = road.pool.pids
        os.kill(worker, signal.SIGSTOP)
        road.pool.pass_time()
        await road.put(*subjects(mail, 1))
        os.kill(worker, signal.SIGKILL)
        await road.worked_off()
        road.pool.pass_time()
        await road.until(lambda: len(reminded(road)) >= 10)
        assert sorted(reminded(road)) == list(range(1, 11))
        assert "s000" in road.tickets()


@pytest.mark.asyncio
async def test_a_desk_that_cannot_start(write_desk: Callable[..., Path], clock, tmp_path: Path, capfd) -> None:
    """Workers that do not start end the start, and their own message says why."""
    config = load_config(write_desk(rules=str(tmp_path / "nowhere")), {})
    keys = open_keyring(config.state / "keys")
    spool = Spool(config.state, keys.seal.public, 0)
    spool.start()
    try:
        with pytest.raises(BadConfiguration, match="did not start"):
            await Pool(lambda: config.file, 1, 30.0, spool, clock, log.logger("test"), lambda: None).start()
    finally:
        await spool.stop()
    said = capfd.readouterr().err
    assert "nowhere" in said
