"""Some four hundred mails in the layouts of many clients and languages, with what maild is to read of each (`mails/*.yaml`).

Keys: `text`, `html` (a body) or `mail` (all of it); `subject` of the mail around it. `reply`: what the author wrote now, line by
line; `reply_words`: the same without looking at blanks. A signature may be in the reply or apart, unless `signature_apart`.
`forwarded_*` and `note*`: the forwarded message, and what the forwarder wrote above it. `fails`: why it fails for the time being.
"""

from __future__ import annotations

import base64
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from maild.mail.message import Forwarded, Mailbox, Message
from maild.mail.parse import parse

MAILS = Path(__file__).with_name("mails")


def cases(kind: str) -> list[Any]:
    """The mails of a kind; those with a reason to fail are marked so."""
    found: list[Any] = []
    for path in sorted(MAILS.glob(f"{kind}-*.yaml")):
        for case in yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader):
            marks = [pytest.mark.xfail(reason=case["fails"], strict=True)] if "fails" in case else []
            found.append(pytest.param(case, id=f"{path.stem}-{case['name']}", marks=marks))
    return found


def read(case: dict[str, Any], prefix: str) -> Message:
    """The mail of a case; a body alone is put into one."""
    if "mail" in case:
        return parse(case["mail"] if isinstance(case["mail"], bytes) else case["mail"].replace("\n", "\r\n").encode())
    subject = case.get("subject", f"{prefix} x").encode()
    form = "html" if "html" in case else "plain"
    return parse(
        b"From: Ann Author <ann@sender.example>\r\nTo: Desk <support@desk.example>\r\nSubject: =?utf-8?B?"
        + base64.b64encode(subject)
        + f"?=\r\nMIME-Version: 1.0\r\nContent-Type: text/{form}; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n".encode()
        + base64.encodebytes((case.get("html") or case["text"]).encode())
    )


def lines(text: str | None) -> str:
    """Blanks at the ends of lines do not count, nor do empty lines around."""
    return "\n".join(line.rstrip() for line in (text or "").split("\n")).strip()


def words(text: str | None) -> str:
    """No blanks count."""
    return re.sub("[\\s\u200b-\u200d\u2060\ufeff\u00ad]+", "", text or "")


@pytest.mark.parametrize("case", cases("reply"))
def test_replies(case: dict[str, Any]) -> None:
    """The author's words are kept, no others are, and the signature is where it may be."""
    reply = read(case, "Re:").reply
    signature = reply.signature or ""
    may_be = (
        [reply.text] if "signature_apart" in case else [reply.text, f"{reply.text}\n{signature}", f"{reply.text}\n\n{signature}"]
    )
    if "reply" in case:
        without_quotes = words(re.sub(r"(?m)^>.*$", "", case["reply"])) if "\n>" in case["reply"] else None  # either will do
        assert lines(case["reply"]) in [lines(each) for each in may_be] or without_quotes in [words(each) for each in may_be]
    if "reply_words" in case:
        assert words(case["reply_words"]) in [words(each) for each in may_be]
    for part in case.get("reply_contains", ()):
        assert words(part) in words(may_be[-1])
    for part in case.get("reply_not_contains", ()):
        assert words(part) not in words(reply.text)
    for part in case.get("signature_contains", ()):
        assert words(part) in words(signature)
    assert reply.text.strip() or "reply_says_something" not in case


@pytest.mark.parametrize("case", cases("forward"))
def test_forwards(case: dict[str, Any]) -> None:
    """A forwarded message is told from a quoted one, and read: author, recipients, date, subject, text, and the note above it."""
    found = read(case, "Fwd:" if case["forwarded"] else "Re:").forwarded
    assert (found is not None) == case["forwarded"]
    if found is None:
        return
    assert case.get("forwarded_subject", found.subject) == found.subject
    assert case.get("forwarded_date", "") in (found.date or "")
    assert people(found.to) == [each.lower() for each in case.get("forwarded_to", people(found.to))]
    assert people(found.cc) == [each.lower() for each in case.get("forwarded_cc", people(found.cc))]
    author = (found.from_,) if found.from_ else ()
    assert people(author) == [each.lower() for each in case.get("forwarded_from", people(author))]
    assert_texts(case, found)


def assert_texts(case: dict[str, Any], found: Forwarded) -> None:
    """Both texts, line by line or by their words."""
    for key, text in (("forwarded_text", found.text), ("note", found.note)):
        assert lines(case.get(key, text)) == lines(text)
    for key, text in (("forwarded_words", found.text), ("note_words", found.note)):
        assert words(case.get(key, text)) == words(text)
    assert words(found.note).startswith(words(case.get("note_starts", "")))


def people(several: tuple[Mailbox, ...]) -> list[str]:
    """As the cases have them."""
    return [f"{each.name} <{each.address}>".strip().lower() if each.address else each.name.lower() for each in several]
