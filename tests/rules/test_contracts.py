"""The operator's file of contracts: what is read, and what is said of each mistake, where it stands."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.rules.contracts import MAX_LINE, MAX_PROBLEMS, ContractsFile
from maild.tickets.contracts.contract import COLUMNS, Contract

HEADER = (
    "reference,customer,addresses,domains,databases,versions,hosting,edition,status,account_manager,language,success_pack_hours"
)
ROW = "M1,Berg Bakery,ann@berg.example,berg.example,berg,17.0,online,enterprise,active,kim@example.com,en,10"
BERG = Contract(
    reference="M1",
    customer="Berg Bakery",
    addresses=("ann@berg.example",),
    domains=("berg.example",),
    databases=("berg",),
    versions=("17.0",),
    hosting="online",
    edition="enterprise",
    status="active",
    account_manager="kim@example.com",
    language="en",
    success_pack_hours=10.0,
)


def read(text: str | bytes) -> tuple[list[Contract], ContractsFile]:
    """The contracts of a file, and the file with its problems."""
    raw = text if isinstance(text, bytes) else text.encode()
    file = ContractsFile(raw.splitlines(keepends=True), "a.csv")
    return list(file), file


def told(text: str | bytes) -> list[str]:
    """The problems of a file."""
    return [str(each) for each in read(text)[1].problems]


def test_the_shipped_example(root: Path) -> None:
    """It has every column, in the order of the documents, and no mistake."""
    raw = (root / "docs/contracts-example.csv").read_bytes()
    contracts, file = read(raw)
    assert (file.problems, file.warnings, file.missing) == ([], [], ())
    assert tuple(raw.decode().splitlines()[0].split(",")) == COLUMNS == tuple(HEADER.split(","))
    assert {each.status for each in contracts} == {"active", "overdue", "terminated"}
    assert {each.hosting for each in contracts} == {"online", "platform", "on-premise"}
    assert contracts[1].customer == "Dahl, Sons & Co"


@pytest.mark.parametrize(
    "text",
    [
        f"{HEADER}\n{ROW}\n",
        f"{HEADER}\n{ROW}",
        f"{HEADER}\r\n{ROW}\r\n",
        f"\ufeff{HEADER}\n{ROW}\n",
        f"{HEADER}\n\n{ROW}\n\n,,,,,,,,,,,\n  \n",
        f"{HEADER}\n{ROW},,\n",
        f"{HEADER.upper()}\n{ROW}\n",
        HEADER.replace(",", " , ") + "\n" + ROW.replace(",", " , ") + "\n",
        f"{HEADER}\n" + ROW.replace("Berg Bakery", '"Berg\nBakery"') + "\n",
        f"{HEADER}\n" + ROW.replace("Berg Bakery", "Berg\u00a0 Bakery") + "\n",
        f"{HEADER}\n" + ROW.replace("berg.example,berg.example", "Berg.Example;;ann@BERG.example; ,@berg.example") + "\n",
        f"{HEADER}\n" + ROW.replace("17.0", "17.0;17.0").replace("online,enterprise,active", "Online,ENTERPRISE,Active") + "\n",
        f"{HEADER}\n" + ROW.replace(",en,10", ",en_GB,10.00") + "\n",
    ],
    ids=[
        "plain", "no last end", "CRLF", "byte order mark", "empty rows", "empty values too many", "names in capitals", "blanks", "line break",
        "no-break space", "letter case and empty items", "letter case of values", "language with country",
    ],
)  # fmt: skip
def test_ways_to_write_the_same(text: str) -> None:
    """What programs and people do to a table does not change what it says."""
    contracts, file = read(text)
    assert file.problems == []
    assert contracts == [BERG]


def test_columns_in_any_order_and_not_all() -> None:
    """Five are needed; what there is no column for is told, as is what is not known."""
    contracts, file = read("status,edition,hosting,Phone,customer,reference,adresses\nactive,community,online,1,Dahl,M2,x\n")
    assert contracts == [Contract(reference="M2", customer="Dahl", hosting="online", edition="community", status="active")]
    assert file.problems == []
    assert file.missing == ("addresses", "domains", "databases", "versions", "account_manager", "language", "success_pack_hours")
    said = [str(each) for each in file.warnings]
    assert said[0].startswith("a.csv:1:24: the column 'phone' is not known and not read; ")
    assert said[1] == "a.csv:1:49: the column 'adresses' is not known and not read; did you mean 'addresses'?"
    assert said[2] == "a.csv:1:1: there is no column 'addresses'; contracts that are known keep theirs, new ones have none"
    assert len(said) == 2 + len(file.missing)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "1:1: the header line is missing; the first line is reference,customer,"),
        (f"{ROW}\n", "1:1: the header line is missing; "),
        (HEADER.replace(",", ";") + "\n", "1:1: the columns are not separated by commas; "),
        (HEADER.replace(",", "\t") + "\n", "1:1: the columns are not separated by commas; "),
        (f"{HEADER},status\n", "1:124: the column 'status' stands here twice; keep one"),
        (HEADER.replace("hosting,", "") + "\n", "1:1: the column 'hosting' is missing; add it"),
        (f"{HEADER}\n".encode("utf-16"), "1:1: is UTF-16; save it as CSV with UTF-8"),
        (f"{HEADER}\n{ROW}\n{ROW.replace('Berg', 'Dåhl')}\n".encode("latin-1"), "3:5: is not UTF-8 (byte 0xE5); save it as CSV with UTF-8"),
        (f"{HEADER}\n{ROW}\nM2,\"Dahl,online\n\n", "3:1: the row that begins here cannot be read: unexpected end of data; a value with"),
        (f'{HEADER}\nM2,"Dahl" Ltd,x\n', "2:1: the row that begins here cannot be read: "),
        (f"{HEADER}\n" + "x" * MAX_LINE, f"2:1: a line is longer than {MAX_LINE} bytes; is this a CSV file?"),
    ],
    ids=[
        "empty", "no header", "semicolons", "tabs", "twice", "missing", "UTF-16", "Latin-1", "open quote", "text behind a quote", "long line",
    ],
)  # fmt: skip
def test_files_that_cannot_be_read(text: str | bytes, problem: str) -> None:
    """One sentence says what it is instead, and how to save it."""
    found = told(text)
    assert len(found) == 1
    assert found[0].startswith(f"a.csv:{problem}")


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("M1,", ",", "3:1: reference: the value is missing; every row needs one"),
        ("M1,", "M0,", "3:1: reference: 'M0' stands on line 2, too; keep one row for a contract"),
        ("M1,", "M" * 101 + ",", "3:1: reference: has 101 characters; the limit is 100"),
        ("Berg Bakery", "", "3:4: customer: the value is missing; every row needs one"),
        ("Berg Bakery", "Berg\u200bBakery", "3:4: customer: there is a character that cannot be seen; write it again"),
        (
            "ann@berg.example", "ann@berg.example;ann",
            "3:16: addresses: 'ann' is no address; write ann@example.com, and semicolons between several",
        ),
        ("ann@berg.example", "Ann <ann@berg.example>", "3:16: addresses: 'Ann <ann@berg.example>' is no address; "),
        ("ann@berg.example", "ann@berg.example bob@berg.example", "3:16: addresses: 'ann@berg.example bob@berg.example' is no address; "),
        ("ann@berg.example", "ann@-berg", "3:16: addresses: 'ann@-berg' is no address; "),
        (",berg.example", ",*.berg.example", "3:33: domains: '*.berg.example' is no domain; write example.com, and each subdomain by itself"),
        (",berg.example", ",berg", "3:33: domains: 'berg' is no domain; "),
        (",17.0", ",17.0;latest", "3:51: versions: 'latest' is no version; write numbers with dots, like "),
        (",17.0", ",saas~17", "3:51: versions: 'saas~17' could be several versions; write the number behind the dot, too"),
        ("online", "onlin", "3:56: hosting: 'onlin' is not known here; did you mean 'online'?"),
        ("online", "", "3:56: hosting: the value is missing; known here: online, platform, on-premise"),
        ("enterprise", "pro", "3:63: edition: 'pro' is not known here; known here: community, enterprise"),
        ("active", "actve", "3:74: status: 'actve' is not known here; did you mean 'active'?"),
        ("kim@example.com", "Kim", "3:81: account_manager: 'Kim' is no address; "),
        (",en,", ",english!,", "3:97: language: 'english!' is no language; write its code, like en or fr"),
        (",10", ",ten", "3:100: success_pack_hours: 'ten' is no number of hours; write 10 or 7.5"),
        (",10", ",-1", "3:100: success_pack_hours: '-1' is no number of hours; "),
        (",10", ",nan", "3:100: success_pack_hours: 'nan' is no number of hours; "),
        (",10", "", "3:1: the row has 11 values, and there are 12 columns; between the commas a value may be empty, but its place stays"),
        ("Berg Bakery", "Berg, Bakery", "3:1: the row has 13 values, and there are 12 columns; a value with a comma"),
        ("Berg Bakery,ann@", '"Berg, ""the"" Bakery",ann', "3:27: addresses: 'annberg.example' is no address; "),
        ("Berg Bakery,ann@", 'Berg "the Bakery,ann', "3:21: addresses: 'annberg.example' is no address; "),
        ("Berg Bakery,ann@", '"Berg\nBakery",ann', "4:9: addresses: 'annberg.example' is no address; "),
    ],
)  # fmt: skip
def test_values_that_are_written_wrongly(old: str, new: str, problem: str) -> None:
    """Nothing is taken of a wrong row; those around it are right."""
    first, last = ROW.replace("M1", "M0"), ROW.replace("M1", "M2")
    assert ROW.count(old) >= 1
    contracts, file = read(f"{HEADER}\n{first}\n{ROW.replace(old, new, 1)}\n{last}\n")
    assert [each.reference for each in contracts] == ["M0", "M2"]
    assert len(file.problems) == 1
    assert str(file.problems[0]).startswith(f"a.csv:{problem}")


def test_every_mistake_is_told() -> None:
    """Several in a row, and rows behind a wrong one."""
    wrong = ROW.replace("online", "here").replace("active", "paid")
    found = told(f"{HEADER}\n{wrong}\n{wrong}\n")
    assert [each.split(": ")[0] for each in found] == ["a.csv:2:56", "a.csv:2:72", "a.csv:3:56", "a.csv:3:72", "a.csv:3:1"]


def test_there_is_an_end_to_mistakes() -> None:
    """Behind a thousand it says that there are more."""
    rows = "\n".join(f"M{number},,,,,,online,enterprise,active,,," for number in range(MAX_PROBLEMS + 50))
    found = told(f"{HEADER}\n{rows}\n")
    assert len(found) == MAX_PROBLEMS + 1
    assert found[-1] == f"a.csv:{MAX_PROBLEMS + 1}:1: there are more mistakes behind this one; mend these first"


@given(st.binary(max_size=200))
def test_any_octets(raw: bytes) -> None:
    """Whatever stands below the header, it is read or told, and never fails otherwise."""
    contracts, file = read(f"{HEADER}\n".encode() + raw)
    assert contracts == []  # no row of chance is a contract
    assert all(str(each).startswith("a.csv:") for each in file.problems)
