"""The stream of attributes that a TNEF file is (MS-OXTNEF, section 2.1.1), as a message and its attachments."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from struct import Struct

from maild.mail.mime.charset import codec_of, is_known
from maild.mail.mime.tnef import properties
from maild.mail.mime.tnef.properties import Value, read_properties

SIGNATURE = b"\x78\x9f\x3e\x22"
_HEADER = Struct("<BII")
_START = 6  # signature and key
_CHECKSUM = 2
_MESSAGE, _ATTACHMENT = 1, 2
_BODY, _CODEPAGE, _MESSAGE_PROPERTIES = 0x800C, 0x9007, 0x9003
_RENDERING, _DATA, _TITLE, _ATTACHMENT_PROPERTIES = 0x9002, 0x800F, 0x8010, 0x9005
_GUID = 16
MAX_ATTRIBUTES = 20_000
MAX_ATTACHMENTS = 200
MAX_MESSAGES = 10


@dataclass(slots=True)
class File:
    """An attachment as it is read: the attributes and properties that came so far."""

    title: bytes = b""
    data: bytes = b""
    properties: dict[int, Value] = field(default_factory=dict)


@dataclass(slots=True)
class Contents:
    """One message of the container."""

    codepage: str = "cp1252"
    body: bytes = b""
    properties: dict[int, Value] = field(default_factory=dict)
    files: list[File] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attached:
    """A file of the container. `name` is as written, and may be empty."""

    name: str
    type: str
    content_id: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A message's text in the forms that are there; the RTF is still compressed."""

    plain: str
    html: bytes
    html_charset: str
    rtf: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Container:
    """What a TNEF file holds: its text, the files, also those of messages inside, and the names and texts of these messages."""

    text: Text
    files: tuple[Attached, ...]
    messages: tuple[tuple[str, Text], ...]


def read_tnef(raw: bytes) -> Container | None:
    """The contents; None where the octets are no TNEF. What is cut gives what came before."""
    if not raw.startswith(SIGNATURE):
        return None
    files: list[Attached] = []
    texts: list[tuple[str, Text]] = []
    waiting = [("", raw)]
    while waiting and len(texts) < MAX_MESSAGES:
        name, octets = waiting.pop(0)
        message = _read(octets)
        texts.append((name, _text(message)))
        for each in message.files[: MAX_ATTACHMENTS - len(files)]:
            attached = _attached(each, message.codepage)
            if attached.content.startswith(SIGNATURE):
                waiting.append((attached.name, attached.content))
            else:
                files.append(attached)
    return Container(text=texts[0][1], files=tuple(files), messages=tuple(texts[1:]))


def _read(raw: bytes) -> Contents:
    contents = Contents()
    for level, identity, data in islice(_attributes(raw), MAX_ATTRIBUTES):
        if level == _ATTACHMENT:
            _add(contents, identity, data)
        elif identity == _CODEPAGE:
            contents.codepage = _codepage(int.from_bytes(data[:4], "little")) or contents.codepage
        elif identity == _BODY:
            contents.body = data
        elif identity == _MESSAGE_PROPERTIES:
            contents.properties = contents.properties or read_properties(data)
    return contents


def _add(contents: Contents, identity: int, data: bytes) -> None:
    if identity == _RENDERING or not contents.files:  # each attachment begins with how it is drawn
        contents.files.append(File())
    current = contents.files[-1]
    if identity == _DATA:
        current.data = data
    elif identity == _TITLE:
        current.title = data
    elif identity == _ATTACHMENT_PROPERTIES and len(contents.files) <= MAX_ATTACHMENTS:
        current.properties = current.properties or read_properties(data)


def _attributes(raw: bytes) -> Iterator[tuple[int, int, bytes]]:
    """(level, number, data) of each attribute; the last may be cut. Checksums are not held against it."""
    at = _START
    while at + _HEADER.size <= len(raw):
        level, identity, length = _HEADER.unpack_from(raw, at)
        if level not in (_MESSAGE, _ATTACHMENT):
            return
        at += _HEADER.size
        yield level, identity & 0xFFFF, raw[at : at + length]
        at += length + _CHECKSUM


def _content(each: File) -> bytes:
    """The attribute's data, or the property's where that is a message inside or the only one."""
    value = each.properties.get(properties.DATA)
    if value is None:
        return each.data
    inside = value.octets[_GUID:] if value.is_object else value.octets
    return inside if inside.startswith(SIGNATURE) else each.data or inside


def _attached(each: File, codepage: str) -> Attached:
    def text(number: int) -> str:
        value = each.properties.get(number)
        return value.text(codepage).strip() if value else ""

    content = _content(each)
    title = each.title.partition(b"\0")[0].decode(codepage, "replace")
    names = [text(properties.LONG_NAME), text(properties.TRANSPORT_NAME), title, text(properties.SHORT_NAME)]
    if content.startswith(SIGNATURE):
        names.insert(0, text(properties.DISPLAY_NAME))
    return Attached(
        name=next(filter(None, names), "") or text(properties.DISPLAY_NAME),
        type=text(properties.MIME_TYPE).lower(),
        content_id=text(properties.CONTENT_ID),
        content=content,
    )


def _text(message: Contents) -> Text:
    plain = message.properties.get(properties.BODY)
    return Text(
        plain=plain.text(message.codepage) if plain else message.body.rstrip(b"\0").decode(message.codepage, "replace"),
        html=_octets(message, properties.HTML),
        html_charset=_page(message.properties.get(properties.INTERNET_CODEPAGE)) or message.codepage,
        rtf=_octets(message, properties.RTF_COMPRESSED),
    )


def _octets(message: Contents, number: int) -> bytes:
    value = message.properties.get(number)
    return value.octets if value else b""


def _page(value: Value | None) -> str:
    return _codepage(value.number()) if value else ""


def _codepage(number: int) -> str:
    """Windows' number of a character set as a codec."""
    names = {
        65001: "utf-8",
        20127: "ascii",
        20866: "koi8-r",
        21866: "koi8-u",
        50220: "iso-2022-jp",
        51932: "euc-jp",
        51949: "euc-kr",
    }
    name = names.get(number) or (f"iso-8859-{number - 28590}" if 28591 <= number <= 28605 else f"cp{number}")
    return codec_of(name) if is_known(name) else ""
