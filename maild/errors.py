"""What can go wrong, as maild says it: one line with what, where and remedy. Nothing here handles an error."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass


class MaildError(Exception):
    """A trouble that somebody can mend. `exit_code` is one of sysexits.h."""

    exit_code = os.EX_SOFTWARE


class Usage(MaildError):
    """The words of a command were wrong."""

    exit_code = os.EX_USAGE


class BadInput(MaildError):
    """Data that was handed in cannot be taken."""

    exit_code = os.EX_DATAERR


class BadFile(BadInput):
    """What stands in a file cannot be taken; all problems that were found are listed."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = tuple(problems)


class NoInput(MaildError):
    """A file that was named cannot be opened."""

    exit_code = os.EX_NOINPUT


class UnknownRecipient(MaildError):
    """No mailbox of the desk has this address."""

    exit_code = os.EX_NOUSER


class TryAgain(MaildError):
    """Temporary by its nature; whatever is unknown counts as temporary, too."""

    exit_code = os.EX_TEMPFAIL


class StoreTrouble(TryAgain):
    """The database cannot take or give anything now: full, locked, away. The road pauses; nothing is lost."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake in what an operator wrote: `where` is `file:line:column` as far as it is known."""

    where: str
    what: str
    remedy: str = ""

    def __str__(self) -> str:
        return f"{self.where}: {self.what}" + (f"; {self.remedy}" if self.remedy else "")


class BadConfiguration(MaildError):
    """Configuration, rules, tables or templates are wrong; all problems that were found are listed."""

    exit_code = os.EX_CONFIG

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = tuple(problems)
