"""One walk over a text: what opens a quote, what is believed, and answers between quoted lines."""

from __future__ import annotations

import pytest

from maild.mail.reply.scan import Scan, scan


def walk(text: str, answers: bool = True, forwards: bool = False) -> Scan:
    """A text of a mail that says that it answers."""
    return scan(text, answers=answers, forwards=forwards)


def own(found: Scan) -> str:
    """The author's lines."""
    return "\n".join(found.own).strip()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Yes.\n\n---- Forwarded message ----\nFrom: a@example.org\nTo: b@example.org\n\nx", "forwarded"),
        ("Yes.\n\n-----Original Message-----\nx", "original"),
        ("Yes.\n\n## reply above this line ##\nx", "above"),
        ("Yes.\n\nFrom: a@example.org\nTo: b@example.org\nSubject: y\n\nx", "heading"),
        ("Yes.\n\nOn 4 Mar 2026 at 11:02, Ann <a@example.org> wrote:\n\nx", "attribution"),
        ("Yes.\n\n> x", "marks"),
    ],
)
def test_openers(text: str, kind: str) -> None:
    """Each kind ends what the author wrote."""
    found = walk(text)
    assert found.opener is not None
    assert (found.opener.kind, own(found), found.above) == (kind, "Yes.", len(found.own))


def test_a_first_mail_quotes_nobody() -> None:
    """Marks without an attribution are a prompt there, or a path; in an answer they are a quote, if the author did not announce them."""
    text = "It prints\n> ready\n> failed"
    assert own(walk(text, answers=False)) == text
    assert own(walk(text)) == "It prints"


@pytest.mark.parametrize("above", ["It prints:", "$ make", "< 1;2;3\n---"])
def test_what_the_author_announces(above: str) -> None:
    """What a program printed, or two files do not share, is the author's, in an answer, too."""
    text = f"{above}\n> ready\n> failed"
    assert own(walk(text)) == text


@pytest.mark.parametrize("text", ["| a | b |\n| 1 | 2 |", ">>> print(1)\n1\n>>> print(2)", "C:\\> dir"])
def test_tables_and_prompts(text: str) -> None:
    """They are the author's, in an answer, too."""
    assert own(walk(f"Like this:\n{text}")) == f"Like this:\n{text}"


def test_a_mail_that_is_all_quote() -> None:
    """A header block at the top, in a mail that does not say that it forwards, is not believed; marks are."""
    block = "From: a@example.org\nTo: b@example.org\nSubject: y\n\nx"
    assert walk(block).opener is None
    assert walk(block, forwards=True).opener is not None
    assert own(walk("On 4 Mar 2026, Ann <a@example.org> wrote:\n> x\n> y")) == ""


def test_answers_between_quoted_lines() -> None:
    """Only marked lines are quoted then."""
    found = walk("On 4 Mar 2026, Ann <a@example.org> wrote:\n> Which version?\n\n17.0\n\n> Which system?\n\nLinux")
    assert own(found) == "17.0\n\nLinux"
    assert found.above == 0


def test_a_quoted_line_that_was_wrapped() -> None:
    """The end of a long quoted line lost its mark on its way; an answer begins with a capital, or below a short line."""
    long = "> " + "the quick brown fox jumps over the lazy dog and on " * 2
    assert own(walk(f"Hello\n\nOn 4 Mar 2026, Ann <a@example.org> wrote:\n{long}\nand away\n> x")) == "Hello"
    assert (
        own(walk(f"Hello\n\nOn 4 Mar 2026, Ann <a@example.org> wrote:\n{long}\nThat is right.\n> x")) == "Hello\n\nThat is right."
    )


def test_groupwise() -> None:
    """Its `>>>` are no quote in a quote in a quote."""
    assert own(walk("Yes.\n\n>>> Ann <a@example.org> 04.03.2026 11:02 >>>\nWhich version?")) == "Yes."


def test_a_rule_above_an_opener() -> None:
    """It belongs to the quote."""
    assert own(walk("Yes.\n\n________________________________\nFrom: a@example.org\nSent: today\nSubject: y\n\nx")) == "Yes."


HOSTILE = [
    "On 4 March 2026 ", "From: a@example.org", "-----Original Message----- From: ", "> x", ">>> ", "----", "| a", "Ann wrote:", "a@b", "x: ",
    "reply to reply ", "转发 ", "##- ",
]  # fmt: skip


@pytest.mark.parametrize("piece", HOSTILE)
def test_hostile_texts(piece: str) -> None:
    """A hundred thousand lines that each nearly match, and one line of two megabytes; no line is lost."""
    many = walk("Hello\n" + f"{piece}\n" * 100_000)
    assert sum(each.count(piece.strip()) for each in (*many.own, *many.rest)) == 100_000 * piece.count(piece.strip())
    one = walk("Hello\n" + piece * (2_000_000 // len(piece)))
    assert len(one.own) + len(one.rest) == 2
