"""What is done and old is forgotten, with its files; what is not done stays, however old."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from maild.config import load_config
from maild.intake.body import LargeBody
from maild.intake.spool import Spool
from maild.jobs.retention import ABANDONED, forget
from maild.keys.ring import open_keyring
from maild.mail.envelope import Envelope
from maild.store.spool import State, move
from maild.store.store import Store

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
KEPT = timedelta(days=14)
SECOND = timedelta(seconds=1)


@pytest.mark.asyncio
async def test_what_is_forgotten(
    write_desk: Callable[..., Path], envelope: Callable[..., Envelope], mail: Callable[..., bytes]
) -> None:
    """Done entries past their time and what pipes left half-written, and nothing else."""
    config = load_config(write_desk(), {})
    keys = open_keyring(config.state / "keys")
    store, spool = Store(config, keys), Spool(config.state, keys.seal.public, 0)
    store.migrate()
    spool.start()
    files: set[str] = set()

    async def accepted(state: State, age: timedelta, is_large: bool) -> str:
        body = spool.large_body(sealed=False) if is_large else mail()
        if isinstance(body, LargeBody):
            await body.write(mail())
            files.add(body.id)
        entry = await spool.accept(envelope("support@example.com", arrived_at=NOON - age), body, sealed=False)
        if state != "incoming":
            await spool.submit(lambda connection: move(connection, [entry], "active"))
            await spool.submit(lambda connection: move(connection, [entry], state))
        return entry

    gone = {await accepted("done", KEPT + SECOND, is_large) for is_large in (False, True)}
    stay = {await accepted("done", KEPT - SECOND, is_large) for is_large in (False, True)}
    stay |= {await accepted(state, 9 * KEPT, is_large=True) for state in ("incoming", "hold")}
    maildrop = config.state / "maildrop"
    maildrop.mkdir()
    for name, age in (("old.part", ABANDONED + SECOND), ("new.part", ABANDONED - SECOND), ("old.drop", 9 * KEPT)):
        (maildrop / name).touch()
        os.utime(maildrop / name, ((NOON - age).timestamp(),) * 2)

    await forget(spool, maildrop, store, NOON, KEPT)
    assert set(spool.reader.entries(gone | stay)) == stay
    assert len(files) == 4
    assert {path.stem for path in (config.state / "spool").iterdir()} == files - gone
    assert sorted(path.name for path in maildrop.iterdir()) == ["new.part", "old.drop"]
    await spool.stop()
    store.close()
