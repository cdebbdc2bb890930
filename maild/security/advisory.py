"""An advisory: read from the block that an agent writes, and written as the text that subscribers and later everybody get."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from maild.problem.version import Ranges, ranges
from maild.tickets.contracts.contract import Contract

LABELS = ("Title", "CVE", "Severity", "Affected", "Impact", "Cause", "Workaround", "Remedy", "Credits")
REQUIRED = ("Title", "Severity", "Affected", "Impact", "Remedy")
SEVERITIES = ("low", "medium", "high", "critical")
MAX_LINES = 500
_LINE = re.compile(rf"({'|'.join(LABELS)})\s*:\s*(.*)\Z", re.I)
WIDTH = 60  # of the line below the title
_CVE = re.compile(r"CVE-\d{4}-\d{4,}\Z")


class BadBlock(ValueError):
    """What is wrong with a block, in a sentence that quotes nothing: it travels by mail."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Advisory:
    """The values of a block by label; `affected` is its line of that name, read."""

    values: Mapping[str, str]
    affected: Ranges

    @property
    def title(self) -> str:
        """One line."""
        return self.values["Title"]

    def concerns(self, contract: Contract) -> bool:
        """Whether a contract's customer must be told: active, enterprise, self-hosted, and on an affected version."""
        if contract.status != "active" or contract.edition != "enterprise" or contract.hosting == "online":
            return False
        return any(self.affected.covers(version) for version in contract.versions)

    def recipients(self, contracts: Iterable[Contract]) -> list[str]:
        """The addresses of those contracts, each once, in order."""
        return sorted({address for contract in contracts if self.concerns(contract) for address in contract.addresses})

    def text(self, name: str, day: date | None) -> str:
        """The document: what is known by label, under its id. `day` is when it became public; None while it is private."""
        head = f"{name}: {self.title}"
        status = f"Public since {day.isoformat()}" if day else "Confidential until it is public"
        lines = [head, "=" * min(len(head), WIDTH), "", status]
        for label in LABELS[1:]:
            value = self.values.get(label)
            if value and "\n" in value:
                lines += ["", f"{label}:", *(f"  {line}".rstrip() for line in value.split("\n"))]
            elif value:
                lines += ["", f"{label}: {value}"]
        return "\n".join([*lines, ""])


def read_advisory(block: str) -> Advisory:
    """Reads `Label: value` lines; what follows a label belongs to it up to the next.

    Raises:
        BadBlock: a label is missing, or a value is not what its label means.
    """
    values: dict[str, list[str]] = {}
    label = ""
    if block.count("\n") >= MAX_LINES:
        raise BadBlock(f"the block has more than {MAX_LINES} lines")
    for line in block.split("\n"):
        match = _LINE.match(line.strip())
        if match:
            label = next(each for each in LABELS if each.lower() == match[1].lower())
            if label in values:
                raise BadBlock(f"{label} stands there twice")
            values[label] = [match[2].strip()]
        elif label:
            values[label].append(line.strip())
        elif line.strip():
            raise BadBlock(f"a line stands before any label; the labels are {', '.join(LABELS)}")
    told = {name: "\n".join(lines).strip() for name, lines in values.items()}
    if "\n" in told.get("Title", ""):
        raise BadBlock("Title is one line")
    lacking = [name for name in REQUIRED if not told.get(name)]
    if lacking:
        raise BadBlock(f"the block lacks {', '.join(lacking)}")
    if told["Severity"].lower() not in SEVERITIES:
        raise BadBlock(f"Severity is one of {', '.join(SEVERITIES)}")
    if told.get("CVE") and not _CVE.match(told["CVE"]):
        raise BadBlock("CVE is a number like CVE-2026-12345")
    try:
        return Advisory(values=told, affected=ranges(told["Affected"]))
    except ValueError as error:
        raise BadBlock("Affected cannot be read; write versions or ranges, like 16.0, 17.0 - 18.0") from error
