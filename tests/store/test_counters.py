"""The desk's counters: what was never put is 0, and one does not touch another."""

from __future__ import annotations

from maild.store import counters
from maild.store.store import Store


def test_put_and_add(store: Store) -> None:
    """A value is set whether or not there was one, and counted on from what there is."""
    with store.database.writing() as connection:
        assert counters.read(connection, "advisory") == 0
        counters.add(connection, "advisory", 2)
        counters.add(connection, "advisory", 3)
        counters.put(connection, "intake", 1_772_625_600_000_000)
        counters.put(connection, "intake", 7)
    with store.database.reading() as connection:
        assert [counters.read(connection, each) for each in ("advisory", "intake", "ticket")] == [5, 7, 0]
