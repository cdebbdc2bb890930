"""Finds fields in what a customer wrote: labelled lines, headings with a block below, and patterns that speak for themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate

from maild.problem.found import Field
from maild.problem.table import MAX_LABEL, FieldSpec, FieldTable, fold_label

LABELLED, ANYWHERE = 0.9, 0.7
MAX_TEXT = 200_000
MAX_VALUE = 4_000
MAX_BLOCK = 500  # lines
_LIST_ITEM = re.compile(r"\s*(?:[-*\u2022]|\(?\w{1,2}[.)])\s+")
_WORD = re.compile(r"[\w.]+")
_FIRST_WORD = re.compile(r"[\s*_#>\u2022\-.:?()]*([^\s*_#>\u2022\-:=?()]+)")
_LABEL_LINE = re.compile(rf"([^:=\n]{{1,{MAX_LABEL}}}?)\s*(?::|=|\s\u2013\s)\s*")


def find_fields(text: str, subject: str, table: FieldTable, offset: int = 0) -> dict[str, Field]:
    """All fields of a text; the first sure value of each counts. `offset` is where `text` starts in the visible text."""
    text = text[:MAX_TEXT]
    lines = text.split("\n")
    found: dict[str, Field] = {}
    for name, value, start in _labelled(lines, table):
        if name not in found or found[name].value is None:
            source = f"text:{offset + start}-{offset + start + len(value)}"
            field = read_value(table.specs[name], value, source, LABELLED)
            if field is not None:
                found[name] = field
    for name, field in (*_anywhere(text, offset, table), *_anywhere(subject, None, table)):
        found.setdefault(name, field)
    return found


def _labelled(lines: Sequence[str], table: FieldTable) -> Iterator[tuple[str, str, int]]:
    """(field, value as written, where it starts) of each labelled line and each heading with its block."""
    starts = list(accumulate((len(line) + 1 for line in lines), initial=0))
    for number, line in enumerate(lines):
        label = label_of(line, table)
        if label is None:
            continue
        name, at = label
        value = line[at:].strip()
        start = starts[number] + at
        if not value:
            value, first = _block(lines, number + 1, table, table.specs[name].kind == "text")
            start = starts[first]
        if value:
            yield name, value[:MAX_VALUE], start


def label_of(line: str, table: FieldTable) -> tuple[str, int] | None:
    """The field whose label stands at the start of a line, and where its value starts; a line that is a label is a heading."""
    first = _FIRST_WORD.match(line)
    if first is None or first[1].casefold() not in table.first_words:
        return None
    match = _LABEL_LINE.match(line)
    if match and (name := table.labels.get(fold_label(match[1]))):
        return name, match.end()
    if len(line) <= MAX_LABEL and line.strip() and (name := table.labels.get(fold_label(line))):
        return name, len(line)
    return None


def _block(lines: Sequence[str], number: int, table: FieldTable, long: bool) -> tuple[str, int]:
    """What stands below a heading, and the line where it starts: up to the next label, or an empty line that no list goes on after."""
    taken: list[str] = []
    first = number
    while number < len(lines) and len(taken) < MAX_BLOCK:
        line = lines[number]
        if not line.strip():
            after = next((each for each in range(number + 1, len(lines)) if lines[each].strip()), len(lines))
            goes_on = after < len(lines) and (not taken or (_LIST_ITEM.match(taken[-1]) and _LIST_ITEM.match(lines[after])))
            if not goes_on:
                break
            number = after
            continue
        if label_of(line, table):
            break
        first = first if taken else number
        taken.append(line.strip())
        if not long:
            break
        number += 1
    return "\n".join(taken), first


def read_value(spec: FieldSpec, written: str, source: str, confidence: float) -> Field | None:
    """A value as written, in its normal form; None where it says nothing."""
    written = written.strip().strip("*_`").strip()
    if not written or not any(character.isalnum() for character in written):
        return None
    if spec.kind == "text":
        return Field(value=written, source=source, confidence=confidence)
    if spec.kind == "token":
        return _token(spec, written, source, confidence)
    value = _chosen(spec, written)
    if value is None:
        return None
    return Field(value=value == "yes" if spec.kind == "truth" else value, source=source, confidence=confidence)


def _token(spec: FieldSpec, written: str, source: str, confidence: float) -> Field | None:
    for form in spec.forms:
        match = form.match.search(written)
        if match is None:
            continue
        if form.give is None:
            return Field(value=None, source=source, confidence=confidence, ambiguous=True)
        value = form.give
        for number in range(1, 4):
            if f"\\{number}" in value:
                value = value.replace(f"\\{number}", match.group(number) or "")
        return Field(value=value, source=source, confidence=confidence)
    return None


def _chosen(spec: FieldSpec, written: str) -> str | None:
    """The value whose word stands first in what was written; the longest such word."""
    folded = f" {' '.join(_WORD.findall(written.casefold()))} "
    places = [(folded.find(f" {word} "), -len(word), value) for word, value in spec.words.items()]
    hits = sorted(place for place in places if place[0] >= 0)
    return hits[0][2] if hits else None


def _anywhere(text: str, offset: int | None, table: FieldTable) -> Iterator[tuple[str, Field]]:
    """Values that need no label. One look tells which patterns are there at all; nearly always none is."""
    for number in sorted(table.present(text)):
        name, pattern = table.anywhere[number]
        match = pattern.search(text)
        if match is not None:
            source = "subject" if offset is None else f"text:{offset + match.start(1)}-{offset + match.end(1)}"
            field = read_value(table.specs[name], match.group(1) or "", source, ANYWHERE)
            if field is not None:
                yield name, field
