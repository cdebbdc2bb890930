"""Text without accents, typographic quotes and odd blanks, character by character: places stay what they are."""

from __future__ import annotations

import unicodedata

_QUOTES = "\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033"
_APOSTROPHES = "\u2018\u2019\u201a\u201b\u00b4\u0060\u2032"
_BLANKS = "\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\r\f\v"
_HYPHENS = "\u2010\u2011\u2212\u00ad"
_DASHES = "\u2014\u2015\u2012"
_LATIN = range(0xC0, 0x250)


def _table() -> dict[int, str]:
    """Each character by one: a sharp s is one s."""
    table = {ord(each): plain for several, plain in _PAIRS for each in several}
    for code in _LATIN:
        apart = unicodedata.normalize("NFD", chr(code))
        if len(apart) > 1:
            table[code] = apart[0]
    return table


_LETTERS = (
    ("\u00df", "s"),
    ("\u00f8", "o"),
    ("\u00d8", "O"),
    ("\u0153", "o"),
    ("\u0152", "O"),
    ("\u00e6", "a"),
    ("\u00c6", "A"),
    ("\u0142", "l"),
)
_PAIRS = (
    *_LETTERS,
    (_QUOTES, '"'),
    (_APOSTROPHES, "'"),
    (_BLANKS, " "),
    (_HYPHENS, "-"),
    (_DASHES, "\u2013"),
    ("\uff1a", ":"),
)
_PLAIN = _table()


def plain(text: str) -> str:
    """As people type it who are in a hurry; of the same length."""
    return text if text.isascii() and "\r" not in text and "`" not in text else text.translate(_PLAIN)
