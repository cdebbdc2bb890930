"""Leaves that hold others: winmail.dat, and files in a text (uuencode, yEnc). What is inside stands in their place, as parts."""

from __future__ import annotations

import re
from dataclasses import replace

from maild.mail.mime.charset import to_text
from maild.mail.mime.filename import safe_name, type_of
from maild.mail.mime.parts import MAX_PARTS, Leaf
from maild.mail.mime.tnef.rtf import decompressed, read_rtf
from maild.mail.mime.tnef.stream import SIGNATURE, Attached, Container, Text, read_tnef
from maild.mail.mime.uuencode import blocks_in

_TNEF_GROUP = -1  # its text and its HTML are alternatives
_TYPE = re.compile(r"[\w.+-]{1,100}/[\w.+-]{1,100}", re.ASCII)


def unpacked(leaves: list[Leaf], defects: list[str]) -> list[Leaf]:
    """The leaves, with what they hold in place of those that can be opened; at most `MAX_PARTS`."""
    if not any(_is_packed(leaf) for leaf in leaves):
        return leaves
    says_something = any(leaf.is_text and leaf.content.strip() for leaf in leaves)
    out: list[Leaf] = []
    for leaf in leaves:
        if leaf.is_text:
            out += _files_in_text(leaf)
        elif leaf.content.startswith(SIGNATURE) and (container := read_tnef(leaf.content)):
            out += _of_container(container, leaf, says_something)
        else:
            out.append(leaf)
    if len(out) > MAX_PARTS:
        defects.append("mime: too many parts, cut")
    return out[:MAX_PARTS]


def _is_packed(leaf: Leaf) -> bool:
    return leaf.content.startswith(SIGNATURE) or (leaf.type == "text/plain" and b"begin" in leaf.content)


def _files_in_text(leaf: Leaf) -> list[Leaf]:
    """The text without the files, then the files."""
    found = blocks_in(leaf.content) if leaf.type == "text/plain" else []
    if not found:
        return [leaf]
    kept, at = [], 0
    for block in found:
        kept.append(leaf.content[at : block.start])
        at = block.end
    text = replace(leaf, content=b"".join((*kept, leaf.content[at:])))
    return [text, *(_file(to_text(block.name, leaf.charset)[0], block.content) for block in found)]


def _of_container(container: Container, leaf: Leaf, says_something: bool) -> list[Leaf]:
    """Files, and the text where the mail says nothing else; the container itself where it holds nothing that can be read."""
    inside = [] if says_something else _texts(container.text)
    inside += (_enclosed(each) for each in container.files)
    for name, text in container.messages:
        inside += (_as_file(each, name) for each in _texts(text)[:1])
    return inside or [leaf]


def _texts(text: Text) -> list[Leaf]:
    """The forms of a text that are there, the plain one first; rich text only where there is no other."""
    found = []
    if text.plain.strip():
        found.append(_text("text/plain", text.plain.encode("utf-8", "replace"), "utf-8"))
    if text.html.strip(b"\0 \r\n"):
        found.append(_text("text/html", text.html.rstrip(b"\0"), text.html_charset))
    if not found and text.rtf:
        rich, is_html = read_rtf(decompressed(text.rtf))
        if rich.strip():
            found.append(_text("text/html" if is_html else "text/plain", rich.encode("utf-8", "replace"), "utf-8"))
    return found


def _text(kind: str, content: bytes, charset: str) -> Leaf:
    return Leaf(kind, charset, "", None, None, content, _TNEF_GROUP, flowed=False)


def _enclosed(each: Attached) -> Leaf:
    file = _file(each.name, each.content)
    kind = each.type if _TYPE.fullmatch(each.type) else file.type
    return replace(
        file, type=kind, content_id=each.content_id.strip("<> ") or None, disposition="" if each.content_id else "attachment"
    )


def _as_file(text: Leaf, name: str) -> Leaf:
    """A message inside is its text, under its subject."""
    ending = "html" if text.type == "text/html" else "txt"
    return replace(text, disposition="attachment", name=safe_name(f"{name or 'message'}.{ending}"), alternatives=None)


def _file(name: str, content: bytes) -> Leaf:
    safe = safe_name(name)
    return Leaf(type_of(safe), None, "attachment", safe, None, content, None, flowed=False)
