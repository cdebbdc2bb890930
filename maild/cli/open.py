"""Opens what a command needs, from the configuration that was named."""

from __future__ import annotations

from pathlib import Path

from typer import Context

from maild.config import Config, load_config
from maild.errors import NoInput
from maild.keys.ring import Keyring, open_keyring
from maild.keys.seal import Seal, new_seal
from maild.store.spool import SpoolReader
from maild.store.store import Store


def config_of(context: Context) -> Config:
    """The configuration. Raises BadConfiguration."""
    path: Path = context.obj
    return load_config(path)


def keys_of(config: Config) -> Keyring:
    """The keys, or throw-away ones where there are none yet: looking must not change anything."""
    folder = config.state / "keys"
    if (folder / "seal.key").exists():
        return open_keyring(folder)
    return Keyring(signing=(bytes(32),), hashing=bytes(32), seal=Seal(bytes.fromhex(new_seal())))


def store_of(config: Config) -> Store:
    """The store, current and with its tables. Raises BadConfiguration, NoInput."""
    store = Store(config, keys_of(config))
    if not store.exists:
        raise NoInput(f"{config.settings.store.url}: there is no desk yet; start it with `maild run`, or run `maild migrate`")
    store.require_current()
    return store


def spool_of(config: Config) -> SpoolReader:
    """The spool, opened for reading. Raises NoInput."""
    spool = SpoolReader(config.state, keys_of(config).seal)
    if not spool.exists:
        raise NoInput(f"{config.state / 'spool.db'}: no mail was ever accepted here")
    return spool
