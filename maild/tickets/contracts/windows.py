"""How long each version of the product is supported, and where: the table `rules/versions.yaml` as a value, and what it tells."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

from maild.problem.version import VersionKey, version_key
from maild.tickets.contracts.contract import HOSTINGS, Hosting

SupportState = Literal["standard", "extended", "ended", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Support:
    """How a version stands on a day.

    `ends` is the last day of the present state, or of all support where it has ended; None where nothing is announced.
    `sentence` is one line for agents.
    """

    state: SupportState
    ends: date | None
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """One version. Both mappings give the last day by hosting, None where no end is announced.

    `standard` has the hostings that the version exists for, `extended` those that it has extended support on.
    """

    version: str
    released: date
    standard: Mapping[Hosting, date | None]
    extended: Mapping[Hosting, date | None]
    source: str
    as_of: date

    def support(self, hosting: Hosting, on: date) -> tuple[SupportState, date | None]:
        """State and its last day on one hosting."""
        if hosting not in self.standard or on < self.released:
            return "unknown", None
        standard = self.standard[hosting]
        if standard is None or on <= standard:
            return "standard", standard
        if hosting not in self.extended:
            return "ended", standard
        extended = self.extended[hosting]
        return ("extended", extended) if extended is None or on <= extended else ("ended", extended)


@dataclass(frozen=True, slots=True, kw_only=True)
class Windows:
    """All of them. A version stays a target for upgrades `target_grace` calendar months behind its standard support."""

    windows: Sequence[Window]
    target_grace: int
    _rows: Mapping[VersionKey, Window] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_rows", {version_key(each.version): each for each in self.windows})

    def find(self, version: str) -> Window | None:
        """The version's own row, else that of the longest one that it begins with: 2024.1.3 is a 2024.1."""
        try:
            wanted = version_key(version)
        except ValueError:
            return None
        return next((self._rows[wanted[:size]] for size in range(len(wanted), 0, -1) if wanted[:size] in self._rows), None)

    def support(self, version: str, hosting: Hosting | None, on: date) -> Support:
        """How the version stands on that day. Without a hosting the state is `unknown` where hostings differ; the sentence tells."""
        window = self.find(version)
        if window is None:
            return Support(state="unknown", ends=None, sentence=f"{version}: not in the table of versions")
        hostings = (hosting,) if hosting else tuple(window.standard)
        each = [window.support(one, on) for one in hostings]
        states = {state for state, _ in each}
        ends = min((end for _, end in each if end is not None), default=None)
        if len(states) > 1:
            return Support(state="unknown", ends=None, sentence=_sentence(window, hostings, on))
        return Support(state=states.pop(), ends=ends, sentence=_sentence(window, hostings, on))

    def is_target(self, version: str, hosting: Hosting | None, on: date) -> bool:
        """Whether one may upgrade to it: in standard support, or out of it for no longer than the grace; without a hosting, on all."""
        window = self.find(version)
        if window is None or on < window.released:
            return False
        hostings = (hosting,) if hosting else tuple(window.standard)
        return all(each in window.standard and self._in_grace(window.standard[each], on) for each in hostings)

    def _in_grace(self, end: date | None, on: date) -> bool:
        return end is None or on <= months_later(end, self.target_grace)


def months_later(day: date, months: int) -> date:
    """The same day some calendar months later, or that month's last one. The last day of a month leads to the last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    length = monthrange(year, month + 1)[1]
    is_last = (day + timedelta(days=1)).month != day.month
    return date(year, month + 1, length if is_last else min(day.day, length))


def _sentence(window: Window, hostings: Sequence[Hosting], on: date) -> str:
    """`17.0: standard support ended 2026-09-30, extended on platform and on-premise`."""
    name = window.version if len(hostings) != 1 else f"{window.version} ({hostings[0]})"
    there = [each for each in hostings if each in window.standard]
    if not there:
        return f"{name}: exists for {_listed(tuple(window.standard))} only"
    if on < window.released:
        return f"{name}: comes out on {window.released}"
    parts: list[str] = []
    for end in dict.fromkeys(window.standard[each] for each in there):
        several = [each for each in there if window.standard[each] == end]
        where = "" if len(several) == len(there) else f" on {_listed(several)}"
        parts.append(_phase("standard support", end, on) + where)
    late = [each for each in there if window.support(each, on)[0] == "extended" or _is_over(window.extended.get(each), on)]
    for end in dict.fromkeys(window.extended[each] for each in late):
        several = [each for each in late if window.extended[each] == end]
        where = "" if len(hostings) == 1 else f" on {_listed(several)}"
        parts.append(("extended" if end is None else _phase("extended", end, on)) + where)
    return f"{name}: {', '.join(parts)}"


def _phase(what: str, end: date | None, on: date) -> str:
    if end is None:
        return f"{what}, no end announced"
    return f"{what} {'ended' if _is_over(end, on) else 'until'} {end}"


def _is_over(end: date | None, on: date) -> bool:
    return end is not None and on > end


def _listed(hostings: Sequence[Hosting]) -> str:
    """`online, platform and on-premise`, always in this order."""
    *most, last = sorted(hostings, key=HOSTINGS.index)
    return f"{', '.join(most)} and {last}" if most else last
