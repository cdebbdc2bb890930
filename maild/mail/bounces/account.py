"""What a report says about one recipient, before its status and reason are judged."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One recipient as told. `action` and `status` are as the report's own fields have them, or empty; `words` is the explanation."""

    address: str
    action: str = ""
    status: str = ""
    words: str = ""
