"""Patterns in linear time, matched together."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.rules.patterns import BadPattern, PatternIndex, compile_pattern, words_pattern


def test_numbers_are_by_place_and_pattern() -> None:
    """The same pattern twice is one; in another place it is another."""
    index = PatternIndex()
    first, second, again = index.add("text", "a"), index.add("text", "b"), index.add("text", "a")
    assert (first, again) == (0, 0)
    assert second == 1
    assert index.add("subject", "b") == 0
    index.close()
    assert index.hits({"text": "b", "subject": "a"}) == {"text": {1}, "subject": frozenset()}
    assert index.hits({"text": "ab"})["text"] == {0, 1}


def test_an_index_without_patterns_hits_nothing() -> None:
    """A desk without rules is a desk."""
    index = PatternIndex()
    index.close()
    assert not any(index.hits({"text": "x", "subject": "y"}).values())


@pytest.mark.parametrize("pattern", ["(", "a{2000}", "(?=a)", r"(a)\1", "[z-a]", "*"])
def test_patterns_that_re2_does_not_take(pattern: str) -> None:
    """They are refused with RE2's own reason."""
    with pytest.raises(BadPattern, match=r"\w"):
        compile_pattern(pattern)


@pytest.mark.parametrize("pattern", ["(a*)*b", "(a|a)*b", "(a|aa)+b", ".*.*.*b"])
def test_no_pattern_of_an_operator_hangs_the_desk(pattern: str) -> None:
    """What takes Python's engine for ever on this text is linear here."""
    index = PatternIndex()
    number = index.add("text", pattern)
    index.close()
    assert index.hits({"text": "a" * 200_000})["text"] == frozenset()
    assert index.hits({"text": "a" * 200_000 + "b"})["text"] == {number}


PHRASES = st.lists(st.from_regex(r"[a-zé.+*()\[]{1,6}( [a-z]{1,4})?", fullmatch=True), min_size=1, max_size=4)


@given(phrases=PHRASES, text=st.lists(st.from_regex(r"[a-zé.+*()\[]{1,6}|[ \n_,7]", fullmatch=True), max_size=20).map("".join))
def test_words_are_whole_words(phrases: list[str], text: str) -> None:
    """As Python's own engine finds them with look-around: no letter, digit or underscore at either side."""
    alike = [r"(?<!\w)" + r"\s+".join(map(re.escape, phrase.split())) + r"(?!\w)" for phrase in phrases]
    expected = any(re.search(each, text, re.I) for each in alike)
    assert bool(compile_pattern(words_pattern(phrases)).search(text)) is expected
