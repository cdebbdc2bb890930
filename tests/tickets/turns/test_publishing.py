"""What of an agent's mail may go to a customer: nothing internal, by whatever way it would get there."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.tickets.address import AddressBook
from maild.tickets.people import Teams
from maild.tickets.turns.publishing import internal, withheld

if TYPE_CHECKING:
    from conftest import Talk

ANN, BOB, EMMA, OMAR = "ann@example.org", "bob@example.org", "emma@example.com", "omar@example.com"
MARKS = ("abcdefgh", "22223333")
EMPTY, MARK, NAME, SIGNED = "there is no text", "internal lines", "private address", "reply address"


@pytest.fixture(scope="module")
def teams(new_talk: Callable[[], Talk]) -> Teams:
    """The shipped ones."""
    return new_talk().desk.terms.teams


@pytest.mark.parametrize(
    ("text", "reasons"),
    [
        ("Press it twice.", []),
        ("Ω", []),
        ("17", []),
        ("Write to support@example.com, or to ann@example.org.", []),
        ("support+17-c-zyxwvutsrqpo@example.com is your address", []),
        ("the price is 100+17-a-b", []),
        ("", [EMPTY]),
        (" \n\t\n", [EMPTY]),
        ("...", [EMPTY]),
        ("-- \nEmma Laurent", [EMPTY]),
        ("--\nEmma Laurent", [EMPTY]),
        ("\u2014\nEmma Laurent", [EMPTY]),
        ("-- two dashes, then words", []),
        ("x abcdefgh| Contract M1", [MARK]),
        ("ABCDEFGH", [MARK]),
        ("xxabcdefghxx", [MARK]),
        ("> 22223333| by an older key", [MARK]),
        ("abcdefg", []),
        ("Ask emma@example.com", [NAME]),
        ("Ask EMMA@Example.Com", [NAME]),
        ("<mailto:omar@example.com>", [NAME]),
        ("notemma@example.com", [NAME]),  # errs on returning
        ("support+17-a-zyxwvutsrqpo@example.com", [SIGNED]),
        ("Support+17-N-ZYXWVUTSRQPO@example.com", [SIGNED]),
        ("support=17-a-zyxwvutsrqpo@example.com", [SIGNED]),
        ("support_17-n-zyxwvutsrqpo@example.com", [SIGNED]),
        ("abcdefgh| emma@example.com support+17-a-zyxwvutsrqpo@example.com", [MARK, NAME, SIGNED]),
    ],
)
def test_withheld(teams: Teams, text: str, reasons: list[str]) -> None:
    """Each reason by its name; what a customer may see has none."""
    found = withheld(text, MARKS, teams)
    assert [each for each in (EMPTY, MARK, NAME, SIGNED) if any(each in why for why in found)] == reasons
    assert len(found) == len(reasons)


def test_no_words_are_needed_where_a_command_speaks(teams: Teams) -> None:
    """A closing without a reason is a closing."""
    assert internal("", MARKS, teams) == []
    assert len(internal("abcdefgh", MARKS, teams)) == 1


@pytest.mark.parametrize("key", [b"k" * 32, b"o" * 32])
def test_marks_of_every_live_key(talk: Talk, key: bytes) -> None:
    """A notification that was written before the key was changed is as internal as one of today."""
    talk.open(proven=True)
    mark = AddressBook(talk.desk.policy.config, (key,)).internal_mark(1)
    talk.answer(f"Here you are:\n{mark}| Requester Ann\n")
    assert talk.told == [f"error to {EMMA}"]
    assert "internal lines" in talk.last[0].draft.text


def test_marks_of_another_ticket(talk: Talk) -> None:
    """A mark belongs to one ticket: that of another is only a word, and is not known here."""
    talk.open(proven=True)
    talk.answer(f"{talk.desk.book.internal_mark(2)}\n")
    assert talk.told == [f"answer to {ANN}"]


def test_a_whole_notification_sent_back(talk: Talk) -> None:
    """An agent whose client quotes without any sign publishes nothing by it."""
    talk.open(proven=True)
    notification = talk.last[1].draft.text.replace("-- reply above this line --", "")
    talk.answer(f"Press it twice.\n\n{notification}")
    assert talk.told == [f"error to {EMMA}"]


COMMANDS = [
    ("support", EMMA, "#close {}\n"),
    ("upgrade", OMAR, "#refuse {}\n"),
    ("security", "nina@example.com", "#reject {}\n"),
    (
        "security",
        "nina@example.com",
        "#confirm\n#corrected\n#advisory\nTitle: x\nSeverity: low\nAffected: 17.0\nImpact: {}\nRemedy: y\n#review\n",
    ),
]


@pytest.mark.parametrize(
    "secret", ["ask raj@example.com", "ask RAJ@EXAMPLE.com", "{mark}| Contract", "support+1-a-zyxwvutsrqpo@example.com"]
)
@pytest.mark.parametrize(("service", "by", "command"), COMMANDS, ids=[each[2].split()[0] for each in COMMANDS])
def test_what_commands_would_send(talk: Talk, service: str, by: str, command: str, secret: str) -> None:
    """An agent's words go to the customer by commands, too: what is internal comes back, and nothing is done."""
    talk.open(to=f"{service}@example.com", proven=True)
    before = talk.ticket
    talk.write(command.format(secret.format(mark=talk.desk.book.internal_mark(1))), by=by, role="a")
    assert talk.told == [f"error to {by}"]
    assert "was not sent" in talk.last[0].draft.text
    assert talk.ticket == before


PIECES = st.sampled_from(
    ["Hello Ann", EMMA, "RAJ@example.com", "{mark}", "{old}", "{signed}", "#take", "#close", "#close see {mark}", "#close mail OMAR@Example.com", "#note",
     "#tkae", "\\#close", "> quoted {mark}", "-- ", "On Monday Ann wrote:", "", "Lea <lea@example.com>", "#field database={mark}", "#spam"]
)  # fmt: skip


@given(lines=st.lists(PIECES, max_size=7), role=st.sampled_from(["a", "n", "c"]), proven=st.booleans())
def test_no_mail_to_a_customer_is_internal(new_talk: Callable[[], Talk], lines: list[str], role: str, proven: bool) -> None:
    """Whatever an agent writes: no mail to the customer's side holds an agent's address, a mark, or an agents' reply address."""
    talk = new_talk()
    talk.open(Cc=BOB, proven=True)
    marks = talk.desk.book.internal_marks(1)
    signed = talk.address("a", EMMA)
    text = "\n".join(lines).format(mark=marks[0], old=marks[1], signed=signed)
    by_address = talk.address("c", ANN) if role == "c" else talk.address(role, EMMA)  # type: ignore[arg-type]
    talk.come(text, by=EMMA, to=by_address, proven=proven)
    for mail in talk.last:
        if mail.recipient not in (ANN, BOB):
            continue
        draft = mail.draft
        reply_to = draft.reply_to.address if draft.reply_to else ""
        told = f"{draft.subject} {draft.text} {draft.html} {draft.from_} {draft.to} {draft.cc} {reply_to}".lower()
        assert not [each for each in (*talk.desk.terms.teams.agents, *marks, signed) if each in told]
        assert "+1-a-" not in told
        assert "+1-n-" not in told
