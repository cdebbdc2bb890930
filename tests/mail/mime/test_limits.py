"""What of a header section may reach the parser."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.mail.mime.limits import MAX_FIELD, MAX_FIELDS, MAX_HEADER, guard


def test_an_honest_mail_passes_untouched() -> None:
    """Not an octet is changed, nothing is told."""
    found = guard(b"A: b\r\n c\r\nD: e\r\n\r\nbody \r\0\n")
    assert (found.header, found.body, found.defects) == (b"A: b\r\n c\r\nD: e", b"body \r\0\n", ())


@given(field=st.binary(max_size=40))
def test_no_header_has_a_bare_cr_nul_or_form_feed(field: bytes) -> None:
    """What a later reader may take for a line end is a blank."""
    header = guard(b"X: " + field + b"\r\n\r\nbody").header
    assert not set(header.replace(b"\r\n", b"")) & {0x0D, 0x00, 0x0B, 0x0C}


def test_long_headers_are_cut_at_all_three_limits() -> None:
    """Octets in all, fields, octets a field: each cut is told."""
    long = guard(b"A: " + b"a" * (MAX_HEADER + 5) + b"\r\n\r\nbody")
    assert len(long.header) <= MAX_FIELD
    assert any("cut" in defect for defect in long.defects)
    many = guard(b"A: b\r\n" * (MAX_FIELDS + 5) + b"\r\nbody")
    assert many.header.count(b"A: b") == MAX_FIELDS
    assert many.defects == (f"header: {MAX_FIELDS + 5} fields, cut",)
    wide = guard(b"A: " + b"a" * (MAX_FIELD + 5) + b"\r\nB: c\r\n\r\nbody")
    assert b"\r\nB: c" in wide.header
    assert wide.defects == ("header: a field is too long, cut",)
    assert {long.body, many.body, wide.body} == {b"body"}


@pytest.mark.parametrize(
    ("raw", "header", "body"),
    [
        (b"A: b\rC: d\r\rbody\r", b"A: b\nC: d", b"body\n"),
        (b"A: b\r\r\nC: d\r\r\n\r\r\nbody\r\r\n", b"A: b\r\nC: d", b"body\r\n"),
        (b"\n \r\nFrom: b\n\nbody", b"From: b", b"body"),
        (b"From a@b Mon\n\nSubject: b\n\nbody", b"Subject: b", b"body"),
    ],
)
def test_line_ends_that_are_none_and_headers_that_begin_late(raw: bytes, header: bytes, body: bytes) -> None:
    """They are read as they were meant, and told: who signed such a header section has read another one."""
    found = guard(raw)
    assert (found.header, found.body) == (header, body)
    assert found.defects


def test_a_body_that_begins_with_empty_lines_stays_a_body() -> None:
    """An empty header section is one (RFC 5322, section 2.1): only what surely is a header comes late."""
    assert guard(b"\n\nHello: you\n").body == b"\nHello: you\n"
