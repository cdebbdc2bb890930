"""How many connections are let in: in all, and from one address. Our own MTA may have them all."""

from __future__ import annotations

from collections import Counter

from maild.config import Listener


class Gate:
    """Counts the open connections of one listener."""

    def __init__(self, listener: Listener) -> None:
        self._listener = listener
        self._open: Counter[str] = Counter()

    def is_trusted(self, peer: str) -> bool:
        """Whether the road from this peer is our own MTA's; a Unix socket has no peer and is one."""
        return not peer or peer in self._listener.trusted_peers

    def enter(self, peer: str) -> bool:
        """Counts a connection in, or says no."""
        if self._open.total() >= self._listener.max_connections:
            return False
        if not self.is_trusted(peer) and self._open[peer] >= self._listener.max_per_address:
            return False
        self._open[peer] += 1
        return True

    def leave(self, peer: str) -> None:
        """Counts it out."""
        self._open[peer] -= 1
        if not self._open[peer]:
            del self._open[peer]
