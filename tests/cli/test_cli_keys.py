"""keys as a command: what it lists, and when it takes a key away."""

from __future__ import annotations

from typing import Any


def test_list_rotate_retire(place: Any, mail: Any) -> None:
    """A key that tickets may still need is kept, unless one insists; the one that signs is never taken."""
    place.fill((mail("How do I set up landed costs?\n"), "support@example.com"))
    (first,) = place.maild("keys", "list", "--json").objects
    assert (first["number"], first["does"], first["tickets"]) == (1, "signs", 1)
    place.maild("keys", "retire", "1").failed(65, "key 1 signs; `maild keys rotate` makes another one first")
    said = place.maild("keys", "rotate")
    assert (said.code, said.out, said.err) == (0, "key 2 signs from now on; the others still prove\n", "")
    assert [(each["number"], each["does"], each["tickets"]) for each in place.maild("keys", "list", "--json").objects] == [
        (2, "signs", 1),
        (1, "proves", 1),
    ]
    place.maild("keys", "retire", "1").failed(65, "1 tickets may be answered by addresses that key 1 signed; --force")
    place.maild("keys", "retire", "3").failed(65, "there is no key 3: 2, 1")
    said = place.maild("keys", "retire", "1", "--force")
    assert (said.code, said.err) == (0, "")
    assert [each["number"] for each in place.maild("keys", "list", "--json").objects] == [2]
    assert "signs" in place.maild("keys", "list").out


def test_a_key_that_no_ticket_needs(place: Any) -> None:
    """Without tickets of its time it goes at once."""
    place.maild("migrate")
    assert place.maild("keys", "rotate").code == 0
    assert place.maild("keys", "retire", "1").code == 0


def test_nothing_there_yet(place: Any) -> None:
    """Looking makes no keys."""
    place.maild("keys", "list").failed(66, "there are no keys yet; `maild run` makes them")
    place.maild("keys", "rotate").failed(66, "there are no keys yet")
    assert not (place.state / "keys").exists()
