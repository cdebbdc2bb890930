"""What a rule can ask of a mail. One row in `CONDITIONS` a word of the language; to add one, write its builder and its row."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any, get_args

from maild.document import Binder, Steps, nearest
from maild.mail.message import AutomaticKind
from maild.problem.found import Fields
from maild.problem.lexicon import Lexicon
from maild.problem.topics import About
from maild.rules.patterns import PLACES, BadPattern, PatternIndex, compile_pattern, words_pattern

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MACHINES: tuple[AutomaticKind, ...] = get_args(AutomaticKind)
SERVICES = ("support", "emergency", "upgrade", "security", "control")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What rules look at: the mail's facts, and which registered patterns it has. Addresses in lower case, `at` in the desk's zone."""

    service: str
    sender: str
    recipients: tuple[str, ...]
    fields: Fields
    language: str | None
    at: datetime
    hits: Mapping[str, frozenset[int]]
    about: About = field(default_factory=dict)  # topics
    issues: int = 1
    words: int = 0
    only_thanks: bool = False
    automatic: str | None = None


Condition = Callable[[Case], bool]


@dataclass(frozen=True, slots=True)
class Reader:
    """What a builder needs: the document with its problems, the patterns of all rules, and the names that exist."""

    binder: Binder
    patterns: PatternIndex
    lexicon: Lexicon


def read_condition(tree: Any, steps: Steps, reader: Reader) -> Condition | None:
    """A mapping of conditions that must all hold. None where something is wrong; the problem is noted."""
    if not isinstance(tree, dict) or not tree:
        reader.binder.fail(steps, "a condition belongs here", "write one of: " + ", ".join(CONDITIONS))
        return None
    parts: list[Condition | None] = []
    for name, value in tree.items():
        build = CONDITIONS.get(name)
        if build is None:
            reader.binder.fail((*steps, name), f"'{name}' is no condition", nearest(name, CONDITIONS))
            parts.append(None)
        else:
            parts.append(build(value, (*steps, name), reader))
    conditions = [part for part in parts if part is not None]
    if len(conditions) < len(parts):
        return None
    return conditions[0] if len(conditions) == 1 else lambda case: all(holds(case) for holds in conditions)


def _several(value: Any, steps: Steps, reader: Reader) -> list[Condition] | None:
    if not isinstance(value, list) or not value:
        reader.binder.fail(steps, "a list of conditions belongs here", "start each with `- `")
        return None
    found = [read_condition(each, (*steps, number), reader) for number, each in enumerate(value)]
    conditions = [each for each in found if each is not None]
    return conditions if len(conditions) == len(found) else None


def _all(value: Any, steps: Steps, reader: Reader) -> Condition | None:
    conditions = _several(value, steps, reader)
    return None if conditions is None else (lambda case: all(holds(case) for holds in conditions))


def _any(value: Any, steps: Steps, reader: Reader) -> Condition | None:
    conditions = _several(value, steps, reader)
    return None if conditions is None else (lambda case: any(holds(case) for holds in conditions))


def _not(value: Any, steps: Steps, reader: Reader) -> Condition | None:
    holds = read_condition(value, steps, reader)
    return None if holds is None else (lambda case: not holds(case))


def _words_of(value: Any, steps: Steps, reader: Reader, known: Sequence[str] | None = None) -> tuple[str, ...] | None:
    """One word or a list of them, in lower case; none at all could never hold."""
    words = reader.binder.bind(tuple[str, ...], steps, value)
    if words is None:
        return None
    if not words:
        reader.binder.fail(steps, "a list without anything in it", "write at least one, or leave the condition out")
        return None
    for number, word in enumerate(words):
        if known is not None and word.lower() not in known:
            at = (*steps, number) if isinstance(value, list) else steps
            reader.binder.fail(at, f"'{word}' is not known here", nearest(word, known))
            return None
    return tuple(word.lower() for word in words)


def _service(value: Any, steps: Steps, reader: Reader) -> Condition | None:
    words = _words_of(value, steps, reader, SERVICES)
    return None if words is None else (lambda case: case.service in words)


def _language(value: Any, steps: Steps, reader: Reader) -> Condition | None:
    words = _words_of(value, steps, reader, sorted(reader.lexicon.languages.names))
    return None if words is None else (lambda case: case.language in words)


def _is_one_of(address: str, wanted: Sequence[str]) -> bool:
    """`ann@example.org` is one address, `@example.org` a domain, `@*.example.org` its subdomains."""
    domain = address.rpartition("@")[2]
    return any(
        address == each or (each.startswith("@*.") and domain.endswith(each[2:])) or (each.startswith("@") and domain == each[1:])
        for each in wanted
    )


def _from(value: Any, steps: Steps, reader: Reader) -> Condition | None:
    wanted = _words_of(value, steps, reader)
    return None if wanted is None else (lambda case: _is_one_of(case.sender, wanted))


def _to(value: Any, steps: Steps, reader: Reader) -> Condition | None:
    wanted = _words_of(value, steps, reader)
    return None if wanted is None else (lambda case: any(_is_one_of(each, wanted) for each in case.recipients))


def _options(value: Any, steps: Steps, reader: Reader, required: Sequence[str], optional: Sequence[str] = ()) -> bool:
    """Whether a mapping has the keys it needs and no others."""
    if not isinstance(value, dict):
        reader.binder.fail(steps, "names and values belong here", f"write {{ {', '.join(f'{name}: …' for name in required)} }}")
        return False
    known = (*required, *optional)
    wrong = [name for name in value if name not in known]
    lacking = [name for name in required if name not in value]
    for name in wrong:
        reader.binder.fail((*steps, name), f"'{name}' is not known here", nearest(name, known))
    for name in lacking:
        reader.binder.fail(steps, f"'{name}' is missing", f"add `{name}`")
    return not wrong and not lacking


def _where(value: dict[str, Any], steps: Steps, reader: Reader) -> tuple[str, ...] | None:
    return _words_of(value.get("in", list(PLACES)), (*steps, "in"), reader, PLACES)


def _words(value: Any, steps: Steps, reader: Reader) -> Condition | None:
    if not _options(value, steps, reader, ("any of",), ("in",)):
        return None
    places, phrases = _where(value, steps, reader), reader.binder.bind(tuple[str, ...], (*steps, "any of"), value["any of"])
    if places is None or phrases is None:
        return None
    if not phrases or not all(phrase.strip() for phrase in phrases):
        reader.binder.fail((*steps, "any of"), "a word is missing", "write the words to look for")
        return None
    numbers = [(place, reader.patterns.add(place, words_pattern(phrases))) for place in places]
    return lambda case: any(number in case.hits.get(place, ()) for place, number in numbers)


def _pattern(value: Any, steps: Steps, reader: Reader) -> Condition | None:
    if not _options(value, steps, reader, ("re2",), ("in",)):
        return None
    places, pattern = _where(value, steps, reader), reader.binder.bind(str, (*steps, "re2"), value["re2"])
    if places is None or pattern is None:
        return None
    try:
        compile_pattern(pattern)
    except BadPattern as error:
        reader.binder.fail((*steps, "re2"), f"RE2 does not take this pattern: {error}", "see github.com/google/re2/wiki/Syntax")
        return None
    numbers = [(place, reader.patterns.add(place, pattern)) for place in places]
    return lambda case: any(number in case.hits.get(place, ()) for place, number in numbers)


def _field(value: Any, steps: Steps, reader: Reader) -> Condition | None:
    if not _options(value, steps, reader, ("name",), ("is", "known")):
        return None
    names = _words_of(value["name"], (*steps, "name"), reader, sorted(reader.lexicon.fields.specs))
    if not names:
        return None
    name = names[0]
    if "known" in value:
        known = reader.binder.bind(bool, (*steps, "known"), value["known"])
        return None if known is None else (lambda case: (name in case.fields and case.fields[name].value is not None) is known)
    if "is" not in value:
        reader.binder.fail(steps, "'is' or 'known' is missing", "add `is: VALUE` or `known: true`")
        return None
    wanted = value["is"] if isinstance(value["is"], list) else [value["is"]]
    return lambda case: name in case.fields and case.fields[name].value in wanted


def _topic(value: Any, steps: Steps, reader: Reader) -> Condition | None:
    """One of these topics has enough; or `name` has, and more than any of those it must go `over`."""
    topics = reader.lexicon.topics
    enough = topics.enough
    if not isinstance(value, dict):
        wanted = _words_of(value, steps, reader, topics.names)
        return None if wanted is None else (lambda case: any(_score(name, case) >= enough for name in wanted))
    if not _options(value, steps, reader, ("name", "over")):
        return None
    names = _words_of(value["name"], (*steps, "name"), reader, topics.names)
    others = _words_of(value["over"], (*steps, "over"), reader, topics.names)
    if names is None or others is None:
        return None
    ours, theirs = names, others
    return lambda case: max(_score(name, case) for name in ours) >= max(enough, *(_score(each, case) + 1 for each in theirs))


def _score(name: str, case: Case) -> int:
    return case.about[name].score if name in case.about else 0


def _says(value: Any, steps: Steps, reader: Reader) -> Condition | None:
    said = _words_of(value, steps, reader, ("thanks",))
    return None if said is None else (lambda case: case.only_thanks)


def _automatic(value: Any, steps: Steps, reader: Reader) -> Condition | None:
    kinds = _words_of(value, steps, reader, MACHINES)
    return None if kinds is None else (lambda case: case.automatic in kinds)


def _issues(value: Any, steps: Steps, reader: Reader) -> Condition | None:
    said = _words_of(value, steps, reader, ("one", "several"))
    return None if said is None else (lambda case: ("several" if case.issues > 1 else "one") in said)


def _shorter_than(value: Any, steps: Steps, reader: Reader) -> Condition | None:
    words = reader.binder.bind(int, steps, value)
    return None if words is None else (lambda case: case.words < words)


def _time(value: Any, steps: Steps, reader: Reader) -> Condition | None:
    """`days`, and `from` and `to` as times of day in the desk's zone; `to` before `from` means over midnight."""
    if not _options(value, steps, reader, (), ("days", "from", "to")):
        return None
    days = _words_of(value.get("days", list(DAYS)), (*steps, "days"), reader, DAYS)
    hours = [_time_of_day(value.get(name, "00:00"), (*steps, name), reader) for name in ("from", "to")]
    if days is None or hours[0] is None or hours[1] is None:
        return None
    start, end = hours[0], hours[1]

    def holds(case: Case) -> bool:
        now = case.at.time()
        inside = start <= now < end if start < end else (now >= start or now < end)
        return inside and DAYS[case.at.weekday()] in days

    return holds


def _time_of_day(value: Any, steps: Steps, reader: Reader) -> time | None:
    try:
        found = time.fromisoformat(str(value))
    except ValueError:
        found = None
    if found is None or found.tzinfo is not None:  # the zone is the desk's
        reader.binder.fail(steps, f"'{value}' is no time of day", 'write it like "17:30"')
        return None
    return found


Builder = Callable[[Any, Steps, Reader], Condition | None]
CONDITIONS: Mapping[str, Builder] = {
    "all": _all,
    "any": _any,
    "not": _not,
    "service": _service,
    "from": _from,
    "to": _to,
    "words": _words,
    "pattern": _pattern,
    "field": _field,
    "language": _language,
    "topic": _topic,
    "says": _says,
    "automatic": _automatic,
    "issues": _issues,
    "shorter than": _shorter_than,
    "time": _time,
}
