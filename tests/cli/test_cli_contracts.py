"""`maild contracts`: importing a file, what is said about it, and looking at what is there."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from typing import Any

HEADER = (
    "reference,customer,addresses,domains,databases,versions,hosting,edition,status,account_manager,language,success_pack_hours"
)
BERG = "M1,Berg Bakery,ann@berg.example;bob@berg.example,berg.example,berg,16.0;17.0,platform,enterprise,active,kim@example.com,en,7.5"
DAHL = 'M2,"Dahl, Sons & Co",,dahl.example,,,online,community,overdue,,,'
SHAPE = {
    "reference": "M1",
    "customer": "Berg Bakery",
    "addresses": ["ann@berg.example", "bob@berg.example"],
    "domains": ["berg.example"],
    "databases": ["berg"],
    "versions": ["16.0", "17.0"],
    "hosting": "platform",
    "edition": "enterprise",
    "status": "active",
    "account_manager": "kim@example.com",
    "language": "en",
    "success_pack_hours": 7.5,
}


def csv(*rows: str, header: str = HEADER) -> bytes:
    """A file of contracts."""
    return "\n".join([header, *rows, ""]).encode()


@pytest.fixture
def stocked(place: Any) -> Any:
    """A desk with two contracts."""
    place.write("a.csv", csv(BERG, DAHL))
    said = place.maild("contracts", "import", "a.csv")
    assert (said.code, said.err) == (0, "")
    return place


def test_importing_into_a_new_desk(place: Any) -> None:
    """The registry may be filled before the desk ever ran; the same file again changes nothing."""
    place.write("a.csv", csv(BERG, DAHL))
    first = place.maild("contracts", "import", "a.csv", fresh=True)
    assert (first.code, first.out, first.err) == (
        0,
        "a.csv: 2 contracts, 2 new, 0 changed, 0 unchanged\n  new: M1\n  new: M2\n",
        "",
    )
    assert place.maild("contracts", "import", "a.csv").out == "a.csv: 2 contracts, 0 new, 0 changed, 2 unchanged\n"


def test_what_changed(stocked: Any) -> None:
    """Changed contracts are told with their columns; those that the file does not name stay."""
    stocked.write("b.csv", csv(BERG.replace("active", "overdue").replace("17.0", "18.0"), DAHL.replace("M2", "M3")))
    said = stocked.maild("contracts", "import", "b.csv")
    assert (said.code, said.err) == (0, "")
    assert said.out.splitlines() == [
        "b.csv: 2 contracts, 1 new, 1 changed, 0 unchanged",
        "  new: M3",
        "  changed: M1: versions, status",
        "  not in the file, left as it is: M2",
    ]
    assert [each["reference"] for each in stocked.maild("contracts", "list", "--json").objects] == ["M1", "M2", "M3"]


def test_what_changed_as_json(stocked: Any) -> None:
    """One object with everything; from standard input, too."""
    raw = csv(BERG.replace("active", "overdue") + ",1", DAHL.replace("M2", "M3") + ",2", header=f"{HEADER},phone")
    said = stocked.maild("contracts", "import", "-", "--json", stdin=raw)
    assert said.code == 0
    assert "maild: -:1:124: the column 'phone' is not known and not read; " in said.err
    (answer,) = said.objects
    assert answer.pop("warnings") == [said.err.strip().removeprefix("maild: ")]
    assert answer == {
        "file": "-", "dry_run": False, "rows": 2, "new": ["M3"], "changed": [{"reference": "M1", "columns": ["status"]}],
        "unchanged": 0, "absent": ["M2"],
    }  # fmt: skip


def test_a_dry_run(stocked: Any) -> None:
    """It tells what would change, and changes nothing."""
    stocked.write("b.csv", csv(BERG.replace("active", "overdue")))
    before = stocked.maild("contracts", "list", "--json").out
    said = stocked.maild("contracts", "import", "b.csv", "--dry-run")
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith("b.csv: 1 contracts, it would be: 0 new, 1 changed, 0 unchanged\n  changed: M1: status\n")
    assert stocked.maild("contracts", "import", "b.csv", "--dry-run", "--json").objects[0]["dry_run"] is True
    assert stocked.maild("contracts", "list", "--json").out == before


def test_a_dry_run_on_a_new_desk(place: Any) -> None:
    """It leaves no state folder behind."""
    place.write("a.csv", csv(BERG))
    assert "1 new" in place.maild("contracts", "import", "a.csv", "--dry-run", fresh=True).out
    assert not place.state.exists()


def test_all_or_nothing(stocked: Any) -> None:
    """A file with a mistake changes nothing, and every mistake is told in a line of its own."""
    stocked.write(
        "b.csv", csv(BERG.replace("active", "overdue"), DAHL.replace("online", "here"), "M3,,,,,old,online,community,active,,,")
    )
    said = stocked.maild("contracts", "import", "b.csv")
    said.failed(65, "maild: b.csv:3:38: hosting: 'here' is not known here; known here: on-premise, online, platform\n")
    assert [line.split(": ")[1] for line in said.err.splitlines()] == ["b.csv:3:38", "b.csv:4:4", "b.csv:4:8"]
    assert said.out == ""
    assert stocked.maild("contracts", "list", "--json").objects[0] == SHAPE


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "b.csv:1:1: the header line is missing"),
        (csv(BERG).replace(b"B", "é".encode("latin-1")), "b.csv:2:4: is not UTF-8 (byte 0xE9); save it as CSV with UTF-8"),
        (csv(BERG).decode().encode("utf-16"), "b.csv:1:1: is UTF-16; save it as CSV with UTF-8"),
        (csv(BERG, BERG), "b.csv:3:1: reference: 'M1' stands on line 2, too; keep one row for a contract"),
    ],
    ids=["empty", "Latin-1", "UTF-16", "twice"],
)
def test_files_that_cannot_be_taken(raw: bytes, words: str, place: Any) -> None:
    """65, and the place."""
    place.write("b.csv", raw)
    place.maild("contracts", "import", "b.csv").failed(65, f"maild: {words}")
    assert not place.state.exists()


def test_a_file_that_is_not_there(place: Any) -> None:
    """66, and its name."""
    place.maild("contracts", "import", "b.csv").failed(66, "maild: b.csv: No such file or directory; is the name right?")
    place.maild("contracts", "import", "rules").failed(66, "maild: rules: Is a directory")


def test_a_mark_of_the_byte_order(place: Any) -> None:
    """What spreadsheets write in front of UTF-8 is no part of the first name."""
    place.write("a.csv", b"\xef\xbb\xbf" + csv(BERG))
    assert place.maild("contracts", "import", "a.csv").err == ""
    assert place.maild("contracts", "list", "--json").objects == [SHAPE]


def test_long_lists_are_cut_for_people(place: Any) -> None:
    """Twenty lines and how many more."""
    place.write("a.csv", csv(*(DAHL.replace("M2", f"C{number:02}") for number in range(50))))
    lines = place.maild("contracts", "import", "a.csv").out.splitlines()
    assert len(lines) == 22
    assert lines[-1] == "  new: 30 more, all of them with --json"


def test_list(stocked: Any) -> None:
    """A table for people, one object a line for programs."""
    head, *rows = stocked.maild("contracts", "list").out.splitlines()
    assert head.split() == ["reference", "customer", "status", "hosting", "edition", "versions", "databases", "account_manager"]
    assert [row.split()[0] for row in rows] == ["M1", "M2"]
    first, second = stocked.maild("contracts", "list", "--json").objects
    assert (first, list(first)) == (SHAPE, HEADER.split(","))
    assert (second["addresses"], second["account_manager"], second["language"], second["success_pack_hours"]) == (
        [],
        None,
        None,
        0,
    )
    assert [each["reference"] for each in stocked.maild("contracts", "list", "--status", "overdue", "--json").objects] == ["M2"]
    assert stocked.maild("contracts", "list", "--status", "terminated").out == ""
    stocked.maild("contracts", "list", "--status", "activ").failed(
        64, "'activ' is no status of a contract; did you mean 'active'?"
    )


def test_show(stocked: Any) -> None:
    """Everything about one, and when it was changed."""
    (shape,) = stocked.maild("contracts", "show", "M1", "--json").objects
    assert shape.pop("changed_at").endswith("Z")
    assert shape == SHAPE
    lines = stocked.maild("contracts", "show", "M2").out.splitlines()
    assert lines[1] == "customer            Dahl, Sons & Co"
    assert lines[2] == "addresses"
    stocked.maild("contracts", "show", "M9").failed(65, "there is no contract 'M9'; `maild contracts list` shows them")


def test_looking_where_there_is_no_desk(place: Any) -> None:
    """66, as with all that is looked at."""
    for words in (["list"], ["show", "M1"]):
        place.maild("contracts", *words).failed(66, "there is no desk yet")


def test_an_older_schema(stocked: Any) -> None:
    """78, and what to run."""
    import sqlite3

    with sqlite3.connect(stocked.state / "maild.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0001'")
    stocked.maild("contracts", "import", "a.csv").failed(78, "the store has schema 0001", "run `maild migrate`")


def test_progress_on_a_terminal(place: Any) -> None:
    """A terminal sees how far it is; what the command says goes to standard output all the same."""
    place.write("a.csv", csv(*(DAHL.replace("M2", f"C{number:04}") for number in range(2000))))
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "maild", "contracts", "import", "a.csv", "--json"]
    environ = {**os.environ, "TERM": "xterm", "COLUMNS": "100"}
    with subprocess.Popen(command, cwd=place.folder, stdout=subprocess.PIPE, stderr=theirs, env=environ) as process:
        os.close(theirs)
        seen = b""
        try:
            while more := os.read(ours, 65536):
                seen += more
        except OSError:  # how Linux says that the other end was closed
            pass
        assert process.stdout is not None
        answer = json.loads(process.stdout.read())
    os.close(ours)
    assert process.returncode == 0
    assert len(answer["new"]) == 2000
    assert b"importing" in seen


def test_the_shipped_example(root: Path, place: Any) -> None:
    """It can be imported as it is."""
    said = place.maild("contracts", "import", str(root / "docs/contracts-example.csv"))
    assert (said.code, said.err) == (0, "")
    assert "6 new" in said.out
