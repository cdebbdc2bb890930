"""What an IMAP server says (RFC 3501, sections 7 and 9), as aioimaplib hands it over: lines, and literals as bytearrays. Pure.

Nothing here trusts the order or the number of lines: servers put news of other clients between those that were asked for.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

Lines = Sequence[bytes | bytearray]
_CODE = re.compile(rb"\[([A-Za-z-]{1,40})[ \]]")
_VALIDITY = re.compile(rb"\[UIDVALIDITY (\d{1,10})\]", re.I)
_NEXT = re.compile(rb"\[UIDNEXT (\d{1,10})\]", re.I)
_FETCHED = re.compile(rb"\d+ FETCH \(", re.I)
_UID = re.compile(rb"\bUID (\d{1,10})\b", re.I)
_SIZE = re.compile(rb"\bRFC822\.SIZE (\d{1,19})\b", re.I)
_LITERAL = re.compile(rb"\bBODY\[\](?:<\d+>)? \{\d+\}\Z", re.I)
_SHORT = re.compile(rb'\bBODY\[\](?:<\d+>)? (?:NIL|"((?:[^"\\]|\\.)*)")', re.I)
_ESCAPED = re.compile(rb"\\(.)", re.S)


@dataclass(frozen=True, slots=True, kw_only=True)
class Selected:
    """A folder that was opened. Numbers are 0 where the server did not tell them."""

    validity: int
    next: int


def response_code(lines: Lines) -> str:
    """The code of the last line, like `AUTHENTICATIONFAILED` (RFC 5530), or nothing. The text behind it may name people."""
    found = _CODE.match(lines[-1]) if lines else None
    return found[1].decode("ascii").upper() if found else ""


def selected(lines: Lines) -> Selected:
    """The answer to SELECT."""
    return Selected(validity=_number(_VALIDITY, lines), next=_number(_NEXT, lines))


def _number(pattern: re.Pattern[bytes], lines: Lines) -> int:
    found = next((match for line in lines if (match := pattern.search(line))), None)
    return int(found[1]) if found else 0


def found_uids(lines: Lines) -> list[int]:
    """The answer to UID SEARCH, in ascending order. The last line is the completion."""
    words = (word for line in lines[:-1] for word in line.split())
    return sorted({int(word) for word in words if word.isdigit() and len(word) <= 10})


def sizes(lines: Lines) -> dict[int, int]:
    """UID to RFC822.SIZE, of the messages that were told with both."""
    out: dict[int, int] = {}
    for text, _ in _messages(lines):
        uid, size = _UID.search(text), _SIZE.search(text)
        if uid and size:
            out[int(uid[1])] = int(size[1])
    return out


def bodies(lines: Lines) -> dict[int, bytes]:
    """UID to the octets of BODY[] or a part of it, of the messages that were told with both."""
    out: dict[int, bytes] = {}
    for text, literal in _messages(lines):
        short = _SHORT.search(text)
        uid = _UID.search(_SHORT.sub(b"", text))  # what stands in quotes is the sender's
        octets = literal if literal is not None else _ESCAPED.sub(rb"\1", short[1] or b"") if short else None
        if uid and octets is not None:
            out[int(uid[1])] = octets
    return out


def _messages(lines: Lines) -> Iterator[tuple[bytes, bytes | None]]:
    """Each FETCH response: its text without literals, and the literal of BODY[] if there is one."""
    text, literal, awaited = b"", None, False
    for line in lines:
        if isinstance(line, bytearray):
            literal = bytes(line) if awaited else literal
            awaited = False
            continue
        if _FETCHED.match(line):
            if text:
                yield text, literal
            text, literal = b"", None
        text += line + b" "
        awaited = _LITERAL.search(line) is not None
    if text:
        yield text, literal


def uid_set(uids: Iterable[int]) -> str:
    """A set for a command (RFC 3501, section 9), runs as ranges: 1:3,7."""
    runs: list[list[int]] = []
    for uid in sorted(uids):
        if runs and uid == runs[-1][1] + 1:
            runs[-1][1] = uid
        else:
            runs.append([uid, uid])
    return ",".join(str(low) if low == high else f"{low}:{high}" for low, high in runs)


def quoted(text: str) -> str:
    """A quoted string (RFC 3501, section 9). aioimaplib quotes passwords only."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def folder_name(name: str) -> str:
    """A folder's name for the wire: modified UTF-7 (RFC 3501, section 5.1.3), quoted."""
    encoded = re.sub(r"[^ -~]+|&", _shifted, name)
    return quoted(encoded)


def _shifted(match: re.Match[str]) -> str:
    if match[0] == "&":
        return "&-"
    units = base64.b64encode(match[0].encode("utf-16-be")).rstrip(b"=").replace(b"/", b",")
    return f"&{units.decode('ascii')}-"
