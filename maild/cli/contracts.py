"""contracts: the registry, refreshed from a file, listed and shown."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, Any

import typer
from typer import Argument, Context, Option

from maild.cli.open import config_of, keys_of, store_of
from maild.cli.shapes import say_json, table
from maild.clock import SystemClock, iso
from maild.config import Config
from maild.document import nearest
from maild.errors import BadFile, BadInput, NoInput, Usage
from maild.rules.contracts import MAX_LINE, ContractsFile
from maild.store.store import Store
from maild.tickets.contracts.contract import COLUMNS, STATUSES, Contract

if TYPE_CHECKING:
    from maild.store.registry import Changes

Watch = Callable[[Iterable[Contract], str, int], Iterable[Contract]]
LISTED = ("reference", "customer", "status", "hosting", "edition", "versions", "databases", "account_manager")
MOST_LINES = 20  # of what changed, for people; --json has all of it
Json = Annotated[bool, Option("--json", help="JSON, one object a line")]


def add_to(app: typer.Typer) -> None:
    """Adds this family's commands."""
    group = typer.Typer(help="The registry of contracts.", no_args_is_help=True)
    group.command("import")(contracts_import)
    group.command("list")(contracts_list)
    group.command("show")(contracts_show)
    app.add_typer(group, name="contracts")


# --- import ---------------------------------------------------------------------------------------------------


def contracts_import(
    context: Context,
    file: Annotated[str, Argument(help="a CSV file with a header line; - for standard input")],
    dry_run: Annotated[bool, Option("--dry-run", help="check the file and tell what would change; change nothing")] = False,
    as_json: Annotated[bool, Option("--json", help="one JSON object")] = False,
) -> None:
    """Refresh the registry from a file. It is checked as a whole first; contracts that it does not name stay as they are."""
    from maild.store.registry import Registry

    config = config_of(context)
    with _opened(file) as source, _progress() as watch:
        checked = ContractsFile(_lines(source), file)
        rows = sum(1 for _ in watch(checked, "checking", 0))
        if checked.problems:
            raise BadFile(checked.problems)
        for warning in checked.warnings:
            print(f"maild: {warning}", file=sys.stderr)
        source.seek(0)
        again = ContractsFile(_lines(source), file)
        contracts = watch(again, "comparing" if dry_run else "importing", rows)
        registry = Registry(_store(config, dry_run))
        try:
            if dry_run:
                changes = registry.compare(contracts, checked.missing)
            else:
                changes = registry.refresh(contracts, SystemClock().now(), checked.missing)
        except KeyboardInterrupt:
            print("maild: interrupted; what was written stays, and the same import goes on from there", file=sys.stderr)
            raise
    if again.problems:  # somebody wrote into it meanwhile
        raise BadFile(again.problems)
    _tell(changes, rows, file, dry_run, [str(each) for each in checked.warnings] if as_json else None)


@contextmanager
def _opened(file: str) -> Iterator[IO[bytes]]:
    """The file, or a copy of standard input: it is read twice."""
    if file == "-":
        with tempfile.TemporaryFile() as copy:
            shutil.copyfileobj(sys.stdin.buffer, copy)
            copy.seek(0)
            yield copy
        return
    try:
        opened = Path(file).open("rb")  # noqa: SIM115 - closed below; errors of what is done with it are not errors of opening it
    except OSError as error:
        raise NoInput(f"{file}: {error.strerror or error}; is the name right?") from error
    with opened:
        yield opened


def _lines(source: IO[bytes]) -> Iterator[bytes]:
    while line := source.readline(MAX_LINE):
        yield line


@contextmanager
def _progress() -> Iterator[Watch]:
    """Shows how far a stream was read, on a terminal; elsewhere it goes through as it is."""
    if not sys.stderr.isatty():
        yield _unwatched
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        yield lambda stream, what, total: progress.track(stream, total=total or None, description=what)


def _unwatched(stream: Iterable[Contract], what: str, total: int) -> Iterable[Contract]:
    return stream


def _store(config: Config, dry_run: bool) -> Store:
    """The store; a desk that has none yet gets it, as from `maild run`, for the registry is filled before the desk opens."""
    from maild.keys.ring import open_keyring

    store = Store(config, keys_of(config) if dry_run else open_keyring(config.state / "keys"))
    if store.exists:
        store.require_current()
    elif not dry_run:
        store.migrate()
    return store


def _tell(changes: Changes, rows: int, file: str, dry_run: bool, warnings: Sequence[str] | None) -> None:
    """What changed, as JSON where there are `warnings` to go with it."""
    if warnings is not None:
        changed = [{"reference": reference, "columns": list(columns)} for reference, columns in changes.changed.items()]
        counts = {"new": list(changes.new), "changed": changed, "unchanged": changes.unchanged, "absent": list(changes.absent)}
        say_json({"file": file, "dry_run": dry_run, "rows": rows, **counts, "warnings": list(warnings)})
        return
    would = "it would be: " if dry_run else ""
    print(
        f"{file}: {rows} contracts, {would}{len(changes.new)} new, {len(changes.changed)} changed, {changes.unchanged} unchanged"
    )
    _tell_some("new", changes.new)
    _tell_some("changed", [f"{reference}: {', '.join(columns)}" for reference, columns in changes.changed.items()])
    _tell_some("not in the file, left as it is", changes.absent)


def _tell_some(what: str, lines: Sequence[str]) -> None:
    for line in lines[:MOST_LINES]:
        print(f"  {what}: {line}")
    if len(lines) > MOST_LINES:
        print(f"  {what}: {len(lines) - MOST_LINES} more, all of them with --json")


# --- looking --------------------------------------------------------------------------------------------------


def contracts_list(
    context: Context, status: Annotated[str | None, Option(help="only this status")] = None, as_json: Json = False
) -> None:
    """List the contracts, by reference."""
    from maild.store.registry import Registry

    wanted = next((each for each in STATUSES if each == status), None)
    if status is not None and wanted is None:
        raise Usage(f"'{status}' is no status of a contract; {nearest(status, STATUSES)}")
    found = Registry(store_of(config_of(context))).all(wanted)
    if as_json:
        for each in found:
            say_json(contract_shape(each))
    elif shapes := [contract_shape(each) for each in found]:
        print(table(shapes, LISTED))


def contracts_show(
    context: Context, reference: Annotated[str, Argument(help="the contract's reference")], as_json: Json = False
) -> None:
    """Show a contract with everything that the registry has of it."""
    from maild.store.registry import Registry

    registry = Registry(store_of(config_of(context)))
    found = registry.find(reference)
    changed_at = registry.imported_at(reference)
    if found is None or changed_at is None:
        raise BadInput(f"there is no contract '{reference}'; `maild contracts list` shows them")
    shape = contract_shape(found) | {"changed_at": iso(changed_at)}
    if as_json:
        say_json(shape)
        return
    for name, value in shape.items():
        print(f"{name:19} {', '.join(value) if isinstance(value, list) else '' if value is None else value}".rstrip())


def contract_shape(contract: Contract) -> dict[str, Any]:
    """A contract, by the columns of the file; lists as lists."""
    values = ((name, getattr(contract, name)) for name in COLUMNS)
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values}
