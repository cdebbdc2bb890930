"""`plain.html`: the HTML that is made of the text of templates which have none of their own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.mail.compose import compose
from maild.mail.message import Mailbox
from maild.mail.outgoing import Outgoing
from maild.mail.parse import parse
from maild.outbox.render import Renderer
from maild.outbox.templates import Templates, as_blocks
from maild.outbox.values import OWN
from maild.problem.reading import Reading
from maild.rules.policy import Policy
from maild.tickets.address import AddressBook
from maild.tickets.decision import Decision, SendMail, Verdict
from maild.tickets.facts import NOTHING_KNOWN
from maild.tickets.ticket import Ticket

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
ANN = Mailbox(name="Ann Berg", address="ann@example.org")
TICKET = Ticket(
    number=7, service="support", stage="feedback", team="functional", requester=ANN, mailbox="support@example.com", subject="The tax",
    arrived_at=NOON, created_at=NOON, fields={}, missing=("version", "database"),
)  # fmt: skip
LONG = "a line that is long enough to have been broken because the next word had no room"


@pytest.fixture(scope="session")
def make(root: Path, shipped: Policy, book: AddressBook) -> Callable[..., Outgoing]:
    """Renders a mail to the customer: `make("reminder")`, `make("answer", text="…")`."""
    renderer = Renderer(
        shipped.config, Templates(root / "templates", "templates", "en"), book, shipped.fields, shipped.versions, b"h" * 32
    )

    def build(kind: str, template: str = "", ticket: Ticket = TICKET, **values: object) -> Outgoing:
        template = template or kind
        effect = SendMail(
            kind=kind,
            template=template,
            to=ANN,
            role="c",
            language="en",
            agent="Emma",
            values={**OWN.get(template, {}), **values},
        )
        verdict = Verdict(disposition="accept", reason="r")
        (mail,) = renderer.render(
            Decision(entry="e", target="t", verdict=verdict, ticket=ticket, mails=(effect,)), NOTHING_KNOWN, NOON
        )
        return mail

    return build


Make = Callable[..., Outgoing]


@pytest.mark.parametrize(
    ("text", "blocks"),
    [
        ("One line.\n", [("One line.", True)]),
        (f"{LONG}\n{LONG}\nand the end.\n", [(f"{LONG} {LONG} and the end.", True)]),
        ("Short lines\nstay\nas they are.\n", [("Short lines\nstay\nas they are.", False)]),
        (f" - {LONG}\n - {LONG}\n", [(f" - {LONG}\n - {LONG}", False)]),
        (f"> {LONG}\n> {LONG}\n", [(f"> {LONG}\n> {LONG}", False)]),
        ("One.\n\n\n\nTwo.\n", [("One.", True), ("Two.", True)]),
        ("", []),
    ],
)
def test_blocks(text: str, blocks: list[tuple[str, bool]]) -> None:
    """Lines that were broken for their length alone flow again; lists, quotes, forms and what an agent laid out do not."""
    assert as_blocks(text)["blocks"] == blocks


@pytest.mark.parametrize(
    ("below", "sender", "why"),
    [
        ("\n-- \nExample Support\nYou get this mail because.\n", "Example Support", "You get this mail because."),
        ("\n-- \nExample Support\n", "Example Support", ""),
        ("", "", ""),
    ],
)
def test_what_stands_below(below: str, sender: str, why: str) -> None:
    """The template's signature is apart: who sends, and why one gets it; one that an agent's text has is text."""
    found = as_blocks(f"Hello.\n{below}")
    assert (found["sender"], found["why"], found["blocks"]) == (sender, why, [("Hello.", True)])
    inner = as_blocks(f"Hello.\n\n-- \nmine\n\nMore.\n{below or chr(10) + '-- ' + chr(10) + 'x'}")
    assert [text for text, _ in inner["blocks"]] == ["Hello.", "-- \nmine", "More."]


@pytest.mark.parametrize(
    ("kind", "template"),
    [
        ("answer", ""), ("reminder", ""), ("closing", ""), ("refusal", ""), ("consent", ""), ("receipt", ""), ("error", ""),
        ("question", "upgrade-test"), ("question", "upgrade-failed"), ("question", "security-news"), ("advisory", ""),
    ],
)  # fmt: skip
def test_html_says_what_the_text_says(kind: str, template: str, make: Make) -> None:
    """Nothing of the text is missing in the HTML, in the same order, whatever the line breaks."""
    draft = make(kind, template).draft
    shown = parse(b"From: a@b.c\nContent-Type: text/html; charset=utf-8\n\n" + (draft.html or "").encode()).text
    rest = " ".join(shown.split())
    for line in filter(None, (" ".join(each.split()) for each in draft.text.replace("\n-- \n", "\n\n").split("\n"))):
        before, found, rest = rest.partition(line)
        assert found, (line, before)


@pytest.mark.parametrize(("kind", "template"), [("reminder", ""), ("acknowledgement", "upgrade")])
def test_a_form_is_understood_when_it_comes_back(kind: str, template: str, make: Make, read: Callable[..., Reading]) -> None:
    """What the desk asks in a mail without HTML of its own, filled in by a client that quotes HTML or text, is read as the block."""
    draft = make(kind, template).draft
    text, html = draft.text, draft.html or ""
    for label, value in (("Version", "17.0"), ("Database", "berg-prod")):
        text = text.replace(f"\n{label}: \n", f"\n{label}: {value}\n")
        html = html.replace(f"\n{label}: \n", f"\n{label}: {value}\n")
    quoted = "\n".join(f"> {line}" for line in text.split("\n"))
    for reply in (
        read(f"Done.\n\nOn Monday Example Support wrote:\n{quoted}"),
        read(f"<p>Done.</p><blockquote>{html}</blockquote>", Content_Type="text/html; charset=utf-8"),
    ):
        found = {name: field.value for name, field in reply.fields.items() if field.source == "block"}
        assert found == {"version": "17.0", "database": "berg-prod"}


HOSTILE = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=80) | st.sampled_from(
    ["<script>alert(1)</script>", "{{ 7*7 }}", "a\n\n-- \nb", "</div></td>", "\r\nBcc: x@y.z", "&lt;b&gt;"]
)


@given(words=HOSTILE)
def test_no_words_of_an_agent_break_the_html(words: str, make: Make) -> None:
    """Whatever an agent writes is shown as it was written, and is never a tag."""
    draft = make("answer", text=f"BEGIN {words} END").draft
    html = draft.html or ""
    inside = html[html.index("BEGIN") : html.index("END")]
    allowed = ("<p style=", "</p>", "<div style=", "</div>")
    tags = [part for part in inside.split("<")[1:] if not f"<{part}".startswith(allowed)]
    assert tags == []
    assert "49" not in html or "49" in words
    assert len(parse(compose(draft)).attachments) == 0


def test_a_sealed_case_has_no_subject_in_the_html(make: Make) -> None:
    """The layout's head names the desk and the number, and nothing else."""
    sealed = replace(TICKET, sealed=True, service="security", mailbox="security@example.com", subject="SECRET")
    draft = make("question", "security-news", ticket=sealed).draft
    assert "SECRET" not in (draft.html or "") + draft.text
    assert "#7" in (draft.html or "")
