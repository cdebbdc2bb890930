"""How much automatic mail one correspondent gets in an hour."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime

import pytest

from maild.guard.budget import within_budget
from maild.mail.message import Mailbox
from maild.rules.policy import Policy
from maild.tickets.decision import Decision, MailClass, SendMail, Verdict
from maild.tickets.facts import NOTHING_KNOWN
from maild.tickets.ticket import Event

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)


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
    facts = dataclasses.replace(NOTHING_KNOWN, sent={("acknowledgement", "ann@example.org"): before})
    found = within_budget(decision(mail()), facts, {"acknowledgement": 3})
    assert len(found.mails) == sent
    suppressed = [event for event in found.events if event.kind == "MailSuppressed"]
    assert [(event.reason, dict(event.data), event.at) for event in suppressed] == [
        ("over the budget of 3 an hour", {"class": "acknowledgement"}, NOON)
    ] * (1 - sent)
    assert "ann" not in repr(suppressed)


def test_letter_case_is_no_way_around() -> None:
    """The same mailbox in other letters is the same correspondent."""
    facts = dataclasses.replace(NOTHING_KNOWN, sent={("acknowledgement", "ann@example.org"): 3})
    assert within_budget(decision(mail("ANN@Example.org")), facts, {"acknowledgement": 3}).mails == ()


def test_each_class_and_correspondent_counts_for_itself() -> None:
    """What one got takes nothing from another."""
    facts = dataclasses.replace(
        NOTHING_KNOWN, sent={("acknowledgement", "ann@example.org"): 3, ("operator", "bob@example.org"): 3}
    )
    mails = (mail("bob@example.org"), mail("ann@example.org", "operator"), mail("ann@example.org"))
    assert within_budget(decision(*mails), facts, {"acknowledgement": 3, "operator": 3}).mails == mails[:2]


def test_a_class_without_a_limit_is_free() -> None:
    """Notifications to agents are not counted unless the operator says so; the decision is the same one."""
    facts = dataclasses.replace(NOTHING_KNOWN, sent={("notification", "raj@example.com"): 10_000})
    before = decision(mail("raj@example.com", "notification"))
    assert within_budget(before, facts, {"acknowledgement": 3}) is before


def test_mails_of_one_decision_count_together() -> None:
    """A decision with several mails to one correspondent cannot pass the limit at once."""
    assert len(within_budget(decision(mail(), mail(), mail()), NOTHING_KNOWN, {"acknowledgement": 2}).mails) == 2


def test_a_limit_of_nothing_sends_nothing() -> None:
    """An operator can silence a class."""
    assert within_budget(decision(mail()), NOTHING_KNOWN, {"acknowledgement": 0}).mails == ()


def test_the_next_mail_of_a_batch_sees_it() -> None:
    """Facts count what was decided before in the same batch, so a storm that is worked on together stops, too."""
    facts, sent = NOTHING_KNOWN, 0
    for _ in range(10):
        found = within_budget(decision(mail()), facts, {"acknowledgement": 4})
        sent += len(found.mails)
        facts = facts.after(found)
    assert sent == 4


def test_the_shipped_limits(shipped: Policy) -> None:
    """What machines on both sides could send each other for ever has a limit, errors the least; persons' answers have none."""
    limits = shipped.budgets.per_correspondent_and_hour
    assert {"acknowledgement", "error", "receipt", "note"} <= set(limits)
    assert limits["error"] == min(limits.values())
    assert not {"answer", "notification", "consent"} & set(limits)


@pytest.mark.parametrize(("limits", "known"), [({"note": 3}, True), ({"notification": 3}, True), ({"acknowledgement": 3}, False)])
def test_what_agents_were_told_is_looked_up_where_it_is_limited(limits: dict[str, int], known: bool, shipped: Policy) -> None:
    """Notes and notifications go to agents who are no mail's author: their counts must be asked for."""
    policy = dataclasses.replace(shipped, budgets=dataclasses.replace(shipped.budgets, per_correspondent_and_hour=limits))
    assert ("emma@example.com" in policy.limited) is known
