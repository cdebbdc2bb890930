"""How versions stand on a day: last days, hostings that differ, the grace for upgrades, and the sentence for agents."""

from __future__ import annotations

from datetime import date

import pytest

from maild.tickets.contracts.contract import HOSTINGS, Hosting
from maild.tickets.contracts.windows import SupportState, Window, Windows, months_later

END, LATE = date(2026, 9, 30), date(2028, 9, 30)
SOURCE = {"source": "a page", "as_of": date(2026, 1, 1)}
WINDOWS = Windows(
    target_grace=6,
    windows=(
        Window(
            version="17.0", released=date(2023, 11, 1), standard=dict.fromkeys(HOSTINGS, END),
            extended={"platform": None, "on-premise": None}, **SOURCE,
        ),
        Window(version="saas~18.2", released=date(2025, 3, 1), standard={"online": None}, extended={}, **SOURCE),
        Window(
            version="2024.1", released=date(2024, 4, 1), standard={"online": date(2025, 4, 30), "on-premise": date(2026, 4, 30)},
            extended={"on-premise": LATE}, **SOURCE,
        ),
    ),
)  # fmt: skip


@pytest.mark.parametrize(
    ("version", "hosting", "on", "state", "ends"),
    [
        ("17.0", None, date(2026, 3, 4), "standard", END),
        ("17.0", "online", END, "standard", END),
        ("17.0", "online", date(2026, 10, 1), "ended", END),
        ("17.0", "platform", date(2026, 10, 1), "extended", None),
        ("17.0", None, date(2026, 10, 1), "unknown", None),
        ("v17", "online", date(2026, 3, 4), "standard", END),
        ("17.0", "online", date(2023, 10, 31), "unknown", None),
        ("saas~18.2", None, date(2026, 3, 4), "standard", None),
        ("18.2", "online", date(2026, 3, 4), "standard", None),
        ("saas~18.2", "platform", date(2026, 3, 4), "unknown", None),
        ("2024.1", None, date(2025, 4, 30), "standard", date(2025, 4, 30)),
        ("2024.1.3", "on-premise", date(2026, 5, 1), "extended", LATE),
        ("2024.1", "on-premise", date(2028, 10, 1), "ended", LATE),
        ("2024.2", "on-premise", date(2026, 3, 4), "unknown", None),
        ("saas~17", "online", date(2026, 3, 4), "unknown", None),
        ("the newest", None, date(2026, 3, 4), "unknown", None),
    ],
)
def test_state_and_its_end(version: str, hosting: Hosting | None, on: date, state: SupportState, ends: date | None) -> None:
    """A last day still belongs to its phase; what the table does not know, or hostings disagree about, is unknown."""
    found = WINDOWS.support(version, hosting, on)
    assert (found.state, found.ends) == (state, ends)


@pytest.mark.parametrize(
    ("version", "hosting", "on", "sentence"),
    [
        ("17.0", None, date(2026, 3, 4), "17.0: standard support until 2026-09-30"),
        ("17.0", None, date(2026, 10, 1), "17.0: standard support ended 2026-09-30, extended on platform and on-premise"),
        ("17.0", "platform", date(2026, 10, 1), "17.0 (platform): standard support ended 2026-09-30, extended"),
        ("17.0", "online", date(2026, 10, 1), "17.0 (online): standard support ended 2026-09-30"),
        ("17.0", None, date(2023, 10, 31), "17.0: comes out on 2023-11-01"),
        ("saas~18.2", None, date(2026, 3, 4), "saas~18.2 (online): standard support, no end announced"),
        ("saas~18.2", "platform", date(2026, 3, 4), "saas~18.2 (platform): exists for online only"),
        (
            "2024.1", None, date(2025, 5, 1),
            "2024.1: standard support ended 2025-04-30 on online, standard support until 2026-04-30 on on-premise",
        ),
        ("2024.1", "on-premise", date(2026, 5, 1), "2024.1 (on-premise): standard support ended 2026-04-30, extended until 2028-09-30"),
        ("2024.1", "on-premise", date(2029, 1, 1), "2024.1 (on-premise): standard support ended 2026-04-30, extended ended 2028-09-30"),
        ("2024.2", None, date(2026, 3, 4), "2024.2: not in the table of versions"),
    ],
)  # fmt: skip
def test_the_sentence(version: str, hosting: Hosting | None, on: date, sentence: str) -> None:
    """One line that an agent can read, about one hosting or all of them."""
    assert WINDOWS.support(version, hosting, on).sentence == sentence


@pytest.mark.parametrize(
    ("version", "hosting", "on", "is_target"),
    [
        ("17.0", "platform", date(2026, 3, 4), True),
        ("17.0", "platform", date(2027, 3, 31), True),
        ("17.0", "platform", date(2027, 4, 1), False),
        ("17.0", None, date(2027, 3, 31), True),
        ("17.0", "online", date(2023, 10, 31), False),
        ("saas~18.2", "online", date(2030, 1, 1), True),
        ("saas~18.2", "on-premise", date(2026, 3, 4), False),
        ("2024.1", "on-premise", date(2025, 11, 1), True),
        ("2024.1", None, date(2025, 11, 1), False),
        ("99.0", "online", date(2026, 3, 4), False),
    ],
)
def test_targets_of_upgrades(version: str, hosting: Hosting | None, on: date, is_target: bool) -> None:
    """Standard support and the grace behind it count; extended support is nothing to upgrade to."""
    assert WINDOWS.is_target(version, hosting, on) is is_target


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 9, 30), 6, date(2027, 3, 31)),
        (date(2026, 9, 29), 6, date(2027, 3, 29)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 8, 30), 6, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 12, 15), 0, date(2026, 12, 15)),
        (date(2026, 12, 31), 12, date(2027, 12, 31)),
    ],
)
def test_months_later(day: date, months: int, later: date) -> None:
    """Calendar months: the end of a month leads to the end of a month."""
    assert months_later(day, months) == later
