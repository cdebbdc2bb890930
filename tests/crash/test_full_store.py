"""A disk that is full in the middle of a transaction: SQLite may not grow its file (max_page_count), whichever statement needs it."""

from __future__ import annotations

import asyncio
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event

from maild.config import Config
from maild.desk import Desk
from maild.errors import StoreTrouble
from maild.intake.body import LARGE
from maild.intake.spool import Spool
from maild.intake.trouble import SpoolFull
from maild.keys.ring import open_keyring
from maild.mail.envelope import Envelope
from maild.pipeline import Item, pass_time, work
from maild.store.outbox import Outbox, Settled
from maild.talk import Batch, Done, Trouble
from maild.tickets.decision import Decision
from maild.worker import serve

STEP = 4  # pages of 4096 octets
UNLIMITED = 1 << 30
MAIL = Envelope(
    reverse_path="ann@example.org",
    forward_paths=("support@example.com",),
    arrived_at=datetime(2026, 3, 4, tzinfo=UTC),
    intake="smtp",
)


@pytest.fixture
def room(desk: Desk) -> Iterator[Callable[[int], None]]:
    """Sets how many pages the desk's database may still grow by, on every connection that writes."""
    engine = desk.store.database._writer
    most = UNLIMITED

    def limit(connection: sqlite3.Connection, *_: Any) -> None:
        connection.execute(f"PRAGMA max_page_count = {most}")

    def give(pages: int) -> None:
        nonlocal most
        with desk.store.database.reading() as connection:
            most = connection.exec_driver_sql("PRAGMA page_count").scalar_one() + pages

    event.listen(engine, "checkout", limit)
    yield give
    event.remove(engine, "checkout", limit)


@pytest.fixture
def batch(desk: Desk, item: Callable[..., Item]) -> list[Item]:
    """32 mails: new ones, answers to tickets that are there, an answer to one of the batch, and a second copy."""
    work([item(number) for number in range(1, 4)], desk)
    new = [item(number, f"Version: 17.0\n{'What happened next. ' * 100}\n") for number in range(10, 34)]
    answered = (1, 2, 3, 10, 10, 11)
    answers = [
        item(40 + at, "Kind of problem: bug\n", In_Reply_To=f"<{number}@example.org>") for at, number in enumerate(answered)
    ]
    copies = [replace(item(50), raw=new[0].raw), replace(item(51), raw=new[1].raw)]
    return [*new, *answers, *copies]


def test_nothing_of_a_batch_is_kept_where_the_store_is_full(
    desk: Desk, batch: list[Item], room: Callable[[int], None], stored: Callable[[], dict[str, list[Any]]]
) -> None:
    """Wherever in the batch the room ends, all is as before: no half ticket; with room the same batch goes through, rightly numbered."""
    before = stored()
    decisions = None
    failures = 0
    while decisions is None:
        room(failures * STEP)
        decisions = _tried(lambda: work(batch, desk))
        if decisions is None:
            assert stored() == before
            failures += 1
    assert failures >= 5, "the room must end at several statements of the batch"
    assert [each.ticket.number for each in decisions if each.opened and each.ticket] == list(range(4, 28))
    after = stored()
    assert {row[0] for row in after["ticket"]} == set(range(1, 28))
    assert len(after["message"]) == 3 + 24 + 6
    assert len(after["seen"]) == 3 + 32
    assert after["counter"] == [("ticket", 27)]
    assert work(batch, desk) == []


def _tried(act: Callable[[], Sequence[Decision]]) -> Sequence[Decision] | None:
    """The decisions, or None where the store was full."""
    try:
        return act()
    except StoreTrouble as error:
        if "full" not in str(error):
            raise
        return None


def test_nothing_of_a_look_at_the_time_is_kept_where_the_store_is_full(
    desk: Desk, item: Callable[..., Item], room: Callable[[int], None], stored: Callable[[], dict[str, list[Any]]], clock: Any
) -> None:
    """Fates and timers are taken up all together or not at all: with room again each leads to what it must, once."""
    work([item(number, "What happened next. " * 100, From=f"c{number}@example.org") for number in range(1, 41)], desk)
    box = Outbox(desk.store)
    asked = [each.mail for each in box.exchange([], 1000, clock.now()) if each.mail.watched]
    assert len(asked) == 40
    fates = [
        Settled(key=each.key, ticket=each.ticket, state="sent", due_at=clock.now(), twice=False, reply="", watched=True)
        for each in asked
    ]
    box.exchange(fates[:20], 0, clock.now())
    clock.forward(timedelta(minutes=1))
    assert len(pass_time(desk, clock.now(), lambda _: True)) == 20
    clock.forward(timedelta(days=5))
    box.exchange(fates[20:], 0, clock.now())

    before = stored()
    decisions = None
    failures = 0
    while decisions is None:
        room(failures * STEP)
        decisions = _tried(lambda: pass_time(desk, clock.now(), lambda _: True))
        if decisions is None:
            assert stored() == before
            failures += 1
    assert failures >= 3, "the room must end at several statements"
    assert [each.events[0].kind for each in decisions] == ["MailAccepted"] * 20 + ["TimeCame"] * 20
    kinds = Counter(each.kind for decision in decisions for each in decision.mails)
    assert kinds == {"reminder": 20}
    after = stored()
    assert len(after["outbox"]) == len(before["outbox"]) + 20
    assert pass_time(desk, clock.now(), lambda _: True) is None
    assert stored() == after


def test_a_worker_tells_the_front_that_the_store_is_full(config: Config, desk: Desk, room: Callable[[int], None]) -> None:
    """A worker answers `trouble`, for which no mail is blamed, and takes the batch when it comes again with room."""

    async def spool_a_mail(spool: Spool) -> str:
        spool.start()
        entry = await spool.accept(MAIL, b"From: ann@example.org\r\n\r\n" + b"words " * 20_000, sealed=False)
        await spool.stop()
        return entry

    spool = Spool(config.state, open_keyring(config.state / "keys").seal.public, min_free=0)
    entry = asyncio.run(spool_a_mail(spool))
    room(0)
    answer = serve(Batch(items=((entry, ""),)), desk, spool.reader)
    assert isinstance(answer, Trouble)
    assert "full" in answer.why
    room(UNLIMITED // 2)
    assert serve(Batch(items=((entry, ""),)), desk, spool.reader) == Done()
    spool.reader.close()


def test_a_full_spool_accepts_nothing_that_it_cannot_keep(config: Config) -> None:
    """In one group commit the mail that does not fit is told so, those that fit are kept; with room again all are."""
    asyncio.run(_fill_the_spool(config))


async def _fill_the_spool(config: Config) -> None:
    spool = Spool(config.state, open_keyring(config.state / "keys").seal.public, min_free=0)
    spool.start()

    async def give_room(pages: int) -> None:
        count = await spool.submit(lambda connection: connection.execute("PRAGMA page_count").fetchone()[0])
        await spool.submit(lambda connection: connection.execute(f"PRAGMA max_page_count = {count + pages}"))

    small, big = b"From: ann@example.org\r\n\r\nsmall\r\n", b"From: ann@example.org\r\n\r\n" + b"big " * 20_000
    await give_room(8)
    outcomes = await asyncio.gather(
        *(spool.accept(MAIL, body, sealed=False) for body in (small, big, small, big, small)), return_exceptions=True
    )
    assert [type(each) for each in outcomes] == [str, SpoolFull, str, SpoolFull, str]
    assert spool.broken is not None
    assert not spool.broken.done()

    await give_room(0)
    large = spool.large_body(sealed=False)
    await large.write(b"From: ann@example.org\r\n\r\n" + b"x" * LARGE)
    rows = (spool.accept(MAIL, small, sealed=False) for _ in range(50))  # small ones: the last page has room for some
    assert any(isinstance(each, SpoolFull) for each in await asyncio.gather(*rows, return_exceptions=True))
    with pytest.raises(SpoolFull):
        await spool.accept(MAIL, large, sealed=False)
    await large.discard()
    assert list((config.state / "spool").iterdir()) == []

    await give_room(1000)
    kept = {each.id for each in spool.reader.listed(["incoming"])}
    assert {each for each in outcomes if isinstance(each, str)} <= kept
    again = await spool.accept(MAIL, big, sealed=False)
    assert spool.reader.bytes_of(spool.reader.entries([again])[again]) == big
    await spool.stop()
