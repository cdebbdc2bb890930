"""Which parts are the text, and what the text is."""

from __future__ import annotations

import pytest

from maild.mail.body.visible import MAX_TEXT
from maild.mail.message import Message
from maild.mail.parse import parse


def multipart(kind: str, *parts: str, header: str = "") -> Message:
    """A mail with these parts."""
    inner = "".join(f"--b\n{part}\n" for part in parts)
    return parse(f"From: a@b.c\n{header}Content-Type: multipart/{kind}; boundary=b\n\n{inner}--b--\n".encode())


PLAIN = "Content-Type: text/plain; charset=utf-8\n\nthe plain text"
HTML = "Content-Type: text/html; charset=utf-8\n\n<p>the <b>HTML</b></p>"


def test_of_alternatives_the_plain_text_counts() -> None:
    """RFC 2046, section 5.1.4, read for people who need words: the text is taken, the HTML kept beside it."""
    message = multipart("alternative", PLAIN, HTML)
    assert message.text == "the plain text"
    assert message.html == "<p>the <b>HTML</b></p>"


def test_an_empty_plain_text_says_nothing() -> None:
    """Some clients send an empty text beside the HTML: then the HTML is the text."""
    assert multipart("alternative", "Content-Type: text/plain\n\n \n", HTML).text == "the HTML"


def test_html_alone_is_the_text() -> None:
    """A mail of HTML says what its HTML says."""
    message = parse(b"From: a@b.c\nContent-Type: text/html\n\n<p>one<br>two</p><script>no</script><style>p{}</style>")
    assert message.text == "one\ntwo"


def test_texts_beside_each_other_follow_one_another() -> None:
    """Apple Mail writes a text before and after each picture: all of it is the customer's."""
    message = multipart("mixed", PLAIN, "Content-Type: image/png\n\nx", "Content-Type: text/plain\n\nand more", HTML)
    assert message.text == "the plain text\n\nand more\n\nthe HTML"
    assert [each.type for each in message.attachments] == ["image/png"]


@pytest.mark.parametrize(
    "part",
    [
        "Content-Type: text/plain; name=log.txt\n\nlog",
        "Content-Type: text/plain\nContent-Disposition: attachment\n\nlog",
        "Content-Type: text/html\nContent-Disposition: inline; filename=a.html\n\nlog",
        "Content-Type: text/csv\n\nlog",
        "Content-Type: text/calendar\n\nlog",
    ],
)
def test_what_is_named_or_put_aside_is_an_attachment(part: str) -> None:
    """A log file is not what the customer wrote."""
    message = multipart("mixed", PLAIN, part)
    assert message.text == "the plain text"
    assert len(message.attachments) == 1
    assert message.attachments[0].size == 3


@pytest.mark.parametrize(
    ("part", "inline"),
    [
        ("Content-Type: image/png\nContent-ID: <1@x>\n\nx", True),
        ("Content-Type: image/png\nContent-Disposition: inline\n\nx", True),
        ("Content-Type: image/png\nContent-ID: <1@x>\nContent-Disposition: attachment\n\nx", False),
        ("Content-Type: image/png\n\nx", False),
    ],
)
def test_inline_pictures_are_told_from_attachments(part: str, inline: bool) -> None:
    """A Content-ID or the word inline makes a part of the text's layout; the word attachment goes before."""
    assert multipart("mixed", PLAIN, part).attachments[0].inline is inline


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("one \ntwo\nthree", "one two\nthree"),
        ("> one \n> two\n> three", "> one two\n> three"),
        ("> one \n>> two", "> one\n>> two"),
        ("one \n> two", "one\n> two"),
        (" >one\n From two", ">one\nFrom two"),
        ("one\n-- \nAnn \nBerg", "one\n-- \nAnn Berg"),
        ("one \n-- \nAnn", "one\n-- \nAnn"),
        ("one", "one"),
    ],
)
def test_flowed_text_is_joined(written: str, text: str) -> None:
    """RFC 3676, section 4: lines that end in a blank go on in the next one of the same depth; a signature's delimiter does not."""
    raw = f"From: a@b.c\nContent-Type: text/plain; format=flowed\n\n{written}\n".encode()
    for mail in (raw, raw.replace(b"\n", b"\r\n")):
        assert parse(mail).text == text


def test_with_delsp_the_blank_is_no_text() -> None:
    """RFC 3676, section 4.1: Japanese has no blanks to join lines with."""
    raw = "From: a@b.c\nContent-Type: text/plain; charset=utf-8; format=flowed; delsp=yes\n\n日本 \n語\n> a  \n> b\n".encode()
    assert parse(raw).text == "日本語\n> a b"


def test_text_that_does_not_flow_keeps_its_blanks() -> None:
    """Without format=flowed nothing is joined."""
    assert parse(b"From: a@b.c\nContent-Type: text/plain\n\none \ntwo").text == "one \ntwo"


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_line_ends_of_the_text_are_lf(newline: str) -> None:
    """The visible text has one kind of line end, whatever was sent."""
    assert parse(f"From: a@b.c\n\none{newline}two{newline}".encode()).text == "one\ntwo"


def test_a_wrong_character_set_is_a_defect_not_a_loss() -> None:
    """What was declared wrongly is read, and the defect says so."""
    message = parse("From: a@b.c\nContent-Type: text/plain; charset=iso-2022-jp\n\nGrüße".encode())
    assert message.text == "Grüße"
    assert message.defects == ("charset: iso-2022-jp is wrong",)


def test_a_text_is_cut_at_its_limit() -> None:
    """Two megabytes are read; the rest is in the raw mail, and the defect says so."""
    message = parse(b"From: a@b.c\n\n" + b"a" * (MAX_TEXT + 10))
    assert len(message.text) == MAX_TEXT
    assert message.defects == ("text: too long, cut",)


def test_texts_beyond_the_limit_of_all_are_attachments() -> None:
    """Many parts together are no way around the limit."""
    part = b"--b\nContent-Type: text/plain\n\n" + b"a" * (MAX_TEXT - 10) + b"\n"
    message = parse(b"From: a@b.c\nContent-Type: multipart/mixed; boundary=b\n\n" + part * 3 + b"--b--\n")
    assert len(message.text) < 2 * MAX_TEXT
    assert [each.size for each in message.attachments] == [MAX_TEXT - 10]
    assert "text: too long, cut" in message.defects


def test_html_says_its_character_set_where_mime_does_not() -> None:
    """A meta element counts before a guess."""
    html = '<meta charset="iso-8859-5"><p>Счёт</p>'.encode("iso-8859-5")
    assert parse(b"From: a@b.c\nContent-Type: text/html\n\n" + html).text == "Счёт"
