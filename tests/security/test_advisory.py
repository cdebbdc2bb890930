"""An advisory: read from its block, written as text, and whom it concerns."""

from __future__ import annotations

from datetime import date
from itertools import product
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.security.advisory import LABELS, MAX_LINES, REQUIRED, SEVERITIES, BadBlock, read_advisory
from maild.tickets.contracts.contract import Contract, ContractStatus, Edition, Hosting

BLOCK = """\
Title: Records of others can be read
CVE: CVE-2026-12345
Severity: high
Affected: 16.0, 17.0 - 18.0
Impact: Any portal user reads
  the invoices of others.

  And their addresses.
Cause: A missing check
Workaround: Take the right away
Remedy: Update
Credits: Ann
"""
SMALL = {"Title": "x", "Severity": "low", "Affected": "17.0", "Impact": "y", "Remedy": "z"}


def block(**changed: str | None) -> str:
    """The smallest block, with some values changed; None: not there."""
    return "\n".join(f"{name}: {value}" for name, value in {**SMALL, **changed}.items() if value is not None)


# --- reading ----------------------------------------------------------------------------------------------------


def test_whole_block() -> None:
    """Every label; what follows one belongs to it, with its blank lines, up to the next."""
    advisory = read_advisory(BLOCK)
    assert advisory.title == "Records of others can be read"
    assert tuple(advisory.values) == LABELS
    assert advisory.values["Impact"] == "Any portal user reads\nthe invoices of others.\n\nAnd their addresses."
    assert [advisory.affected.covers(each) for each in ("15.0", "16.0", "16.4", "17.0", "saas~17.2", "18.0", "18.4", "19.0")] == [
        False, True, False, True, True, True, False, False,
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [block(), block().upper().replace("SEVERITY: LOW", "SEVERITY: Low"), block().replace(": ", " :  "), block().replace("\n", "\n\n"), f"\n\n{block()}\n\n", block().replace("\n", "\r\n"),
     block(CVE=""), block(Severity="CRITICAL"), "\n".join(reversed(block().split("\n"))), block(Impact="\n\ny")],
    ids=["smallest", "capitals", "blanks", "empty lines", "around", "CRLF", "empty CVE", "severity", "other order", "below the label"],
)  # fmt: skip
def test_other_ways_to_write_it(text: str) -> None:
    """Letter case of labels, blanks, empty lines, and the order do not matter."""
    advisory = read_advisory(text)
    assert set(REQUIRED) <= set(advisory.values)
    assert advisory.affected.covers("17.0")


@pytest.mark.parametrize("name", REQUIRED)
def test_a_label_that_lacks(name: str) -> None:
    """Each that is needed is named, whether it is not there or empty; several at once."""
    for value in (None, "", "   "):
        with pytest.raises(BadBlock, match=f"^the block lacks {name}$"):
            read_advisory(block(**{name: value}))
    with pytest.raises(BadBlock, match=r"the block lacks Title, Severity, Affected, Impact, Remedy"):
        read_advisory("")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (f"Hello\n{block()}", "a line stands before any label; the labels are Title, CVE"),
        (block(Severity="grave"), "Severity is one of low, medium, high, critical"),
        (block(Severity="high\nand more"), "Severity is one of"),
        (block(CVE="12345"), "CVE is a number like CVE-2026-12345"),
        (block(CVE="CVE-2026-12"), "CVE is a number"),
        (block(CVE="CVE-2026-12345 and more"), "CVE is a number"),
        (block(CVE="cve-2026-12345"), "CVE is a number"),
        (block(Affected="all of them"), "Affected cannot be read; write versions or ranges"),
        (block(Affected="18.0 - 16.0"), "Affected cannot be read"),
        (block(Affected="saas~17"), "Affected cannot be read"),
        (block(Affected=",;,"), "Affected cannot be read"),
        (block(Title="one\ntwo"), "Title is one line"),
        (f"{block()}\nImpact: another", "Impact stands there twice"),
        (f"{block()}\ntitle: another", "Title stands there twice"),
        (block() + "\n" * MAX_LINES, f"more than {MAX_LINES} lines"),
    ],
)
def test_broken_blocks(text: str, why: str) -> None:
    """Each mistake in a sentence."""
    with pytest.raises(BadBlock, match=why):
        read_advisory(text)


@given(st.text(max_size=80), st.sampled_from([*LABELS, "Nothing"]))
def test_mistakes_quote_nothing(text: str, label: str) -> None:
    """What is wrong is told by mail: it quotes nothing of the block."""
    secret = "Zanzibar"
    with pytest.raises(BadBlock) as caught:
        read_advisory(f"{text}\n{label}: {secret}\n{block(Severity=None)}")
    assert secret not in str(caught.value)
    assert text not in str(caught.value) or len(text) < 4


# --- writing ----------------------------------------------------------------------------------------------------

TEXT = """\
EXAMPLE-SA-2026-0001: Records of others can be read
===================================================

Public since 2026-03-18

CVE: CVE-2026-12345

Severity: high

Affected: 16.0, 17.0 - 18.0

Impact:
  Any portal user reads
  the invoices of others.

  And their addresses.

Cause: A missing check

Workaround: Take the right away

Remedy: Update

Credits: Ann
"""


def test_text() -> None:
    """The whole document, in the order of the labels, whatever the block's was."""
    lines = BLOCK.rstrip("\n")
    assert read_advisory(lines).text("EXAMPLE-SA-2026-0001", date(2026, 3, 18)) == TEXT
    head, rest = BLOCK.split("Severity", 1)
    assert read_advisory(f"Severity{rest}{head}").text("EXAMPLE-SA-2026-0001", date(2026, 3, 18)) == TEXT


def test_text_before_it_is_public() -> None:
    """It says that it is confidential; labels without a value are left out."""
    text = read_advisory(block(CVE="")).text("Draft", None)
    assert (
        text
        == "Draft: x\n========\n\nConfidential until it is public\n\nSeverity: low\n\nAffected: 17.0\n\nImpact: y\n\nRemedy: z\n"
    )


# --- whom it concerns -------------------------------------------------------------------------------------------

VERSIONS: tuple[tuple[tuple[str, ...], bool], ...] = (
    ((), False), (("15.0",), False), (("16.0",), True), (("17.0",), True), (("saas~17.4",), True), (("19.0",), False), (("15.0", "19.0"), False), (("15.0", "18.0"), True),
)  # fmt: skip
ROWS = list(product(get_args(ContractStatus), get_args(Edition), get_args(Hosting), VERSIONS))


@pytest.mark.parametrize(("status", "edition", "hosting", "versions"), ROWS, ids=str)
def test_whom_it_concerns(
    status: ContractStatus, edition: Edition, hosting: Hosting, versions: tuple[tuple[str, ...], bool]
) -> None:
    """Active, enterprise, self-hosted, and on an affected version: all four, and nobody else."""
    contract = Contract(
        reference="M1",
        customer="x",
        addresses=("a@b.example",),
        versions=versions[0],
        hosting=hosting,
        edition=edition,
        status=status,
    )
    concerned = status == "active" and edition == "enterprise" and hosting != "online" and versions[1]
    advisory = read_advisory(BLOCK)
    assert advisory.concerns(contract) is concerned
    assert advisory.recipients([contract]) == (["a@b.example"] if concerned else [])


def test_recipients() -> None:
    """Every address of all those contracts, each once, in order; domains are nobody's address."""
    like = {"customer": "x", "versions": ("17.0",), "hosting": "platform", "edition": "enterprise", "status": "active"}
    contracts = [
        Contract(reference="M1", addresses=("z@b.example", "a@b.example"), domains=("b.example",), **like),  # type: ignore[arg-type]
        Contract(reference="M2", addresses=("a@b.example", "c@d.example"), **like),  # type: ignore[arg-type]
        Contract(reference="M3", addresses=("e@f.example",), **{**like, "status": "overdue"}),  # type: ignore[arg-type]
        Contract(reference="M4", domains=("g.example",), **like),  # type: ignore[arg-type]
    ]
    assert read_advisory(BLOCK).recipients(contracts) == ["a@b.example", "c@d.example", "z@b.example"]
    assert read_advisory(BLOCK).recipients([]) == []


def test_severities() -> None:
    """All that may be written."""
    for each in SEVERITIES:
        assert read_advisory(block(Severity=each)).values["Severity"] == each
