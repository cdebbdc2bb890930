"""One ticket, one issue: what `#split` makes of a mail with several."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from maild.tickets.lifecycle import PUBLIC, replay

if TYPE_CHECKING:
    from conftest import Talk

ANN, BOB, EMMA, RAJ = "ann@example.org", "bob@example.org", "emma@example.com", "raj@example.com"
THREE = (
    "Version: 17.0\nDatabase: acme\n\nWe have three problems:\n"
    "1. How do I print an order twice on one page?\n"
    "2. The site is down since noon, all pages say error 502.\n"
    "3. Our subscription: please send the last invoice to our new billing address.\n"
)


@pytest.fixture
def three(talk: Talk) -> Talk:
    """A mail with three issues."""
    assert talk.open(THREE, Cc=BOB, proven=True, Subject="Three problems").issues == 3
    return talk


def test_each_to_its_team(three: Talk) -> None:
    """All but the first become requests of their own: same people, same age, same words, their own team, subject and address."""
    whole = three.ticket
    decision = three.write("#split\n", by=EMMA, role="a")
    second, third = three.facts.tickets[2], three.facts.tickets[3]
    assert [(each.team, each.stage, each.missing, each.assignee) for each in (second, third)] == [
        ("technical", "process", (), None),
        ("administration", "process", (), None),
    ]
    for each in (second, third):
        assert (each.requester, each.participants, each.arrived_at) == (whole.requester, whole.participants, whole.arrived_at)
        assert each.fields["version"] == whole.fields["version"]
        assert three.facts.history[each.number] == three.facts.history[1][:1]
    assert second.subject == "The site is down since noon, all pages say error 502"
    assert three.ticket.issues == 1
    assert [(each.kind, each.number) for each in decision.links] == [("split", 2), ("split", 3)]
    events = [each for each in decision.besides[0].events if each.kind == "TicketOpened"]
    assert replay(events) == {name: getattr(second, name) for name in PUBLIC}


def test_who_is_told(three: Talk) -> None:
    """The customer once, with all the numbers; the team of each new request, and nobody else's."""
    three.write("#split\n", by=EMMA, role="a")
    assert [each for each in three.told if "notification" not in each] == [f"notice to {ANN}", f"receipt to {EMMA}"]
    told = {each.recipient: each.ticket for each in three.last if each.kind == "notification"}
    teams = three.desk.policy.teams
    assert told == dict.fromkeys(teams.members("technical"), 2) | dict.fromkeys(teams.members("administration"), 3)
    notice = three.last[0].draft.text
    for number in (2, 3):
        assert three.desk.book.ticket_address("support@example.com", number, "c", ANN) in notice
    assert "#1: Three problems (reply to this mail)" in notice


def test_its_own_conversation(three: Talk) -> None:
    """A mail to a new one's address is the new one's."""
    three.write("#split 2\n", by=EMMA, role="a")
    three.number = 2
    three.write("It is up again.\n")
    assert [each.text for each in three.facts.history[2]][1:] == ["It is up again."]
    assert three.facts.tickets[1].issues == 2
    assert sorted(three.facts.tickets) == [1, 2]


def test_by_words(three: Talk) -> None:
    """What the reader did not see apart an agent names."""
    three.open(proven=True)
    three.write("#split Subscription invoice to a new billing address\n", by=EMMA, role="a")
    assert (three.facts.tickets[3].subject, three.facts.tickets[3].team) == (
        "Subscription invoice to a new billing address",
        "administration",
    )


def test_twice_in_a_mail(three: Talk) -> None:
    """Numbers are given out once."""
    three.write("#split 3\n#split The logo is missing\n", by=EMMA, role="a")
    assert sorted(three.facts.tickets) == [1, 2, 3]
    assert three.facts.next_number == 4


def test_issues_that_cannot_be_told_apart(talk: Talk) -> None:
    """Where the mail only says how many there are, each new one has the whole of it."""
    talk.open(
        "Hello.\nWhere do I change the logo? How do I change the language of a letter? Thanks.\n",
        Subject="Two questions",
        proven=True,
    )
    assert talk.ticket.issues == 2
    talk.write("#split\n", by=EMMA, role="a")
    assert talk.facts.tickets[2].subject == "Two questions (2)"


@pytest.mark.parametrize(
    ("command", "why"),
    [
        ("#split 4", "it has the issues 1 to 3"),
        ("#split [0]", "it has the issues 1 to 3"),
        ("#split 1, 2 3", "one of them stays in this request"),
    ],
)
def test_wrong(three: Talk, command: str, why: str) -> None:
    """Nothing is opened where it cannot be."""
    three.write(f"{command}\n", by=EMMA, role="a")
    assert why in three.last[0].draft.text
    assert sorted(three.facts.tickets) == [1]


def test_wrong_where_there_is_one(talk: Talk) -> None:
    """And the remedy is named."""
    talk.open(proven=True)
    talk.write("#split\n", by=EMMA, role="a")
    assert "'#split SUBJECT' takes out another" in talk.last[0].draft.text


def test_wrong_of_a_service(talk: Talk) -> None:
    """Cases are not split."""
    talk.open(to="upgrade@example.com", proven=True)
    talk.write("#split a b\n", by=talk.desk.policy.teams.members("upgrade")[0], role="a")
    assert "only requests of the support service" in talk.last[0].draft.text
