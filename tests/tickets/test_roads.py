"""The roads that people's mails take: lists, groups, web forms, copies, other addresses. None loses a mail, or takes it for another's."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import pytest

from maild.desk import build_desk
from maild.keys.ring import Keyring
from maild.keys.seal import Seal

if TYPE_CHECKING:
    from conftest import Talk

ANN, BOB, EVE = "ann@example.org", "bob@example.org", "eve@example.net"
EMMA, RAJ = "emma@example.com", "raj@example.com"


@pytest.fixture
def answered(talk: Talk) -> Talk:
    """Ann's request, which Emma has answered; the desk waits for Ann."""
    talk.open(proven=True)
    talk.answer()
    talk.settle("answer")
    assert [each.kind for each in talk.ticket.due] == ["reminder", "close"]
    return talk


LISTS = {
    "a list": {"List-Id": "<erp.lists.example.org>"},
    "a way out": {"List-Unsubscribe": "<mailto:x@example.org>"},
    "in bulk": {"Precedence": "bulk"},
    "a group": {"X-Google-Group-Id": "1", "Precedence": "list"},
}


@pytest.mark.parametrize("fields", LISTS.values(), ids=LISTS)
@pytest.mark.parametrize("by_reference", [False, True])
def test_an_answer_that_came_by_a_list(answered: Talk, fields: dict[str, str], by_reference: bool) -> None:
    """It is the customer's: no clock runs on over it, and whoever has the request hears of it."""
    if by_reference:
        decision = answered.come("It still fails.\n", In_Reply_To=f"<{answered.last[0].draft.message_id}>" if answered.last else None, References="<m1@example.org>", **fields)  # fmt: skip
    else:
        decision = answered.write("It still fails.\n", **fields)
    assert decision.events[0].kind == "CustomerWrote"
    assert (answered.ticket.stage, answered.ticket.due, answered.told) == ("process", (), [f"notification to {EMMA}"])


@pytest.mark.parametrize(
    "words",
    [
        ("AUTO: Emma Laurent is out of the office", "I will be back on Monday."),
        ("Abwesend bis 16.03.", "Guten Tag, ich bin wieder da am Montag."),
        ("Re: [#1] Invoice layout", "Guten Tag,\n\nich bin bis zum 16.03. nicht im Büro."),
        ("Absence : Emma", "Bonjour, de retour lundi."),
        ("Re: [#1] Invoice layout", "Bonjour,\n\nJe suis en congés jusqu'au 16 mars."),
        ("Afwezig: Re: [#1] Invoice layout", "Ik lees mijn mail maandag."),
        ("Ausência temporária", "Volto na segunda-feira."),
        ("Re: [#1] Invoice layout", "Estoy de vacaciones hasta el lunes."),
        ("Re: [#1] Invoice layout", "Sono assente fino a lunedì."),
        ("Out of office Re: [#1] Invoice layout", "Back on Monday."),
        ("Vacation", "Back on Monday."),
        ("Re: [#1] Invoice layout", "I am out of the office until Monday."),
    ],
)
def test_an_agents_absence_without_a_mark(talk: Talk, words: tuple[str, str]) -> None:
    """What reads like a responder's comes back to the agent, who may say that it was meant; the customer never sees it."""
    talk.open(proven=True)
    before = talk.ticket
    subject, text = words
    talk.answer(f"{text}\n", Subject=subject)
    assert (talk.told, talk.ticket) == ([f"error to {EMMA}"], before)
    assert (
        "it reads like a message of absence: if you mean the customer to have it, put #take above it" in talk.last[0].draft.text
    )
    talk.answer(f"#take\n{text}\n", Subject=subject)
    assert f"answer to {ANN}" in talk.told


def test_an_answer_about_absences(talk: Talk) -> None:
    """A request about them is answered like any other."""
    talk.open(proven=True, Subject="Vacation days are wrong")
    talk.answer(
        "Open Time Off, then the settings. An absence counts there by hours.\n", Subject="Re: [#1] Vacation days are wrong"
    )
    assert talk.told == [f"answer to {ANN}"]


@pytest.mark.parametrize("reference", ["<m1@example.org>", None])
def test_an_answer_to_all(talk: Talk, reference: str | None) -> None:
    """An agent's signed address and the mailbox of the desk in one envelope: the answer, and no request of the agent's."""
    talk.open(proven=True)
    to = (talk.address("a", EMMA), "support@example.com")
    talk.come("Press the button twice.\n", by=EMMA, to=to, proven=True, In_Reply_To=reference)
    assert (talk.told, sorted(talk.facts.tickets)) == ([f"answer to {ANN}"], [1])


def test_a_guest_to_all(talk: Talk) -> None:
    """A guest's mail to the mailbox, too, is a request of his own; by the address of another he gets nothing."""
    talk.open(proven=True)
    talk.come("I have that, too.\n", by=EVE, to=("support@example.com", talk.address("c", ANN)))
    assert sorted(talk.facts.tickets) == [1, 2]
    assert [each for each in talk.told if EVE in each] == [f"acknowledgement to {EVE}"]
    assert [each.ticket for each in talk.last if each.kind == "acknowledgement"] == [2]


def test_a_new_wish_beside_an_answer(talk: Talk) -> None:
    """Another service's mailbox beside the signed address: there it is a request of its own."""
    talk.open(proven=True)
    talk.come("And please upgrade us to 18.0.\n", by=ANN, to=(talk.address("c", ANN), "upgrade@example.com"), proven=True)
    assert [each.service for each in talk.facts.tickets.values()] == ["support", "upgrade"]


@pytest.mark.parametrize("text", ["Ann, press the button twice.\n", "#take\n"])
def test_an_agent_without_a_reply_address(talk: Talk, text: str) -> None:
    """Who answers a customer's mail, where the desk is only in copy, has written a note; which address would do is said."""
    talk.open(proven=True)
    decision = talk.come(text, by=EMMA, proven=True, In_Reply_To="<m1@example.org>", Cc="support@example.com", To=ANN)
    assert (decision.events[0].kind, sorted(talk.facts.tickets), talk.ticket.assignee) == ("AgentWrote", [1], None)
    assert talk.told == [f"note to {RAJ}", f"error to {EMMA}"]
    assert "it came to no reply address of yours" in talk.last[-1].draft.text


def test_whoever_calls_himself_an_agent(talk: Talk) -> None:
    """Where nobody vouches for it, it is a request like any other, and joins nothing."""
    talk.open(proven=True)
    talk.come("Ann, press the button twice.\n", by=EMMA, In_Reply_To="<m1@example.org>")
    assert sorted(talk.facts.tickets) == [1, 2]


NAMED = {"Cc": f"{EMMA}, {RAJ}"}


def test_agents_whom_a_stranger_puts_in_copy(answered: Talk) -> None:
    """Nobody vouches for the names in such a header: whoever stands there hears of it all the same."""
    answered.come("Please refund me.\n", by=EVE, to=answered.address("c", ANN), **NAMED)
    assert answered.told == [f"notification to {EMMA}"]


def test_agents_in_copy_of_a_first_mail(talk: Talk) -> None:
    """Unproven, all of the team are told; proven, those who have it already are not."""
    talk.open(**NAMED)
    assert talk.told[1:] == [f"notification to {EMMA}", f"notification to {RAJ}"]
    talk.open(proven=True, Cc=EMMA)
    assert talk.told[1:] == [f"notification to {RAJ}"]


def test_machines_and_odd_addresses_in_copy(talk: Talk) -> None:
    """Neither gets the answers: the first would answer, and for the second a strict server refuses the mail of all."""
    machines = "noreply@jira.example, mailer-daemon@x.example, erp-list-bounces@lists.example"
    talk.open(proven=True, Cc=f"{machines}, e[f@evil.example, a\\@evil.example, {BOB}")
    assert [each.address for each in talk.ticket.participants] == [BOB]


def test_a_guest_long_after_the_end(answered: Talk) -> None:
    """He gets nothing, and what he opens is no continuation; that it points at the other is said."""
    address = answered.address("c", ANN)
    answered.write("#close\n", by=EMMA, role="a")
    answered.clock.forward(answered.desk.terms.grace * 2)
    decision = answered.come("And my refund?\n", by=EVE, to=address)
    assert (decision.opened, answered.told) == (True, [f"notification to {EMMA}", f"notification to {RAJ}"])
    assert [each.kind for each in decision.links] == ["mentions"]
    assert decision.message is not None
    assert "it points at #1, of which the sender is no participant" in decision.message.defects


def test_a_report_to_the_bare_mailbox(answered: Talk) -> None:
    """Some servers report to From: what names a mail of the desk stays with its request, and opens none."""
    answer = next(each for each in answered.sent if each.kind == "answer")
    decision = answered.come(
        "I am away until Monday.\n", by="ann@elsewhere.example", Auto_Submitted="auto-replied", In_Reply_To=f"<{answer.draft.message_id}>"
    )  # fmt: skip
    assert (decision.events[0].kind, sorted(answered.facts.tickets), answered.told) == ("MachineWrote", [1], [])
    assert answered.ticket.stage == "feedback"


def defects(talk: Talk, **fields: str) -> tuple[str, ...]:
    """What agents are warned of about a first mail."""
    message = talk.come(**fields).message
    assert message is not None
    return message.defects


def test_a_list_in_copy(talk: Talk) -> None:
    """A list that the mail came by gets no answers: all of it would."""
    talk.open(proven=True, To="users@lists.example.org", Cc=BOB, List_Id="Users <users.lists.example.org>")
    assert [each.address for each in talk.ticket.participants] == [BOB]


@pytest.mark.parametrize(
    "text",
    [
        "Ich bin bis 12.3. nicht im Haus, und abwesend.",
        "I am out of the office until Monday.",
        "Będę nieobecny do poniedziałku.",
    ],
)
@pytest.mark.parametrize("mark", ["bulk", "junk"])
def test_a_responder_in_bulk(answered: Talk, text: str, mark: str) -> None:
    """The mark of old responders, and what they say: nothing comes back to life by it."""
    answered.write(f"{text}\n", Precedence=mark, In_Reply_To=f"<{answered.sent[-1].draft.message_id}>")
    assert (answered.ticket.stage, answered.told) == ("feedback", [])


@pytest.mark.parametrize(
    "text",
    [
        "Version: 17.0\nIt still fails.\n",
        "Thank you for contacting us so quickly. It still fails.\n",
        "Nous avons bien reçu votre réponse, mais ça bloque.\n",
    ],
)
@pytest.mark.parametrize("field", [{"Precedence": "bulk"}, {"X_Auto_Response_Suppress": "OOF"}])
def test_an_answer_to_the_acknowledgement(talk: Talk, text: str, field: dict[str, str]) -> None:
    """Its subject is the desk's own, and so is what is quoted: they make no machine of a customer."""
    talk.open(proven=True)
    (thanked,) = (each for each in talk.last if each.kind == "acknowledgement")
    quoted = "".join(f"> {line}\n" for line in thanked.draft.text.splitlines())
    about = {"Subject": f"Re: {thanked.draft.subject}", "In_Reply_To": f"<{thanked.draft.message_id}>"}
    text = text if "Version" in text or "Precedence" in field else "Still broken.\n"
    decision = talk.write(f"{text}\nOn Monday Support <support@example.com> wrote:\n{quoted}", **about, **field)
    assert decision.events[0].kind == "CustomerWrote"


def test_silence_that_is_none(answered: Talk) -> None:
    """Who wrote to the reverse-path is not told that nothing was heard of him."""
    answer = next(each for each in answered.sent if each.kind == "answer")
    answered.come("It still fails.\n", to=answer.reverse_path, proven=True)
    assert (answered.ticket.stage, answered.ticket.due) == ("feedback", ())


def test_agents_responders_at_the_reverse_path(talk: Talk) -> None:
    """Two who answer each mail with words that no list of absences has do not keep each other busy."""
    talk.open(proven=True)
    for turn in range(3):
        for agent in (EMMA, RAJ):
            talk.come("Danke. Ich melde mich naechste Woche.\n", by=agent, to=talk.sent[-1].reverse_path, proven=turn > 1)
            assert talk.told == []


def test_a_request_about_leave(talk: Talk) -> None:
    """An answer that speaks of absences of others goes out."""
    talk.open(proven=True)
    talk.answer("Please open Time Off > Configuration. An employee is on leave when the request is approved.\n")
    assert talk.told == [f"answer to {ANN}"]


def test_a_reaction_that_is_none(answered: Talk) -> None:
    """What only sounds like a client's words is the customer's."""
    answered.write("Our bank has not reacted to your message.\n")
    assert answered.ticket.stage == "process"


def test_a_sealed_case_that_is_pointed_at(talk: Talk) -> None:
    """Neither an agent of another team nor a stranger learns from a reference that there is one."""
    talk.open("A hole.\n", to="security@example.com", proven=True, Message_ID="<hole@example.org>")
    decision = talk.come("What about this?\n", by=EMMA, proven=True, References="<hole@example.org>")
    assert (decision.opened, decision.links) == (True, ())
    decision = talk.come("What about this?\n", by=EVE, References="<hole@example.org>")
    assert (decision.opened, decision.links, decision.message and decision.message.defects) == (True, (), ())


@pytest.mark.parametrize("mark", ["[EXTERNAL] ", "[EXT] ", "*** EXTERNAL *** ", "[Extern] ", "[EXTERNAL] [EXT] "])
def test_what_a_gateway_puts_before_the_subject(talk: Talk, mark: str) -> None:
    """It is not the customer's, and does not go back to him."""
    assert talk.open(proven=True, Subject=f"{mark}Invoice layout").subject == "Invoice layout"
    assert talk.open(proven=True, Subject=f"RE: {mark}[#7] Invoice layout").subject == "Invoice layout"
    assert talk.open(proven=True, Subject=f"{mark}AW: {mark}Invoice layout").subject == "AW: Invoice layout"


def test_a_web_form(talk: Talk) -> None:
    """It writes as itself, with the customer in Reply-To: agents see whom, and the answer goes to From all the same."""
    form = {"by": "Shop <wordpress@shop.example>", "Reply_To": "Ann Berg <ann@example.org>"}
    assert defects(talk, **form) == (
        "answers are wanted at ann@example.org, and go to wordpress@shop.example; #cc takes somebody in",
    )
    assert "answers are wanted at ann@example.org" in talk.last[-1].draft.text


@pytest.mark.parametrize("wanted", ["Ann <ANN@example.org>", "support@example.com", "Ann Berg", ""])
def test_answers_that_go_where_they_are_wanted(talk: Talk, wanted: str) -> None:
    """To the author, to the desk, or to no address at all: nothing to warn of."""
    assert defects(talk, Reply_To=wanted) == ()


# --- an MTA that knows no extensions ----------------------------------------------------------------------------


@pytest.fixture
def unsigned(talk: Talk) -> Talk:
    """The same desk with `desk.separator = ""`: every reply comes to the bare mailbox."""
    policy = talk.desk.policy
    settings = policy.config.settings
    bare = dataclasses.replace(settings, desk=dataclasses.replace(settings.desk, separator=""))
    policy = dataclasses.replace(policy, config=dataclasses.replace(policy.config, settings=bare))
    keys = Keyring(signing=(b"k" * 32,), hashing=b"h" * 32, seal=Seal(b"s" * 32))
    talk.desk = dataclasses.replace(build_desk(policy.config, keys, policy=policy), clock=talk.clock)
    talk.open(proven=True)
    return talk


def reply(talk: Talk, text: str, *, by: str, of: str, **how: Any) -> None:
    """A reply to the latest mail of somebody, by somebody."""
    mail = next(each for each in reversed(talk.sent) if each.recipient == of)
    talk.come(text, by=by, In_Reply_To=f"<{mail.draft.message_id}>", **({"proven": True} | how))


def test_an_agent_answers_by_reference(unsigned: Talk) -> None:
    """A reply to his own notification is as good as one to the address in it: commands and answer go through."""
    reply(unsigned, "#take\nPress the button twice.\n", by=EMMA, of=EMMA)
    assert unsigned.told == [f"answer to {ANN}", f"receipt to {EMMA}"]
    assert (unsigned.ticket.stage, unsigned.ticket.assignee) == ("feedback", EMMA)
    reply(unsigned, "Only for us.\n", by=EMMA, of=EMMA)
    assert [each for each in unsigned.told if ANN in each] == [], "a reply to the receipt is a note"


@pytest.mark.parametrize(
    ("by", "proven"),
    [(EMMA, False), (RAJ, True), (EVE, True), (ANN, True)],
    ids=["unproven", "a colleague", "a stranger", "the customer"],
)
def test_a_reference_that_was_seen_elsewhere(unsigned: Talk, by: str, proven: bool) -> None:
    """Only by whom that mail went to, and only if somebody vouches for him."""
    reply(unsigned, "#close\nPress the button twice.\n", by=by, of=EMMA, proven=proven)
    assert f"answer to {ANN}" not in unsigned.told
    assert unsigned.facts.tickets[1].stage != "done"


@pytest.mark.parametrize(
    "how",
    [
        {"Subject": "Fwd: [#1] Invoice layout"},
        {"Subject": "WG: [#1] Invoice layout"},
        {"to": "security@example.com"},
        {"to": "upgrade@example.com"},
    ],
    ids=["a forward", "a German one", "to security", "to upgrade"],
)
def test_what_is_no_reply(unsigned: Talk, how: dict[str, str]) -> None:
    """A forward of the notification, or a mail to another mailbox, is no answer to the customer."""
    reply(unsigned, "Careful with this one, Ann never pays.\n", by=EMMA, of=EMMA, **how)
    assert [each for each in unsigned.told if ANN in each] == []


def test_an_agents_own_request(unsigned: Talk) -> None:
    """An agent is a customer there, as anybody else."""
    unsigned.open("Please help.\n", by=EMMA, proven=True, to="upgrade@example.com")
    reply(unsigned, "Version: 17.0\nDatabase: acme\n", by=EMMA, of=EMMA)
    acknowledgement = next(each for each in reversed(unsigned.sent) if each.kind == "acknowledgement")
    unsigned.come(
        "Version: 17.0\nDatabase: acme\n",
        by=EMMA,
        proven=True,
        to="upgrade@example.com",
        In_Reply_To=f"<{acknowledgement.draft.message_id}>",
    )
    assert unsigned.events[-1].kind in ("CustomerWrote", "FieldsFound", "TicketChanged")
    assert unsigned.ticket.fields["version"].value == "17.0"


def test_a_reference_where_addresses_are_signed(talk: Talk) -> None:
    """It is no proof there."""
    talk.open(proven=True)
    reply(talk, "Press the button twice.\n", by=EMMA, of=EMMA)
    assert talk.told == [f"note to {RAJ}", f"error to {EMMA}"]
