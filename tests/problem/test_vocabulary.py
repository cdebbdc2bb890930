"""Words and phrases of the tables, found in a text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.problem.vocabulary import MAX_GAP, MAX_WORDS, BadPhrase, Vocabulary, read_phrase, words_in


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Hello, World!", ["hello", "world", "!"]),
        ("Größe für Æsop, œuvre", ["grosse", "fur", "aesop", "oeuvre"]),
        ("Gro\u0308\u00dfe", ["grosse"]),
        ("can't, can\u2019t", ["can", "t", "can", "t"]),
        ("E-Mail an a.b@example.org", ["e-mail", "an", "a.b@example.org"]),
        ("17.0 and saas~18.2.", ["17.0", "and", "saas~18.2", "."]),
        ("one\ntwo\n \nthree", ["one", "two", "\n", "three"]),
        ("", []),
    ],
)
def test_words_in(text: str, words: list[str]) -> None:
    """Folded, with the ends of sentences and paragraphs."""
    assert words_in(text) == words


@pytest.mark.parametrize(
    ("phrase", "text", "found"),
    [
        ("server down", "The Server  down", True),
        ("server down", "The server\nis down", False),
        ("server down", "server. down", False),
        ("größe", "die GROSSE GRÖSSE", True),
        ("upgrad*", "we were upgraded", True),
        ("upgrad*", "an update", False),
        ("*drucker", "der Bondrucker", True),
        ("*drucker", "Druckerei", False),
        ("(see|read) mine", "I read mine", True),
        ("(see|read) mine", "mine", False),
        ("(very |)slow", "so slow", True),
        ("very (really |)slow", "very really slow", True),
        ("very (really |)slow", "very slow", True),
        ("(how to|where can i) print", "where can I print", True),
        ("(upgrad*|migrat*) us", "migrating us", True),
        ("please .. upgrade", "please do us this favour and upgrade", True),
        ("please .. upgrade", "Please help. An upgrade failed", False),
        ("please .. upgrade", "please " + "x " * MAX_GAP + "upgrade", True),
        ("please .. upgrade", "please " + "x " * (MAX_GAP + 1) + "upgrade", False),
        ("can .. ?", "Can we do that?", True),
        ("can .. ?", "We can. Or not?", False),
        ("from # to #", "from 16.0 to 18", True),
        ("from # to #", "from v16 to saas~18.2", True),
        ("from # to #", "from 2 to 3", False),
        ("# #", "16 -> 18", True),
        ("don't know", "I don\u2019t know", True),
    ],
)
def test_find(phrase: str, text: str, found: bool) -> None:
    """Whole words in order; stars, choices, gaps within a sentence, versions."""
    assert bool(Vocabulary([phrase]).find(words_in(text))) is found


def test_places() -> None:
    """Each phrase wherever it stands, and the first place of each."""
    vocabulary = Vocabulary(["a b", "b"])
    assert list(vocabulary.places(words_in("a b b"))) == [(0, 0), (1, 1), (2, 1)]
    assert vocabulary.find(words_in("a b b")) == {0: 0, 1: 1}


@pytest.mark.parametrize(
    ("phrase", "why"),
    [
        ("", "a word is missing"), ("..", "a word is missing"), (".. a", "'..' stands between words"), ("a ..", "'..' stands between words"), ("a*b", "one '*'"), ("*a*", "one '*'"), ("a*", "more than a letter"),
        ("a .. b .. c .. d", "more than 2 times"), ("(a", "a bracket"), ("a|b)", "a bracket"), ("a | b", "a bracket"), ("!!", "is no word"),
        ("(a b|c d|e f|g h|i j|k l|m n|o p) " * 3 + "x", "stands for 512 phrases"),
    ],
)  # fmt: skip
def test_what_cannot_be_looked_for(phrase: str, why: str) -> None:
    """Each mistake has its reason."""
    with pytest.raises(BadPhrase) as error:
        read_phrase(phrase)
    assert why in str(error.value)


@given(st.text(max_size=200))
def test_total(text: str) -> None:
    """Whatever is written, something comes out."""
    assert set(Vocabulary(["a .. b .. c", "*ab", "ab*", "#"]).find(words_in(text))) <= {0, 1, 2, 3}


def test_bounded() -> None:
    """A megabyte that nearly matches everywhere is cut, and found out about at once."""
    assert len(words_in("a " * 1_000_000)) == MAX_WORDS
    assert not Vocabulary(["a .. a .. b"]).find(words_in("a " * 1_000_000))
