"""Text of the other kinds than plain and HTML, as words: text/enriched (RFC 1896), text/richtext (RFC 1341), invitations (RFC 5545)."""

from __future__ import annotations

import re

_PARAMETER = re.compile(r"<param>[^<]*+</param>", re.I)
_COMMAND = re.compile(r"<(/?[A-Za-z0-9-]{1,60}+)>")
_LINES = re.compile(r"\n+")
_BREAKS = frozenset(("nl", "np", "paragraph", "/paragraph"))
_FOLD = re.compile(r"\n[ \t]")
_PROPERTY = re.compile(r"(SUMMARY|DTSTART|DTEND|LOCATION|DESCRIPTION)(?:;[^:\n]{0,200})?:(.*)", re.I)
_ESCAPE = re.compile(r"\\([\\;,nN])")
_SHOWN = ("SUMMARY", "DTSTART", "DTEND", "LOCATION", "DESCRIPTION")
_LABELS = {"DTSTART": "Start: ", "DTEND": "End: ", "LOCATION": "Location: "}


def plain(text: str, kind: str) -> str:
    """The words of a text of this media type; what is not known is text as it stands (RFC 2046, section 4.1.4)."""
    if kind == "text/enriched":
        text = _LINES.sub(lambda lines: "\n" * (len(lines[0]) - 1) or " ", _PARAMETER.sub("", text))
    elif kind != "text/richtext":
        return text
    text = _COMMAND.sub(
        lambda command: "\n" if command[1].lower() in _BREAKS else "", text.replace("<<", "\0").replace("<lt>", "\0")
    )
    return text.replace("\0", "<")


def invitation(text: str) -> str:
    """What an iCalendar object says to people: the first event's summary, time, place and description."""
    found: dict[str, str] = {}
    for line in _FOLD.sub("", text).split("\n"):
        if line[:10].upper() == "END:VEVENT":
            break
        match = _PROPERTY.match(line)
        if match:
            value = _ESCAPE.sub(lambda escaped: "\n" if escaped[1] in "nN" else escaped[1], match[2].strip())
            found[match[1].upper()] = value  # a time zone before it has times, too
    return "\n".join(f"{_LABELS.get(name, '')}{found[name]}" for name in _SHOWN if found.get(name))
