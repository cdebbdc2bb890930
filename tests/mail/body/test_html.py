"""HTML to text: no word is lost, whatever the tags are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.mail.body.html import MAX_HTML, html_to_text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>one</p><p>two</p>", "one\n\ntwo"),
        ("one<br>two<br/>three", "one\ntwo\nthree"),
        ("<div>one</div><div><div><div>two</div></div></div>", "one\ntwo"),
        ("Ver<span>sion</span>: 17<span class='x'>.0</span>", "Version: 17.0"),
        ("a &amp; b &lt;c&gt; &eacute; &#8364;", "a & b <c> é €"),
        ("<b>Version</b>: 17.0", "Version: 17.0"),
        ("<table><tr><td>Version</td><td>17.0</td></tr></table>", "Version  17.0"),
        ("<!-- no --><style>p{}</style><script>alert(1)</script><title>no</title>yes", "yes"),
        ("<p style='display:none'>no</p><p>yes</p>", "yes"),
        ("<?xml version='1.0' encoding='utf-8'?><html><body>yes</body></html>", "yes"),
        ("<pre>  a\n   b</pre>", "  a\n   b"),
        ("", ""),
        (" \n", ""),
        ("<!-- only this -->", ""),
        ("no tags < at all", "no tags < at all"),
    ],
)
def test_html(html: str, text: str) -> None:
    """What a reader sees, and nothing of what a reader does not see."""
    assert html_to_text(html) == (text, None)


@pytest.mark.parametrize("depth", [10, 250, 260, 390])
def test_nested_html_keeps_its_words(depth: int) -> None:
    """libxml2 drops in silence what is nested deeper than 256; long threads of replies are."""
    text, defect = html_to_text("<div>" * depth + "hello" + "</div>" * depth + "bye")
    assert text.split() == ["hello", "bye"]
    assert defect is None


@pytest.mark.parametrize(
    "unit",
    [
        "<div>",
        "<div></x>",
        "<table><tr><td>",
        "<font></p>",
        "<b><i>",
        "<div a='>'>",
        "<div a='<'>",
        "<blockquote></q>",
        "<ul><li>",
    ],
)
def test_html_nested_too_deep_keeps_its_words(unit: str) -> None:
    """However the depth is reached, and however it is hidden, the words come out and the defect tells what was done."""
    text, defect = html_to_text(unit * 30_000 + "hello")
    assert "hello" in text
    assert defect is not None
    assert "tags dropped" in defect


def test_long_html_is_cut() -> None:
    """Two million characters are read, and the defect tells of the rest."""
    text, defect = html_to_text("a" * MAX_HTML + "<p>the end</p>")
    assert "the end" not in text
    assert defect == "html: too long, cut"


@pytest.mark.parametrize(
    "html",
    [
        "<p style='padding-left:1000000px;margin-top:9999999em'>hello</p>" * 300,
        "<ul>" * 300 + "hello<br>" * 10_000,
        "<table><tr><td width=99999999 colspan=9999999>hello</table>",
    ],
    ids=["lengths", "indentation", "attributes"],
)
def test_layout_cannot_blow_up_a_small_mail(html: str) -> None:
    """Some kilobytes of HTML must not ask for gigabytes of blanks: the text is bounded, and the words are in it."""
    text, _ = html_to_text(html)
    assert text.count("hello") == html.count("hello")
    assert len(text) < 5 * len(html)


@given(html=st.text(max_size=200) | st.lists(st.sampled_from(["<p>", "</p>", "<td>", "<table>", "</table>", "<!--", "-->", "<", ">", "&#55296;", "&#0;", "&amp", "a", "\r", "<a href='"]), max_size=30).map("".join))  # fmt: skip
def test_any_html_is_text(html: str) -> None:
    """Whatever the tags are, valid Unicode without NUL comes out."""
    text, _ = html_to_text(html.replace("\0", "").encode("utf-8", "replace").decode())
    text.encode()
    assert "\0" not in text
