"""Names of attachments: forty nasty ones, and what they become."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.mail.mime.filename import safe_name, type_of

NASTY = [
    ("report.pdf", "report.pdf"),
    ("/etc/passwd", "passwd"),
    ("C:\\Users\\ann\\report.pdf", "report.pdf"),
    ("\\\\server\\share\\a.doc", "a.doc"),
    ("..", None),
    ("...", None),
    (".", None),
    ("a/..", None),
    ("folder/", None),
    ("../../.bashrc", "bashrc"),
    (" . .x", "x"),
    (".htaccess", "htaccess"),
    ("\u200b.htaccess", "htaccess"),
    (".\u200bhtaccess", "htaccess"),
    ("\ufeff..\u200d/.ssh/config", "config"),
    ("\u2060.\u2060.\u2060/x", "x"),
    ("invoice\u202efdp.exe", "invoicefdp.exe"),
    ("a\u00ad.exe", "a.exe"),
    ("\u3164.txt", "txt"),
    ("\u2800", None),
    ("\U000e0041.txt", "txt"),
    ("a\r\nb.txt", "a b.txt"),
    ("a\r\nContent-Type: text/html", "html"),
    ("a\0.exe", "a .exe"),
    ("a\tb.txt", "a b.txt"),
    ("a\u2028b.txt", "a b.txt"),
    ("\x1b[2Ja.txt", "[2Ja.txt"),
    ("a\uff0fb.txt", "b.txt"),
    ("..\uff0f..\uff0fx", "x"),
    ("a\uff3cb", "b"),
    ("evil\uff0eexe", "evil.exe"),
    ("\uff0e\uff0e", None),
    ("\u2024htaccess", "htaccess"),
    ("\u2100.txt", "c.txt"),
    ("  two   blanks .txt  ", "two blanks .txt"),
    ("cafe\u0301.txt", "café.txt"),
    ("①½ﬁ.txt", "①½ﬁ.txt"),
    ("-rf", "-rf"),
    ("$(x);`y`.sh", "$(x);`y`.sh"),
    ("<script>.js", "<script>.js"),
    ("%2e%2e%2fx", "%2e%2e%2fx"),
    ("a:b.txt", "a:b.txt"),
    ("\ud800a.txt", "\ufffda.txt"),
    ("", None),
]


@pytest.mark.parametrize(("name", "safe"), NASTY)
def test_nasty_names(name: str, safe: str | None) -> None:
    """The last step of a path counts; what shows as nothing, or shows a name backwards, is gone; all else is the sender's."""
    assert safe_name(name) == safe


@given(name=st.text(max_size=200) | st.from_regex(r"(\.\./|C:\\|/|\.){1,4}[a-zé]{0,200}\.[a-z]{1,30}", fullmatch=True))
def test_a_safe_name_is_data_and_never_a_path(name: str) -> None:
    """No folders, no leading dots, no invisible or control characters, at most 120 characters, or no name at all."""
    safe = safe_name(name)
    if safe is not None:
        assert safe.strip()
        assert len(safe) <= 120
        assert not set(safe) & set("/\\\0\r\n\u202e\u200b")
        assert not safe.startswith(".")
        assert not any(unicodedata.category(each) in ("Cf", "Cc") for each in safe)
        assert safe_name(safe) == safe


def test_a_long_name_keeps_its_ending() -> None:
    """What kind of file it is survives the cut."""
    safe = safe_name("x" * 200 + ".pdf")
    assert safe is not None
    assert len(safe) == 120
    assert safe.endswith("x.pdf")


@pytest.mark.parametrize(("name", "kind"), [("a.PNG", "image/png"), ("a.b.pdf", "application/pdf"), ("a", "application/octet-stream"), (None, "application/octet-stream")])  # fmt: skip
def test_types_by_ending(name: str | None, kind: str) -> None:
    """Files that came without a type have the one that their ending tells."""
    assert type_of(name) == kind
