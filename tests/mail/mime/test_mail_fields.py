"""Header fields and the parameters of structured ones."""

from __future__ import annotations

import email
import email.message

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.mail.mime.fields import boundary_of, content_type, parameters, parse_fields


def test_names_fold_case_and_bodies_unfold() -> None:
    """RFC 5322, section 2.2: names are compared without case, a continued line belongs to its field."""
    fields = parse_fields(b"Subject: one\r\n two\r\nX-A:b\r\nSUBJECT :\tthree\r\n")
    assert fields.first("subject") == "one two"
    assert fields.all("subject") == ["one two", "three"]
    assert fields.first("x-a") == "b"
    assert "x-a" in fields
    assert "x-b" not in fields
    assert fields.first("x-b") == ""
    assert fields.all("x-b") == []
    assert [name for name, _ in fields] == ["subject", "x-a", "subject"]


def test_the_first_line_that_is_no_field_ends_the_header() -> None:
    """What follows is kept as stray text, not dropped, and no later line is taken for a field."""
    fields = parse_fields(b"A: b\r\nHello you\r\nFrom: evil@x.example\r\n")
    assert [name for name, _ in fields] == ["a"]
    assert fields.stray == "Hello you\nFrom: evil@x.example\n"


def test_a_parameter_may_have_lost_its_indentation() -> None:
    """What follows a semicolon of Content-Type goes on with it; what follows one elsewhere does not."""
    fields = parse_fields(b'Content-Type: multipart/mixed;\nboundary="b"\nX: y;\nz\n')
    assert parameters(fields.first("content-type")) == {"boundary": "b"}
    assert fields.stray == "z\n"


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("text/plain", "text/plain"),
        (" Text/HTML; charset=x", "text/html"),
        ("multipart / mixed", "multipart/mixed"),
        ("text", "text/plain"),
        ("text/", "text/plain"),
        ("", "text/plain"),
        ("/html", "text/plain"),
        ("image/svg+xml;x", "image/svg+xml"),
        ('"text/html"', "text/html"),
        ("text/html charset=utf-8", "text/html"),
        ("text/html, x", "text/html"),
        ("text/plain (really); x=y", "text/plain"),
        ("multipart/*; boundary=b", "multipart/*"),
        ("multipart; boundary=b", "multipart/mixed"),
        ("html", "text/html"),
        ("application; name=a.pdf", "application/octet-stream"),
        ("image", "application/octet-stream"),
    ],
)
def test_a_content_type_that_makes_no_sense_is_text(body: str, kind: str) -> None:
    """RFC 2045, section 5.2."""
    assert content_type(parse_fields(f"Content-Type: {body}\n".encode())) == kind


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("text/plain", {}),
        ("text/plain; charset=utf-8", {"charset": "utf-8"}),
        ('text/plain; CHARSET="utf-8" ; Format=flowed', {"charset": "utf-8", "format": "flowed"}),
        (r'a/b; name="a \"quoted\" name; with = signs"', {"name": 'a "quoted" name; with = signs'}),
        ("a/b; name=a b.txt; x=y", {"name": "a b.txt", "x": "y"}),
        ('a/b; name="never closed', {"name": "never closed"}),
        ("a/b; name==?utf-8?q?caf=C3=A9.txt?=", {"name": "café.txt"}),
        ('a/b; name="=?utf-8?b?Y2Fmw6kudHh0?="', {"name": "café.txt"}),
        ("a/b; name=one; name=two", {"name": "one"}),
        ("a/b;;; x=y;", {"x": "y"}),
        ("a/b; x", {}),
        ("text/html charset=utf-8", {"charset": "utf-8"}),
        ("a/b; charset=utf-8 name=a b.txt\tformat=flowed", {"charset": "utf-8", "name": "a b.txt", "format": "flowed"}),
        ("a/b, charset = utf-8 , name = x", {"charset": "utf-8 , name = x"}),
        ('a/b; name="a "quoted" name.txt"; x=y', {"name": 'a "quoted" name.txt', "x": "y"}),
        ('a/b; name="a.txt" charset="utf-8"', {"name": "a.txt", "charset": "utf-8"}),
        ('a/b; name="C:\\\\Users\\\\a.txt"', {"name": "C:\\\\Users\\\\a.txt"}),
        (r'a/b; name="C:\Users\a.txt"', {"name": r"C:\Users\a.txt"}),
        ("a/b; charset=; name=x", {"charset": "", "name": "x"}),
        ("a/b; (comment; x) name=x", {"name": "x"}),
        ("a/b; =x; name=y", {"name": "y"}),
        ("charset=utf-8", {}),
        ('a/b; name="=?utf-8?b?Y2Fmw?= =?utf-8?b?6S50eHQ=?="', {"name": "café.txt"}),
    ],
)
def test_parameters(raw: str, expected: dict[str, str]) -> None:
    """Quoted and bare values, in the ways that clients write them; of two the first counts."""
    assert parameters(raw) == expected


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("a; filename*=utf-8''caf%C3%A9.txt", "café.txt"),
        ("a; filename*=iso-8859-15'fr'5%20%A4.txt", "5 €.txt"),
        ("a; filename*0=long; filename*1=name; filename*2=.txt", "longname.txt"),
        ("a; filename*1*=%A9.txt; filename*0*=utf-8''caf%C3", "café.txt"),
        ("a; filename*0*=utf-8''caf%C3%A9; filename*1=\" au lait.txt\"", "café au lait.txt"),
        ("a; filename*=caf%C3%A9.txt", "café.txt"),
        ("a; filename*=x-unheard-of''caf%C3%A9.txt", "café.txt"),
        ("a; filename=plain.txt; filename*=utf-8''caf%C3%A9.txt", "café.txt"),
        ("a; filename*=utf-8''a%0D%0Ab.txt", "a b.txt"),
        ("a; filename*=utf-8''%ZZ.txt", "%ZZ.txt"),
        ("a; filename*=utf-8'caf%C3%A9.txt", "café.txt"),
        ("a; filename*=it's.txt", "it's.txt"),
        ("a; filename*=\"utf-8''caf%C3%A9.txt\"", "café.txt"),
        ("a; filename*0*=utf-8''caf%C3; filename*2*=%A9.txt", "café.txt"),
        ("a; filename*0*=caf%E9; filename*1*=.txt", "café.txt"),
        ('a; filename*0="=?utf-8?q?caf=C3"; filename*1="=A9.txt?="', "café.txt"),
        ("a; filename*==?utf-8?q?caf=C3=A9.txt?=", "café.txt"),
        ("a; filename*=utf-8''caf%E9.txt; filename=plain.txt", "café.txt"),
        ("a; filename*=utf-16''%00a; filename=plain.txt", "a"),
        ("a; filename*1=b; filename=plain.txt", "b"),
    ],
)
def test_extended_parameters(raw: str, name: str) -> None:
    """RFC 2231: continuations in any order, character sets, octets in hexadecimal; the extended value goes before the plain one."""
    assert parameters(raw)["filename"] == name


def test_the_number_of_a_continuation_may_be_absurd() -> None:
    """Python refuses to read integers of more than 4,300 digits: such a parameter is only odd."""
    assert isinstance(parameters("a; filename*" + "9" * 5000 + "=x"), dict)


def test_a_boundary_is_compared_octet_by_octet() -> None:
    """It is not decoded: neither the blanks in it nor what looks like an encoded word."""
    assert boundary_of('multipart/mixed; boundary="a  =?x?q?b?= "') == b"a  =?x?q?b?="
    assert boundary_of("multipart/mixed boundary=a b; x=y") == b"a b"
    assert boundary_of("multipart/mixed; boundary=\udcff") == b"\xff"
    assert boundary_of("multipart/mixed") == b""


@given(name=st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=60))
def test_names_of_the_standard_library_come_back(name: str) -> None:
    """What Python's email package writes as RFC 2231 is read as it was."""
    message = email.message.Message()
    message.add_header("Content-Disposition", "attachment", filename=("utf-8", "", name))
    assert parameters(message["Content-Disposition"])["filename"] == name


@given(raw=st.text(alphabet=";= \t\"\\*'%0123456789abcé\0\r\n", max_size=120))
def test_parameters_never_fail(raw: str) -> None:
    """Whatever follows the type, names and values come out as text."""
    found = parameters(f"a/b;{raw}".encode().decode("ascii", "surrogateescape"))
    for name, value in found.items():
        name.encode()
        value.encode()
