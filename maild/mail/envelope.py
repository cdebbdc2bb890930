"""What the transport says about a mail (RFC 5321, section 2.3.1), and how it came in. Not what its header claims."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

IntakeRoad = Literal["smtp", "lmtp", "imap", "pipe", "import"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """Reverse-path and forward-paths, without angle brackets; the null reverse-path is empty."""

    reverse_path: str
    forward_paths: tuple[str, ...]
    arrived_at: datetime
    intake: IntakeRoad
    trusted: bool = False  # it came over a road whose Authentication-Results may be believed
    helo: str = ""
    peer: str = ""
