"""The mails of `reports/`: small ones of our own, many to a file, each under a line that says what it is and what is expected."""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).parent / "reports"


def entries(name: str) -> list[tuple[str, str, str]]:
    """(what it is, what is expected, the mail) of each entry: `==== title | expected`, then the mail. A sender is added where none is."""
    found = []
    for entry in (FOLDER / name).read_text("utf-8").split("==== ")[1:]:
        line, _, mail = entry.partition("\n")
        title, _, expected = line.partition(" | ")
        header = mail.partition("\n\n")[0]
        found.append((title, expected, mail if "From:" in header else f"From: Ann Berg <ann@customer.example>\n{mail}"))
    return found
