"""The table of languages, and what it is folded into."""

from __future__ import annotations

from maild.mail.reply.languages import LANGUAGES
from maild.mail.reply.words import CLOSINGS, FORWARD_PREFIXES, KINDS_OF, LABELS_OF, any_word_of, phrases, plain


def test_every_language_has_a_row() -> None:
    """Once each, with what a reader cannot do without."""
    tags = [each.tag for each in LANGUAGES]
    assert len(set(tags)) == len(tags)
    assert all(each.author and each.to and each.date and each.subject and each.forwarded and each.footers for each in LANGUAGES)


def test_phrases() -> None:
    """A bar or the end of a line separates; each is there once."""
    assert phrases([" a | b c\n  d", "a", ""]) == ("a", "b c", "d")


def test_small_letters() -> None:
    """A Turkish capital with a dot is the letter of all others."""
    assert plain("İLETİ") == "ileti"


def test_labels_of_several_meanings() -> None:
    """A word may be one thing in one language, and another in the next."""
    assert KINDS_OF["van"] == {"from"}
    assert KINDS_OF["a"] == {"to"}
    assert "betreff" in LABELS_OF["de"]
    assert "vs" in FORWARD_PREFIXES["da"]
    assert "vs" not in FORWARD_PREFIXES["fi"]
    assert all(each == plain(each) for each in CLOSINGS)


def test_whole_words() -> None:
    """Words end where they end, but in scripts without blanks."""
    assert any_word_of(["i wrote", "我写道"]) == r"\b(?:i\ wrote)\b|我写道"
