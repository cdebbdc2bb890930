"""Content-Transfer-Encodings, whole and broken."""

from __future__ import annotations

import base64
import binascii
import quopri

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.mail.mime.transfer import decoded, encoding_name


@given(content=st.binary(max_size=300), encoding=st.sampled_from(["base64", "quoted-printable"]))
def test_any_octets_survive_their_encoding(content: bytes, encoding: str) -> None:
    """What base64 or quoted-printable hold comes out octet by octet."""
    body = base64.encodebytes(content) if encoding == "base64" else quopri.encodestring(content, quotetabs=True)
    assert decoded(body, f" {encoding.upper()} ") == content


@given(content=st.binary(max_size=200), junk=st.sampled_from([b"!", b"\n\n", b" ", b"\xff", b"-", b"*~"]), at=st.integers(0, 300))
def test_base64_with_foreign_octets_is_still_read(content: bytes, junk: bytes, at: int) -> None:
    """RFC 2045, section 6.8: characters that are not of the alphabet are passed over."""
    body = base64.b64encode(content)
    assert decoded(body[:at] + junk + body[at:], "base64") == content


@pytest.mark.parametrize(
    ("body", "octets"),
    [
        (b"SGVsbG8", b"Hello"),
        (b"SGVsbG8=", b"Hello"),
        (b"SGVsbG8===", b"Hello"),
        (b"SGVsb", b"Hel"),
        (b"=", b""),
        (b"", b""),
        (b"A", b""),
        (b"\xff", b""),
    ],
)
def test_base64_that_was_cut_gives_what_it_holds(body: bytes, octets: bytes) -> None:
    """Missing or superfluous padding loses no whole octet, and raises nothing."""
    assert decoded(body, "base64") == octets


@given(content=st.binary(max_size=200))
def test_uuencoded_bodies_are_read(content: bytes) -> None:
    """What older clients send, with its begin and end lines."""
    lines = [binascii.b2a_uu(content[at : at + 45]) for at in range(0, len(content), 45)]
    assert decoded(b"begin 644 a.bin\n" + b"".join(lines) + b"`\nend\n", "x-uuencode") == content


@given(
    body=st.binary(max_size=200),
    encoding=st.text(max_size=20) | st.sampled_from(["base64", "uuencode", "quoted-printable", "7bit"]),
)
def test_decoding_never_fails(body: bytes, encoding: str) -> None:
    """Whatever encoding is claimed for whatever octets, octets come out."""
    assert isinstance(decoded(body, encoding), bytes)


@pytest.mark.parametrize(
    ("body", "octets"),
    [
        (b"SGVsbG8=V29ybGQ=", b"HelloWorld"),
        (b"SGVsbG8=\r\nV29ybGQh\r\n", b"HelloWorld!"),
        (b"SGVsbG8=\n____________\nThe list, https://list.example/\n", b"Hello"),
        (b"This was never encoded; somebody only said so. It is a text, of words.", None),
    ],
)
def test_base64_in_pieces_with_a_footer_and_none_at_all(body: bytes, octets: bytes | None) -> None:
    """Pieces that were padded each for itself are joined, a list's footer is not taken for one, and prose stays prose."""
    assert decoded(body, "base64") == (body if octets is None else octets)


@pytest.mark.parametrize(
    ("body", "octets"),
    [
        (b"caf=e9 =\r\nau lait", b"caf\xe9 au lait"),
        (b"one = \t \r\ntwo", b"one two"),
        (b"one =  ", b"one "),
        (b"1 = 2", b"1 = 2"),
        (b"a=ZZb=", b"a=ZZb"),
        (b"=C3=A9=c3=a9", "éé".encode()),
    ],
)
def test_quoted_printable_as_it_arrives(body: bytes, octets: bytes) -> None:
    """Soft line ends with blanks after them, lone equal signs, small letters in hexadecimal."""
    assert decoded(body, "quoted-printable") == octets


@pytest.mark.parametrize(
    ("field", "name"),
    [
        ("base64", "base64"), (" BASE64 ;", "base64"), ('"base64"', "base64"), ("base64 (really)", "base64"), ("Quoted_Printable", "quoted-printable"),
        ("8bit, quoted-printable", "8bit"), ("", ""), ("=?utf-8?q?x?=", ""), ("; base64", ""),
    ],
)  # fmt: skip
def test_names_of_encodings(field: str, name: str) -> None:
    """The first word counts, whatever stands around it."""
    assert encoding_name(field) == name


@pytest.mark.parametrize("encoding", ["7bit", "8bit", "binary", "x-unheard-of", ""])
def test_what_is_not_encoded_stays_as_it_is(encoding: str) -> None:
    """Eight bits under the name of seven, too."""
    assert decoded(b"caf\xe9 =3D", encoding) == b"caf\xe9 =3D"


def test_a_body_that_is_no_uuencode_is_kept() -> None:
    """Nothing is lost where the encoding is a lie."""
    assert decoded(b"Hello there.\n", "x-uuencode") == b"Hello there.\n"
