"""Whoever is not Emma tries to answer and to command as Emma, by her very own reply address. None of it is obeyed (T1, T2).

The worst is assumed: the address has leaked, the mail came over a trusted road, and where it is about From the verifier was fooled, so
that it says pass.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from maild.tickets.address import AddressBook

if TYPE_CHECKING:
    from conftest import Talk

ANN, BOB, EMMA, RAJ = "ann@example.org", "bob@example.org", "emma@example.com", "raj@example.com"
HONEST = b"From: Emma Laurent <emma@example.com>\r\n"
FOOLED = b"Authentication-Results: mx.example.com; dmarc=pass header.from=example.com\r\n"
EVIL = b"Authentication-Results: mx.example.com; dmarc=pass header.from=evil.example\r\n"
REST = b"To: support@example.com\r\nSubject: Re: [#1] x\r\nMessage-ID: <spoof@evil.example>\r\n"
BODIES = (b"Press it twice.\r\n", b"#close\r\n", b"#take\r\n#cc +eve@evil.example\r\n\r\nPress it twice.\r\n")


def passes(domain: str) -> bytes:
    """What our own MTA truly says about mail of this domain."""
    return b"Authentication-Results: mx.example.com; dmarc=pass header.from=" + domain.encode() + b"\r\n"


FROM: dict[str, bytes] = {
    "two fields, hers first": b"From: emma@example.com\r\nFrom: eve@evil.example\r\n",
    "two fields, hers last": b"From: eve@evil.example\r\nFrom: emma@example.com\r\n",
    "the same field twice": HONEST + HONEST,
    "a second field with a blank before the colon": b"From : eve@evil.example\r\n" + HONEST,
    "a second field in small letters": HONEST + b"from: eve@evil.example\r\n",
    "a second field behind a bare LF": b"From: emma@example.com\nFrom: eve@evil.example\r\n",
    "a second field behind a bare CR": b"From: emma@example.com\rFrom: eve@evil.example\r\n",
    "a bare CR in the address": b"From: <emma@example.com\r>\r\n",
    "a bare CR in the name": b"From: Emma\rLaurent <emma@example.com>\r\n",
    "a control character in a quoted name": b'From: "Emma\x01" <emma@example.com>\r\n',
    "NUL in the name": b"From: Emma\x00 <emma@example.com>\r\n",
    "NUL in the address": b"From: <emma@example.com\x00>\r\n",
    "two addresses": b"From: emma@example.com, eve@evil.example\r\n",
    "two addresses, hers last": b"From: eve@evil.example, emma@example.com\r\n",
    "two addresses without a comma": b"From: <eve@evil.example> <emma@example.com>\r\n",
    "an address as a name, without quotes": b"From: eve@evil.example <emma@example.com>\r\n",
    "behind the angle": b"From: <emma@example.com> eve@evil.example\r\n",
    "a group": b"From: Desk: emma@example.com;\r\n",
    "an empty group, and hers": b"From: a:;, emma@example.com\r\n",
    "a comment before": b"From: (eve@evil.example) emma@example.com\r\n",
    "a comment in the address": b"From: emma(eve)@example.com\r\n",
    "nested comments": b"From: emma@example.com (a(b)c)\r\n",
    "a comment that never ends": b"From: emma@example.com (\r\n",
    "a quoted local part": b'From: "emma"@example.com\r\n',
    "a quoted local part in angles": b'From: <"emma"@example.com>\r\n',
    "a route": b"From: <@evil.example:emma@example.com>\r\n",
    "blanks in the address": b"From: <emma @ example.com>\r\n",
    "a dot at the end": b"From: <emma@example.com.>\r\n",
    "an encoded word as address": b"From: =?utf-8?q?emma=40example.com?=\r\n",
    "an encoded word in angles": b"From: <=?utf-8?q?emma?=@example.com>\r\n",
    "a NUL in an encoded word": b"From: =?utf-8?q?emma=40example.com=00?= <emma@example.com>, eve@evil.example\r\n",
    "two signs": b"From: emma@example.com@evil.example\r\n",
    "an open quote": b'From: "Emma <emma@example.com>\r\n',
    "an open angle": b"From: <emma@example.com\r\n",
    "a backslash": b"From: <emma@example.com\\>\r\n",
    "a domain literal": b"From: <emma@[192.0.2.1]>\r\n",
}
# Nothing in these is ambiguous: another address, truly proven.
OTHERS: dict[str, tuple[bytes, bytes]] = {
    "her address as the name": (b'From: "emma@example.com" <eve@evil.example>\r\n', passes("evil.example")),
    "her name": (b"From: Emma Laurent <eve@evil.example>\r\n", passes("evil.example")),
    "Sender": (b"From: eve@evil.example\r\nSender: emma@example.com\r\n", passes("evil.example")),
    "Sender alone": (b"Sender: emma@example.com\r\n", FOOLED),
    "Reply-To": (b"From: eve@evil.example\r\nReply-To: emma@example.com\r\n", passes("evil.example")),
    "Resent-From": (b"From: eve@evil.example\r\nResent-From: emma@example.com\r\n", passes("evil.example")),
    "no From": (b"", FOOLED),
    "an empty From": (b"From: <>\r\n", FOOLED),
    "a figure for a letter": (b"From: emma@examp1e.com\r\n", passes("examp1e.com")),
    "two letters for one": (b"From: emma@exarnple.com\r\n", passes("exarnple.com")),
    "a Cyrillic letter": ("From: emma@ex\u0430mple.com\r\n".encode(), passes("ex\u0430mple.com")),
    "the same, as it is registered": (b"From: emma@xn--exmple-4nf.com\r\n", passes("xn--exmple-4nf.com")),
    "a Cyrillic letter before the sign": ("From: \u0435mma@example.com\r\n".encode(), FOOLED),
    "a letter without width": ("From: em\u200bma@example.com\r\n".encode(), FOOLED),
    "a wide sign": ("From: emma\uff20example.com\r\n".encode(), FOOLED),
    "a longer domain": (b"From: emma@example.com.evil.example\r\n", passes("example.com.evil.example")),
    "a shorter domain": (b"From: emma@example.co\r\n", passes("example.co")),
    "a domain below": (b"From: emma@mail.example.com\r\n", passes("mail.example.com")),
    "a domain below, and the verifier names the one above": (b"From: emma@mail.example.com\r\n", FOOLED),
    "a percent sign": (b"From: emma%example.com@evil.example\r\n", passes("evil.example")),
    "another colleague's": (b"From: raj@example.com\r\n", FOOLED),
    "an extension": (b"From: emma+x@example.com\r\n", FOOLED),
}
RESULTS: dict[str, bytes] = {
    "none": b"",
    "a pass of her domain, for another": EVIL,
    "of another host": FOOLED.replace(b"mx.example.com", b"mx.evil.example"),
    "of a host that sounds like ours": FOOLED.replace(b"mx.example.com", b"mx.example.com.evil.example"),
    "our host in a comment": FOOLED.replace(b"mx.example.com", b"(mx.example.com) evil.example"),
    "below our own fail": FOOLED.replace(b"=pass", b"=fail") + FOOLED,
    "below our own silence": b"Authentication-Results: mx.example.com; none\r\n" + FOOLED,
    "pass and fail": FOOLED.replace(b"dmarc=pass", b"dmarc=fail; dmarc=pass"),
    "pass twice": FOOLED.replace(b"dmarc=pass header.from=example.com", b"dmarc=pass header.from=example.com; dmarc=pass header.from=evil.example"),
    "in a comment": FOOLED.replace(b"dmarc=pass", b"dmarc=fail (dmarc=pass)"),
    "in a comment that closes early": FOOLED.replace(b"dmarc=pass", b"dmarc=fail (a\\) ; dmarc=pass"),
    "in a reason": FOOLED.replace(b"dmarc=pass", b'dmarc=fail reason="; dmarc=pass"'),
    "in somebody's local part": b'Authentication-Results: mx.example.com; spf=pass smtp.mailfrom="x; dmarc=pass header.from=example.com"@evil.example\r\n',
    "behind a bare CR": b"Authentication-Results: mx.example.com; dmarc=fail\rAuthentication-Results: mx.example.com; dmarc=pass header.from=example.com\r\n",
    "spf and dkim alone": b"Authentication-Results: mx.example.com; spf=pass smtp.mailfrom=example.com; dkim=pass header.d=example.com\r\n",
    "by ARC": b"ARC-Authentication-Results: i=1; mx.example.com; dmarc=pass header.from=example.com\r\n",
    "by another name": b"X-" + FOOLED,
    "with a blank in the name": FOOLED.replace(b"Results:", b"Results :").replace(b"example.com;", b"evil.example;"),
    "a nearly pass": FOOLED.replace(b"=pass", b"=bestguesspass"),
    "without a domain": b"Authentication-Results: mx.example.com; dmarc=pass\r\n",
    "a forest of comments": FOOLED.replace(b"dmarc", b"(" * 60 + b")" * 59 + b"dmarc"),
}  # fmt: skip
ADDRESSES = (
    *("a colleague's", "her note's", "the customer's", "another ticket", "another role", "another mailbox", "a figure changed"),
    *("cut", "longer", "a preview", "another separator", "no separator", "a retired key", "a bounce's proof", "the number alone", "the key of a Message-ID"),
)  # fmt: skip


@pytest.fixture
def target(talk: Talk) -> Talk:
    """A ticket of Ann's and Bob's that Emma may answer."""
    talk.open(Cc=BOB, proven=True)
    return talk


def tried(talk: Talk, header: bytes, to: str = "", trusted: bool = True) -> set[str]:
    """What the desk sent for any of the bodies; the ticket is as it was before each."""
    kinds: set[str] = set()
    facts = talk.facts
    for body in BODIES:
        talk.facts = facts
        talk.take(header + REST + b"\r\n" + body, to or talk.address("a", EMMA), reverse_path="eve@evil.example", trusted=trusted)
        kinds |= {each.kind for each in talk.last}
        after, before = talk.facts.tickets[1], facts.tickets[1]
        if "answer" not in kinds and "receipt" not in kinds:
            assert (after.stage, after.assignee, after.people) == (before.stage, before.assignee, before.people)
    return kinds


def test_emma_herself(target: Talk) -> None:
    """What is refused below would be obeyed if it were hers; in capitals, too."""
    assert tried(target, HONEST + FOOLED) == {"answer", "closing", "receipt"}
    assert "answer" in tried(target, HONEST + FOOLED, to=target.address("a", EMMA).upper())


def test_how_many() -> None:
    """The cases, counted: 60 were asked for."""
    assert (len(FROM), len(OTHERS), len(RESULTS) + 1, len(ADDRESSES)) == (36, 22, 22, 16)


@pytest.mark.parametrize("results", [FOOLED, EVIL], ids=["fooled", "not fooled"])
@pytest.mark.parametrize("case", FROM)
def test_from(target: Talk, case: str, results: bytes) -> None:
    """From that two readers may read differently is nobody's."""
    assert tried(target, results + FROM[case]) <= {"note", "notification", "error"}


@pytest.mark.parametrize("case", OTHERS)
def test_somebody_else(target: Talk, case: str) -> None:
    """Who is surely somebody else is at most a guest."""
    header, results = OTHERS[case]
    assert tried(target, results + header) <= {"note", "notification", "error"}


@pytest.mark.parametrize("case", RESULTS)
def test_authentication_results(target: Talk, case: str) -> None:
    """What does not say that our own host is sure says nothing; the mail is kept, and shown as a note."""
    assert tried(target, RESULTS[case] + HONEST) <= {"note", "error"}


def test_an_untrusted_road(target: Talk) -> None:
    """The best field is worth nothing where anybody could have written it."""
    assert tried(target, FOOLED + HONEST, trusted=False) <= {"note", "error"}


@pytest.mark.parametrize("case", ADDRESSES)
def test_address(target: Talk, case: str) -> None:
    """Emma herself, but by an address that was not given to her for this: nothing goes to a customer, nothing changes."""
    own = target.address("a", EMMA)
    local, domain = own.split("@")
    proof = local.rpartition("-")[2]
    retired = AddressBook(target.desk.policy.config, (b"gone" * 8,))
    other = "b" if proof[-1] != "b" else "c"
    forged = {
        "a colleague's": target.address("a", RAJ),
        "her note's": target.address("n", EMMA),
        "the customer's": target.address("c", ANN),
        "another ticket": own.replace("+1-", "+2-"),
        "another role": target.address("n", EMMA).replace("-n-", "-a-"),
        "another mailbox": own.replace("support+", "upgrade+"),
        "a figure changed": f"{local[:-1]}{other}@{domain}",
        "cut": f"{local[:-1]}@{domain}",
        "longer": f"{local}a@{domain}",
        "a preview": f"support+1-a-preview@{domain}",
        "another separator": own.replace("+", "="),
        "no separator": own.replace("+", ""),
        "a retired key": retired.ticket_address("support@example.com", 1, "a", EMMA),
        "a bounce's proof": f"support+1-a-{target.desk.book.bounce_address('support@example.com', '0' * 16).split('-')[-1]}",
        "the number alone": f"support+1@{domain}",
        "the key of a Message-ID": f"support+1-a-{target.sent[0].key[:12]}@{domain}",
    }
    if target.desk.book.target_of(forged[case]) is None:
        return  # the dialogue refuses it: 550
    obeyed = {"answer"} if case == "her note's" else {"answer", "closing"}  # commands may come by that, too
    assert not obeyed & tried(target, FOOLED + HONEST, to=forged[case])
