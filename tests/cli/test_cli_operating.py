"""unit, health, backup and restore as commands: what they print, and with which exit code they end."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def test_health_of_nothing(place: Any) -> None:
    """Before the first start a hand is needed: 69, each line with what, how bad, remedy."""
    said = place.maild("health")
    assert (said.code, said.err) == (69, "")
    assert "act    daemon         does not run; start it: systemctl start maild" in said.out.splitlines()
    assert "there is no desk yet" in said.out
    (told,) = place.maild("health", "--json").objects
    assert told["ok"] is False
    assert {each["check"] for each in told["findings"] if each["level"] == "act"} == {"daemon", "store"}
    assert not (place.state / "keys").exists()


def test_health_names_nobody(filled: Any) -> None:
    """A desk with tickets: counts and ages, and no word of any mail."""
    for words in ((), ("--json",)):
        said = filled.maild("health", *words)
        assert said.code == 69
        assert not any(word in said.out for word in ("@", "Berg", "Tax", "Landed", "portal"))
    (told,) = filled.maild("health", "--json").objects
    assert told["figures"]["due"] == 7
    assert told["figures"]["oldest_due"] > 0


def test_health_of_a_broken_configuration(place: Any) -> None:
    """What cannot be read is told as by every other command."""
    place.write("maild.toml", b"[desk\n")
    place.maild("health").failed(78, "maild.toml:1:")


def test_health_of_a_damaged_store(filled: Any, place: Any) -> None:
    """A database that cannot be read is a finding, not an end."""
    place.state.mkdir()
    place.write("var/maild.db", b"no database" * 1000)
    place.write("var/spool.db", b"no database" * 1000)
    said = place.maild("health")
    assert (said.code, said.err) == (69, "")
    assert "store: file is not a database" in said.out
    assert "spool: file is not a database" in said.out


def test_unit(place: Any) -> None:
    """The unit on standard output, warnings beside it."""
    said = place.maild("unit", "--user", "desk")
    assert said.code == 0
    assert "User=desk\nGroup=desk\n" in said.out
    assert said.out.startswith("# Written by `maild unit`")


def test_backup_and_restore_of_nothing(place: Any, tmp_path: Path) -> None:
    """There is no desk to copy, and no backup to take."""
    place.maild("backup", str(tmp_path / "b")).failed(66, "there is no desk yet")
    place.maild("restore", str(tmp_path / "b")).failed(66, "is this a backup?")
    assert not (tmp_path / "b").exists()
