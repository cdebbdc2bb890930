"""The bombs: mails that were made to keep a parser busy, each at about the size that is asked for."""

import base64
import random
import re
import struct
from collections.abc import Callable
from pathlib import Path

RULES = Path(__file__).resolve().parents[2] / "rules"
HEAD = b"From: ann@example.org\r\nTo: support@example.com\r\nSubject: x\r\n"
HTML = HEAD + b"Content-Type: text/html\r\n\r\n"
MIXED = HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
BAD_BASE64 = HEAD + b"Content-Transfer-Encoding: base64\r\n\r\n"
BAD_QP = HEAD + b"Content-Transfer-Encoding: quoted-printable\r\n\r\n"
CYRILLIC = "Счёт не открывается. ".encode("koi8-r")


def header(name: bytes, unit: bytes, joint: bytes = b"") -> Callable[[int], bytes]:
    """Fields of one thing again and again, each as long as is still read."""
    each = 65_000

    def build(size: int) -> bytes:
        field = name + b": " + _times(unit + joint, min(size, each)) + b"\r\n"
        return b"From: ann@example.org\r\n" + field * (size // each + 1) + HEAD + b"\r\nhello"

    return build


def body(unit: bytes, head: bytes = HEAD + b"\r\n", tail: bytes = b"") -> Callable[[int], bytes]:
    """A body of one thing again and again."""
    return lambda size: head + _times(unit, size) + tail


def _times(unit: bytes, size: int) -> bytes:
    return unit * (size // len(unit) + 1)


def nested(size: int) -> bytes:
    """Multiparts inside of multiparts, each with its own boundary."""
    level = b"Content-Type: multipart/mixed; boundary=b%d.\r\n\r\n--b%d.\r\n"
    return HEAD + b"".join(level % (n, n) for n in range(size // 60)) + b"\r\nhello"


def deep_and_wide(size: int) -> bytes:
    """Forty levels, each with its share of the octets."""
    level = b"Content-Type: multipart/mixed; boundary=b%d.\r\n\r\n--b%d.\r\n\r\n%s\r\n--b%d.\r\n"
    return HEAD + b"".join(level % (n, n, b"x\n" * (size // 80), n) for n in range(40)) + b"\r\nhello"


def own_words(size: int) -> bytes:
    """Sentences of the desk's own words: whatever its tables look for may stand in each of them."""
    chance = random.Random(1)
    words = sorted({word for path in RULES.glob("*.yaml") for word in re.findall(r"[^\W\d_]{2,}|\d+", path.read_text("utf-8"))})
    sentences = (" ".join(chance.choices(words, k=chance.randint(3, 90))) for _ in range(size // 200))
    return HEAD + b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + ".\n".join(sentences).encode()[:size]


def container(size: int) -> bytes:
    """winmail.dat of a million attributes, its last a property of a million values."""
    attribute = struct.pack("<BII", 2, 0x00069002, 0) + b"\0\0"
    values = struct.pack("<III", 1, 0x370F101E, size // 8) + b"\0\0\0\0" * (size // 8)
    last = struct.pack("<BII", 1, 0x00069003, len(values)) + values + b"\0\0"
    return _attached(b"application/ms-tnef", b"\x78\x9f\x3e\x22\0\0" + attribute * (size // 22) + last)


def container_of_text(size: int) -> bytes:
    """winmail.dat with rich text that unpacks to many times its size, all of it groups."""
    packed = b"\0" + b"{}{}{}{}" + b"\xff" + (struct.pack(">H", (207 << 4) | 15) * 8 + b"\xff") * (size // 17)
    rtf = struct.pack("<IIII", len(packed) + 12, 0x7FFFFFFF, 0x75465A4C, 0) + packed
    value = struct.pack("<IIII", 1, 0x10090102, 1, len(rtf)) + rtf + b"\0" * (-len(rtf) % 4)
    return _attached(
        b"application/ms-tnef", b"\x78\x9f\x3e\x22\0\0" + struct.pack("<BII", 1, 0x00069003, len(value)) + value + b"\0\0"
    )


def containers_inside(size: int) -> bytes:
    """winmail.dat in winmail.dat in winmail.dat."""
    inner = b"\x78\x9f\x3e\x22\0\0" + b"\1" + b"\0" * (size // 2)
    for _ in range(20):
        held = b"\0" * 16 + inner
        value = struct.pack("<IIII", 1, 0x3701000D, 1, len(held)) + held + b"\0" * (-len(held) % 4)
        inner = b"\x78\x9f\x3e\x22\0\0" + struct.pack("<BII", 2, 0x00069005, len(value)) + value + b"\0\0"
    return _attached(b"application/ms-tnef", inner)


def _attached(kind: bytes, octets: bytes) -> bytes:
    return HEAD + b"Content-Type: " + kind + b"\r\nContent-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(octets)


def empty_multiparts(size: int) -> bytes:
    """Multiparts that hold multiparts that hold nothing."""
    empty = b"--c\r\nContent-Type: multipart/mixed; boundary=d\r\n\r\n--d--\r\n"
    one = b"--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n" + _times(empty, min(size, 30_000)) + b"--c--\r\n"
    return MIXED + _times(one, size) + b"--b--\r\n"


def part_headers(size: int) -> bytes:
    """A part whose header section is nearly all of the mail."""
    return MIXED + b"--b\r\n" + _times(b"X: a\r\n", size) + b"\r\nhello\r\n--b--\r\n"


def lines_of_parameters(size: int) -> bytes:
    """As many parts as may be, each with a field that goes on in lines that are none."""
    each = b"--b\r\nContent-Type: a/b;" + _times(b"\r\na;", min(size // 500, 60_000)) + b"\r\n\r\nx\r\n"
    return MIXED + each * 500 + b"--b--\r\n"


def html_parts(size: int) -> bytes:
    """As many HTML parts as may be, each worth laying out."""
    each = b"--b\r\nContent-Type: text/html\r\n\r\n" + b"<div><p>a</p></div>" * max(1, size // 500 // 19) + b"\r\n"
    return MIXED + each * 500 + b"--b--\r\n"


def guessed_parts(size: int) -> bytes:
    """As many parts as may be, each in an alphabet that nobody tells."""
    return MIXED + (b"--b\r\n\r\n" + _times(CYRILLIC, size // 500) + b"\r\n") * 500 + b"--b--\r\n"


def parameters(size: int) -> bytes:
    """As many parts as may be, each with a Content-Type as long as may be."""
    each = b"--b\r\nContent-Type: a/b" + _times(b';a*0*="', min(size // 500, 60_000)) + b"\r\n\r\nx\r\n"
    return MIXED + each * 500 + b"--b--\r\n"


BOMBS: dict[str, Callable[[int], bytes]] = {
    # header sections
    "encoded words": header(b"Subject", b"=?utf-8?q?abcdefgh?=", b"\r\n "),
    "encoded words to guess": header(b"Subject", b"=?x?q?=d3=d4=cf=cb=20=ce=c5?= =?y?q?=f3=de=a3?= "),
    "beginnings of words": header(b"Subject", b"=?u?q?"),
    "ends of words": header(b"Subject", b"=?u?q?a?=20"),
    "addresses": header(b"To", b"u@example.org,", b"\r\n "),
    "names": header(b"From", b"Ann =?utf-8?q?=C3=A9,?= "),
    "parentheses": header(b"From", b"("),
    "quotes": header(b"From", b'"\\'),
    "angles": header(b"From", b"<a"),
    "one field": lambda size: HEAD + b"X: " + b"a" * size + b"\r\n\r\nhello",
    "blanks in a field": header(b"Subject", b" "),
    "folds": header(b"X", b"\r\n a"),
    "fields": lambda size: HEAD + _times(b"X: aaaaa\r\n", size) + b"\r\nhello",
    "lines that are no fields": lambda size: HEAD + _times(b"hello you\r\n", size) + b"\r\nhello",
    "message ids": header(b"References", b"<a@b>\r\n "),
    "open message ids": header(b"References", b"<a"),
    "authentication results": header(b"Authentication-Results", b"mx; dmarc=pass (("),
    "received": lambda size: _times(b"Received: from a by b; x\r\n", size) + HEAD + b"\r\nhello",
    "bare CR": lambda size: b"From: a@b.c\rSubject: x\r\r" + _times(b"hello\r", size),
    "parameters": header(b"Content-Type", b'text/plain;a*0*="'),
    "blanks of parameters": header(b"Content-Type", b"text/plain; a= b "),
    # trees of parts
    "boundary lines": body(b"--b\r\n", MIXED),
    "nearly boundary lines": body(b"\n--bb", MIXED),
    "nested multiparts": nested,
    "nested and wide": deep_and_wide,
    "nested mails": body(b"Content-Type: message/rfc822\r\n\r\n", HEAD),
    "unknown boundary": body(b"--x y\r\n", HEAD + b"Content-Type: multipart/mixed\r\n\r\n"),
    "empty multiparts": empty_multiparts,
    "header of a part": part_headers,
    "parts to guess": guessed_parts,
    "HTML parts": html_parts,
    "parts of parameters": parameters,
    "parts of lines": lines_of_parameters,
    # encodings, character sets
    "base64 of padding": body(b"=", BAD_BASE64),
    "base64 in pieces": body(b"QQ==", BAD_BASE64),
    "base64 of noise": body(b"\xff", BAD_BASE64),
    "quoted-printable": body(b"= ", BAD_QP),
    "soft line ends": body(b"=\n", BAD_QP),
    "uuencode": body(b"begin 644 a\nM\n", HEAD + b"\r\n"),
    "uuencode that never ends": body(b"begin-base64 644 a\nQQ\n", HEAD + b"\r\n"),
    "yEnc": body(b"=ybegin name=a\n=", HEAD + b"\r\n"),
    "shifts": body(b"\x1b$B\x1b(B", HEAD + b"Content-Type: text/plain; charset=iso-2022-jp\r\n\r\n"),
    "UTF-7": body(b"+AGE-+", HEAD + b"Content-Type: text/plain; charset=utf-7\r\n\r\n"),
    "an alphabet to guess": body(CYRILLIC),
    "winmail.dat": container,
    "winmail.dat, rich text": container_of_text,
    "winmail.dat in itself": containers_inside,
    # texts: what help desks' own expressions fell over
    "open comments of HTML": body(b"<!--", HTML),
    "nested divs": body(b"<div>", HTML),
    "tables": body(b"<table><tr><td>", HTML),
    "tags": body(b"<a ", HTML),
    "attributes": body(b"b=c ", HTML + b"<a "),
    "entities": body(b"&nbsp;", HTML),
    "styles": body(b'<p style="margin: 9">a</p>', HTML),
    "quoted lines": body(b"> a\n"),
    "one line of quotes": body(b">"),
    "interleaved": body(b"> a\nb\n"),
    "attributions": body(b"On Monday On "),
    "lines of attributions": body(b"On Monday, Ann wrote\n"),
    "dashes": body(b"--"),
    "lines of dashes": body(b"-- \n"),
    "blanks": body(b" "),
    "lines of blanks": body(b" \n"),
    "From lines": body(b"From: x\n"),
    "URLs": body(b"https://a.example/?b=c "),
    "one URL": body(b"a.", HEAD + b"\r\nhttps://"),
    "open parentheses": body(b"((("),
    "encoded words in a text": body(b"=?utf-8?q?a?="),
    "labels": body(b"Version: 17.0\n"),
    "colons": body(b"a:"),
    "numbers": body(b"17."),
    "words of the rules": own_words,
    "a label and blanks": body(b"ab cd" + b" " * 1985 + b"\x0b\n"),
    "a colon behind blanks": body(b"versiona b" + b" " * 1900 + b":\n"),
    "a label and dots": body(b"ab cd " + b"." * 1900 + b"\n"),
    "dots and a word": body(b";" + b"." * 1985 + b"ab cd\n"),
    "flowed": body(b"a \r\n", HEAD + b"Content-Type: text/plain; format=flowed\r\n\r\n"),
    "report": body(
        b"Final-Recipient: rfc822; a@b.c\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n",
        HEAD
        + b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n",
        b"--b--\r\n",
    ),
}
