"""Mails with something wrong: seeded changes of the kinds that transports, programs and attackers make."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence

Mutation = Callable[[random.Random, bytes, Sequence[bytes]], bytes]

_CHARSETS = (b"utf-8 utf-7 utf-16 iso-8859-1 iso-8859-15 windows-1251 koi8-r gb2312 big5 iso-2022-jp iso-2022-kr hz-gb-2312 euc-jp shift_jis"
             b" tis-620 x-unknown us-ascii idna punycode rot13 unicode_escape cp037").split()  # fmt: skip
_ENCODINGS = b"7bit 8bit binary base64 quoted-printable x-uuencode uuencode x-unheard-of =?utf-8?q?base64?=".split()
_TYPES = (b"text/plain text/html text/enriched text/calendar multipart/mixed multipart/alternative multipart/signed multipart/digest message/rfc822"
          b" message/delivery-status message/partial application/ms-tnef application/pkcs7-mime text multipart image/png").split()  # fmt: skip
_PIECES = (
    b"\r", b"\n", b"\r\n\r\n", b"\0", b"\x1b$B", b"=?utf-8?q?", b"?=", b"=?x?b?=C3=?=", b";", b'"', b"(", b"<", b"=\n", b"=", b"--", b"\xff\xfe",
    b"\xed\xa0\x80", b"begin 644 a\n", b"=ybegin name=../a\n", b"filename*0*=utf-8''%", b"; charset=", b"../", b"%00", b"From ", b"> ",
    "\u202e\u2028\u00a0".encode(), b"<div>", b"<!--", b"&#0;&#xd800;", b"{\\rtf1", b"\x78\x9f\x3e\x22", b"\n.\n", b"+AAA-",
)  # fmt: skip
_CHARSET = re.compile(rb"charset=[^\s;]*", re.I)
_ENCODING = re.compile(rb"(transfer-encoding:)[^\r\n]*", re.I)
_TYPE = re.compile(rb"(content-type:)\s*[^\s;]*", re.I)
_BOUNDARY = re.compile(rb"boundary=[^\s;]*", re.I)
MAX_SIZE = 300_000


def mutants(seeds: Sequence[bytes], seed: int) -> Iterator[tuple[str, bytes]]:
    """Without end: (how it was made, the mail). The same seeds and number give the same mails in the same order."""
    number = 0
    while True:
        chance = random.Random(f"{seed}/{number}")
        raw = chance.choice(seeds)[:MAX_SIZE]
        names = []
        for _ in range(chance.choice((1, 1, 1, 2, 2, 3, 5, 8))):
            mutate = chance.choice(MUTATIONS)
            raw = mutate(chance, raw, seeds)[:MAX_SIZE]
            names.append(mutate.__name__)
        yield f"{seed}/{number}: {', '.join(names)}", raw
        number += 1


def _span(chance: random.Random, raw: bytes, most: int = 200) -> tuple[int, int]:
    start = chance.randrange(len(raw) + 1)
    return start, min(len(raw), start + chance.randrange(most) + 1)


def flip_octets(chance: random.Random, raw: bytes, _: Sequence[bytes]) -> bytes:
    octets = bytearray(raw)
    for _each in range(chance.randrange(1, 12)):
        if octets:
            octets[chance.randrange(len(octets))] = chance.randrange(256)
    return bytes(octets)


def delete(chance: random.Random, raw: bytes, _: Sequence[bytes]) -> bytes:
    start, end = _span(chance, raw)
    return raw[:start] + raw[end:]


def repeat(chance: random.Random, raw: bytes, _: Sequence[bytes]) -> bytes:
    start, end = _span(chance, raw)
    return raw[:end] + raw[start:end] * chance.choice((1, 1, 2, 50)) + raw[end:]


def insert(chance: random.Random, raw: bytes, _: Sequence[bytes]) -> bytes:
    start, _end = _span(chance, raw)
    return raw[:start] + chance.choice(_PIECES) * chance.choice((1, 1, 1, 3, 100)) + raw[start:]


def cut(chance: random.Random, raw: bytes, _: Sequence[bytes]) -> bytes:
    return raw[: chance.randrange(len(raw) + 1)]


def splice(chance: random.Random, raw: bytes, seeds: Sequence[bytes]) -> bytes:
    other = chance.choice(seeds)
    return raw[: chance.randrange(len(raw) + 1)] + other[chance.randrange(len(other) + 1) :]


def shuffle_lines(chance: random.Random, raw: bytes, _: Sequence[bytes]) -> bytes:
    header, empty, body = raw.partition(b"\n\n") if b"\r\n\r\n" not in raw else raw.partition(b"\r\n\r\n")
    lines = header.split(b"\n")
    chance.shuffle(lines)
    return b"\n".join(lines) + empty + body


def repeat_line(chance: random.Random, raw: bytes, _: Sequence[bytes]) -> bytes:
    lines = raw.split(b"\n")
    line = chance.choice(lines)
    lines.insert(chance.randrange(len(lines) + 1), line)
    return b"\n".join(lines)


def line_ends(chance: random.Random, raw: bytes, _: Sequence[bytes]) -> bytes:
    return raw.replace(b"\r\n", b"\n").replace(b"\n", chance.choice((b"\r\n", b"\r", b"\n", b"\r\r\n", b"\n\r", b"\n\n")))


def lie_about_charset(chance: random.Random, raw: bytes, _: Sequence[bytes]) -> bytes:
    charset = chance.choice(_CHARSETS)
    if not _CHARSET.search(raw):
        return b"Content-Type: text/plain; charset=" + charset + b"\n" + raw
    return _CHARSET.sub(lambda _each: b"charset=" + charset, raw, count=chance.randrange(1, 4))


def lie_about_encoding(chance: random.Random, raw: bytes, _: Sequence[bytes]) -> bytes:
    encoding = chance.choice(_ENCODINGS)
    if not _ENCODING.search(raw):
        return b"Content-Transfer-Encoding: " + encoding + b"\n" + raw
    return _ENCODING.sub(lambda found: found[1] + b" " + encoding, raw, count=chance.randrange(1, 4))


def lie_about_type(chance: random.Random, raw: bytes, _: Sequence[bytes]) -> bytes:
    kind = chance.choice(_TYPES)
    return _TYPE.sub(lambda found: found[1] + b" " + kind, raw, count=chance.randrange(1, 4))


def lie_about_boundary(chance: random.Random, raw: bytes, _: Sequence[bytes]) -> bytes:
    boundary = chance.choice((b"boundary=", b'boundary="a b"', b"boundary=-", b'boundary="', b"x=y", b"boundary*=utf-8''b"))
    return _BOUNDARY.sub(lambda _each: boundary, raw, count=1)


def eight_bits(chance: random.Random, raw: bytes, _: Sequence[bytes]) -> bytes:
    start, end = _span(chance, raw, 2_000)
    return raw[:start] + bytes(octet | 0x80 if octet > 0x40 else octet for octet in raw[start:end]) + raw[end:]


MUTATIONS: tuple[Mutation, ...] = (
    flip_octets, flip_octets, delete, repeat, insert, insert, cut, splice, splice, shuffle_lines, repeat_line, line_ends,
    lie_about_charset, lie_about_encoding, lie_about_type, lie_about_boundary, eight_bits,
)  # fmt: skip
