"""The mail that a report is about: the part that holds it, or the place in the text where it begins."""

from __future__ import annotations

import re

from maild.mail.mime.fields import Fields
from maild.mail.mime.header import message_ids
from maild.mail.mime.parts import Leaf, split_header

RETURNED = (
    "message/rfc822",
    "message/global",
    "text/rfc822-headers",
    "message/rfc822-headers",
    "message/global-headers",
    "message/partial",
)
MAX_HEADER = 65_536
_TRIES, _SOME_WORDS = 5, 20

# How mailers announce it, in a line of its own.
_ANNOUNCEMENTS = (
    "below (?:this line )?is a copy", "(?:this|here|included|enclosed|attached|following) is a copy",
    r"original (?:message|mail)(?: ?info| ?headers?)?\b(?! (?:was|is|received|id|subject|sent|could|has|which|"
     "that|from|to))",
    "(?:the )?(?:original|returned|unsent|undelivered|bounced|rejected|failed) (?:message|mail|text)(?: (?:text|"
     "headers?|content))? ?(?:follows|is (?:included|attached|below)|below|:|-)",
    r"(?:unsent|returned|undelivered|original) message\b[ -]", "message (?:headers?|text|body) follows?",
    "the headers? of the original", "start of (?:original|returned)", r"(?:first|last) \d+ (?:lines|bytes) of",
    "copy of (?:the |your )?(?:original )?(?:message|mail)", "mensaje original", "mensagem original", "message d'origine",
    "message original", "messaggio originale", "ursprüngliche nachricht", "originalnachricht", "oorspronkelijk bericht",
    "ursprungligt meddelande", "исходное (?:сообщение|письмо)", "текст (?:исходного )?(?:сообщения|письма)", "原始邮件",
    "原始郵件",
    "元の(?:メール|メッセージ)",
)  # fmt: skip
_ANNOUNCED = re.compile(rf"^[ \t>*|=_-]{{0,40}}(?:{'|'.join(_ANNOUNCEMENTS)})", re.I | re.M)
# Or just begins with: fields that only a mail on its way has.
_BEGINS = re.compile(
    r"^[ \t]{0,3}(?:Received|Return-Path|X-Received|DKIM-Signature|X-Apparently-To|X-Originating-IP|ARC-Seal)[ \t]{0,2}:",
    re.I | re.M,
)
_ID = re.compile(r"^[ \t>]{0,8}(?:X-)?(?:Original-)?Message-ID[ \t]{0,2}:[ \t\n]{0,8}(<[^<>\s]{1,900}>)", re.I | re.M)
_TO = re.compile(r"^[ \t>]{0,8}To[ \t]{0,2}:[ \t]{0,8}(.{1,300})", re.I | re.M)


def split_text(text: str) -> tuple[str, str]:
    """(what the mailer says, the original mail inline or an empty text)."""
    found = [match.start() for pattern in (_ANNOUNCED, _BEGINS) if (match := _after_words(pattern, text))]
    cut = min(found, default=len(text))
    return text[:cut], text[cut:]


def _after_words(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    """The first place that has some words of the mailer above it."""
    for number, match in enumerate(pattern.finditer(text)):
        if number == _TRIES or len(text[: match.start()].strip()) > _SOME_WORDS:
            return match
    return None


def returned_leaf(leaves: list[Leaf]) -> Leaf | None:
    """The part that is the mail that came back, or its header."""
    return next((leaf for leaf in leaves if leaf.type in RETURNED and leaf.content.strip()), None)


def original_header(leaves: list[Leaf]) -> Fields | None:
    """The header of that mail."""
    found = returned_leaf(leaves)
    return split_header(found.content[:MAX_HEADER].lstrip(b"\r\n"))[0] if found else None


def message_id_of(header: Fields | None, inline: str, said: str) -> str | None:
    """Its Message-ID: from its header as a part, from its header in the text, or as the mailer tells it."""
    ids = message_ids(header.first("message-id")) if header else ()
    if not ids:
        told = _ID.search(inline[:MAX_HEADER]) or _ID.search(said)
        ids = message_ids(told[1]) if told else ()
    return ids[0] if ids else None


def recipient_line(header: Fields | None, inline: str) -> str:
    """Whom it was for, as its To says, where the report itself names nobody."""
    if header is not None:
        return header.text("to")
    found = _TO.search(inline[:MAX_HEADER])
    return found[1] if found else ""
