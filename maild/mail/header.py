"""Header field bodies to text: encoded words (RFC 2047), raw octets, one line each. Not addresses: those are in `address`."""

from __future__ import annotations

import binascii
import re

from maild.mail.charset import clean, to_text

_WORD = re.compile(r"=\?([^?\s]{1,80})\?([bBqQ])\?([^?]*)\?=")
_BETWEEN = re.compile(r"(\?=)[ \t\r\n]+(?==\?[^?\s]{1,80}\?[bBqQ]\?)")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f\x80-\x9f\u2028\u2029]+")
_SPACES = re.compile(r"[ \t\r\n]+")
_MESSAGE_ID = re.compile(r"<\s*([^<>\s]{1,900}?)\s*>")
MAX_VALUE = 65_536


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
    """Raw 8-bit octets in a header field, against RFC 5322 but common, as the text that they were meant to be."""
    if raw.isascii():
        return raw
    return to_text(raw.encode("utf-8", "surrogateescape"), None)[0]


def decode_words(text: str) -> str:
    """Decodes encoded words. Neighbours of one character set are joined first: a character may be split between them."""
    out: list[str] = []
    pending: list[bytes] = []
    charset = ""
    at = 0
    text = _BETWEEN.sub(r"\1", text)
    for word in _WORD.finditer(text):
        adjacent = bool(pending) and word.start() == at
        name = word[1].partition("*")[0].lower()  # RFC 2231, section 5: a language may follow
        if pending and (not adjacent or name != charset):
            out.append(to_text(b"".join(pending), charset)[0])
            pending = []
        out.append(text[at : word.start()])
        pending.append(_octets(word[2], word[3]))
        charset, at = name, word.end()
    if pending:
        out.append(to_text(b"".join(pending), charset)[0])
    out.append(text[at:])
    return "".join(out)


def _octets(encoding: str, body: str) -> bytes:
    raw = body.encode("utf-8", "replace")
    if encoding in "qQ":
        return binascii.a2b_qp(raw, header=True)
    try:
        return binascii.a2b_base64(raw + b"=" * (-len(raw) % 4))
    except binascii.Error:
        return raw


def message_ids(raw: str | None, most: int = 200) -> tuple[str, ...]:
    """The Message-IDs of a field in order, without brackets and repeats. Of a long list the first and the last are kept."""
    if not raw:
        return ()
    found = _MESSAGE_ID.findall(one_line(raw_octets(raw[:MAX_VALUE])))
    if not found and "@" in raw and len(raw.split()) == 1:
        found = [one_line(raw_octets(raw)).strip("<> ")]  # some clients forget the brackets
    unique = tuple(dict.fromkeys(found))
    return unique if len(unique) <= most else (unique[0], *unique[1 - most :])
