"""The life cycle: each row of its table, what is sent and to whom, and a log that tells all but who and what they wrote."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.mail.message import Automatic, Mailbox
from maild.problem.found import Field, merged
from maild.problem.reading import Reading
from maild.rules.policy import Policy
from maild.tickets.address import AddressBook, Target, ToBounce, ToMailbox, ToOperator, ToTicket
from maild.tickets.arrival import proven, targets_of
from maild.tickets.decision import NO_RULING, Decision, Ruling, Verdict
from maild.tickets.facts import NOTHING_KNOWN, Facts
from maild.tickets.happening import AgentWrote, CustomerWrote, GuestWrote, Happening, MachineWrote, MailBounced, happening
from maild.tickets.lifecycle import MAX_SUBJECT, PUBLIC, TRANSITIONS, Terms, UnknownTurn, decide, put_aside, replay, target_mark
from maild.tickets.threading import Placement, find_ticket
from maild.tickets.ticket import Event, Stage, Ticket

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
LATER = datetime(2026, 3, 4, 12, 5, tzinfo=UTC)
KEY = "0123456789abcdef"
Read = Callable[..., Reading]
KIND = {"kind": Field(value="administration", source="text:0-5", confidence=0.9)}
ALL = {**KIND, "database": Field(value="acme", source="text:6-9", confidence=0.9)}
TICKET = Ticket(
    number=17,
    service="support",
    stage="process",
    team="functional",
    requester=Mailbox(name="Ann Berg", address="ann@example.org"),
    participants=(Mailbox(name="Bob", address="bob@example.org"),),
    mailbox="support@example.com",
    subject="Invoice layout",
    arrived_at=NOON,
    created_at=NOON,
    fields=ALL,
)
REPORT = """\
--b
Content-Type: text/plain

It did not arrive.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org

Final-Recipient: rfc822; ann@example.org
Action: {action}
Status: {status}
--b--
"""
REPORT_TYPE = 'multipart/report; report-type=delivery-status; boundary="b"'


@pytest.fixture(scope="session")
def terms(shipped: Policy) -> Terms:
    """The shipped words."""
    return shipped.terms


def happened(
    kind: type[Happening],
    reading: Reading,
    book: AddressBook,
    ticket: Ticket | None = None,
    *,
    target: Target | None = None,
    ruling: Ruling = NO_RULING,
) -> Happening:
    """A mail came."""
    return kind(
        entry="entry-1",
        target=target or ToMailbox(mailbox=book.first),
        address="support@example.com",
        reading=reading,
        placement=Placement(ticket=ticket, how="references" if ticket else "new"),
        ruling=ruling,
        reason="a person's mail",
    )


def opened(
    reading: Reading, book: AddressBook, terms: Terms, to: str = "support@example.com", ruling: Ruling = NO_RULING
) -> Decision:
    """The decision about a customer's first mail."""
    target = book.target_of(to)
    assert target is not None
    return decide(
        happened(CustomerWrote, reading, book, target=target, ruling=ruling), replace(NOTHING_KNOWN, next_number=17), terms, NOON
    )


# --- the table --------------------------------------------------------------------------------------------------

Q, P = "qualification", "process"
ROWS: dict[tuple[Stage | None, type[Happening]], tuple[Stage, Stage, list[str]]] = {
    (None, CustomerWrote): (Q, P, ["acknowledgement", "notification"]),
    ("qualification", CustomerWrote): (Q, P, ["notification"]),
    ("process", CustomerWrote): (P, P, ["notification"]),
    ("qualification", GuestWrote): (P, P, ["notification"]),
    ("process", GuestWrote): (P, P, ["notification"]),
    ("qualification", AgentWrote): (Q, Q, []),
    ("process", AgentWrote): (P, P, []),
    ("qualification", MachineWrote): (Q, Q, []),
    ("process", MachineWrote): (P, P, []),
    ("qualification", MailBounced): (Q, Q, []),
    ("process", MailBounced): (P, P, []),
}  # type: ignore[assignment]


def test_all_rows() -> None:
    """The table has the rows that are tested here, and no others."""
    assert set(TRANSITIONS) == set(ROWS)


@pytest.mark.parametrize("complete", [False, True], ids=["missing", "complete"])
@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[0] or 'new'}-{row[1].__name__}")
def test_row(book: AddressBook, read: Read, terms: Terms, row: tuple[Stage | None, type[Happening]], complete: bool) -> None:
    """Each row leads to its stage, by whether something is still missing, and sends its mails."""
    stage, kind = row
    known = ALL if complete else KIND
    ticket = replace(TICKET, stage=stage, fields=known, missing=() if complete else ("database",)) if stage else None
    decision = decide(
        happened(kind, replace(read(), fields=known), book, ticket), replace(NOTHING_KNOWN, next_number=17), terms, LATER
    )
    incomplete, otherwise, mails = ROWS[row]
    assert decision.ticket is not None
    assert decision.ticket.stage == (otherwise if complete else incomplete)
    assert decision.ticket.missing == (() if complete else ("database",))
    assert [each.kind for each in decision.mails] == mails
    assert decision.opened == (stage is None)
    assert decision.events[0].kind == ("TicketOpened" if stage is None else kind.__name__)


@pytest.mark.parametrize(
    ("stage", "kind"),
    [
        (None, GuestWrote),
        (None, MachineWrote),
        (None, MailBounced),
        (None, AgentWrote),
        ("feedback", CustomerWrote),
        ("done", MachineWrote),
        (P, Happening),
    ],
)
def test_unknown_turn(book: AddressBook, read: Read, terms: Terms, stage: Stage | None, kind: type[Happening]) -> None:
    """A pair that is not in the table is an error that names it, never a guess."""
    ticket = replace(TICKET, stage=stage) if stage else None
    with pytest.raises(UnknownTurn, match=f"{stage or 'no ticket'}, {kind.__name__}"):
        decide(happened(kind, read(), book, ticket), NOTHING_KNOWN, terms, NOON)


@pytest.mark.parametrize(
    ("target", "ticket", "standing", "machine", "kind"),
    [
        ("mailbox", None, "requester", None, CustomerWrote),
        ("mailbox", None, "requester", "list", CustomerWrote),
        ("mailbox", TICKET, "requester", None, CustomerWrote),
        ("mailbox", TICKET, "participant", None, CustomerWrote),
        ("mailbox", TICKET, "requester", "out-of-office", MachineWrote),
        ("ticket", TICKET, "agent", None, AgentWrote),
        ("ticket", TICKET, "agent", "auto-reply", MachineWrote),
        ("ticket", TICKET, "guest", None, GuestWrote),
        ("bounce", TICKET, "guest", None, MachineWrote),
    ],
)
def test_naming(
    book: AddressBook, read: Read, target: str, ticket: Ticket | None, standing: str, machine: str | None, kind: type[Happening]
) -> None:
    """What happened is named by the target, the standing of the sender, and whether a machine wrote."""
    reading = read()
    automatic = Automatic(kind=machine, why="") if machine else None  # type: ignore[arg-type]
    reading = replace(reading, message=replace(reading.message, automatic=automatic))
    where: dict[str, Target] = {
        "mailbox": ToMailbox(mailbox=book.first),
        "ticket": ToTicket(mailbox=book.first, number=17, role="c", proof=""),
        "bounce": ToBounce(mailbox=book.first, key=KEY),
    }
    placement = Placement(ticket=ticket, standing=standing)  # type: ignore[arg-type]
    assert type(happening("e", where[target], "x", reading, placement, NO_RULING, "")) is kind


# --- what a new ticket is ---------------------------------------------------------------------------------------


def test_opened(book: AddressBook, read: Read, terms: Terms) -> None:
    """A first mail opens a ticket of its sender with what the rules said, and leads later mail to it."""
    ruling = Ruling(team="technical", priority=2, scope="success-pack", tags=("slow",))
    decision = opened(read("It is slow.\n", References="<older@example.org>"), book, terms, ruling=ruling)
    ticket = decision.ticket
    assert ticket is not None
    assert (ticket.number, ticket.requester.address, ticket.subject) == (17, "ann@example.org", "Invoice layout")
    assert (ticket.team, ticket.priority, ticket.scope, ticket.tags) == ("technical", 2, "success-pack", ("slow",))
    assert (ticket.created_at, ticket.arrived_at) == (NOON, NOON)
    assert decision.message_ids == ("1@example.org", "older@example.org")
    assert decision.message is not None
    assert (decision.message.text.strip(), decision.message.visibility) == ("It is slow.", "public")


def test_no_ruling(book: AddressBook, read: Read, terms: Terms) -> None:
    """What no rule could route goes to the team that qualifies, in scope and with ordinary priority."""
    ticket = opened(read(), book, terms).ticket
    assert ticket is not None
    assert (ticket.team, ticket.priority, ticket.scope) == (terms.teams.qualification, 1, "in-scope")


@pytest.mark.parametrize(
    ("mailbox", "service", "sealed"),
    [
        ("support", "support", False),
        ("emergency", "support", False),
        ("upgrade", "upgrade", False),
        ("security", "security", True),
    ],
)
def test_service(book: AddressBook, read: Read, terms: Terms, mailbox: str, service: str, sealed: bool) -> None:
    """The mailbox gives the service, and seals the ticket; emergency@ opens support tickets."""
    ticket = opened(read(), book, terms, f"{mailbox}@example.com").ticket
    assert ticket is not None
    assert (ticket.service, ticket.sealed, ticket.mailbox) == (service, sealed, f"{mailbox}@example.com")


@pytest.mark.parametrize(
    ("text", "to", "claim"),
    [
        ("All is down\n", "emergency", True),
        ("Blocking: no\n", "emergency", False),
        ("Blocking: yes\n", "emergency", True),
        ("All is down\n", "support", None),
    ],
)
def test_claim_of_emergency(book: AddressBook, read: Read, terms: Terms, text: str, to: str, claim: bool | None) -> None:
    """Who writes to emergency@ claims a blocking issue unless the mail denies it; a claim grants nothing."""
    ticket = opened(read(text), book, terms, f"{to}@example.com").ticket
    assert ticket is not None
    assert (ticket.fields["blocking"].value if "blocking" in ticket.fields else None) == claim
    assert not ticket.blocking


def test_no_from(book: AddressBook, read: Read, terms: Terms) -> None:
    """A mail without From is its reverse-path's, and nobody gets an automatic answer."""
    decision = opened(read(From=None), book, terms)
    assert decision.ticket is not None
    assert decision.ticket.requester == Mailbox(name="", address="ann@example.org")
    assert "acknowledgement" not in [each.kind for each in decision.mails]


def test_long_subject(book: AddressBook, read: Read, terms: Terms) -> None:
    """A subject is kept up to its limit."""
    ticket = opened(read(Subject="x" * 900), book, terms).ticket
    assert ticket is not None
    assert ticket.subject == "x" * MAX_SUBJECT


# --- who is written to ------------------------------------------------------------------------------------------


def test_acknowledgement(book: AddressBook, read: Read, terms: Terms) -> None:
    """The requester gets one acknowledgement, with a customer's reply address, and without the name that the sender chose."""
    mails = [each for each in opened(read(), book, terms).mails if each.kind == "acknowledgement"]
    assert [(each.to, each.role, each.template) for each in mails] == [
        (Mailbox(name="", address="ann@example.org"), "c", "acknowledgement")
    ]


def test_template_of_the_rule(book: AddressBook, read: Read, terms: Terms) -> None:
    """A rule may name the template of the acknowledgement."""
    assert opened(read(), book, terms, ruling=Ruling(reply="success-pack")).mails[0].template == "success-pack"


@pytest.mark.parametrize(
    "fields",
    [
        {"Auto-Submitted": "auto-generated"},
        {"Precedence": "bulk"},
        {"List-Id": "<news.example.org>"},
        {"X-Auto-Response-Suppress": "All"},
        {"From": "noreply@example.org"},
    ],
    ids=lambda fields: next(iter(fields)),
)
def test_no_answer_to_machines(book: AddressBook, read: Read, terms: Terms, fields: dict[str, str]) -> None:
    """Whom no automatic answer may go to gets none; the ticket is opened and the team told all the same."""
    reading = read(**fields)
    assert not reading.message.may_answer
    decision = opened(reading, book, terms)
    assert decision.opened
    assert [each.kind for each in decision.mails] == ["notification"]


def test_no_answer_to_null(book: AddressBook, read: Read, terms: Terms) -> None:
    """A null reverse-path asks for no answer, so none goes out, whatever From says."""
    reading = read(reverse_path="")
    assert reading.message.may_answer
    assert [each.kind for each in opened(reading, book, terms).mails] == ["notification"]


def test_team_is_told(book: AddressBook, read: Read, terms: Terms) -> None:
    """While nobody has the ticket each member of its team is told, with an agent's reply address."""
    terms = replace(
        terms,
        teams=replace(
            terms.teams,
            teams={
                **terms.teams.teams,
                "technical": replace(terms.teams.teams["technical"], agents=("raj@example.com", "lea@example.com")),
            },
        ),
    )
    decision = decide(happened(CustomerWrote, read(), book, replace(TICKET, team="technical")), NOTHING_KNOWN, terms, LATER)
    assert [(each.to, each.role) for each in decision.mails] == [
        (Mailbox(name="Raj Patel", address="raj@example.com"), "a"),
        (Mailbox(name="Lea Brandt", address="lea@example.com"), "a"),
    ]


def test_assignee_is_told(book: AddressBook, read: Read, terms: Terms) -> None:
    """The assignee alone is told of a ticket that has one."""
    decision = decide(
        happened(CustomerWrote, read(), book, replace(TICKET, assignee="raj@example.com")), NOTHING_KNOWN, terms, LATER
    )
    assert [each.to.address for each in decision.mails] == ["raj@example.com"]


@pytest.mark.parametrize("author", ["emma@example.com", "EMMA@Example.com"])
def test_author_is_not_told(book: AddressBook, read: Read, terms: Terms, author: str) -> None:
    """Whoever wrote the mail is not told of it."""
    decision = opened(read(From=author), book, terms)
    assert decision.ticket is not None
    assert decision.ticket.team == "functional"
    assert "notification" not in [each.kind for each in decision.mails]


# --- later mail -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [GuestWrote, AgentWrote, MachineWrote, MailBounced])
def test_only_customers_tell(book: AddressBook, read: Read, terms: Terms, kind: type[Happening]) -> None:
    """Only a customer's mail changes what is known about the problem."""
    reading = replace(read(), fields={"version": Field(value="17.0", source="text:0-4", confidence=1.0)})
    ticket = decide(happened(kind, reading, book, TICKET), NOTHING_KNOWN, terms, LATER).ticket
    assert ticket is not None
    assert ticket.fields == TICKET.fields


def test_completed(book: AddressBook, read: Read, terms: Terms) -> None:
    """The mail that tells the last missing value takes the ticket to its team."""
    waiting = replace(TICKET, stage="qualification", fields=KIND, missing=("database",))
    decision = decide(happened(CustomerWrote, read("Database: acme\n"), book, waiting), NOTHING_KNOWN, terms, LATER)
    assert decision.ticket is not None
    assert (decision.ticket.stage, decision.ticket.missing) == ("process", ())
    assert [each.kind for each in decision.events] == ["CustomerWrote", "TicketChanged", "FieldsFound"]


@pytest.mark.parametrize(
    ("ticket", "team"),
    [
        (replace(TICKET, stage="qualification", fields={}), "administration"),
        (replace(TICKET, stage="process", fields={}), "functional"),
        (replace(TICKET, stage="qualification", fields={}, assignee="emma@example.com"), "functional"),
        (replace(TICKET, stage="qualification", fields=KIND), "functional"),
    ],
    ids=["newly named", "in process", "assigned", "known before"],
)
def test_routed_again(book: AddressBook, read: Read, terms: Terms, ticket: Ticket, team: str) -> None:
    """The rules choose the team anew only when the kind is newly named in qualification and nobody has the ticket."""
    reading = replace(read(), fields=KIND)
    after = decide(
        happened(CustomerWrote, reading, book, ticket, ruling=Ruling(team="administration")), NOTHING_KNOWN, terms, LATER
    ).ticket
    assert after is not None
    assert after.team == team


@pytest.mark.parametrize(
    ("kind", "role", "visibility"),
    [
        (CustomerWrote, "c", "public"),
        (CustomerWrote, "n", "internal"),
        (GuestWrote, "c", "internal"),
        (AgentWrote, "c", "internal"),
        (AgentWrote, "a", "internal"),
    ],
)
def test_visibility(book: AddressBook, read: Read, terms: Terms, kind: type[Happening], role: str, visibility: str) -> None:
    """What a guest or an agent writes, and what goes to a note's address, stays with the team."""
    target = ToTicket(mailbox=book.first, number=17, role=role, proof="")  # type: ignore[arg-type]
    message = decide(happened(kind, read(), book, TICKET, target=target), NOTHING_KNOWN, terms, LATER).message
    assert message is not None
    assert message.visibility == visibility


def test_references_of_a_guest(book: AddressBook, read: Read, terms: Terms) -> None:
    """What a guest's mail refers to does not lead later mail to the ticket."""
    decision = decide(happened(GuestWrote, read(References="<a@x> <b@x>"), book, TICKET), NOTHING_KNOWN, terms, LATER)
    assert decision.message_ids == ("1@example.org",)


@pytest.mark.parametrize(
    ("action", "status", "bounced"), [("failed", "5.1.1", (KEY,)), ("delayed", "4.4.1", ()), ("delivered", "2.0.0", ())]
)
def test_bounced(book: AddressBook, read: Read, terms: Terms, action: str, status: str, bounced: tuple[str, ...]) -> None:
    """A report of failure marks the outgoing mail; one of delay or delivery changes nothing."""
    reading = read(REPORT.format(action=action, status=status), Content_Type=REPORT_TYPE, From="mailer-daemon@example.org")
    target = ToBounce(mailbox=book.first, key=KEY)
    what = happening("e", target, "x", reading, Placement(ticket=TICKET, standing="guest"), NO_RULING, "")
    assert isinstance(what, MailBounced)
    decision = decide(what, NOTHING_KNOWN, terms, LATER)
    assert decision.bounced == bounced
    assert decision.ticket == TICKET


def test_operator(book: AddressBook, read: Read, terms: Terms) -> None:
    """Mail to postmaster@ is held for the operator, and opens no ticket."""
    decision = decide(happened(CustomerWrote, read(), book, target=ToOperator(mailbox=book.first)), NOTHING_KNOWN, terms, NOON)
    assert str(decision.verdict) == "hold: for-the-operator"
    assert (decision.ticket, decision.mails, decision.events) == (None, (), ())


def test_put_aside(book: AddressBook) -> None:
    """A mail that is not accepted changes nothing and keeps its reason."""
    verdict = Verdict(disposition="discard", reason="duplicate")
    decision = put_aside("e", ToMailbox(mailbox=book.first), b"digest", verdict)
    assert (decision.verdict, decision.ticket, decision.message, decision.events, decision.mails) == (verdict, None, None, (), ())


def test_target_marks(book: AddressBook) -> None:
    """The same target is the same ticket whatever the role, the same bounced mail, or the same mailbox."""
    tickets = {target_mark(ToTicket(mailbox=book.first, number=17, role=role, proof=role)) for role in ("c", "a", "n")}
    assert tickets == {"ticket 17"}
    assert target_mark(ToBounce(mailbox=book.first, key=KEY)) == f"bounce {KEY}"
    assert target_mark(ToMailbox(mailbox=book.first)) == "support@example.com"


def test_mentions(book: AddressBook, read: Read, terms: Terms) -> None:
    """Tickets that a stranger pointed at are linked from the new one."""
    what = replace(happened(CustomerWrote, read(), book), placement=Placement(ticket=None, mentioned=(3, 5)))
    decision = decide(what, NOTHING_KNOWN, terms, NOON)
    assert [(each.kind, each.number) for each in decision.links] == [("mentions", 3), ("mentions", 5)]


# --- the log ----------------------------------------------------------------------------------------------------

WORDS = ("Zanzibar", "Quetzal", "xylophone", "acmecorp", "Ann Berg", "ann@", "bob@", "eve@", "example.org", "example.net")


def conversation(read: Read, book: AddressBook) -> list[tuple[str, Reading]]:
    """Several mails about one problem, each with its forward-path, full of words that must not get into the log."""
    signed = book.ticket_address("support@example.com", 17, "c", "ann@example.org")
    bounce = book.bounce_address("support@example.com", KEY)
    return [
        ("support@example.com", read("The Quetzal is broken, since we opened Zanzibar.\n", Subject="xylophone Zanzibar")),
        ("support@example.com", read("Kind: administration\n", Message_ID="<2@example.org>", In_Reply_To="<1@example.org>")),
        (signed, read("Zanzibar is mine, too\n", From="Eve Quetzal <eve@example.net>", Message_ID="<3@example.net>")),
        (signed, read("Zanzibar: I looked\n", From="Emma <emma@example.com>", Message_ID="<4@example.com>")),
        (
            bounce,
            read(
                REPORT.format(action="failed", status="5.1.1"),
                Content_Type=REPORT_TYPE,
                From="mailer-daemon@example.org",
                Message_ID=None,
            ),
        ),
        (signed, read("I am in Zanzibar\n", Auto_Submitted="auto-replied (Zanzibar)", Message_ID="<5@example.org>")),
        (signed, read("Database: acmecorp\nBlocking: yes\nQuetzal\n", Message_ID="<6@example.org>")),
    ]


def talked(read: Read, book: AddressBook, policy: Policy) -> tuple[Ticket, list[Event], Facts]:
    """The ticket after the conversation, its log, and the facts."""
    facts = replace(NOTHING_KNOWN, next_number=17, outgoing={KEY: 17})
    agents = policy.teams.everybody
    events: list[Event] = []
    ticket: Ticket | None = None
    for number, (to, reading) in enumerate(conversation(read, book)):
        [(address, target)] = proven(targets_of((to,), book), facts, book, agents)
        placement = find_ticket(target, reading, facts, agents)
        ruling = policy.rules.evaluate(reading, target.mailbox.service, reading.fields)
        decision = decide(
            happening(f"entry-{number}", target, address, reading, placement, ruling, "a person's mail"),
            facts,
            policy.terms,
            NOON,
        )
        facts = facts.after(decision)
        events += decision.events
        ticket = decision.ticket
    assert ticket is not None
    return ticket, events, facts


def test_replay(read: Read, book: AddressBook, shipped: Policy) -> None:
    """The public state of the ticket after several mails of all kinds is that which its log alone tells."""
    ticket, events, facts = talked(read, book, shipped)
    assert [each.kind for each in events if each.kind not in ("TicketChanged", "FieldsFound")] == [
        "TicketOpened",
        "CustomerWrote",
        "GuestWrote",
        "AgentWrote",
        "MailBounced",
        "MachineWrote",
        "CustomerWrote",
    ]
    assert replay(events) == {name: getattr(ticket, name) for name in PUBLIC}
    assert (ticket.number, list(facts.tickets)) == (17, [17])
    assert (ticket.stage, ticket.missing) == ("process", ())


def test_log_without_personal_data(read: Read, book: AddressBook, shipped: Policy) -> None:
    """No address of a person and no word of theirs stands in any event."""
    _, events, _ = talked(read, book, shipped)
    for event in events:
        told = json.dumps([event.reason, event.actor, event.rule, dict(event.data)])
        assert not [word for word in WORDS if word.lower() in told.lower()], event
        assert told.count("@") == told.count("support@example.com")


def test_log_of_found_fields(read: Read, book: AddressBook, shipped: Policy) -> None:
    """The log tells where a value was found, not the value."""
    _, events, _ = talked(read, book, shipped)
    found = [each.data["fields"] for each in events if each.kind == "FieldsFound"][-1]
    assert isinstance(found, dict)
    assert set(found) == {"database", "blocking"}
    assert all(source.startswith("text:") for source in found.values())


# --- facts ------------------------------------------------------------------------------------------------------


def test_facts_after_opening(read: Read, book: AddressBook, terms: Terms) -> None:
    """The next mail of a batch sees the new ticket, its Message-IDs, its mails, and the mail as seen."""
    reading = read(References="<older@example.org>")
    decision = opened(reading, book, terms)
    facts = NOTHING_KNOWN.after(decision)
    assert facts.next_number == 18
    assert facts.tickets == {17: decision.ticket}
    assert facts.placed == {"1@example.org": 17, "older@example.org": 17}
    assert facts.seen == {(reading.digest, "support@example.com"): "entry-1"}
    assert facts.sent == {("acknowledgement", "ann@example.org"): 1, ("notification", "emma@example.com"): 1}
    assert facts.after(decision).sent[("acknowledgement", "ann@example.org")] == 2


def test_facts_keep_their_places(read: Read, book: AddressBook, terms: Terms) -> None:
    """A Message-ID that leads to a ticket goes on leading there, whoever refers to it later."""
    facts = replace(NOTHING_KNOWN, next_number=40, placed={"older@example.org": 3}).after(
        opened(read(References="<older@example.org>"), book, terms)
    )
    assert facts.placed == {"older@example.org": 3, "1@example.org": 17}
    assert facts.next_number == 40


def test_facts_after_discarding(book: AddressBook) -> None:
    """A mail that is put aside counts as seen, and as nothing else."""
    decision = put_aside("e", ToMailbox(mailbox=book.first), b"digest", Verdict(disposition="discard", reason="own-mail"))
    assert NOTHING_KNOWN.after(decision) == replace(NOTHING_KNOWN, seen={(b"digest", "support@example.com"): "e"})


# --- merging what was found -------------------------------------------------------------------------------------

FIELDS = st.dictionaries(
    st.sampled_from(["version", "database", "blocking"]),
    st.builds(
        Field,
        value=st.sampled_from([None, "a", "b", True]),
        source=st.just("subject"),
        confidence=st.sampled_from([0.5, 0.7, 0.9, 1.0]),
    ),
)


@given(old=FIELDS, new=FIELDS)
def test_merged(old: dict[str, Field], new: dict[str, Field]) -> None:
    """Merging forgets no field, unsettles none, and takes each from one of both."""
    out = merged(old, new)
    assert set(out) == set(old) | set(new)
    for name, field in out.items():
        assert field in (old.get(name), new.get(name))
        assert field.value is not None or all(each.get(name, field).value is None for each in (old, new))


@pytest.mark.parametrize(
    ("old", "new", "wins"),
    [(0.9, 0.9, "new"), (0.7, 1.0, "new"), (0.9, 0.7, "new"), (1.0, 0.7, "old"), (1.0, 0.75, "new"), (0.7, 0.5, "old")],
)
def test_surer_wins(old: float, new: float, wins: str) -> None:
    """A later value replaces an earlier one unless it is much less sure."""
    out = merged(
        {"version": Field(value="old", source="", confidence=old)}, {"version": Field(value="new", source="", confidence=new)}
    )
    assert out["version"].value == wins
