"""The operator's templates, compiled once. A template looks like the mail it makes: `Subject:`, an empty line, the text.

`<language>/<name>.txt` is the text, `<language>/<name>.html` beside it the HTML. What a customer wrote is only ever a value:
both environments are sandboxed and strict, and the one for HTML escapes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import FileSystemLoader, StrictUndefined, Template, TemplateError, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from maild.errors import BadConfiguration, Problem

FLOWING = 55  # characters of a line that was broken because the next word had no room
PLAIN = "plain.html"  # makes HTML of the text of templates that have none of their own
REQUIRED = (
    *(
        "acknowledgement",
        "advisory",
        "answer",
        "closing",
        "confirmation",
        "consent",
        "error",
        "merged",
        "note",
        "notification",
        "operator",
        "receipt",
        "refusal",
        "split",
    ),
    *("reminder", "security-news", "security-public", "security-review"),
    *("upgrade-automatic", "upgrade-done", "upgrade-failed", "upgrade-scheduled", "upgrade-test"),
)


@dataclass(frozen=True, slots=True)
class Rendered:
    """What a template made."""

    subject: str
    text: str
    html: str


class Templates:
    """All templates of a folder.

    Raises:
        BadConfiguration: one is missing or does not compile.
    """

    def __init__(self, folder: Path, shown: str, language: str) -> None:
        self._language, self._folder, self._shown = language, str(folder), shown
        self._found: dict[tuple[str, str], tuple[Template, Template | None]] = {}
        self._problems: list[Problem] = []
        loader = FileSystemLoader(folder)
        text, html = _environment(loader, escape=False), _environment(loader, escape=True)
        self._plain = self._compile(html, PLAIN, shown) or html.from_string("")
        for path in sorted(folder.glob("*/*.txt")):
            where, name = path.parent.name, path.stem
            plain = self._compile(text, f"{where}/{name}.txt", shown)
            rich = self._compile(html, f"{where}/{name}.html", shown) if path.with_suffix(".html").exists() else None
            if plain is not None:
                self._found[where, name] = plain, rich
        for name in REQUIRED:
            if (language, name) not in self._found and not self._problems:
                remedy = "restore the shipped one, or mend desk.language"
                self._problems.append(Problem(f"{shown}/{language}/{name}.txt", "is missing", remedy))
        if self._problems:
            raise BadConfiguration(self._problems)

    @property
    def names(self) -> frozenset[str]:
        """Templates that the desk's own language has."""
        return frozenset(name for language, name in self._found if language == self._language)

    @property
    def all(self) -> list[tuple[str, str]]:
        """(language, name) of each."""
        return list(self._found)

    def render(self, name: str, language: str, values: Mapping[str, Any]) -> Rendered:
        """The mail in this language, else in the desk's own.

        Raises:
            BadConfiguration: the template asks for a value that there is not; with file and line.
        """
        chosen = language if (language, name) in self._found else self._language
        plain, rich = self._found[chosen, name]
        try:
            head, _, text = plain.render(values).partition("\n\n")
            subject, text = head.removeprefix("Subject:").strip(), text.strip("\n") + "\n"
            return Rendered(subject, text, rich.render(values) if rich else self._plain.render({**values, **as_blocks(text)}))
        except TemplateError as error:
            where = (_place(error) or f"{self._shown}/{chosen}/{name}").replace(self._folder, self._shown, 1)
            problem = Problem(where, str(error), "docs/adding.md lists the values")
            raise BadConfiguration([problem]) from error

    def _compile(self, environment: ImmutableSandboxedEnvironment, name: str, shown: str) -> Template | None:
        try:
            return environment.get_template(name)
        except TemplateSyntaxError as error:
            where = f"{shown}/{error.name or name}:{error.lineno}"
            self._problems.append(Problem(where, error.message or "syntax error", "mend the template"))
        except (TemplateError, UnicodeDecodeError) as error:
            self._problems.append(Problem(f"{shown}/{name}", str(error), "mend the template"))
        return None


def as_blocks(text: str) -> dict[str, Any]:
    """A text as HTML needs it: paragraphs whose lines may flow, blocks whose lines may not, and what stands below the signature."""
    body, mark, below = text.rpartition("\n-- \n")  # the last one is the template's own
    body, below = (body, below) if mark else (text, "")
    blocks = [part.strip("\n") for part in body.split("\n\n") if part.strip()]
    sender, _, why = below.strip().partition("\n")
    return {
        "blocks": [(" ".join(each.split("\n")), True) if _flows(each) else (each, False) for each in blocks],
        "sender": sender,
        "why": why,
    }


def _flows(paragraph: str) -> bool:
    """Whether its lines were broken for their length alone."""
    lines = paragraph.split("\n")
    return all(len(line) >= FLOWING for line in lines[:-1]) and not any(
        line.startswith((" ", "-", ">", "|", "=")) for line in lines
    )


def _environment(loader: FileSystemLoader, escape: bool) -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        loader=loader, autoescape=escape, undefined=StrictUndefined, auto_reload=False, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["internal"] = internal
    return environment


def internal(text: str, mark: str) -> str:
    """Every line behind the mark that no answer may hold (a filter of templates for agents)."""
    return "\n".join(f"{mark}| {line}".rstrip() for line in str(text).rstrip("\n").split("\n")) + "\n"


def _place(error: BaseException) -> str | None:
    """file:line of the template that an error came from: Jinja2 makes tracebacks that name it."""
    place, trace = None, error.__traceback__
    while trace is not None:
        file = trace.tb_frame.f_code.co_filename
        if file.endswith((".txt", ".html")):
            place = f"{file}:{trace.tb_lineno}"
        trace = trace.tb_next
    return place
