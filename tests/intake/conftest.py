"""A real spool in a temporary folder, and envelopes for it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest
import pytest_asyncio

from maild.config import Config
from maild.intake.spool import Spool
from maild.keys.ring import Keyring, open_keyring
from maild.mail.envelope import Envelope
from maild.store.spool import SpoolReader

DEADLINE = 20.0


@pytest.fixture
def keys(config: Config) -> Keyring:
    """The desk's keys."""
    return open_keyring(config.state / "keys")


@pytest.fixture
def reopened(config: Config, keys: Keyring) -> Callable[[], Spool]:
    """A spool on the desk's state folder, not started yet: as a daemon that starts finds it."""
    return lambda: Spool(config.state, keys.seal.public, 0)


@pytest_asyncio.fixture
async def spool(reopened: Callable[[], Spool]) -> AsyncIterator[Spool]:
    """A spool that runs."""
    running = reopened()
    running.start()
    yield running
    async with asyncio.timeout(DEADLINE):
        await running.stop()


@pytest.fixture
def outside(config: Config, keys: Keyring) -> SpoolReader:
    """The spool as another process sees it: a connection of its own, and the key to sealed mail."""
    return SpoolReader(config.state, keys.seal)


@pytest.fixture
def to_support(envelope: Callable[..., Envelope]) -> Envelope:
    """From Ann to support@example.com."""
    return envelope()
