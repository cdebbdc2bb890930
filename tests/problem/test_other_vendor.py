"""Another vendor's desk: its versions, contracts, addresses and words are in its own tables, and in no code."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

FIELDS = r"""
fields:
  kind:
    kind: choice
    labels: { en: [kind], pl: [rodzaj] }
    title: { en: Kind, pl: Rodzaj }
    values: { functional: [question, pytanie], bugfix: [bug] }
  version:
    kind: token
    labels: { en: [version, ledgerly version], pl: [wersja] }
    title: { en: Version, pl: Wersja }
    forms:
      - { match: '\b(20\d\d)\.(\d)\b', give: '\1.\2' }
      - { match: '\b20\d\d\b' }
    anywhere: ['(?i)\bledgerly[/ ](20\d\d\.\d)\b']
  database:
    kind: token
    labels: { en: [book, book name], pl: [księga] }
    title: { en: Book, pl: Księga }
    forms:
      - { match: '(?i)\b([a-z0-9-]+)\.ledgerly\.example\b', give: '\1' }
      - { match: '(?i)^\W*([a-z0-9][\w-]*)', give: '\1' }
    anywhere: ['(?i)\b([a-z0-9-]+\.ledgerly\.example)\b']
  contract:
    kind: token
    labels: { en: [account], pl: [umowa] }
    title: { en: Account, pl: Umowa }
    forms: [ { match: '(?i)\bAC-(\d{4})\b', give: 'AC-\1' } ]
    anywhere: ['\b(AC-\d{4})\b']
  current:
    kind: text
    labels: { en: [problem], pl: [problem] }
    title: { en: Problem, pl: Problem }
  blocking:
    kind: truth
    labels: { en: [blocking], pl: [blokuje] }
    title: { en: Blocking, pl: Blokuje }
    values: { "yes": ["yes", tak], "no": ["no", nie] }
"""
TABLES = {
    "required.yaml": "required:\n  - { service: support, fields: [version, database|contract] }\n",
    "languages.yaml": "words: { en: a and are is of our the we with, pl: i jest na nie w z za mamy się }\nletters: { pl: ąęśż }\n",
    "phrases.yaml": "thanks: { en: { says: [thanks] }, pl: { says: [dziękuję] } }\nconsent: { en: ['yes'], pl: [tak] }\n",
    "topics.yaml": "enough: 2\ntopics:\n  sums: { en: { 2: [sums differ] }, pl: { 2: [sumy] } }\n",
    "issues.yaml": "tells: [sums]\nsigns: { thing: { en: [problem], pl: [problem] } }\ncounted: {}\n",
}
PROSE = r"""
pieces: { year: '20\d\d\.\d' }
fields:
  version:
    not: { en: ['(?:before|until) ({year})'], pl: ['do ({year})'] }
    says: { en: ['we have ({year})'], pl: ['mamy ({year})'] }
  blocking:
    values:
      "no": { pl: ['nie blokuje'] }
      "yes": { pl: ['nikt nie pracuje'] }
"""
RULES = "- rule: the rest\n  match: { service: [support, emergency] }\n  then: { team: functional }\n"
WORDS = ("odoo", "saas", "postgres", "oca", "studio", "m\\d{15}", "sub-")


@pytest.fixture
def desk(root: Path, tmp_path: Path) -> Path:
    """A desk of the vendor of Ledgerly; teams and limits are the shipped ones."""
    shutil.copytree(root / "templates", tmp_path / "templates")
    shutil.copy(root / "maild.toml", tmp_path / "maild.toml")
    (tmp_path / "rules").mkdir()
    for name in ("teams.yaml", "budgets.yaml", "assurance.yaml", "versions.yaml"):
        shutil.copy(root / "rules" / name, tmp_path / "rules" / name)
    for name, text in {"fields.yaml": FIELDS, "prose.yaml": PROSE, "90-rest.yaml": RULES, **TABLES}.items():
        (tmp_path / "rules" / name).write_text(text, encoding="utf-8")
    return tmp_path


MAILS = [
    (
        "Version: 2024.1\nBook: berg.ledgerly.example\nAccount: AC-1234\nBlocking: no\nProblem: the sums differ",
        {"version": "2024.1", "database": "berg", "contract": "AC-1234", "blocking": False, "current": "the sums differ"},
    ),
    ("Wersja: 2023.2\nKsięga: lesna\nBlokuje: tak", {"version": "2023.2", "database": "lesna", "blocking": True}),
    ("It worked until 2023.1, we have 2024.1 and use https://oak.ledgerly.example/x", {"version": "2024.1", "database": "oak"}),
    ("Mamy 2024.2. Nikt nie pracuje!", {"version": "2024.2", "blocking": True}),
    ("We use Odoo 17.0, contract M123456789012345, saas~18.2, SUB-2024-0001.", {}),
    ("Version: 2024", {"version": None}),
]


def test_its_mails(desk: Path) -> None:
    """Its own forms are read, in its own languages, and none of the shipped vendor's."""
    for number, (text, _) in enumerate(MAILS):
        header = f"From: Ann <ann@example.org>\nTo: support@example.com\nSubject: Help\nMessage-ID: <{number}@example.org>\n"
        body = f"Content-Type: text/plain; charset=utf-8\n\n{text}\n"
        (desk / f"{number}.eml").write_text(header + body, encoding="utf-8")
    command = [sys.executable, "-m", "maild", "try", "--json", *(f"{number}.eml" for number in range(len(MAILS)))]
    done = subprocess.run(command, cwd=desk, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    for (text, expected), line in zip(MAILS, done.stdout.splitlines(), strict=True):
        fields = json.loads(line)["ticket"]["fields"]
        assert {name: field["value"] for name, field in fields.items() if field["source"] != "registry"} == expected, text


def test_the_code_knows_no_vendor(root: Path) -> None:
    """Names, versions, hosts and contracts of the shipped vendor are in `rules/`; comments may have them as examples."""
    rooms = ("mail", "problem", "rules", "tickets", "upgrade", "security", "guard")
    for path in (path for room in rooms for path in (root / "maild" / room).rglob("*.py")):
        code = "\n".join(_without_comments(path.read_text("utf-8"))).casefold()
        assert not [word for word in WORDS if re.search(rf"\b{word}", code)], path


def _without_comments(text: str) -> list[str]:
    """The lines of a module without its docstrings and comments."""
    lines, inside = [], False
    for line in text.split("\n"):
        quotes = line.count('"""')
        if not inside and not quotes:
            lines.append(line.partition("  # ")[0] if not line.lstrip().startswith("#") else "")
        inside ^= quotes % 2 == 1
    return lines
