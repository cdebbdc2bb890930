"""All that the operator's tables say of reading mail, as one value: what `read_mail` is given."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from maild.problem.completeness import Requirements
from maild.problem.issues import Signs
from maild.problem.language import Languages
from maild.problem.table import FieldTable, Says
from maild.problem.topics import Topics


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """The tables, each from the file of its name.

    `names` are the words of agents' names, folded: whom people thank. `agents` are their addresses, in lower case: what they forward
    is a customer's.
    """

    fields: FieldTable
    languages: Languages
    thanks: Says  # nothing but thanks
    consents: Says  # yes, and nothing else
    topics: Topics
    issues: Signs
    required: Requirements
    names: Collection[str] = ()
    agents: Collection[str] = ()

    def prepare(self) -> None:
        """Builds what the first mail would have to wait for."""
        for present in (self.fields.present, *((self.fields.prose.present,) if self.fields.prose else ())):
            present("")
