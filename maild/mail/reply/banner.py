"""What a mail server put above a text that came from outside: `CAUTION: This email originated from outside of the organization …`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import re2

from maild.mail.reply.lines import Line
from maild.mail.reply.words import ADVICE, ADVICE_ABOUT, ALARMS, FROM_OUTSIDE, RARELY, THIS_MAIL, WHY_IMPORTANT, any_of, plain

MAX_LINES = 14  # of a banner, empty ones not counted
MAX_LENGTH = 500  # characters of a line that are looked at
_ENDS = ".!?)>]"
# For small letters.
_SAYS = re2.compile(any_of((*FROM_OUTSIDE, *RARELY)))  # asked first, of every mail: in linear time
_WARNED = rf"(?:\W*(?:{any_of(ALARMS)})\b)"
_ALARM, _ALARM_ALONE = re.compile(_WARNED), re.compile(rf"{_WARNED}+\W*\Z")
_ORIGIN = re.compile(
    rf"{_WARNED}*\W*(?:{any_of(THIS_MAIL)})\b[^.!?]{{0,30}}?\b(?:{any_of(FROM_OUTSIDE)})\b[^.!?:;,]{{0,60}}[.!\])]?\Z"
)
_RARELY = re.compile(rf"[^.!?@]{{0,60}}(?:{any_of(RARELY)})\s[^.!?@]{{0,20}}[^\s@]{{1,64}}@\S{{1,255}}\Z")
_WHY = re.compile(rf"[^.!?]{{0,60}}(?:{any_of(WHY_IMPORTANT)})\W{{0,3}}(?:(?:at )?<?https?://\S{{1,500}}?>?)?\s?[.\]]?\Z")
_ADVICE = re.compile(rf"{_WARNED}*\W*(?:{any_of(ADVICE)})\b")
_ABOUT = re2.compile(any_of(ADVICE_ABOUT))
_TITLE = re.compile(
    r"\W*(?:this message is from an (?:external|untrusted) sender"
    r"|ext(?:ern(?:al|[eoa])?)?(?:[ -](?:e-?mail|mail|sender|message|absender|nachricht))?)\W*\Z"
)
_WHOLE = (_TITLE, _ORIGIN, _RARELY, _WHY)  # what nothing is lacking of
_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_START, _END = "zjqcmqryfpfptbannerstart", "zjqcmqryfpfptbannerend"  # Proofpoint's, around it


def banner_end(lines: Sequence[Line]) -> int:
    """The number of lines at the top of a text that are a banner; 0 where there is none, or nothing below it.

    It says where the mail came from, sentence by sentence, and what to do with such mail. What is anything else is the author's, and
    so is all that follows: in doubt a line is the author's.
    """
    top = [number for number in range(min(len(lines), 4 * MAX_LINES)) if lines[number].bare][: MAX_LINES + 1]
    if not top or lines[top[0]].depth:
        return 0
    words = [_words(lines[number]) for number in top]
    if words[0] == _START:
        return next((number + 1 for number, each in zip(top[:-1], words, strict=False) if each == _END), 0)
    if not (_TITLE.match(words[0]) or _SAYS.search(" ".join(words))):  # as nearly always
        return 0
    end = _end_of(lines, top)
    return end if top[-1] >= end else 0


def _words(line: Line) -> str:
    return plain(line.bare[:MAX_LENGTH]).replace("\u2019", "'")


def _end_of(lines: Sequence[Line], top: Sequence[int]) -> int:
    """Behind the last line that ends with a sentence of a banner, before the first sentence that is none."""
    end, so_far, told, warned = 0, 0, False, False
    for number, is_last, is_new, sentence in _sentences(lines, top):
        if not told and (_TITLE.match(sentence) or _ALARM_ALONE.match(sentence)):
            warned = True
        elif _ORIGIN.match(sentence):
            told, warned = True, warned or _ALARM.match(sentence) is not None
        elif _RARELY.match(sentence):
            told = True
        elif told and not is_new and (_WHY.match(sentence) or (_ADVICE.match(sentence) and _ABOUT.search(sentence))):
            warned = True
        else:
            break
        so_far = number + 1 if is_last else so_far
        end = so_far if warned else end
    return end


def _sentences(lines: Sequence[Line], top: Sequence[int]) -> Iterator[tuple[int, bool, bool, str]]:
    """(number of its last line, whether it ends that line, whether a blank line stands above it, itself), in order.

    A line that ends without a mark goes on in the next one only where that begins with a small letter, and where it must.
    """
    rest, is_new = "", False
    for number, following in zip(top, (*top[1:], -1), strict=True):
        *whole, tail = _SENTENCE.split(f"{rest} {_words(lines[number])}".strip())
        for each in whole:
            yield number, False, is_new, each
            is_new = False
        small = following == number + 1 and lines[following].bare[0].islower()
        goes_on = small and tail[-1:] not in _ENDS and not any(each.match(tail) for each in _WHOLE)
        rest = tail if goes_on else ""
        if not goes_on:
            yield number, True, is_new, tail
            is_new = following != number + 1
