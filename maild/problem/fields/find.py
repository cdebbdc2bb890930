"""All fields of a text and its subject: labels first, then patterns and sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice

from maild.problem.fields.entries import Entry, entries
from maild.problem.fields.layout import LIST_ITEM
from maild.problem.fields.page import Page
from maild.problem.fields.prose import Closed, Place, denied, told, unclear
from maild.problem.fields.sentences import Sentence, sentences, within
from maild.problem.fields.spans import SPANS, spans
from maild.problem.fields.values import MAX_VALUE, read_value
from maild.problem.found import LABEL, PROSE, SUBJECT_FACTOR, Field
from maild.problem.plain import plain
from maild.problem.table import FieldTable

MAX_TEXT = 200_000
MAX_ENTRIES = 300
MAX_OF_VALUE = 20  # sentences of a labelled value


def find_fields(text: str, subject: str, table: FieldTable, offset: int = 0) -> dict[str, Field]:
    """All fields of a text; the surest value of each counts. `offset` is where `text` starts in the visible text."""
    text, subject = text[:MAX_TEXT], subject[:MAX_TEXT]
    plainly, headline = plain(text), plain(subject)
    page = Page(text, plainly, table)
    labelled = list(islice(entries(page), MAX_ENTRIES))
    named = list(islice(entries(Page(subject, headline, table)), MAX_ENTRIES))
    body, values, title = _units(page, plainly, headline, labelled)

    def place(start: int, end: int, confidence: float) -> tuple[str, float]:
        return f"text:{offset + start}-{offset + end}", confidence

    def in_subject(start: int, end: int, confidence: float) -> tuple[str, float]:
        return "subject", round(confidence * SUBJECT_FACTOR, 2)

    short = [*body, *(unit for units in values.values() for unit in units)]
    around = [*title, *short]
    found = _settled(
        _labelled(labelled, values, table, place),
        told(plainly, short, around, table, place, _closed(labelled, table)),
        _labelled(named, {}, table, in_subject),
        told(headline, title, around, table, in_subject, {}),
    )
    for name, (start, end) in spans(body, found, table).items():
        source, confidence = place(start, end, PROSE)
        found[name] = Field(value=_passage(text[start:end]), source=source, confidence=confidence)
    return found


def _passage(written: str) -> str:
    """Lists keep their lines; what a client wrapped is one line."""
    lines = [line.strip() for line in written[:MAX_VALUE].split("\n")]
    return ("\n" if LIST_ITEM.match(written) else " ").join(line for line in lines if line)


def _units(
    page: Page, text: str, subject: str, labelled: Sequence[Entry]
) -> tuple[list[Sentence], Mapping[int, list[Sentence]], list[Sentence]]:
    """The sentences of the text, those of each labelled value (by its number), and those of the subject."""
    prose = page.table.prose
    if prose is None:
        return [], {}, []
    taken = [*((entry.label_at, entry.end) for entry in labelled), *page.machines]
    values = {
        number: list(islice(within(text, each.start, each.end, prose, prose.facts), MAX_OF_VALUE))
        for number, each in enumerate(labelled)
        if each.value
    }
    named = {each.name for each in labelled if any(map(str.isalnum, each.value))}
    present = prose.facts if named.issuperset(SPANS) else prose.present  # what labels tell is not looked for
    return sentences(text, prose, present, taken, page.closed), values, sentences(subject, prose, prose.facts)


def _closed(labelled: Sequence[Entry], table: FieldTable) -> Closed:
    """Where no value of a field can stand.

    At the label of another one with the same forms: the version of now is not the one that is wanted. At the label of a yes or no: the
    modules that are named there are no database.
    """
    places: dict[str, list[tuple[int, int]]] = {}
    for entry in labelled:
        own = table.spec(entry.name)
        for name, spec in table.specs.items() if own else ():
            alike = own is not None and (spec.forms is own.forms or own.kind == "truth")
            if name != entry.name and spec.forms and alike:
                places.setdefault(name, []).append((entry.start, entry.end))
    return places


def _labelled(
    labelled: Sequence[Entry], values: Mapping[int, Sequence[Sentence]], table: FieldTable, place: Place
) -> dict[str, Field]:
    """What stands at labels; the first settled value of each field counts."""
    found: dict[str, Field] = {}
    for number, entry in enumerate(labelled):
        spec = table.spec(entry.name)
        known = found.get(spec.name) if spec else None
        if (
            spec is None
            or not entry.value
            or denied(values.get(number, ()), spec)
            or (known is not None and known.value is not None)
        ):
            continue
        source, confidence = place(entry.start, entry.end, LABEL)
        if unclear(values.get(number, ()), spec.name):
            field: Field | None = Field(value=None, source=source, confidence=confidence, ambiguous=True)
        else:
            field = read_value(spec, entry.value, source, confidence)
        if field is not None and (known is None or field.value is not None):
            found[spec.name] = field
    return found


def _settled(*several: Mapping[str, Field]) -> dict[str, Field]:
    """One of each, in order of preference; a settled value goes before an unsettled one, but not before what a label leaves open."""
    found: dict[str, Field] = {}
    for fields in several:
        for name, field in fields.items():
            known = found.get(name)
            if known is None or (known.value is None and field.value is not None and known.confidence < LABEL):
                found[name] = field
    return found
