"""From words to reasons."""

from __future__ import annotations

import pytest

from maild.mail.bounces.reasons import BY_STATUS, DETAIL, by_status, by_words, is_temporary


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("The recipient's inbox is full", "mailbox-full"),
        ("552 over quota", "mailbox-full"),
        ("Die Mailbox ist voll: Kontingent erreicht", "mailbox-full"),
        ("User unknown in virtual alias table", "user-unknown"),
        ("Empfänger unbekannt", "user-unknown"),
        ("Destinataire inconnu", "user-unknown"),
        ("Host or domain name not found", "host-unknown"),
        ("Message size exceeds fixed limit", "too-big"),
        ("Relay access denied", "relay-denied"),
        ("This message looks like spam", "spam"),
        ("does not pass DMARC verification", "authentication-failed"),
        ("your IP is listed at a block list", "blocked"),
        ("too many hops", "loop"),
        ("Your account has been suspended", "mailbox-disabled"),
        ("message has been in the queue too long", "expired"),
        ("Connection timed out", "no-answer"),
        ("contains a virus", "virus"),
        ("Insufficient system resources", "system-full"),
        ("we moved to a new building", None),
        ("", None),
    ],
)
def test_words_give_reasons(words: str, reason: str | None) -> None:
    """The surer phrase goes before the vaguer one; where none is known, no reason is made up."""
    assert by_words(words) == reason


def test_every_reason_of_words_is_a_status_too() -> None:
    """Where only words stand, a status is derived from the reason; what statuses say has such a status, too."""
    assert {*BY_STATUS.values()} <= {*DETAIL}
    assert by_status("5.1.1") == by_status("4.1.1") == "user-unknown"
    assert by_status("5.0.0") is None
    assert by_status(None) is None


def test_words_may_promise_more() -> None:
    """Then the status is of class 4."""
    assert is_temporary("mailbox is full: retry timeout exceeded")
    assert not is_temporary("mailbox is full")
