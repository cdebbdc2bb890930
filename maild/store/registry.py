"""The registry of contracts as rows: refreshed from a file in portions, found by address, domain and reference.

What it holds of people stands in `private`; the rows by which an address is found have marks only.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, bindparam, select

from maild.clock import from_stamp, to_stamp
from maild.keys.marks import mark
from maild.keys.ring import Keyring
from maild.store.private import to_json
from maild.store.tables import CONTACTS, CONTRACTS, insert_into
from maild.tickets.contracts.contract import COLUMNS, Contract, ContractStatus, domain_of

if TYPE_CHECKING:
    from maild.store.store import Store

PORTION = 500  # contracts in one write transaction: short enough for the mails that wait behind it
STREAMED = 1000  # rows fetched at a time where all are read
_OPEN = ("reference", "status")  # columns of their own; all else is private

_KEYS: Any = bindparam("keys", expanding=True)
_BY_REFERENCE = select(CONTRACTS).where(CONTRACTS.c.reference.in_(_KEYS))
_COVERING = select(CONTACTS.c.reference).where(CONTACTS.c.mark.in_(_KEYS)).distinct()
_REFERENCES = select(CONTRACTS.c.reference).order_by(CONTRACTS.c.reference)
_FORGET_CONTACTS = CONTACTS.delete().where(CONTACTS.c.reference.in_(_KEYS))


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What a refresh changed, or would change.

    new, absent: references; the absent ones are in the registry and not among those that came. They are left as they are.
    changed: the names of the columns by reference.
    """

    new: Sequence[str]
    changed: Mapping[str, tuple[str, ...]]
    unchanged: int
    absent: Sequence[str]


class Registry:
    """The contracts of a desk. Built where it is used: it holds nothing but the store."""

    def __init__(self, store: Store, portion: int = PORTION) -> None:
        self._store = store
        self._portion = portion

    def refresh(self, contracts: Iterable[Contract], now: datetime, kept: Collection[str] = ()) -> Changes:
        """Takes contracts over, by reference, in portions with a commit each: what was interrupted may be done again.

        Args:
            contracts: may be a stream; only a portion of it is held.
            now: when it is done.
            kept: columns that they tell nothing about: a contract that is known keeps its own.

        Raises:
            StoreTrouble: the database cannot be written now; earlier portions are in.
        """
        return self._go_through(contracts, kept, to_stamp(now))

    def compare(self, contracts: Iterable[Contract], kept: Collection[str] = ()) -> Changes:
        """What `refresh` would change. Writes nothing, and needs no tables."""
        return self._go_through(contracts, kept, None)

    def all(self, status: ContractStatus | None = None) -> Iterator[Contract]:
        """Contracts in the order of their references, streamed."""
        with self._store.database.reading() as connection:
            yield from all_contracts(connection, status)

    def find(self, reference: str) -> Contract | None:
        """The contract of this reference."""
        with self._store.database.reading() as connection:
            return next(iter(contracts_of(connection, self._store.keys, (), (reference,))), None)

    def imported_at(self, reference: str) -> datetime | None:
        """When the contract was last changed by a refresh."""
        statement = select(CONTRACTS.c.imported_at).where(CONTRACTS.c.reference == reference)
        with self._store.database.reading() as connection:
            stamp = connection.execute(statement).scalar()
        return None if stamp is None else from_stamp(stamp)

    def _go_through(self, contracts: Iterable[Contract], kept: Collection[str], stamp: int | None) -> Changes:
        new: list[str] = []
        changed: dict[str, tuple[str, ...]] = {}
        named: set[str] = set()
        exists = stamp is not None or self._store.exists
        database = self._store.database
        source = iter(contracts)
        while portion := {each.reference: each for each in islice(source, self._portion)}:
            named |= portion.keys()
            if not exists:
                new += portion
                continue
            with database.reading() if stamp is None else database.writing() as connection:
                rows = _rows_that_differ(connection, portion, kept, self._store.keys)
                if stamp is not None:
                    _write(connection, rows, stamp, self._store.keys)
            new += [each.contract.reference for each in rows if each.columns is None]
            changed |= {each.contract.reference: each.columns for each in rows if each.columns}
        absent: list[str] = []
        if exists:
            with database.reading() as connection:
                absent = [each for each in connection.execute(_REFERENCES).scalars() if each not in named]
        return Changes(new=new, changed=changed, unchanged=len(named) - len(new) - len(changed), absent=absent)


def contracts_of(
    connection: Connection, keys: Keyring, addresses: Iterable[str], references: Iterable[str] = ()
) -> list[Contract]:
    """The contracts that cover one of the addresses, and those of the references: two statements, however many are asked for.

    Which of them an address is known by is for `known_by` (tickets/contracts/contract.py).
    """
    marks = {found for address in addresses for found in _marks_of(address, keys)}
    wanted = set(references)
    if marks:
        wanted.update(connection.execute(_COVERING, {"keys": list(marks)}).scalars())
    if not wanted:
        return []
    return [_from_row(row) for row in connection.execute(_BY_REFERENCE, {"keys": sorted(wanted)})]


def all_contracts(connection: Connection, status: ContractStatus | None = None) -> Iterator[Contract]:
    """Every contract, in the order of the references, a thousand rows at a time."""
    statement = select(CONTRACTS).order_by(CONTRACTS.c.reference)
    if status:
        statement = statement.where(CONTRACTS.c.status == status)
    for row in connection.execute(statement, execution_options={"yield_per": STREAMED}):
        yield _from_row(row)


# --- rows -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Differing:
    """A contract whose row is to be written. `columns`: what changed, None where it is new."""

    contract: Contract
    digest: str
    columns: tuple[str, ...] | None


def _rows_that_differ(
    connection: Connection, portion: Mapping[str, Contract], kept: Collection[str], keys: Keyring
) -> list[_Differing]:
    found = {row.reference: row for row in connection.execute(_BY_REFERENCE, {"keys": list(portion)})}
    out = []
    for reference, came in portion.items():
        row = found.get(reference)
        contract = came
        if row is not None and kept:
            known = _from_row(row)
            contract = replace(came, **{name: getattr(known, name) for name in kept})
        digest = mark(keys.hashing, "contract", to_json([_plain(getattr(contract, name)) for name in COLUMNS]))
        if row is None:
            out.append(_Differing(contract=contract, digest=digest, columns=None))
        elif row.digest != digest:
            known = _from_row(row)
            columns = tuple(name for name in COLUMNS if getattr(known, name) != getattr(contract, name))
            out.append(_Differing(contract=contract, digest=digest, columns=columns))
    return out


def _write(connection: Connection, rows: Sequence[_Differing], stamp: int, keys: Keyring) -> None:
    """Upserts contracts and replaces their contacts: a row is right whatever was there before."""
    if not rows:
        return
    upsert = insert_into(CONTRACTS, connection)
    upsert = upsert.on_conflict_do_update(
        index_elements=["reference"],
        set_={name: upsert.excluded[name] for name in ("status", "digest", "imported_at", "private")},
    )
    contracts = [
        {
            "reference": each.contract.reference,
            "status": each.contract.status,
            "digest": each.digest,
            "imported_at": stamp,
            "private": to_json(_words(each.contract)).encode(),  # of customers, but not of a case: never sealed
        }
        for each in rows
    ]
    connection.execute(upsert, contracts)
    known = [each.contract.reference for each in rows if each.columns is not None]
    if known:
        connection.execute(_FORGET_CONTACTS, {"keys": known})
    contacts = [contact for each in rows for contact in _contacts(each.contract, keys)]
    if contacts:
        connection.execute(insert_into(CONTACTS, connection).on_conflict_do_nothing(), contacts)


def _contacts(contract: Contract, keys: Keyring) -> Iterator[dict[str, Any]]:
    for kind, values in (("address", contract.addresses), ("domain", contract.domains)):
        for value in values:
            yield {"mark": mark(keys.hashing, kind, value.lower()), "reference": contract.reference, "kind": kind}


def _marks_of(address: str, keys: Keyring) -> Iterator[str]:
    yield mark(keys.hashing, "address", address.lower())
    if domain := domain_of(address):
        yield mark(keys.hashing, "domain", domain)


def _words(contract: Contract) -> dict[str, Any]:
    return {name: _plain(getattr(contract, name)) for name in COLUMNS if name not in _OPEN}


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _from_row(row: Any) -> Contract:
    values: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in json.loads(row.private).items()
    }
    return Contract(reference=row.reference, status=row.status, **values)
