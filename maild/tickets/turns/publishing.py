"""What of an agent's mail may go to a customer. It errs on returning: what looks internal is not sent, and the agent is told why."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from maild.mail.automatic.read import reads_as_absence
from maild.mail.message import Attachment, Message
from maild.tickets.address import signed_in
from maild.tickets.commands.orders import Orders
from maild.tickets.people import Teams

_SIGNATURE = re.compile(r"\s*(?:--|\u2014)[ \t]*(?:\n|\Z)")  # and nothing above it
_MARKED = re.compile(r"(?m)^[ \t]*>.*$")  # whether or not the mail says that it is an answer
_HAS_WORDS = re.compile(r"\w")
# Files that mail clients add by themselves, and that name the agent: these stay here.
OF_THE_AGENT = frozenset(
    {
        *("application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature", "application/pgp-keys"),
        *("text/vcard", "text/x-vcard", "text/directory", "application/ms-tnef"),
    }
)


def withheld(text: str, marks: Collection[str], teams: Teams) -> Sequence[str]:
    """Why an answer is not sent, a line each; empty where nothing speaks against it."""
    reasons = internal(text, marks, teams)
    if not reasons and (not _HAS_WORDS.search(_MARKED.sub("", text)) or _SIGNATURE.match(text)):
        return ["there is no text of yours above the quote: nothing was sent"]
    return reasons


def withheld_absence(message: Message, orders: Orders) -> Sequence[str]:
    """Why an answer is not sent that reads like a responder's, which knows no commands."""
    if orders.orders or not reads_as_absence(message):
        return []
    return ["it reads like a message of absence: if you mean the customer to have it, put #take above it, and send it again"]


def withheld_files(files: Sequence[Attachment]) -> Sequence[str]:
    """Why an answer with these files is not sent: a mail among them may be the notification, with all its internal lines."""
    mails = [each.name or "a mail" for each in files if each.type.startswith("message/")]
    return [f"it encloses {name}, which is a mail: take it out, or send what is in it as text" for name in mails]


def internal(text: str, marks: Collection[str], teams: Teams) -> Sequence[str]:
    """What in a text is for agents only, a line each: an answer, or what a command sends with the agent's words."""
    reasons: list[str] = []
    folded = text.lower()
    if any(mark in folded for mark in marks):
        reasons.append("it still holds internal lines of a notification: take them out, and send it again")
    if any(address.lower() in folded for address in teams.agents):
        reasons.append("it names an agent's private address: take it out, and send it again")
    if any(role != "c" for _, role in signed_in(text)):
        reasons.append("it holds a reply address that is for agents only: take it out, and send it again")
    return reasons
