"""The fill-in block: written into the one question that a mail may need, and read when it comes back, quoted or not."""

from __future__ import annotations

import re
from collections.abc import Sequence

from maild.problem.fields import MAX_VALUE, read_value
from maild.problem.found import BLOCK, Field
from maild.problem.table import FieldTable

BEGIN = "----- please complete -----"
END = "----- end -----"
_QUOTE = re.compile(r"^[ \t]*(?:[>|][ \t]?)+")
_BEGIN = re.compile(r"---\s*please complete\s*---", re.I)
_END = re.compile(r"---\s*end\s*---", re.I)


def write_block(names: Sequence[str], table: FieldTable, language: str) -> str:
    """An empty block that asks for these fields. An alternative (`database|contract`) asks for its first."""
    labels = [f"{table.title(name.partition('|')[0], language)}: " for name in names]
    return "\n".join([BEGIN, *labels, END])


def without_blocks(text: str) -> str:
    """The text with blanks where a block stands: what is filled in there is read as a block, not as prose. Places stay what they are."""
    if not _BEGIN.search(text):
        return text
    lines = text.split("\n")
    inside = False
    for number, line in enumerate(lines):
        begins, ends = _BEGIN.search(line), inside and _END.search(line)
        if begins or inside:
            lines[number] = " " * len(line)
        inside = bool(begins) or (inside and not ends)
    return "\n".join(lines)


def read_blocks(text: str, table: FieldTable) -> dict[str, Field]:
    """What was filled in, in any block of the text; quote marks do not matter. Empty answers say nothing."""
    if not _BEGIN.search(text):
        return {}
    answers: dict[str, list[str]] = {}
    inside, name = False, ""
    for line in text.split("\n"):
        bare = _QUOTE.sub("", line).strip()
        if _BEGIN.search(bare):
            inside, name = True, ""
        elif _END.search(bare):
            inside = False
        elif inside:
            label, colon, value = bare.partition(":")
            known = table.labels.named(label) if colon else None
            if known:
                name = known
                answers[name] = [value.strip()]
            elif bare and name:
                answers[name].append(bare)
    read = [(table.spec(name), "\n".join(lines)[:MAX_VALUE]) for name, lines in answers.items()]
    found = [(spec.name, read_value(spec, written, "block", BLOCK)) for spec, written in read if spec is not None]
    return {name: field for name, field in found if field is not None}
