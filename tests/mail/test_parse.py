"""`parse`: total on any bytes, and true on honest ones."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maild.mail.message import Mailbox, Message
from maild.mail.parse import leaf_of, parse

PLAIN = b"""\
Received: from mx.example.org by mail.example.com; Wed, 04 Mar 2026 11:00:01 +0000
Received: from [192.0.2.1] by mx.example.org; Wed, 04 Mar 2026 11:00:00 +0000
Message-ID: <1@example.org>
In-Reply-To: <0@example.org>
References: <a@example.org>\r
 <0@example.org>
Date: Wed, 04 Mar 2026 12:00:00 +0100
From: =?utf-8?q?J=C3=BCrgen_B=C3=A4r?= <juergen@example.org>
To: Support <support@example.com>, boss@example.org
Cc: "Berg, Ann" <ann@example.org>
Reply-To: team@example.org
Subject: =?utf-8?b?UmVjaG51bmcg?= =?utf-8?b?ZsOkbGx0IGF1cw==?=
Delivered-To: <support@example.com>
List-Id: Users of things <users.example.org>

The invoice is blank.

On Monday you wrote:
> Which one?
""".replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")

MIXED = b"""\
From: ann@example.org
Subject: Two files
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="=_outer"

A preamble that nobody sees.
--=_outer
Content-Type: multipart/related; boundary="=_related"

--=_related
Content-Type: multipart/alternative; boundary="=_inner"

--=_inner
Content-Type: text/plain; charset=iso-8859-15; format=flowed
Content-Transfer-Encoding: quoted-printable

It costs 5 =A4 and =
is on the first page.
--=_inner
Content-Type: text/html; charset=utf-8
Content-Transfer-Encoding: 8bit

<p>It costs <b>5 \xe2\x82\xac</b></p><img src="cid:logo@x">
--=_inner--
--=_related
Content-Type: image/png
Content-Transfer-Encoding: base64
Content-ID: <logo@x>
Content-Disposition: inline

iVBORw0KGgo=
--=_related--
--=_outer
Content-Type: application/octet-stream;
 name*0*=utf-8''R%C3%A9sum%C3%A9%20;
 name*1=2026.pdf
Content-Transfer-Encoding: base64
Content-Disposition: attachment

SGVsbG8=
--=_outer
Content-Type: text/plain; name="../../etc/passwd"

root
--=_outer--
An epilogue.
""".replace(b"\n", b"\r\n")

REPORT = b"""\
From: MAILER-DAEMON@mx.example.org
To: support+bounce@example.com
Subject: Undelivered
Auto-Submitted: auto-replied
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b

It did not arrive.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org

Final-Recipient: rfc822; gone@example.org
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 no such user

--b
Content-Type: message/rfc822

Message-ID: <7.abc@mail.example.com>
Subject: Hello

Hello
--b--
"""

SEEDS = (PLAIN, MIXED, REPORT)
# What breaks parsers: put into honest mails at any place.
HOSTILE = (
    b"\r", b"\n", b"\0", b"\r\n\r\n", b"\n\n", b"\x85", b"\xe2\x80\xa8", b"\xff\xfe", b"\xed\xa0\x80", b"=?utf-8?b?", b"?=", b"=?utf-8?q?=00=0d=0a?=",
    b"=?utf-16?b?2AA=?=", b"=?unicode_escape?q?=5cud800?=", b'"', b"\\", b"(", b"<", b">", b",", b";", b":", b"--=_inner\r\n", b"--=_outer--\r\n",
    b"\r\nContent-Type: text/html; charset=utf-7\r\n", b"\r\nContent-Type: multipart/mixed; boundary=\"=_outer\"\r\n", b"\r\nContent-Transfer-Encoding: x-uuencode\r\n",
    b"\r\nDate: Fri, 31 Feb 99999 99:99:99 +9999999\r\n", b"; filename*0*=utf-7''+AAA-; filename*1=\"..\\x\"", b"&#55296;&#0;<p>", b"filename*9999999=x",
)  # fmt: skip


@given(raw=st.binary(max_size=600))
@settings(max_examples=150)
def test_any_octets_are_a_message(raw: bytes, sound: Callable[[Message], None]) -> None:
    """Whatever the octets are, a sound message comes out."""
    sound(parse(raw))


@given(
    soup=st.text(alphabet="\r\n\t :;=?<>\"'()@,.-_aZ9é\0\x85\u2028", max_size=300),
    start=st.sampled_from([b"", b"From: ", b"Subject: ", b"Content-Type: text/html\n\n"]),
)
@settings(max_examples=150)
def test_any_syntax_is_a_message(soup: str, start: bytes, sound: Callable[[Message], None]) -> None:
    """The characters that header fields are made of give a sound message in any order."""
    sound(parse(start + soup.encode()))


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """An honest mail, with hostile octets put in and pieces cut out, moved or doubled."""
    raw = draw(st.sampled_from(SEEDS))
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, len(raw)))
        to = draw(st.integers(at, min(len(raw), at + 200)))
        piece = draw(st.one_of(st.sampled_from(HOSTILE), st.binary(max_size=8), st.just(raw[at:to] * 2)))
        raw = raw[:at] + piece + raw[draw(st.sampled_from([at, to])) :]
    return raw


@given(raw=mutated())
@settings(max_examples=300)
def test_mutated_mails_are_messages(raw: bytes, sound: Callable[[Message], None]) -> None:
    """A damaged or forged mail gives a sound message, and the same one every time."""
    message = parse(raw)
    sound(message)
    assert parse(raw) == message


@pytest.mark.parametrize(
    "raw", [b"", b"\n", b"\r\n", b":", b"From", b"\0", b"From a@b Thu Jan  1 00:00:00 1970\n", b"\xff" * 100]
)
def test_next_to_nothing_is_a_message(raw: bytes, sound: Callable[[Message], None]) -> None:
    """The empty mail and its neighbours are messages without a sender, and say so."""
    message = parse(raw)
    sound(message)
    assert message.from_ == ()
    assert "header: no sender" in message.defects


def test_everything_that_a_plain_mail_says() -> None:
    """Each value of an honest mail is where it belongs, decoded."""
    message = parse(PLAIN)
    assert message.message_id == "1@example.org"
    assert message.in_reply_to == ("0@example.org",)
    assert message.references == ("a@example.org", "0@example.org")
    assert message.date == datetime(2026, 3, 4, 11, 0, tzinfo=UTC)
    assert message.author == Mailbox(name="Jürgen Bär", address="juergen@example.org")
    assert message.to == (Mailbox(name="Support", address="support@example.com"), Mailbox(name="", address="boss@example.org"))
    assert message.cc == (Mailbox(name="Berg, Ann", address="ann@example.org"),)
    assert message.reply_to == (Mailbox(name="", address="team@example.org"),)
    assert message.subject == "Rechnung fällt aus"
    assert message.delivered_to == ("support@example.com",)
    assert message.list_id == "users.example.org"
    assert message.hops == 2
    assert message.text == "The invoice is blank.\n\nOn Monday you wrote:\n> Which one?"
    assert message.reply.text == "The invoice is blank."
    assert message.html is None
    assert message.defects == ()


def test_everything_that_a_mail_with_parts_says() -> None:
    """Of alternatives the text is taken and the HTML kept; what has a name or another type is an attachment."""
    message = parse(MIXED)
    assert message.text == "It costs 5 € and is on the first page."
    assert message.html is not None
    assert "<b>5 €</b>" in message.html
    logo, resume, passwd = message.attachments
    assert (logo.name, logo.type, logo.inline, logo.content_id) == (None, "image/png", True, "logo@x")
    assert (resume.name, resume.size, resume.inline) == ("Résumé 2026.pdf", 5, False)
    assert resume.sha256 == hashlib.sha256(b"Hello").hexdigest()
    assert passwd.name == "passwd"
    assert message.defects == ()


def test_a_part_is_found_again_by_its_number() -> None:
    """`Attachment.part` leads back to the octets, for whoever sends the attachment on."""
    message = parse(MIXED)
    for attached in message.attachments:
        leaf = leaf_of(MIXED, attached.part)
        assert leaf is not None
        assert hashlib.sha256(leaf.content).hexdigest() == attached.sha256
    assert leaf_of(MIXED, 99) is None


@pytest.mark.parametrize("raw", SEEDS, ids=["plain", "mixed", "report"])
def test_line_ends_do_not_matter(raw: bytes) -> None:
    """A mail says the same with CRLF and with LF."""
    unix = parse(raw.replace(b"\r\n", b"\n"))
    wire = parse(raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))
    for name in ("subject", "from_", "to", "references", "text", "reply", "date", "automatic", "bounce", "defects"):
        assert getattr(unix, name) == getattr(wire, name), name
    assert [each.name for each in unix.attachments] == [each.name for each in wire.attachments]


def test_a_bare_cr_forges_no_field() -> None:
    """A CR alone ends no line (RFC 5322, section 2.2): what stands behind it stays in the field before it."""
    message = parse(b"Subject: a\rFrom: evil@x.example\rBcc: b@x.example\r\nFrom: ann@example.org\r\n\r\nhi")
    assert message.author == Mailbox(name="", address="ann@example.org")
    assert message.subject == "a From: evil@x.example Bcc: b@x.example"
    assert "header: bare CR, NUL or form feed" in message.defects


@pytest.mark.parametrize("octet", [b"\0", b"\x0b", b"\x0c", b"\x1c", b"\x1d", b"\x85", b"\xc2\x85", b"\xe2\x80\xa8"])
def test_no_other_octet_ends_a_header_line(octet: bytes) -> None:
    """What Python's splitlines takes for a line end is none in a header section."""
    message = parse(b"Subject: a" + octet + b"From: evil@x.example\r\nFrom: ann@example.org\r\n\r\nhi")
    assert [each.address for each in message.from_] == ["ann@example.org"]


def test_a_bare_cr_in_a_parts_header_forges_no_field() -> None:
    """Neither does it in the header of a part, where it could turn an attachment into the text."""
    raw = b"From: a@b.c\nContent-Type: multipart/mixed; boundary=b\n\n--b\nX: y\rContent-Disposition: inline\nContent-Disposition: attachment\n\nhidden\n--b--\n"
    message = parse(raw)
    assert message.text == ""
    assert len(message.attachments) == 1


def test_encoded_line_breaks_stay_inside_their_value() -> None:
    """Decoded CR and LF become blanks: replying to such a subject must not make a new field (CVE-2024-6923)."""
    message = parse(b"From: =?utf-8?b?YQ0KQmNjOiBi?= <a@b.c>\nSubject: =?utf-8?q?x=0d=0aBcc:_evil@x?=\n\n")
    assert message.subject == "x Bcc: evil@x"
    assert message.from_[0].name == "a Bcc: b"


def test_fields_that_stand_twice_are_told() -> None:
    """Of two From fields the mailboxes of both are read, and the defect is told for whoever must believe one."""
    message = parse(b"From: a@b.c\nFrom: d@e.f\nSubject: x\n\n")
    assert [each.address for each in message.from_] == ["a@b.c", "d@e.f"]
    assert "header: from stands there more than once" in message.defects


def test_a_line_that_is_no_field_starts_the_text() -> None:
    """A forgotten empty line loses no word of the customer."""
    message = parse(b"From: a@b.c\nSubject: x\nHello, my invoice is blank\nBye: Ann\n\nPS: today\n")
    assert message.subject == "x"
    assert "Hello, my invoice is blank" in message.text
    assert "PS: today" in message.text
    assert any("no field" in defect for defect in message.defects)


def test_an_mbox_line_is_passed_over() -> None:
    """What a mailbox file puts above a mail does not hide its header."""
    message = parse(b"From ann@example.org Thu Jan  1 00:00:00 1970\n>From x\nFrom: a@b.c\nSubject: x\n\nhi")
    assert (message.subject, message.text) == ("x", "hi")


@pytest.mark.parametrize(
    ("written", "stamp"),
    [
        ("Wed, 04 Mar 2026 12:00:00 +0100", datetime(2026, 3, 4, 11, tzinfo=UTC)),
        ("4 Mar 2026 11:00:00 GMT", datetime(2026, 3, 4, 11, tzinfo=UTC)),
        ("4 Mar 2026 11:00:00 -0000", datetime(2026, 3, 4, 11, tzinfo=UTC)),
        ("yesterday", None),
        ("Wed, 31 Feb 2026 12:00:00 +0100", None),
        ("Wed, 04 Mar 99999999999999 12:00:00 +0100", None),
        ("Fri, 31 Dec 9999 23:59:59 -2300", None),
        ("Wed, 04 Mar 2026 12:00:00 +99999999", None),
        ("", None),
    ],
)
def test_dates_are_utc_or_nothing(written: str, stamp: datetime | None) -> None:
    """A date is taken into UTC; one that cannot be is none, and nothing else suffers."""
    assert parse(f"From: a@b.c\nDate: {written}\nSubject: x\n\nhi".encode()).date == stamp


@pytest.mark.parametrize(
    ("kind", "signed", "encrypted"),
    [
        ("multipart/signed; protocol=application/pgp-signature; boundary=b", "openpgp", None),
        ("multipart/signed; protocol=application/pkcs7-signature; boundary=b", "smime", None),
        ("application/pkcs7-mime; smime-type=signed-data", "smime", None),
        ("application/pkcs7-mime; smime-type=enveloped-data", None, "smime"),
        ("multipart/encrypted; protocol=application/pgp-encrypted; boundary=b", None, "openpgp"),
        ("text/plain", None, None),
    ],
)
def test_signed_and_encrypted_mails_are_known(kind: str, signed: str | None, encrypted: str | None) -> None:
    """The content type tells OpenPGP and S/MIME."""
    message = parse(f"From: a@b.c\nContent-Type: {kind}\n\n--b\n\nhi\n--b--\n".encode())
    assert (message.signed, message.encrypted) == (signed, encrypted)
