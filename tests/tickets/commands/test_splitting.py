"""One ticket, one issue: what `#split` makes of a mail with several."""

from __future__ import annotations

from dataclasses import replace
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
    assert three.ticket.papers["split"] == "2 3"
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
    assert three.facts.tickets[1].papers["split"] == "2"
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


@pytest.mark.parametrize(
    "text", ["#split 2-3", "#split 2 and 3", "#split #2, #3", "#split 2;3", "#split 3\n#split 2", "#split [2]\n#split"]
)
def test_however_they_are_named(three: Talk, text: str) -> None:
    """Ranges, several mails' worth, words between: issues 2 and 3, each once, and one notice about both."""
    three.write(f"{text}\n", by=EMMA, role="a")
    subjects = {each.subject for number, each in three.facts.tickets.items() if number > 1}
    assert {each.partition(" ")[0] for each in subjects} == {"The", "Our"}
    notices = [each for each in three.last if each.kind == "notice"]
    assert len(notices) == 1
    assert all(each in notices[0].draft.text for each in subjects)


def test_one_after_the_other(three: Talk) -> None:
    """Numbers stay what they were in the mail, and none is taken twice; a later mail of the customer changes no text."""
    three.write("#split 2\n", by=EMMA, role="a")
    three.come("Version: 18.0\n\nThat is the version.\n", to=three.address("c", ANN), proven=True)
    three.write("#split 2\n", by=EMMA, role="a")
    assert "2 is a request of its own already" in three.last[-1].draft.text
    three.write("#split 3\n", by=EMMA, role="a")
    assert three.facts.tickets[3].subject.startswith("Our subscription:")
    three.write("#split\n", by=EMMA, role="a")
    assert "all issues are requests of their own already" in three.last[-1].draft.text


def test_notes_are_no_customers_words(three: Talk) -> None:
    """Of a long conversation only the mail that opened it has issues; where that is not known, none is invented."""
    three.write(
        "#note\nThree things:\n1. They are fools, all of them.\n2. The boss there is a fool, too.\n3. Never answer them again.\n",
        by=EMMA,
        role="a",
    )
    three.facts = replace(three.facts, history={1: three.facts.history[1][1:]})
    three.write("#split 3\n", by=EMMA, role="a")
    assert three.facts.tickets[2].subject.startswith("Our subscription:")
    three.facts = replace(three.facts, openings={})
    three.write("#split 2\n", by=EMMA, role="a")
    assert "is not known any more" in three.last[-1].draft.text


def test_an_upgrade(three: Talk) -> None:
    """What the rules take for an upgrade is one of that service, at its first step."""
    three.write("#split We want to upgrade to version 19\n", by=EMMA, role="a")
    child = three.facts.tickets[2]
    assert (child.service, child.case, child.team) == ("upgrade", "requested", "upgrade")


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
        ("#split 1-3", "one of them stays in this request"),
        ("#split !", "'!' is neither a number nor a subject"),
        ("#split ask emma@example.com", "it names an agent's private address"),
        ("#split look at support+1-a-aaaaaaaaaaaa@example.com", "it holds a reply address that is for agents only"),
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
