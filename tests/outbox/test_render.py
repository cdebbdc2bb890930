"""Decisions to mails: the table of classes, the templates, and customers' words that stay words."""

from __future__ import annotations

import dataclasses
import email
import email.policy
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maild.errors import BadConfiguration
from maild.mail.compose import compose
from maild.mail.outgoing import Outgoing
from maild.mail.parse import parse
from maild.outbox.render import CLASSES, Renderer
from maild.outbox.templates import REQUIRED, Templates
from maild.outbox.values import FOR_OPERATOR, SAMPLE
from maild.problem.block import BEGIN
from maild.problem.reading import Reading
from maild.rules.policy import Policy
from maild.tickets.address import AddressBook, ToBounce, ToTicket
from maild.tickets.assurance import Assurance
from maild.tickets.decide import decide
from maild.tickets.decision import NO_RULING, Decision, Verdict
from maild.tickets.facts import NOTHING_KNOWN
from maild.tickets.happening import happening
from maild.tickets.outcome import Moment
from maild.tickets.threading import Placement

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
HASHING = b"h" * 32
Read = Callable[..., Reading]


def templates_of(root: Path) -> Templates:
    """The shipped templates."""
    return Templates(root / "templates", "templates", "en")


@pytest.fixture(scope="session")
def renderer(root: Path, shipped: Policy, book: AddressBook) -> Renderer:
    """The shipped desk's renderer."""
    return Renderer(shipped.config, templates_of(root), book, shipped.fields, shipped.versions, HASHING)


def decided(reading: Reading, policy: Policy, book: AddressBook) -> Decision:
    """What the road decides about the first mail of a desk."""
    target = book.target_of(reading.envelope.forward_paths[0])
    assert target is not None
    ruling = policy.rules.evaluate(reading, target.mailbox.service, reading.fields)
    nothing = Assurance(level=0, why="nothing is proven")
    happened = happening(
        "entry", target, reading.envelope.forward_paths[0], reading, Placement(ticket=None), ruling, nothing, "a person's mail"
    )
    moment = Moment(
        facts=NOTHING_KNOWN,
        terms=policy.terms,
        now=NOON,
        really=NOON,
        marks=book.internal_marks,
        is_ours=lambda each: "example.com" in each,
        rule=lambda *_: NO_RULING,
    )
    return decide(happened, moment)


@pytest.fixture(scope="session")
def mails(renderer: Renderer, shipped: Policy, book: AddressBook, read: Read) -> Callable[..., dict[str, Outgoing]]:
    """The mails about a customer's first mail, by class: `mails("text", to=…, Subject=…)`."""

    def render(text: str = "Hello\n", **more: str | None) -> dict[str, Outgoing]:
        reading = read(text, **more)
        return {each.kind: each for each in renderer.render(decided(reading, shipped, book), NOTHING_KNOWN, NOON)}

    return render


Mails = Callable[..., dict[str, Outgoing]]


# --- the table of classes -----------------------------------------------------------------------------------------


def test_an_acknowledgement(mails: Mails, book: AddressBook) -> None:
    """From the desk, to the requester, with a signed address to reply to, the null reverse-path, and RFC 3834's field."""
    sent = mails()["acknowledgement"]
    draft = sent.draft
    assert (sent.recipient, sent.reverse_path, sent.ticket) == ("ann@example.org", "", 1)
    assert (draft.from_.name, draft.from_.address) == ("Example Support", "support@example.com")
    assert [each.address for each in draft.to] == ["ann@example.org"]
    assert draft.subject == "[#1] We have received your request"
    assert dict(draft.more) == {"X-Maild-Ticket": "1", "Auto-Submitted": "auto-replied"}
    assert draft.in_reply_to == "1@example.org"
    assert draft.reply_to is not None
    target = book.target_of(draft.reply_to.address)
    assert isinstance(target, ToTicket)
    assert (target.number, target.role) == (1, "c")
    assert book.given_to(target, ["ann@example.org"]) == "ann@example.org"
    assert book.given_to(target, ["evil@example.org"]) is None


def test_a_notification(mails: Mails, book: AddressBook) -> None:
    """In the author's name over the desk's address, to one agent, bouncing to an address that names the mail."""
    sent = mails(Subject="Kanban colours")["notification"]
    draft = sent.draft
    assert draft.from_.name == "Ann Berg via Example Support"
    assert sent.recipient == "emma@example.com"
    assert draft.subject == "[#1] Kanban colours"
    assert dict(draft.more) == {"X-Maild-Ticket": "1", "Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}
    assert book.target_of(sent.reverse_path) == ToBounce(mailbox=book.first, key=sent.key)
    assert draft.reply_to is not None
    target = book.target_of(draft.reply_to.address)
    assert isinstance(target, ToTicket)
    assert target.role == "a"


def test_every_class_but_an_answer_says_that_a_machine_wrote_it() -> None:
    """RFC 3834, section 5.1: what no person wrote carries Auto-Submitted, so that two desks never talk to each other."""
    said = {kind: row.auto_submitted for kind, row in CLASSES.items()}
    assert said.pop("answer") is None
    assert set(said.values()) == {"auto-replied", "auto-generated"}


def test_keys_follow_from_the_decision(mails: Mails) -> None:
    """Deciding again makes the same mails, octet by octet; another recipient or class has another key."""
    first, again = mails("Hello\n"), mails("Hello\n")
    assert first == again
    assert {kind: compose(each.draft) for kind, each in first.items()} == {
        kind: compose(each.draft) for kind, each in again.items()
    }
    assert len({each.key for each in first.values()}) == 2
    for each in first.values():
        assert each.draft.message_id == f"1.{each.key}@mail.example.com"


def test_threads_are_kept(mails: Mails) -> None:
    """References are those of the mail that is answered, and that mail; of a long thread the first and the last, twenty in all."""
    sent = mails(References=" ".join(f"<{number}@x>" for number in range(30)))["acknowledgement"]
    assert list(sent.draft.references) == ["10@x", *(f"{number}@x" for number in range(12, 30)), "1@example.org"]
    assert sent.draft.in_reply_to == "1@example.org"
    assert mails(Message_ID=None)["acknowledgement"].draft.references == ()


def test_the_null_sender_may_be_forbidden(root: Path, shipped: Policy, book: AddressBook, read: Read) -> None:
    """Where the next hop refuses <>, bounces come to an address that nobody answers."""
    config = shipped.config
    settings_ = dataclasses.replace(config.settings, delivery=dataclasses.replace(config.settings.delivery, null_sender=False))
    renderer = Renderer(
        dataclasses.replace(config, settings=settings_), templates_of(root), book, shipped.fields, shipped.versions, HASHING
    )
    reading = read()
    for sent in (
        *renderer.render(decided(reading, shipped, book), NOTHING_KNOWN, NOON),
        renderer.for_operator(["one"], ["e"], NOON),
    ):
        assert book.target_of(sent.reverse_path) == ToBounce(mailbox=book.first, key=sent.key)


def test_a_note_to_the_operator(renderer: Renderer) -> None:
    """One mail for all that needs a hand; the same things make the same mail."""
    sent = renderer.for_operator(["a mail is held", "the next hop is away"], ["entry-1", "hop"], NOON)
    assert (sent.kind, sent.recipient, sent.ticket, sent.reverse_path) == ("operator", "ops@example.com", None, "")
    assert "2 things need a hand" in sent.draft.subject
    assert "a mail is held\nthe next hop is away\n" in sent.draft.text
    assert sent == renderer.for_operator(["a mail is held", "the next hop is away"], ["entry-1", "hop"], NOON)
    assert sent.key != renderer.for_operator(["a mail is held"], ["entry-1"], NOON).key


def test_a_decision_without_mails_makes_none(renderer: Renderer) -> None:
    """A discarded mail is not answered."""
    discarded = Decision(entry="e", target="t", digest=b"d", verdict=Verdict(disposition="discard", reason="duplicate"))
    assert renderer.render(discarded, NOTHING_KNOWN, NOON) == []


# --- what is said -------------------------------------------------------------------------------------------------


def test_what_is_missing_is_asked_once_with_hints(mails: Mails) -> None:
    """The acknowledgement holds the one question: each missing field with its hint, and the block to fill in."""
    text = mails("Version: 17.0\n")["acknowledgement"].draft.text
    assert text.count(BEGIN) == 1
    assert " - Database: its name or address, for example mycompany.odoo.com" in text
    assert "\nExpected behaviour: \n" in text
    assert "Version" not in text
    assert BEGIN not in mails("Version: 17.0\nDatabase: a\nSteps: b\nCurrent: c\nExpected: d\n")["acknowledgement"].draft.text


def test_the_answered_question_is_understood(mails: Mails, read: Read) -> None:
    """What the desk asks, filled in by a customer whose client quotes HTML or text, comes back complete."""
    sent = mails()["acknowledgement"]
    answers = {
        "Version": "17.0",
        "Database": "mycompany",
        "Steps to reproduce": "open",
        "Current behaviour": "blank",
        "Expected behaviour": "not blank",
    }
    text, html = sent.draft.text, sent.draft.html or ""
    for label, answer in answers.items():
        text, html = (
            text.replace(f"\n{label}: \n", f"\n{label}: {answer}\n"),
            html.replace(f">{label}: <", f">{label}: {answer}<"),
        )
    quoted = "\n".join(f"> {line}" for line in text.split("\n"))
    for reply in (
        read(f"Done.\n\nOn Monday Example Support wrote:\n{quoted}"),
        read(f"<p>Done.</p><blockquote>{html}</blockquote>", Content_Type="text/html; charset=utf-8"),
    ):
        assert {field.value for name, field in reply.fields.items() if field.source == "block"} == set(answers.values())


def test_the_agent_sees_what_is_known(mails: Mails) -> None:
    """Text, attachments, fields, what is missing, and which rule led here."""
    draft = mails("The site is down.\nVersion: 17.0\n")["notification"].draft
    for part in (draft.text, draft.html or ""):
        for words in ("The site is down.", "17.0", "Database", "rules/50-technical.yaml", "technical", "Ann Berg"):
            assert words in part, words
    assert "Ann Berg <ann@example.org>" in draft.text


def test_a_sealed_case_leaves_no_word_outside(mails: Mails) -> None:
    """A report of a vulnerability is encrypted on disk: the agents' mail names neither its words nor its author."""
    sent = mails("SECRETWORD Version: 17.0\n", to="security@example.com", Subject="SECRETSUBJECT")
    assert "maild ticket 1 --sealed" in sent["notification"].draft.text
    for each in sent.values():
        raw = compose(each.draft).decode()
        assert each.sealed
        for word in ("SECRETWORD", "SECRETSUBJECT", "17.0"):
            assert word not in raw
    assert "Ann" not in compose(sent["notification"].draft).decode()
    assert sent["acknowledgement"].draft.subject == "[#1] We have received your report"


def test_an_acknowledgement_repeats_nothing_unproven(mails: Mails) -> None:
    """Anybody can write in another's name: what goes to that address has no word, name or subject that a stranger chose."""
    for to in ("support@example.com", "security@example.com", "upgrade@example.com"):
        sent = mails(
            "CANARYTEXT http://evil.example/\nVersion: CANARY 17.0\n",
            to=to,
            Subject="CANARYSUBJECT",
            From="CANARYNAME <ann@example.org>",
        )["acknowledgement"]
        raw = compose(sent.draft).decode()
        assert "CANARY" not in raw
        assert "evil.example" not in raw


@pytest.mark.parametrize(
    "words",
    [
        "{{7*7}}",
        "{% for x in range(9) %}x{% endfor %}",
        "{{ desk }}",
        "{{ ''.__class__.__mro__ }}",
        "{# no #}",
        "{% x",
        "{author}",
        "%(desk)s",
    ],
)
def test_customers_words_are_no_template(words: str, mails: Mails) -> None:
    """In text, subject, name and fields: what looks like a template is shown as it was written."""
    draft = mails(f"it is {words}\nSteps: {words}\n", Subject=f"about {words}", From=f'"{words}" <ann@example.org>')[
        "notification"
    ].draft
    assert f"it is {words}" in draft.text
    steps = next(line for line in draft.text.split("\n") if "| Steps to reproduce" in line)
    assert steps.endswith(f" {words}")
    assert draft.subject == f"[#1] about {words}"
    assert draft.from_.name == f"{words} via Example Support"
    assert "49" not in draft.text


@pytest.mark.parametrize("words", ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", '"><b>', "</div></body>", "'-->"])
def test_html_escapes_what_customers_wrote(words: str, mails: Mails) -> None:
    """No tag of a customer's reaches an agent's client as a tag; in the text it is what it was."""
    draft = mails(
        f"it is {words}\nSteps: {words}\n", Subject=words, From=f"{words.replace('<', '').replace('>', '')} <ann@example.org>"
    )["notification"].draft
    assert draft.html is not None
    assert words not in draft.html
    assert f"it is {words}" in draft.text
    shown = parse(b"From: a@b.c\nContent-Type: text/html; charset=utf-8\n\n" + draft.html.encode()).text
    assert f"it is {words}" in shown


HOSTILE = st.text(st.characters(exclude_characters="\0"), max_size=60) | st.sampled_from(
    ["\r\nBcc: x@y.z", "a\nSubject: b\n\nc", "\n\n", "=?utf-8?q?=0aBcc:_x?="]
)


@given(text=HOSTILE, subject=HOSTILE)
@settings(max_examples=60)
def test_no_words_of_a_customer_break_a_mail(
    text: str, subject: str, renderer: Renderer, shipped: Policy, book: AddressBook, read: Read
) -> None:
    """Whatever was written, each mail has its fields once, its two parts, and its own subject."""
    reading = read("Hello")
    message = dataclasses.replace(
        reading.message, subject=" ".join(subject.split()), text=text, reply=dataclasses.replace(reading.message.reply, text=text)
    )
    reading = dataclasses.replace(reading, message=message)
    for each in renderer.render(decided(reading, shipped, book), NOTHING_KNOWN, NOON):
        found = email.message_from_bytes(compose(each.draft), policy=email.policy.compat32)
        assert len(found.keys()) == len(set(found.keys()))
        assert "Bcc" not in found
        assert [part.get_content_type() for part in found.walk()] == ["multipart/alternative", "text/plain", "text/html"]
        assert each.draft.subject.startswith("[#1] ")


# --- the operator's templates -------------------------------------------------------------------------------------


@pytest.fixture
def folder(root: Path, tmp_path: Path) -> Path:
    """A copy of the shipped templates, to be spoilt."""
    return Path(shutil.copytree(root / "templates", tmp_path / "templates"))


def refused(folder: Path, language: str = "en") -> list[str]:
    """What is wrong with the templates of a folder."""
    with pytest.raises(BadConfiguration) as caught:
        Templates(folder, "templates", language)
    return [str(problem) for problem in caught.value.problems]


def test_the_shipped_templates_are_proven(renderer: Renderer) -> None:
    """Each renders with one value of each kind, so that nothing fails when a mail waits."""
    assert renderer.prove() == []
    assert {*REQUIRED, "security"} <= renderer.template_names


def test_what_proves_a_template_is_there_in_a_mail(folder: Path, shipped: Policy, book: AddressBook, read: Read) -> None:
    """Every value of the proof's sample is one of a real mail: what was proven at start does not fail when a mail waits."""
    names = list(SAMPLE)
    (folder / "en/notification.txt").write_text("Subject: x\n\n" + "".join(f"{name}={{{{ {name} }}}}\n" for name in names))
    renderer = Renderer(shipped.config, Templates(folder, "templates", "en"), book, shipped.fields, shipped.versions, HASHING)
    reading = read()
    shown = [
        each.draft.text
        for each in renderer.render(decided(reading, shipped, book), NOTHING_KNOWN, NOON)
        if each.kind == "notification"
    ]
    assert all(f"\n{name}=" in f"\n{shown[0]}" for name in names)


def test_an_undefined_value_is_told_with_its_line(folder: Path) -> None:
    """A misspelt name is a mistake, not an empty place: file, line, and where the names are listed."""
    (folder / "en/operator.txt").write_text("Subject: x\n\n{{ desk }}\n{{ desc }}\n")
    templates = Templates(folder, "templates", "en")
    with pytest.raises(BadConfiguration) as caught:
        templates.render("operator", "en", FOR_OPERATOR)
    (problem,) = caught.value.problems
    assert str(problem) == "templates/en/operator.txt:4: 'desc' is undefined; docs/adding.md lists the values"


def test_an_undefined_value_in_the_layout_is_told_with_its_line(folder: Path) -> None:
    """The line is that of the file where it stands, not of the one that uses it."""
    layout = folder / "layout.html"
    layout.write_text(layout.read_text() + "\n{{ nothing }}\n")
    with pytest.raises(
        BadConfiguration, match=rf"templates/layout\.html:{len(layout.read_text().splitlines())}: 'nothing' is undefined"
    ):
        Templates(folder, "templates", "en").render("security", "en", SAMPLE)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Subject: x\n\n{{ desk\n", ":3"),
        ("Subject: x\n\n{% if x %}\n", ":3"),
        ("Subject: x\n{% nonsense %}\n", ":2"),
        ("Subject: {{ desk | nofilter }}\n", ":1"),
    ],
)
def test_a_template_that_does_not_compile(text: str, place: str, folder: Path) -> None:
    """Bad syntax is told at start, not when a mail waits."""
    (folder / "en/operator.txt").write_text(text)
    (problem,) = refused(folder)
    assert problem.startswith(f"templates/en/operator.txt{place}: ")


def test_a_missing_template(folder: Path) -> None:
    """Those that every desk needs must be there in the desk's language."""
    (folder / "en/operator.txt").unlink()
    assert refused(folder) == ["templates/en/operator.txt: is missing; restore the shipped one, or mend desk.language"]
    assert refused(folder, "fr")[0].startswith("templates/fr/advisory.txt: is missing")


@pytest.mark.parametrize(
    "text",
    ["{{ ''.__class__ }}", "{{ desk.__init__.__globals__ }}", "{{ events.append('x') }}", "{{ (1).__class__.__subclasses__() }}"],
)
def test_templates_are_boxed_in(text: str, folder: Path) -> None:
    """Nothing of the program can be reached or changed from a template."""
    (folder / "en/operator.txt").write_text(f"Subject: x\n\n{text}\n")
    with pytest.raises(BadConfiguration, match=r"templates/en/operator\.txt:3: "):
        Templates(folder, "templates", "en").render("operator", "en", FOR_OPERATOR)


def test_languages(folder: Path) -> None:
    """A mail is in the customer's language where there is a template, else in the desk's own."""
    (folder / "fr/acknowledgement.txt").write_text("Subject: Bonjour\n\nVous avez le numéro {{ number }}.\n")
    templates = Templates(folder, "templates", "en")
    french, english, other = (templates.render("acknowledgement", language, SAMPLE) for language in ("fr", "en", "sv"))
    assert (french.subject, french.text) == ("Bonjour", "Vous avez le numéro 1.\n")
    assert ">Vous avez le num\u00e9ro 1.</p>" in french.html
    assert english == other


@pytest.mark.parametrize("values", [{}, {"lines": []}, {"lines": ["x"] * 3}])
def test_a_template_looks_like_its_mail(values: dict[str, Any], folder: Path) -> None:
    """`Subject:`, an empty line, the text: empty lines at the ends are none."""
    (folder / "en/operator.txt").write_text("Subject:   {{ desk }}  \n\n\n{{ desk }} {{ lines | length }}\n\n\n")
    shown = Templates(folder, "templates", "en").render("operator", "en", {**FOR_OPERATOR, **values})
    assert (shown.subject, shown.text) == ("Support", f"Support {len({**FOR_OPERATOR, **values}['lines'])}\n")
