"""How much automatic mail one correspondent gets in an hour."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime

import pytest

from maild.guard.budget import within_budget
from maild.mail.message import Mailbox
from maild.rules.policy import Policy
from maild.tickets.budget import Scope
from maild.tickets.decision import Decision, MailClass, SendMail, Verdict
from maild.tickets.facts import NOTHING_KNOWN
from maild.tickets.ticket import Event, Ticket

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
TICKET = Ticket(
    number=7, service="support", stage="process", team="bugfix", requester=Mailbox(name="", address="ann@example.org"),
    mailbox="support@example.com", subject="x", arrived_at=NOON, created_at=NOON, fields={},
)  # fmt: skip


def mail(address: str = "ann@example.org", kind: MailClass = "acknowledgement") -> SendMail:
    """A mail to be sent."""
    return SendMail(kind=kind, template=kind, to=Mailbox(name="", address=address), role="c", language="en")


def decision(*mails: SendMail) -> Decision:
    """A decision with these mails."""
    opened = Event(kind="TicketOpened", at=NOON, actor="requester", data={})
    return Decision(
        entry="e", target="t", digest=b"d", verdict=Verdict(disposition="accept", reason="r"), events=(opened,), mails=mails
    )


@pytest.mark.parametrize(("before", "sent"), [(0, 1), (2, 1), (3, 0), (99, 0)])
def test_up_to_the_limit_and_not_above(before: int, sent: int) -> None:
    """Three an hour are three an hour; what is not sent leaves an event that says why, and no address."""
    facts = dataclasses.replace(NOTHING_KNOWN, sent={("acknowledgement", "correspondent", "ann@example.org"): before})
    found = within_budget(decision(mail()), facts, {"correspondent": {"acknowledgement": 3}})
    assert len(found.mails) == sent
    suppressed = [event for event in found.events if event.kind == "MailSuppressed"]
    assert [(event.reason, dict(event.data), event.at) for event in suppressed] == [
        ("over the budget of 3 an hour", {"class": "acknowledgement"}, NOON)
    ] * (1 - sent)
    assert "ann" not in repr(suppressed)


def test_letter_case_is_no_way_around() -> None:
    """The same mailbox in other letters is the same correspondent."""
    facts = dataclasses.replace(NOTHING_KNOWN, sent={("acknowledgement", "correspondent", "ann@example.org"): 3})
    assert within_budget(decision(mail("ANN@Example.org")), facts, {"correspondent": {"acknowledgement": 3}}).mails == ()


def test_each_class_and_correspondent_counts_for_itself() -> None:
    """What one got takes nothing from another."""
    facts = dataclasses.replace(
        NOTHING_KNOWN,
        sent={("acknowledgement", "correspondent", "ann@example.org"): 3, ("operator", "correspondent", "bob@example.org"): 3},
    )
    mails = (mail("bob@example.org"), mail("ann@example.org", "operator"), mail("ann@example.org"))
    assert within_budget(decision(*mails), facts, {"correspondent": {"acknowledgement": 3, "operator": 3}}).mails == mails[:2]


def test_a_class_without_a_limit_is_free() -> None:
    """Notifications to agents are not counted unless the operator says so; the decision is the same one."""
    facts = dataclasses.replace(NOTHING_KNOWN, sent={("notification", "correspondent", "raj@example.com"): 10_000})
    before = decision(mail("raj@example.com", "notification"))
    assert within_budget(before, facts, {"correspondent": {"acknowledgement": 3}}) is before


def test_mails_of_one_decision_count_together() -> None:
    """A decision with several mails to one correspondent cannot pass the limit at once."""
    assert (
        len(within_budget(decision(mail(), mail(), mail()), NOTHING_KNOWN, {"correspondent": {"acknowledgement": 2}}).mails) == 2
    )


def test_a_limit_of_nothing_sends_nothing() -> None:
    """An operator can silence a class."""
    assert within_budget(decision(mail()), NOTHING_KNOWN, {"correspondent": {"acknowledgement": 0}}).mails == ()


def test_the_next_mail_of_a_batch_sees_it() -> None:
    """Facts count what was decided before in the same batch, so a storm that is worked on together stops, too."""
    facts, sent = NOTHING_KNOWN, 0
    for _ in range(10):
        found = within_budget(decision(mail()), facts, {"correspondent": {"acknowledgement": 4}})
        sent += len(found.mails)
        facts = facts.after(found)
    assert sent == 4


@pytest.mark.parametrize(
    ("scope", "whose", "said"),
    [
        ("domain", "example.org", "over the budget of 3 an hour for a domain"),
        ("ticket", "7", "over the budget of 3 an hour for a ticket"),
        ("desk", "", "over the budget of 3 an hour in all"),
    ],
)
def test_wider_budgets(scope: Scope, whose: str, said: str) -> None:
    """A domain, a ticket and the desk have theirs, whoever the mail is for; of several that have no room the narrowest is told."""
    facts = dataclasses.replace(NOTHING_KNOWN, sent={("acknowledgement", scope, whose): 2})
    before = dataclasses.replace(decision(mail("a@example.org"), mail("b@example.org")), ticket=TICKET)
    found = within_budget(before, facts, {scope: {"acknowledgement": 3}})
    assert found.mails == before.mails[:1]
    assert [event.reason for event in found.events if event.kind == "MailSuppressed"] == [said]
    narrow = within_budget(before, facts, {"correspondent": {"acknowledgement": 0}, scope: {"acknowledgement": 0}})
    assert {event.reason for event in narrow.events if event.kind == "MailSuppressed"} == {"over the budget of 0 an hour"}


def test_a_storm_of_addresses_of_one_domain() -> None:
    """A thousand addresses of one machine, each on a ticket of its own, in one batch: the domain's budget ends it."""
    facts, sent = NOTHING_KNOWN, 0
    for number in range(1000):
        one = dataclasses.replace(
            decision(mail(f"a{number}@example.org", "error")), ticket=dataclasses.replace(TICKET, number=number)
        )
        found = within_budget(one, facts, {"domain": {"error": 100}, "correspondent": {"error": 10}})
        sent += len(found.mails)
        facts = facts.after(found)
    assert sent == 100


def test_the_shipped_limits(shipped: Policy) -> None:
    """What machines on both sides could send each other for ever has a limit, errors the least; persons' answers have none."""
    limits = shipped.budgets.limits
    assert {"acknowledgement", "error", "receipt", "note"} <= set(limits["correspondent"])
    for each in limits.values():
        assert each["error"] == min(each.values())
        assert "answer" not in each
    assert limits["ticket"]["notification"]


@pytest.mark.parametrize(("limits", "known"), [({"note": 3}, True), ({"notification": 3}, True), ({"acknowledgement": 3}, False)])
def test_what_agents_were_told_is_looked_up_where_it_is_limited(limits: dict[str, int], known: bool, shipped: Policy) -> None:
    """Notes and notifications go to agents who are no mail's author: their counts must be asked for."""
    policy = dataclasses.replace(shipped, budgets=dataclasses.replace(shipped.budgets, per_correspondent_and_hour=limits))
    assert ("emma@example.com" in policy.limited) is known
