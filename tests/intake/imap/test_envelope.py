"""Envelopes from header sections: which of the desk's addresses a fetched mail is for, and where failures go. No server."""

from __future__ import annotations

import pytest

from maild.intake.imap.envelope import MAX_PATHS, paths_of
from maild.tickets.address import AddressBook


@pytest.mark.parametrize(
    ("header", "to"),
    [
        ("To: support@example.com", ["support@example.com"]),
        ("To: Support <SUPPORT@Example.com>, x@example.org\r\nCc: upgrade@example.com", ["support@example.com", "upgrade@example.com"]),
        ("Delivered-To: upgrade@example.com\r\nTo: support@example.com", ["upgrade@example.com"]),
        ("X-Original-To: upgrade@example.com\r\nDelivered-To: account17@provider.example", ["upgrade@example.com"]),
        ("Envelope-To: support@example.com, upgrade@example.com", ["support@example.com", "upgrade@example.com"]),
        ("Delivered-To: account17@provider.example\r\nTo: support@example.com", ["support@example.com"]),
        ("Delivered-To: support@example.com\r\nTo: support+12-c-abcdefghijkl@example.com", ["support+12-c-abcdefghijkl@example.com"]),
        ("Delivered-To: support@example.com\r\nTo: upgrade+12-c-abcdefghijkl@example.com", ["support@example.com"]),
        ("Delivered-To: support@example.com\r\nTo: support+me@example.com", ["support@example.com"]),
        ("Delivered-To: support@example.com\r\nCc: postmaster@example.com", ["support@example.com"]),
        ("To: undisclosed-recipients:;", ["emergency@example.com"]),
        ("To: postmaster@example.com", ["postmaster@example.com"]),
        ("To: support+bounce-0123456789abcdef-aaaaaaaaaaaa@example.com", ["emergency@example.com"]),
        ("", ["emergency@example.com"]),
    ],
)  # fmt: skip
def test_forward_paths(book: AddressBook, header: str, to: list[str]) -> None:
    """Trace fields go before To and Cc, unless these say more of the same mailbox; else the folder's own mailbox."""
    head = f"From: ann@example.org\r\n{header}\r\n\r\nTo: security@example.com\r\n".encode()
    paths = paths_of(head, book, "emergency@example.com")
    assert list(paths.forward_paths) == to
    assert paths.sealed is False


def test_sealed(book: AddressBook) -> None:
    """One sealed mailbox seals the mail, as it does in the dialogue."""
    assert paths_of(b"To: security@example.com, support@example.com\r\n\r\n", book, "support@example.com").sealed
    assert paths_of(b"Subject: x\r\n\r\n", book, "security@example.com").sealed


@pytest.mark.parametrize(
    ("header", "reverse_path"),
    [
        ("Return-Path: <bounces@example.net>\r\nFrom: ann@example.org", "bounces@example.net"),
        ("Return-Path: <>\r\nFrom: mailer-daemon@example.org", ""),
        ("Return-Path: nonsense\r\nFrom: ann@example.org", ""),
        ("From: Ann <ann@example.org>, Bob <bob@example.org>", "ann@example.org"),
        ("From: Ann", ""),
        ("Subject: x", ""),
    ],
)
def test_reverse_path(book: AddressBook, header: str, reverse_path: str) -> None:
    """Return-Path of the server that delivered, else the author; nobody where there is neither."""
    assert paths_of(f"{header}\r\n\r\n".encode(), book, "support@example.com").reverse_path == reverse_path


def test_hostile(book: AddressBook) -> None:
    """Octets that are no text, a bare CR that plays a field, thousands of addresses: bounded, and never an error."""
    assert paths_of(b"To: s\xffpport@example.com\r\n\r\n", book, "support@example.com").forward_paths == ("support@example.com",)
    assert paths_of(b"X: y\rTo: upgrade@example.com\r\n\r\n", book, "support@example.com").forward_paths == (
        "support@example.com",
    )
    many = ", ".join(f"support+{number}@example.com" for number in range(900)).encode()
    assert len(paths_of(b"To: " + many + b"\r\n\r\n", book, "support@example.com").forward_paths) == MAX_PATHS
    assert paths_of(b"\x00" * 2_000_000, book, "support@example.com").forward_paths == ("support@example.com",)
    assert paths_of(b"", book, "support@example.com").reverse_path == ""
