"""The line above a quote that says who wrote it and when: `On Monday, Ann <a@example.org> wrote:`, in any language and order.

Not a list of formats: what counts is how many of its signs are there (a date, an address, a verb in the third person, a colon)
and where. It may be folded over several lines, and share its first with the end of the answer.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from maild.mail.reply.lines import Line
from maild.mail.reply.words import AT, FILLERS, FIRST_PERSON, JOINED_VERBS, LEADS, NUMBERED, OF, VERBS, any_of, any_word_of, plain

MAX_FOLDS = 6  # lines
MAX_LENGTH = 400

_WORD = re.compile(r"[^\W\d_]+")
_DIGIT_OR_AT = re.compile(r"[\d@]")
_FEMALE = re.compile(r"\(-?\w{1,3}\)|/\w{1,3}\b")  # `napisał(a)`
_JOINED = re.compile(any_of(JOINED_VERBS))
_FIRST_PERSON = re.compile(any_word_of(FIRST_PERSON))
_MONTH = r"[^\W\d_][^\s\d_,;:!?<>@()]{2,14}"  # vowels of some scripts are no letters
_AT = rf"(?:{any_of(AT)})[.:]?\s"
_OF = rf"(?:{any_of(OF)})\s?"
_DATE = re.compile(
    r"\d{1,4}[./-] ?\d{1,2}[./-] ?\d{1,4}|\d{1,4}\s?[\u5e74\ub144]\s?\d{1,2}\s?[\u6708\uc6d4]|\b\d{1,2}-[^\W\d_]{3,4}-\d{2,4}\b"
    rf"|\b\d{{1,2}}[.,]?\s(?:{_OF})?{_MONTH}[.,]*\s(?:{_OF})?\d{{4}}"
    rf"|\b\d{{1,2}}[.,]?\s(?:{_OF})?{_MONTH},?\s(?:{_AT})?\d{{1,2}}[:.h]\d\d"
    rf"|[^\W\d_]{{3,12}}[. ]{{1,2}}\d{{1,2}}(?:st|nd|rd|th)?,? (?:{_AT}\d|\d{{4}})"
    rf"|\b(?:{any_of(NUMBERED)})\s\d",
    re.I,
)
_TIME = re.compile(r"(?<![\d.,])\d{1,2}(?::|\.|h|\u6642|\u65f6|\uc2dc ?|\u70b9)\d{2}(?!\d)")
_ADDRESS = re.compile(r"[^\s@<>\"'(),;:\[\]]{1,80}@[^\s@<>\"'(),;:\[\]]{2,80}")
_AROUND = re.compile(r"\A[\s>*|#_=\u2013\u2014-]+|[\s*_=\u2013\u2014-]+\Z")
# How a whole one starts: a few words, then the date.
_COMPLETE = re.compile(r"(?:[^\s\d,()@<>:]+[ ,(]{1,3}){0,5}\d{1,4}(?:st|nd|rd|th)?(?![\w@])|\d{2,4}\s?[\u5e74\ub144]")
# The same in the middle of a line, behind the answer.
_LED = rf"(?:{any_of(LEADS)})\s(?:[^\W\d_]{{2,12}}[.,]{{0,2}} ){{0,3}}\d{{1,4}}\b(?!:\d)"
_STARTS = re.compile(_LED)
_INSIDE = re.compile(rf"(?:(?<=[ \t.!?a-z\u00df-\u00ff])|(?<!-)-{{2,}} ?)(?={_LED})")
_SENTENCE_ENDS = re.compile(r"[.!?:;\u3002\uff01\uff1f]\Z")
_AFTER_DATE = re.compile(
    r"\d+(?:[^\s\w]|\s|[\u5e74\u6708\u65e5\ub144\uc6d4\uc77c\uc2dc\u6642\u65f6\u5206\ubd84]|$)+|\b(?:AM|PM)\b|[+-]\d{4}"
)
_ZONES = frozenset(("am", "pm", "gmt", "utc", "cet", "cest", "eet", "eest", "bst", "est", "edt", "pst", "pdt"))
_COLONS = (":", "\uff1a")
_ENDS = (*_COLONS, ">", *JOINED_VERBS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """From line `start` to before `end`; `text` in one line. `behind` of the first line's characters are still the answer's."""

    start: int
    end: int
    text: str
    behind: int = 0

    @property
    def author(self) -> tuple[str, str]:
        """(name, address), as far as they are told."""
        text = _AROUND.sub("", self.text)
        address = _ADDRESS.search(text)
        if address is None:
            verb = _verb(text)
            return (_name(text[: verb[0]]) if verb else "", "")
        before = text[: address.start()].rstrip(" <([\"'")
        before = before.removesuffix("mailto:").rstrip(" <([\"'\u201d\u2019")
        return _name(before), address[0].strip(".")

    @property
    def date(self) -> str:
        """From the first to the last sign of it, as written."""
        places = [match for pattern in (_DATE, _TIME) for match in pattern.finditer(self.text)]
        if not places:
            return ""
        return self.text[min(each.start() for each in places) : max(each.end() for each in places)]


def attribution_at(lines: Sequence[Line], end: int) -> Attribution | None:
    """The attribution whose last line this is, or None. The shortest that is whole is taken."""
    last = lines[end].bare
    if not _may_end(last):
        return None
    quoted = _quote_follows(lines, end)
    found: Attribution | None = None
    text = ""
    for start in range(end, max(-1, end - MAX_FOLDS), -1):
        line = lines[start]
        if start < end and (not line.bare or line.depth != lines[end].depth or (found and _SENTENCE_ENDS.search(line.bare))):
            break
        text = f"{line.bare} {text}".strip()
        if len(text) > MAX_LENGTH:
            break
        behind = _inside(line.bare)
        whole = text[behind:] if behind else text
        if is_attribution(whole, quoted):
            found = Attribution(start=start, end=end + 1, text=whole, behind=behind)
            if behind or (_COMPLETE.match(_AROUND.sub("", whole)) and _DATE.search(whole)):
                break
    return found if found and (quoted or found.author[1] or _stands_apart(lines, end)) else None


def is_attribution(text: str, quoted: bool) -> bool:
    """Whether a line has the signs of an attribution; `quoted` says that quote marks follow, which makes less suffice."""
    dashes = text.startswith("--") and text.rstrip().endswith("-")
    if not (quoted or dashes or _DIGIT_OR_AT.search(text)):  # neither a date nor an address: most lines end here
        return False
    return _has_signs(text, quoted, dashes) and _FIRST_PERSON.search(plain(text)) is None


def _has_signs(text: str, quoted: bool, dashes: bool) -> bool:
    bare = _AROUND.sub("", text)
    colon = bare.endswith(_COLONS)
    dated = _DATE.search(bare)
    timed = _TIME.search(bare)
    address = _ADDRESS.search(bare)
    if text.startswith(">>>"):  # GroupWise
        return text.endswith(">>>") and dated is not None
    verb = _verb(bare)
    if verb is not None:
        rest = bare[verb[1] :].strip(" .:\uff1a<>")
        if not rest:
            return bool(dated or address or dashes or (quoted and colon)) or (timed is not None and colon)
        return colon and bool(address or (dated and (timed or quoted)))
    if quoted and colon:
        return bool(address or (dated and timed))
    if dated is None or address is None:
        return False
    early = dated.start() <= 40 and _COMPLETE.match(bare) is not None
    late = bare[address.end() :].strip(" >)]:\uff1a\"'") == ""
    return early and ((late and (colon or quoted)) or (colon and bool(timed)))


def _may_end(bare: str) -> bool:
    """Whether a line can be an attribution's last: cheap, since it is asked of every line."""
    stripped = bare.rstrip("*_- ")
    return stripped.endswith(_ENDS) or plain(stripped.rpartition(" ")[2]) in VERBS


def _verb(text: str) -> tuple[int, int] | None:
    """Where the last verb stands."""
    folded = text.lower()
    for word in reversed(list(_WORD.finditer(folded))):
        for verb in VERBS.get(word[0], ()):
            if folded.endswith(verb, 0, word.end()):
                female = _FEMALE.match(folded, word.end())
                return word.end() - len(verb), female.end() if female else word.end()
    found = _JOINED.search(text)
    return found.span() if found else None


def _quote_follows(lines: Sequence[Line], end: int) -> bool:
    depth = lines[end].depth
    return next((each.depth > depth for each in lines[end + 1 : end + 6] if each.bare or each.depth > depth), False)


def _stands_apart(lines: Sequence[Line], end: int) -> bool:
    """Whether nothing follows at once: prose goes on, a quoted message is set off."""
    return end + 1 >= len(lines) or not lines[end + 1].bare or lines[end + 1].text[:1] in " \t"


def _inside(bare: str) -> int:
    found = None if _STARTS.match(bare) else _INSIDE.search(bare, 1)
    return found.end() if found else 0


def _name(before: str) -> str:
    """The name at the end of what stands before the address or the verb."""
    quoted = re.search(r"[\"\u201c\u201e\u00ab]([^\"\u201c\u201d\u201e\u00bb]{1,80})[\"\u201d\u201c\u00bb]?\Z", before)
    if quoted:
        return quoted[1].strip()
    words = _AFTER_DATE.split(before)[-1].replace(",", " ").split()
    while words and _is_filler(words[0]):
        del words[0]
    while words and _is_filler(words[-1]):
        del words[-1]
    return " ".join(words).strip(" ,:\u00ab\"'")


def _is_filler(word: str) -> bool:
    return word in FILLERS or word.lower() in _ZONES or _WORD.search(word) is None
