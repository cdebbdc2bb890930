"""Every word of the rules' language: when it holds, when it does not, and what is said where it is written wrongly."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from maild.errors import Problem
from maild.rules.conditions import CONDITIONS
from maild.rules.rule import RuleBook

Hits = Callable[..., bool]
Rules = Callable[..., tuple[RuleBook, list[Problem]]]


@pytest.mark.parametrize(
    ("match", "example", "expected"),
    [
        ("{ service: upgrade }", {"service": "upgrade"}, True),
        ("{ service: upgrade }", {"service": "support"}, False),
        ("{ service: [support, emergency] }", {"service": "emergency"}, True),
        ("{ service: [Support, EMERGENCY] }", {"service": "emergency"}, True),
        ("{ from: ann@example.org }", {"from_": "ann@example.org"}, True),
        ("{ from: Ann@Example.org }", {"from_": "ANN@example.ORG"}, True),
        ("{ from: ann@example.org }", {"from_": "joann@example.org"}, False),
        ("{ from: '@example.org' }", {"from_": "ann@example.org"}, True),
        ("{ from: '@example.org' }", {"from_": "ann@sub.example.org"}, False),
        ("{ from: '@example.org' }", {"from_": "ann@badexample.org"}, False),
        ("{ from: '@*.example.org' }", {"from_": "ann@sub.example.org"}, True),
        ("{ from: '@*.example.org' }", {"from_": "ann@deep.sub.example.org"}, True),
        ("{ from: '@*.example.org' }", {"from_": "ann@example.org"}, False),
        ("{ from: '@*.example.org' }", {"from_": "ann@badexample.org"}, False),
        ("{ from: [a@b.c, '@d.e'] }", {"from_": "x@d.e"}, True),
        ("{ to: sales@example.com }", {"to": "[x@y.z, Sales@example.com]"}, True),
        ("{ to: sales@example.com }", {"to": "x@y.z"}, False),
        ("{ to: sales@example.com }", {}, False),
        ("{ language: fr }", {"language": "fr"}, True),
        ("{ language: [fr, de] }", {"language": "en"}, False),
        ("{ language: fr }", {"text": "x"}, False),
        ("{ language: en }", {"text": '"when we print the invoice it is blank"'}, True),
        ("{ words: { any of: [timeout] } }", {"text": "a Timeout."}, True),
        ("{ words: { any of: [timeout] } }", {"subject": "TIMEOUT"}, True),
        ("{ words: { any of: [timeout] } }", {"text": "timeouts"}, False),
        ("{ words: { any of: [timeout] } }", {"text": "mytimeout"}, False),
        ("{ words: { any of: [time] } }", {"text": "my_time"}, False),
        ("{ words: { any of: [time] } }", {"text": "(time)"}, True),
        ("{ words: { any of: ['server down'] } }", {"text": "the server   down"}, True),
        ("{ words: { any of: ['server down'] } }", {"text": '"the server\\ndown"'}, True),
        ("{ words: { any of: ['server down'] } }", {"text": "the server is down"}, False),
        ("{ words: { any of: [größe] } }", {"text": "die GRÖSSE"}, False),
        ("{ words: { any of: [Sicherheitslücke] } }", {"text": "eine SICHERHEITSLÜCKE!"}, True),
        ("{ words: { any of: ['C++', 'a.b'] } }", {"text": "in C++ it is"}, True),
        ("{ words: { any of: ['a.b'] } }", {"text": "axb"}, False),
        ("{ words: { any of: [502] } }", {"text": "error 502"}, True),
        ("{ words: { any of: [no] } }", {"text": "there is no invoice"}, True),
        ("{ words: { in: subject, any of: [timeout] } }", {"text": "timeout"}, False),
        ("{ words: { in: [subject, text], any of: [timeout] } }", {"text": "timeout"}, True),
        ("{ words: { in: text, any of: [timeout, slow] } }", {"text": "so slow"}, True),
        ("{ topic: training }", {"subject": "training for our team"}, True),
        ("{ topic: [training, import] }", {"subject": "training for our team"}, True),
        ("{ topic: training }", {"text": "the invoice is blank"}, False),
        ("{ topic: { name: training, over: import } }", {"subject": "training for our team"}, True),
        ("{ topic: { name: training, over: [import, training] } }", {"subject": "training for our team"}, False),
        ("{ topic: { name: import, over: training } }", {"subject": "training for our team"}, False),
        ("{ says: thanks }", {"text": "Thank you very much!"}, True),
        ("{ says: thanks }", {"text": "Thank you, but it fails"}, False),
        ("{ automatic: auto-generated }", {"automatic": "auto-generated"}, True),
        ("{ automatic: [bulk, bounce] }", {"automatic": "auto-generated"}, False),
        ("{ automatic: bulk }", {"text": "x"}, False),
        ("{ issues: one }", {"text": "the invoice is blank"}, True),
        ("{ issues: several }", {"text": '"Two problems:\\n- the invoice is blank today\\n- the logo is not printed"'}, True),
        ("{ issues: [one, several] }", {"text": "Thanks"}, True),
        ("{ shorter than: 3 }", {"text": "two words"}, True),
        ("{ shorter than: 3 }", {"text": "there are three"}, False),
        ("{ pattern: { re2: 'CVE-\\d{4}' } }", {"subject": "CVE-2026"}, True),
        ("{ pattern: { in: text, re2: 'CVE-\\d{4}' } }", {"subject": "CVE-2026"}, False),
        ("{ pattern: { re2: 'cve' } }", {"subject": "CVE-2026"}, False),
        ("{ pattern: { re2: '(?i)cve' } }", {"subject": "CVE-2026"}, True),
        ("{ field: { name: version, known: true } }", {"text": '"Version: 17.0"'}, True),
        ("{ field: { name: version, known: true } }", {"text": '"Version: saas~17"'}, False),
        ("{ field: { name: version, known: false } }", {"text": "x"}, True),
        ("{ field: { name: version, known: false } }", {"text": '"Version: 17.0"'}, False),
        ("{ field: { name: version, is: '17.0' } }", {"text": '"Version: 17"'}, True),
        ("{ field: { name: version, is: ['16.0', '17.0'] } }", {"text": '"Version: 17"'}, True),
        ("{ field: { name: version, is: '17.0' } }", {"text": '"Version: 16.0"'}, False),
        ("{ field: { name: version, is: '17.0' } }", {"text": "x"}, False),
        ("{ field: { name: blocking, is: true } }", {"text": '"Blocking: yes"'}, True),
        ("{ field: { name: blocking, is: true } }", {"text": '"Blocking: no"'}, False),
        ("{ field: { name: blocking, is: false } }", {"text": '"Blocking: no"'}, True),
        ("{ time: { from: '09:00', to: '17:00' } }", {"at": '"2026-03-04T09:00"'}, True),
        ("{ time: { from: '09:00', to: '17:00' } }", {"at": '"2026-03-04T16:59"'}, True),
        ("{ time: { from: '09:00', to: '17:00' } }", {"at": '"2026-03-04T17:00"'}, False),
        ("{ time: { from: '22:00', to: '06:00' } }", {"at": '"2026-03-04T23:00"'}, True),
        ("{ time: { from: '22:00', to: '06:00' } }", {"at": '"2026-03-04T05:59"'}, True),
        ("{ time: { from: '22:00', to: '06:00' } }", {"at": '"2026-03-04T12:00"'}, False),
        ("{ time: { days: [sat, sun] } }", {"at": '"2026-03-07T12:00"'}, True),
        ("{ time: { days: [sat, sun] } }", {"at": '"2026-03-06T12:00"'}, False),
        ("{ time: { days: mon, from: '12:00' } }", {"at": '"2026-03-02T11:00"'}, False),
        ("{ time: { days: mon, from: '12:00' } }", {"at": '"2026-03-02T13:00"'}, True),
        ("{ service: support, language: fr }", {"language": "fr"}, True),
        ("{ service: upgrade, language: fr }", {"language": "fr"}, False),
        ("{ all: [ { service: support }, { language: fr } ] }", {"language": "fr"}, True),
        ("{ all: [ { service: support }, { language: fr } ] }", {"language": "de"}, False),
        ("{ any: [ { service: upgrade }, { language: fr } ] }", {"language": "fr"}, True),
        ("{ any: [ { service: upgrade }, { language: fr } ] }", {"language": "de"}, False),
        ("{ not: { language: fr } }", {"language": "de"}, True),
        ("{ not: { language: fr } }", {"language": "fr"}, False),
        (
            "{ not: { any: [ { service: upgrade }, { all: [ { service: support }, { language: fr } ] } ] } }",
            {"language": "fr"},
            False,
        ),
        ("{ not: { not: { service: support } } }", {}, True),
    ],
)
def test_conditions(match: str, example: dict[str, str], expected: bool, hits: Hits) -> None:
    """Each condition holds where it says, and nowhere else."""
    assert hits(match, **example) is expected


def test_every_condition_has_a_test() -> None:
    """A word that is added to the language must be added above."""
    (rows,) = (mark.args[1] for mark in test_conditions.pytestmark)  # type: ignore[attr-defined]
    assert {name for name in CONDITIONS if any(f"{name}:" in match for match, _, _ in rows)} == set(CONDITIONS)


@pytest.mark.parametrize(
    ("match", "problem"),
    [
        ("{ servce: support }", "2:12: 'servce' is no condition; did you mean 'service'?"),
        ("{ service: suport }", "2:12: 'suport' is not known here; did you mean 'support'?"),
        ("{ service: [support, upgrad] }", "2:31: 'upgrad' is not known here; did you mean 'upgrade'?"),
        ("{ service: [] }", "2:12: a list without anything in it"),
        ("{ language: xx }", "'xx' is not known here"),
        ("{ from: { a: b } }", "a table does not fit"),
        ("{ words: { any of: [] } }", "2:21: a word is missing"),
        ("{ words: { any of: ['  '] } }", "2:21: a word is missing"),
        ("{ words: { in: body, any of: [x] } }", "'body' is not known here; known here: subject, text"),
        ("{ words: { anyof: [x] } }", "'anyof' is not known here; did you mean 'any of'?"),
        ("{ words: { in: text } }", "'any of' is missing; add `any of`"),
        ("{ words: timeout }", "names and values belong here"),
        ("{ pattern: { re2: '(' } }", "RE2 does not take this pattern: missing ): ("),
        ("{ pattern: { re2: '(?<=a)b' } }", "RE2 does not take this pattern"),
        ("{ pattern: { re2: '(a)\\1' } }", "RE2 does not take this pattern"),
        ("{ pattern: { re2: [a] } }", "a list does not fit; text belongs here"),
        ("{ field: { name: versoin, known: true } }", "'versoin' is not known here; did you mean 'version'?"),
        ("{ field: { name: version } }", "'is' or 'known' is missing"),
        ("{ field: { name: version, known: perhaps } }", "'perhaps' does not fit; true or false belongs here"),
        ("{ field: version }", "names and values belong here"),
        ("{ time: { from: '25:00' } }", "'25:00' is no time of day"),
        ("{ time: { from: '09:00+02:00' } }", "'09:00+02:00' is no time of day"),
        ("{ time: { days: monday } }", "'monday' is not known here; did you mean 'mon'?"),
        ("{ time: { until: '17:00' } }", "'until' is not known here"),
        ("{ any: { service: support } }", "a list of conditions belongs here"),
        ("{ any: [] }", "a list of conditions belongs here"),
        ("{ all: [ service ] }", "a condition belongs here"),
        ("{ not: [] }", "a condition belongs here"),
        ("{}", "a condition belongs here; write one of: all, any, not, service"),
        ("support", "a condition belongs here"),
        ("{ any: [ { service: support }, { wrods: { any of: [x] } } ] }", "2:43: 'wrods' is no condition; did you mean 'words'?"),
    ],
)
def test_what_is_written_wrongly(match: str, problem: str, rules: Rules) -> None:
    """File, line, column, what is wrong, and a remedy; the rule does not count, least of all in silence."""
    book, problems = rules(f"- rule: a\n  match: {match}\n  then: {{ team: technical }}\n")
    assert book.rules == []
    assert problem in str(problems[0])
    for each in problems:
        assert each.where.startswith("rules/10-a.yaml:2:")
        assert each.remedy


def test_all_mistakes_of_a_condition_are_told(rules: Rules) -> None:
    """One look at the file, one list of what to mend."""
    _, problems = rules(
        "- rule: a\n  match:\n    servce: x\n    any:\n      - langage: fr\n      - words: { in: body }\n  then: { team: tecnical }\n"
    )
    assert [problem.where for problem in problems] == [f"rules/10-a.yaml:{place}" for place in ("3:5", "5:9", "6:9", "7:11")]
