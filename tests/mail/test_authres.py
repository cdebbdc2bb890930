"""Authentication-Results, read: what is surely meant and nothing else, from any octets, in linear time."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.mail.authres import MAX_FIELDS, MAX_LENGTH, authentications
from maild.mail.message import Authentication
from maild.mail.mime.fields import Fields
from maild.mail.parse import parse


def read(*bodies: str) -> tuple[Authentication, ...]:
    """The fields with these bodies, from the top."""
    return authentications(Fields([("authentication-results", body) for body in bodies]))


def said(body: str) -> list[tuple[str, str, dict[str, str]]]:
    """(method, result, properties) of each result of one field."""
    [field] = read(body)
    return [(each.method, each.result, dict(each.properties)) for each in field.results]


# RFC 8601, appendix B, as far as it has a server
@pytest.mark.parametrize(
    ("body", "server", "results"),
    [
        ("example.org 1; none", "example.org", []),
        ("example.com;  spf=pass smtp.mailfrom=example.net", "example.com", [("spf", "pass", {"smtp.mailfrom": "example.net"})]),
        (
            'example.com;   auth=pass (cram-md5) smtp.auth=sender@example.net;  spf=pass smtp.mailfrom=example.net',
            "example.com",
            [("auth", "pass", {"smtp.auth": "sender@example.net"}), ("spf", "pass", {"smtp.mailfrom": "example.net"})],
        ),
        (
            "example.com;  dkim=pass (good signature) header.d=example.com;\tsender-id=pass header.from=example.com",
            "example.com",
            [("dkim", "pass", {"header.d": "example.com"}), ("sender-id", "pass", {"header.from": "example.com"})],
        ),
        (
            'example.com; dkim=pass reason="good signature" header.i=@mail-router.example.net; dkim=fail reason="bad signature" header.i=@newyork.example.com',
            "example.com",
            [("dkim", "pass", {"header.i": "@mail-router.example.net"}), ("dkim", "fail", {"header.i": "@newyork.example.com"})],
        ),
        (
            "foo.example.net (foobar) 1 (baz);    dkim (Because I like it) / 1 (One yay) = (wait for it) fail     policy (A dot can go here) . (like that) expired     (this surprised me) = (as I wasn't expecting it) 1362471462",
            "foo.example.net",
            [("dkim", "fail", {"policy.expired": "1362471462"})],
        ),
        ("EXAMPLE.com; DKIM=PASS", "example.com", [("dkim", "pass", {})]),
        ("mx; a=b; ; =; x; y=; =z; c=d", "mx", [("a", "b", {}), ("c", "d", {})]),
        ("mx; dmarc=pass header.from=a header.from=b", "mx", [("dmarc", "pass", {"header.from": ""})]),
        ("mx; dmarc=pass header.from=a HEADER.FROM=a", "mx", [("dmarc", "pass", {"header.from": "a"})]),
        ("mx; dmarc=pass.x", "mx", []),
        ('mx; dmarc="pass"', "mx", [("dmarc", "quoted", {})]),
    ],
)  # fmt: skip
def test_fields(body: str, server: str, results: list[tuple[str, str, dict[str, str]]]) -> None:
    """Who says it, and each result with its properties; comments and quoted strings say nothing."""
    assert [each.server for each in read(body)] == [server]
    assert said(body) == results


@pytest.mark.parametrize(
    "body",
    ["", ";", " ; dmarc=pass", "mx host; dmarc=pass", "mx 2; dmarc=pass", "mx 1 1; x=y", "mx; (", "mx; )", "mx; ((x)", "mx; (x))", 'mx; "', 'mx; "\\"',
     "(mx; dmarc=pass", "m\u00fcnchen; a=b", "mx; a=\udce4", "mx/x; a=b", "x" * 300 + "; a=b", "mx;" + " " * MAX_LENGTH],
)  # fmt: skip
def test_what_cannot_be_read_hides_what_is_below(body: str) -> None:
    """In doubt nothing is said, by this field nor by any below it; what stands above it stays."""
    above = "above.example; dmarc=pass"
    below = "below.example; dmarc=pass"
    assert [each.server for each in read(above, body, below)] == ["above.example"]
    assert read(body, below) == ()


def test_only_so_many_fields() -> None:
    """A pile of them is not read to its end."""
    found = read(*(f"h{number}; a=b" for number in range(50)))
    assert [each.server for each in found] == [f"h{number}" for number in range(MAX_FIELDS)]


def test_in_a_mail() -> None:
    """Folded fields in any letter case, in the order in which they stand."""
    raw = b"AUTHENTICATION-RESULTS: one;\r\n\tdmarc=pass\r\n header.from=example.org\r\nX: y\r\nauthentication-results: two; none\r\n\r\n"
    mail = parse(raw)
    assert [each.server for each in mail.authentications] == ["one", "two"]
    assert mail.authentications[0].results[0].properties == {"header.from": "example.org"}
    assert parse(b"From: a@b.c\r\n\r\nAuthentication-Results: one; a=b").authentications == ()


@given(st.text(alphabet='mx;= ()"\\.\r\n\tdarcpsfheo1/-\u00e4', max_size=120))
def test_total(body: str) -> None:
    """Whatever it holds: it is read or it is not, and what is read is lower-case words without separators."""
    for field in read(body):
        assert field.server == field.server.lower()
        for result in field.results:
            assert not set(result.method + result.result) & set(' ;()"=')
            assert all(name.count(".") >= 1 for name in result.properties)


@given(st.binary(max_size=200))
def test_total_on_octets(octets: bytes) -> None:
    """No octets in a field stop a mail from being read."""
    raw = b"Authentication-Results: " + octets.replace(b"\n", b" ") + b"\r\nFrom: a@b.c\r\n\r\nHello"
    assert parse(raw).from_[0].address == "a@b.c"


@pytest.mark.parametrize(
    "body", ["(" * 1_000_000, "()" * 500_000, '"' * 1_000_001, '"\\' * 500_000, ";" * 1_000_000, "mx; " + "a=b;" * 250_000, "a." * 500_000, "mx; a=b " + "c.d=" * 250_000]
)  # fmt: skip
def test_a_megabyte_of_anything(body: str) -> None:
    """What is too long says nothing, at once; and what is just short enough is read in no time."""
    start = time.perf_counter()
    assert read(body) == ()
    for _ in range(20):
        read(body[:MAX_LENGTH], f"mx; {body[: MAX_LENGTH - 4]}")
    assert time.perf_counter() - start < 5
