"""Addresses that a reader takes for others: letters of other scripts, figures, and pairs that look like one letter (after UTS #39)."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import lru_cache

# By how they look: small letters of other scripts and figures, and the Latin letter that a reader sees.
_SEEN_AS = {
    "a": "\u0430\u03b1\u0251", "b": "\u0432", "c": "\u0441\u03f2", "d": "\u0501", "e": "\u0435\u03b5\u04bd", "g": "\u0261",
    "h": "\u04bb\u043d", "i": "\u0456\u03b9\u0131\u0269l1|", "j": "\u0458", "k": "\u043a\u03ba", "m": "\u043c", "n": "\u0578",
    "o": "\u043e\u03bf\u05d50", "p": "\u0440\u03c1", "q": "\u051b", "r": "\u0433", "s": "\u04555$", "t": "\u0442\u03c4",
    "u": "\u03c5\u057d", "v": "\u03bd\u0475", "w": "\u051d\u0461", "x": "\u0445\u03c7", "y": "\u0443\u03b3",
}  # fmt: skip
_LETTERS = str.maketrans({look: letter for letter, looks in _SEEN_AS.items() for look in looks})
_PAIRS = (("rn", "m"), ("vv", "w"), ("ci", "d"))  # of letters as they are seen: an l is an i by then


def resembles(address: str, known: Iterable[str]) -> str | None:
    """The first of these addresses that this one looks like and is not; else one whose domain its domain looks like."""
    address = address.lower()
    others = [each for each in known if each.lower() != address]
    seen = _seen(address)
    alike = (each for each in others if _seen(each) == seen)
    return next(alike, None) or next((each for each in others if _domain_looks_like(address, each.lower())), None)


def _domain_looks_like(address: str, other: str) -> bool:
    domain, known = (each.rpartition("@")[2] for each in (address, other))
    return domain != known and _seen(domain) == _seen(known)


@lru_cache(maxsize=4096)
def _seen(text: str) -> str:
    """What a reader sees: accents and the width of letters aside."""
    local, sign, domain = text.lower().rpartition("@")
    shown = f"{local}{sign}{'.'.join(map(_shown, domain.split('.')))}"
    plain = "".join(
        each for each in unicodedata.normalize("NFKD", shown).casefold() if unicodedata.category(each) not in ("Mn", "Cf")
    )
    plain = plain.translate(_LETTERS)
    for pair, letter in _PAIRS:
        plain = plain.replace(pair, letter)
    return plain


def _shown(label: str) -> str:
    """A label of a domain as readers are shown it (RFC 3492)."""
    if not label.startswith("xn--"):
        return label
    try:
        return label[4:].encode("ascii").decode("punycode")
    except UnicodeError:
        return label
