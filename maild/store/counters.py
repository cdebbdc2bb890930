"""Counters of the desk by name: numbers that are never given out twice, and the last time the intake was seen at work."""

from __future__ import annotations

from typing import Any, Literal

from sqlalchemy import Connection, bindparam, select

from maild.store.tables import COUNTERS, insert_into

Name = Literal["ticket", "advisory", "intake"]
_READ = select(COUNTERS.c.value).where(COUNTERS.c.name == bindparam("counter"))
_HOLD = _READ.with_for_update()


def read(connection: Connection, name: Name) -> int:
    """Its value; 0 where it was never put."""
    return connection.execute(_READ, {"counter": name}).scalar() or 0


def hold(connection: Connection, name: Name) -> int:
    """The same, once it is our turn: on PostgreSQL nobody else holds it until the transaction ends; on SQLite nobody else writes."""
    return connection.execute(_HOLD, {"counter": name}).scalar() or 0


def put(connection: Connection, name: Name, value: int) -> None:
    """Sets it."""
    _upsert(connection, name, value, then=value)


def add(connection: Connection, name: Name, more: int) -> None:
    """Counts on."""
    _upsert(connection, name, more, then=COUNTERS.c.value + more)


def _upsert(connection: Connection, name: Name, first: int, then: Any) -> None:
    statement = insert_into(COUNTERS, connection).values(name=name, value=first)
    connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_={"value": then}))
