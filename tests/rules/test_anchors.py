"""What a pattern needs of a text: nothing that it matches is passed over."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from maild.mail.parse import parse
from maild.problem.fields.sentences import sentences
from maild.problem.plain import plain
from maild.problem.table import FieldTable
from maild.rules.anchors import needs
from maild.rules.patterns import PatternSet, compile_pattern

ALPHABET = "ab 0_é-"


@pytest.mark.parametrize(
    ("pattern", "needed"),
    [
        (r"\bversion\b", [{"version"}]),
        (r"(?i)(?:^|\W)(?:VERSION)(?:\W|$)", [{"version"}]),
        (r"\b(?:cannot|can't) (?:log in|sign)\w*", [{"cannot", "can"}, {"log", "sign*"}]),
        (r"\w+iamo\b", [{"*iamo"}]),
        (r"\bupgrad\w+", [{"upgrad*"}]),
        (r"v\.? ?\d{2}\.0", [{"0*"}, {"*v", "."}]),
        (r"(?:the )?\bscreen", [{"screen*"}]),
        (r"\w+ > \w+", [{">"}]),
        (r"[a-z]+", []),
        (r"(?:a\b|\w+)", []),
        (r"x\x{2013}|\pL+", []),
    ],
)
def test_needs(pattern: str, needed: list[set[str]]) -> None:
    """Whole words, beginnings, ends and marks; of alternatives, one of each."""
    assert [set(each) for each in needs(pattern)] == needed


ATOMS = st.one_of(
    st.text(ALPHABET, min_size=1, max_size=4),
    st.sampled_from([r"\w", r"\s", r"\d", r"\W", r"\b", ".", "[ab]", "[^a]", "[a-c0]", r"[\s-]", "^", "$", r"\S"]),
)


def _more(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    grouped = inner.map("(?:{})".format)
    return st.one_of(
        st.lists(inner, min_size=2, max_size=4).map("".join),
        st.lists(inner, min_size=2, max_size=3).map("|".join).map("(?:{})".format),
        st.tuples(grouped, st.sampled_from(["?", "*", "+", "{0,2}", "{2}", "{1,3}", "+?"])).map("".join),
    )


PATTERNS = st.recursive(ATOMS, _more, max_leaves=12)


@given(st.data(), PATTERNS)
def test_what_matches_is_found(data: st.DataObject, pattern: str) -> None:
    """Whatever the pattern: where RE2 finds it, the set does."""
    try:
        texts = st.from_regex(re.compile(pattern))
        text = data.draw(st.tuples(st.text(ALPHABET, max_size=3), texts, st.text(ALPHABET, max_size=3)).map("".join))
    except re.error:
        assume(False)
    compiled = compile_pattern(pattern)
    found = compiled.search(text) is not None
    assert PatternSet([compiled]).hits(text) == ({0} if found else set())


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (r"foo(bar\sbaz)", "foobar baz"),
        (r"foo(?:bar\s+baz)qux", "foobar bazqux"),
        (r"\bfoo(?:bar \bbaz)", "foobar baz"),
        ("(?i)^status", "\u017ftatus"),
        (r"(?i)(?:^|\W)status(?:\W|$)", "x \u017ftatu\u017f y"),
        ("(?i)ς", "Σ"),
        ("Σ", "ΑΣ"),
        ("(?i)σ", "ΑΣ"),
        ("(?i)\u00b5", "\u03bc"),
        (r"foo\W", "foo\u212a"),
        (r"\bfoo\b", "\u212afoo"),
        (r"\bfoo\b", "foo\u0130"),
        (r"\Q a[b] \E", " a[b] "),
        (r"\Q a\d \E", r" a\d "),
        (r"\101bc\b", "Abc"),
        (r"\060foo\b", "0foo"),
        (r"\b[0-\]]foo\b", "Afoo"),
        (r"^[Z-\]]$", "["),
        (r"^[!-\/]$", "#"),
        (r"^[\[-a]$", "_"),
        (r"^[\t-z]foo\b", "5foo"),
        ("^٣foo", "٣foo"),
        ("^foo٣", "foo٣"),
        ("\\\n", "\nfoo"),
        (r"(?i)(?: \d(?:[a-c](?:$\b-{0,2}\b)\s*))\b", "bx 1b"),
        (r"\s*ba(?:[ab ](?:|ba[^a][0-9](?:[0-9]^[a-z]{2}))$$)", "\n, baa"),
    ],
)
def test_what_was_passed_over_once(pattern: str, text: str) -> None:
    """Groups inside of a word, letters that fold to others, quotes, octal numbers, escaped ends of ranges."""
    compiled = compile_pattern(pattern)
    assert compiled.search(text) is not None
    assert PatternSet([compiled]).hits(text) == {0}


def test_the_shipped_phrases_are_found(table: FieldTable, root: Path) -> None:
    """In sentences of customers, all that match, one by one, are hits."""
    prose = table.prose
    assert prose is not None
    mails = sorted((root / "tests" / "problem" / "mails").glob("*.eml"))[::6]
    assert mails
    for path in mails:
        for sentence in sentences(plain(parse(path.read_bytes()).reply.text), prose, prose.present):
            octets = sentence.text.encode()
            assert prose.present(sentence.text) == {n for n, cue in enumerate(prose.cues) if cue.pattern.is_in(octets)}
