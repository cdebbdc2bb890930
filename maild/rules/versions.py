"""`versions.yaml`: how long each version is supported and where, read into `Windows`, its dates checked against each other."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from maild.document import Binder, Document, Steps, nearest
from maild.problem.version import VersionKey, version_key
from maild.tickets.contracts.contract import HOSTINGS, Hosting
from maild.tickets.contracts.windows import Window, Windows

_MONTHS = re.compile(r"(\d{1,3}) months?")
Ends = Mapping[Hosting, date | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Version:
    """A version as written; `standard` and `extended` have one value for all hostings, or one for each."""

    released: date
    standard: Any
    extended: Any = "none"
    hosting: tuple[Hosting, ...] = HOSTINGS
    source: str | None = None
    as_of: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _VersionsFile:
    target_grace: str
    source: str
    as_of: date
    versions: Mapping[str, _Version]


def read_versions(document: Document, binder: Binder) -> Windows | None:
    """The table of versions. Problems are noted with the binder: a version twice, an end before its start, an unknown hosting."""
    written = binder.bind(_VersionsFile)
    if written is None:
        return None
    grace = _MONTHS.fullmatch(written.target_grace)
    if grace is None:
        binder.fail(("target_grace",), f"'{written.target_grace}' does not fit", "calendar months belong here, like 6 months")
    seen: dict[VersionKey, str] = {}
    windows: list[Window] = []
    for name, version in written.versions.items():
        steps: Steps = ("versions", name)
        _note_twice(name, seen, steps, binder)
        standard = _ends(version.standard, version.hosting, (*steps, "standard"), binder)
        extended = _ends(version.extended, version.hosting, (*steps, "extended"), binder, optional=True)
        _check_order(version.released, standard, extended, steps, binder)
        source, as_of = version.source or written.source, version.as_of or written.as_of
        windows.append(
            Window(version=name, released=version.released, standard=standard, extended=extended, source=source, as_of=as_of)
        )
    if binder.problems or grace is None:
        return None
    return Windows(windows=tuple(windows), target_grace=int(grace[1]))


def _note_twice(name: str, seen: dict[VersionKey, str], steps: Steps, binder: Binder) -> None:
    try:
        first = seen.setdefault(version_key(name), name)
    except ValueError as error:
        binder.fail(steps, *str(error).split("; ", 1))
        return
    if first != name:
        binder.fail(steps, f"'{name}' is the same version as '{first}'", "keep one")


def _ends(tree: Any, hostings: tuple[Hosting, ...], steps: Steps, binder: Binder, optional: bool = False) -> Ends:
    """The last day by hosting, None for `open`. Where it is `optional`, `none` leaves the hosting out."""
    words = ("open", "none") if optional else ("open",)
    if not isinstance(tree, dict):
        known, end = _end(tree, words, steps, binder)
        return dict.fromkeys(hostings, end) if known else {}
    ends: dict[Hosting, date | None] = {}
    for name, value in tree.items():
        at = (*steps, name)
        hosting = next((each for each in HOSTINGS if each == name), None)
        known, end = _end(value, words, at, binder)
        if hosting is None:
            binder.fail(at, f"'{name}' is no hosting", nearest(name, HOSTINGS))
        elif hosting not in hostings:
            binder.fail(at, f"this version does not exist for '{name}'", "take the line out, or add it to `hosting`")
        elif known:
            ends[hosting] = end
    for missing in () if optional else (each for each in hostings if each not in tree):
        binder.fail(steps, f"'{missing}' is missing", f"add `{missing}: DATE`, or take it out of `hosting`")
    return ends


def _end(tree: Any, words: tuple[str, ...], steps: Steps, binder: Binder) -> tuple[bool, date | None]:
    """(whether there is one, the last day)."""
    if tree in words:
        return tree == "open", None
    if isinstance(tree, str) and not tree[:1].isdigit():
        binder.fail(steps, f"'{tree}' does not fit", f"a date like 2026-09-30 belongs here, or {' or '.join(words)}")
        return False, None
    end = binder.bind(date, steps, tree)
    return end is not None, end


def _check_order(released: date, standard: Ends, extended: Ends, steps: Steps, binder: Binder) -> None:
    early = sorted({end for end in standard.values() if end is not None and end < released})
    for end in early:
        binder.fail((*steps, "standard"), f"support ends on {end}, before the release on {released}", "mend one of them")
    for hosting, late in extended.items():
        first = standard.get(hosting)
        if hosting in standard and first is None:
            what = f"extended support on '{hosting}' never begins: standard support has no end"
            binder.fail((*steps, "extended"), what, "give standard support an end, or take this out")
        elif first is not None and late is not None and late <= first:
            what = f"extended support on '{hosting}' ends on {late}, and standard support on {first}"
            binder.fail((*steps, "extended"), what, "mend one of them")
