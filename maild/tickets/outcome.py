"""What a turn has to go by, and what it leads to. `Outcome` grows by small steps; each gives a new one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from maild.problem.lexicon import Lexicon
from maild.problem.table import FieldTable
from maild.tickets.assurance import Action, Required
from maild.tickets.contracts.windows import Windows
from maild.tickets.decision import Publication, Ruling, SendMail
from maild.tickets.facts import NOTHING_NEEDED, Facts, Needs
from maild.tickets.happening import CustomerOpened, CustomerWrote, TimeCame
from maild.tickets.people import Teams
from maild.tickets.ticket import Event, Link, Ticket, TicketMessage


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The operator's words that a decision rests on, and how each service goes about its tickets."""

    teams: Teams
    lexicon: Lexicon
    required: Required
    windows: Windows
    language: str
    reminder: timedelta
    close: timedelta
    grace: timedelta
    embargo: timedelta
    announce: tuple[str, ...]
    advisories: str  # what ids of advisories begin with, like EXAMPLE-SA
    max_enclosed: int  # octets of attachments that a mail of ours may carry
    verbs: Mapping[str, Verb] = field(default_factory=dict)
    services: Mapping[str, Service] = field(default_factory=dict)

    @property
    def table(self) -> FieldTable:
        """What is read from a mail."""
        return self.lexicon.fields

    def service(self, name: str) -> Service:
        """How tickets of this service are conducted; plainly, where it has no ways of its own."""
        return self.services.get(name, PLAIN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """What is known when a decision is made.

    `now` is the time that it counts as: of a timer its own, however late it is handled; `really` is by the clock.
    `marks` gives the marks of internal lines of a ticket; `is_ours` tells whether an address is one of the desk's; `rule` says what
    the rules make of a part of a request, by its words.
    """

    facts: Facts
    terms: Terms
    now: datetime
    really: datetime
    marks: Callable[[int], Sequence[str]]
    is_ours: Callable[[str], bool]
    rule: Callable[[Ticket, str], Ruling]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The ticket as it becomes, the mails to send, the lines of the log; and, for an agent's receipt, what was done.

    `answered`: an agent's words as the customer gets them. `passed_on`: an agent forwarded the request, with words of his own.
    `besides`: other tickets that the same mail opens or changes.
    """

    ticket: Ticket
    answered: str | None = None
    passed_on: bool = False
    mails: tuple[SendMail, ...] = ()
    events: tuple[Event, ...] = ()
    publications: tuple[Publication, ...] = ()
    receipt: tuple[str, ...] = ()
    numbered: int = 0  # numbers of advisories that were given out
    links: tuple[Link, ...] = ()
    besides: tuple[Beside, ...] = ()

    def becoming(self, ticket: Ticket) -> Outcome:
        """With the ticket so."""
        return replace(self, ticket=ticket)

    def sending(self, *mails: SendMail) -> Outcome:
        """With these mails, too."""
        return replace(self, mails=(*self.mails, *mails))

    def telling(self, *lines: str) -> Outcome:
        """With these lines in the receipt."""
        return replace(self, receipt=(*self.receipt, *lines))

    def noting(self, kind: str, now: datetime, actor: str, reason: str = "", rule: str = "", **data: object) -> Outcome:
        """With a line in the log. `reason` and `data` name no person and quote nobody."""
        return replace(self, events=(*self.events, Event(kind=kind, at=now, actor=actor, reason=reason, rule=rule, data=data)))

    def publishing(self, publication: Publication) -> Outcome:
        """With a file."""
        return replace(self, publications=(*self.publications, publication))

    def linking(self, *links: Link) -> Outcome:
        """With links to other tickets."""
        return replace(self, links=(*self.links, *links))

    def with_beside(self, *others: Beside) -> Outcome:
        """With what becomes of other tickets."""
        return replace(self, besides=(*self.besides, *others))


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What becomes of another ticket: one that is opened with a message that was there before, or one that `absorbs` another's."""

    outcome: Outcome
    message: TicketMessage | None = None
    absorbs: int | None = None


class Wrong(Exception):
    """A command cannot be done; says why, for the agent who gave it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A command as it was given: by whom, with what behind it, and with the lines below it where it takes them."""

    agent: str  # address
    argument: str
    block: str
    entry: str
    role: str = "a"  # of the address that it came to

    def must_say(self, what: str) -> str:
        """The argument, where the command cannot do without.

        Raises:
            Wrong: there is none; `what` tells which is wanted, like "why".
        """
        if not self.argument:
            raise Wrong(f"it does not say {what}")
        return self.argument


@dataclass(frozen=True, slots=True, kw_only=True)
class Verb:
    """A command that agents may give. `service` is the one whose tickets it is for; empty: all. `act` raises `Wrong`.

    `needs` tells of an argument what must be looked up for it.
    """

    usage: str
    act: Callable[[Outcome, Given, Moment], Outcome]
    service: str = ""
    takes_block: bool = False
    action: Action = "command"  # what the sender must be sure enough for
    needs: Callable[[str, FieldTable], Needs] = lambda _, __: NOTHING_NEEDED


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """How a service goes about its tickets, besides what all do. `begins` is the case that its tickets start with.

    When one is opened; when its customer writes; when an agent's commands were carried out; when the time of a timer comes.
    """

    begins: str | None = None
    opened: Callable[[Outcome, CustomerOpened, Moment], Outcome] = lambda outcome, _, __: outcome
    heard: Callable[[Outcome, CustomerWrote, Moment], Outcome] = lambda outcome, _, __: outcome
    steered: Callable[[Ticket, Outcome, Moment], Outcome] = lambda _, outcome, __: outcome
    due: Mapping[str, Callable[[Outcome, TimeCame, Moment], Outcome]] = field(default_factory=dict)
    endures: Callable[[Ticket], bool] = lambda _: False  # whether neither silence nor thanks ends it
    awaits_consent: Callable[[Ticket], bool] = lambda _: False  # whether a yes is more than thanks


PLAIN = Service()
