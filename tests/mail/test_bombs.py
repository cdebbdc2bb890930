"""Mails that were made to keep a parser busy. Each ends at once, says what was cut, and still gives what an honest part of it says.

No time is measured: what a missing limit makes quadratic or worse would not end within `faulthandler_timeout`.
"""

from __future__ import annotations

import runpy
from collections.abc import Callable
from pathlib import Path

import pytest

from maild.mail.address import MAX_MAILBOXES
from maild.mail.body.visible import MAX_TEXT
from maild.mail.message import Message
from maild.mail.mime.parts import MAX_DEPTH, MAX_PARTS
from maild.mail.parse import parse

HEAD = b"From: ann@example.org\r\nSubject: x\r\n"
HOSTILE = runpy.run_path(str(Path(__file__).resolve().parents[2] / "scripts" / "hostile" / "bombs.py"))["BOMBS"]
HTML = HEAD + b"Content-Type: text/html\r\n\r\n"


def multipart(boundary: bytes = b"b") -> bytes:
    """The start of a mail with parts."""
    return HEAD + b"Content-Type: multipart/mixed; boundary=" + boundary + b"\r\n\r\n"


def is_cut(message: Message, what: str) -> bool:
    """Whether a defect tells that this was cut."""
    return any(what in defect and "cut" in defect for defect in message.defects)


def test_a_subject_of_encoded_words() -> None:
    """330 KB of encoded words, for which Python's parser takes 8 s and 3 GB, become a subject of bounded length."""
    message = parse(b"From: ann@example.org\r\nSubject: " + b"\r\n ".join([b"=?utf-8?q?abcdefgh?="] * 16_500) + b"\r\n\r\nhello")
    assert message.subject.startswith("abcdefgh" * 100)
    assert len(message.subject) < 40_000
    assert message.text == "hello"
    assert is_cut(message, "header")


def test_encoded_words_of_alternating_character_sets() -> None:
    """Words that must each be guessed are as many as fit a field."""
    message = parse(
        b"From: ann@example.org\r\nSubject: " + b" ".join([b"=?a?q?=ff?=", b"=?b?q?=fe?="] * 1_000) + b"\r\n\r\nhello"
    )
    assert message.subject
    assert message.text == "hello"


def test_fifty_thousand_addresses() -> None:
    """Of a field with 50,000 addresses the first are read."""
    addresses = b",\r\n ".join(b"u%d@example.org" % number for number in range(50_000))
    message = parse(b"From: ann@example.org\r\nTo: " + addresses + b"\r\n\r\nhello")
    assert len(message.to) <= MAX_MAILBOXES
    assert message.to[0].address == "u0@example.org"
    assert is_cut(message, "header")


def test_a_million_parts() -> None:
    """A million boundary lines are no million parts."""
    message = parse(multipart() + b"\n--b\n" * 1_000_000 + b"\n--b--\n")
    assert len(message.attachments) <= MAX_PARTS
    assert any("mime: too many" in defect for defect in message.defects)


def test_a_header_of_ten_megabytes_in_one_field() -> None:
    """One field of 10 MB is cut; the text behind it is read."""
    message = parse(HEAD + b"X: " + b"a" * 10_000_000 + b"\r\n\r\nhello")
    assert (message.subject, message.text) == ("x", "hello")
    assert is_cut(message, "header")


def test_a_header_of_ten_megabytes_in_a_million_fields() -> None:
    """A million fields are cut; the text behind them is read."""
    message = parse(HEAD + b"X: aaaaa\r\n" * 1_000_000 + b"\r\nhello")
    assert (message.subject, message.text) == ("x", "hello")
    assert is_cut(message, "fields")


def test_a_field_of_a_million_folds() -> None:
    """A field may be folded a million times."""
    message = parse(HEAD + b"X: a" + b"\r\n a" * 1_000_000 + b"\r\n\r\nhello")
    assert (message.subject, message.text) == ("x", "hello")
    assert is_cut(message, "header")


@pytest.mark.parametrize(
    "field",
    [
        b"(" * 300_000,
        b"(a" * 150_000,
        b"(\\(" * 100_000,
        b"(" + b"a" * 300_000 + b")",
        b'"\\' * 150_000,
        b"<" * 300_000,
        b"a" * 300_000 + b"@",
        b"@" * 300_000,
    ],
    ids=["nested-comments", "open-comments", "escaped-comments", "long-comment", "escapes", "angles", "no-domain", "ats"],
)
def test_long_comments_and_what_never_closes(field: bytes) -> None:
    """A sender cannot be read out of it, and the rest of the mail is."""
    message = parse(b"Subject: x\r\nTo: support@example.com\r\nFrom: " + field + b"\r\n\r\nhello")
    assert (message.subject, message.text, message.to[0].address) == ("x", "hello", "support@example.com")
    assert is_cut(message, "header")


@pytest.mark.parametrize(
    "name",
    [b"Message-ID", b"References", b"In-Reply-To", b"Date", b"List-Id", b"Auto-Submitted", b"Content-Type", b"Delivered-To"],
)
@pytest.mark.parametrize("unit", [b"<", b"<a", b"a@", b";a*0*=", b'"', b"=?u?q?", b"1 "])
def test_long_structured_fields(name: bytes, unit: bytes, sound: Callable[[Message], None]) -> None:
    """No field that is taken apart takes long, whatever it repeats."""
    message = parse(HEAD + name + b": " + unit * 25_000 + b"\r\n\r\nhello")
    sound(message)
    assert message.subject == "x"


@pytest.mark.parametrize("depth", [MAX_DEPTH - 1, MAX_DEPTH, MAX_DEPTH + 2, 5_000])
def test_multiparts_nested_deep(depth: int) -> None:
    """Nested multiparts are taken apart to a depth; what lies deeper is one attachment, not lost."""
    raw = (
        HEAD
        + b"".join(b"Content-Type: multipart/mixed; boundary=b%d.\r\n\r\n--b%d.\r\n" % (n, n) for n in range(depth))
        + b"\r\nhello"
    )
    message = parse(raw)
    if depth <= MAX_DEPTH:
        assert message.text == "hello"
    else:
        assert len(message.attachments) == 1
        assert any("mime: " in defect for defect in message.defects)


def test_multiparts_nested_deep_and_wide() -> None:
    """Each level may hold much beside the next: the whole is gone through a bounded number of times."""
    raw = HEAD + b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d.\r\n\r\n--b%d.\r\n\r\n%s\r\n--b%d.\r\n" % (n, n, b"x\n" * 10_000, n)
        for n in range(MAX_DEPTH)
    )
    message = parse(raw + b"\r\nhello")
    assert message.text.endswith("hello")


def test_nested_mails() -> None:
    """A mail in a mail in a mail is one attachment."""
    message = parse(HEAD + b"Content-Type: message/rfc822\r\n\r\n" * 5_000 + b"hello")
    assert len(message.attachments) == 1


@pytest.mark.parametrize(
    "body",
    [
        b"<div>" * 100_000,
        b"<span></x>" * 100_000,
        b"<table><tr><td>" * 50_000,
        b"<!--" * 200_000,
        b"<" * 500_000,
        b"<a" * 250_000,
        b"&" * 500_000,
        b"<a " + b"b=c " * 100_000,
    ],
    ids=["divs", "unclosed", "tables", "comments", "angles", "tags", "entities", "attributes"],
)
def test_html_of_one_thing(body: bytes) -> None:
    """HTML that repeats one thing a hundred thousand times ends, in text of bounded length."""
    message = parse(HTML + b"hello " + body)
    assert len(message.text) < 4 * len(body)
    assert "hello" in message.text


@pytest.mark.parametrize("name", [b"a", b"/a", b"a:", b"/"])
def test_a_tag_that_never_ends(name: bytes) -> None:
    """A tag with a name of a million letters is looked at once, not once a letter."""
    message = parse(HTML + b"hello <" + name * 1_000_000)
    assert message.text.startswith("hello")


@pytest.mark.parametrize(
    "body",
    [
        b"<pre>hello" + b" " * 1_000_000 + b"x</pre>",
        b"hello" + b"&nbsp;" * 300_000 + b"x",
        b"<div>" * 401 + b"hello" + b" &nbsp;" * 200_000 + b"x",
    ],
)
def test_blanks_without_end(body: bytes) -> None:
    """A million blanks inside a line are looked at once, not once from each of them on."""
    assert parse(HTML + body).text.lstrip().startswith("hello")


def test_flowed_text_of_one_paragraph() -> None:
    """A quarter of a million flowed lines are joined in one pass."""
    message = parse(HEAD + b"Content-Type: text/plain; format=flowed\r\n\r\n" + b"a \r\n" * 259_000 + b"z")
    assert message.text == "a " * 259_000 + "z"


@pytest.mark.parametrize(
    "body",
    [b"xn--" + b"a" * 1_000_000, b"a" * 500_000 + b"-" + b"b9" * 200_000, b"xn--aa-." * 100_000],
    ids=["label", "insertions", "labels"],
)
@pytest.mark.parametrize("name", [b"idna", b"punycode", b"IDNA", b"Puny-Code"])
def test_codecs_of_quadratic_time(name: bytes, body: bytes) -> None:
    """What was made for domain names takes hours for a text: it is not used."""
    message = parse(HEAD + b"Content-Type: text/plain; charset=" + name + b"\r\n\r\n" + body)
    assert message.text == body.decode()


def test_parts_that_must_each_be_guessed() -> None:
    """The character set of as many parts as may be is guessed from their beginnings."""
    part = b"--b\r\n\r\n" + bytes(range(160, 256)) * 300 + b"\r\n"
    message = parse(multipart() + part * 60 + b"--b--\r\n")
    assert len(message.text) > 60 * 10_000


@pytest.mark.parametrize(
    "line",
    [
        b"> a",
        b"> a\nb",
        b"-- ",
        b"From: x",
        b"on " + b"wrote" * 50,
        b"on " + b"wrote:" * 40,
        b"On Monday",
        b"--",
        b">" * 400,
        b" " * 400,
        b"Sent from my",
        b"_" * 300,
    ],
    ids=[
        "quotes",
        "interleaved",
        "signatures",
        "headers",
        "wrote",
        "wrote-colon",
        "attribution",
        "dashes",
        "depth",
        "blanks",
        "phones",
        "underscores",
    ],
)
def test_texts_that_look_like_quotes(line: bytes, sound: Callable[[Message], None]) -> None:
    """A text of nothing but the marks of quotes and signatures is divided, and nothing of it is lost."""
    text = (line + b"\n") * (600_000 // len(line))
    message = parse(HEAD + b"\r\n" + text)
    sound(message)
    parts = (message.reply.text, message.reply.signature or "", message.reply.quoted or "")
    assert sum(len("".join(part.split())) for part in parts) == len("".join(message.text.split()))


def test_a_report_about_a_hundred_thousand_recipients() -> None:
    """Of a delivery report the first recipients are read."""
    block = b"Final-Recipient: rfc822; a@b.c\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n"
    head = (
        HEAD
        + b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n"
    )
    message = parse(head + block * 100_000 + b"--b--\r\n")
    assert message.bounce is not None
    assert 1 <= len(message.bounce.recipients) <= 501


def test_base64_and_uuencode_of_nothing_but_noise() -> None:
    """Encodings are read in one pass, however little of their body is theirs."""
    for encoding, body in (
        (b"base64", b"=" * 2_000_000),
        (b"base64", b"\xff" * 2_000_000),
        (b"x-uuencode", b"M\n" * 500_000),
        (b"quoted-printable", b"=\n" * 1_000_000),
    ):
        message = parse(HEAD + b"Content-Transfer-Encoding: " + encoding + b"\r\n\r\n" + body)
        assert len(message.text) <= MAX_TEXT


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("size", [1_000, 300_000])
def test_the_bombs_that_are_timed(name: str, size: int, sound: Callable[[Message], None]) -> None:
    """`scripts/hostile` measures these at up to 25 MB; here they are small, and what comes out is looked at."""
    sound(parse(HOSTILE[name](size)))
