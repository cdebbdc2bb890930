"""keys: those that sign addresses are listed, rotated and retired."""

from __future__ import annotations

from typing import Annotated

import typer
from typer import Argument, Context, Option

from maild.cli.groups import add_group
from maild.cli.open import config_of, keys_of
from maild.cli.shapes import say_json, table
from maild.clock import SystemClock, iso
from maild.config import Config
from maild.errors import BadInput, NoInput
from maild.keys.signing import SigningKey, retire, rotate, signing_keys
from maild.store.look import Look
from maild.store.store import Store

Json = Annotated[bool, Option("--json", help="JSON, one object a line")]


def add_to(app: typer.Typer) -> None:
    """Adds this family's commands."""
    add_group(app, "keys", "The keys that sign the desk's addresses.", keys_list, keys_rotate, keys_retire)


def keys_list(context: Context, as_json: Json = False) -> None:
    """List the keys, and how many tickets may still be answered by addresses that each has signed."""
    config = config_of(context)
    keys = _present(config)
    shapes = [
        {
            "number": key.number,
            "does": "proves" if place else "signs",
            "made_at": iso(key.made_at),
            "tickets": _tickets(config, keys, place),
        }
        for place, key in enumerate(keys)
    ]
    if as_json:
        for shape in shapes:
            say_json(shape)
    else:
        print(table(shapes, ("number", "does", "made_at", "tickets")))


def keys_rotate(context: Context) -> None:
    """Make a new key, which signs from now on. The others go on proving what they signed; a running desk follows by itself."""
    config = config_of(context)
    _present(config)
    number = rotate(config.state / "keys")
    print(f"key {number} signs from now on; the others still prove")


def keys_retire(
    context: Context,
    number: Annotated[int, Argument(help="the key's number")],
    force: Annotated[bool, Option("--force", help="even where tickets may be answered by addresses that it signed")] = False,
) -> None:
    """Take a key away, once no ticket needs it: addresses that it signed then count as the bare mailbox, agents' old ones, too."""
    config = config_of(context)
    keys = _present(config)
    place = next((place for place, key in enumerate(keys) if key.number == number), None)
    if place is None:
        raise BadInput(f"there is no key {number}: {', '.join(str(key.number) for key in keys)}")
    if place == 0:
        raise BadInput(f"key {number} signs; `maild keys rotate` makes another one first")
    waiting = _tickets(config, keys, place)
    if waiting and not force:
        raise BadInput(
            f"{waiting} tickets may be answered by addresses that key {number} signed; --force retires it all the same"
        )
    retire(keys[place])
    print(f"key {number} is gone; addresses that it signed count as the bare mailbox")


def _present(config: Config) -> list[SigningKey]:
    keys = signing_keys(config.state / "keys")
    if not keys:
        raise NoInput(f"{config.state / 'keys'}: there are no keys yet; `maild run` makes them")
    return keys


def _tickets(config: Config, keys: list[SigningKey], place: int) -> int:
    """Tickets that were there while this key signed, and that are open, or closed so short ago that an answer opens them again."""
    store = Store(config, keys_of(config))
    if not store.exists:
        return 0
    until = keys[place - 1].made_at if place else None
    return Look(store).answerable(until, SystemClock().now() - config.settings.clocks.grace)
