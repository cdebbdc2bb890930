"""What agents are warned of about a mail, beside what was odd in its octets: a line each. Nothing is refused for it."""

from __future__ import annotations

from collections.abc import Iterator

from maild.tickets.happening import MailCame
from maild.tickets.outcome import Moment
from maild.tickets.turns.resemblance import resembles


def cautions(happened: MailCame, moment: Moment) -> Iterator[str]:
    """Who the sender is not, what he refers to without a part in it, and where he wants answers that go to From."""
    yield from _twin(happened, moment)
    yield from _strange_references(happened, moment)
    yield from _answers_elsewhere(happened, moment)


def _twin(happened: MailCame, moment: Moment) -> Iterator[str]:
    """The sender may be taken for one of the people of the ticket, or of those that were pointed at, or for an agent."""
    numbers = (happened.placement.ticket.number,) if happened.placement.ticket else happened.placement.mentioned
    named = (moment.facts.tickets[number] for number in numbers if number in moment.facts.tickets)
    tickets = (each for each in named if not each.sealed or happened.target.mailbox.sealed)  # who reports is nobody's to know
    other = resembles(happened.author, [*(address for each in tickets for address in each.people), *moment.terms.teams.agents])
    if other:
        yield f"the sender is not {other}, and looks like it"


def _strange_references(happened: MailCame, moment: Moment) -> Iterator[str]:
    known = (moment.facts.current(each) for each in happened.placement.mentioned)
    strange = [f"#{each.number}" for each in known if each and not each.sealed and not each.has_participant(happened.author)]
    if strange:
        yield f"it points at {', '.join(strange)}, of which the sender is no participant"


def _answers_elsewhere(happened: MailCame, moment: Moment) -> Iterator[str]:
    """A web form writes as itself for somebody else. Anybody can write Reply-To: it is shown, and not obeyed."""
    people = happened.placement.ticket.people if happened.placement.ticket else ()
    known = {happened.author, *(each.lower() for each in people)}
    for each in happened.reading.message.reply_to[:1]:
        if "@" in each.address and each.address.lower() not in known and not moment.is_ours(each.address):
            yield f"answers are wanted at {each.address}, and go to {happened.author or 'the reverse-path'}; #cc takes somebody in"
