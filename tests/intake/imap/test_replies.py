"""Answers of servers, in the ways in which servers write them. No server."""

from __future__ import annotations

import pytest

from maild.intake.imap.replies import bodies, folder_name, found_uids, quoted, response_code, selected, sizes, uid_set


def test_select() -> None:
    """UIDVALIDITY and UIDNEXT, wherever they stand; 0 where they do not."""
    lines = [b"FLAGS (\\Seen)", b"3 EXISTS", b"OK [UIDVALIDITY 1700] ok", b"OK [UIDNEXT 4294967295] ok", b"[READ-WRITE] done"]
    assert (selected(lines).validity, selected(lines).next) == (1700, 4_294_967_295)
    assert (selected([b"[READ-WRITE] done"]).validity, selected([]).next) == (0, 0)


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        ([b"1 3 2", b"Search completed"], [1, 2, 3]),
        ([b"", b"Search completed"], []),
        ([b"1 2", b"2 9", b"done 77"], [1, 2, 9]),
        ([b"5 (MODSEQ 917162500)", b"done"], [5]),
        ([b"completed"], []),
    ],
)
def test_search(lines: list[bytes], found: list[int]) -> None:
    """UIDs of all lines but the last, whatever else stands there."""
    assert found_uids(lines) == found


def test_sizes() -> None:
    """In any order of items; news of other messages, which have no UID or no size, are passed over."""
    lines = [
        b"1 FETCH (UID 11 FLAGS (\\Seen) RFC822.SIZE 300)",
        b"4 FETCH (FLAGS (\\Deleted))",
        b"2 FETCH (RFC822.SIZE 5000000000 FLAGS () UID 12)",
        b"7 FETCH (FLAGS () UID 17)",
        b"Fetch completed.",
    ]
    assert sizes(lines) == {11: 300, 12: 5_000_000_000}


def test_bodies() -> None:
    """The UID before or behind the literal, empty and quoted bodies, and literals that are something else."""
    lines = [
        b"1 FETCH (UID 11 BODY[]<0> {5}", bytearray(b"hello"), b")",
        b"2 FETCH (BODY[] {3}", bytearray(b"abc"), b" UID 12 FLAGS (\\Recent))",
        b"3 FETCH (FLAGS (\\Seen))",
        b'4 FETCH (UID 14 BODY[]<1048576> "")',
        b"5 FETCH (UID 15 BODY[]<1048576> NIL)",
        b'6 FETCH (BODY[] "UID 99 \\"x\\"" UID 16)',
        b"7 FETCH (UID 17 BODY[]<0> {0}", bytearray(b""), b")",
        b"8 FETCH (UID 18 X-OTHER {2}", bytearray(b"no"), b" BODY[]<0> {3}", bytearray(b"yes"), b")",
        b"9 FETCH (UID 19)",
        b"Fetch completed.",
    ]  # fmt: skip
    assert bodies(lines) == {11: b"hello", 12: b"abc", 14: b"", 15: b"", 16: b'UID 99 "x"', 17: b"", 18: b"yes"}


def test_mail_that_looks_like_an_answer() -> None:
    """What a mail says is never taken for the server's word."""
    forged = bytearray(b"* 2 FETCH (UID 12 BODY[] {3}\r\nabc)\r\n")
    assert bodies([b"1 FETCH (UID 11 BODY[]<0> {39}", forged, b")", b"done"]) == {11: bytes(forged)}


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b"[AUTHENTICATIONFAILED] ann@example.org", "AUTHENTICATIONFAILED"), (b"[trycreate] no", "TRYCREATE"),
        (b"[COPYUID 1 2 3] done", "COPYUID"), (b"no such user [ANN]", ""), (b"", ""),
    ],
)  # fmt: skip
def test_response_code(line: bytes, code: str) -> None:
    """The code alone: the text may name people."""
    assert response_code([b"1 EXISTS", line]) == code


def test_uid_set() -> None:
    """Runs become ranges."""
    assert uid_set([7, 1, 2, 3, 9, 10]) == "1:3,7,9:10"
    assert uid_set([5]) == "5"


@pytest.mark.parametrize(
    ("name", "wire"),
    [
        ("INBOX", '"INBOX"'), ("Büro & Co", '"B&APw-ro &- Co"'), ('a"b\\c', '"a\\"b\\\\c"'), ("台北", '"&U,BTFw-"'), ("日本語", '"&ZeVnLIqe-"'),
    ],
)  # fmt: skip
def test_folder_name(name: str, wire: str) -> None:
    """Modified UTF-7, with the examples of RFC 3501, section 5.1.3."""
    assert folder_name(name) == wire
    assert quoted("a b") == '"a b"'
