"""`prose.yaml`, `claims.yaml` and `sentences.yaml`: what tells a field without a label, read into cues."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from maild.document import Binder, Document, Steps, nearest
from maild.problem.plain import plain
from maild.problem.table import Cue, FieldSpec, Pattern, Prose, Weights
from maild.rules.patterns import BadPattern, PatternSet, compile_pattern

Phrases = Mapping[str, tuple[str, ...]]  # by language, for the reader's sake: all are looked for in every mail

_PIECE = re.compile(r"\{([a-z_]+)\}")
_BEFORE, _AFTER = r"(?i)(?:^|\W)", r"(?:\W|$)"  # RE2's \W is that of ASCII, and `plain` text is hardly anything else


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """How sentences tell one field."""

    not_: Phrases | None = None
    never: str = ""
    unclear: Phrases | None = None
    best: Phrases | None = None
    says: Phrases | None = None
    perhaps: Phrases | None = None
    values: Mapping[str, Phrases] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Moves:
    """From one value to another, as in an upgrade."""

    old: str
    new: str
    both: Phrases
    to: Phrases
    from_: Phrases
    wish: Phrases
    done: Phrases


@dataclass(frozen=True, slots=True, kw_only=True)
class _ProseFile:
    fields: Mapping[str, _Told]
    pieces: Mapping[str, str] | None = None
    moves: _Moves | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kinds:
    fault: Phrases
    odd: Phrases
    shows: Phrases
    quotes: Phrases
    thing: Phrases
    acts: Phrases
    person: Phrases
    states: Phrases
    when: Phrases
    wanted: Phrases
    contrast: Phrases
    asks: Phrases
    aside: Phrases
    other: Phrases


@dataclass(frozen=True, slots=True, kw_only=True)
class _SentencesFile:
    greetings: Phrases
    closings: Phrases
    abbreviations: Phrases
    weights: Weights
    kinds: _Kinds
    pieces: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cues:
    """The cues of one table."""

    cues: Sequence[Cue]
    never: Mapping[str, frozenset[str]] = field(default_factory=dict)
    greeting: Pattern | None = None
    closing: Pattern | None = None
    abbreviations: frozenset[str] = frozenset()
    weights: Weights | None = None


def prose_of(facts: Sequence[Cues | None], sentences: Cues | None) -> Prose:
    """One value of all tables."""
    there = [each for each in (*facts, sentences) if each is not None]
    cues = [each for table in there for each in table.cues]
    patterns = PatternSet([cue.pattern for cue in cues])
    return Prose(
        cues=cues,
        never={name: words for table in there for name, words in table.never.items() if words},
        present=patterns.hits,
        facts=partial(patterns.hits, first=sum(len(each.cues) for each in facts if each)),
        greeting=next((table.greeting for table in there if table.greeting), None),
        closing=next((table.closing for table in there if table.closing), None),
        abbreviations=frozenset().union(*(table.abbreviations for table in there)),
        weights=next((table.weights for table in there if table.weights), Weights(current={}, steps={})),
    )


def read_prose(specs: Mapping[str, FieldSpec]) -> Callable[[Document, Binder], Cues | None]:
    """The reader of `prose.yaml`, for these fields."""

    def read(document: Document, binder: Binder) -> Cues | None:
        written = binder.bind(_ProseFile)
        if written is None:
            return None
        reader = _Reader(binder, written.pieces or {})
        cues: list[Cue] = []
        for name, told in written.fields.items():
            if name not in specs:
                binder.fail(("fields", name), f"there is no field '{name}'", nearest(name, specs))
                continue
            cues += _told(name, told, specs[name], reader)
        if written.moves:
            cues += _moves(written.moves, specs, reader)
        never = {name: frozenset(plain(told.never).casefold().split()) for name, told in written.fields.items()}
        return Cues(cues=cues, never=never)

    return read


def read_sentences(document: Document, binder: Binder) -> Cues | None:
    """`sentences.yaml`: kinds of sentences, and where a letter and a sentence end."""
    written = binder.bind(_SentencesFile)
    if written is None:
        return None
    reader = _Reader(binder, written.pieces or {})
    cues = [
        Cue(does=kind, field="", value=None, group=0, pattern=pattern)
        for kind in _Kinds.__dataclass_fields__
        for pattern in reader.phrases(getattr(written.kinds, kind), ("kinds", kind))
    ]
    return Cues(
        cues=cues,
        greeting=reader.any_of(written.greetings, ("greetings",), r"(?i)\A(?:{})(?:[,!:. ]+|\z)"),
        closing=reader.any_of(written.closings, ("closings",), r"(?im)^[ \t>*_]*(?:{})[ \t,.!*_]*$"),
        abbreviations=frozenset(plain(each).casefold() for several in written.abbreviations.values() for each in several),
        weights=_known_kinds(written.weights, binder),
    )


def _known_kinds(weights: Weights, binder: Binder) -> Weights:
    kinds = _Kinds.__dataclass_fields__
    for name, several in (("current", weights.current), ("steps", weights.steps)):
        for kind in several:
            if kind not in kinds:
                binder.fail(("weights", name, kind), f"there is no kind '{kind}'", nearest(kind, kinds))
    return weights


class _Reader:
    """Phrases to patterns; what is wrong is told with its place."""

    def __init__(self, binder: Binder, pieces: Mapping[str, str]) -> None:
        self.binder = binder
        self.pieces = {name: re.sub(r"\|\s+(?=\w)", "|", piece) for name, piece in pieces.items()}  # lists may have several lines

    def phrases(self, written: Phrases | None, steps: Steps, groups: int = 0) -> Iterator[Pattern]:
        """Each of them; `groups` is how many values it must have."""
        for language, several in (written or {}).items():
            for number, phrase in enumerate(several):
                compiled = self._compiled(phrase, (*steps, language, number), groups)
                if compiled is not None:
                    yield compiled

    def any_of(self, written: Phrases, steps: Steps, frame: str) -> Pattern | None:
        """All of them as one pattern, in a frame."""
        several = [self._plain(each, (*steps, language)) for language, phrases in written.items() for each in phrases]
        try:
            compiled: Pattern = compile_pattern(frame.replace("{}", "|".join(several or [r"\z\A"])))
            return compiled
        except BadPattern as error:
            self.binder.fail(steps, f"RE2 does not take one of these: {error}", "mend it")
            return None

    def _compiled(self, phrase: str, steps: Steps, groups: int) -> Pattern | None:
        pattern = f"{_BEFORE}(?:{self._plain(phrase, steps)}){_AFTER}"
        try:
            compiled = compile_pattern(pattern)
            if compiled.groups < groups:
                self.binder.fail(steps, f"the pattern has no group {groups}", "put the value in brackets")
            return compiled
        except BadPattern as error:
            self.binder.fail(steps, f"RE2 does not take this pattern: {error}", "mend it")
            return None

    def _plain(self, phrase: str, steps: Steps) -> str:
        """The phrase for `plain` text, with its pieces in their places. A blank is white space; with a question mark it may be missing."""

        def piece(match: re.Match[str]) -> str:
            if match[1] not in self.pieces:
                self.binder.fail(steps, f"there is no piece '{match[1]}'", nearest(match[1], self.pieces))
            return f"(?:{self.pieces.get(match[1], '')})"

        for _ in range(3):  # pieces may hold pieces
            phrase = _PIECE.sub(piece, phrase)
        phrase = re.sub(r"ss(?![?*+{])", "ss?", plain(phrase))  # a sharp s is one s in plain text
        return phrase.replace(" ?", r"\s*").replace(" ", r"\s+")


def _told(name: str, told: _Told, spec: FieldSpec, reader: _Reader) -> Iterator[Cue]:
    """The cues of one field."""
    steps: Steps = ("fields", name)
    several = (("not", told.not_), ("unclear", told.unclear), ("best", told.best), ("says", told.says), ("perhaps", told.perhaps))
    for does, written in several:
        if does in ("best", "says", "perhaps") and written and spec.kind != "token":
            reader.binder.fail((*steps, does), f"'{name}' is no token", "write `values: { VALUE: { LANGUAGE: [phrases] } }`")
        for pattern in reader.phrases(written, (*steps, does), groups=int(does in ("best", "says", "perhaps"))):
            yield Cue(does=does, field=name, value=None, group=1, pattern=pattern)
    known = {*spec.words.values()}
    for value, phrases in (told.values or {}).items():
        if value not in known:
            reader.binder.fail((*steps, "values", value), f"'{value}' is no value of '{name}'", nearest(value, known))
        for pattern in reader.phrases(phrases, (*steps, "values", value)):
            yield Cue(does="value", field=name, value=value, group=0, pattern=pattern)


def _moves(moves: _Moves, specs: Mapping[str, FieldSpec], reader: _Reader) -> Iterator[Cue]:
    """The cues of moves: the old value is in group 1 of `both` and `from`, the new one in group 2 of `both` and group 1 of `to`."""
    for key in ("old", "new"):
        if getattr(moves, key) not in specs:
            reader.binder.fail(("moves", key), f"there is no field '{getattr(moves, key)}'", nearest(getattr(moves, key), specs))
    for pattern in reader.phrases(moves.both, ("moves", "both"), groups=2):
        yield Cue(does="from", field=moves.old, value=moves.new, group=1, pattern=pattern)
        yield Cue(does="to", field=moves.old, value=moves.new, group=2, pattern=pattern)
    for does, phrases, group in (("to", moves.to, 1), ("from", moves.from_, 1)):
        for pattern in reader.phrases(phrases, ("moves", does), groups=1):
            yield Cue(does=does, field=moves.old, value=moves.new, group=group, pattern=pattern)
    for does, phrases in (("wish", moves.wish), ("done", moves.done)):
        for pattern in reader.phrases(phrases, ("moves", does)):
            yield Cue(does=does, field="", value=None, group=0, pattern=pattern)
