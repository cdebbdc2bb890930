"""The keys of addresses: the newest signs, all prove, and a rotation reaches whoever has them open."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from maild.config import Config
from maild.errors import BadConfiguration
from maild.keys.signing import SigningKeys, open_signing, retire, rotate, signing_keys
from maild.tickets.address import AddressBook, ToBounce, ToTicket

ANN = "ann@example.org"


@pytest.fixture
def turn(tmp_path: Path) -> Callable[[], int]:
    """Rotates."""
    return lambda: rotate(tmp_path)


def proves(book: AddressBook, address: str) -> bool:
    """Whether the address was given to Ann."""
    target = book.target_of(address)
    return isinstance(target, ToTicket) and book.given_to(target, [ANN]) == ANN


def test_a_rotation_reaches_an_open_book(tmp_path: Path, config: Config, turn: Callable[[], int]) -> None:
    """Old addresses go on, new ones are signed by the new key, and a second process that was open before knows both."""
    front, worker = AddressBook(config, open_signing(tmp_path)), AddressBook(config, open_signing(tmp_path))
    old = worker.ticket_address("support@example.com", 7, "c", ANN)
    assert turn() == 2
    new = worker.ticket_address("support@example.com", 7, "c", ANN)
    assert old != new
    assert proves(front, old)
    assert proves(front, new)
    assert isinstance(front.target_of(worker.bounce_address("support@example.com", "0" * 16)), ToBounce)
    assert front.internal_mark(7) == worker.internal_mark(7)


def test_what_a_retired_key_signed_proves_nothing(tmp_path: Path, config: Config, turn: Callable[[], int]) -> None:
    """Its addresses count as the bare mailbox, its bounce addresses are none."""
    book = AddressBook(config, open_signing(tmp_path))
    old, bounce = book.ticket_address("support@example.com", 7, "a", ANN), book.bounce_address("support@example.com", "0" * 16)
    turn()
    retire(signing_keys(tmp_path)[-1])
    assert not proves(book, old)
    assert book.target_of(bounce) is None
    assert proves(book, book.ticket_address("support@example.com", 7, "a", ANN))


def test_a_retired_first_key_does_not_come_back(tmp_path: Path) -> None:
    """The first key is made where there is none, not where it was taken away."""
    open_signing(tmp_path)
    rotate(tmp_path)
    retire(signing_keys(tmp_path)[-1])
    open_signing(tmp_path)
    assert [key.number for key in signing_keys(tmp_path)] == [2]


def test_a_damaged_new_key_changes_nothing(tmp_path: Path) -> None:
    """Whoever has the keys open goes on with those that can be read; whoever opens them is told."""
    keys = open_signing(tmp_path)
    before = list(keys)
    (tmp_path / "signing-2.key").write_text("00")
    os.utime(tmp_path, ns=(1, 1))
    assert list(keys) == before
    with pytest.raises(BadConfiguration, match="is damaged"):
        SigningKeys(tmp_path)
    (tmp_path / "signing-2.key").write_text("11" * 32)  # mended in its place
    assert list(keys) == [b"\x11" * 32, *before]


def test_a_key_that_goes_while_others_are_tried(tmp_path: Path) -> None:
    """Whoever began to look goes through all that there were."""
    keys = open_signing(tmp_path)
    rotate(tmp_path)
    rotate(tmp_path)
    all_three = list(keys)
    going = iter(keys)
    found = [next(going), next(going)]
    retire(signing_keys(tmp_path)[1])
    assert [*found, *going] == all_three
    assert list(keys) == [all_three[0], all_three[2]]


def test_a_folder_that_is_gone_for_a_moment(tmp_path: Path) -> None:
    """The keys in hand stay: nobody's address stops proving because a disk is away."""
    keys = open_signing(tmp_path / "keys")
    before = list(keys)
    (tmp_path / "keys").rename(tmp_path / "away")
    assert list(keys) == before


def test_new_keys_are_the_owners_alone(tmp_path: Path) -> None:
    """As the first one is."""
    open_signing(tmp_path)
    rotate(tmp_path)
    assert {stat.S_IMODE(key.path.stat().st_mode) for key in signing_keys(tmp_path)} == {0o600}
    assert len({key.path.read_text() for key in signing_keys(tmp_path)}) == 2
