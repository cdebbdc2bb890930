"""Rules as files: their order, what they say together, their examples, and what is said where they are written wrongly."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from maild.errors import Problem
from maild.problem.reading import Reading
from maild.rules.rule import RuleBook
from maild.tickets.decision import Ruling

Rules = Callable[..., tuple[RuleBook, list[Problem]]]
Read = Callable[..., Reading]

MATCHES = "match: { service: support }"


def ruling(rules: Rules, read: Read, *texts: str, service: str = "support") -> Ruling:
    """What these rule files say about a mail."""
    book, problems = rules(*texts)
    assert problems == []
    reading = read("Hello")
    return book.evaluate(reading, service, reading.fields)


def test_the_first_rule_that_hits_decides(rules: Rules, read: Read) -> None:
    """Rules are read in the order of files and lines; what comes after the first hit is not asked."""
    found = ruling(
        rules,
        read,
        f"- rule: never\n  match: {{ service: upgrade }}\n  then: {{ team: upgrade }}\n- rule: first\n  {MATCHES}\n  then: {{ team: technical, priority: 2 }}\n",
        f"- rule: second\n  {MATCHES}\n  then: {{ team: functional, scope: success-pack }}\n",
    )
    assert (found.team, found.priority, found.scope) == ("technical", 2, None)
    assert found.hit == ("rules/10-a.yaml:4 first",)
    assert found.missed == ("rules/10-a.yaml:1 never",)


@pytest.mark.parametrize("words", ["continue: true", "stop: false"])
def test_a_rule_that_continues_lets_others_add(words: str, rules: Rules, read: Read) -> None:
    """What an earlier rule said stays, what it left open is filled in, tags add up."""
    found = ruling(
        rules,
        read,
        f"- rule: a\n  {MATCHES}\n  then: {{ team: technical, priority: 0, tags: [one, two], {words} }}\n"
        f"- rule: b\n  {MATCHES}\n  then: {{ team: functional, scope: ask, priority: 3, tags: [two, three] }}\n"
        f"- rule: c\n  {MATCHES}\n  then: {{ reply: security }}\n",
    )
    hit = ("rules/10-a.yaml:1 a", "rules/10-a.yaml:4 b")
    expected = Ruling(team="technical", priority=0, scope="ask", tags=("one", "two", "three"), hit=hit, chosen_by=hit[0])
    assert replace(found, topics=()) == expected


def test_no_rule_says_nothing(rules: Rules, read: Read) -> None:
    """A mail that no rule hits has no ruling; a desk without rules works."""
    assert replace(ruling(rules, read, ""), topics=()) == Ruling()
    assert ruling(rules, read, f"- rule: a\n  {MATCHES}\n  then: {{ team: technical }}\n", service="upgrade").team is None


def test_rules_look_at_the_mail_itself(rules: Rules, read: Read) -> None:
    """From, To and Cc, the author's own text, the language, and the hour in the desk's zone."""
    rule = (
        "- rule: a\n  match:\n    all:\n      - from: ann@example.org\n      - to: boss@example.org\n      - words: { in: text, any of: [blank] }\n"
        '      - not: { words: { any of: [quoted] } }\n      - language: en\n      - time: { from: "13:00", to: "13:01" }\n  then: { team: technical }\n'
    )
    book, problems = rules(rule)
    assert problems == []
    reading = read(
        "Hello, when we print it the invoice is blank.\n\nOn Monday Bob wrote:\n> quoted\n> b\n", Cc="Boss <BOSS@example.org>"
    )
    assert book.evaluate(reading, "support", reading.fields).team == "technical"  # noon in UTC is one o'clock in Brussels


def test_a_ticket_knows_more_than_a_mail(rules: Rules, read: Read) -> None:
    """The fields are those that are handed in: what the ticket knows counts, too."""
    book, _ = rules("- rule: a\n  match: { field: { name: version, is: '17.0' } }\n  then: { team: technical }\n")
    reading = read("Hello")
    assert book.evaluate(reading, "support", reading.fields).team is None
    assert book.evaluate(reading, "support", read("Version: 17.0").fields).team == "technical"


def test_examples_are_tried(rules: Rules, shipped: object) -> None:
    """An example that does not do what it says is a problem of its rule."""
    book, problems = rules(
        "- rule: a\n  match: { words: { any of: [blank] } }\n  then: { team: technical }\n"
        "  examples:\n    - { text: it is blank, matches: true }\n    - { text: it is blank, matches: false }\n    - { text: it is red, matches: true }\n"
    )
    assert problems == []
    found = book.failed_examples(shipped.lexicon)  # type: ignore[attr-defined]
    assert [str(each) for each in found] == [
        "rules/10-a.yaml:1: example 2 of 'a' should not match; mend the rule or the example",
        "rules/10-a.yaml:1: example 3 of 'a' should match; mend the rule or the example",
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("- rule: a\n  match: { service: support }\n  then: { team: tecnical }\n", "10-a.yaml:3:11: there is no team 'tecnical'; did you mean 'technical'?"),
        ("- rule: a\n  match: { service: support }\n  then: { taem: technical }\n", "10-a.yaml:3:11: 'taem' is not known here; did you mean 'team'?"),
        ("- rule: a\n  match: { service: support }\n  then: { priority: 7 }\n", "10-a.yaml:3:11: '7' is not known here"),
        ("- rule: a\n  match: { service: support }\n  then: { scope: everything }\n", "10-a.yaml:3:11: 'everything' is not known here"),
        ("- rule: a\n  match: { service: support }\n  then: technical\n", "10-a.yaml:3:3: 'technical' stands where names and values belong"),
        ("- rule: a\n  match: { service: support }\n", "10-a.yaml:1:3: 'then' is missing; add `then`"),
        ("- rule: a\n  then: { team: technical }\n", "10-a.yaml:1:3: 'match' is missing; add `match`"),
        ("- match: { service: support }\n  then: { team: technical }\n", "10-a.yaml:1:3: 'rule' is missing; add `rule`"),
        ("- rule: a\n  mach: { service: support }\n  match: { service: support }\n  then: { team: technical }\n", "10-a.yaml:2:3: 'mach' is not known here; did you mean 'match'?"),
        ("- rule: [a]\n  match: { service: support }\n  then: { team: technical }\n", "10-a.yaml:1:3: a list does not fit; text belongs here"),
        ("- rule: a\n  rule: b\n  match: { service: support }\n  then: { team: technical }\n", "10-a.yaml:2:3: 'rule' stands here twice; keep one"),
        ("- rule: &x a\n  match: { service: support }\n  then: { team: *x }\n", "aliases are not taken here"),
        ("- rule: a\n match: b\n", "10-a.yaml:2:"),
        ("rule: a\n", "10-a.yaml:1:1: a list of rules belongs here; start each rule with `- rule: NAME`"),
        ("- a\n", "10-a.yaml:1:3: a rule belongs here"),
        ("- rule: a\n  match: { service: support }\n  then: { team: technical }\n  examples: [ { text: x } ]\n", "10-a.yaml:4:15: 'matches' is missing"),
        ("- rule: a\n  match: { service: support }\n  then: { team: technical }\n  examples: [ { matches: yes } ]\n", "10-a.yaml:4:17: 'yes' does not fit; true or false belongs here"),
        ("- rule: a\n  match: { service: support }\n  then: { team: technical }\n  examples: [ { matches: true, at: noon } ]\n", "10-a.yaml:4:15: Invalid isoformat string: 'noon'"),
        ("- rule: a\n  match: " + "[" * 40 + "]" * 40 + "\n  then: { team: technical }\n", "nests too deep"),
    ],
)  # fmt: skip
def test_what_is_written_wrongly(text: str, problem: str, rules: Rules) -> None:
    """Each mistake is told with file, line, column and remedy, and a rule with one is none."""
    book, problems = rules(text)
    assert book.rules == []
    assert any(problem in str(each) for each in problems), [str(each) for each in problems]
    assert all(each.where.startswith("rules/10-a.yaml:") and each.remedy for each in problems) or "isoformat" in problem


def test_good_rules_of_a_bad_file_are_read_with_it(rules: Rules) -> None:
    """All mistakes of all files are collected in one go."""
    book, problems = rules(
        f"- rule: bad\n  {MATCHES}\n  then: {{ team: nobody }}\n- rule: good\n  {MATCHES}\n  then: {{ team: technical }}\n",
        "- rule: worse\n  match: {}\n  then: {}\n",
        "\t- not: yaml",
    )
    assert [rule.name for rule in book.rules] == ["good"]
    assert [problem.where.split(":")[0] for problem in problems] == ["rules/10-a.yaml", "rules/11-a.yaml", "rules/12-a.yaml"]
