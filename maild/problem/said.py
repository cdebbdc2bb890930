"""What the author of a mail says in words: subject, new text, forwarded text; no quotes, filled-in forms, tracebacks or logs."""

from __future__ import annotations

import re
from dataclasses import dataclass

from maild.mail.message import Message
from maild.mail.reply.subject import ANSWERS, FORWARDS
from maild.problem.block import without_blocks
from maild.problem.found import Fields
from maild.problem.machines import machines

MAX_TEXT = 20_000
SURE = 0.9  # a labelled value: its line is a form's, not prose
_NUMBER = re.compile(r"\[#\d{1,12}\]\s*")
# What gateways put before the subjects of mail from outside.
OUTSIDE = re.compile(
    r"\A\s*(?:\[\*{0,3}\s?ext(?:ern(?:al|o|e)?)?(?:[ -](?:e-?mail|mail|sender|message|absender))?\s?\*{0,3}\]"
    r"|\*{1,3}\s?external\s?\*{1,3})\s*",
    re.I,
)
_SPAN = re.compile(r"text:(\d{1,9})-(\d{1,9})\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """`subject` is without `Re:` and the like. `told` is how many words stand before the first traceback, the greeting's, too."""

    subject: str
    text: str
    is_reply: bool
    told: int


def said(message: Message, fields: Fields) -> Said:
    """The words of a mail that tell what it is about. Lines of forms, which `fields` came from, are left out."""
    own = message.reply.text
    passed_on = message.forwarded.text if message.forwarded else ""
    texts = [_prose(each, message.text, fields) for each in (own, passed_on) if each.strip()]
    # Where no words are the author's own, those that he sends must do.
    text = "\n\n".join(texts)[:MAX_TEXT] if texts else message.text[:MAX_TEXT]
    subject, is_reply = bare_subject(message.subject)
    return Said(subject=subject, text=text, is_reply=is_reply, told=_told(without_blocks(own)) + _told(passed_on))


def said_in(subject: str, text: str, fields: Fields) -> Said:
    """The same of a mail that is nothing but a subject and the author's own text."""
    bare, is_reply = bare_subject(subject)
    return Said(subject=bare, text=_prose(text, text, fields), is_reply=is_reply, told=_told(without_blocks(text)))


def bare_subject(subject: str) -> tuple[str, bool]:
    """The subject without what clients put before it, and whether that says it is an answer."""
    is_reply = False
    for _ in range(10):
        mark = ANSWERS.match(subject)
        is_reply = is_reply or mark is not None
        mark = mark or FORWARDS.match(subject) or _NUMBER.match(subject) or OUTSIDE.match(subject)
        if mark is None:
            break
        subject = subject[mark.end() :]
    return subject, is_reply


def _prose(own: str, whole: str, fields: Fields) -> str:
    start = max(whole.find(own), 0)  # places of values are those of the whole text
    return without_machines(_without_forms(without_blocks(own), start, fields))


def _without_forms(text: str, start: int, fields: Fields) -> str:
    """Without the lines that short labelled values stand in. What was told in a sentence stays."""
    for field in fields.values():
        span = _SPAN.match(field.source) if field.confidence >= SURE else None
        if span is None:
            continue
        begin, end = int(span[1]) - start, int(span[2]) - start
        if 0 <= begin < end <= len(text) and "\n" not in text[begin:end]:
            left, right = text.rfind("\n", 0, begin) + 1, text.find("\n", end)
            right = len(text) if right < 0 else right
            if _is_short(text[left:right]):
                text = f"{text[:left]}{' ' * (right - left)}{text[right:]}"
    return text


def _is_short(line: str) -> bool:
    return len(line.split()) <= 10


def without_machines(text: str) -> str:
    """Without tracebacks, lines of logs, and code between fences."""
    kept, at = [], 0
    for start, end in machines(text):
        kept.append(text[at:start])
        at = max(at, end + 1)  # with the end of its line
    return "".join([*kept, text[at:]])


def _told(text: str) -> int:
    """How many words stand above what a machine wrote."""
    text = text[:MAX_TEXT]
    return len(text[: next((start for start, _ in machines(text)), len(text))].split())
