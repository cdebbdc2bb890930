"""The MIME tree: against the standard library on well-formed mails, and by hand where mails are not."""

from __future__ import annotations

import base64
import email
import email.message
import quopri
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maild.mail.mime.fields import Fields
from maild.mail.mime.parts import MAX_DEPTH, MAX_PARTS, Leaf, cut_header, leaves_of, split_header


def leaves(raw: bytes) -> tuple[list[Leaf], list[str]]:
    """The leaves of a mail and the defects."""
    defects: list[str] = []
    fields, body = split_header(raw)
    return leaves_of(fields, body, defects), defects


def by_the_standard_library(raw: bytes) -> list[tuple[str, bytes, str | None]]:
    """(type, decoded octets, file name) of each leaf, as the oracle sees them."""
    found = []
    for part in email.message_from_bytes(raw).walk():
        if not part.is_multipart():
            content = part.get_payload(decode=True)
            assert isinstance(content, bytes)
            found.append((part.get_content_type(), content, part.get_filename()))
    return found


@dataclass(frozen=True)
class Part:
    """A well-formed part: its header fields and body, or its children between boundaries."""

    kind: str
    content: bytes
    encoding: str
    name: str | None
    children: tuple[Part, ...] = ()

    def lines(self, boundaries: Iterator[str], newline: bytes) -> bytes:
        """The octets of the part."""
        if self.children:
            boundary = next(boundaries)
            inner = b"".join(
                b"--" + boundary.encode() + newline + each.lines(boundaries, newline) + newline for each in self.children
            )
            head = f'Content-Type: {self.kind}; boundary="{boundary}"'.encode()
            return head + newline * 2 + b"preamble" + newline + inner + b"--" + boundary.encode() + b"--" + newline + b"epilogue"
        head = f"Content-Type: {self.kind}".encode() + newline + f"Content-Transfer-Encoding: {self.encoding}".encode() + newline
        if self.name:
            head += f'Content-Disposition: attachment; filename="{self.name}"'.encode() + newline
        return head + newline + self.body(newline)

    def body(self, newline: bytes) -> bytes:
        """The content as it is encoded."""
        if self.encoding.lower() == "base64":
            return base64.encodebytes(self.content).strip().replace(b"\n", newline)
        if self.encoding == "quoted-printable":
            return quopri.encodestring(self.content, quotetabs=True).replace(b"\n", newline)
        return self.content.replace(b"\n", newline)


TEXTS = st.lists(
    st.text(st.characters(codec="utf-8", exclude_characters="\r\n\0\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"), max_size=30),
    max_size=4,
)
NAMES = st.none() | st.from_regex(r"[A-Za-z0-9_ ]{1,12}\.[a-z]{3}", fullmatch=True)
LEAVES = st.builds(
    Part,
    kind=st.sampled_from(["text/plain", "TEXT/HTML; charset=utf-8", "image/png", "application/x-thing; a=b"]),
    content=TEXTS.map(lambda lines: "\n".join(line for line in lines if not line.startswith("--")).encode()),
    encoding=st.sampled_from(["7bit", "8bit", "base64", "BASE64", "quoted-printable"]),
    name=NAMES,
)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.builds(
        Part,
        kind=st.sampled_from(["multipart/mixed", "Multipart/Alternative", "multipart/related"]),
        content=st.just(b""),
        encoding=st.just(""),
        name=st.none(),
        children=st.lists(inner, min_size=1, max_size=4).map(tuple),
    ),
    max_leaves=12,
)


@given(tree=TREES, newline=st.sampled_from([b"\r\n", b"\n"]))
@settings(max_examples=250)
def test_well_formed_multiparts_are_read_as_the_standard_library_does(tree: Part, newline: bytes) -> None:
    """Leaf by leaf the same types, octets and names, however multiparts nest and whatever the line ends are."""
    boundaries = (f"=_{number}.x" for number in range(1000))
    raw = b"MIME-Version: 1.0" + newline + tree.lines(boundaries, newline)
    found, defects = leaves(raw)
    assert [(each.type, each.content, each.name) for each in found] == by_the_standard_library(raw)
    assert defects == []


def test_a_multipart_without_its_end_goes_as_far_as_the_mail() -> None:
    """A mail that was cut keeps what came, and says so."""
    found, defects = leaves(b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--b\n\ntwo")
    assert [each.content for each in found] == [b"one", b"two"]
    assert defects == ["mime: multipart without its end"]


@pytest.mark.parametrize(
    ("raw", "defect"),
    [
        (b"Content-Type: multipart/mixed\n\n--b\n\none\n--b--\n", "mime: multipart without a boundary"),
        (b"Content-Type: multipart/mixed; boundary=c\n\n--b\n\none\n--b--\n", "mime: boundary not found"),
    ],
)
def test_a_boundary_that_is_missing_or_wrong_is_found_in_the_body(raw: bytes, defect: str) -> None:
    """What stands in its place is taken, and the defect says so."""
    found, defects = leaves(raw)
    assert [each.content for each in found] == [b"one"]
    assert defects == [defect]


@pytest.mark.parametrize(
    ("raw", "contents"),
    [
        (b"Content-Type: multipart/mixed\n\n--b\nContent-Type: text/plain\n\none", [b"one"]),
        (b"Content-Type: multipart/mixed; boundary=c d\n\n--c d\n\none\n--c d--\n", [b"one"]),
        (b"Content-Type: multipart/mixed; boundary=b (the boundary)\n\n--b\n\none\n--b--\n", [b"one"]),
        (b"Content-Type: multipart/mixed boundary=b\n\n--b\n\none\n--b--\n", [b"one"]),
        (b"Content-Type: multipart/mixed\n\nHello you\n--b\n\none\n--b--\n", [b"Hello you\n", b"one"]),
        (b"Content-Type: multipart/mixed\n\nThis is a multi-part message.\n--b\n\none\n--b--\n", [b"one"]),
        (b"Content-Type: multipart/mixed\n\nHello\n-- \nAnn\n", [b"Hello\n-- \nAnn\n"]),
        (b"Content-Type: multipart/mixed; boundary=b\n\nHello\n", [b"Hello\n"]),
        (b"Content-Type: multipart/mixed; boundary=b\n\n--b--\n", []),
        (b"Content-Type: multipart/mixed; boundary=b\n\nHello\n--b--\n", [b"Hello\n\n"]),
        (b"Content-Type: multipart/mixed; boundary=b\n\n", []),
        (b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--b--\n--b\n\nlate\n--b--\n", [b"one", b"late"]),
        (
            b"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--b--\n--b--\n",
            [b"one"],
        ),
        (b"Content-Type: multipart/mixed; boundary=b\nContent-Transfer-Encoding: base64\n\nLS1iCgpvbmUKLS1iLS0K", [b"one"]),
        (b"Content-Type: multipart/mixed; boundary=b\nContent-Transfer-Encoding: base64\n\n--b\n\none\n--b--\n", [b"one"]),
        (b"Content-Type: multipart/mixed; boundary=b\n\n--b\nno field here\nand more\n--b--\n", [b"no field here\nand more\n\n"]),
    ],
)
def test_multiparts_as_programs_break_them(raw: bytes, contents: list[bytes]) -> None:
    """Boundaries without quotes, with comments, wrong, missing or used twice; no parts, late parts, an encoding around it all."""
    assert [each.content for each in leaves(raw)[0]] == contents


def test_a_boundary_must_end_its_line() -> None:
    """RFC 2046, section 5.1.1: only blanks may follow; `--bc` is text of the part."""
    found, _ = leaves(b"Content-Type: multipart/mixed; boundary=b\n\n--b \t\n\none\n--bc\n--b--x\ntwo\n --b\n--b--\n")
    assert [each.content for each in found] == [b"one\n--bc\n--b--x\ntwo\n --b"]


def test_the_outer_boundary_ends_the_inner_multipart() -> None:
    """A nested multipart that lacks its end goes as far as the one around it."""
    raw = (
        b"Content-Type: multipart/mixed; boundary=outer\n\n--outer\nContent-Type: multipart/mixed; boundary=inner\n\n"
        b"--inner\n\none\n--outer\n\ntwo\n--outer--\n"
    )
    found, defects = leaves(raw)
    assert [each.content for each in found] == [b"one", b"two"]
    assert defects == ["mime: multipart without its end"]


def test_alternatives_are_numbered() -> None:
    """Each leaf knows the multipart/alternative around it, and those beside it know none."""
    raw = (
        b"Content-Type: multipart/mixed; boundary=o\n\n"
        b"--o\nContent-Type: multipart/alternative; boundary=a\n\n--a\n\none\n--a\nContent-Type: text/html\n\n1\n--a--\n"
        b"--o\nContent-Type: multipart/alternative; boundary=c\n\n--c\n\ntwo\n--c--\n--o\n\nthree\n--o--\n"
    )
    found, _ = leaves(raw)
    assert [each.alternatives for each in found] == [1, 1, 2, None]


def test_the_parts_of_a_digest_are_mails() -> None:
    """RFC 2046, section 5.1.5: in a digest a part without a type is a message."""
    found, _ = leaves(
        b"Content-Type: multipart/digest; boundary=b\n\n--b\n\nSubject: x\n\nhi\n--b\nContent-Type: text/plain\n\nhi\n--b--\n"
    )
    assert [each.type for each in found] == ["message/rfc822", "text/plain"]


def test_a_nested_mail_is_one_leaf() -> None:
    """What somebody attached is an attachment: its text must not become the customer's."""
    found, _ = leaves(
        b"Content-Type: message/rfc822\n\nSubject: x\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nhi\n--b--\n"
    )
    assert [each.type for each in found] == ["message/rfc822"]


@given(number=st.integers(1, MAX_PARTS + 50))
@settings(max_examples=15)
def test_no_more_parts_than_the_limit(number: int) -> None:
    """Up to the limit every part counts; above it the rest is left out, and said so."""
    found, defects = leaves(b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * number + b"--b--\n")
    assert len(found) == min(number, MAX_PARTS)
    assert any("too many" in defect for defect in defects) == (number > MAX_PARTS)


def test_no_deeper_than_the_limit() -> None:
    """What nests deeper is one leaf, and said so."""
    raw = (
        b"".join(b"Content-Type: multipart/mixed; boundary=b%d.\n\n--b%d.\n" % (n, n) for n in range(MAX_DEPTH + 20)) + b"\nhello"
    )
    found, defects = leaves(raw)
    assert len(found) == 1
    assert b"hello" in found[0].content
    assert "mime: nested too deep" in defects


@pytest.mark.parametrize(
    ("raw", "header", "body"),
    [
        (b"A: b\r\n\r\nc", b"A: b", b"c"),
        (b"A: b\n\nc", b"A: b", b"c"),
        (b"A: b\n\nc\r\n\r\nd", b"A: b", b"c\r\n\r\nd"),
        (b"A: b\r\n\r\nc\n\nd", b"A: b", b"c\n\nd"),
        (b"\r\nc", b"", b"c"),
        (b"\n\nc", b"", b"\nc"),
        (b"A: b", b"A: b", b""),
        (b"A: b\r\n", b"A: b\r\n", b""),
        (b"", b"", b""),
    ],
)
def test_the_first_empty_line_ends_the_header(raw: bytes, header: bytes, body: bytes) -> None:
    """RFC 5322, section 2.1, with either line end."""
    assert cut_header(raw) == (header, body)


def test_an_empty_part_is_a_leaf() -> None:
    """A part without header and text is kept: its number must fit what the sender counted."""
    found, _ = leaves(b"Content-Type: multipart/mixed; boundary=b\n\n--b\n--b\n\ntwo\n--b--\n")
    assert [each.content for each in found] == [b"", b"two"]


def test_the_fields_of_a_leaf() -> None:
    """Type, charset, disposition, name, Content-ID and flow come from the part's own header."""
    fields, body = split_header(
        b'Content-Type: Text/Plain; charset="UTF-8"; format=Flowed; name=a.txt\nContent-Disposition: INLINE; filename=b.txt\nContent-ID: <1@x>\n\nhi'
    )
    assert isinstance(fields, Fields)
    (leaf,) = leaves_of(fields, body, [])
    assert leaf == Leaf("text/plain", "UTF-8", "inline", "b.txt", "1@x", b"hi", None, True)
