"""The registry in a real database: refreshed in portions, found by address, domain and reference."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from alembic import command
from alembic.config import Config as AlembicConfig
from sqlalchemy import event, select, text

from maild.store.registry import Changes, Registry, all_contracts, contracts_of
from maild.store.store import HEAD, MIGRATIONS, Store
from maild.store.tables import CONTACTS, CONTRACTS
from maild.tickets.contracts.contract import Contract, known_by

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
BERG = Contract(
    reference="M1",
    customer="Berg Bakery",
    addresses=("ann@berg.example", "bob@mail.example"),
    domains=("berg.example",),
    databases=("berg-prod", "berg-test"),
    versions=("17.0",),
    hosting="platform",
    edition="enterprise",
    status="active",
    account_manager="kim@example.com",
    language="de",
    success_pack_hours=7.5,
)
DAHL = Contract(
    reference="M2", customer="Dåhl & Söhne", domains=("dahl.example",), hosting="online", edition="community", status="overdue"
)


@pytest.fixture
def registry(store: Store) -> Registry:
    """The registry of a desk, empty."""
    return Registry(store)


def found(store: Store, addresses: tuple[str, ...] = (), references: tuple[str, ...] = ()) -> list[str]:
    """The references that a look-up gives."""
    with store.database.reading() as connection:
        return sorted(each.reference for each in contracts_of(connection, store.keys, addresses, references))


def changes(
    new: list[str] | None = None, unchanged: int = 0, absent: list[str] | None = None, **changed: tuple[str, ...]
) -> Changes:
    """What a refresh says."""
    return Changes(new=new or [], changed=changed, unchanged=unchanged, absent=absent or [])


def test_what_comes_back_is_what_went_in(registry: Registry, store: Store) -> None:
    """Every column survives, letters of all alphabets among them."""
    assert registry.refresh([DAHL, BERG], NOW) == changes(new=["M2", "M1"])
    assert list(registry.all()) == [BERG, DAHL]
    assert list(registry.all("overdue")) == [DAHL]
    assert (registry.find("M1"), registry.find("M3")) == (BERG, None)
    assert (registry.imported_at("M1"), registry.imported_at("M3")) == (NOW, None)
    with store.database.reading() as connection:
        assert list(all_contracts(connection)) == [BERG, DAHL]


def test_refreshing_again_changes_nothing(registry: Registry, store: Store) -> None:
    """The same contracts are unchanged, and their rows are not written."""
    registry.refresh([BERG, DAHL], NOW)
    assert registry.refresh([BERG, DAHL], NOW + timedelta(days=1)) == changes(unchanged=2)
    assert registry.imported_at("M1") == NOW
    with store.database.reading() as connection:
        assert len(connection.execute(select(CONTACTS)).all()) == 4


def test_what_changed_is_named(registry: Registry, store: Store) -> None:
    """A changed contract says in which columns; its old addresses lead to it no more; absent ones stay."""
    registry.refresh([BERG, DAHL], NOW)
    later = NOW + timedelta(days=1)
    now_online = dataclasses.replace(BERG, hosting="online", addresses=("zoe@berg.example",), domains=())
    assert registry.refresh([now_online], later) == changes(absent=["M2"], M1=("addresses", "domains", "hosting"))
    assert (registry.find("M1"), registry.find("M2"), registry.imported_at("M1")) == (now_online, DAHL, later)
    assert found(store, ("bob@mail.example", "ann@berg.example")) == []
    assert found(store, ("zoe@berg.example",)) == ["M1"]


def test_columns_that_are_kept(registry: Registry) -> None:
    """What the file tells nothing about stays with contracts that are known, and is empty with new ones."""
    registry.refresh([BERG], NOW)
    bare = dataclasses.replace(BERG, versions=(), success_pack_hours=0.0, status="overdue")
    assert registry.refresh([bare, DAHL], NOW, kept=("versions", "success_pack_hours")) == changes(new=["M2"], M1=("status",))
    assert registry.find("M1") == dataclasses.replace(BERG, status="overdue")


def test_comparing_writes_nothing(registry: Registry) -> None:
    """It tells what a refresh would change."""
    registry.refresh([BERG], NOW)
    came = [dataclasses.replace(BERG, customer="Berg"), DAHL]
    assert registry.compare(came) == changes(new=["M2"], M1=("customer",))
    assert list(registry.all()) == [BERG]


def test_comparing_with_no_store(empty: Store) -> None:
    """A desk that has no tables yet would get them all; it gets none."""
    assert Registry(empty).compare([BERG, DAHL]) == changes(new=["M1", "M2"])
    assert not empty.exists


@pytest.mark.parametrize(
    ("addresses", "references", "expected"),
    [
        ((), (), []),
        (("ann@berg.example",), (), ["M1"]),
        (("ANN@BERG.example", "carl@Dahl.example"), (), ["M1", "M2"]),
        (("new@berg.example",), (), ["M1"]),
        (("ann@mail.example", "ann@shop.berg.example", "berg.example", "nobody", ""), (), []),
        ((), ("M2", "M9"), ["M2"]),
        (("bob@mail.example",), ("M2", "M1"), ["M1", "M2"]),
    ],
)
def test_found_by(
    addresses: tuple[str, ...], references: tuple[str, ...], expected: list[str], registry: Registry, store: Store
) -> None:
    """By an address that is listed, by its domain, by reference; each contract once."""
    registry.refresh([BERG, DAHL], NOW)
    assert found(store, addresses, references) == expected


def test_an_address_of_several_contracts(registry: Registry, store: Store) -> None:
    """All of them are found; which one is meant is decided by `known_by`."""
    old = dataclasses.replace(BERG, reference="M0", status="terminated")
    registry.refresh([BERG, old], NOW)
    with store.database.reading() as connection:
        both = contracts_of(connection, store.keys, ("ann@berg.example",))
    assert len(both) == 2
    assert known_by(both, "ann@berg.example") == BERG


def test_a_batch_takes_two_statements(registry: Registry, store: Store) -> None:
    """However many addresses and references are asked for."""
    many = [dataclasses.replace(DAHL, reference=f"C{n:03}", domains=(f"c{n}.example",)) for n in range(300)]
    registry.refresh(many, NOW)
    with store.database.reading() as connection:
        statements: list[str] = []
        event.listen(connection, "before_cursor_execute", lambda _c, _u, statement, *_: statements.append(statement))
        addresses = [f"ann@c{n}.example" for n in range(300)]
        assert len(contracts_of(connection, store.keys, addresses, ("C001",))) == 300
    assert [each.partition(" ")[0] for each in statements if each != "BEGIN"] == ["SELECT", "SELECT"]


def test_people_are_nowhere_but_in_private(registry: Registry, store: Store) -> None:
    """Open columns and the rows by which addresses are found name nobody."""
    registry.refresh([BERG], NOW)
    with store.database.reading() as connection:
        rows = [
            *connection.execute(select(CONTACTS)),
            *connection.execute(select(*(c for c in CONTRACTS.c if c.name != "private"))),
        ]
    shown = " ".join(str(value) for row in rows for value in row)
    assert not [word for word in ("ann", "berg", "mail.example", "kim") if word in shown.lower()]


def test_an_interrupted_refresh_goes_on(store: Store) -> None:
    """Portions that were written stay; the same refresh again does the rest."""
    registry = Registry(store, portion=10)
    many = [dataclasses.replace(DAHL, reference=f"C{number:03}") for number in range(35)]

    def broken() -> Iterator[Contract]:
        yield from many[:25]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        registry.refresh(broken(), NOW)
    assert len(list(registry.all())) == 20
    again = registry.refresh(many, NOW)
    assert (len(again.new), again.unchanged, again.absent) == (15, 20, [])


def test_a_reference_twice_in_a_portion(registry: Registry) -> None:
    """The last one holds; the reader of files refuses it before."""
    assert registry.refresh([DAHL, dataclasses.replace(DAHL, customer="Dahl")], NOW) == changes(new=["M2"])
    found = registry.find("M2")
    assert found is not None
    assert found.customer == "Dahl"


def test_marks_of_another_key_are_written_anew(open_store: Callable[[], Store], store: Store) -> None:
    """Where the hashing key is another than at the last import, the next one makes addresses lead to their contracts again."""
    Registry(store).refresh([BERG], NOW)
    other = open_store()
    other.keys = dataclasses.replace(other.keys, hashing=b"x" * 32)
    assert found(other, ("ann@berg.example",)) == []
    assert Registry(other).refresh([BERG], NOW) == changes(unchanged=1)
    assert found(other, ("ann@berg.example",)) == ["M1"]


def test_from_the_first_schema_with_rows_in_it(empty: Store) -> None:
    """A desk of schema 0001 gets the tables, and keeps what it has."""
    with empty.database.writing() as connection:
        settings = AlembicConfig()
        settings.set_main_option("script_location", str(MIGRATIONS))
        settings.attributes["connection"] = connection
        command.upgrade(settings, "0001")
        connection.execute(text("INSERT INTO reference (mark, ticket, weak) VALUES ('abc', 7, false)"))
        connection.execute(text("UPDATE counter SET value = 7 WHERE name = 'ticket'"))
    assert empty.revision() == "0001"
    assert empty.migrate() == ("0001", HEAD)
    assert Registry(empty).refresh([BERG], NOW) == changes(new=["M1"])
    with empty.database.reading() as connection:
        assert connection.execute(text("SELECT mark, ticket FROM reference")).all() == [("abc", 7)]
        assert connection.execute(text("SELECT value FROM counter WHERE name = 'ticket'")).scalar() == 7
