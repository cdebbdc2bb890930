"""What was written for a field, in its normal form: tokens, words of a choice, yes and no, ticked boxes, passages."""

from __future__ import annotations

import re

from maild.problem.found import Field
from maild.problem.table import FieldSpec, fold_words

MAX_VALUE = 4_000
_BOX = re.compile(
    r"\[[ \t]*(?P<square>[xX\u2713\u2714*]?)[ \t]*\]|\([ \t]*(?P<round>[xX\u2713\u2714\u2022\u25cf*]?)[ \t]*\)"
    r"|(?P<on>[\u2611\u2612\u2705\u2714\U0001F5F9])|(?P<off>[\u2610\u2B1C\u25A1])"
)
_BOX_BEGINS = re.compile(r"[\[(\u2610\u2B1C\u25A1]")  # most sentences end here
_CHOICE_MARKS = re.compile(r"\s*[/|]\s*")


def read_value(spec: FieldSpec, written: str, source: str, confidence: float) -> Field | None:
    """A value as written, in its normal form; None where it says nothing."""
    written = written.strip().strip("*_`|").strip()
    if not any(character.isalnum() for character in written):
        return None
    if spec.kind == "text":
        return Field(value=written, source=source, confidence=confidence)
    if spec.kind == "token":
        return _token(spec, written, source, confidence)
    value = _chosen(spec, written)
    if value is None:
        return None
    return Field(value=value == "yes" if spec.kind == "truth" else value, source=source, confidence=confidence)


def has_boxes(written: str) -> bool:
    """Whether boxes to tick stand in it."""
    return bool(_BOX.search(written))


def has_empty_boxes(written: str) -> bool:
    """Whether a box stands in it that is not ticked: what it offers is not said."""
    return _BOX_BEGINS.search(written) is not None and any(not _ticks(box) for box in _BOX.finditer(written))


def _ticks(box: re.Match[str]) -> bool:
    return bool(box["square"] or (box["round"] or "").strip() or box["on"])


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
        return Field(value="".join(value.split()), source=source, confidence=confidence)
    return None


def _chosen(spec: FieldSpec, written: str) -> str | None:
    """The value of the ticked box, else of the word that stands first; of several there, the longest."""
    ticked = _ticked(written) if _BOX.search(written) else [written]
    values = [value for each in ticked if (value := _named(spec, each))]
    return values[0] if values else None


def _named(spec: FieldSpec, written: str) -> str | None:
    folded = f" {fold_words(written)} "
    hits = sorted((folded.find(f" {word} "), -len(word), value) for word, value in spec.words.items() if f" {word} " in folded)
    if not hits:
        return spec.otherwise
    offered = [spec.words.get(fold_words(each)) for each in _CHOICE_MARKS.split(written)]
    if len(offered) > 1 and all(offered) and len(set(offered)) > 1:
        return None  # `yes / no`: the choice itself, and nothing chosen
    return hits[0][2]


def _ticked(written: str) -> list[str]:
    """What stands at each ticked box: behind it, or before it where the line begins with a word."""
    boxes = list(_BOX.finditer(written))
    before = bool(written[: boxes[0].start()].strip())
    found = []
    for number, box in enumerate(boxes):
        if not _ticks(box):
            continue
        if before:
            found.append(written[boxes[number - 1].end() if number else 0 : box.start()])
        else:
            found.append(written[box.end() : boxes[number + 1].start() if number + 1 < len(boxes) else len(written)])
    return found
