"""Automatic answers, receipts, complaints, lists: their kinds, in many languages."""

from __future__ import annotations

import pytest

from maild.mail.parse import parse
from tests.mail.written import entries

ANSWERS = entries("answers.txt")


@pytest.mark.parametrize(("kind", "mail"), [entry[1:] for entry in ANSWERS], ids=[entry[0] for entry in ANSWERS])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"], ids=["LF", "CRLF"])
def test_kinds_of_machines(kind: str, mail: str, line_end: str) -> None:
    """Each is named, with its sign, is no bounce, and is not answered."""
    message = parse(mail.replace("\n", line_end).encode())
    assert message.automatic is not None
    assert message.automatic.kind == kind
    assert message.automatic.why
    assert message.bounce is None
    assert not message.may_answer


@pytest.mark.parametrize(
    "field", ["X-Loop: desk", "X-No-Loop: yes", "X-RT-Loop-Prevention: example", "X-OTRS-Loop: support@example.org"]
)
def test_loop_marks_are_not_answered(field: str) -> None:
    """Another desk asks for silence; a person may have written the mail all the same."""
    message = parse(f"From: ann@example.org\nSubject: Invoice\n{field}\n\nThe logo is too small.".encode())
    assert message.automatic is None
    assert not message.may_answer


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("auto-replied; owner-email=\"ann@example.org\"", "auto-reply"),
        ("(by a program) auto-replied", "auto-reply"),
        ("Auto-Replied (vacation)", "out-of-office"),
        ("auto-generated (failure)", "auto-generated"),
        ("auto-notified", "auto-generated"),
        ("yes", "auto-generated"),
        ("no; really", None),
        ("(none) no", None),
    ],
)  # fmt: skip
def test_auto_submitted_in_all_its_forms(value: str, kind: str | None) -> None:
    """RFC 3834, section 5: comments and parameters go."""
    message = parse(f"From: ann@example.org\nSubject: Invoice\nAuto-Submitted: {value}\n\nThe logo is too small.".encode())
    assert (message.automatic.kind if message.automatic else None) == kind


def test_the_second_precedence_counts() -> None:
    """Some machines write several."""
    message = parse(b"From: ann@example.org\nSubject: x\nPrecedence: normal\nPrecedence: bulk\n\nHello")
    assert message.automatic is not None
    assert message.automatic.kind == "bulk"


@pytest.mark.parametrize(
    "sender",
    ["noreply-accounts@example.org", "shop.no-reply@example.org", "no_reply@example.org", "nicht-antworten@example.de", "ne-pas-repondre@example.fr",
     "bounces+12-abc=desk@example.org", "mailman@example.org"],
)  # fmt: skip
def test_more_machines_addresses(sender: str) -> None:
    """RFC 3834, section 2: nobody reads them."""
    assert not parse(f"From: {sender}\nSubject: Invoice\n\nHello".encode()).may_answer
