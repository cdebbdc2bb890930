"""The operator's file of contracts (CSV) read into values. Nothing is taken of a row that has a mistake; each is told with its place."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from maild.document import nearest
from maild.errors import Problem
from maild.problem.version import version_key
from maild.tickets.contracts.contract import COLUMNS, EDITIONS, HOSTINGS, STATUSES, Contract

REQUIRED = ("reference", "customer", "hosting", "edition", "status")
MAX_LINE = 1_000_000  # bytes; csv itself takes no value above 131,072 characters
MAX_PROBLEMS = 1_000
MAX_REFERENCE, MAX_ADDRESS = 100, 254  # of an address: RFC 5321, section 4.5.3.1.3, without the brackets
_BOM = b"\xef\xbb\xbf"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_LABEL = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
_DOMAIN = re.compile(rf"{_LABEL}(?:\.{_LABEL})+")
_ADDRESS = re.compile(rf"[^\s@<>()\[\],;:\\\"]{{1,64}}@{_LABEL}(?:\.{_LABEL})*")
_LANGUAGE = re.compile(r"([a-z]{2,3})(?:[-_][a-z0-9]{2,8})*", re.I | re.A)
_HOURS = re.compile(r"\d{1,6}(?:\.\d{1,4})?", re.A)
QUOTING = "a value with a comma or a quote in it stands in quotes, and its own quotes twice"


class _Stop(Exception):
    """What follows cannot be read."""


class ContractsFile:
    """One pass over the file: iterating gives the contracts of the rows that are right; `problems` grows meanwhile.

    Args:
        lines: the file's lines as bytes, with their ends; none may be cut but by `MAX_LINE`.
        shown: its name in problems.
    """

    def __init__(self, lines: Iterable[bytes], shown: str) -> None:
        self._lines = lines
        self._shown = shown
        self._line = 0  # the last line that was read
        self._record: list[str] = []  # the lines of the present row, for the place of a value in it
        self._seen: dict[str, int] = {}
        self.problems: list[Problem] = []
        self.warnings: list[Problem] = []
        self.missing: tuple[str, ...] = ()  # columns that the file does not have

    def __iter__(self) -> Iterator[Contract]:
        reader = csv.reader(self._decoded(), strict=True, skipinitialspace=True)
        try:
            header = self._header(next(reader, None))
            self._record.clear()
            for row in reader:
                contract = self._contract(row, header) if any(map(str.strip, row)) else None
                if contract is not None:
                    yield contract
                elif len(self.problems) >= MAX_PROBLEMS:
                    self._note(len(self._record), 1, "there are more mistakes behind this one", "mend these first")
                    return
                self._record.clear()
        except _Stop:
            return
        except csv.Error as error:
            self._note(1, 1, f"the row that begins here cannot be read: {error}", QUOTING)

    def _decoded(self) -> Iterator[str]:
        for raw in self._lines:
            self._line += 1
            if self._line == 1:
                if raw.startswith(_UTF_16):
                    self._fail(1, "is UTF-16", "save it as CSV with UTF-8")
                raw = raw.removeprefix(_BOM)  # noqa: PLW2901 - the mark is no part of the first line
            if len(raw) >= MAX_LINE:
                self._fail(1, f"a line is longer than {MAX_LINE} bytes", "is this a CSV file?")
            try:
                line = raw.decode("utf-8")
            except UnicodeDecodeError as error:
                column = len(raw[: error.start].decode("utf-8")) + 1
                self._fail(column, f"is not UTF-8 (byte 0x{raw[error.start]:02X})", "save it as CSV with UTF-8")
            self._record.append(line)
            yield line

    def _fail(self, column: int, what: str, remedy: str) -> None:
        self.problems.append(Problem(f"{self._shown}:{self._line}:{column}", what, remedy))
        raise _Stop

    def _note(self, line: int, column: int, what: str, remedy: str = "") -> None:
        """Notes a problem; the line is counted in the present row."""
        self.problems.append(Problem(self._place(line, column), what, remedy))

    def _place(self, line: int, column: int) -> str:
        return f"{self._shown}:{self._line - len(self._record) + line}:{column}"

    # --- the header line --------------------------------------------------------------------------------------

    def _header(self, row: list[str] | None) -> list[str]:
        """The columns' names."""
        names = [name.strip().lower() for name in row or ()]
        if not any(name in COLUMNS for name in names):
            split = next((mark for mark in (";", "\t", "|") if mark in "".join(names)), None)
            what = "the columns are not separated by commas" if split else "the header line is missing"
            self._note(len(self._record) or 1, 1, what, f"the first line is {','.join(COLUMNS)}")
            raise _Stop
        for number, name in enumerate(names):
            if name in names[:number]:
                self._note(*_at(self._record, number), f"the column '{name}' stands here twice", "keep one")
            elif name not in COLUMNS:
                remedy = nearest(name, COLUMNS) if name else "take it out, or name it"
                where = self._place(*_at(self._record, number))
                self.warnings.append(Problem(where, f"the column '{name}' is not known and not read", remedy))
        for name in REQUIRED:
            if name not in names:
                self._note(1, 1, f"the column '{name}' is missing", "add it")
        if self.problems:
            raise _Stop
        self.missing = tuple(name for name in COLUMNS if name not in names)
        for name in self.missing:
            what = f"there is no column '{name}'"
            self.warnings.append(Problem(self._place(1, 1), what, "contracts that are known keep theirs, new ones have none"))
        return names

    # --- rows -------------------------------------------------------------------------------------------------

    def _contract(self, row: Sequence[str], header: Sequence[str]) -> Contract | None:
        """The row's contract, or None with the problems noted."""
        before = len(self.problems)
        if len(row) < len(header) or any(row[len(header) :]):
            remedy = QUOTING if len(row) > len(header) else "between the commas a value may be empty, but its place stays"
            self._note(1, 1, f"the row has {len(row)} values, and there are {len(header)} columns", remedy)
            return None
        values: dict[str, Any] = {}
        for number, name in enumerate(header):
            read = READERS.get(name)
            if read is None:
                continue
            try:
                values[name] = read(row[number])
            except ValueError as error:
                what, _, remedy = str(error).partition("; ")
                self._note(*_at(self._record, number), f"{name}: {what}", remedy)
        reference = values.get("reference")
        line = self._line - len(self._record) + 1
        first = self._seen.setdefault(reference, line) if reference else line
        if first != line:
            what = f"reference: '{reference}' stands on line {first}, too"
            self._note(*_at(self._record, header.index("reference")), what, "keep one row for a contract")
        return Contract(**values) if len(self.problems) == before else None


def _at(record: Sequence[str], number: int) -> tuple[int, int]:
    """(line in the record, column) of a value: found again only when there is something to tell about it."""
    text = "".join(record)
    at, quoted = 0, False
    for place, character in enumerate(text):
        if number == 0:
            break
        if character == '"' and (quoted or not text[at:place].strip()):  # elsewhere a quote is a character like others
            quoted = not quoted
        elif character == "," and not quoted:
            at, number = place + 1, number - 1
    before = text[:at]
    return before.count("\n") + 1, at - before.rfind("\n")


# --- values -------------------------------------------------------------------------------------------------------


def _line_of(text: str) -> str:
    value = " ".join(text.split())
    if not value.isprintable():
        raise ValueError("there is a character that cannot be seen; write it again")
    return value


def _needed(most: int) -> Callable[[str], str]:
    def read(text: str) -> str:
        value = _line_of(text)
        if not value:
            raise ValueError("the value is missing; every row needs one")
        if len(value) > most:
            raise ValueError(f"has {len(value)} characters; the limit is {most}")
        return value

    return read


def _one_of(known: tuple[str, ...]) -> Callable[[str], str]:
    def read(text: str) -> str:
        value = text.strip().lower()
        if value not in known:
            raise ValueError(f"'{_line_of(text)}' is not known here; {nearest(value, known)}" if value else _missing(known))
        return value

    return read


def _missing(known: tuple[str, ...]) -> str:
    return f"the value is missing; known here: {', '.join(known)}"


def _several(read: Callable[[str], str]) -> Callable[[str], tuple[str, ...]]:
    """A list, separated by semicolons; what stands in it twice is taken once."""

    def read_all(text: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(read(each) for each in text.split(";") if each.strip())) if text else ()

    return read_all


def _address(text: str) -> str:
    value = text.strip().lower()
    if len(value) > MAX_ADDRESS or not _ADDRESS.fullmatch(value):
        raise ValueError(f"'{_line_of(text)[:MAX_ADDRESS]}' is no address; write ann@example.com, and semicolons between several")
    return value


def _domain(text: str) -> str:
    value = text.strip().lower().removeprefix("@")
    if len(value) > MAX_ADDRESS or not _DOMAIN.fullmatch(value):
        raise ValueError(f"'{_line_of(text)[:MAX_ADDRESS]}' is no domain; write example.com, and each subdomain by itself")
    return value


def _version(text: str) -> str:
    value = text.strip()
    version_key(value)
    return value


def _manager(text: str) -> str | None:
    return _address(text) if text.strip() else None


def _language(text: str) -> str | None:
    """`fr_BE` is read as `fr`: templates know no countries."""
    value = text.strip()
    found = _LANGUAGE.fullmatch(value)
    if value and found is None:
        raise ValueError(f"'{_line_of(text)}' is no language; write its code, like en or fr")
    return found[1].lower() if found else None


def _hours(text: str) -> float:
    value = text.strip()
    if value and not _HOURS.fullmatch(value):
        raise ValueError(f"'{_line_of(text)}' is no number of hours; write 10 or 7.5")
    return float(value or 0)


READERS: dict[str, Callable[[str], Any]] = {
    "reference": _needed(MAX_REFERENCE),
    "customer": _needed(500),
    "addresses": _several(_address),
    "domains": _several(_domain),
    "databases": _several(_line_of),
    "versions": _several(_version),
    "hosting": _one_of(HOSTINGS),
    "edition": _one_of(EDITIONS),
    "status": _one_of(STATUSES),
    "account_manager": _manager,
    "language": _language,
    "success_pack_hours": _hours,
}
