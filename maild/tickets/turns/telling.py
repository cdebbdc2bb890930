"""Who is written to, and with what class of mail: the last column of the classes in docs/interfaces.md. Nothing is sent here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from maild.mail.message import Attachment, Mailbox
from maild.tickets.decision import MailClass, SendMail
from maild.tickets.happening import AgentWrote, GuestWrote, MailCame
from maild.tickets.outcome import Terms
from maild.tickets.ticket import Ticket
from maild.tickets.turns.publishing import OF_THE_AGENT

ACKNOWLEDGEMENT = "acknowledgement"


def acknowledge(ticket: Ticket, happened: MailCame, template: str | None = None) -> tuple[SendMail, ...]:
    """One mail to the requester, with the one question if anything is missing. Never to whom no automatic answer may go."""
    if not happened.reading.message.may_answer or not happened.reading.envelope.reverse_path:
        return ()  # RFC 3834, section 2: no response to machines; a null reverse-path asks for none
    to = Mailbox(name="", address=ticket.requester.address)  # the name is the sender's to choose: nothing unproven is repeated
    shown = template or happened.ruling.reply or ACKNOWLEDGEMENT
    return (
        SendMail(kind="acknowledgement", template=shown, to=to, role="c", language=ticket.language, watched=bool(ticket.missing)),
    )


def to_requester(ticket: Ticket, kind: MailClass, template: str = "", **values: object) -> SendMail:
    """A mail of the desk to the requester; what becomes of it comes back to the ticket."""
    return SendMail(
        kind=kind, template=template or kind, to=ticket.requester, role="c", language=ticket.language, values=values, watched=True
    )


def notify(
    ticket: Ticket,
    terms: Terms,
    told: MailCame | None = None,
    kind: MailClass = "notification",
    reason: str = "",
    *,
    even_author: bool = False,
) -> tuple[SendMail, ...]:
    """The assignee, or while there is none each member of the team; but for whoever wrote the mail, or surely got it directly.

    `reason` says what has happened where it is not simply that mail; `even_author`: its author needs an address to answer by, too.
    """
    has_agent = ticket.assignee is not None and terms.teams.agent(ticket.assignee) is not None
    people = (ticket.assignee,) if has_agent and ticket.assignee else terms.teams.members(ticket.team)
    reached = _surely_reached(told) - ({told.author} if even_author else set()) if told else frozenset[str]()
    return tuple(
        SendMail(
            kind=kind,
            template=kind,
            to=terms.teams.mailbox(address),
            role="n" if kind == "note" else "a",
            language=terms.language,
            agent=terms.teams.first_name(told.author) if told and kind == "note" else "",
            values={"happened": reason, "doubt": told.assurance.why if told and told.assurance.level < 1 else ""},
            enclosed=fitting(told.reading.message.attachments, terms) if told and not ticket.sealed else (),
            source=told.confirmed if told else "",
        )
        for address in people
        if address.lower() not in reached
    )


def answer(ticket: Ticket, happened: MailCame, text: str, terms: Terms) -> tuple[SendMail, ...]:
    """The agent's words to the requester and each participant, who see one another, and the agent as the desk."""
    reached, files = reached_by(happened), happened.reading.message.attachments
    shown = (ticket.requester, *ticket.participants)
    return tuple(
        SendMail(
            kind="answer",
            template="answer",
            to=each,
            role="c",
            language=ticket.language,
            shown=shown,
            agent=terms.teams.first_name(happened.author),
            values={"text": text},
            enclosed=tuple(each for each in fitting(files, terms) if each.type not in OF_THE_AGENT),
            source=happened.confirmed,
            watched=True,
        )
        for each in shown
        if each is ticket.requester or each.address.lower() not in reached
    )


def to_agent(happened: MailCame, kind: MailClass, terms: Terms, lines: Sequence[str], written: str = "") -> SendMail:
    """A receipt or an error to the agent who wrote: what was done, or what was wrong, and his own words where nothing was done."""
    values: Mapping[str, object] = {"lines": tuple(lines), "written": written}
    to = terms.teams.mailbox(happened.author)
    return SendMail(kind=kind, template=kind, to=to, role="n", language=terms.language, values=values)


def reached_by(happened: MailCame) -> frozenset[str]:
    """Who has the mail already: its author, and who stands in its To and Cc. In lower case."""
    mail = happened.reading.message
    return frozenset({happened.author, *(each.address.lower() for each in (*mail.to, *mail.cc))})


def _surely_reached(happened: MailCame) -> frozenset[str]:
    """The same, where somebody vouches for the mail: whose names a stranger writes into To and Cc must hear of it all the same."""
    if happened.assurance.level < 1 or isinstance(happened, GuestWrote):
        return frozenset({happened.author}) if isinstance(happened, AgentWrote) else frozenset()
    return reached_by(happened)


def fitting(files: Sequence[Attachment], terms: Terms) -> tuple[Attachment, ...]:
    """A mail's attachments, in order, as many as a mail of ours may carry; the others are only named."""
    taken: list[Attachment] = []
    room = terms.max_enclosed
    for each in files:
        if each.size <= room:
            room -= each.size
            taken.append(each)
    return tuple(taken)
