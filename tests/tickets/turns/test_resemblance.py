"""Addresses that look like others: what a reader would take them for, and what is simply another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from maild.tickets.turns.resemblance import resembles

if TYPE_CHECKING:
    from conftest import Talk

KNOWN = ("ann@example.org", "emma@mail.example.com", "i.miller@berg.example")


@pytest.mark.parametrize(
    ("address", "other"),
    [
        ("ann@examp1e.org", "ann@example.org"),
        ("bob@examp1e.org", "ann@example.org"),  # the domain alone
        ("ann@exarnple.org", "ann@example.org"),
        ("ann@ex\u0430mple.org", "ann@example.org"),
        ("ann@xn--exmple-4nf.org", "ann@example.org"),
        ("ann@ex\u00e1mple.org", "ann@example.org"),
        ("ann@xn--exmple-cua.org", "ann@example.org"),
        ("\u0430nn@example.org", "ann@example.org"),
        ("ann\u200b@example.org", "ann@example.org"),
        ("ANN@EXAMPIE.ORG", "ann@example.org"),
        ("l.miller@berg.example", "i.miller@berg.example"),
        ("emma@mai1.example.com", "emma@mail.example.com"),
        ("ann@example.org", None),
        ("Ann@Example.ORG", None),
        ("bob@example.org", None),
        ("ann@example.net", None),
        ("ann@example.com", None),
        ("anne@example.org", None),
        ("ann@xn--\u00fc.org", None),
        ("ann@xn--99999999.org", None),
        ("", None),
        ("@", None),
    ],
)
def test_resembles(address: str, other: str | None) -> None:
    """Looked at as a reader does."""
    assert resembles(address, KNOWN) == other


def test_agents_are_warned(talk: Talk) -> None:
    """A guest who looks like the customer, and one who looks like a colleague; the customer himself does not."""
    talk.open(proven=True)
    assert talk.facts.history[1][0].defects == ()
    for by, other in (("ann@examp1e.org", "ann@example.org"), ("emma@exarnple.com", "emma@example.com")):
        talk.come("Please send it to me.\n", by=by, to=talk.address("c", "ann@example.org"), proven=True)
        assert f"the sender is not {other}, and looks like it" in talk.last[0].draft.text


def test_also_where_a_ticket_is_only_pointed_at(talk: Talk) -> None:
    """Who answers a mail of a ticket under an address like its customer's opens another, and is told apart there."""
    talk.open(proven=True)
    talk.come("Any news?\n", by="ann@examp1e.org", References="<m1@example.org>", proven=True)
    assert "the sender is not ann@example.org, and looks like it" in talk.facts.history[2][0].defects
