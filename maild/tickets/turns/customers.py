"""What follows when a customer writes: a ticket is opened, goes on, comes back, or is closed with a thank-you. Guests, too."""

from __future__ import annotations

import re
from dataclasses import replace

from maild.mail.address import is_strict
from maild.mail.automatic.read import is_machines
from maild.mail.message import Forwarded, Mailbox, Message
from maild.problem.completeness import Asked
from maild.problem.found import Field, Fields, merged, value_of
from maild.problem.lexicon import Lexicon
from maild.problem.phrases import words_of
from maild.problem.said import OUTSIDE
from maild.problem.table import Says
from maild.tickets.address import ToBounce, signed_in
from maild.tickets.contracts.entitlement import prefilled, registered
from maild.tickets.copies import is_the_desks, with_copies
from maild.tickets.decision import Ruling
from maild.tickets.happening import CustomerOpened, CustomerWrote, GuestWrote, MailCame
from maild.tickets.lacking import still_missing
from maild.tickets.lifecycle import SILENCE, step
from maild.tickets.outcome import Moment, Outcome
from maild.tickets.threading import MAX_THREAD, lengthened, referenced_ids
from maild.tickets.ticket import Ticket, TicketService
from maild.tickets.turns.telling import acknowledge, notify

IMPLIED = 0.6  # below what the customer names himself, wherever he does
MAX_SUBJECT = 250
_NUMBERED = re.compile(r"\[#\d{1,12}\]")
_PREFIXES = re.compile(r"\A(?:\w{1,5}\s*:\s*)*")
_FOLLOWS = re.compile(r"\A(?:\w{1,5}\s*:\s*)*\[#\d{1,12}\]\s*")  # a number that the desk gave is not the new one's


def opened(happened: CustomerOpened, moment: Moment) -> Outcome:
    """A new ticket: acknowledged, with the one question if it must be; the team is told at once."""
    passed_on = _passed_on(happened, moment)
    ticket = step(_new_ticket(happened, passed_on, moment), "opened", moment.now, opening=True)
    is_guest = happened.placement.standing == "guest"  # who writes by another's address gets nothing, however late
    asked = () if is_guest or _echoes(happened, moment) else acknowledge(ticket, happened)
    if asked and ticket.missing:
        ticket = replace(ticket, asked_at=moment.now)
    told = notify(ticket, moment.terms, happened, even_author=passed_on is not None)
    outcome = Outcome(ticket=ticket, passed_on=passed_on is not None).sending(*asked, *told)
    return moment.terms.service(ticket.service).opened(outcome, happened, moment)


def _echoes(happened: CustomerOpened, moment: Moment) -> bool:
    """Whether it answers an acknowledgement by nothing but words, as responders do that know no references: nobody is thanked twice."""
    thanked = moment.facts.sent.get(("acknowledgement", "correspondent", happened.author), 0)
    words = f"{happened.reading.message.subject}\n{happened.reading.message.text}"
    return thanked > 0 and (_NUMBERED.search(words) is not None or any(signed_in(words)))


def customer_wrote(happened: CustomerWrote, moment: Moment) -> Outcome:
    """One more mail of the customer's side: what it tells is kept, and whoever has the ticket is told."""
    before = happened.ticket
    if isinstance(happened.target, ToBounce) or not moment.terms.required.allows("append", happened.assurance):
        return _shown(happened, moment)
    endures = moment.terms.service(before.service).endures(before)
    if before.stage in ("feedback", "done") and not endures and _only_thanks(before, happened, moment):
        return _thanked(before, happened, moment)
    ticket = step(with_copies(_told(before, happened, moment), happened, moment), "customer wrote", moment.now)
    outcome = Outcome(ticket=ticket).sending(*notify(ticket, moment.terms, happened))
    return moment.terms.service(ticket.service).heard(outcome, happened, moment)


def guest_wrote(happened: GuestWrote, moment: Moment) -> Outcome:
    """A stranger by an address that was given to somebody else: kept for agents, a person must look, nothing goes back."""
    return _shown(happened, moment)


def _shown(happened: MailCame, moment: Moment) -> Outcome:
    """Nothing of it is obeyed or read into the ticket; a person must look. At a reverse-path it may be a responder's, and moves nothing."""
    ticket = happened.ticket
    if not isinstance(happened.target, ToBounce):
        ticket = step(ticket, "guest wrote", moment.now)
    elif isinstance(happened, CustomerWrote):  # but nobody is told that nothing was heard of him
        ticket = replace(ticket, due=tuple(each for each in ticket.due if each.kind not in SILENCE))
    return Outcome(ticket=ticket).sending(*notify(ticket, moment.terms, happened))


def says(phrase: Says, happened: MailCame, lexicon: Lexicon) -> bool:
    """Whether the author's own words say that alone, among the names of the author and of the desk's agents."""
    author = happened.reading.message.author
    own = words_of(author.name, author.address.partition("@")[0]) if author else frozenset()
    return phrase(happened.reading.message.reply.text, {*own, *lexicon.names})


def _only_thanks(before: Ticket, happened: CustomerWrote, moment: Moment) -> bool:
    """A yes to what was asked is more than thanks."""
    if moment.terms.service(before.service).awaits_consent(before) and says(
        moment.terms.lexicon.consents, happened, moment.terms.lexicon
    ):
        return False
    return happened.reading.only_thanks


def _thanked(before: Ticket, happened: CustomerWrote, moment: Moment) -> Outcome:
    """Only thanks: that is the end of it, and of a ticket that ended before nobody hears again."""
    after = step(_threaded(before, happened), "customer thanked", moment.now)
    outcome = Outcome(ticket=after)
    if before.stage == "done":
        return outcome
    return outcome.sending(
        *notify(after, moment.terms, happened, reason="The customer only says thanks, so the ticket is closed")
    )


# --- a new ticket ---------------------------------------------------------------------------------------------


def _passed_on(happened: MailCame, moment: Moment) -> Forwarded | None:
    """The customer's mail that an agent forwards to the desk, if his domain is proven: it is the customer's request."""
    forwarded = happened.reading.message.forwarded
    if forwarded is None or forwarded.from_ is None or happened.assurance.level < 1:
        return None
    address = forwarded.from_.address
    is_customers = is_strict([address]) and not is_machines(address) and not is_the_desks(address.lower(), moment)
    return forwarded if is_customers and moment.terms.teams.agent(happened.author) is not None else None


def _new_ticket(happened: CustomerOpened, passed_on: Forwarded | None, moment: Moment) -> Ticket:
    reading, ruling, mailbox, terms = happened.reading, happened.ruling, happened.target.mailbox, moment.terms
    message = reading.message
    contract = None if passed_on else registered(happened, reading.fields, moment.facts.contracts)
    fields = prefilled(_with_kind(_with_claim(reading.fields, mailbox.service), ruling), contract)
    service = service_of(mailbox.service, ruling.scope)
    scope = ruling.scope or "in-scope"
    asked = Asked(service=service, scope=scope, tags=ruling.tags, issues=reading.issues, told=reading.words)
    ticket = Ticket(
        number=moment.facts.next_number,
        service=service,
        stage="qualification",
        case=terms.service(service).begins,
        team=ruling.team or terms.teams.qualification,
        requester=message.author or Mailbox(name="", address=reading.envelope.reverse_path),
        mailbox=mailbox.address,
        subject=_subject(message.subject),
        arrived_at=reading.envelope.arrived_at,
        created_at=moment.now,
        priority=1 if ruling.priority is None else ruling.priority,
        language=reading.language or (contract.language if contract else None) or terms.language,
        scope=scope,
        issues=reading.issues,
        fields=fields,
        missing=terms.lexicon.required.missing(asked, fields),
        tags=ruling.tags,
        sealed=bool(mailbox.sealed),
        thread=_thread((), message),
        opening=happened.entry,
    )
    if passed_on is None or passed_on.from_ is None:
        return with_copies(ticket, happened, moment)
    # Whom the agent wrote to besides, and what he answered, is not the customer's.
    return replace(ticket, requester=passed_on.from_, subject=_subject(passed_on.subject), thread=())


def _subject(written: str) -> str:
    for _ in range(4):  # a gateway's mark stands before the customer's `Re:` and behind it
        mark = _PREFIXES.match(written)
        assert mark is not None
        written = mark[0] + OUTSIDE.sub("", written[mark.end() :])
    return _FOLLOWS.sub("", written, count=1)[:MAX_SUBJECT]


def service_of(mailbox_service: str, scope: str | None = None) -> TicketService:
    """emergency@ opens support tickets; an upgrade asked for at support@ is one for the upgrade service."""
    if mailbox_service == "security":
        return "security"
    return "upgrade" if mailbox_service == "upgrade" or scope == "upgrade" else "support"


def _with_kind(fields: Fields, ruling: Ruling) -> Fields:
    """What is asked for implies the kind of problem, where the mail names none."""
    if ruling.kind is None or "kind" in fields:
        return fields
    return {**fields, "kind": Field(value=ruling.kind, source="rule", confidence=IMPLIED)}


def _with_claim(fields: Fields, mailbox_service: str) -> Fields:
    """Who writes to emergency@ claims a blocking issue, unless the mail itself denies it."""
    if mailbox_service != "emergency" or "blocking" in fields:
        return fields
    return {**fields, "blocking": Field(value=True, source="address", confidence=0.9)}


# --- one more mail --------------------------------------------------------------------------------------------


def _told(before: Ticket, happened: CustomerWrote, moment: Moment) -> Ticket:
    """The ticket with what one more mail of a customer tells; nobody else's mail changes what is known."""
    told = merged(before.fields, happened.reading.fields)
    fields = prefilled(told, registered(happened, told, moment.facts.contracts))
    kind, known = value_of(fields, "kind"), value_of(before.fields, "kind")
    newly_named = before.stage == "qualification" and before.assignee is None and kind is not None and kind != known
    return replace(
        _threaded(before, happened),
        fields=fields,
        missing=still_missing(before, fields, moment, happened.reading.words),
        team=happened.ruling.team or before.team if newly_named else before.team,
    )


def _threaded(before: Ticket, happened: MailCame) -> Ticket:
    reached = tuple(each for each in before.unreachable if each != happened.author)  # who writes is there
    return replace(before, thread=_thread(before.thread, happened.reading.message), unreachable=reached)


def _thread(known: tuple[str, ...], message: Message) -> tuple[str, ...]:
    own = (message.message_id,) if message.message_id else ()
    return lengthened(known, *(() if known else message.references[-MAX_THREAD:]), *own)


def message_ids(happened: MailCame) -> tuple[str, ...]:
    """What places later mail here. A guest's references must not draw the guest's later mail in; a report's are not its own."""
    mail = happened.reading.message
    own = (mail.message_id,) if mail.message_id else ()
    return (*own, *referenced_ids(mail)) if isinstance(happened, CustomerOpened | CustomerWrote) else own
