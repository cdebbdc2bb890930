"""Values as written, in their normal forms."""

from __future__ import annotations

import pytest

from maild.problem.fields import find_fields
from maild.problem.table import FieldTable


@pytest.mark.parametrize(
    ("line", "name", "value"),
    [
        ("Customisations: theme_oak, oak_reports", "customised", True),
        ("Anpassungen: 3 Module", "customised", True),
        ("Personnalisations : néant", "customised", False),
        ("Customisations: I do not know", "customised", None),
        ("Hosting: unknown", "hosting", None),
        ("Blocking: partially, we have a workaround", "blocking", False),
        ("Blockierend: Ja, Versand steht", "blocking", True),
        ("Hébergement : sur nos serveurs (Docker)", "hosting", "on-premise"),
        ("Betrieb: in der Cloud", "hosting", "online"),
        ("Hosting: platform / online", "hosting", None),
        ("Contrato: M-230415123456789", "contract", "M230415123456789"),
        ("Contract: M 230415 123456 789", "contract", "M230415123456789"),
        ("Versión: 17 (no estoy seguro)", "version", "17.0"),
        ("Version: 16 oder 17", "version", None),
        ("Version : dernière", "version", None),
    ],
)
def test_written_values(line: str, name: str, value: object, table: FieldTable) -> None:
    """What people write behind a label; who does not know says nothing."""
    found = find_fields(line, "", table).get(name)
    assert (found.value if found else None) == value


def test_modules_are_no_database(table: FieldTable) -> None:
    """What is named behind a yes or no is no value of another field."""
    assert "database" not in find_fields("Customisations: oak_reports, version 17.0.1.0.2", "", table)
