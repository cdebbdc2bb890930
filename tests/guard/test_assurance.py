"""How surely a sender is who From says: what trusted hosts found out over trusted roads, and nothing that a mail can claim itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from maild.guard.assurance import assurance_of
from maild.mail.envelope import Envelope
from maild.problem.lexicon import Lexicon
from maild.problem.reading import read_mail
from maild.tickets.address import AddressBook, Target, ToBounce, ToMailbox, ToTicket

SERVERS = ("mx.example.com", "MX2.Example.com")
PASS = "mx.example.com; dmarc=pass header.from=example.org"
ANN = "Ann Berg <ann@example.org>"
Prove = Callable[..., tuple[int, str]]


@pytest.fixture
def prove(envelope: Callable[..., Envelope], lexicon: Lexicon, book: AddressBook) -> Prove:
    """Level and reason of a mail with these fields on top: `prove("Authentication-Results: …", sender="…", given="…")`."""

    def build(
        *fields: str,
        sender: str = f"From: {ANN}",
        trusted: bool = True,
        given: str = "",
        target: Target | None = None,
        servers: tuple[str, ...] = SERVERS,
    ) -> tuple[int, str]:
        raw = "\r\n".join([*fields, sender, "To: support@example.com", "Subject: x", "", "Hello", ""]).encode(
            "utf-8", "surrogateescape"
        )
        reading = read_mail(raw, replace(envelope(), trusted=trusted), lexicon)
        where = target or (
            ToTicket(mailbox=book.first, number=1, role="c", proof="", given=given) if given else ToMailbox(mailbox=book.first)
        )
        found = assurance_of(reading, where, servers)
        return found.level, found.why

    return build


def results(text: str) -> str:
    """A field."""
    return f"Authentication-Results: {text}"


# --- roads and hosts --------------------------------------------------------------------------------------------


def test_levels(prove: Prove) -> None:
    """The domain is proven; and, with the address that was given to this sender, he is."""
    assert prove(results(PASS)) == (1, "dmarc=pass")
    assert prove(results(PASS), given="ann@example.org") == (2, "dmarc=pass, and the signed address (c) was given to this sender")
    assert prove(results(PASS), given="ANN@Example.ORG")[0] == 2
    assert prove(results(PASS), given="bob@example.org")[0] == 1
    assert prove() == (0, "no trusted host says anything about the sender")
    assert prove(given="ann@example.org")[0] == 0


MICROSOFT = (
    "spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=example.org; dkim=pass (signature was verified) header.d=example.org;"
    "dmarc=pass action=none header.from=example.org;compauth=pass reason=100"
)


def test_a_server_without_a_name(prove: Prove) -> None:
    """Microsoft 365 begins with its first result: it is believed where the operator says so, by `-`, and nowhere else."""
    assert prove(results(MICROSOFT)) == (0, "no trusted host says anything about the sender")
    assert prove(results(MICROSOFT), servers=("-",)) == (1, "dmarc=pass")
    assert prove(results(PASS), servers=("-",))[0] == 0
    failed = MICROSOFT.replace("dmarc=pass", "dmarc=fail")
    assert prove(results(failed), results(MICROSOFT), servers=("-",)) == (0, "dmarc=fail")
    assert prove(results(failed), results(PASS)) == (1, "dmarc=pass"), "the nameless one is nobody's here"


def test_untrusted_road(prove: Prove) -> None:
    """Over a road that anybody may use a forger's field looks as good as our own: nothing is believed."""
    assert prove(results(PASS), trusted=False) == (0, "it did not come over a trusted road")
    assert prove(results(PASS), trusted=False, given="ann@example.org")[0] == 0


def test_only_an_address_of_a_ticket_makes_level_two(prove: Prove, book: AddressBook) -> None:
    """A bounce address was given to nobody."""
    assert prove(results(PASS), target=ToBounce(mailbox=book.first, key="0" * 16))[0] == 1


@pytest.mark.parametrize(
    ("fields", "level"),
    [
        ((PASS,), 1),
        (("MX.EXAMPLE.COM; dmarc=pass header.from=example.org",), 1),
        (("mx2.example.com; dmarc=pass header.from=example.org",), 1),
        (("mx.example.com 1; dmarc=pass header.from=example.org",), 1),
        (("mx.example.org; dmarc=pass header.from=example.org",), 0),
        (("mx.example.com.evil.example; dmarc=pass header.from=example.org",), 0),
        (("evil.mx.example.com; dmarc=pass header.from=example.org",), 0),
        (("x mx.example.com; dmarc=pass header.from=example.org",), 0),
        (("; dmarc=pass header.from=example.org",), 0),
        (("dmarc=pass header.from=example.org",), 0),
        (("(mx.example.com) evil.example; dmarc=pass header.from=example.org",), 0),
        (('"mx.example.com"; dmarc=pass header.from=example.org',), 0),
        # another host's on top does not matter; of a trusted host's only the topmost counts
        (("other.example; dmarc=fail header.from=example.org", PASS), 1),
        ((PASS, "other.example; dmarc=fail header.from=example.org"), 1),
        ((PASS, "mx.example.com; dmarc=fail header.from=example.org"), 1),
        (("mx.example.com; dmarc=fail header.from=example.org", PASS), 0),
        (("mx.example.com; none", PASS), 0),
        (("mx.example.com; spf=pass smtp.mailfrom=example.org", PASS), 0),
        (("mx2.example.com; dmarc=none header.from=example.org", PASS), 0),
        # what cannot be read hides all that stands below: that might be a forger's
        (("mx.example.com; (dmarc=fail", PASS), 0),
        (('mx.example.com; reason="', PASS), 0),
        (("m\u00fcnchen.example; dmarc=fail", PASS), 0),
        (("mx.example.com; " + "x" * 9000, PASS), 0),
        (("!; dmarc=pass", PASS), 0),
        ((PASS, "mx.example.com; (dmarc=fail"), 1),
    ],
)  # fmt: skip
def test_whose_word_counts(prove: Prove, fields: tuple[str, ...], level: int) -> None:
    """The topmost field of a trusted host, and no other."""
    assert prove(*(results(each) for each in fields))[0] == level


@pytest.mark.parametrize(
    ("said", "level"),
    [
        ("dmarc=pass header.from=example.org", 1),
        ("DMARC=PASS Header.From=EXAMPLE.ORG", 1),
        ("spf=fail; dkim=none; dmarc=pass (p=REJECT sp=NONE) header.from=example.org; iprev=fail", 1),
        ("dmarc=pass (a (nested) comment; dmarc=fail) header.from=example.org", 1),
        ("dmarc/1=pass header.from=example.org", 1),
        ("dmarc = pass header.from = example.org", 1),
        ("dmarc=pass policy.dmarc=reject header.from=example.org", 1),
        ('dmarc=pass reason="it is; fine" header.from=example.org', 1),
        ("dmarc=pass header.from=ann@example.org", 1),  # as some write it
        ("dmarc=pass header.from=<example.org>", 0),
        ("dmarc=pass", 0),
        ("dmarc=pass header.d=example.org", 0),
        ("dmarc=pass smtp.mailfrom=example.org", 0),
        ("dmarc=pass header.from=example.net", 0),
        ("dmarc=pass header.from=sub.example.org", 0),
        ("dmarc=pass header.from=example.org.evil.example", 0),
        ("dmarc=pass header.from=ann@example.org@evil.example", 0),
        ("dmarc=pass header.from=evilexample.org", 0),
        ("dmarc=pass (header.from=example.org)", 0),
        ('dmarc=pass reason="header.from=example.org"', 0),
        ("dmarc=pass header.from=example.net header.from=example.org", 0),
        ("dmarc=pass header.from=example.org header.from=example.net", 0),
        ("dmarc=fail header.from=example.org", 0),
        ("dmarc=none header.from=example.org", 0),
        ("dmarc=bestguesspass header.from=example.org", 0),
        ("dmarc=passed header.from=example.org", 0),
        ("dmarc=pass-not header.from=example.org", 0),
        ("dmarc=fail (dmarc=pass) header.from=example.org", 0),
        ('dmarc=fail reason="dmarc=pass" header.from=example.org', 0),
        ('x="; dmarc=pass header.from=example.org; y="', 0),
        ("(; dmarc=pass header.from=example.org;)", 0),
        ("x-dmarc=pass header.from=example.org", 0),
        ("spf=pass smtp.mailfrom=example.org; dkim=pass header.d=example.org", 0),
        ("dmarc=pass header.from=example.org; dmarc=pass header.from=example.org", 0),
        ("dmarc=pass header.from=example.org; dmarc=fail header.from=example.org", 0),
        ("dmarc=fail header.from=example.org; dmarc=pass header.from=example.org", 0),
        ("none", 0),
        ("", 0),
    ],
)
def test_what_it_must_say(prove: Prove, said: str, level: int) -> None:
    """One dmarc result, a pass, about the very domain of From; comments and quotes are not taken for it."""
    assert prove(results(f"mx.example.com; {said}"))[0] == level


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("dmarc=fail header.from=example.org", "dmarc=fail"),
        ("spf=pass", "no dmarc results"),
        ("dmarc=pass header.from=a.example; dmarc=pass header.from=b.example", "2 dmarc results"),
        ("dmarc=pass header.from=a.example", "dmarc=pass is about another domain"),
    ],
)
def test_reasons(prove: Prove, said: str, why: str) -> None:
    """Agents and operators are told why nothing is believed."""
    assert prove(results(f"mx.example.com; {said}")) == (0, why)


# --- From -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sender", "level"),
    [
        ("From: ann@example.org", 1),
        ("From: <ann@example.org>", 1),
        ("From: Ann Berg <ann@example.org>", 1),
        ('From: "Berg, Ann" <ann@example.org>', 1),
        ("From: =?utf-8?q?Ann_B=C3=A9rg?= <ann@example.org>", 1),
        ("From: Ann\r\n Berg <ann@example.org>", 1),
        ("FROM:ann@example.org", 1),
        ("From: ann.berg+x@example.org", 1),
        ("From: ann@EXAMPLE.ORG", 1),
        # two of anything
        ("From: ann@example.org, eve@example.net", 0),
        ("From: eve@example.net, ann@example.org", 0),
        ("From: ann@example.org\r\nFrom: eve@example.net", 0),
        ("From: eve@example.net\r\nFrom: ann@example.org", 0),
        ("From: ann@example.org\r\nfrom: ann@example.org", 0),
        ("From: ann@example.org\r\nFrom : ann@example.org", 0),
        ("From: eve@example.net <ann@example.org>", 0),
        ('From: "eve@example.net" <ann@example.org>', 0),
        ("From: <eve@example.net> <ann@example.org>", 0),
        ("From: Ann <ann@example.org> eve@example.net", 0),
        # groups, comments, routes, quoted local parts
        ("From: Friends: ann@example.org;", 0),
        ("From: undisclosed:;, ann@example.org", 0),
        ("From: ann@example.org (Ann)", 0),
        ("From: (eve@example.net) ann@example.org", 0),
        ("From: Ann (x) <ann@example.org>", 0),
        ("From: <@evil.example:ann@example.org>", 0),
        ('From: "ann"@example.org', 0),
        ('From: <"ann"@example.org>', 0),
        ("From: ann @example.org", 0),
        ("From: ann@ example.org", 0),
        ("From: ann@example.org.", 0),
        ("From: .ann@example.org", 0),
        ("From: ann..berg@example.org", 0),
        ("From: ann@[192.0.2.1]", 0),
        ("From: ann@localhost", 0),
        ("From: ann", 0),
        ("From:", 0),
        ("X: y", 0),
        ("From: =?utf-8?q?ann=40example=2Eorg?=", 0),
        ("From: =?utf-8?q?x=3Cann=40example=2Eorg=3E?= <eve@example.net>", 0),
        # octets that readers take for the end of a line
        ("From: eve@example.net\rFrom: ann@example.org", 0),
        ("From: Ann\rX <ann@example.org>", 0),
        ("From: ann@example.org\r", 0),
        ("From: Ann\x00 <ann@example.org>", 0),
        ("From: Ann\x0b <ann@example.org>", 0),
        ("From: \u00e4nn@example.org", 0),
        ("From: ann@ex\u00e4mple.org", 0),
    ],
)  # fmt: skip
def test_from(prove: Prove, sender: str, level: int) -> None:
    """Only what every reader reads alike is believed: one field, one plain address."""
    assert prove(results(PASS), sender=sender)[0] == level


@pytest.mark.parametrize(
    "field", ["Subject: x\rFrom: eve@example.net", "X: y\x00", "X: y\x0b", "X: " + "x" * 70_000, "\r\n".join(["X: y"] * 1_001)],
    ids=["bare CR", "NUL", "vertical tab", "long", "many"],
)  # fmt: skip
def test_a_header_section_that_had_to_be_mended(prove: Prove, field: str) -> None:
    """What others may read otherwise is not believed, wherever it stands."""
    assert prove(results(PASS), field) == (0, "From is not one plain address")


@pytest.mark.parametrize("given", ["ann@example.org", "eve@example.net"])
def test_two_authors_are_none(prove: Prove, given: str) -> None:
    """Who writes for two is neither, whatever the address says."""
    assert prove(results(PASS), sender="From: ann@example.org, eve@example.net", given=given)[0] == 0
