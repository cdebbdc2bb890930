"""Which of several replies and statuses says most."""

from __future__ import annotations

import pytest

from maild.mail.bounces.replies import best_reply


@pytest.mark.parametrize(
    ("words", "code", "status"),
    [
        ("550 5.1.1 no such user", "550", "5.1.1"),
        ("550-5.7.1 first line\n550 5.7.1 last line", "550", "5.7.1"),
        ("smtp; 5.1.0 - Unknown address error 550-'5.7.1 denied'", "550", "5.7.1"),
        ("554 4.4.7 expired <421 4.4.2 timed out>", "421", "4.4.2"),
        ("554 5.0.0 Service unavailable; 550 5.2.1 disabled", "550", "5.2.1"),
        ("said: 554\n    5.6.0 scored as spam", "554", "5.6.0"),
        ("550 #5.1.0 Address rejected", "550", "5.1.0"),
        ("no mailbox here by that name (#5.1.1)", None, "5.1.1"),
        ("said: 550 unknown (#5.5.0)", "550", "5.5.0"),
        ("ERROR_CODE :550, mailbox unavailable", "550", None),
        ("at 192.5.1.1 by Exim 4.5.1.2 v5.1.1 on port 2525, 5500 bytes", None, None),
        ("250 2.0.0 Ok\n451 4.3.0 queue file write error", "451", "4.3.0"),
        ("250 2.6.0 delivered", None, "2.6.0"),
        ("", None, None),
    ],
)
def test_the_best_reply(words: str, code: str | None, status: str | None) -> None:
    """A server's own word, code and status together, goes before a status alone, and both before those that tell nothing."""
    best = best_reply(words)
    assert (best.code, best.status) == (code, status)
