"""The table of classes of mail (docs/interfaces.md) row by row, and what no mail to a customer may hold."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.mail.compose import compose
from maild.mail.message import Mailbox
from maild.mail.outgoing import Outgoing
from maild.mail.parse import parse
from maild.outbox.render import CLASSES, Renderer
from maild.outbox.templates import Templates
from maild.outbox.values import OWN
from maild.problem.reading import Reading
from maild.rules.policy import Policy
from maild.tickets.address import AddressBook, ToBounce, ToTicket
from maild.tickets.assurance import Assurance
from maild.tickets.commands.verbs import VERBS
from maild.tickets.decide import decide
from maild.tickets.decision import NO_RULING, Decision, MailClass, SendMail, Verdict
from maild.tickets.facts import NOTHING_KNOWN
from maild.tickets.happening import happening
from maild.tickets.outcome import Moment
from maild.tickets.threading import Placement
from maild.tickets.ticket import Due, Ticket, TicketMessage

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
HASHING = b"h" * 32
ANN = Mailbox(name="Ann Berg", address="ann@example.org")
BOB = Mailbox(name="Bob", address="bob@example.org")
EMMA = Mailbox(name="Emma Laurent", address="emma@example.com")
TICKET = Ticket(
    number=7, service="support", stage="process", team="functional", requester=ANN, mailbox="support@example.com", subject="The tax",
    arrived_at=NOON, created_at=NOON, fields={}, thread=("first@example.org", "second@example.org"),
)  # fmt: skip
AGENTS_OWN_ID = "agents-own@laptop.example.com"
SUPPRESS = {"X-Auto-Response-Suppress": "All"}
TO_CUSTOMERS = ("acknowledgement", "question", "consent", "reminder", "closing", "notice", "refusal", "answer")
Read = Callable[..., Reading]


@pytest.fixture(scope="session")
def renderer(root: Path, shipped: Policy, book: AddressBook) -> Renderer:
    """The shipped desk's renderer."""
    templates = Templates(root / "templates", "templates", "en")
    return Renderer(shipped.config, templates, book, shipped.fields, shipped.versions, HASHING)


def wrote(author: Mailbox, message_id: str) -> TicketMessage:
    return TicketMessage(
        id="e",
        direction="in",
        visibility="public",
        at=NOON,
        author=author,
        subject="x",
        text="Some words.",
        message_id=message_id,
    )


def rendered(renderer: Renderer, effect: SendMail, ticket: Ticket = TICKET, author: Mailbox | None = ANN) -> Outgoing:
    """The one mail of a decision that a mail of this author led to, or that nobody's mail did."""
    message = wrote(author, AGENTS_OWN_ID if author is EMMA else "second@example.org") if author else None
    verdict = Verdict(disposition="accept", reason="r")
    decision = Decision(entry="e", target="ticket 7", verdict=verdict, ticket=ticket, message=message, mails=(effect,))
    (mail,) = renderer.render(decision, NOTHING_KNOWN, NOON)
    return mail


def effect(kind: MailClass, to: Mailbox, role: str | None, template: str = "", **more: Any) -> SendMail:
    """A mail of this class with the values that its template gets."""
    template = template or kind
    return SendMail(kind=kind, template=template, to=to, role=role, language="en", values=OWN.get(template, {}), **more)  # type: ignore[arg-type]


def header(mail: Outgoing) -> EmailMessage:
    """The mail as it goes over the wire."""
    found = email.message_from_bytes(compose(mail.draft), policy=email.policy.default)
    assert isinstance(found, EmailMessage)
    return found


def words_of(mail: Outgoing) -> str:
    """Everything in a mail that anybody could read: all fields and parts, decoded; and the octets."""
    wire = header(mail)
    parts = [str(part.get_content()) for part in wire.walk() if part.get_content_maintype() == "text"]
    return "\n".join([*(f"{name}: {value}" for name, value in wire.items()), *parts, compose(mail.draft).decode()])


# --- the table ----------------------------------------------------------------------------------------------------

#  class, whom to, role, From's name, by whom, null reverse-path, Auto-Submitted, further fields
TABLE = (
    ("acknowledgement", ANN, "c", "Example Support", ANN, True, "auto-replied", {}),
    ("question", ANN, "c", "Example Support", EMMA, False, "auto-generated", {}),
    ("consent", ANN, "c", "Example Support", EMMA, False, "auto-generated", {}),
    ("reminder", ANN, "c", "Example Support", None, False, "auto-generated", {}),
    ("closing", ANN, "c", "Example Support", None, False, "auto-generated", {}),
    ("notice", ANN, "c", "Example Support", EMMA, False, "auto-generated", {}),
    ("refusal", ANN, "c", "Example Support", EMMA, False, "auto-generated", {}),
    ("answer", ANN, "c", "Emma, Example Support", EMMA, False, None, {}),
    ("notification", EMMA, "a", "Ann Berg via Example Support", ANN, False, "auto-generated", SUPPRESS),
    ("note", EMMA, "n", "Emma via Example Support", EMMA, False, "auto-generated", SUPPRESS),
    ("confirmation", EMMA, "a", "Example Support", EMMA, True, "auto-replied", {}),
    ("receipt", EMMA, "n", "Example Support", EMMA, True, "auto-replied", {}),
    ("error", EMMA, "n", "Example Support", EMMA, True, "auto-replied", {}),
    ("advisory", BOB, None, "Example Support", None, False, "auto-generated", "list"),
    ("announcement", BOB, None, "Example Support", None, False, "auto-generated", "list"),
)  # fmt: skip
TEMPLATES = {"notice": "merged", "question": "upgrade-test", "announcement": "advisory"}


def test_the_table_is_whole() -> None:
    """Each class of mail has its row here, but for the note to the operator, which belongs to no ticket."""
    assert [row[0] for row in TABLE] == [kind for kind in get_args(MailClass) if kind != "operator"]
    assert set(CLASSES) == set(get_args(MailClass))


@pytest.mark.parametrize(
    ("kind", "to", "role", "from_", "author", "null_path", "automatic", "more"), TABLE, ids=[row[0] for row in TABLE]
)
def test_a_row(
    kind: MailClass, to: Mailbox, role: str | None, from_: str, author: Mailbox | None, null_path: bool, automatic: str | None,
    more: Any, renderer: Renderer, book: AddressBook,
) -> None:  # fmt: skip
    """Who it seems to come from, where replies and bounces go, and what tells machines not to answer."""
    is_list = more == "list"
    ticket = replace(TICKET, service="security", mailbox="security@example.com") if is_list else TICKET
    agent = "Emma" if kind in ("answer", "note") else ""
    mail = rendered(renderer, effect(kind, to, role, TEMPLATES.get(kind, ""), agent=agent), ticket, author)
    wire = header(mail)

    assert (mail.kind, mail.ticket, mail.recipient) == (kind, 7, to.address)
    (sender,) = wire["From"].addresses
    assert (sender.display_name, sender.addr_spec) == (from_, ticket.mailbox)
    (reply_to,) = wire["Reply-To"].addresses
    target = book.target_of(reply_to.addr_spec)
    if is_list:
        assert reply_to.addr_spec == ticket.mailbox
    else:
        assert isinstance(target, ToTicket)
        assert (target.number, target.role) == (7, role)
        assert book.given_to(target, ["eve@example.org", to.address]) == to.address
    if null_path:
        assert mail.reverse_path == ""
    else:
        bounce = book.target_of(mail.reverse_path)
        assert isinstance(bounce, ToBounce)
        assert (bounce.key, bounce.mailbox.address) == (mail.key, ticket.mailbox)

    assert wire["Auto-Submitted"] == automatic
    assert wire["X-Auto-Response-Suppress"] == ("All" if more is SUPPRESS else None)
    assert wire["Message-ID"] == f"<{'' if is_list else '7.'}{mail.key}@mail.example.com>"
    assert wire["X-Maild-Ticket"] == (None if is_list else "7")
    assert ("[#7]" in wire["Subject"]) is not is_list
    if is_list:
        assert wire["List-Id"] == "<security.example.com>"
        assert wire["List-Unsubscribe"] == "<mailto:security@example.com?subject=unsubscribe>"
        assert wire["List-Post"] == "NO"
        assert "#7" not in words_of(mail), "what goes to many says nothing of the case"
    else:
        assert not [name for name in wire if name.lower().startswith("list-")]


@pytest.mark.parametrize("row", TABLE, ids=[row[0] for row in TABLE])
def test_how_a_row_reads_back(row: tuple[Any, ...], renderer: Renderer) -> None:
    """Our own reader knows every machine's mail for one, and may answer none of them; an answer is a person's."""
    kind, to, role, *_ = row
    read = parse(compose(rendered(renderer, effect(kind, to, role, TEMPLATES.get(kind, ""))).draft))
    assert (read.automatic is None, read.may_answer) == ((True, True) if kind == "answer" else (False, False))
    assert read.defects == ()


def test_where_the_next_hop_refuses_the_null_reverse_path(root: Path, shipped: Policy, book: AddressBook) -> None:
    """With `null_sender = false` all classes have a bounce address of their own."""
    config = shipped.config
    delivery = replace(config.settings.delivery, null_sender=False)
    config = replace(config, settings=replace(config.settings, delivery=delivery))
    renderer = Renderer(config, Templates(root / "templates", "templates", "en"), book, shipped.fields, shipped.versions, HASHING)
    for kind, to, role, *_ in TABLE:
        mail = rendered(renderer, effect(kind, to, role, TEMPLATES.get(kind, "")))
        assert book.target_of(mail.reverse_path) == ToBounce(mailbox=book.first, key=mail.key)


def test_without_extensions_replies_go_to_the_bare_mailbox(root: Path, shipped: Policy) -> None:
    """An MTA that knows none: threading rests on Message-IDs, and nothing is sent to an address that does not exist."""
    config = shipped.config
    config = replace(config, settings=replace(config.settings, desk=replace(config.desk, separator="")))
    book = AddressBook(config, (b"k" * 32,))
    renderer = Renderer(config, Templates(root / "templates", "templates", "en"), book, shipped.fields, shipped.versions, HASHING)
    mail = rendered(renderer, effect("answer", ANN, "c", agent="Emma"))
    assert mail.draft.reply_to is not None
    assert (mail.draft.reply_to.address, mail.reverse_path) == ("support@example.com", "support@example.com")


def test_an_answer_shows_whom_it_goes_to(renderer: Renderer) -> None:
    """The requester in To, participants in Cc, whoever of them gets it, so that Reply-All works; each has an address of his own."""
    both = [rendered(renderer, effect("answer", to, "c", agent="Emma", shown=(ANN, BOB))) for to in (ANN, BOB)]
    for mail in both:
        assert (header(mail)["To"], header(mail)["Cc"]) == ("Ann Berg <ann@example.org>", "Bob <bob@example.org>")
    assert [mail.recipient for mail in both] == ["ann@example.org", "bob@example.org"]
    assert len({mail.key for mail in both}) == len({header(mail)["Reply-To"] for mail in both}) == 2


# --- threads ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", TO_CUSTOMERS)
def test_customers_see_one_conversation(kind: MailClass, renderer: Renderer) -> None:
    """References are the customer's own mails, the last of them answered; an agent's Message-ID, which nobody there has, is not among them."""
    mail = rendered(renderer, effect(kind, ANN, "c", TEMPLATES.get(kind, ""), agent="Emma"), author=EMMA)
    wire = header(mail)
    assert wire["In-Reply-To"] == "<second@example.org>"
    assert wire["References"].split() == ["<first@example.org>", "<second@example.org>"]
    assert "laptop" not in words_of(mail)


@pytest.mark.parametrize("kind", ["receipt", "error"])
def test_agents_see_what_their_mail_led_to(kind: MailClass, renderer: Renderer) -> None:
    """A receipt answers the agent's own mail, within the conversation."""
    wire = header(rendered(renderer, effect(kind, EMMA, "n"), author=EMMA))
    assert wire["In-Reply-To"] == f"<{AGENTS_OWN_ID}>"
    assert wire["References"].split() == ["<first@example.org>", "<second@example.org>", f"<{AGENTS_OWN_ID}>"]


@pytest.mark.parametrize("kind", ["notification", "note"])
def test_agents_see_the_customers_conversation(kind: MailClass, renderer: Renderer) -> None:
    """What agents are told hangs on the customer's mails, too: one conversation in their clients as well."""
    wire = header(rendered(renderer, effect(kind, EMMA, "n" if kind == "note" else "a"), author=ANN))
    assert wire["References"].split() == ["<first@example.org>", "<second@example.org>"]


def test_a_conversation_without_message_ids(renderer: Renderer) -> None:
    """A customer whose client writes none is answered all the same."""
    wire = header(rendered(renderer, effect("answer", ANN, "c", agent="Emma"), replace(TICKET, thread=()), author=EMMA))
    assert (wire["In-Reply-To"], wire["References"]) == (None, None)


def test_a_list_hangs_on_nothing(renderer: Renderer) -> None:
    """Who gets an advisory was never part of the conversation with the reporter."""
    wire = header(rendered(renderer, effect("advisory", BOB, None), author=None))
    assert (wire["In-Reply-To"], wire["References"]) == (None, None)


# --- sealed cases -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("row", [row for row in TABLE if row[7] != "list"], ids=lambda row: row[0])
def test_a_sealed_case_shows_no_subject_and_no_name(row: tuple[Any, ...], renderer: Renderer) -> None:
    """Its mails name neither what it is about, nor who reported it, nor who answers; and they are sealed in the outbox."""
    kind, to, role, _, author, *_ = row
    ticket = replace(
        TICKET, service="security", mailbox="security@example.com", sealed=True, subject="SECRETSUBJECT", requester=replace(ANN, name="SECRETNAME")
    )  # fmt: skip
    if author is ANN:
        author = replace(ANN, name="SECRETNAME")
    to = replace(to, name="") if to is ANN else to  # To names whoever gets it
    mail = rendered(renderer, effect(kind, to, role, TEMPLATES.get(kind, ""), agent="SECRETAGENT"), ticket, author)
    assert mail.sealed
    wire = header(mail)
    for name in ("From", "Subject", "Reply-To"):
        assert "SECRET" not in wire[name]
    if kind in ("notification", "acknowledgement", "receipt"):
        assert "SECRET" not in words_of(mail)


# --- what customers never see -------------------------------------------------------------------------------------

AGENTS_MAIL = st.builds(
    lambda before, address, after: f"{before}{address}{after}",
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40),
    st.sampled_from(
        ["", "", "emma@example.com", "EMMA@Example.COM", "raj@example.com", "nina@example.com", " paul@example.com."]
    ),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40),
)
NAMES = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters='"\\<>'), max_size=20) | st.just(
    "emma@example.com"
)


@given(text=AGENTS_MAIL, name=NAMES, signature=AGENTS_MAIL)
def test_no_answer_holds_an_agents_address(
    text: str, name: str, signature: str, renderer: Renderer, shipped: Policy, book: AddressBook, read: Read
) -> None:
    """Whatever an agent writes, under whatever name, with whatever below it: it goes out without any agent's address, or comes back."""
    ticket = replace(TICKET, participants=(BOB,), due=(Due(kind="close", at=NOON + timedelta(days=1)),))
    reading = read(
        f"{text}\n\n-- \n{signature}\n",
        to=book.ticket_address("support@example.com", 7, "a", "emma@example.com"),
        reverse_path="emma@example.com",
        From=f'"{name}" <emma@example.com>',
        Message_ID=f"<{AGENTS_OWN_ID}>",
        Subject="Re: [#7] The tax",
    )
    target = book.target_of(reading.envelope.forward_paths[0])
    assert isinstance(target, ToTicket)
    target = replace(target, given="emma@example.com")
    happened = happening(
        "entry", target, reading.envelope.forward_paths[0], reading, Placement(ticket=ticket, standing="agent"), NO_RULING,
        Assurance(level=2, why="dmarc=pass"), "a person's mail",
    )  # fmt: skip
    facts = replace(NOTHING_KNOWN, tickets={7: ticket})
    terms = replace(shipped.terms, verbs=VERBS)
    moment = Moment(
        facts=facts,
        terms=terms,
        now=NOON,
        really=NOON,
        marks=book.internal_marks,
        is_ours=lambda each: "example.com" in each,
        rule=lambda *_: NO_RULING,
    )
    mails = renderer.render(decide(happened, moment), facts, NOON)
    answers = [each for each in mails if each.kind == "answer"]
    assert answers or [each.recipient for each in mails if each.kind in ("error", "receipt", "note")]
    for each in answers:
        words = words_of(each).lower()
        assert not [agent for agent in shipped.teams.agents if agent in words]
        assert AGENTS_OWN_ID not in words
        assert not re.search(r"\+7-[an]-", words)
        assert each.recipient in ("ann@example.org", "bob@example.org")
