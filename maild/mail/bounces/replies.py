"""SMTP replies and status codes in a mailer's words (RFC 5321, section 4.2; RFC 3463): which of several says most."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

# Not a piece of an IP address, of a version or of a host name.
_STATUS = re.compile(r"(?<![\w.])([245])\.(\d{1,3})\.(\d{1,3})(?![\w-]|\.\d)", re.A)
_CODE = re.compile(r"(?<![\w.,@#/+=-])(4[2-5]\d|5[0-57]\d)(?=[\s:;,.'\"_-]|\Z)", re.A)
# What may stand between a code and its status: `550 5.1.1`, `550-'5.7.1`, `554: 5.2.0`, `550 #5.1.0`, `550 (5.1.1`
_BETWEEN = re.compile(r"[\s:'\"#(\[=-]{1,4}\Z")
_MOST = 40  # of each
TELLING = 4  # the weight from which a status says what happened


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a server said: its code, its enhanced status, either of them or both."""

    code: str | None
    status: str | None

    @property
    def weight(self) -> int:
        """How much it tells. `x.0.0` tells nothing, and `x.4.7` only that somebody gave up; a code beside it is the server's own word."""
        if self.status is None:
            return 1
        detail = self.status[2:]
        if detail == "0.0":
            return 2
        if detail == "4.7":
            return 3
        return TELLING + 1 if self.code else TELLING


def replies(words: str) -> Iterator[Reply]:
    """All replies in the order of the text, at most eighty."""
    codes = [found for found, _ in zip(_CODE.finditer(words), range(_MOST), strict=False)]
    statuses = [found for found, _ in zip(_STATUS.finditer(words), range(_MOST), strict=False)]
    paired: set[int] = set()
    found: list[tuple[int, Reply]] = []
    for status in statuses:
        code = next((each for each in codes if 0 < status.start() - each.end() < 5), None)
        if code is not None and _BETWEEN.match(words[code.end() : status.start()]):
            paired.add(code.start())
            found.append((code.start(), Reply(code=code[1], status=status[0])))
        else:
            found.append((status.start(), Reply(code=None, status=status[0])))
    found += [(code.start(), Reply(code=code[1], status=None)) for code in codes if code.start() not in paired]
    for _, reply in sorted(found, key=lambda each: each[0]):
        yield reply


def best_reply(words: str) -> Reply:
    """The reply that says most, the first of equals; its code may come from another one of the same class."""
    said = list(replies(words))
    refusals = [each for each in said if each.status is None or each.status[0] != "2"] or said
    if not refusals:
        return Reply(code=None, status=None)
    best = max(refusals, key=lambda each: each.weight)  # the first one of those
    if best.code is None:
        kin = (each.code for each in refusals if each.code and best.status and each.code[0] == best.status[0])
        return Reply(code=next(kin, None), status=best.status)
    return best
