"""Documents of an operator: each value keeps its place, each mistake is told where it stands, all at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.document import (
    MAX_BYTES,
    MAX_DEPTH,
    Binder,
    Document,
    Size,
    nearest,
    parse_date,
    parse_duration,
    parse_size,
    read_toml,
    read_yaml,
)
from maild.errors import BadConfiguration

Write = Callable[[str | bytes], Document]


@pytest.fixture
def yaml(tmp_path: Path) -> Write:
    """Writes a YAML file and reads it."""

    def read(text: str | bytes) -> Document:
        (tmp_path / "a.yaml").write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_yaml(tmp_path / "a.yaml", "a.yaml")

    return read


@pytest.fixture
def toml(tmp_path: Path) -> Write:
    """Writes a TOML file and reads it."""

    def read(text: str | bytes) -> Document:
        (tmp_path / "a.toml").write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_toml(tmp_path / "a.toml", "a.toml")

    return read


def told(read: Write, text: str | bytes) -> list[str]:
    """The problems of a file that cannot be taken."""
    with pytest.raises(BadConfiguration) as caught:
        read(text)
    return [str(problem) for problem in caught.value.problems]


# --- YAML -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"),
        ("yes", "yes"),
        ("on", "on"),
        ("12:30", "12:30"),
        ("2026-03-04", "2026-03-04"),
        ("1.5", "1.5"),
        ("17.0", "17.0"),
        ("0x10", "0x10"),
        ("1_000", "1_000"),
        ("'7'", "7"),
        ('"true"', "true"),
        ("True", "True"),
        ("7", 7),
        ("-7", -7),
        ("+7", 7),
        ("true", True),
        ("false", False),
        ("~", None),
        ("null", None),
        ("", None),
        ("''", ""),
        ("[a, 1, no]", ["a", 1, "no"]),
        ("{b: 1}", {"b": 1}),
        ("|\n  one\n  two\n", "one\ntwo\n"),
    ],
)
def test_scalars(yaml: Write, text: str, value: object) -> None:
    """Words are what their author meant: `no` and 12:30 are text; only whole numbers, true, false and null are more."""
    assert yaml(f"a: {text}").tree == {"a": value}


def test_keys_are_text(yaml: Write) -> None:
    """A key is text, whatever it looks like."""
    assert yaml("no: 1\n7: 2\ntrue: 3\n").tree == {"no": 1, "7": 2, "true": 3}


def test_empty(yaml: Write) -> None:
    """An empty file, or one with comments only, holds nothing."""
    assert yaml("").tree is None
    assert yaml("# nothing\n").tree is None


def test_places(yaml: Write) -> None:
    """Each key has its line and column; what has none gets that of the nearest value around it."""
    document = yaml("a: 1\nb:\n  - c: 2\n    d: [x, y]\n")
    assert document.place(("a",)) == "a.yaml:1:1"
    assert document.place(("b", 0, "d")) == "a.yaml:4:5"
    assert document.place(("b", 0, "d", 1)) == "a.yaml:4:12"
    assert document.place(("b", 0, "nothing", "here")) == "a.yaml:3:5"
    assert document.place() == "a.yaml:1:1"
    assert str(document.problem(("b", 0, "d"), "is wrong", "mend it")) == "a.yaml:4:5: is wrong; mend it"


def test_duplicate_keys(yaml: Write) -> None:
    """Every key that stands twice is told, at its second place."""
    assert told(yaml, "a: 1\nb:\n  c: 1\n  c: 2\na: 3\n") == [
        "a.yaml:4:3: 'c' stands here twice; keep one",
        "a.yaml:5:1: 'a' stands here twice; keep one",
    ]


@pytest.mark.parametrize("text", ["a: &x [1]\nb: *x\n", "a: &x\n  b: *x\n", "a: &x 1\nb: {<<: *x}\n"])
def test_aliases(yaml: Write, text: str) -> None:
    """Aliases are not taken, so that nothing grows by repeating itself."""
    assert "aliases are not taken here; write the value out" in told(yaml, text)[0]


def test_depth(yaml: Write) -> None:
    """Nesting is taken up to its limit, and told above it."""
    assert yaml("[" * MAX_DEPTH + "]" * MAX_DEPTH).tree
    assert told(yaml, "[" * 100_000 + "]" * 100_000) == ["a.yaml: nests too deep; close what is opened"]
    assert told(yaml, "[" * 500 + "]" * 500) == [f"a.yaml:1:{MAX_DEPTH + 2}: nests too deep; write the value out"]


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("a: b: c\n", "a.yaml:1:5: "),
        ("a: [1\n", "a.yaml:2:1: "),
        ("--- 1\n--- 2\n", "a.yaml:2:1: "),
        ("\x07", "a.yaml: "),
        ("a: *x\n", "a.yaml:1:4: "),
    ],
)
def test_no_yaml(yaml: Write, text: str, where: str) -> None:
    """What is not YAML is told with its place, as far as it is known."""
    [problem] = told(yaml, text)
    assert problem.startswith(where)
    assert problem.endswith("; mend the YAML")


def test_tags_do_nothing(yaml: Write) -> None:
    """A tag makes no object of its value."""
    assert yaml("a: !!python/object/apply:os.getcwd []\n").tree == {"a": []}


# --- TOML -------------------------------------------------------------------------------------------------------


def test_toml_places(toml: Write) -> None:
    """Each key has its line and column, each table its line; lists of tables are counted."""
    document = toml(
        '[desk]\nname = "x"\n  domain = "y"\n\n[[mailbox]]\naddress = "a"\n[[mailbox]]\naddress = "b"\n[intake.smtp]\nlisten = []\n'
    )
    assert document.place(("desk",)) == "a.toml:1:1"
    assert document.place(("desk", "domain")) == "a.toml:3:3"
    assert document.place(("mailbox", 0)) == "a.toml:5:1"
    assert document.place(("mailbox", 1, "address")) == "a.toml:8:1"
    assert document.place(("intake", "smtp", "listen", 0)) == "a.toml:10:1"
    assert document.place(("nothing",)) == "a.toml:1:1"


def test_toml_dotted_and_inline(toml: Write) -> None:
    """A dotted key has its place; a key in an inline table has the table's."""
    document = toml("desk.name = 'x'\nlog = {level = 'info'}\n")
    assert document.place(("desk", "name")) == "a.toml:1:1"
    assert document.place(("log", "level")) == "a.toml:2:1"


@pytest.mark.parametrize(
    ("text", "where"),
    [("a = \n", "a.toml:1:5: "), ("a = 1\na = 2\n", "a.toml:2:"), ("[x]\n[x]\n", "a.toml:2:"), ("a = '", "a.toml")],
)
def test_no_toml(toml: Write, text: str, where: str) -> None:
    """What is not TOML is told with its place, as far as it is known."""
    [problem] = told(toml, text)
    assert problem.startswith(where)
    assert problem.endswith("; see toml.io for the syntax")


def test_toml_depth(toml: Write) -> None:
    """TOML that nests beyond all measure is told, not an error of the program."""
    assert told(toml, "a = " + "[" * 5000 + "]" * 5000)[0].startswith("a.toml: nests too deep")


# --- files ------------------------------------------------------------------------------------------------------


def test_not_utf_8(yaml: Write, toml: Write) -> None:
    """A file in another character set is told with the first octet that does not fit."""
    assert told(yaml, b"a: \xe9\n") == ["a.yaml: is not UTF-8 (byte 3); save it as UTF-8"]
    assert told(toml, b"a = '\xe9'\n") == ["a.toml: is not UTF-8 (byte 5); save it as UTF-8"]


def test_too_large(yaml: Write) -> None:
    """A file above the limit is not read."""
    assert told(yaml, b"#" * (MAX_BYTES + 1)) == [f"a.yaml: has {MAX_BYTES + 1} bytes; the limit is {MAX_BYTES}"]


@pytest.mark.parametrize(
    ("read", "name", "remedy"),
    [(read_yaml, "a.yaml", "create it, or mend the path"), (read_toml, "a.toml", "name another with -c, or create it")],
)
def test_missing_file(tmp_path: Path, read: Callable[[Path, str], Document], name: str, remedy: str) -> None:
    """A file that is not there is told with a remedy, and so is a folder in its place."""
    with pytest.raises(BadConfiguration) as caught:
        read(tmp_path / name, name)
    assert str(caught.value) == f"{name}: No such file or directory; {remedy}"
    (tmp_path / name).mkdir()
    with pytest.raises(BadConfiguration, match="Is a directory"):
        read(tmp_path / name, name)


# --- words ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "remedy"),
    [
        ("domian", "did you mean 'domain'?"),
        ("nam", "did you mean 'name'?"),
        ("xyzzy", "known here: domain, name, operator"),
        ("", "known here: domain, name, operator"),
    ],
)
def test_nearest(word: str, remedy: str) -> None:
    """A misspelt word is answered with the nearest known one, a strange one with all."""
    assert nearest(word, ["operator", "name", "domain"]) == remedy


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("30s", timedelta(seconds=30)),
        ("90m", timedelta(minutes=90)),
        ("48h", timedelta(hours=48)),
        (" 7 d ", timedelta(days=7)),
        ("104w", timedelta(weeks=104)),
        ("0s", timedelta()),
    ],
)
def test_durations(text: str, value: timedelta) -> None:
    """A length of time is a whole number with its unit."""
    assert parse_duration(text) == value


@pytest.mark.parametrize("text", ["", "7", "d", "-7d", "1.5h", "7D", "7 days", "1h30m", "9" * 30 + "w"])
def test_no_durations(text: str) -> None:
    """What is no length of time is refused."""
    with pytest.raises(ValueError):
        parse_duration(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1000", 1000),
        ("25MB", 25_000_000),
        ("25 mb", 25_000_000),
        ("512KiB", 524_288),
        ("1GiB", 2**30),
        ("2GB", 2 * 10**9),
        ("7B", 7),
        ("1MiB", 2**20),
        ("1kb", 1000),
    ],
)
def test_sizes(text: str, value: int) -> None:
    """A size is a whole number with a decimal or binary unit, or octets without one."""
    assert parse_size(text) == value


@pytest.mark.parametrize("text", ["", "MB", "-1", "1.5MB", "25TB", "25 M B", "25M"])
def test_no_sizes(text: str) -> None:
    """What is no size is refused."""
    with pytest.raises(ValueError):
        parse_size(text)


def test_dates() -> None:
    """A date is written in the one form that sorts."""
    assert parse_date("2026-09-30") == date(2026, 9, 30)


@pytest.mark.parametrize(
    "text", ["", "2026-9-30", "20260930", "2026-W40-3", "30.09.2026", "2026-09-31", "0000-01-01", "٢٠٢٦-٠٩-٣٠"]
)
def test_no_dates(text: str) -> None:
    """What is no date, or no day of the calendar, is refused."""
    with pytest.raises(ValueError, match=r"a date looks like 2026-09-30|there is no such day"):
        parse_date(text)


@given(text=st.text(max_size=12))
def test_any_word(text: str) -> None:
    """Whatever is written, it is a size, a length of time or a date, or is refused with a sentence."""
    for parse in (parse_duration, parse_size, parse_date):
        told = "fits"
        try:
            parse(text)
        except ValueError as error:
            told = str(error)
        assert told


# --- binding ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Inner:
    name: str
    size: int = 1

    def __post_init__(self) -> None:
        if self.size > 100:
            raise ValueError("too much")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outer:
    inner: Inner
    many: tuple[Inner, ...] = ()
    continue_: bool = False
    by_name: Mapping[str, Inner] = field(default_factory=dict)


def bound(kind: Any, tree: object) -> tuple[object, list[str]]:
    """What a tree becomes, and what is told about it."""
    binder = Binder(Document("f", tree, {}))
    value = binder.bind(kind)
    return value, [str(problem).removeprefix("f:1:1: ") for problem in binder.problems]


@pytest.mark.parametrize(
    ("kind", "tree", "value"),
    [
        (str, "x", "x"),
        (str, 7, "7"),
        (int, 7, 7),
        (bool, True, True),
        (float, 0.5, 0.5),
        (timedelta, "7d", timedelta(days=7)),
        (date, "2026-09-30", date(2026, 9, 30)),
        (Size, "25MB", 25_000_000),
        (Size, 1000, 1000),
        (Any, {"a": [1]}, {"a": [1]}),
        (str | None, None, None),
        (str | None, "x", "x"),
        (Literal["a", "b"], "b", "b"),
        (Literal[0, 1], 1, 1),
        (tuple[str, ...], ["x", 1], ("x", "1")),
        (tuple[str, ...], "x", ("x",)),
        (tuple[str, ...], [], ()),
        (Mapping[str, int], {"a": 1}, {"a": 1}),
        (dict[str, tuple[int, ...]], {"a": [1, 2], "b": 3}, {"a": (1, 2), "b": (3,)}),
        (Mapping[str, int], None, {}),
        (Inner, {"name": "x"}, Inner(name="x")),
        (Inner | None, None, None),
        (Outer, {"inner": {"name": "x"}, "continue": True}, Outer(inner=Inner(name="x"), continue_=True)),
        (
            Outer,
            {"inner": {"name": "x", "size": 2}, "many": {"name": "y"}, "by_name": {"z": {"name": "z"}}},
            Outer(inner=Inner(name="x", size=2), many=(Inner(name="y"),), by_name={"z": Inner(name="z")}),
        ),
    ],
)
def test_binds(kind: Any, tree: object, value: object) -> None:
    """A tree that fits its type becomes the value, without any problem."""
    assert bound(kind, tree) == (value, [])


@pytest.mark.parametrize(
    ("kind", "tree", "problem"),
    [
        (str, True, "'True' does not fit; text belongs here"),
        (str, None, "'None' does not fit; text belongs here"),
        (str, ["x"], "a list does not fit; text belongs here"),
        (int, "7", "'7' does not fit; a whole number belongs here"),
        (int, True, "'True' does not fit; a whole number belongs here"),
        (bool, 1, "'1' does not fit; true or false belongs here"),
        (bool, "no", "'no' does not fit; true or false belongs here"),
        (float, "x", "'x' does not fit; a number belongs here"),
        (timedelta, "7", "'7' does not fit; a length of time looks like 30s, 15m, 48h, 7d or 2w"),
        (date, "2026-02-30", "'2026-02-30' does not fit; there is no such day"),
        (date, 2026, "'2026' does not fit; a date like 2026-09-30 belongs here"),
        (timedelta, 7, "'7' does not fit; a length of time like 7d belongs here"),
        (Size, "big", "'big' does not fit; a size looks like 25MB, 512KB or 1GB"),
        (Size, -1, "'-1' does not fit; a size looks like 25MB, 512KB or 1GB"),
        (Size, True, "'True' does not fit; a size like 25MB belongs here"),
        (Size, {}, "a table does not fit; a size like 25MB belongs here"),
        (Literal["accept", "reject"], "acept", "'acept' is not known here; did you mean 'accept'?"),
        (Literal[0, 1], True, "'True' is not known here; known here: 0, 1"),
        (Literal["a"], ["a"], "'['a']' is not known here; known here: a"),
        (tuple[int, ...], [1, "x"], "'x' does not fit; a whole number belongs here"),
        (Mapping[str, int], [1], "a list stands where names and values belong; write `name: value`"),
        (Mapping[str, int], {"a": "x"}, "'x' does not fit; a whole number belongs here"),
        (Inner, "x", "'x' stands where names and values belong; write `name: value`"),
        (Inner, {}, "'name' is missing; add `name`"),
        (Inner, None, "'name' is missing; add `name`"),
        (Inner, {"name": "x", "size": 101}, "too much"),
        (Outer, {"inner": {"name": "x"}, "continue": "yes"}, "'yes' does not fit; true or false belongs here"),
    ],
)
def test_does_not_bind(kind: Any, tree: object, problem: str) -> None:
    """A tree that does not fit is told with what belongs there, and gives no value."""
    assert bound(kind, tree) == (None, [problem])


def test_unknown_name() -> None:
    """A name that is not known is told with the nearest one that is."""
    _, problems = bound(Inner, {"name": "x", "sise": 1})
    assert problems == ["'sise' is not known here; did you mean 'size'?"]


def test_all_at_once(yaml: Write) -> None:
    """Every problem is told, each at its own place."""
    binder = Binder(yaml("inner:\n  nam: x\nmany:\n  - name: y\n    size: big\n  - {}\nby_name:\n  z: {name: z, size: 200}\n"))
    assert binder.bind(Outer) is None
    assert [str(problem) for problem in binder.problems] == [
        "a.yaml:2:3: 'nam' is not known here; did you mean 'name'?",
        "a.yaml:1:1: 'name' is missing; add `name`",
        "a.yaml:5:5: 'big' does not fit; a whole number belongs here",
        "a.yaml:8:3: too much",
    ]


def test_part_of_a_tree(yaml: Write) -> None:
    """A part may be bound alone, and what is wrong in it is told at its place in the whole."""
    document = yaml("a:\n  b: {name: [x]}\n")
    binder = Binder(document)
    assert binder.bind(Inner, ("a", "b"), document.tree["a"]["b"]) is None
    assert [str(problem) for problem in binder.problems] == ["a.yaml:2:7: a list does not fit; text belongs here"]
