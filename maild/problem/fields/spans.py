"""Steps, current and expected behaviour in prose: the sentences that tell them, by their cues and by where they stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from maild.problem.fields.sentences import Sentence
from maild.problem.found import Field
from maild.problem.table import FieldTable, Weights

SPANS = ("steps", "current", "expected")
MAX_ITEMS = 40


@dataclass(frozen=True, slots=True)
class _Read:
    """A sentence and the kinds of cues in it (rules/sentences.yaml).

    `facts`: it tells a short field; `perhaps`: what looks like one stands in it; `denies`: that something is so.
    """

    unit: Sentence
    does: frozenset[str]
    facts: bool
    perhaps: bool
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
    def happens(self) -> bool:
        """Whether it may tell what the product does."""
        return not (self.idle or self.wants or "acts" in self.does) and bool(
            self.does & {"fault", "odd", "shows", "quotes", "thing"}
        )


def spans(units: Sequence[Sentence], found: Mapping[str, Field], table: FieldTable) -> dict[str, tuple[int, int]]:
    """Where the passages stand that no label tells, by field."""
    prose = table.prose
    if prose is None:
        return {}
    reads = _against([_read(unit) for unit in units])
    if _about_something_else(reads):
        return {}
    told: dict[str, tuple[int, int]] = {}
    if "steps" not in found and (steps := _listed(reads) or _acted(reads, prose.weights)):
        told["steps"] = steps
    free = [each for each in reads if not _overlaps(each, told)]
    if "current" not in found:
        labelled = any(name in found for name in SPANS)
        least = prose.weights.enough_beside_labels if labelled else prose.weights.enough
        if current := _current(free, told.get("steps"), prose.weights, least):
            told["current"] = current
    if "expected" not in found and (expected := _expected(free, told.get("current"))):
        told["expected"] = expected
    return {name: place for name, place in told.items() if name in table.specs}


def _read(unit: Sentence) -> _Read:
    cues = unit.cues
    facts = any(cue.field and cue.does in ("best", "says", "unclear") for cue in cues)
    perhaps = any(cue.field and cue.does == "perhaps" for cue in cues)
    denies = any(cue.does == "value" and cue.value == "no" for cue in cues)
    return _Read(unit, frozenset(cue.does for cue in cues if not cue.field), facts, perhaps, denies)


def _against(reads: Sequence[_Read]) -> Sequence[_Read]:
    """What is wrong *and* must be is what happens, where a sentence behind it tells nothing but what should be."""
    pure = [each.unit.start for each in reads if each.wants and not each.does & {"fault", "odd"}]
    last = pure[-1] if pure else 0
    return [
        replace(each, does=each.does - {"wanted"}) if each.unit.start < last and each.does & {"fault", "odd"} else each
        for each in reads
    ]


def _about_something_else(reads: Sequence[_Read]) -> bool:
    """Whether the mail asks for work or an explanation, and tells of no fault: then nothing in it is behaviour."""
    faults = sum("fault" in each.does and not each.idle for each in reads)
    other = sum(1 + each.asks for each in reads if each.does & {"other", "wish"})
    told = any(each.wants or (each.does & {"odd", "shows", "quotes"} and not each.idle) for each in reads)
    return (other > 0 and other >= faults) or not (faults or told or not any(map(_requests, reads)))


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


def _acted(reads: Sequence[_Read], weights: Weights) -> tuple[int, int] | None:
    """The sentences, one behind the other, that tell best what somebody does, and nothing else."""
    best, most, at = list[_Read](), weights.enough_for_steps - 1, 0
    for acts, run in groupby(reads, key=lambda each: _deed(each, weights) > 0):
        several = list(run)
        at += len(several)
        if not acts:
            continue
        deeds = [_deed(each, weights) for each in several]
        worth = max(deeds) + (weights.before_happening if at < len(reads) and reads[at].happens else 0)
        if worth > most:
            strong = (number for number, deed in enumerate(deeds) if deed >= weights.enough_for_steps)
            best, most = several[next(strong, len(deeds) - 1) :], worth
    return (_place(best[0])[0], _place(best[-1])[1]) if best else None


def _deed(each: _Read, weights: Weights) -> int:
    """What a sentence is worth as a step."""
    if each.facts or each.asks or each.does & {"wanted", "aside"}:
        return 0
    return sum(worth for kind, worth in weights.steps.items() if kind in each.does)


def _current(reads: Sequence[_Read], steps: tuple[int, int] | None, weights: Weights, least: int) -> tuple[int, int] | None:
    """The sentence that tells best what the product does."""
    told = [each for each in reads if not each.idle and not each.wants]
    if not told:
        return None
    worths = {id(each): _worth(each, weights) for each in told}
    behind = next((each for each in reads if steps and each.unit.start >= steps[1]), None)
    first = next((each for each in told if worths[id(each)] >= 0 and "acts" not in each.does), None)
    before = [each for each, following in pairwise(reads) if following.wants]
    for near, worth in (([behind], weights.behind_steps), ([first], weights.first), (before, weights.before_wanted)):
        for each in near:
            if id(each) in worths:
                worths[id(each)] += worth
    best = max(told, key=lambda each: worths[id(each)])
    return _place(best) if worths[id(best)] >= least else None


def _worth(each: _Read, weights: Weights) -> int:
    """What a sentence is worth as the current behaviour. Something must speak for it: more than nothing is needed."""
    kinds = each.does - {"odd"} if "fault" in each.does else each.does
    worth = sum(worth for kind, worth in weights.current.items() if kind in kinds)
    told = 1 if kinds & {"fault", "odd", "shows", "quotes"} or not each.facts else 4
    return worth + weights.facts * told * (each.facts or each.perhaps)


def _expected(reads: Sequence[_Read], current: tuple[int, int] | None) -> tuple[int, int] | None:
    """The first sentence behind the current behaviour that tells what should be; else the first at all."""
    wanted = [each for each in reads if each.wants]
    behind = [each for each in reads if current and each.unit.start >= current[1]]
    if behind and "contrast" in behind[0].does and not (behind[0].idle or behind[0].facts or "fault" in behind[0].does):
        return _place(behind[0])
    best = next((each for each in behind if each.wants), None) or next(iter(wanted), None)
    return _place(best) if best else None


def _place(each: _Read) -> tuple[int, int]:
    return each.unit.start + each.unit.lead, each.unit.end


def _overlaps(each: _Read, told: Mapping[str, tuple[int, int]]) -> bool:
    return any(each.unit.start < end and start < each.unit.end for start, end in told.values())
