"""Replies that say one thing and nothing else: thanks, or yes. Every piece of the text must be known; in doubt it is a message."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from itertools import dropwhile

from maild.problem.table import Pattern

MAX_TEXT = 400
MAX_PIECES = 12
# A question is no answer, in any script; nor is what a sad face says.
_DOUBTS = re.compile(
    r"[?\uFF1F\u061F\u00BF]|[:;]['\u2019]?-?[(/\\|]|[\U0001F44E\u274C\u2716\u2639\U0001F641\U0001F610-\U0001F617\U0001F61E-\U0001F631\U0001F92C]"
)
_BETWEEN = re.compile(r"[\n.!;,:()\u2013\u2014-]+|[\U0001F300-\U0001FAFF\u2600-\u27BF\uFE0F]+")
_GLAD = re.compile(
    "[\U0001f44d\U0001f44c\U0001f44f\U0001f64f\U0001f64c\U0001f389\U0001f38a\U0001f4af\U0001f600-\U0001f60d\U0001f642\U0001f917\U0001f929\U0001f970\u2705\u2714\u2764\u2665\u263a]"
)
_LINK = re.compile(r"<https?://[^<>\s]*>")  # clients put their own there
_WORD = re.compile(r"[^\W\d_]{2,}")


class Phrases:
    """The words of all languages: `says` are patterns of the one thing, `polite` of what may stand around it. Each fits a whole piece.

    `reacts` are of the one thing, too, as clients write it behind a name and beside a face, which must be a glad one.
    """

    def __init__(self, says: Sequence[Pattern], polite: Sequence[Pattern], reacts: Sequence[Pattern] = ()) -> None:
        self._says = says
        self._polite = polite
        self._reacts = reacts

    def __call__(self, text: str, names: Collection[str] = ()) -> bool:
        """Whether the author's own text says that, and nothing else. `names` are words, folded, that may stand where names do."""
        said = _LINK.sub("", text) if len(text) <= 2 * MAX_TEXT else text
        if len(said) > MAX_TEXT or _DOUBTS.search(said):
            return False
        plain = unicodedata.normalize("NFC", said).replace("\u2019", "'")
        pieces = [_without_names(each.split(), names) for each in _BETWEEN.split(plain)]
        pieces = [each for each in pieces if each]
        if len(pieces) > MAX_PIECES:
            return False
        fits = [self._fits(each, names, _GLAD.search(said) is not None) for each in pieces]
        rest = (each for each, is_it in zip(pieces, fits, strict=True) if not is_it)
        return any(fits) and all(any(pattern.search(each) for pattern in self._polite) for each in rest)

    def _fits(self, piece: str, names: Collection[str], is_glad: bool) -> bool:
        if any(pattern.search(piece) for pattern in self._says):
            return True
        if not is_glad:
            return False
        behind = " ".join(dropwhile(lambda word: word.casefold() in names, piece.split()))
        return any(pattern.search(behind) for pattern in self._reacts)


def words_of(*names: str) -> frozenset[str]:
    """The words of names, folded, as `Phrases` takes them."""
    return frozenset(word.casefold() for name in names for word in _WORD.findall(name))


def _without_names(words: list[str], names: Collection[str]) -> str:
    """The piece without the names at its end: whom one thanks, and who signs. Any other word must be known."""
    while words and words[-1].casefold() in names:
        words.pop()
    return " ".join(words)
