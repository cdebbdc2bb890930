"""Short fields in sentences: what tells a value, what only looks like one, and moves from one version to another."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from maild.problem.fields.sentences import Sentence
from maild.problem.fields.values import has_empty_boxes, read_value
from maild.problem.found import PATTERN, PERHAPS, PROSE, Field
from maild.problem.table import Cue, FieldSpec, FieldTable, Pattern, PatternMatch

Place = Callable[[int, int, float], tuple[str, float]]  # (start, end, confidence) -> how the source is called, and how sure it is
Closed = Mapping[str, Sequence[tuple[int, int]]]
MAX_MATCHES = 20
MAX_CANDIDATES = 300
RANKS = {"move": 0, "best": 0, "says": 1, "value": 1, "anywhere": 2, "perhaps": 3, "unclear": 4}  # what goes before what

CONFIDENCE = {"anywhere": PATTERN, "perhaps": PERHAPS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A value that may be told: where it stands, and what is written there. `value`: of a choice or a truth, by its cue."""

    does: str
    name: str
    start: int
    end: int
    written: str
    value: str | None = None

    @property
    def order(self) -> tuple[int, bool, int]:
        """The first counts. What denies goes before what affirms."""
        return RANKS[self.does], self.value == "yes", self.start

    def inside(self, other: Candidate) -> bool:
        """Whether the other has this one and more in it."""
        within = self.name == other.name and other.start <= self.start and self.end <= other.end
        return within and self.end - self.start < other.end - other.start


@dataclass(slots=True)
class Findings:
    """All candidates of a text, and the places, by field, that only look like a value."""

    candidates: list[Candidate]
    masked: dict[str, list[tuple[int, int]]]
    left_open: dict[str, list[tuple[int, int]]]  # places of what is unclear
    never: Mapping[str, Collection[str]]

    def longest(self) -> Iterator[Candidate]:
        """Without what another phrase of the same field has in it: `can go on` in `no one can go on`."""
        values = [each for each in self.candidates if each.value is not None]
        for each in self.candidates:
            if each.value is None or not any(each.inside(other) for other in values):
                yield each

    def open(self, each: Candidate) -> bool:
        """Whether nothing says that this is something else."""
        if each.does == "move":
            return True
        taken = self.masked.get(each.name, [])
        if each.does != "unclear":
            taken = [*taken, *self.left_open.get(each.name, ())]
        known = each.written.casefold() in self.never.get(each.name, ())
        return not known and not any(each.start < end and start < each.end for start, end in taken)


def told(
    text: str, units: Sequence[Sentence], around: Sequence[Sentence], table: FieldTable, place: Place, closed: Closed
) -> dict[str, Field]:
    """The short fields that these sentences tell, and the patterns that need none.

    `around` are the sentences of the whole mail, `closed` places where no value of a field can stand.
    """
    prose = table.prose
    findings = Findings(
        candidates=[],
        masked={name: list(places) for name, places in closed.items()},
        left_open={},
        never=prose.never if prose else {},
    )
    if prose is not None:
        wished = any(cue.does == "wish" for unit in around for cue in unit.cues)
        for unit in units:
            if unit.cues and not has_empty_boxes(unit.text):
                for cue in unit.cues:
                    _note(cue, unit, findings)
                _note_moves(unit, wished, findings)
    for number in table.present(text):
        name, pattern = table.anywhere[number]
        findings.candidates += (_candidate("anywhere", name, match, 0) for match in _matches(pattern, text))
    return _best(findings, table, place)


def unclear(units: Sequence[Sentence], name: str) -> bool:
    """Whether a labelled value leaves open what it is: `17 or 18`."""
    return any(cue.field == name and cue.does == "unclear" for unit in units for cue in unit.cues)


def denied(units: Sequence[Sentence], spec: FieldSpec) -> bool:
    """Whether an answer to a choice says that there is none: `I do not know`."""
    if spec.kind not in ("choice", "truth"):
        return False
    return any(cue.field == spec.name and cue.does == "not" for unit in units for cue in unit.cues)


def _note(cue: Cue, unit: Sentence, findings: Findings) -> None:
    """What one cue of a field tells in one sentence."""
    if (cue.does not in RANKS and cue.does != "not") or len(findings.candidates) > MAX_CANDIDATES:
        return
    for match in islice(cue.pattern.finditer(unit.text), 1 if cue.does == "value" else MAX_MATCHES):
        candidate = _candidate(cue.does, cue.field, match, unit.start, cue.group, cue.value)
        if cue.does in ("not", "unclear"):
            places = findings.masked if cue.does == "not" else findings.left_open
            places.setdefault(cue.field, []).append((candidate.start, candidate.end))
        if cue.does != "not":
            findings.candidates.append(candidate)


def _note_moves(unit: Sentence, wished: bool, findings: Findings) -> None:
    """From one version to another: what is wished leaves the old one, what is done has brought the new one."""
    moves = [cue for cue in unit.cues if cue.does in ("from", "to")]
    if not moves:
        return
    done = any(cue.does == "done" for cue in unit.cues)
    wish = any(cue.does == "wish" for cue in unit.cues) or (wished and not done)
    left = list[int]()  # where what is moved from stands
    for cue in moves:
        for match in _matches(cue.pattern, unit.text):
            if cue.does == "from" and len(match.groups()) > 1:
                left.append(match.start(1))
            if cue.does == "to" and match.start(cue.group) in left:
                continue
            here = _candidate("move", cue.field, match, unit.start, cue.group)
            there = replace(here, name=cue.value or "")
            told, other = (there, here) if cue.does == "to" and wish else (here, there)
            if cue.does == "from" and not wish:
                findings.masked.setdefault(here.name, []).append((here.start, here.end))
                continue
            findings.candidates.append(told)
            findings.masked.setdefault(other.name, []).append((here.start, here.end))


def _candidate(does: str, name: str, match: PatternMatch, at: int, group: int = 1, value: str | None = None) -> Candidate:
    """What a match tells: its group, or all of it where that took no part."""
    if group > len(match.groups()) or match.start(group) < 0:
        group = 0
    start, end = match.start(group), match.end(group)
    return Candidate(does=does, name=name, start=at + start, end=at + end, written=match.group(group) or "", value=value)


def _matches(pattern: Pattern, text: str) -> Iterator[PatternMatch]:
    return islice(pattern.finditer(text), MAX_MATCHES)


def _best(findings: Findings, table: FieldTable, place: Place) -> dict[str, Field]:
    """The first settled value of each field, else an unsettled one."""
    found: dict[str, Field] = {}
    for each in sorted(findings.longest(), key=lambda each: each.order):
        spec = table.specs.get(each.name)
        known = found.get(each.name)
        if spec is None or not findings.open(each) or (known is not None and (known.value is not None or each.does == "unclear")):
            continue
        source, confidence = place(each.start, each.end, CONFIDENCE.get(each.does, PROSE))
        field = _field(spec, each, source, confidence)
        if field is not None and (known is None or field.value is not None):
            found[each.name] = field
    return found


def _field(spec: FieldSpec, each: Candidate, source: str, confidence: float) -> Field | None:
    if each.does == "unclear":
        return Field(value=None, source=source, confidence=confidence, ambiguous=True)
    if each.value is not None:
        return Field(value=each.value == "yes" if spec.kind == "truth" else each.value, source=source, confidence=confidence)
    return read_value(spec, each.written, source, confidence)
