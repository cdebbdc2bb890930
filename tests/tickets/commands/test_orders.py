"""The grammar of agents' commands: which lines at the top are commands, what is a mistake, and where the text begins."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.security import verbs as security
from maild.tickets.commands.orders import MAX_ARGUMENT, MAX_ORDERS, Orders, read_orders
from maild.tickets.commands.verbs import VERBS
from maild.upgrade import verbs as upgrade

ALL = {**VERBS, **upgrade.VERBS, **security.VERBS}


def read(text: str) -> tuple[list[tuple[str, str]], list[str], str]:
    """(verbs with arguments, lines that are mistakes, text)."""
    found = read_orders(text, ALL)
    return [(each.verb, each.argument) for each in found.orders], [each.line for each in found.mistakes], found.text


@pytest.mark.parametrize(
    ("text", "orders", "mistakes", "rest"),
    [
        # commands, then the text
        ("#take", [("take", "")], [], ""),
        ("#take\nHello", [("take", "")], [], "Hello"),
        ("#take\n#close all is well\n\nHello\n\nAnn", [("take", ""), ("close", "all is well")], [], "Hello\n\nAnn"),
        ("#close   two  blanks ", [("close", "two  blanks")], [], ""),
        ("#close\treason", [("close", "reason")], [], ""),
        ("#close\u00a0reason", [("close", "reason")], [], ""),
        # letter case and blanks
        ("#TAKE\n#Close\n  #nOtE  \nx", [("take", ""), ("close", ""), ("note", "")], [], "x"),
        ("\n\n  \n#take\n\n\n#close\n\nx", [("take", ""), ("close", "")], [], "x"),
        ("#take\r\n#close\r\nx", [("take", ""), ("close", "")], [], "x"),
        # what is no command is text
        ("#1 first do this", [], [], "#1 first do this"),
        ("# take", [], [], "# take"),
        ("##take", [], [], "##take"),
        ("#", [], [], "#"),
        ("#!take", [], [], "#!take"),
        ("#hashtag rocks", [], [], "#hashtag rocks"),
        ("#teamwork is all", [], [], "#teamwork is all"),
        ("#über", [], [], "#über"),
        ("take", [], [], "take"),
        ("", [], [], ""),
        ("   \n\n", [], [], ""),
        # commands go before any text
        ("Hello\n#close", [], [], "Hello\n#close"),
        ("#take\nHello\n#close", [("take", "")], [], "Hello\n#close"),
        ("#hashtag\n#close", [], [], "#hashtag\n#close"),
        # very near to one
        ("#tkae", [], ["#tkae"], ""),
        ("#asign emma\nHello", [], ["#asign emma"], "Hello"),
        ("#clos\n#take\nx", [("take", "")], ["#clos"], "x"),
        ("#closed", [], ["#closed"], ""),
        ("#notes", [], ["#notes"], ""),
        ("#close.", [], ["#close."], ""),
        ("#take, please", [], ["#take, please"], ""),
        ("#spam!", [], ["#spam!"], ""),
        ("#version=17.0", [], ["#version=17.0"], ""),
        ("#version:17.0", [], ["#version:17.0"], ""),
        ("#take/#close", [], ["#take/#close"], ""),
        ("#history2", [], ["#history2"], ""),
        ("#test_ready https://x.example", [], ["#test_ready https://x.example"], ""),
        ("#testready https://x.example", [], ["#testready https://x.example"], ""),
        # escapes
        ("\\#close is a command", [], [], "#close is a command"),
        ("#take\n\\#close is a command\nx", [("take", "")], [], "#close is a command\nx"),
        ("x\n\\#a\n  \\#b\n\\\\#c", [], [], "x\n#a\n  #b\n\\\\#c"),
        ("#take\n\\\\#x", [("take", "")], [], "\\\\#x"),
    ],
)  # fmt: skip
def test_grammar(text: str, orders: list[tuple[str, str]], mistakes: list[str], rest: str) -> None:
    """Each line at the top is a command, a mistake, or the first of the text."""
    assert read(text) == (orders, mistakes, rest)


@pytest.mark.parametrize("verb", ALL)
@pytest.mark.parametrize("write", [str, str.upper, str.title])
def test_every_verb_is_read(verb: str, write: Callable[[str], str]) -> None:
    """Each command that there is, in any letter case, is understood as itself."""
    assert read(f"#{write(verb)} x")[0] == [(verb, "x")]


@pytest.mark.parametrize("verb", ALL)
def test_a_letter_too_many_is_a_mistake(verb: str) -> None:
    """A word that is nearly a command is never sent to a customer as text: it comes back with the one that was meant."""
    [mistake] = read_orders(f"#{verb}x\nHello", ALL).mistakes
    assert f"'#{verb}x' is no command; did you mean '#{verb}'?" in mistake.why


def test_text_alone() -> None:
    """Mistakes count as commands: such a mail is no plain answer."""
    assert read_orders("Hello", ALL).is_text_alone
    assert not read_orders("#take", ALL).is_text_alone
    assert not read_orders("#tkae", ALL).is_text_alone


def test_commands_that_there_are_not_yet() -> None:
    """Verbs are data: with other verbs other words are commands."""
    assert read_orders("#take", {}).is_text_alone
    assert not read_orders("#take", {"take": VERBS["take"]}).is_text_alone


# --- blocks -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "block", "orders", "rest"),
    [
        ("#advisory\nTitle: x\n\nImpact: y\n", "Title: x\n\nImpact: y", ["advisory"], ""),
        ("#advisory\nTitle: x\n#review\nHello", "Title: x", ["advisory", "review"], "Hello"),
        ("#advisory\nTitle: x\n#cve is no command\nImpact: y", "Title: x\n#cve is no command\nImpact: y", ["advisory"], ""),
        ("#advisory\nTitle: x\n#1 first\nImpact: y", "Title: x\n#1 first\nImpact: y", ["advisory"], ""),
        ("#advisory\nTitle: x\n\\#review is what we do\n", "Title: x\n#review is what we do", ["advisory"], ""),
        ("#advisory", "", ["advisory"], ""),
        ("#advisory\n#advisory\nTitle: x", "", ["advisory", "advisory"], ""),
        ("#take\n#advisory\nTitle: x\n\n#take", "Title: x", ["take", "advisory", "take"], ""),
    ],
)
def test_block(text: str, block: str, orders: list[str], rest: str) -> None:
    """What stands below `#advisory` belongs to it, up to the next command; other lines that begin with `#` do not end it."""
    found = read_orders(text, ALL)
    assert next(each.block for each in found.orders if each.verb == "advisory") == block
    assert ([each.verb for each in found.orders], found.text, found.mistakes) == (orders, rest, ())


def test_a_misspelt_command_ends_a_block() -> None:
    """And is a mistake: what was meant as a command is never published as part of an advisory."""
    found = read_orders("#advisory\nTitle: x\n#reviw\n", ALL)
    assert ([each.line for each in found.mistakes], found.orders[0].block) == (["#reviw"], "Title: x")


# --- limits -----------------------------------------------------------------------------------------------------


def test_so_many_commands_and_no_more() -> None:
    """A mail may hold fifty; with one more it is a mistake, and none of them is taken for text."""
    assert len(read_orders("#take\n" * MAX_ORDERS, ALL).orders) == MAX_ORDERS
    assert read_orders("#take\n" * MAX_ORDERS + "Hello", ALL).mistakes == ()
    found = read_orders("#take\n" * (MAX_ORDERS + 1) + "Hello", ALL)
    assert ([each.line for each in found.mistakes], len(found.orders)) == (["#take"], MAX_ORDERS)
    assert "50 commands" in found.mistakes[0].why
    assert len(read_orders("#tkae\n" * 500, ALL).mistakes) == MAX_ORDERS + 1


def test_long_arguments_are_cut() -> None:
    """What stands behind a command has an end."""
    assert read(f"#close {'x' * 5000}")[0] == [("close", "x" * MAX_ARGUMENT)]


@pytest.mark.parametrize(
    "text",
    ["#" + "a" * 1_000_000, "#close" + "a" * 1_000_000, "#take\n" + "\n" * 1_000_000, "#advisory\n" * 49 + "#x\n" * 300_000, "#" * 1_000_000,
     "#close " + " " * 1_000_000, "\\#" * 500_000, "#tkae" + "\u00a0" * 500_000, ("#" + "tkae" * 10 + "\n") * 20_000, "x\n\\#" * 200_000],
    ids=["word", "glued", "lines", "blocks", "hashes", "blanks", "escapes", "nbsp", "words", "escaped lines"],
)  # fmt: skip
def test_hostile_input(text: str) -> None:
    """A megabyte of anything is read in no time."""
    start = time.perf_counter()
    assert isinstance(read_orders(text, ALL), Orders)
    assert time.perf_counter() - start < 3


LINES = st.lists(
    st.one_of(
        st.sampled_from(
            ["#take", "#close now", "#tkae", "#1 first", "", "Hello", "\\#close", "#advisory", "Title: x", "#hashtag"]
        ),
        st.text(alphabet="#\\ atke\t.=", max_size=12),
        st.text(max_size=30),
    ),
    max_size=12,
)


@given(LINES)
def test_nothing_is_lost(lines: list[str]) -> None:
    """Whatever is written is a command, a mistake, or stays in the text or a block: line by line, in order, and nothing else."""
    text = "\n".join(lines)
    found = read_orders(text, ALL)
    assert len(found.orders) + len(found.mistakes) <= MAX_ORDERS + 1
    for order in found.orders:
        assert order.verb in ALL
        assert order.line in [line.strip() for line in text.split("\n")]
    written = _letters(text)
    assert all(_letters(line) in written for line in found.text.split("\n"))
    if found.is_text_alone:
        assert _letters(found.text) == written


def _letters(text: str) -> str:
    return "".join(text.replace("\\", "").split())


@given(LINES)
def test_no_command_stands_in_front_of_the_text(lines: list[str]) -> None:
    """What is left as text does not begin with a command, unless it was escaped."""
    text = "\n".join(lines)
    found = read_orders(text, ALL)
    if found.text.startswith("#") and "\\#" not in text:
        assert read_orders(found.text, ALL).is_text_alone
