"""Steps, current and expected behaviour in prose: the sentences that tell them, by their cues and by where they stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from maild.problem.fields.sentences import Sentence
from maild.problem.found import Field
from maild.problem.table import FieldTable, Prose

SPANS = ("steps", "current", "expected")
MAX_ITEMS = 40
# What a sentence is worth as the current behaviour. Something must speak for it: more than nothing is needed.
FAULT, SHOWS, WHEN, BEHIND_STEPS, FIRST, FACTS, ASIDE = 5, 1, 1, 2, 1, -1, -3
ENOUGH, ENOUGH_BESIDE_LABELS = 2, 5


@dataclass(frozen=True, slots=True)
class _Read:
    """A sentence and the kinds of cues in it (rules/sentences.yaml). `facts`: it tells a short field; `denies`: that something is so."""

    unit: Sentence
    does: frozenset[str]
    facts: bool
    denies: bool

    @property
    def asks(self) -> bool:
        return "asks" in self.does or self.unit.text.endswith("?")

    @property
    def idle(self) -> bool:
        """Whether it tells nothing of the problem."""
        return self.denies or ("fault" not in self.does and (self.asks or "aside" in self.does))

    @property
    def wants(self) -> bool:
        return "wanted" in self.does and not self.asks and "aside" not in self.does

    @property
    def acts(self) -> bool:
        told = self.facts or self.asks or self.does & {"fault", "wanted", "shows", "aside"}
        return "acts" in self.does and not told


def spans(units: Sequence[Sentence], found: Mapping[str, Field], table: FieldTable) -> dict[str, tuple[int, int]]:
    """Where the passages stand that no label tells, by field."""
    prose = table.prose
    if prose is None:
        return {}
    reads = [_read(unit, prose) for unit in units]
    if _about_something_else(reads):
        return {}
    told: dict[str, tuple[int, int]] = {}
    if "steps" not in found and (steps := _listed(reads) or _acted(reads)):
        told["steps"] = steps
    free = [each for each in reads if not _overlaps(each, told)]
    if "current" not in found:
        least = ENOUGH_BESIDE_LABELS if any(name in found for name in SPANS) else ENOUGH
        if current := _current(free, told.get("steps"), least):
            told["current"] = current
    if "expected" not in found and (expected := _expected(free, told.get("current"))):
        told["expected"] = expected
    return {name: place for name, place in told.items() if name in table.specs}


def _read(unit: Sentence, prose: Prose) -> _Read:
    cues = [prose.cues[number] for number in unit.cues]
    facts = any(cue.field and cue.does in ("best", "says", "perhaps", "unclear") for cue in cues)
    denies = any(cue.does == "value" and cue.value == "no" for cue in cues)
    return _Read(unit, frozenset(cue.does for cue in cues if not cue.field), facts, denies)


def _about_something_else(reads: Sequence[_Read]) -> bool:
    """Whether the mail asks for work or an explanation, and tells of no fault: then nothing in it is behaviour."""
    faults = sum("fault" in each.does and not each.idle for each in reads)
    other = sum(1 + each.asks for each in reads if each.does & {"other", "wish"})
    shows = sum("shows" in each.does and not each.idle for each in reads)
    return (other > 0 and other >= faults) or (not faults and not shows and any(map(_requests, reads)))


def _requests(each: _Read) -> bool:
    return each.asks and "aside" not in each.does


def _listed(reads: Sequence[_Read]) -> tuple[int, int] | None:
    """The first list of things to do: numbers are enough, bullets need verbs."""
    for is_item, run in groupby(reads, key=lambda each: bool(each.unit.item)):
        items = list(run)[:MAX_ITEMS]
        if not is_item or len({each.unit.paragraph for each in items}) < 2:
            continue
        numbered = items[0].unit.item.strip("().").isalnum()
        acting = sum("acts" in each.does for each in items)
        faults = sum("fault" in each.does or each.facts or "wanted" in each.does for each in items)
        if (numbered and faults * 2 < len(items)) or acting * 2 >= len(items) > faults * 2:
            return items[0].unit.item_at, items[-1].unit.end
    return None


def _acted(reads: Sequence[_Read]) -> tuple[int, int] | None:
    """The first sentences that tell what somebody does, and nothing else."""
    for acts, run in groupby(reads, key=lambda each: each.acts):
        if acts:
            several = list(run)
            return several[0].unit.start + several[0].unit.lead, several[-1].unit.end
    return None


def _current(reads: Sequence[_Read], steps: tuple[int, int] | None, least: int) -> tuple[int, int] | None:
    """The sentence that tells best what the product does."""
    behind = next((each for each in reads if steps and each.unit.start >= steps[1]), None)
    scored = [
        (_worth(each) + (BEHIND_STEPS if each is behind else 0), each) for each in reads if not each.idle and not each.wants
    ]
    first = next((number for number, (worth, each) in enumerate(scored) if worth >= 0 and not each.acts), None)
    if first is not None:
        scored[first] = (scored[first][0] + FIRST, scored[first][1])
    best = max(scored, key=lambda each: each[0], default=None)
    if best is None or best[0] < least:
        return None
    return best[1].unit.start + best[1].unit.lead, best[1].unit.end


def _worth(each: _Read) -> int:
    does = each.does
    worth = FAULT * ("fault" in does) + SHOWS * ("shows" in does) + WHEN * ("when" in does)
    return worth + ASIDE * ("aside" in does) + FACTS * each.facts * (1 if "fault" in does else 4)


def _expected(reads: Sequence[_Read], current: tuple[int, int] | None) -> tuple[int, int] | None:
    """The first sentence behind the current behaviour that tells what should be; else the first at all."""
    wanted = [each.unit for each in reads if each.wants]
    behind = [unit for unit in wanted if current and unit.start >= current[1]]
    if not wanted:
        return None
    best = (behind or wanted)[0]
    return best.start + best.lead, best.end


def _overlaps(each: _Read, told: Mapping[str, tuple[int, int]]) -> bool:
    return any(each.unit.start < end and start < each.unit.end for start, end in told.values())
