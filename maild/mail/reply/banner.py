"""What a mail server put above a text that came from outside: `CAUTION: This email originated from outside of the organization …`."""

from __future__ import annotations

import operator
import re
from collections.abc import Sequence

import re2

from maild.mail.reply.lines import Line
from maild.mail.reply.words import ALARMS, FROM_OUTSIDE, OUTSIDE_ADVICE, RARELY, THIS_MAIL, any_of, plain

MAX_LINES = 14  # of a banner, empty ones not counted
MAX_LENGTH = 1_500  # characters
# For small letters.
_SAYS = re2.compile(any_of((*FROM_OUTSIDE, *RARELY)))  # asked first, of every mail: in linear time
_ALARM = re.compile(rf"\W*(?:{any_of(ALARMS)})\b")
_ORIGIN = re.compile(rf"(?:\W*(?:{any_of(ALARMS)})\b)*\W*(?:{any_of(THIS_MAIL)})\b[^.!?]{{0,30}}?\b(?:{any_of(FROM_OUTSIDE)})\b")
_RARELY = re.compile(rf"(?:{any_of(RARELY)})\s[^.!?@]{{0,20}}[^\s@]{{1,64}}@")
_ADVICE = re2.compile(any_of(OUTSIDE_ADVICE))
_TITLE = re.compile(r"\W*ext(?:ern(?:al|[eoa])?)?(?:[ -](?:e-?mail|mail|sender|message|absender|nachricht))?\W*\Z")
_SENTENCE = re.compile(r"(?<=[.!?)>])\s+|\s*\n\s*")
_START, _END = "zjqcmqryfpfptbannerstart", "zjqcmqryfpfptbannerend"  # Proofpoint's, around it


def banner_end(lines: Sequence[Line]) -> int:
    """The number of lines at the top of a text that are a banner; 0 where there is none, or nothing below it.

    Every sentence of it says where the mail came from, or advises what to do with such mail; in doubt the words are the author's.
    """
    numbers = [number for number in range(min(len(lines), 4 * MAX_LINES)) if lines[number].bare][: MAX_LINES + 1]
    words = [_words(lines, number) for number in numbers]
    if not words or lines[numbers[0]].depth:
        return 0
    if not (_TITLE.match(words[0]) or _SAYS.search(" ".join(words)) or _START in words[0]):  # as nearly always
        return 0
    return next((numbers[last] + 1 for last in range(len(words) - 2, -1, -1) if _is_banner(words[: last + 1])), 0)


def _words(lines: Sequence[Line], number: int) -> str:
    """A line in small letters; a blank one above ends the sentence that stands there."""
    above = "\n" if number and not lines[number - 1].bare else ""
    return above + plain(lines[number].bare[:MAX_LENGTH])


def _is_banner(words: Sequence[str]) -> bool:
    if _START in words[0]:
        return words[-1].strip() == _END
    titles = next((number for number, each in enumerate(words) if not _TITLE.match(each)), len(words))
    if titles == len(words):
        return True
    sentences = [each for each in _SENTENCE.split(" ".join(words[titles:])[:MAX_LENGTH]) if each]
    origin = [_ORIGIN.match(each) is not None or _RARELY.search(each) is not None for each in sentences]
    advice = [_ADVICE.search(each) is not None for each in sentences]
    warns = titles > 0 or _ALARM.match(sentences[0]) is not None or any(advice)
    return any(origin) and warns and all(map(operator.or_, origin, advice))
