"""The visible text divided into what the author wrote now, the signature, and what is quoted.

A first cut: the marks that most clients write. When in doubt the text stays the author's: nothing of a customer is cut.
"""

from __future__ import annotations

import re

from maild.mail.message import Reply

REPLY_ABOVE = "-- reply above this line --"
_QUOTED = re.compile(r"[ \t]*>")
_PHONE = re.compile(
    r"(?:sent|envoyé|gesendet|von meinem|verzonden|enviado|inviato)\b.{0,40}\b(?:my|mon|meinem|mijn|mi|meu|dal|iphone|android)\b",
    re.I,
)
_WROTE = re.compile(
    r"(?:on|am|le|op|el|il|em)\b.{4,200}(?:wrote|schrieb|a écrit|schreef|escribió|ha scritto|escreveu).{0,80}:[ \t]*\Z", re.I
)
_WROTE_START = re.compile(r"(?:on|am|le|op|el|il|em)\b.{4,200}\Z", re.I)
_SEPARATOR = re.compile(
    r"[ \t]*(?:-{2,}|_{2,})[ \t]*(?:original message|forwarded message|ursprüngliche nachricht|message d'origine|message original"
    r"|oorspronkelijk bericht|mensaje original|messaggio originale|mensagem original)[ \t]*(?:-{2,}|_{2,})?[ \t]*\Z",
    re.I,
)
_HEADER_FROM = re.compile(r"[ \t]*\*?(?:from|von|de|van|da)[ \t]*:\*?[ \t]*\S", re.I)
_HEADER_NEXT = re.compile(
    r"[ \t]*\*?(?:sent|date|to|subject|gesendet|datum|an|betreff|envoyé|à|objet|verzonden|aan|onderwerp|enviado(?: el)?|para"
    r"|asunto|inviato|a|oggetto|enviada(?: em)?|assunto|cc)[ \t]*:",
    re.I,
)
# What a line must begin with to be any of the above: one look instead of five at every line.
_MAYBE = re.compile(r"[ \t]*(?:>|[-_]{2}|\*?(?:on|am|le|op|el|il|em|from|von|de|van|da)\b)", re.I)
MAX_LINES = 20_000
MAX_LINE = 2_000


def divide(text: str) -> Reply:
    """Cuts the text at the first sure sign of a quoted mail, and the signature off what stands above."""
    lines = text.split("\n", MAX_LINES)
    end = next((n for n in range(len(lines)) if _starts_quote(lines, n)), len(lines))
    own, rest = lines[:end], lines[end:]
    if any(line.strip() and not _QUOTED.match(line) for line in rest[1:]) and _is_marked(rest):
        own, rest = _interleaved(lines, end)
    signature_at = _signature_at(own)
    signature = "\n".join(own[signature_at:]).strip()
    return Reply(
        text="\n".join(own[:signature_at]).strip(),
        signature=signature or None,
        quoted="\n".join(rest).strip() or None,
    )


def _starts_quote(lines: list[str], number: int) -> bool:
    line = lines[number][:MAX_LINE]
    if not _MAYBE.match(line):
        return False
    if _QUOTED.match(line):
        return True
    stripped = line.strip()
    if not stripped:
        return False
    if _WROTE.match(stripped) or _SEPARATOR.match(stripped) or stripped.lower().startswith(REPLY_ABOVE):
        return True
    following = lines[number + 1][:MAX_LINE].strip() if number + 1 < len(lines) else ""
    if _WROTE_START.match(stripped) and following and _WROTE.match(f"{stripped} {following}"):
        return True
    return bool(_HEADER_FROM.match(line)) and sum(bool(_HEADER_NEXT.match(each)) for each in lines[number + 1 : number + 6]) >= 2


def _is_marked(rest: list[str]) -> bool:
    """Whether each quoted line carries its own mark, so that what has none is the author's."""
    return sum(bool(_QUOTED.match(line)) for line in rest) >= 1 and not any(
        _SEPARATOR.match(line[:MAX_LINE]) or _HEADER_FROM.match(line) for line in rest
    )


def _interleaved(lines: list[str], end: int) -> tuple[list[str], list[str]]:
    """Answers between or below quoted lines are the author's; attribution lines above a quote are not."""
    own, quoted = lines[:end], list[str]()
    for number in range(end, len(lines)):
        line = lines[number]
        attribution = (
            _WROTE.match(line.strip())
            or (number == end and not _QUOTED.match(line))
            or (number == end + 1 and _WROTE.match(f"{lines[end].strip()} {line.strip()}"))
        )
        (quoted if _QUOTED.match(line) or attribution else own).append(line)
    return own, quoted


def _signature_at(lines: list[str]) -> int:
    """The line where the signature starts: the delimiter of RFC 3676, section 4.3, or a phone's footer."""
    for number in range(len(lines) - 1, -1, -1):
        line = lines[number][:MAX_LINE].strip()
        if len(lines) - number > 30:
            break
        if (line in ("--", "\u2014") or lines[number].startswith("-- ")) and number > 0:
            return number
        if _PHONE.match(line) and number >= len(lines) - 4:
            return number
    return len(lines)
