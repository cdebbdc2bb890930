"""Who gets the desk's mails besides the requester. Whoever is put in copy by somebody unproven waits until he is confirmed."""

from __future__ import annotations

from dataclasses import replace

from maild.mail.address import is_strict
from maild.mail.automatic.read import is_machines
from maild.mail.message import Mailbox
from maild.tickets.happening import MailCame
from maild.tickets.outcome import Given, Moment, Outcome, Wrong
from maild.tickets.ticket import Ticket

MAX_PARTICIPANTS = 50
MAX_PENDING = 20


def with_copies(ticket: Ticket, happened: MailCame, moment: Moment) -> Ticket:
    """The ticket with those in To and Cc of a mail of the customer's side.

    They are participants where the sender's domain is proven, else pending until such a sender names them, or an agent does by `#cc`.
    Machines and lists are neither, nor is an address that not every reader reads alike.
    """
    mail = happened.reading.message
    taken = {each.lower() for each in ticket.people} | {happened.author}
    added: dict[str, Mailbox] = {}
    for each in (*mail.to, *mail.cc):
        address = each.address.lower()
        is_machine = is_machines(address) or address.replace("@", ".") == (mail.list_id or "").lower()
        if address not in taken and is_strict([address]) and not is_machine and not is_the_desks(address, moment):
            added.setdefault(address, each)
    if happened.assurance.level < 1:
        known = {each.address.lower() for each in ticket.pending}
        new = (each for address, each in added.items() if address not in known)
        return replace(ticket, pending=(*ticket.pending, *new)[:MAX_PENDING])
    return _taken_in(ticket, added)


def is_the_desks(address: str, moment: Moment) -> bool:
    """Whether it is an address of the desk, or of an agent. In lower case."""
    return moment.is_ours(address) or moment.terms.teams.agent(address) is not None


def cc(outcome: Outcome, given: Given, moment: Moment) -> Outcome:
    """Take people into the conversation, or out of it."""
    words = given.argument.replace(",", " ").split()
    if not words:
        raise Wrong("whom? `+ADDRESS` takes in, `-ADDRESS` takes out")
    for word in words:
        address = word.lstrip("+-").strip("<>").lower()
        outcome = _out(outcome, address) if word.startswith("-") else _in(outcome, address, moment)
    return outcome


def _in(outcome: Outcome, address: str, moment: Moment) -> Outcome:
    ticket = outcome.ticket
    if not is_strict([address]):
        raise Wrong(f"'{address}' is no address")
    if is_the_desks(address, moment):
        raise Wrong(f"'{address}' is the desk's own")
    ticket = _reached(ticket, address)
    outcome = outcome.becoming(ticket)
    if ticket.has_participant(address):
        return outcome.telling(f"{address} is in copy already")
    known = next((each for each in ticket.pending if each.address.lower() == address), Mailbox(name="", address=address))
    if len(ticket.participants) >= MAX_PARTICIPANTS:
        raise Wrong(f"{MAX_PARTICIPANTS} people are in copy already")
    return outcome.becoming(_taken_in(ticket, {address: known})).telling(f"{address} is in copy from now on")


def _out(outcome: Outcome, address: str) -> Outcome:
    ticket = outcome.ticket
    if address == ticket.requester.address.lower():
        raise Wrong(f"'{address}' is the requester")
    left = tuple(each for each in ticket.participants if each.address.lower() != address)
    waiting = tuple(each for each in ticket.pending if each.address.lower() != address)
    if (left, waiting) == (ticket.participants, ticket.pending):
        raise Wrong(f"'{address}' is not in copy")
    ticket = replace(_reached(ticket, address), participants=left, pending=waiting)
    return outcome.becoming(ticket).telling(f"{address} is not in copy any more")


def _reached(ticket: Ticket, address: str) -> Ticket:
    """What is known of its mail does not count any more."""
    return replace(ticket, unreachable=tuple(each for each in ticket.unreachable if each != address))


def _taken_in(ticket: Ticket, added: dict[str, Mailbox]) -> Ticket:
    participants = (*ticket.participants, *added.values())[:MAX_PARTICIPANTS]
    return replace(
        ticket, participants=participants, pending=tuple(each for each in ticket.pending if each.address.lower() not in added)
    )
