"""What all tests share: the shipped desk with its state in a temporary folder, a clock that stands, and real bytes."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import settings

from maild.config import Config, load_config
from maild.mail.envelope import Envelope
from maild.problem.reading import Reading, read_mail
from maild.problem.table import FieldTable
from maild.rules.policy import Policy, load_policy
from maild.tickets.address import AddressBook

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
def read(mail: Callable[..., bytes], envelope: Callable[..., Envelope], table: FieldTable) -> Callable[..., Reading]:
    """Builds a mail and reads it, as the road does: `read("text", to="upgrade@example.com", Subject="…")`."""

    def build(
        text: str = "Hello\n", *, to: str = "support@example.com", reverse_path: str = "ann@example.org", **fields: str | None
    ) -> Reading:
        return read_mail(mail(text, **fields), envelope(to, reverse_path=reverse_path), table)

    return build
