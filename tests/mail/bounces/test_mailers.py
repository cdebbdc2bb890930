"""Reports in the words of many mailers and languages: whom they name, with which status, for which reason."""

from __future__ import annotations

from fnmatch import fnmatchcase

import pytest

from maild.mail.parse import parse
from tests.mail.written import entries

MAILERS = entries("mailers.txt")
PEOPLE = entries("people.txt")


@pytest.mark.parametrize(("expected", "mail"), [entry[1:] for entry in MAILERS], ids=[entry[0] for entry in MAILERS])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"], ids=["LF", "CRLF"])
def test_mailers_are_understood(expected: str, mail: str, line_end: str) -> None:
    """`address status reason` of each recipient, a `*` standing for anything; and nobody answers a report."""
    message = parse(mail.replace("\n", line_end).encode())
    assert message.bounce is not None
    got = {each.address: each for each in message.bounce.recipients}
    told = [each.split() for each in expected.split(" ; ")]
    assert set(got) == {address for address, _, _ in told}
    for address, status, reason in told:
        assert fnmatchcase(got[address].status or "", status)
        assert fnmatchcase(got[address].reason, reason)
    assert message.automatic is not None
    assert message.automatic.kind == "bounce"
    assert not message.may_answer


@pytest.mark.parametrize("mail", [entry[2] for entry in PEOPLE], ids=[entry[0] for entry in PEOPLE])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"], ids=["LF", "CRLF"])
def test_people_are_people(mail: str, line_end: str) -> None:
    """Who speaks of bounces, absences, receipts or complaints, quotes or forwards one, is no machine."""
    message = parse(mail.replace("\n", line_end).encode())
    assert message.bounce is None
    assert message.automatic is None
