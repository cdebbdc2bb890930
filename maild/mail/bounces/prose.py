"""A report in words: the lines that introduce a recipient, and what is said about each. One line model for all mailers."""

from __future__ import annotations

import re
from dataclasses import dataclass

from maild.mail.bounces import words
from maild.mail.bounces.account import Account

_ADDRESS = r"[^\s<>()\[\],;:\"'|\\@]{1,64}@[^\W_][\w.-]{0,253}"
_ANY = re.compile(rf"(?<![^\s<>()\[\],;:\"'|\\=]){_ADDRESS}")
# `<ann@example.org>:`, `"ann@example.org":`, `   ann@example.org`, ` * ann@example.org`, `-- ann@example.org`, `>>> ann@example.org <…>`
_LEADS = re.compile(
    r"[ \t]{0,40}(?:(?:[*•·>–-]{1,3}|\d{1,3}[.)])[ \t]{1,8})?[\"'<(\[]{0,2}(?:(?:mailto|smtp|rfc822|internet)[:;=]?[ <]{0,3})?"  # noqa: RUF001
    rf"({_ADDRESS})",
    re.I,
)
_HEADING = re.compile(r"[ \t]{0,20}(?:-{3,}|={3,}|\*{3,}|_{3,}|\|-{3,})")
_ASKS = re.compile(
    r"(?:contact|write to|mail to|send (?:e-?)?mail to|wenden sie sich an|kontakt|contacter|contacte|e-?mail)\W{0,4}\Z", re.I
)
MAX_LINES = 1_500
MAX_LINE = 1_000
MAX_ACCOUNTS = 500
_BLOCK_LINES = 25
# How an address is introduced: by nothing, by a sentence about delivery, by standing at the start of a line.
_UNKNOWN, _TOLD, _ALONE = 1, 2, 3


@dataclass(frozen=True, slots=True)
class _Named:
    """An address and the line that introduces it; `rank` is how surely it is a recipient."""

    line: int
    address: str
    rank: int


def read_prose(said: str, told: list[str], senders: frozenset[str]) -> tuple[list[Account], bool]:
    """Whom a mailer's words name as not reached, and whether the words introduce them as such.

    `told` are the addresses of X-Failed-Recipients, which know better than any reading; `senders` are those to whom the report
    came: they are named, but did not fail, unless nobody else is named.
    """
    lines = [line[:MAX_LINE] for line in said.split("\n", MAX_LINES)[:MAX_LINES]]
    found = _firsts(_named(lines))
    if told:
        by_address = {each.address.lower(): each for each in found}
        chosen = [by_address.get(each.lower(), _Named(line=-1, address=each, rank=_ALONE)) for each in dict.fromkeys(told)]
    else:
        others = [each for each in found if each.address.lower() not in senders] or found
        best = max((each.rank for each in others), default=0)
        chosen = [each for each in others if each.rank == best]
        if best == _UNKNOWN:  # nothing introduces them: those of the first line, at most
            chosen = [each for each in chosen if each.line == chosen[0].line]
    begins = frozenset(each.line for each in chosen)
    accounts = [Account(address=each.address, words=_block(lines, each, begins)) for each in chosen[:MAX_ACCOUNTS]]
    return accounts, all(each.rank > _UNKNOWN for each in chosen)


def names_a_recipient(said: str) -> bool:
    """Whether the words introduce somebody as a recipient."""
    accounts, is_sure = read_prose(said, [], frozenset())
    return bool(accounts) and is_sure


def _firsts(named: list[_Named]) -> list[_Named]:
    """Each address once, where it is introduced best, in the order of the text."""
    firsts: dict[str, _Named] = {}
    for each in named:
        known = firsts.get(each.address.lower())
        if known is None or each.rank > known.rank:
            firsts[each.address.lower()] = each
    return sorted(firsts.values(), key=lambda each: each.line)


def words_about(said: str, address: str) -> str:
    """The lines of a transcript that name this address, each with the answer below it."""
    lines = said.split("\n", MAX_LINES)[:MAX_LINES]
    wanted = address.lower()
    found: list[str] = []
    for number, line in enumerate(lines):
        if wanted in line.lower():
            found += [line[:MAX_LINE], *(each[:MAX_LINE] for each in lines[number + 1 : number + 3])]
        if len(found) > _BLOCK_LINES:
            break
    return one_paragraph(found)


def one_paragraph(lines: list[str]) -> str:
    """Lines joined, without their margins: a reply may be folded anywhere."""
    return "\n".join(line.strip() for line in lines if line.strip())


def _named(lines: list[str]) -> list[_Named]:
    found: list[_Named] = []
    for number, line in enumerate(lines):
        if "@" not in line:
            continue
        lead = _LEADS.match(line)
        if lead and not _ASKS.search(lines[number - 1][-60:] if number else ""):
            found.append(_Named(line=number, address=lead[1].rstrip(".-"), rank=_ALONE))
            continue
        for each in list(_ANY.finditer(line))[:20]:
            rank = _rank(line[: each.start()])
            if rank:
                found.append(_Named(line=number, address=each[0].rstrip(".-"), rank=rank))
    return found


def _rank(before: str) -> int:
    if words.not_about_delivery().search(before[-160:]):
        return 0
    return _TOLD if words.about_delivery().search(before[-160:]) else _UNKNOWN


def _block(lines: list[str], named: _Named, begins: frozenset[int]) -> str:
    """The line itself and those below it, up to the next recipient or heading."""
    if named.line < 0:
        return ""
    block = [lines[named.line]]
    for number in range(named.line + 1, min(named.line + _BLOCK_LINES, len(lines))):
        if number in begins or _HEADING.match(lines[number]):
            break
        block.append(lines[number])
    return one_paragraph(block)
