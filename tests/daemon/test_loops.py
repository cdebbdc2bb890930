"""Loops: a desk in a world that answers every mail in the worst way must fall silent by itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest

from maild.config import load_config
from maild.desk import Desk, build_desk
from maild.keys.ring import open_keyring
from maild.mail.compose import compose
from maild.mail.envelope import Envelope
from maild.mail.outgoing import Outgoing
from maild.pipeline import Item, work
from maild.store.outbox import Outbox

Letter = tuple[str, str, bytes]  # reverse-path, forward-path, the mail
ROUNDS = 30
NOTES = 60  # an hour and agent, by rules/budgets.yaml
NOTES_A_ROUND = 4  # that each of two agents gets, all of them answered
REPORT = """From: Mail Delivery System <MAILER-DAEMON@relay.example>
To: {to}
Subject: Undelivered Mail Returned to Sender
Message-ID: <{id}@relay.example>
Auto-Submitted: auto-replied
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: text/plain

It could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; relay.example

Final-Recipient: rfc822; {who}
Action: failed
Status: 5.1.1

--b--
"""
REPLY = """From: {who}
To: {to}
Subject: {subject}
Message-ID: <{id}@relay.example>
In-Reply-To: <{about}>
{more}
I am away. (answer number {id})
"""
_ids = count(1)


def bounced(mail: Outgoing) -> Iterator[Letter]:
    """Nothing reaches anybody; what may be returned is."""
    if mail.reverse_path:
        yield "", mail.reverse_path, REPORT.format(to=mail.reverse_path, who=mail.recipient, id=next(_ids)).encode()


def _reply(mail: Outgoing, reverse_path: str, subject: str = "Re: yours", more: str = "") -> Letter:
    to = mail.draft.reply_to.address if mail.draft.reply_to else mail.draft.from_.address
    text = REPLY.format(who=mail.recipient, to=to, subject=subject, id=next(_ids), about=mail.draft.message_id, more=more)
    return reverse_path, to, text.encode()


def on_holiday(mail: Outgoing) -> Iterator[Letter]:
    """Everybody has a vacation responder that obeys RFC 3834 in all but one thing: it answers every mail."""
    yield _reply(mail, "", "Out of office: back on Monday", "Auto-Submitted: auto-replied\n")


def on_holiday_without_a_mark(mail: Outgoing) -> Iterator[Letter]:
    """Everybody has a responder that looks like a person."""
    yield _reply(mail, mail.recipient)


def reports_as_replies(mail: Outgoing) -> Iterator[Letter]:
    """A relay that returns everything to where it says replies go, with a sender of its own."""
    to = mail.draft.reply_to.address if mail.draft.reply_to else mail.draft.from_.address
    yield "MAILER-DAEMON@relay.example", to, REPORT.format(to=to, who=mail.recipient, id=next(_ids)).encode()


def sent_back(mail: Outgoing) -> Iterator[Letter]:
    """Everybody forwards the desk's mail to the desk, as it is."""
    yield mail.recipient, "support@example.com", compose(mail.draft)


@pytest.fixture
def desk(write_desk: Callable[..., Path], clock) -> Iterator[Desk]:
    """A desk with nothing in it."""
    config = load_config(write_desk(), {})
    built = replace(build_desk(config, open_keyring(config.state / "keys")), clock=clock)
    built.store.migrate()
    yield built
    built.store.close()


def handed(desk: Desk, letters: list[Letter], turn: int) -> list[Item]:
    """Letters as the desk has them in its spool."""
    items = []
    for number, (reverse_path, to, raw) in enumerate(letters):
        assert desk.book.target_of(to), f"the desk refuses {to} in the dialogue"
        envelope = Envelope(reverse_path=reverse_path, forward_paths=(to,), arrived_at=desk.clock.now(), intake="smtp")
        body = raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
        items.append(Item(entry=f"{turn:016x}{number:016x}", envelope=envelope, raw=body))
    return items


def rounds_until_silence(desk: Desk, world: Callable[[Outgoing], Iterable[Letter]], letters: list[Letter]) -> int:
    """Hands the desk's mails to the world and its answers to the desk, until nobody has anything to say any more."""
    box = Outbox(desk.store)
    known: set[str] = set()
    for turn in range(ROUNDS):
        work(handed(desk, letters, turn), desk)
        desk.clock.forward(timedelta(seconds=5))
        rows = [row for row in box.listed(["queued", "failed"], most=100_000) if row["key"] not in known]
        known |= {row["key"] for row in rows}
        letters = [letter for row in rows for letter in world(box.find(row["key"])[0]["mail"])]
        if not letters:
            return turn + 1
    raise AssertionError(f"not silent after {ROUNDS} rounds, {len(known)} mails and still {len(letters)} a round")


@pytest.mark.parametrize(
    "world", [bounced, on_holiday, on_holiday_without_a_mark, reports_as_replies, sent_back], ids=lambda each: each.__name__
)
@pytest.mark.parametrize("to", ["support@example.com", "security@example.com"])
def test_silence(desk: Desk, mail: Callable[..., bytes], world: Callable[[Outgoing], Iterable[Letter]], to: str) -> None:
    """One mail, and a world that answers all that the desk sends: after a few rounds nothing moves any more.

    Two agents whose holiday answers look like their own words take each other's for notes: that ends with the budget of notes.
    """
    notes_go_round = world is on_holiday_without_a_mark and to == "security@example.com"
    most = NOTES // NOTES_A_ROUND + 4 if notes_go_round else 4
    assert rounds_until_silence(desk, world, [("ann@example.org", to, mail("The tax is computed twice.\n"))]) <= most
    assert Counter(row["class"] for row in Outbox(desk.store).listed(["queued"], most=100_000))["note"] <= 2 * NOTES


def test_two_desks(desk: Desk, mail: Callable[..., bytes]) -> None:
    """A customer whose address is another desk like ours: the two do not keep each other busy."""
    raw = mail("Help.\n", From="Other Desk <support@other.example>")
    assert rounds_until_silence(desk, on_holiday, [("support@other.example", "support@example.com", raw)]) <= 3


def test_a_storm_of_answers_from_strangers(desk: Desk, mail: Callable[..., bytes]) -> None:
    """A robot that opens a new request with every acknowledgement it gets is cut off by the budget."""

    def robot(each: Outgoing) -> Iterator[Letter]:
        if each.kind == "acknowledgement":
            number = next(_ids)
            yield (
                "robot@example.org",
                "support@example.com",
                mail(f"again {number}\n", From="robot@example.org", Message_ID=f"<{number}@robot>"),
            )

    first = mail("hello\n", From="robot@example.org", Message_ID="<0@robot>")
    assert rounds_until_silence(desk, robot, [("robot@example.org", "support@example.com", first)]) <= 21
    assert Outbox(desk.store).counts()["queued"] <= 20 + 21


def _answer(mail: Outgoing, number: int, to: str, subject: str, about: str | None, quoted: str = "") -> Letter:
    about = f"In-Reply-To: <{about}>\n" if about else ""
    text = f"From: robot@example.org\nTo: {to}\nSubject: {subject}\nMessage-ID: <{number}@robot>\n{about}\nI got your mail ({number}).\n{quoted}"
    return "robot@example.org", to, text.encode()


RESPONDERS: dict[str, Callable[[Outgoing, int], Letter]] = {
    "by Reply-To": lambda mail, n: _answer(mail, n, mail.draft.reply_to.address, f"Re: {mail.draft.subject}", None),
    "by references": lambda mail, n: _answer(mail, n, mail.draft.from_.address, "I got it", mail.draft.message_id),
    "by the subject": lambda mail, n: _answer(mail, n, mail.draft.from_.address, f"Re: {mail.draft.subject}", None),
    "by the subject, in words of its own": lambda mail, n: _answer(mail, n, mail.draft.from_.address, f"Got it ({mail.draft.subject})", None),
    "by what it quotes": lambda mail, n: _answer(mail, n, mail.draft.from_.address, f"[B-{n}] Request received", None, f"\nSubject: {mail.draft.subject}\n"),
    "by the address that it quotes": lambda mail, n: _answer(mail, n, mail.draft.from_.address, f"[B-{n}]", None, f"\n> {mail.draft.reply_to.address}\n"),
}  # fmt: skip


@pytest.mark.parametrize("how", RESPONDERS)
def test_a_thousand_answers(desk: Desk, mail: Callable[..., bytes], how: str) -> None:
    """A responder that nothing marks answers one acknowledgement a thousand times, one in three seconds: it gets no other."""
    work(handed(desk, [("robot@example.org", "support@example.com", mail("hello\n", From="robot@example.org"))], 0), desk)
    box = Outbox(desk.store)
    (first,) = (row["key"] for row in box.listed(["queued"], most=10) if row["class"] == "acknowledgement")
    (found,) = box.find(first)
    for turn in range(1, 101):
        letters = [RESPONDERS[how](found["mail"], 10 * turn + each) for each in range(10)]
        work(handed(desk, letters, turn), desk)
        desk.clock.forward(timedelta(seconds=30))
    sent = Counter(row["class"] for row in box.listed(["queued"], most=100_000))
    assert sent["acknowledgement"] == 1
    assert set(sent) == {"acknowledgement", "notification"}


def _stripped(raw: bytes) -> bytes:
    """As a gateway leaves it that takes out all it does not know."""
    kept = (
        line for line in raw.split(b"\r\n") if not line.lower().startswith((b"auto-submitted", b"x-", b"list-", b"precedence"))
    )
    return b"\r\n".join(kept)


@pytest.mark.parametrize("is_stripped", [False, True])
@pytest.mark.parametrize("null_sender", [True, False])
def test_two_desks_like_ours(
    tmp_path: Path, root: Path, clock, mail: Callable[..., bytes], is_stripped: bool, null_sender: bool
) -> None:
    """Each is the other's customer: two mails, and both are silent, whatever a gateway between them takes out."""
    desks = {domain: _desk_of(tmp_path / domain, root, domain, null_sender, clock) for domain in ("example.com", "other.example")}
    letters = [("support@other.example", "support@example.com", mail("Help.\n", From="Other <support@other.example>"))]
    passed, known = 0, set()
    for turn in range(ROUNDS):
        if not letters:
            break
        passed += len(letters)
        for domain, each in desks.items():
            work(handed(each, [letter for letter in letters if letter[1].endswith(f"@{domain}")], turn), each)
        clock.forward(timedelta(seconds=5))
        letters = []
        for each in desks.values():
            box = Outbox(each.store)
            for row in box.listed(["queued"], most=1000):
                (found,) = box.find(row["key"])
                sent = found["mail"]
                if sent.key not in known and any(other.book.target_of(sent.recipient) for other in desks.values()):
                    raw = compose(sent.draft)
                    letters.append((sent.reverse_path, sent.recipient, _stripped(raw) if is_stripped else raw))
                known.add(sent.key)
    for each in desks.values():
        each.store.close()
    assert letters == []
    assert passed - 1 <= 2


def _desk_of(folder: Path, root: Path, domain: str, null_sender: bool, clock) -> Desk:
    folder.mkdir()
    shown = (root / "maild.toml").read_text("utf-8").replace("example.com", domain)
    (folder / "maild.toml").write_text(shown)
    told = {
        "MAILD_PATHS_RULES": str(root / "rules"), "MAILD_PATHS_TEMPLATES": str(root / "templates"), "MAILD_DELIVERY_NULL_SENDER": str(null_sender).lower(),
    }  # fmt: skip
    config = load_config(folder / "maild.toml", told)
    built = replace(build_desk(config, open_keyring(config.state / "keys")), clock=clock)
    built.store.migrate()
    return built
