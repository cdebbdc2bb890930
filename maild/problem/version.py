"""Versions of any vendor's product, made comparable: one version, and a list of versions and ranges as advisories have it.

A version is numbers with dots, behind an optional word for its channel: `17.0`, `saas~18.2`, `v2024.1`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

VersionKey = tuple[int, ...]

_NUMBERS = r"\d{1,9}(?:\.\d{1,9}){0,5}"
_VERSION = rf"(?:[A-Za-z]{{1,20}}[~_ -]?)?{_NUMBERS}"
_ONE = re.compile(rf"(?:(?P<channel>[A-Za-z]{{1,20}})[~_ -]?)?(?P<numbers>{_NUMBERS})", re.ASCII)
_SPAN = re.compile(rf"(?P<first>{_VERSION})(?:\s*[-\u2013\u2014]\s*(?P<last>{_VERSION}))?", re.ASCII)  # hyphen and dashes
_PLAIN = ("", "v", "version")
MAX_SPANS = 200
MAX_SHOWN = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """From one version to another, both included, and with all that begins with the last: `2024.1` has 2024.1.3 in it."""

    first: VersionKey
    last: VersionKey

    def has(self, key: VersionKey) -> bool:
        """Whether a version lies in it."""
        padded = key + (0,) * (len(self.first) - len(key))
        return padded >= self.first and key[: len(self.last)] <= self.last


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranges:
    """Versions and ranges, as the `Affected` line of an advisory lists them."""

    spans: tuple[Span, ...]

    def covers(self, version: str) -> bool:
        """Whether this version is one of them. Raises ValueError as `version_key` does."""
        key = version_key(version)
        return any(span.has(key) for span in self.spans)


def version_key(version: str) -> VersionKey:
    """Numbers that order versions: `17.0` is (17, 0), `saas~18.2` is (18, 2), and a lone `18` is (18, 0).

    Raises:
        ValueError: it is no version; or a channel with one number only (`saas~17`), which could be several.
    """
    found = _ONE.fullmatch(version.strip())
    if found is None:
        raise ValueError(f"'{version[:MAX_SHOWN]}' is no version; write numbers with dots, like 17.0 or 2024.1")
    numbers = tuple(int(each) for each in found["numbers"].split("."))
    if len(numbers) > 1:
        return numbers
    if (found["channel"] or "").lower() not in _PLAIN:
        raise ValueError(f"'{version}' could be several versions; write the number behind the dot, too")
    return (*numbers, 0)


def ranges(text: str) -> Ranges:
    """Reads `16.0, 17.0 - 18.0`: versions, and ranges with both ends included, separated by commas or semicolons.

    Raises:
        ValueError: there is none, one cannot be read, or a range goes backwards.
    """
    written = [each.strip() for each in re.split(r"[,;]", text)]
    if not any(written):
        raise ValueError("no version is named; write versions or ranges, like 16.0, 17.0 - 18.0")
    if len(written) > MAX_SPANS:
        raise ValueError(f"{len(written)} ranges are too many; the limit is {MAX_SPANS}")
    return Ranges(spans=tuple(_span(each) for each in written if each))


def _span(written: str) -> Span:
    found = _SPAN.fullmatch(written)
    if found is None:
        raise ValueError(f"'{written[:MAX_SHOWN]}' is neither a version nor a range; write 16.0, or 17.0 - 18.0")
    first = version_key(found["first"])
    last = version_key(found["last"]) if found["last"] else first
    if last < first:
        raise ValueError(f"'{written}' goes backwards; write the older version first")
    return Span(first=first, last=last)
