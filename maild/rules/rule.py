"""Routing rules: `match` says when, `then` says what. In the order of their files the first that hits decides, unless it continues."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from maild.document import Binder, Document, Steps, nearest, read_yaml
from maild.errors import BadConfiguration, Problem
from maild.mail.message import AutomaticKind
from maild.problem.fields import find_fields
from maild.problem.found import Field, Fields
from maild.problem.lexicon import Lexicon
from maild.problem.reading import Reading, what_it_is_about
from maild.problem.said import said_in
from maild.problem.topics import About
from maild.rules.conditions import Case, Condition, Reader, read_condition
from maild.rules.patterns import PatternIndex
from maild.tickets.decision import Ruling
from maild.tickets.people import Teams
from maild.tickets.ticket import Ticket

Scope = Literal["in-scope", "success-pack", "upgrade", "security", "thanks-only", "automatic", "ask"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """What a hit says. `kind` is the kind of problem where the mail names none; `reply` names the template of the acknowledgement."""

    team: str | None = None
    priority: Literal[0, 1, 2, 3] | None = None
    scope: Scope | None = None
    kind: str | None = None
    reply: str | None = None
    tags: tuple[str, ...] = ()
    stop: bool = True
    continue_: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A mail in a few words, and whether the rule must hit it. `maild check` tries them all."""

    matches: bool
    subject: str = ""
    text: str = ""
    service: Literal["support", "emergency", "upgrade", "security", "control"] = "support"
    from_: str = "customer@example.org"
    to: tuple[str, ...] = ()
    language: str | None = None
    fields: Mapping[str, Any] | None = None
    automatic: AutomaticKind | None = None
    at: str = "2026-01-05T10:00"

    def __post_init__(self) -> None:
        datetime.fromisoformat(self.at)  # ValueError says what is wrong with it


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule; `place` is its file and line."""

    name: str
    place: str
    holds: Condition
    action: Action
    examples: tuple[Example, ...]

    @property
    def shown(self) -> str:
        """How `explain` names it."""
        return f"{self.place} {self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleBook:
    """All rules in order, with their patterns."""

    rules: Sequence[Rule]
    patterns: PatternIndex
    zone: ZoneInfo

    def evaluate(self, reading: Reading, service: str, fields: Fields) -> Ruling:
        """The first rule that hits, and those before it that say `continue`."""
        mail = reading.message
        passed_on = f"\n\n{mail.forwarded.text}" if mail.forwarded else ""
        ruling = self.rule_on(
            Case(
                service=service,
                sender=mail.author.address.lower() if mail.author else "",
                recipients=tuple(each.address.lower() for each in (*mail.to, *mail.cc)),
                fields=fields,
                language=reading.language,
                at=reading.envelope.arrived_at.astimezone(self.zone),
                hits=self.patterns.hits({"subject": mail.subject, "text": f"{mail.reply.text or mail.text}{passed_on}"}),
                about=reading.about,
                issues=reading.issues,
                words=reading.words,
                only_thanks=reading.only_thanks,
                automatic=mail.automatic.kind if mail.automatic else None,
            )
        )
        return replace(ruling, topics=_shown_topics(reading.about))

    def rule_on(self, case: Case) -> Ruling:
        """The same, on a case."""
        ruling, hit, missed = Ruling(), [], []
        for rule in self.rules:
            if not rule.holds(case):
                missed.append(rule.shown)
                continue
            hit.append(rule.shown)
            ruling = _with(ruling, rule)
            if rule.action.stop and not rule.action.continue_:
                break
        return replace(ruling, hit=tuple(hit), missed=tuple(missed))

    def rule_on_part(self, ticket: Ticket, text: str, lexicon: Lexicon) -> Ruling:
        """The same, on a part of a request that is to be one of its own."""
        known = {name: each for name, each in ticket.fields.items() if name != "kind"}
        part = self._case_of("", text, known, ticket.language, ticket.arrived_at.astimezone(self.zone), lexicon)
        case = replace(part, sender=ticket.requester.address.lower())
        return replace(self.rule_on(case), topics=_shown_topics(case.about))

    def failed_examples(self, lexicon: Lexicon) -> list[Problem]:
        """Examples that do not do what they say."""
        problems = []
        for rule in self.rules:
            for number, example in enumerate(rule.examples, 1):
                if rule.holds(self._case(example, lexicon)) is not example.matches:
                    what = f"example {number} of '{rule.name}' should {'' if example.matches else 'not '}match"
                    problems.append(Problem(rule.place, what, "mend the rule or the example"))
        return problems

    def _case(self, example: Example, lexicon: Lexicon) -> Case:
        told = {name: Field(value=value, source="example", confidence=1.0) for name, value in (example.fields or {}).items()}
        at = datetime.fromisoformat(example.at).replace(tzinfo=self.zone)
        return replace(
            self._case_of(example.subject, example.text, told, example.language, at, lexicon),
            service=example.service,
            sender=example.from_.lower(),
            recipients=tuple(each.lower() for each in example.to),
            automatic=example.automatic,
        )

    def _case_of(self, subject: str, text: str, known: Fields, language: str | None, at: datetime, lexicon: Lexicon) -> Case:
        """A support mail by nobody with these words; `known` goes before what is read in them."""
        found = find_fields(text, subject, lexicon.fields)
        said = said_in(subject, text, found)
        language = language or lexicon.languages.of(said.text, f"{said.subject}\n{said.text}")
        issues, about = what_it_is_about(said, language, lexicon)
        return Case(
            service="support",
            sender="",
            recipients=(),
            fields={**found, **known},
            language=language,
            at=at,
            hits=self.patterns.hits({"subject": subject, "text": text}),
            about=about,
            issues=issues.count,
            words=said.told,
            only_thanks=lexicon.thanks(text, lexicon.names),
        )


def _shown_topics(about: About) -> tuple[str, ...]:
    """Each topic as `explain` names it, the one with the most first."""
    ordered = sorted(about.items(), key=lambda each: -each[1].score)
    return tuple(f"{name} {topic.score}: {', '.join(topic.phrases)}" for name, topic in ordered)


def _with(ruling: Ruling, rule: Rule) -> Ruling:
    """Earlier rules go before later ones; tags add up."""
    action = rule.action
    return replace(
        ruling,
        team=ruling.team or action.team,
        priority=action.priority if ruling.priority is None else ruling.priority,
        scope=ruling.scope or action.scope,
        kind=ruling.kind or action.kind,
        reply=ruling.reply or action.reply,
        tags=tuple(dict.fromkeys((*ruling.tags, *action.tags))),
        chosen_by=ruling.chosen_by or (rule.shown if action.team else ""),
    )


def read_rules(
    files: Sequence[tuple[Path, str]], lexicon: Lexicon, teams: Teams, zone: ZoneInfo
) -> tuple[RuleBook, list[Problem]]:
    """Reads rule files, given as (path, name to show). Problems of all files are collected."""
    patterns, problems, rules = PatternIndex(), list[Problem](), list[Rule]()
    for path, shown in files:
        try:
            document = read_yaml(path, shown)
        except BadConfiguration as error:
            problems += error.problems
            continue
        binder = Binder(document)
        tree = document.tree if isinstance(document.tree, list) else []
        if not isinstance(document.tree, list) and document.tree is not None:
            binder.fail((), "a list of rules belongs here", "start each rule with `- rule: NAME`")
        for number, each in enumerate(tree):
            rule = _read_rule(each, (number,), Reader(binder, patterns, lexicon), teams, document)
            if rule is not None:
                rules.append(rule)
        problems += binder.problems
    patterns.close()
    return RuleBook(rules=rules, patterns=patterns, zone=zone), problems


_KEYS = ("rule", "match", "then", "examples")


def _read_rule(tree: Any, steps: Steps, reader: Reader, teams: Teams, document: Document) -> Rule | None:
    binder = reader.binder
    before = len(binder.problems)
    if not isinstance(tree, dict):
        binder.fail(steps, "a rule belongs here", "write `rule`, `match` and `then`")
        return None
    for name in tree:
        if name not in _KEYS:
            binder.fail((*steps, name), f"'{name}' is not known here", nearest(name, _KEYS))
    for name in ("rule", "match", "then"):
        if name not in tree:
            binder.fail(steps, f"'{name}' is missing", f"add `{name}`")
    title = binder.bind(str, (*steps, "rule"), tree.get("rule", ""))
    holds = read_condition(tree["match"], (*steps, "match"), reader) if "match" in tree else None
    action = binder.bind(Action, (*steps, "then"), tree["then"]) if "then" in tree else None
    examples = binder.bind(tuple[Example, ...], (*steps, "examples"), tree.get("examples", []))
    if action is not None and action.team is not None and action.team not in teams.teams:
        binder.fail((*steps, "then", "team"), f"there is no team '{action.team}'", nearest(action.team, teams.teams))
    kinds = sorted(reader.lexicon.fields.specs["kind"].words.values()) if "kind" in reader.lexicon.fields.specs else []
    if action is not None and action.kind is not None and action.kind not in kinds:
        binder.fail((*steps, "then", "kind"), f"'{action.kind}' is no kind", nearest(action.kind, kinds))
    if len(binder.problems) > before or not title or holds is None or action is None or examples is None:
        return None
    return Rule(name=title, place=document.place(steps).rpartition(":")[0], holds=holds, action=action, examples=examples)
