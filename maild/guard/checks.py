"""The checks that a mail passes before anything is decided about it: the first that objects gives the verdict."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from maild.config import Config
from maild.problem.reading import Reading
from maild.tickets.address import Target, ToBounce, ToTicket, own_key
from maild.tickets.decide import target_mark
from maild.tickets.decision import Verdict
from maild.tickets.facts import Facts
from maild.tickets.threading import known_ids

MAX_HOPS = 60  # RFC 5321, section 6.3, asks for a limit of 100 or more between relays; we are the end of the road


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """What the checks look at."""

    reading: Reading
    target: Target
    facts: Facts
    config: Config


Check = Callable[[Examined], Verdict | None]


def too_many_hops(mail: Examined) -> Verdict | None:
    """A mail that has been everywhere is going round in circles."""
    return Verdict(disposition="discard", reason="too-many-hops") if mail.reading.message.hops > MAX_HOPS else None


def own_mail(mail: Examined) -> Verdict | None:
    """What the desk itself sent is never taken for a customer's, whoever stands in its From by now: its Message-ID tells.

    What only bears one of its addresses (a form on a web page, a group that puts itself into From, a forgery) a person must see.
    """
    message = mail.reading.message
    key = own_key(message.message_id or "")
    sender = message.author.address if message.author else mail.reading.envelope.reverse_path
    is_answer = message.automatic is not None and message.automatic.answers
    under_our_name = bool(sender) and mail.config.mailbox_of(sender) is not None
    if key in mail.facts.outgoing or (under_our_name and (key or is_answer)):
        return Verdict(disposition="discard", reason="own-mail")
    return Verdict(disposition="hold", reason="own-address") if under_our_name else None


def duplicate(mail: Examined) -> Verdict | None:
    """The same bytes, trace fields aside, to the same target: delivered twice, not written twice."""
    first = mail.facts.seen.get((mail.reading.digest, target_mark(mail.target)))
    return Verdict(disposition="discard", reason="duplicate") if first else None


def uncorrelated_report(mail: Examined) -> Verdict | None:
    """Reports and vacation mails change something only where they are known to be about a mail of the desk (RFC 3834, section 2)."""
    machine = mail.reading.message.automatic
    if machine is None or not machine.answers or isinstance(mail.target, ToBounce | ToTicket):
        return None
    if any(each in mail.facts.placed for each in known_ids(mail.reading.message)):
        return None
    return Verdict(disposition="discard", reason=f"{machine.kind}-to-nothing")


def unknown_bounce(mail: Examined) -> Verdict | None:
    """A bounce address of a mail that the desk does not know any more."""
    if isinstance(mail.target, ToBounce) and mail.target.key not in mail.facts.outgoing:
        return Verdict(disposition="discard", reason="bounce-of-unknown-mail")
    return None


def nobody_to_answer(mail: Examined) -> Verdict | None:
    """Neither From nor reverse-path: nobody could ever be answered, so a person must look."""
    if mail.reading.message.author is None and not mail.reading.envelope.reverse_path:
        return Verdict(disposition="hold", reason="no-sender")
    return None


CHECKS: tuple[Check, ...] = (
    too_many_hops,
    own_mail,
    duplicate,
    unknown_bounce,
    uncorrelated_report,
    nobody_to_answer,  # last: a machine's mail without a sender is the machine's business
)


def examine(mail: Examined) -> Verdict:
    """The verdict about a mail and one of its targets."""
    for check in CHECKS:
        verdict = check(mail)
        if verdict is not None:
            return verdict
    machine = mail.reading.message.automatic
    return Verdict(disposition="accept", reason=f"automatic ({machine.kind})" if machine else "a person's mail")
