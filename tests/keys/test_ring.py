"""The desk's secrets: made once, kept, and never replaced in silence."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from maild.errors import BadConfiguration
from maild.keys.ring import Keyring, open_keyring, open_public_seal
from maild.keys.secret import SECRET_BYTES


def parts(ring: Keyring) -> tuple[object, ...]:
    """What can be compared of a ring."""
    return tuple(ring.signing), ring.hashing, ring.seal.open(ring.seal.public.seal(b"x"))


def test_keys_are_made_on_first_use_and_stay(tmp_path: Path) -> None:
    """The second opening, and every later one, reads what the first made."""
    folder = tmp_path / "state/keys"
    first = open_keyring(folder)
    content = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert set(content) == {"signing-1.key", "hashing.key", "seal.key"}
    second = open_keyring(folder)
    assert ([*second.signing], second.hashing) == ([*first.signing], first.hashing)
    assert second.seal.open(first.seal.public.seal(b"secret")) == b"secret"
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == content


def test_keys_are_the_owners_alone(tmp_path: Path) -> None:
    """Neither group nor others can read them, nor list their folder."""
    open_keyring(tmp_path / "keys")
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "keys").iterdir()} == {0o600}


def test_keys_are_random_and_differ(tmp_path: Path) -> None:
    """No two desks, and no two purposes, share a secret."""
    rings = [open_keyring(tmp_path / name) for name in "ab"]
    secrets = [ring.signing[0] for ring in rings] + [ring.hashing for ring in rings]
    assert len(set(secrets)) == 4
    assert {len(secret) for secret in secrets} == {SECRET_BYTES}


def test_many_who_come_at_once_get_the_same_keys(tmp_path: Path) -> None:
    """Front, workers and command line may all be first: whoever it was, its key is the key, and no draft is left."""
    with ThreadPoolExecutor(8) as pool:
        rings = list(pool.map(lambda _: open_keyring(tmp_path / "keys"), range(16)))
    assert len({(tuple(ring.signing), ring.hashing) for ring in rings}) == 1
    sealed = rings[0].seal.public.seal(b"x")
    assert {ring.seal.open(sealed) for ring in rings} == {b"x"}
    assert len(list((tmp_path / "keys").iterdir())) == 3


@pytest.mark.parametrize("name", ["signing-1.key", "hashing.key", "seal.key"])
@pytest.mark.parametrize("content", [b"", b"00", b"zz" * 32, b"00" * 31, b"00" * 33, b"\xff\xfe\x00", b"00" * 32 + b" 00"])
def test_a_damaged_key_is_told_not_replaced(name: str, content: bytes, tmp_path: Path) -> None:
    """A new key would make old addresses and sealed mail unreadable: the desk stops and says what to do, and touches nothing."""
    open_keyring(tmp_path)
    (tmp_path / name).write_bytes(content)
    with pytest.raises(BadConfiguration, match="is damaged; restore it from the backup") as caught:
        open_keyring(tmp_path)
    assert caught.value.problems[0].where == str(tmp_path / name)
    assert (tmp_path / name).read_bytes() == content


def test_the_newest_signing_key_is_first(tmp_path: Path) -> None:
    """Keys are rotated by adding a file with a higher number, ten after nine; the old ones still verify."""
    (tmp_path / "keys").mkdir()
    for number in (2, 10, 9):
        (tmp_path / f"keys/signing-{number}.key").write_text(f"{number:02x}" * SECRET_BYTES)
    assert [key[0] for key in open_keyring(tmp_path / "keys").signing[:3]] == [10, 9, 2]


def test_an_intake_needs_the_public_half_only(tmp_path: Path) -> None:
    """What it seals, the ring opens."""
    public = open_public_seal(tmp_path)
    assert not hasattr(public, "open")
    assert open_keyring(tmp_path).seal.open(public.seal(b"a mail")) == b"a mail"
