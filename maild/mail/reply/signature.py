"""Where the author's text ends and what signs it begins: delimiters, closings, footers of telephones, notices of lawyers."""

from __future__ import annotations

import re
from collections.abc import Sequence

import re2

from maild.mail.reply.words import CLOSINGS, DEVICES, EXCUSES, FOOTERS, NOTICES, any_of, phrases, plain

MAX_SIGNATURE = 30  # lines
MAX_CARD = 14  # lines with words that follow a closing
MAX_CARD_LINE = 90  # characters
MAX_CLOSING = 7  # words
MAX_FOOTER = 90
MAX_NOTICES = 8  # paragraphs
SHORT = 3  # letters: a closing so short stands alone in its line


def _is_short(word: str) -> bool:
    """Whether a word of our letters is so short that it may stand inside of another."""
    return word.isascii() and len(word) <= SHORT


_DELIMITER = re.compile(r"(?:--[ \t]?|\u2014|\u2013{1,2}|\u2014{3,}|_{2,}|-- ?\*{0,2})\Z")
_DELIMITERS = ("-", "_", "\u2013", "\u2014")
_CLOSING_MARKS = " \t,.!*_-\u2013\u3002\uff0c:"
_CLOSINGS = frozenset(CLOSINGS)
_FIRST_WORDS = frozenset(each.partition(" ")[0].rstrip(",.") for each in _CLOSINGS)
_NAME = re.compile(r"[^\W\d_a-z][\w.'\u2019-]*(?: [^\W\d_a-z][\w.'\u2019-]*){0,3}\Z")
_DASHED_NAME = re.compile(r"[-/~\u2013\u2014][^\W\d_][\w.'\u2019-]*(?: [^\W\d_][\w.'\u2019-]*){0,2}\Z")
# What devices and programs are called everywhere.
_BRANDS = phrases(
    [
        "iphone | ipho | ipad | ipod | mac | android | samsung | galaxy | blackberry | nokia | huawei | xiaomi | redmi | oneplus",
        "pixel | motorola | htc | sony | xperia | lg | wiko | oppo | honor | realme | vivo | fairphone | torch | windows",
        "outlook | gmail | yahoo | thunderbird | proton | spark | typeapp | bluemail | nine | newton | airmail | mailbird",
        "mailspring | zoho | superhuman | front | hey | workspace | web.de | gmx | tuta | yandex",
    ]
)
# Long alternatives, in linear time; for small letters.
_FOOTER = re2.compile(any_of(FOOTERS))
_DEVICE = re2.compile(
    rf"{any_of(each for each in (*_BRANDS, *DEVICES) if not _is_short(each))}"
    rf"|\b(?:{any_of(each for each in (*_BRANDS, *DEVICES) if _is_short(each))})\b"
)
_EXCUSE = re2.compile(any_of(EXCUSES))
_BREAK = re.compile(r"[,;.!\u2013-]\s")
_SCANNERS = ("avast", "avg.com", "kaspersky", "eset")
_NOTICE = re2.compile(any_of((*_SCANNERS, *NOTICES)))
_SENTENCE = re.compile(r"[,;]\s+\w|[.!?]\s*\w+\s+\w")
_POSTSCRIPT = re.compile(r"P\.?\s?[SD]\b", re.I)
_FORM_RULE = re.compile(r"_{3,}\Z")
_WORD = re.compile(r"\w")


def signature_at(lines: Sequence[str]) -> int:
    """The line where the signature starts; the number of lines where there is none."""
    end = len(lines)
    for look in (_notice_at, _footer_at, _notice_at, _delimiter_at, _closing_at, _dashed_name_at, _footer_at):
        end = look(lines, end)
    return end


def is_footer(line: str) -> bool:
    """Whether a line is what a telephone or a program adds: `Sent from my iPhone`."""
    line = line.strip(" \t*_-")
    if not line or len(line) > MAX_FOOTER * 2:
        return False
    words = re.sub(r"[<(\[]\s?(?:https?:|mailto:)[^>)\]]*[>)\]]?", "", line).strip()
    head, *rest = _BREAK.split(words, maxsplit=1)
    if rest and _EXCUSE.search(plain(rest[0])):
        words = head
    if len(words) > MAX_FOOTER or words.endswith("?") or _SENTENCE.search(words):
        return False
    words = plain(words)
    return _FOOTER.search(words) is not None and _DEVICE.search(words) is not None


def _last(lines: Sequence[str], end: int) -> int:
    """The last line with anything in it, before `end`; -1 where there is none."""
    while end > 0 and not lines[end - 1].strip():
        end -= 1
    return end - 1


def _notice_at(lines: Sequence[str], end: int) -> int:
    """Paragraphs at the end of which each has two words of a disclaimer, or one in a single line."""
    for _ in range(MAX_NOTICES):
        last = _last(lines, end)
        start = last
        while start > 0 and lines[start - 1].strip() and last - start < MAX_SIGNATURE:
            start -= 1
        if start <= 0:
            break
        paragraph = " ".join(lines[start : last + 1])[:4_000]
        signs = {found[0] for found in _NOTICE.finditer(plain(paragraph))}
        if len(signs) < 2:
            break
        end = start
    return end


def _footer_at(lines: Sequence[str], end: int) -> int:
    last = _last(lines, end)
    alone = last in (0, 1) or (last > 1 and len(lines[last - 1].strip()) < SHORT)
    return last if alone and is_footer(lines[last]) else end


def _delimiter_at(lines: Sequence[str], end: int) -> int:
    """The delimiter of RFC 3676, section 4.3, and its kin; what follows must be as short as a card."""
    last = _last(lines, end)
    for number in range(max(0, last - MAX_SIGNATURE), last + 1):
        line = lines[number].lstrip()
        if line[:1] not in _DELIMITERS or not _DELIMITER.match(line):
            continue
        if line == "-- " or (line not in lines[:number] and _is_card(lines[number + 1 : last + 1])):
            return number
    return end


def _closing_at(lines: Sequence[str], end: int) -> int:
    """A closing, with a card below it. In the first line with words it is a greeting: `Greetings,`."""
    last = _last(lines, end)
    first = next((number for number in range(end) if _WORD.search(lines[number])), end)
    for number in range(max(first + 1, last - MAX_SIGNATURE), last + 1):
        line = lines[number].strip()
        if line and len(line) < MAX_CARD_LINE and _is_closing(line) and _is_card(lines[number + 1 : last + 1]):
            return number
    return end


def _is_closing(line: str) -> bool:
    """Whether a line closes a letter, be it alone or with a name behind it."""
    small = plain(line)
    if small.strip(_CLOSING_MARKS) in _CLOSINGS:
        return True
    words = small.split()
    if words[0].strip(_CLOSING_MARKS) not in _FIRST_WORDS:
        return False
    for end in range(min(MAX_CLOSING, len(words) - 1), 0, -1):
        closing = " ".join(words[:end]).strip(_CLOSING_MARKS)
        if len(closing) > SHORT and closing in _CLOSINGS:
            return _NAME.match(" ".join(line.split()[end:])) is not None
    return False


def _dashed_name_at(lines: Sequence[str], end: int) -> int:
    last = _last(lines, end)
    return last if last > 0 and not lines[last - 1].strip() and _DASHED_NAME.match(lines[last].strip()) else end


def _is_card(lines: Sequence[str]) -> bool:
    """Whether these lines may be a name and what belongs to it: few, short, and no second thought."""
    said = [line.strip() for line in lines if _WORD.search(line)]
    if len(said) > MAX_CARD or any(len(line) > MAX_CARD_LINE or "?" in line or _POSTSCRIPT.match(line) for line in said):
        return False
    return not any(_FORM_RULE.match(line.strip()) for line in lines)
