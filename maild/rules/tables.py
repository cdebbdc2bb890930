"""The tables beside the rules: `teams.yaml`, `fields.yaml`, `budgets.yaml`, each read into its value."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from dataclasses import field as made
from typing import Literal, get_args

from maild.document import Binder, Document, Steps, nearest
from maild.problem.labels import Labels, fold_label
from maild.problem.table import FieldKind, FieldSpec, FieldTable, Pattern, Rewrite, fold_words
from maild.rules.patterns import BadPattern, PatternSet, compile_pattern
from maild.tickets.assurance import Action, Required
from maild.tickets.budget import Scope
from maild.tickets.decision import MailClass
from maild.tickets.people import Teams

OPPOSITE = "not "  # before the name of a field: where its labels ask the other way round
ACTIONS: tuple[Action, ...] = get_args(Action)


@dataclass(frozen=True, slots=True, kw_only=True)
class Budgets:
    """How many automatic mails of a class there are in an hour, at the most. A class that is not listed has no limit."""

    per_correspondent_and_hour: Mapping[MailClass, int]
    per_domain_and_hour: Mapping[MailClass, int] = made(default_factory=dict)
    per_ticket_and_hour: Mapping[MailClass, int] = made(default_factory=dict)
    per_hour: Mapping[MailClass, int] = made(default_factory=dict)

    @property
    def limits(self) -> Mapping[Scope, Mapping[MailClass, int]]:
        """By whose budget it is."""
        return {
            "correspondent": self.per_correspondent_and_hour,
            "domain": self.per_domain_and_hour,
            "ticket": self.per_ticket_and_hour,
            "desk": self.per_hour,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class _Form:
    match: str
    give: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Field:
    """A field as written in the file; see rules/fields.yaml for what each key means."""

    kind: FieldKind
    labels: Mapping[str, tuple[str, ...]]
    title: Mapping[str, str]
    hint: Mapping[str, str] | None = None
    forms: tuple[_Form, ...] = ()
    forms_of: str | None = None
    anywhere: tuple[str, ...] = ()
    values: Mapping[str, tuple[str, ...]] | None = None
    opposites: Mapping[str, tuple[str, ...]] | None = None
    otherwise: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _FieldsFile:
    fields: Mapping[str, _Field]
    other_labels: Mapping[str, tuple[str, ...]] | None = None
    before_labels: Mapping[str, tuple[str, ...]] | None = None
    foreign_words: tuple[str, ...] = ()


def read_teams(document: Document, binder: Binder) -> Teams | None:
    """Teams, with every agent that a team names listed, and a qualification team that exists."""
    teams = binder.bind(Teams)
    if teams is None:
        return None
    for name, team in teams.teams.items():
        for number, agent in enumerate(team.agents):
            if agent not in teams.agents:
                binder.fail(("teams", name, "agents", number), f"'{agent}' is no agent", nearest(agent, teams.agents))
    if teams.qualification not in teams.teams:
        binder.fail(("qualification",), f"there is no team '{teams.qualification}'", nearest(teams.qualification, teams.teams))
    return teams


def read_budgets(document: Document, binder: Binder) -> Budgets | None:
    """Budgets of the classes of mail that exist."""
    return binder.bind(Budgets)


def read_assurance(document: Document, binder: Binder) -> Required | None:
    """The level of every action, and of no other."""
    levels = binder.bind(dict[str, Literal[0, 1, 2, 3]])
    if levels is None:
        return None
    for name in levels:
        if name not in ACTIONS:
            binder.fail((name,), f"'{name}' is no action", nearest(name, ACTIONS))
    for name in ACTIONS:
        if name not in levels:
            binder.fail((), f"'{name}' is missing", f"add `{name}: LEVEL`")
    if levels.get("open", 0) > 1:
        binder.fail(("open",), "nobody can prove more than level 1 before he has an address of a ticket", "write 0 or 1")
    return Required(levels={name: levels[name] for name in ACTIONS if name in levels})


def read_fields(document: Document, binder: Binder) -> FieldTable | None:
    """The field table, with its patterns compiled and its names checked."""
    written = binder.bind(_FieldsFile)
    if written is None:
        return None
    specs, labels = _specs(written.fields, binder), _labels(written, binder)
    opposites = {OPPOSITE + name: _opposite(specs[name]) for name, field in written.fields.items() if field.opposites}
    anywhere = [each for name, field in written.fields.items() for each in _anywhere(name, field, binder)]
    before = [each for several in (written.before_labels or {}).values() for each in several]
    return FieldTable(
        specs=specs,
        labels=Labels(labels, before, written.foreign_words),
        anywhere=anywhere,
        present=PatternSet([pattern for _, pattern in anywhere]).hits,
        opposites=opposites,
    )


def _specs(fields: Mapping[str, _Field], binder: Binder) -> dict[str, FieldSpec]:
    """The fields, some with the forms of another one."""
    specs = {name: _spec(name, field, binder) for name, field in fields.items()}
    for name, field in fields.items():
        if field.forms_of in specs:
            specs[name] = replace(specs[name], forms=specs[field.forms_of].forms)
        elif field.forms_of is not None:
            what, remedy = f"there is no field '{field.forms_of}'", nearest(field.forms_of, specs)
            binder.fail(("fields", name, "forms_of"), what, remedy)
    return specs


def _labels(written: _FieldsFile, binder: Binder) -> dict[str, str]:
    """Every label, folded, with its field: each has one owner, and what stands in the fill-in block is one of them."""
    labels = dict[str, str]()
    for name, field in written.fields.items():
        for language, several in field.labels.items():
            for number, label in enumerate(several):
                owner = labels.setdefault(fold_label(label), name)
                if owner != name:
                    what = f"'{label}' is a label of '{owner}', too"
                    binder.fail(("fields", name, "labels", language, number), what, "keep one")
    for name, field in written.fields.items():
        for language, title in field.title.items():
            if labels.get(fold_label(title)) != name:
                what = f"'{title}' is no label of '{name}': what is filled in would not be read"
                binder.fail(("fields", name, "title", language), what, "add it to the labels")
        for label in (each for several in (field.opposites or {}).values() for each in several):
            labels.setdefault(fold_label(label), OPPOSITE + name)
    for several in (written.other_labels or {}).values():
        for label in several:
            labels.setdefault(fold_label(label), "")
    return labels


def _opposite(spec: FieldSpec) -> FieldSpec:
    """A truth that is asked for the other way round: `Can you work?` for `Blocking`."""
    return replace(spec, words={word: "no" if value == "yes" else "yes" for word, value in spec.words.items()}, otherwise=None)


def _anywhere(name: str, field: _Field, binder: Binder) -> list[tuple[str, Pattern]]:
    """(field, pattern) of each pattern that is sure without a label."""
    found: list[tuple[str, Pattern]] = []
    for number, pattern in enumerate(field.anywhere):
        try:
            compiled = compile_pattern(pattern)
            if compiled.groups < 1:
                raise BadPattern("it has no group; the first group is the value")
            found.append((name, compiled))
        except BadPattern as error:
            binder.fail(("fields", name, "anywhere", number), f"RE2 does not take this pattern: {error}", "mend it")
    return found


def _spec(name: str, field: _Field, binder: Binder) -> FieldSpec:
    steps: Steps = ("fields", name)
    forms = []
    for number, form in enumerate(field.forms):
        try:
            compiled = compile_pattern(form.match)
            forms.append(Rewrite(match=compiled, give=form.give))
            for group in re.findall(r"\\(\d)", form.give or ""):
                if int(group) > compiled.groups:
                    binder.fail((*steps, "forms", number, "give"), f"the pattern has no group {group}", "mend one of them")
        except BadPattern as error:
            binder.fail((*steps, "forms", number, "match"), f"RE2 does not take this pattern: {error}", "mend it")
    words = {fold_words(word): value for value, several in (field.values or {}).items() for word in several}
    if field.kind == "truth" and set(words.values()) - {"yes", "no"}:
        binder.fail((*steps, "values"), "a truth has the values yes and no only", "write `yes: […]` and `no: […]`")
    if field.kind in ("choice", "truth") and not words:
        binder.fail(steps, f"'{name}' needs values", "write `values: { VALUE: [words] }`")
    if field.otherwise is not None and field.otherwise not in words.values():
        binder.fail(
            (*steps, "otherwise"), f"'{field.otherwise}' is no value of '{name}'", nearest(field.otherwise, words.values())
        )
    return FieldSpec(
        name=name,
        kind=field.kind,
        title=field.title,
        hint=field.hint or {},
        forms=forms,
        words=words,
        otherwise=field.otherwise,
    )
