"""The line above a quote: which signs make one, where it starts, and whom it names."""

from __future__ import annotations

import pytest

from maild.mail.reply.attribution import Attribution, attribution_at, is_attribution
from maild.mail.reply.lines import lines_of


def found(text: str) -> Attribution | None:
    """The attribution that ends in the last line with words of a text without quote."""
    lines = lines_of(text)
    return attribution_at(lines, max(number for number, line in enumerate(lines) if line.bare))


@pytest.mark.parametrize(
    ("text", "author", "date"),
    [
        (
            "On Wed, 4 Mar 2026 at 11:02, Ann Berg <ann@example.org> wrote:",
            ("Ann Berg", "ann@example.org"),
            "4 Mar 2026 at 11:02",
        ),
        (
            "Am 04.03.2026 um 11:02 schrieb Jan van Dijk <jan@example.org>:",
            ("Jan van Dijk", "jan@example.org"),
            "04.03.2026 um 11:02",
        ),
        (
            "Le mer. 4 mars 2026 à 11:02, Maria de Souza <m@example.org> a écrit :",
            ("Maria de Souza", "m@example.org"),
            "4 mars 2026 à 11:02",
        ),
        ("Den ons 4 mars 2026 kl 11:02 skrev Åsa Öst <asa@example.org>:", ("Åsa Öst", "asa@example.org"), "4 mars 2026 kl 11:02"),
        ("W dniu 4.03.2026 o 11:02, Jan Kos pisze:", ("Jan Kos", ""), "4.03.2026 o 11:02"),
        (
            "El mié, 4 mar 2026 a las 11:02, Ana Gil (<ana@example.org>) escribió:",
            ("Ana Gil", "ana@example.org"),
            "4 mar 2026 a las 11:02",
        ),
        ("2026年3月4日(水) 11:02 森 <mori@example.org>:", ("森", "mori@example.org"), "2026年3月4日(水) 11:02"),
        ("เมื่อ พ. 4 มี.ค. 2026 เวลา 11:02 Suda <suda@example.org> เขียนว่า:", ("Suda", "suda@example.org"), "4 มี.ค. 2026 เวลา 11:02"),
    ],
)
def test_who_and_when(text: str, author: tuple[str, str], date: str) -> None:
    """Name, address and date are read in any order and language; particles are a part of a name."""
    attribution = found(text)
    assert attribution is not None
    assert (attribution.author, attribution.date) == (author, date)


def test_folded_over_lines() -> None:
    """Clients break it anywhere, within the address, too."""
    attribution = found("Thanks.\n\nOn Wed, 4 Mar 2026 at 11:02, Ann Berg of Example Limited <\nann@example.org>\nwrote:\n")
    assert attribution is not None
    assert (attribution.start, attribution.end, attribution.author[1]) == (2, 5, "ann@example.org")


def test_behind_the_answer_in_one_line() -> None:
    """What stands before it in its line is still the answer."""
    attribution = found("Yes, please. On 4 Mar 2026, at 11:02, Ann Berg <ann@example.org> wrote:")
    assert attribution is not None
    assert attribution.behind == len("Yes, please. ")


def test_a_preposition_before_the_time_opens_no_second_one() -> None:
    """Where the word before a date is also the one before its time, the line is one attribution."""
    attribution = found("في الأربعاء، 4 مارس 2026 في 11:02 ص كتب سلمى <salma@example.org>:")
    assert attribution is not None
    assert attribution.behind == 0


@pytest.mark.parametrize(
    "text",
    [
        "On 4 March 2026 at 11:02 I wrote:",
        "Am 04.03.2026 um 11:02 schrieb ich an ann@example.org:",
        "The error that the manual describes:",
        "He wrote:",
        "See page 12:",
        "The meeting is on 4 March 2026 at 11:02.",
        "",
    ],
)
def test_prose(text: str) -> None:
    """The first person quotes itself, and prose has fewer signs."""
    assert not is_attribution(text, quoted=False)


def test_quote_marks_make_less_suffice() -> None:
    """`Ann wrote:` is enough above marked lines, and nowhere else."""
    assert is_attribution("Ann wrote:", quoted=True)
    assert not is_attribution("Ann wrote:", quoted=False)


def test_groupwise() -> None:
    """GroupWise puts it between marks that are no quote."""
    assert is_attribution(">>> Ann Berg <ann@example.org> 04.03.2026 11:02 >>>", quoted=False)
    assert not is_attribution(">>> print(1) >>>", quoted=False)
