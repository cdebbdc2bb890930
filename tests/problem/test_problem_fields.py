"""Fields in what customers write."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.problem.fields import MAX_VALUE, find_fields
from maild.problem.found import Field
from maild.problem.labels import fold_label
from maild.problem.table import FieldTable


def values(text: str, table: FieldTable, subject: str = "") -> dict[str, object]:
    """What was found, by name."""
    return {name: field.value for name, field in find_fields(text, subject, table).items()}


@pytest.mark.parametrize(
    ("line", "name", "value"),
    [
        ("Version: 17.0", "version", "17.0"),
        ("version : 17.0", "version", "17.0"),
        ("VERSION = 17.0", "version", "17.0"),
        ("Version \u2013 17.0", "version", "17.0"),
        ("- Version: 17.0", "version", "17.0"),
        ("* **Version:** 17.0", "version", "17.0"),
        ("> Version: 17.0", "version", "17.0"),
        ("  \u2022 Odoo version: 17", "version", "17.0"),
        ("Version: saas~18.2", "version", "saas~18.2"),
        ("Version: saas-18.2", "version", "saas~18.2"),
        ("Version: 18.2", "version", "saas~18.2"),
        ("Version: 17.0+e-20240105", "version", "17.0"),
        ("Version: v17", "version", "17.0"),
        ("Database: mycompany", "database", "mycompany"),
        ("Database: https://mycompany.odoo.com/web", "database", "mycompany"),
        ("Database: mycompany.dev.odoo.com", "database", "mycompany"),
        ("URL: https://erp.example.org/web", "database", "erp.example.org"),
        ("Contract reference: M123456789012345", "contract", "M123456789012345"),
        ("Contract reference: sub-2025-0042", "contract", "SUB-2025-0042"),
        ("Hosting: on premise", "hosting", "on-premise"),
        ("Hosting: Odoo.sh", "hosting", "platform"),
        ("Hosting: on our own server", "hosting", "on-premise"),
        ("Blocking: yes", "blocking", True),
        ("Blocking: No, we can go on", "blocking", False),
        ("Customisations: none", "customised", False),
        ("Customisations: two OCA modules", "customised", True),
        ("Kind of problem: bug", "kind", "bugfix"),
        ("Kind of problem: How-to question", "kind", "functional"),
        ("Target version: 18", "target_version", "18.0"),
        ("Steps to reproduce: open an invoice", "steps", "open an invoice"),
        ("Current behaviour: it is blank", "current", "it is blank"),
        ("Expected behaviour: the logo", "expected", "the logo"),
    ],
)
def test_labelled_lines(line: str, name: str, value: object, table: FieldTable) -> None:
    """A label, in any case and behind any list mark, gives its value in normal form."""
    assert values(f"Hello,\n{line}\nBye", table)[name] == value


@pytest.mark.parametrize(
    "line",
    [
        "Version:",
        "Version: -",
        "Version: ?",
        "Hosting: on the moon",
        "Blocking: perhaps",
        "Contract: 12345",
        "Conversion: 17.05",
        "My version is nice: 17",
    ],
)
def test_lines_that_say_nothing(line: str, table: FieldTable) -> None:
    """An empty or unfit answer, and a label that is only part of another word, give nothing."""
    assert values(line, table) == {}


def test_headings_with_a_block_below(table: FieldTable) -> None:
    """A label alone in its line is a heading: what stands below is its value, up to the next label or an empty line."""
    text = "Steps to reproduce\n1. open an invoice\n2. print it\n\nCurrent behaviour:\n\nit is blank\nand white\nExpected behaviour\nthe logo\n\nThanks\nAnn"
    assert values(text, table) == {
        "steps": "1. open an invoice\n2. print it",
        "current": "it is blank\nand white",
        "expected": "the logo",
    }


def test_a_list_goes_on_after_empty_lines(table: FieldTable) -> None:
    """Clients put empty lines between items: the list is one value, what follows it is not."""
    text = "Steps:\n\n1. open\n\n2. print\n\n3. look\n\nThanks"
    assert values(text, table)["steps"] == "1. open\n2. print\n3. look"


def test_a_heading_of_a_short_field_takes_one_line(table: FieldTable) -> None:
    """The version is one line, not the paragraph below it."""
    assert values("Version\n17.0\nand it is slow", table)["version"] == "17.0"


@pytest.mark.parametrize("written", ["saas~17", "saas 18", "SAAS-17"])
def test_a_half_version_is_ambiguous(written: str, table: FieldTable) -> None:
    """There are several of these: the mail speaks of a version without settling it, so it must be asked."""
    found = find_fields(f"Version: {written}", "", table)["version"]
    assert found.value is None
    assert found.ambiguous


def test_a_sure_value_goes_before_an_ambiguous_one(table: FieldTable) -> None:
    """The first value that settles it counts."""
    assert values("Version: saas~17\nVersion: saas~17.4\nVersion: 16.0", table)["version"] == "saas~17.4"


@pytest.mark.parametrize(
    ("text", "subject", "name", "value"),
    [
        ("We are on version 17.0 and the invoice is blank.", "", "version", "17.0"),
        ("Since Odoo 16 it is slow.", "", "version", "16.0"),
        ("It happens on saas~18.2 only.", "", "version", "saas~18.2"),
        ("see https://mycompany.odoo.com/web#id=1", "", "database", "mycompany"),
        ("Our contract is M123456789012345.", "", "contract", "M123456789012345"),
        ("", "SUB-2025-0042: invoice layout", "contract", "SUB-2025-0042"),
        ("", "Odoo 17: invoice layout", "version", "17.0"),
    ],
)
def test_values_that_speak_for_themselves(text: str, subject: str, name: str, value: object, table: FieldTable) -> None:
    """A pattern that is sure needs no label, in the text or in the subject."""
    assert values(text, table, subject)[name] == value


@pytest.mark.parametrize(
    "text",
    ["PostgreSQL 15.3", "It costs 17.50", "Windows 11", "on 17.05.2026", "192.168.17.0", "module 1.17.0.2", "M12345", "SUB-20-1"],
)
def test_other_numbers_are_no_values(text: str, table: FieldTable) -> None:
    """Amounts, dates, addresses and foreign products' versions are not ours."""
    assert values(text, table) == {}


def test_a_label_goes_before_a_pattern(table: FieldTable) -> None:
    """What the customer labelled counts, wherever something likelier stands."""
    found = find_fields("It worked in Odoo 16.0.\nVersion: 17.0", "Odoo 15", table)["version"]
    assert (found.value, found.confidence) == ("17.0", 0.9)


def test_sources_name_the_place(table: FieldTable) -> None:
    """Who doubts a value finds it: characters of the text, or the subject."""
    text = "Hello,\nVersion: 17.0\nsee mycompany.odoo.com"
    found = find_fields(text, "SUB-2025-0042", table, offset=100)
    start, end = (int(each) - 100 for each in found["version"].source.removeprefix("text:").split("-"))
    assert text[start:end] == "17.0"
    start, end = (int(each) - 100 for each in found["database"].source.removeprefix("text:").split("-"))
    assert text[start:end] == "mycompany.odoo.com"
    assert found["contract"] == Field(value="SUB-2025-0042", source="subject", confidence=0.68)


def test_long_values_are_cut(table: FieldTable) -> None:
    """A field is no place for a log file."""
    value = values("Steps: " + "a" * 10_000, table)["steps"]
    assert value == "a" * MAX_VALUE


WORDS = st.sampled_from(
    [
        "Version",
        "Steps",
        ":",
        " ",
        "\n",
        "17.0",
        "saas~17",
        "- ",
        "1. ",
        "Database: ",
        "yes",
        "=",
        "\u2013",
        "**",
        "mycompany.odoo.com",
        "é",
        "\t",
        "> ",
    ]
)


@given(text=st.lists(WORDS, max_size=40).map("".join), subject=st.text(max_size=30))
def test_any_text_gives_sound_fields(text: str, subject: str, table: FieldTable) -> None:
    """Whatever is written: known names, values that are not empty, confidences between 0 and 1, sources inside the text."""
    for name, field in find_fields(text, subject, table).items():
        assert name in table.specs
        assert field.value is None or field.value is False or field.value
        assert field.ambiguous is (field.value is None)
        assert 0 < field.confidence <= 1
        if field.source != "subject":
            start, end = (int(each) for each in field.source.removeprefix("text:").split("-"))
            assert 0 <= start <= end <= len(text) + 40


@pytest.mark.parametrize(
    "text",
    [
        "Version: 17.0\n" * 14_000,
        "Version\n" * 25_000,
        "Steps: " + " " * 190_000 + "x",
        "a" * 60 + " " * 190_000 + ":",
        "odoo " * 40_000,
        "a-" * 100_000,
        "https://" * 25_000,
    ],
    ids=["labels", "headings", "blanks", "label-blanks", "odoo", "dashes", "urls"],
)
def test_texts_of_one_thing_end(text: str, table: FieldTable) -> None:
    """A text that repeats whatever starts a value is gone through in bounded work."""
    assert set(values(text, table)) <= set(table.specs)


@pytest.mark.parametrize("text", ["Steps:\n" + "\n" * 190_000, "Steps:\n- a" + "\n\n- a" * 40_000], ids=["empty-lines", "list"])
def test_empty_lines_below_a_heading_end(text: str, table: FieldTable) -> None:
    """So is a heading with a hundred thousand empty lines below it."""
    assert set(values(text, table)) <= {"steps"}


@pytest.mark.parametrize(
    ("label", "folded"),
    [("  - Odoo  VERSION:", "odoo version"), ("**Version**", "version"), ("> # Version?", "version"), ("Größe.", "grose")],
)
def test_labels_are_compared_folded(label: str, folded: str) -> None:
    """Case, marks and blanks do not matter."""
    assert fold_label(label) == folded
