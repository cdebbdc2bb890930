"""Header field bodies to text: encoded words (RFC 2047), raw octets, one line each. Not addresses: those are in `address`."""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

from maild.mail.mime.charset import clean, codec_of, to_text
from maild.mail.mime.transfer import base64_octets

_WORD_START = re.compile(r"=\?([^?\s]{0,80})\?([bBqQ])\?")
_HEX = re.compile(r"[0-9A-Fa-f]{2}")
_HEX_OCTET = re.compile(r"(?<!=)=[0-9A-Fa-f]{2}")  # in what is called B: it is Q
_CUT = re.compile(r"[^?\s]{4,}\Z")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f\x80-\x9f\u2028\u2029]+")
_SPACES = re.compile(r"[ \t\r\n]+")
_MESSAGE_ID = re.compile(r"<\s*([^<>\s]{1,900}?)\s*>")
MAX_VALUE = 65_536


class _Word(NamedTuple):
    """An encoded word (RFC 2047, section 2) and where in the text it stands."""

    charset: str
    is_base64: bool
    body: str
    start: int
    end: int


def decode(raw: str) -> str:
    """A field body as one line of text. `raw` is as the parser gives it: octets above 127 as surrogate escapes."""
    raw = raw[:MAX_VALUE]
    text = raw_octets(raw)
    if "=?" in text:
        text = decode_words(text)
    return one_line(text)


def one_line(text: str) -> str:
    """White space and control characters folded into single blanks."""
    if text.isprintable() and "  " not in text:  # nearly always, and ten times faster
        return text.strip()
    return _SPACES.sub(" ", clean(_CONTROLS.sub(" ", text))).strip()


def raw_octets(raw: str) -> str:
    """Raw 8-bit octets in a header field, against RFC 5322 but common, as the text that they were meant to be.

    Those inside of encoded words are left for `decode_words`: their character set is told.
    """
    if raw.isascii() and "\x1b" not in raw:
        return raw
    if "=?" not in raw:
        return _legible(raw)
    out: list[str] = []
    at = 0
    for word in _words(raw):
        out += (_legible(raw[at : word.start]), raw[word.start : word.end])
        at = word.end
    return "".join((*out, _legible(raw[at:])))


def _legible(raw: str) -> str:
    return raw if raw.isascii() and "\x1b" not in raw else to_text(raw.encode("utf-8", "surrogateescape"), None)[0]


def decode_words(text: str) -> str:
    """Decodes encoded words. Neighbours of one character set are joined first: a character may be split between them."""
    out: list[str] = []
    pending: list[_Word] = []
    at = 0
    for word in _words(text):
        between = text[at : word.start]
        adjacent = bool(pending) and not between.strip(" \t\r\n")  # RFC 2047, section 6.2: blanks between words are none
        if pending and not (adjacent and word.charset == pending[0].charset):
            out.append(_joined(pending))
            pending = []
        if not adjacent:
            out.append(between)
        pending.append(word)
        at = word.end
    if pending:
        out.append(_joined(pending))
    return "".join((*out, text[at:]))


def _words(text: str) -> Iterator[_Word]:
    """The encoded words, also those with blanks and question marks inside, and a last one that was cut. One pass."""
    end = 0
    at = text.find("=?")
    while at >= 0:
        start = _WORD_START.match(text, at)
        if start is None:
            at = text.find("=?", at + 2)
            continue
        inner = start.end()
        following = text.find("=?", inner)
        if 0 <= end < inner:  # it is looked for once, not once for each beginning
            end = _word_end(text, inner)
        if end >= 0 and not (0 <= following < end - 1 and _WORD_START.match(text, following)):
            yield _word(start, text[inner:end], end + 2)
            at = text.find("=?", end + 2)
        elif following < 0 and end < 0 and _CUT.match(text, inner):
            yield _word(start, text[inner:], len(text))
            return
        else:
            at = following


def _word(start: re.Match[str], body: str, end: int) -> _Word:
    charset = start[1].partition("*")[0].lower()  # RFC 2231, section 5: a language may follow
    return _Word(charset, start[2] in "bB", body, start.start(), end)


def _word_end(text: str, at: int) -> int:
    """Where the next "?=" is that ends a word; in =?utf-8?Q?why?=20not?= the first one does not."""
    end = text.find("?=", at)
    while end >= 0 and _HEX.match(text, end + 2) and (later := text.find("?", end + 2)) >= 0 and text.startswith("?=", later):
        end = later
    return end


def _joined(words: list[_Word]) -> str:
    """Words of one character set as text."""
    octets: list[bytes] = []
    for is_base64, run in groupby(words, lambda word: word.is_base64 and not _HEX_OCTET.search(word.body)):
        bodies = [_encoded(word.body, word.charset) for word in run]
        octets += _base64(bodies) if is_base64 else [binascii.a2b_qp(body, header=True) for body in bodies]
    return to_text(b"".join(octets), words[0].charset)[0]


def _base64(bodies: list[bytes]) -> list[bytes]:
    """Each for itself, unless only all together are whole groups of four: then they were cut anywhere."""
    whole = b"".join(bodies)
    if any(len(body) % 4 for body in bodies) and len(whole) % 4 == 0 and b"=" not in whole[:-2]:
        return [base64_octets(whole)]
    return [base64_octets(body) for body in bodies]


def _encoded(body: str, charset: str) -> bytes:
    """The octets of a word's body, also of what should have been encoded and stands raw."""
    if body.isascii():
        return body.encode()
    try:
        return body.encode(
            "utf-8" if any("\udc80" <= each <= "\udcff" for each in body) else codec_of(charset), "surrogateescape"
        )
    except UnicodeEncodeError:
        return body.encode("utf-8", "surrogateescape")


def message_ids(raw: str | None, most: int = 200) -> tuple[str, ...]:
    """The Message-IDs of a field in order, without brackets and repeats. Of a long list the first and the last are kept."""
    if not raw:
        return ()
    found = _MESSAGE_ID.findall(one_line(raw_octets(raw[:MAX_VALUE])))
    if not found and "@" in raw and len(raw.split()) == 1:
        found = [one_line(raw_octets(raw)).strip("<> ")]  # some clients forget the brackets
    unique = tuple(dict.fromkeys(found))
    return unique if len(unique) <= most else (unique[0], *unique[1 - most :])
