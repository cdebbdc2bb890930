"""Signed, encrypted, or neither."""

from __future__ import annotations

import base64

import pytest

from maild.mail.parse import parse

SIGNED = base64.b64encode(bytes.fromhex("308006092a864886f70d010702a080"))
ENVELOPED = base64.b64encode(bytes.fromhex("308006092a864886f70d010703a080"))


def mail(kind: str, body: bytes = b"--b\n\nx\n--b--\n", encoding: str = "7bit") -> tuple[str | None, str | None]:
    """(signed, encrypted) of a mail of this type."""
    head = f"From: a@b.c\nContent-Type: {kind}\nContent-Transfer-Encoding: {encoding}\n\n"
    message = parse(head.encode() + body)
    return message.signed, message.encrypted


@pytest.mark.parametrize(
    ("kind", "body", "expected"),
    [
        ("multipart/encrypted; protocol=application/pgp-encrypted; boundary=b", b"--b\n\nx\n--b--\n", (None, "openpgp")),
        (
            "multipart/mixed; boundary=b",
            b"--b\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n--b--\n",
            (None, "openpgp"),
        ),
        (
            "multipart/signed; boundary=b",
            b"--b\n\nx\n--b\nContent-Type: application/pgp-signature\n\nx\n--b--\n",
            ("openpgp", None),
        ),
        ("multipart/signed; boundary=b", b"--b\n\nx\n--b--\n", ("smime", None)),
        ("text/plain", b"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nhi\n", ("openpgp", None)),
        ("text/plain", b"-----BEGIN PGP MESSAGE-----\r\n\r\nabc\r\n", (None, "openpgp")),
        ("application/pgp; x-action=encrypt", b"-----BEGIN PGP MESSAGE-----\n\nabc\n", (None, "openpgp")),
        ("text/plain", b"> -----BEGIN PGP MESSAGE-----\n", (None, None)),
        ("text/plain", b"I saw -----BEGIN PGP MESSAGE----- there\n", (None, None)),
        ("text/plain", b"-----BEGIN PGP PUBLIC KEY BLOCK-----\n", (None, None)),
        ("text/plain", b"hi", (None, None)),
        ("application/pkcs7-mime; smime-type=certs-only", b"x", (None, None)),
        ("application/x-pkcs7-mime; smime-type=compressed-data", b"x", (None, None)),
    ],
)
def test_what_a_mail_shows_of_itself(kind: str, body: bytes, expected: tuple[str | None, str | None]) -> None:
    """By its type, by its parts, by armour at the beginning of a line."""
    assert mail(kind, body) == expected


@pytest.mark.parametrize(
    ("content", "expected"), [(SIGNED, ("smime", None)), (ENVELOPED, (None, "smime")), (b"", (None, "smime"))]
)
def test_pkcs7_without_a_word(content: bytes, expected: tuple[str | None, str | None]) -> None:
    """Where smime-type lacks, the content's object identifier tells."""
    assert mail("application/pkcs7-mime", content, "base64") == expected


@pytest.mark.parametrize(
    ("field", "signed"),
    [
        ("Content-Type: application/pgp-signature; name=signature.asc", "openpgp"),
        (
            "Content-Type: application/x-pkcs7-signature; name=smime.p7s\nContent-Disposition: attachment; filename=smime.p7s",
            "smime",
        ),
        ("Content-Type: application/pgp-signature\nContent-Disposition: attachment; filename=maild.tar.gz.asc", None),
    ],
)
def test_a_signature_inside_of_another_multipart(field: str, signed: str | None) -> None:
    """Lists and scanners wrap a signed mail; the signature of an attached file is no signature of the mail."""
    body = f"--b\n\nhi\n--b\n{field}\n\nx\n--b--\n".encode()
    assert mail("multipart/mixed; boundary=b", body) == (signed, None)
