"""Rich Text Format: unpacked (LZFu, MS-OXRTFCP) and read as text, or as the HTML that Outlook wrapped in it (MS-OXRTFEX)."""

# ruff: noqa: RUF001  (typographic signs by their names)
from __future__ import annotations

import re
from struct import Struct

from maild.mail.mime.charset import codec_of, is_known

_HEADER = Struct("<III")
_START = 16
_COMPRESSED, _PLAIN = 0x75465A4C, 0x414C454D  # "LZFu", "MELA"
_DICTIONARY = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript \fdecor MS Sans SerifSymbolArial"
    rb"Times New RomanCourier{\colortbl\red0\green0\blue0" + b"\r\n" + rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)
_WINDOW = 4_096
MAX_RTF = 1_000_000  # each octet may be a token

_TOKEN = re.compile(rb"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|[\r\n]+|([^\\{}\r\n]+)")
_HIDDEN = frozenset(
    b"fonttbl colortbl stylesheet info pict object header footer headerl headerr footerl footerr footnote listtable"
    b" listoverridetable rsidtbl generator filetbl revtbl themedata colorschememapping datastore latentstyles xmlnstbl mmathpr".split()
)
_BREAKS = {b"par": "\n", b"line": "\n", b"sect": "\n", b"page": "\n", b"row": "\n", b"tab": "\t", b"cell": "\t"}
_SIGNS = {
    b"emdash": "—", b"endash": "–", b"bullet": "•", b"lquote": "‘", b"rquote": "’", b"ldblquote": "“", b"rdblquote": "”",
    b"emspace": " ", b"enspace": " ",
}  # fmt: skip
_SYMBOLS = {b"~": "\xa0", b"_": "-", b"\\": "\\", b"{": "{", b"}": "}", b"\n": "\n", b"\r": "\n"}


def decompressed(data: bytes) -> bytes:
    """RTF out of its compressed form; what is cut gives what came before, what is none gives nothing."""
    if len(data) < _START:
        return b""
    _, size, kind = _HEADER.unpack_from(data)
    if kind == _PLAIN:
        return data[_START : _START + min(size, MAX_RTF)]
    return _unpacked(data, min(size, MAX_RTF)) if kind == _COMPRESSED else b""


def _unpacked(data: bytes, size: int) -> bytes:
    """MS-OXRTFCP, section 2.2: runs of eight, each an octet or a reference into what came before."""
    out = bytearray(_DICTIONARY)
    end = len(_DICTIONARY) + size
    at = _START
    while at < len(data) and len(out) < end:
        flags = data[at]
        at += 1
        for bit in range(8):
            if not flags >> bit & 1:
                out += data[at : at + 1]
                at += 1
                continue
            reference = int.from_bytes(data[at : at + 2], "big")
            at += 2
            # The window is a ring of 4,096 octets, and `out` begins with it.
            distance = (len(out) - (reference >> 4)) % _WINDOW
            if distance == 0 or at > len(data):
                return bytes(out[len(_DICTIONARY) : end])
            start, length = len(out) - distance, (reference & 0xF) + 2
            if start >= 0 and length <= distance:
                out += out[start : start + length]
            else:  # it overlaps what it makes, or lies before the beginning
                for place in range(start, start + length):
                    out.append(out[place] if place >= 0 else 0x20)
    return bytes(out[len(_DICTIONARY) : end])


class _Reader:
    """Walks over the tokens once. A group inherits what is hidden, and how many octets stand for a letter that follows."""

    def __init__(self, rtf: bytes) -> None:
        self.is_html = b"\\fromhtml" in rtf[:2_000]
        self.out: list[str] = []
        self.octets = bytearray()
        self.codec = "cp1252"
        self.hidden = False
        self.in_rtf = False  # \htmlrtf: layout for those who show no HTML
        self.skip, self.to_skip = 1, 0
        self.groups: list[tuple[bool, bool, int]] = []
        self.fresh = False  # a group has just begun

    def word(self, word: bytes, number: bytes | None) -> None:
        fresh, self.fresh = self.fresh, False
        if fresh and word in _HIDDEN:
            self.hidden = True
        elif word == b"htmltag":
            self.hidden = False
        elif word == b"htmlrtf":
            self.in_rtf = number != b"0"
        elif word == b"ansicpg" and number and is_known(f"cp{int(number)}"):
            self.codec = codec_of(f"cp{int(number)}")
        elif word == b"uc":
            self.skip = min(int(number or 1), 8)
        elif word == b"u" and number:
            self.say(chr(int(number) % 0x10000))
            self.to_skip = self.skip
        elif word in _BREAKS:
            self.say(_BREAKS[word])
        elif word in _SIGNS:
            self.say(_SIGNS[word])

    def octet(self, octet: bytes) -> None:
        if self.to_skip:
            self.to_skip -= 1
        elif not self.hidden and not self.in_rtf:
            self.octets += octet

    def symbol(self, symbol: bytes) -> None:
        if symbol == b"*":  # a destination that older readers may leave out, and so do we
            self.hidden, self.fresh = True, False
        elif symbol in _SYMBOLS:
            self.say(_SYMBOLS[symbol])

    def brace(self, brace: bytes) -> None:
        self.flush()
        if brace == b"{":
            self.groups.append((self.hidden, self.in_rtf, self.skip))
            self.fresh = True
        elif brace == b"}" and self.groups:
            self.hidden, self.in_rtf, self.skip = self.groups.pop()

    def plain(self, text: bytes) -> None:
        self.fresh = False
        skipped = min(self.to_skip, len(text))
        self.to_skip -= skipped
        if not self.hidden and not self.in_rtf:
            self.octets += text[skipped:]

    def say(self, text: str) -> None:
        self.flush()
        if not self.hidden and not self.in_rtf:
            self.out.append(text)

    def flush(self) -> None:
        """Octets in a row are one text: a letter may be of two."""
        if self.octets:
            self.out.append(self.octets.decode(self.codec, "replace"))
            self.octets.clear()


def read_rtf(rtf: bytes) -> tuple[str, bool]:
    """(text, is it HTML). Fonts, colours, pictures and the like are left out."""
    reader = _Reader(rtf)
    for found in _TOKEN.finditer(rtf):
        if found[1]:
            reader.word(found[1], found[2])
        elif found[3]:
            reader.octet(bytes.fromhex(found[3].decode()))
        elif found[4]:
            reader.symbol(found[4])
        elif found[5]:
            reader.brace(found[5])
        elif found[6]:
            reader.plain(found[6])
    reader.flush()
    text = "".join(reader.out).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")  # \\u knows halves only
    return text.strip("\0\n"), reader.is_html
