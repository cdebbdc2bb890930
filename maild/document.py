"""A document that an operator wrote (TOML or YAML) and its binding to frozen dataclasses.

Every value keeps its place, so every mistake is told as `file:line:column: what; remedy`. Meaning is not checked here.
"""

from __future__ import annotations

import dataclasses
import difflib
import re
import tomllib
import types
import typing
from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from itertools import accumulate
from pathlib import Path
from typing import Any, TypeVar

from maild.errors import BadConfiguration, Problem

T = TypeVar("T")
Steps = tuple[str | int, ...]
Places = Mapping[Steps, tuple[int, int]]

MAX_BYTES = 5_000_000
UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
SIZES = {"": 1, "B": 1, "KB": 1000, "MB": 1000**2, "GB": 1000**3, "KIB": 1024, "MIB": 1024**2, "GIB": 1024**3}


class Size(int):
    """A number of bytes, written like `25MB`."""


@dataclasses.dataclass(frozen=True, slots=True)
class Document:
    """A tree of plain values and, by the steps that lead there, the place of each."""

    file: str
    tree: Any
    places: Places

    def place(self, steps: Steps = ()) -> str:
        """`file:line:column` of the value, or of the nearest one around it."""
        while steps and steps not in self.places:
            steps = steps[:-1]
        line, column = self.places.get(steps, (1, 1))
        return f"{self.file}:{line}:{column}"

    def problem(self, steps: Steps, what: str, remedy: str = "") -> Problem:
        """A problem at the place of this value."""
        return Problem(self.place(steps), what, remedy)


def nearest(word: str, known: Iterable[str]) -> str:
    """A remedy for a misspelt word: the nearest known one, else all of them."""
    names = sorted(known)
    close = difflib.get_close_matches(word, names, n=1, cutoff=0.5)
    return f"did you mean '{close[0]}'?" if close else f"known here: {', '.join(names)}"


def read_text(path: Path, shown: str) -> str:
    """The text of a file that an operator wrote.

    Raises:
        BadConfiguration: it is missing, unreadable, too large or not UTF-8.
    """
    try:
        raw = path.read_bytes()
        if len(raw) > MAX_BYTES:
            raise BadConfiguration([Problem(shown, f"has {len(raw)} bytes", f"the limit is {MAX_BYTES}")])
        return raw.decode("utf-8")
    except OSError as error:
        remedy = "name another with -c, or create it" if path.suffix == ".toml" else "create it, or mend the path"
        raise BadConfiguration([Problem(shown, error.strerror or str(error), remedy)]) from error
    except UnicodeDecodeError as error:
        raise BadConfiguration([Problem(shown, f"is not UTF-8 (byte {error.start})", "save it as UTF-8")]) from error


# --- TOML -----------------------------------------------------------------------------------------------------

_TABLE = re.compile(r"\s*(\[\[?)\s*([\w.\- ]+?)\s*\]\]?")
_KEY = re.compile(r"(\s*)([\w.\-]+)\s*=")


def read_toml(path: Path, shown: str | None = None) -> Document:
    """A TOML file with the line of each key.

    Raises:
        BadConfiguration: it cannot be read, or is not TOML.
    """
    shown = shown or str(path)
    text = read_text(path, shown)
    try:
        tree = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        at = re.search(r"\(at line (\d+), column (\d+)\)", str(error))
        where = f"{shown}:{at[1]}:{at[2]}" if at else shown
        raise BadConfiguration([Problem(where, str(error).split(" (at")[0], "see toml.io for the syntax")]) from error
    except RecursionError as error:
        raise BadConfiguration([Problem(shown, "nests too deep", "see docs/configuration.md for what belongs here")]) from error
    return Document(shown, tree, _toml_places(text))


def _toml_places(text: str) -> Places:
    """Tomllib keeps no places, so they are found again by line; keys inside inline tables get the table's."""
    places: dict[Steps, tuple[int, int]] = {}
    section: Steps = ()
    counts: dict[Steps, int] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if table := _TABLE.match(line):
            section = tuple(part.strip() for part in table[2].split("."))
            if table[1] == "[[":
                counts[section] = counts.get(section, -1) + 1
                section = (*section, counts[section])
            places.setdefault(section, (number, 1))
        elif key := _KEY.match(line):
            places.setdefault((*section, *key[2].split(".")), (number, len(key[1]) + 1))
    return places


# --- YAML -----------------------------------------------------------------------------------------------------

_SCALARS: tuple[tuple[re.Pattern[str], Callable[[str], Any]], ...] = (
    # YAML 1.2 core, not 1.1: `no` and `12:30` are words, as their author meant them.
    (re.compile(r"(?:|~|null)\Z"), lambda _: None),
    (re.compile(r"(?:true|false)\Z"), lambda word: word == "true"),
    (re.compile(r"[-+]?[0-9]{1,100}\Z"), int),
)
MAX_DEPTH = 20
MAX_OPEN = 1_000
_BRACKET = re.compile(r"[\[\]{}]")
_BRACKETS = {"[": 1, "{": 1, "]": -1, "}": -1}


def read_yaml(path: Path, shown: str | None = None) -> Document:
    """A YAML file with the line and column of each value.

    Raises:
        BadConfiguration: it cannot be read, is not YAML, repeats a key, uses aliases, or nests too deep.
    """
    import yaml  # slow to import; the pipe, which reads no rules, must start at once

    shown = shown or str(path)
    text = read_text(path, shown)
    if max(accumulate((_BRACKETS[each] for each in _BRACKET.findall(text)), initial=0)) > MAX_OPEN:
        # The parser in C recurses, and its stack is not ours to guard.
        raise BadConfiguration([Problem(shown, "nests too deep", "close what is opened")])
    try:
        root = yaml.compose(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"{shown}:{mark.line + 1}:{mark.column + 1}" if mark else shown
        raise BadConfiguration([Problem(where, error.problem or str(error), "mend the YAML")]) from error
    except yaml.YAMLError as error:
        raise BadConfiguration([Problem(shown, str(error), "mend the YAML")]) from error
    reader = _Nodes(shown)
    tree = reader.value(root, ()) if root is not None else None
    if reader.problems:
        raise BadConfiguration(reader.problems)
    return Document(shown, tree, reader.places)


class _Nodes:
    """Turns composed nodes into plain values, remembering places."""

    def __init__(self, shown: str) -> None:
        self.shown = shown
        self.places: dict[Steps, tuple[int, int]] = {}
        self.problems: list[Problem] = []
        self._seen: set[int] = set()

    def value(self, node: Any, steps: Steps) -> Any:
        line, column = node.start_mark.line + 1, node.start_mark.column + 1
        self.places[steps] = (line, column)
        if id(node) in self._seen or len(steps) > MAX_DEPTH:
            what = "nests too deep" if len(steps) > MAX_DEPTH else "aliases are not taken here"
            self.problems.append(Problem(f"{self.shown}:{line}:{column}", what, "write the value out"))
            return None
        self._seen.add(id(node))
        kind = node.id
        if kind == "mapping":
            return self._mapping(node, steps)
        if kind == "sequence":
            return [self.value(child, (*steps, index)) for index, child in enumerate(node.value)]
        if node.style not in ("'", '"', "|", ">"):
            for pattern, build in _SCALARS:
                if pattern.match(node.value):
                    return build(node.value)
        return node.value

    def _mapping(self, node: Any, steps: Steps) -> dict[str, Any]:
        out: dict[str, Any] = {}
        for key, child in node.value:
            name = str(key.value)
            at = (key.start_mark.line + 1, key.start_mark.column + 1)
            if name in out:
                self.problems.append(Problem(f"{self.shown}:{at[0]}:{at[1]}", f"'{name}' stands here twice", "keep one"))
            out[name] = self.value(child, (*steps, name))
            self.places[(*steps, name)] = at
        return out


# --- binding --------------------------------------------------------------------------------------------------


def parse_duration(text: str) -> timedelta:
    """`7d`, `48h`, `90m`, `30s`. Raises ValueError."""
    match = re.fullmatch(r"\s*(\d+)\s*([smhdw])\s*", text)
    if not match:
        raise ValueError("a length of time looks like 30s, 15m, 48h, 7d or 2w")
    try:
        return timedelta(seconds=int(match[1]) * UNITS[match[2]])
    except OverflowError:
        raise ValueError("nobody lives that long") from None


def parse_date(text: str) -> date:
    """`2026-09-30`, and no other form of ISO 8601. Raises ValueError."""
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
            return date.fromisoformat(text)
    except ValueError as error:
        raise ValueError("there is no such day") from error
    raise ValueError("a date looks like 2026-09-30")


def parse_size(text: str) -> Size:
    """`25MB`, `512KiB`, `1000`. Raises ValueError."""
    match = re.fullmatch(r"\s*(\d+)\s*([A-Za-z]*)\s*", text)
    if not match or match[2].upper() not in SIZES:
        raise ValueError("a size looks like 25MB, 512KB or 1GB")
    return Size(int(match[1]) * SIZES[match[2].upper()])


class _Mismatch(Exception):
    """A value does not fit its type; told once, where it stands."""


_NAMES = {
    str: "text",
    int: "a whole number",
    bool: "true or false",
    float: "a number",
    date: "a date like 2026-09-30",
    timedelta: "a length of time like 7d",
    Size: "a size like 25MB",
}


class Binder:
    """Binds a document's tree to types and collects every problem instead of stopping at the first."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.problems: list[Problem] = []

    def bind(self, kind: type[T], steps: Steps = (), tree: Any = ...) -> T | None:
        """The value as `kind`, or None with the problems noted."""
        try:
            return typing.cast(T, self._value(kind, self.document.tree if tree is ... else tree, steps))
        except _Mismatch:
            return None

    def fail(self, steps: Steps, what: str, remedy: str = "") -> _Mismatch:
        """Notes a problem; the result may be raised to give the value up."""
        self.problems.append(self.document.problem(steps, what, remedy))
        return _Mismatch()

    def _value(self, kind: Any, tree: Any, steps: Steps) -> Any:
        origin, arguments = typing.get_origin(kind), typing.get_args(kind)
        if kind is Any:
            return tree
        if origin in (typing.Union, types.UnionType):
            if tree is None and types.NoneType in arguments:
                return None
            return self._value(next(a for a in arguments if a is not types.NoneType), tree, steps)
        if origin is typing.Literal:
            return self._choice(arguments, tree, steps)
        if origin is tuple:
            items = tree if isinstance(tree, list) else [tree]  # one item may stand without its list
            return tuple(self._value(arguments[0], item, (*steps, n)) for n, item in enumerate(items))
        if origin in (dict, Mapping) or (origin and issubclass(origin, Mapping)):
            table = self._table(tree, steps)
            return {
                self._key(arguments[0], key, steps): self._value(arguments[1], item, (*steps, key)) for key, item in table.items()
            }
        if dataclasses.is_dataclass(kind):
            return self._record(typing.cast(type, kind), tree, steps)
        return self._scalar(kind, tree, steps)

    def _key(self, kind: Any, key: Any, steps: Steps) -> str:
        if typing.get_origin(kind) is typing.Literal:
            self._choice(typing.get_args(kind), key, (*steps, key))
        return str(key)

    def _choice(self, choices: tuple[Any, ...], tree: Any, steps: Steps) -> Any:
        if not any(type(tree) is type(each) and tree == each for each in choices):  # True is not 1 here
            raise self.fail(steps, f"'{tree}' is not known here", nearest(str(tree), map(str, choices)))
        return tree

    def _table(self, tree: Any, steps: Steps) -> dict[str, Any]:
        if tree is None:
            return {}
        if not isinstance(tree, dict):
            raise self.fail(steps, f"{_shown(tree)} stands where names and values belong", "write `name: value`")
        return tree

    def _record(self, kind: type, tree: Any, steps: Steps) -> Any:
        table = self._table(tree, steps)
        hints = typing.get_type_hints(kind)
        fields = {field.name.rstrip("_"): field for field in dataclasses.fields(kind) if field.init}
        for name in (each for each in table if each not in fields):
            self.fail((*steps, name), f"'{name}' is not known here", nearest(name, fields))
        values: dict[str, Any] = {}
        complete = True
        for name, field in fields.items():
            try:
                if name in table:
                    values[field.name] = self._value(hints[field.name], table[name], (*steps, name))
                elif field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING:
                    raise self.fail(steps, f"'{name}' is missing", f"add `{name}`")
            except _Mismatch:
                complete = False
        if not complete:
            raise _Mismatch
        try:
            return kind(**values)
        except ValueError as error:
            raise self.fail(steps, str(error)) from error

    def _scalar(self, kind: Any, tree: Any, steps: Steps) -> Any:
        try:
            if kind is date and isinstance(tree, str):
                return parse_date(tree)
            if kind is timedelta and isinstance(tree, str):
                return parse_duration(tree)
            if kind is Size and isinstance(tree, str | int) and not isinstance(tree, bool):
                return parse_size(str(tree))
        except ValueError as error:
            raise self.fail(steps, f"{_shown(tree)} does not fit", str(error)) from error
        if kind is str and isinstance(tree, int) and not isinstance(tree, bool):
            return str(tree)
        if kind in _NAMES and type(tree) is kind:
            return tree
        raise self.fail(steps, f"{_shown(tree)} does not fit", f"{_NAMES.get(kind, kind.__name__)} belongs here")


def _shown(tree: Any) -> str:
    if isinstance(tree, dict | list):
        return "a table" if isinstance(tree, dict) else "a list"
    return f"'{tree}'"
