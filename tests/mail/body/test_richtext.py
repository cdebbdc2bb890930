"""Texts that are neither plain nor HTML."""

from __future__ import annotations

import pytest

from maild.mail.body.richtext import invitation, plain
from maild.mail.parse import parse

INVITATION = """BEGIN:VCALENDAR
BEGIN:VTIMEZONE
DTSTART:16010101T020000
END:VTIMEZONE
BEGIN:VEVENT
SUMMARY;LANGUAGE=en:Upgrade\\, with
  a rehearsal
DTSTART;TZID=Europe/Brussels:20260304T140000
LOCATION:Room 1
DESCRIPTION:one\\ntwo
BEGIN:VALARM
END:VALARM
END:VEVENT
BEGIN:VEVENT
SUMMARY:another
END:VEVENT
"""


@pytest.mark.parametrize(
    ("kind", "text", "words"),
    [
        (
            "text/enriched",
            "<bold>Now</bold> is\nthe <color><param>red</param>time</color>\n\nfor <<all>",
            "Now is the time\nfor <all>",
        ),
        ("text/richtext", "<bold>Now</bold> is<nl>the <lt>time>", "Now is\nthe <time>"),
        ("text/markdown", "# <b>", "# <b>"),
    ],
)
def test_words_of_other_texts(kind: str, text: str, words: str) -> None:
    """Commands are gone; a text of an unknown kind is text as it stands."""
    assert plain(text, kind) == words


def test_an_invitation_says_what_where_and_when() -> None:
    """Of the first event, and not of the time zone before it."""
    assert invitation(INVITATION) == "Upgrade, with a rehearsal\nStart: 20260304T140000\nLocation: Room 1\none\ntwo"
    assert invitation("") == ""


def test_they_are_the_text_where_nothing_else_is() -> None:
    """And attachments beside a plain text, as an invitation always is."""
    enriched = b"From: a@b.c\nContent-Type: text/enriched\n\n<bold>hi</bold>"
    assert (parse(enriched).text, parse(enriched).attachments) == ("hi", ())
    calendar = b"From: a@b.c\nContent-Type: text/calendar\n\n" + INVITATION.encode()
    assert parse(calendar).text.startswith("Upgrade, with a rehearsal")
    assert [each.type for each in parse(calendar).attachments] == ["text/calendar"]
    both = b"From: a@b.c\nContent-Type: multipart/alternative; boundary=b\n\n--b\n\nhi\n--b\nContent-Type: text/enriched\n\n<bold>hi\n--b--\n"
    assert [each.type for each in parse(both).attachments] == ["text/enriched"]


@pytest.mark.parametrize("kind", ["text/csv", "text/x-vcard", "text/calendar"])
def test_data_is_no_text(kind: str) -> None:
    """A table or a card that comes alone is an attachment."""
    message = parse(f"From: a@b.c\nContent-Type: {kind}\n\na;b".encode())
    assert (message.text, [each.type for each in message.attachments]) == ("", [kind])


def test_the_one_part_of_a_mail_is_its_text_though_it_has_a_name() -> None:
    """Some programs name the text; what is said to be attached stays attached."""
    named = b"From: a@b.c\nContent-Type: text/plain; name=body.txt\n"
    assert parse(named + b"\nhi").text == "hi"
    assert parse(named + b"Content-Disposition: attachment\n\nhi").text == ""
