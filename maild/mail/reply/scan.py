"""Which lines of a text are its author's, and where a quoted or forwarded message opens. In doubt a line is the author's."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from maild.mail.reply.attribution import Attribution, attribution_at
from maild.mail.reply.banner import banner_end
from maild.mail.reply.heading import Heading, heading_at, heading_in
from maild.mail.reply.lines import Line, lines_of
from maild.mail.reply.titles import Title, is_rule, is_ruled, mark_in, title_of

OpenerKind = Literal["forwarded", "original", "above", "heading", "attribution", "marks"]
LONG = 60  # characters: a quoted line of that length may have been wrapped, and lost its mark
NEAR = 6  # lines between a title and its header block
_WORD = re.compile(r"\w")
_ANNOUNCED = (":", "\uff1a")
_SHOWN = (">", "<", "---", "$ ")
_LINK = re.compile(r"[(<]?https?://\S+[)>]?\s*>?\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Opener:
    """What stands above a message that is not the author's: lines from `start` to before `end`, and what was read of them."""

    kind: OpenerKind
    start: int
    end: int
    heading: Heading | None = None
    attribution: Attribution | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """The author's lines and all others, each in order; the first opener, and how many of the author's stand above it."""

    lines: Sequence[Line]
    own: list[str]
    above: int
    rest: list[str]
    opener: Opener | None


def scan(text: str, *, answers: bool, forwards: bool) -> Scan:
    """Divides a text. `answers`, `forwards`: whether the mail's header says that it is a reply, or a forward."""
    lines = lines_of(text)
    walk = _Walk(lines, answers, forwards, mark_in(text))
    while walk.at < len(lines):
        walk.step()
    return walk.result()


class _Walk:
    """One pass over the lines, each looked at once."""

    def __init__(self, lines: Sequence[Line], answers: bool, forwards: bool, mark: int | None) -> None:
        self.at = banner_end(lines)
        self._lines = lines
        self._mark = mark
        self._answers, self._forwards = answers, forwards
        self._own: list[str] = []
        self._rest = [line.text for line in lines[: self.at]]
        self._opener: Opener | None = None
        self._above: int | None = None
        self._said = 0  # lines of the author with words
        self._in_quote = False  # the line above is a marked one

    def step(self) -> None:
        line = self._lines[self.at]
        if line.depth or self._is_wrapped(line):
            self._quoted(line)
        elif not line.bare:
            (self._rest if self._in_quote else self._own).append(line.text)
            self.at += 1
        else:
            opener = self._mark_at() or opener_at(self._lines, self.at)
            if opener is None:
                self._keep(self.at + 1)
                self._said += _WORD.search(line.bare) is not None
            elif self._opens(opener):
                self._open(opener)
            else:
                self._keep(max(opener.end, self.at + 1))

    def result(self) -> Scan:
        return Scan(
            lines=self._lines,
            own=self._own,
            above=len(self._own) if self._above is None else self._above,
            rest=self._rest,
            opener=self._opener,
        )

    def _keep(self, end: int) -> None:
        """The lines before `end` are the author's."""
        self._own += [line.text for line in self._lines[self.at : end]]
        self._in_quote = False
        self.at = end

    def _quoted(self, line: Line) -> None:
        if not self._in_quote and self._opener is None:
            opener = opener_at(self._lines, self.at) or Opener(kind="marks", start=self.at, end=self.at)
            if opener.kind == "marks" and self._are_the_authors():
                self._keep(self.at + 1)
                return
            self._opener, self._above = opener, len(self._own)
        self._rest.append(line.text)
        self._in_quote = True
        self.at += 1

    def _are_the_authors(self) -> bool:
        """Whether marks that nobody announced are the author's: a prompt, an error that is cited, lines of a `diff`.

        A first mail quotes nobody; and who announces something with a colon goes on.
        """
        above = next((line for line in reversed(self._own[-4:]) if line.strip()), "")
        return not self._answers or above.rstrip().endswith(_ANNOUNCED) or above.lstrip().startswith(_SHOWN)

    def _mark_at(self) -> Opener | None:
        return Opener(kind="above", start=self.at, end=self.at + 1) if self.at == self._mark else None

    def _opens(self, opener: Opener) -> bool:
        """Whether it is to be believed: below the author's words, or in a mail that says itself that it forwards."""
        if opener.kind == "forwarded" or self._forwards or _next_is_marked(self._lines, opener):
            return True
        return self._said > self.at - opener.start

    def _open(self, opener: Opener) -> None:
        taken = self.at - opener.start
        if taken:
            self._rest += self._own[-taken:]
            del self._own[-taken:]
        _drop_rules(self._own, self._rest)
        behind = opener.attribution.behind if opener.attribution else 0
        if behind:
            self._own.append(self._lines[opener.start].text.lstrip()[:behind].rstrip(" -"))
        if self._opener is None:
            self._opener, self._above = opener, len(self._own)
        marked = _next_is_marked(self._lines, opener) and opener.kind != "above"
        end = opener.end if marked else len(self._lines)
        self._rest += [line.text for line in self._lines[self.at : end]]
        self._in_quote = marked
        self.at = end

    def _is_wrapped(self, line: Line) -> bool:
        """Whether a line without a mark is the end of a quoted one that was broken on its way."""
        if not self._in_quote or not line.bare or self.at + 1 >= len(self._lines) or not self._lines[self.at + 1].depth:
            return False
        above = self._lines[self.at - 1]
        if not above.depth:
            return False
        if self._opener is not None and self._opener.kind == "forwarded":  # nobody answers between the lines of a forward
            return True
        if _LINK.match(line.bare) or _LINK.search(above.bare.rpartition(" ")[2]):
            return True
        return len(above.text) >= LONG and above.bare[-1:] not in "?:" and line.bare[0].islower()


def opener_at(lines: Sequence[Line], number: int) -> Opener | None:
    """What opens at this line (an attribution: ends here), or None."""
    bare = lines[number].bare
    title = title_of(bare)
    titled = _titled(lines, number, title) if title is not None else None
    if titled is not None:
        return titled
    heading = heading_at(lines, number)
    if heading is not None:
        return Opener(kind="heading", start=number, end=heading.end, heading=heading)
    attribution = attribution_at(lines, number)
    if attribution is not None:
        return Opener(kind="attribution", start=attribution.start, end=attribution.end, attribution=attribution)
    return None


def _titled(lines: Sequence[Line], number: int, title: Title) -> Opener | None:
    kind = title.kind
    if title.behind:
        inline = heading_in(title.behind)
        if inline is not None:
            return Opener(kind=kind, start=number, end=number + 1, heading=inline)
    for each in range(number + 1, min(len(lines), number + NEAR)):
        if not lines[each].bare or is_rule(lines[each].bare):
            continue
        heading = heading_at(lines, each, titled=title.sure)
        if heading is not None:
            return Opener(kind=kind, start=number, end=heading.end, heading=heading)
        attribution = next(
            (found for last in range(each, min(len(lines), each + 3)) if (found := attribution_at(lines, last))), None
        )
        if attribution is not None:
            return Opener(kind=kind, start=number, end=attribution.end, attribution=attribution)
        break
    return Opener(kind=kind, start=number, end=number + 1) if title.sure else None


def _next_is_marked(lines: Sequence[Line], opener: Opener) -> bool:
    depth = lines[opener.start].depth
    return next(
        (each.depth > depth for each in lines[opener.end : opener.end + NEAR + 2] if each.bare or each.depth > depth), False
    )


def _drop_rules(own: list[str], rest: list[str]) -> None:
    """Rules right above an opener belong to it."""
    while own and (is_ruled(own[-1].strip()) or (not own[-1].strip() and len(own) > 1 and is_ruled(own[-2].strip()))):
        rest.append(own.pop())
