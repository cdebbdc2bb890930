"""What follows when an agent writes: the answer goes out, a note is kept, commands are obeyed, or the mail comes back with the reason."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from maild.tickets.assurance import Action
from maild.tickets.commands.orders import Mistake, Orders, read_orders
from maild.tickets.decision import SendMail
from maild.tickets.happening import AgentWrote
from maild.tickets.lifecycle import step
from maild.tickets.outcome import Given, Moment, Outcome, Verb, Wrong
from maild.tickets.ticket import Ticket
from maild.tickets.turns.confirming import has_room, is_proven, settled, to_be_confirmed, would_do
from maild.tickets.turns.delivery import ASKS, TO_CUSTOMERS
from maild.tickets.turns.publishing import internal, withheld, withheld_absence, withheld_files
from maild.tickets.turns.telling import answer, notify, to_agent

_VERB = re.compile(r"\A#[A-Za-z-]*")
_QUOTED = re.compile(r"'.*'", re.S)
NOT_CONFIRMED = (
    "Nothing was done: this is no plain yes, or too late, or it was answered before. If you still want it, send it again."
)
KEEP_INTERNAL = frozenset({"note", "spam"})  # below these the text is a note, wherever the mail was sent to


def agent_wrote(happened: AgentWrote, moment: Moment) -> Outcome:
    """Commands first, then the text: as an answer where it came to the agent's own `a` address and all is proven, else as a note."""
    start = Outcome(ticket=happened.ticket)
    if happened.ticket.sealed and happened.author not in _team(happened.ticket.team, moment):
        return _of_another_team(start, happened, moment)
    if not happened.is_own_address:
        return _from_elsewhere(start, happened, moment)
    if is_proven(happened):
        start = start.becoming(settled(happened.ticket, happened))
        if not happened.confirmed:
            return start.sending(to_agent(happened, "error", moment.terms, [NOT_CONFIRMED]))
    orders = read_orders(happened.reading.message.reply.text, moment.terms.verbs)
    basic = _basic(orders, happened)
    if any(would_do(each, happened, moment) for each in (*basic, *_of_verbs(orders, moment))):
        return _once_confirmed(start, orders, happened, moment)
    if not all(moment.terms.required.allows(each, happened.assurance) for each in basic):
        return _not_believed(start, happened, moment)
    return _obeyed(start, orders, happened, moment)


def _basic(orders: Orders, happened: AgentWrote) -> list[Action]:
    """What the mail wants at the least, whatever its commands are."""
    is_answer = happened.role == "a" and bool(orders.text or orders.is_text_alone)
    wanted: list[tuple[bool, Action]] = [(is_answer, "answer"), (not orders.is_text_alone, "command")]
    return [action for wants, action in wanted if wants]


def _of_verbs(orders: Orders, moment: Moment) -> list[Action]:
    return [moment.terms.verbs[each.verb].action for each in orders.orders]


def _once_confirmed(start: Outcome, orders: Orders, happened: AgentWrote, moment: Moment) -> Outcome:
    """Asked about only if it could be done: what is wrong comes back at once."""
    sure = replace(happened, assurance=replace(happened.assurance, level=3))
    outcome = _obeyed(start, orders, sure, moment)
    if any(each.kind == "error" for each in outcome.mails):
        return outcome
    if not has_room(start.ticket, moment.now):
        return start.sending(
            to_agent(happened, "error", moment.terms, ["Nothing was done: too many mails wait to be confirmed."])
        )
    return to_be_confirmed(start, happened, moment)


def _obeyed(start: Outcome, orders: Orders, happened: AgentWrote, moment: Moment) -> Outcome:
    """All or nothing: one wrong line, or a text that must not go out, and nothing is changed and nothing is sent."""
    outcome, mistakes = _carried_out(start, orders, happened, moment)
    named = {each.verb for each in orders.orders}
    answers = happened.role == "a" and bool(orders.text or not orders.orders) and not named & KEEP_INTERNAL
    mistakes = mistakes or _unfit(outcome, orders if answers else None, happened, moment)
    if mistakes:
        lines = [str(each) for each in mistakes]
        error = to_agent(happened, "error", moment.terms, lines, happened.reading.message.reply.text)
        return start.sending(error).noting("CommandsRefused", moment.now, "desk", "wrong lines: " + str(len(lines)))
    if answers:
        closes = outcome.ticket.stage == "done" and outcome.ticket.closed_at != start.ticket.closed_at
        outcome = _answered(outcome, orders.text, happened, moment, closes)
    elif orders.text:
        outcome = _noted(outcome, happened, moment)
    outcome = moment.terms.service(start.ticket.service).steered(start.ticket, outcome, moment)
    outcome = replace(outcome, mails=_each_once(outcome.mails))
    if orders.orders:
        outcome = outcome.sending(to_agent(happened, "receipt", moment.terms, _receipt(outcome)))
    return outcome


def _carried_out(start: Outcome, orders: Orders, happened: AgentWrote, moment: Moment) -> tuple[Outcome, list[Mistake]]:
    outcome, mistakes = start, list(orders.mistakes)
    for order in orders.orders:
        verb = moment.terms.verbs[order.verb]
        given = Given(agent=happened.author, argument=order.argument, block=order.block, entry=happened.entry, role=happened.role)
        try:
            if outcome.ticket.merged_into is not None:
                raise Wrong("the request is a part of another now: nothing may follow #merge")
            _permitted(verb, outcome.ticket, happened, moment)
            outcome = verb.act(outcome, given, moment)
        except Wrong as wrong:
            why = _QUOTED.sub("what stands there", str(wrong)) if start.ticket.sealed else str(wrong)
            mistakes.append(Mistake(line=order.line, why=f"{why}; it is written {verb.usage}"))
    if start.ticket.sealed:  # what belongs to a sealed case does not travel by mail
        mistakes = [replace(each, line=_VERB.findall(each.line)[0]) for each in mistakes]
    if outcome.ticket != start.ticket and not mistakes:
        outcome = outcome.becoming(step(outcome.ticket, "informed", moment.now))
    if any(each.kind in ASKS for each in outcome.mails):
        outcome = outcome.becoming(replace(outcome.ticket, asked_at=moment.now))
    return outcome, mistakes


def _unfit(outcome: Outcome, published: Orders | None, happened: AgentWrote, moment: Moment) -> list[Mistake]:
    """What looks internal in the answer, or in the words that commands would send to the customer's side."""
    message = happened.reading.message
    numbers = (outcome.ticket.number, *outcome.ticket.absorbed)  # what was told of those is internal, too
    marks, teams = [mark for number in numbers for mark in moment.marks(number)], moment.terms.teams
    found: list[Mistake] = []
    if published is not None:
        reasons = (
            *withheld(published.text, marks, teams),
            *withheld_absence(message, published),
            *withheld_files(message.attachments),
        )
        found = [Mistake(line="Your answer was not sent:", why=why) for why in reasons]
    if published and published.text and outcome.ticket.merged_into is not None:
        found.append(Mistake(line="Your answer was not sent:", why=f"it belongs to #{outcome.ticket.merged_into}: send it there"))
    for mail in (*outcome.mails, *(each for one in outcome.besides for each in one.outcome.mails)):
        words = "\n".join(_texts(mail.values.values())) if mail.kind in TO_CUSTOMERS else ""
        found += [Mistake(line=f"The {mail.kind} was not sent:", why=why) for why in internal(words, marks, teams)]
    return found


def _texts(values: Iterable[object]) -> Iterator[str]:
    """All words among values of a template, however deep they lie."""
    for each in values:
        if isinstance(each, str):
            yield each
        elif isinstance(each, tuple | list):
            yield from _texts(each)


def _permitted(verb: Verb, ticket: Ticket, happened: AgentWrote, moment: Moment) -> None:
    if not moment.terms.required.allows(verb.action, happened.assurance):
        raise Wrong(f"you are proven to be you at level {happened.assurance.level}, and it needs more")
    if not verb.service:
        return
    if ticket.service != verb.service:
        raise Wrong(f"this is no ticket of the {verb.service} service")
    own = verb.service if verb.service in moment.terms.teams.teams else ticket.team
    if happened.author not in _team(own, moment):
        raise Wrong(f"only the {own} team may do that")


def _answered(outcome: Outcome, text: str, happened: AgentWrote, moment: Moment, closes: bool) -> Outcome:
    """Whoever answers first has the ticket; from now on the desk waits for the customer, unless the same mail closes it."""
    ticket = outcome.ticket
    if ticket.assignee is None:
        ticket = replace(ticket, assignee=moment.terms.teams.written(happened.author))
    mails = answer(ticket, happened, text, moment.terms)
    if not closes:
        ticket = replace(step(ticket, "answered", moment.now), asked_at=moment.now)
    others = tuple(each for each in outcome.mails if each.template != "closing")  # the answer says it
    sent = replace(outcome, answered=text, mails=others)
    people = "the reporter" if ticket.sealed else ", ".join(each.to.address for each in mails)
    sent = sent.becoming(ticket).sending(*mails).telling(f"answer sent to {people}")
    return sent.noting("AgentAnswered", moment.now, "agent", mails=len(mails))


def _noted(outcome: Outcome, happened: AgentWrote, moment: Moment) -> Outcome:
    """A note: kept, and told to colleagues. It never reaches the customer, whatever it contains."""
    return outcome.sending(*notify(outcome.ticket, moment.terms, happened, kind="note"))


def _team(name: str, moment: Moment) -> frozenset[str]:
    """The addresses of its members, in lower case."""
    return frozenset(each.lower() for each in moment.terms.teams.members(name))


def _of_another_team(start: Outcome, happened: AgentWrote, moment: Moment) -> Outcome:
    """A sealed case is its team's alone: the team has the note, and only who had an address there already is told that there is one."""
    outcome, team = _noted(start, happened, moment), happened.ticket.team
    if not happened.is_own_address:
        return outcome
    line = f"Kept as an internal note, and nothing else was done: only the {team} team may do that."
    return outcome.sending(to_agent(happened, "error", moment.terms, [line]))


def _from_elsewhere(start: Outcome, happened: AgentWrote, moment: Moment) -> Outcome:
    """By an address that was given to somebody else, or by none: a note, and the agent is told which address is his."""
    outcome = _noted(start, happened, moment)
    is_plain = read_orders(happened.reading.message.reply.text, moment.terms.verbs).is_text_alone
    if (not happened.role and happened.assurance.level < 1) or (happened.role == "n" and is_plain):
        return outcome  # without a role it may be anybody; and a note is what a note was meant to be
    why = "it came to an address that was given to somebody else" if happened.role else "it came to no reply address of yours"
    remedy = "Reply to this mail with commands (#take makes the request yours), or to a notification of your own to answer"
    lines = [f"Kept as an internal note, and nothing else was done: {why}.", f"{remedy}."]
    return outcome.sending(to_agent(happened, "error", moment.terms, lines))


def _not_believed(start: Outcome, happened: AgentWrote, moment: Moment) -> Outcome:
    """The right address, but nobody vouches for the sender: kept as a note, and the agent is told why."""
    why = f"nothing proves that you wrote it ({happened.assurance.why})"
    told = to_agent(happened, "error", moment.terms, [f"Kept as an internal note, nothing was sent or changed: {why}"])
    return _noted(start, happened, moment).sending(told)


def _each_once(mails: Sequence[SendMail]) -> tuple[SendMail, ...]:
    """Of several mails of a class to one recipient the last: two commands may tell the same agent of the ticket."""
    return tuple({(each.kind, each.template, each.to.address.lower()): each for each in mails}.values())


def _receipt(outcome: Outcome) -> tuple[str, ...]:
    """What was done, and what was sent with it."""
    hidden = outcome.ticket.requester.address if outcome.ticket.sealed else ""
    sent = [
        f"sent: {each.kind} to {'the reporter' if each.to.address == hidden else each.to.address}"
        for each in outcome.mails
        if each.kind not in ("answer", "note")
    ]
    return (*outcome.receipt, *sent)
