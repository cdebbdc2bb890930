r"""The commands at the top of an agent's mail: which lines are commands, and where the text begins. What they do is told by verbs.

A command is `#` and a known verb, or a word very near to one, which is a mistake; `\#` escapes; "#1 first do this" is text.
"""

from __future__ import annotations

import difflib
import functools
import operator
import re
from collections.abc import Mapping
from dataclasses import dataclass

from maild.problem.table import FieldTable
from maild.tickets.facts import NOTHING_NEEDED, Needs
from maild.tickets.outcome import Verb

_COMMAND = re.compile(r"#([A-Za-z][A-Za-z-]{0,39})(\S*)\s*(.*)\Z", re.S)
_ESCAPE = re.compile(r"([ \t]*)\\#")
NEAR = 0.75
MAX_ORDERS = 50
MAX_ARGUMENT = 2_000
MAX_BLOCK = 1_000  # lines
MAX_LOOKED_AT = 10_000  # characters


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One command line as it was written; `block` holds the lines below it where the verb takes them."""

    verb: str
    argument: str
    line: str
    block: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """A line that cannot be obeyed, and why."""

    line: str
    why: str

    def __str__(self) -> str:
        return f"{self.line}\n    {self.why}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Orders:
    """What stands at the top, what is wrong there, and the text below."""

    orders: tuple[Order, ...]
    mistakes: tuple[Mistake, ...]
    text: str

    @property
    def is_text_alone(self) -> bool:
        """Whether nothing at the top was, or was meant as, a command."""
        return not self.orders and not self.mistakes


def read_orders(text: str, verbs: Mapping[str, Verb]) -> Orders:
    """Reads an agent's own words, without quotes and signature."""
    lines = text.split("\n")
    orders: list[Order] = []
    mistakes: list[Mistake] = []
    number = 0
    while number < len(lines):
        line = lines[number].strip()
        verb, argument, wrong = _command(line, verbs)
        if line and not verb and not wrong:
            break
        number += 1
        if line and len(orders) + len(mistakes) == MAX_ORDERS:
            why = f"a mail may hold {MAX_ORDERS} commands; send this and what follows in another"
            mistakes.append(Mistake(line=line[:MAX_ARGUMENT], why=why))
            break
        if verb:
            block = ""
            if verbs[verb].takes_block:
                block, number = _block(lines, number, verbs)
            orders.append(Order(verb=verb, argument=argument[:MAX_ARGUMENT], line=line, block=block))
        elif wrong:
            mistakes.append(Mistake(line=line[:MAX_ARGUMENT], why=wrong))
    rest = lines[number:] if orders or mistakes else lines
    return Orders(orders=tuple(orders), mistakes=tuple(mistakes), text=_unescaped(rest))


def needs_of(text: str, verbs: Mapping[str, Verb], table: FieldTable) -> Needs:
    """What the commands of an agent's words need to be looked up; asked under the write lock, so only of their start."""
    orders = read_orders(text[:MAX_LOOKED_AT], verbs).orders
    return functools.reduce(operator.or_, (verbs[each.verb].needs(each.argument, table) for each in orders), NOTHING_NEEDED)


def _command(line: str, verbs: Mapping[str, Verb]) -> tuple[str, str, str]:
    """(the verb, what stands behind it, why it is none although it nearly is one), as far as the line has them."""
    match = _COMMAND.match(line)
    if match is None:
        return "", "", ""
    word = match[1].lower()
    if word in verbs:
        return ("", "", f"only a blank may follow '#{word}'; a text may begin with '\\#'") if match[2] else (word, match[3], "")
    near = difflib.get_close_matches(word, verbs, n=1, cutoff=NEAR)
    return "", "", f"'#{word}' is no command; did you mean '#{near[0]}'? A text may begin with '\\#'" if near else ""


def _block(lines: list[str], number: int, verbs: Mapping[str, Verb]) -> tuple[str, int]:
    """All that follows, up to the next command, or what nearly is one; below too many lines nothing is looked for any more."""
    looked_at = range(number, min(len(lines), number + MAX_BLOCK))
    end = next((n for n in looked_at if any(_command(lines[n].strip(), verbs))), len(lines))
    return _unescaped(lines[number:end]), end


def _unescaped(lines: list[str]) -> str:
    return "\n".join(_ESCAPE.sub(r"\1#", line, count=1) if _ESCAPE.match(line) else line for line in lines).strip()
