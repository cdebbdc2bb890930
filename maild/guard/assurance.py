"""The assurance of a mail's sender: what trusted hosts found out, over trusted roads, and nothing that the mail itself claims."""

from __future__ import annotations

from collections.abc import Collection

from maild.problem.reading import Reading
from maild.tickets.address import Target, ToOperator, ToTicket
from maild.tickets.assurance import Assurance, Required
from maild.tickets.decision import Verdict
from maild.tickets.threading import Placement

NOT_PROVEN = Verdict(disposition="hold", reason="sender-not-proven")


def assurance_of(reading: Reading, target: Target, servers: Collection[str]) -> Assurance:
    """Level 0, 1 or 2; `servers` are the authserv-ids that are believed. In doubt it is 0 (RFC 8601, section 7.1)."""
    doubt = _doubt(reading, servers)
    if doubt:
        return Assurance(level=0, why=doubt)
    author = reading.message.author
    sender = author.address.lower() if author else ""
    if isinstance(target, ToTicket) and target.given.lower() == sender:
        return Assurance(level=2, why=f"dmarc=pass, and the signed address ({target.role}) was given to this sender")
    return Assurance(level=1, why="dmarc=pass")


def may_open(target: Target, placement: Placement, assurance: Assurance, required: Required) -> bool:
    """Whether the mail opens no ticket, or may: `open` in `rules/assurance.yaml`."""
    return placement.ticket is not None or isinstance(target, ToOperator) or required.allows("open", assurance)


def _doubt(reading: Reading, servers: Collection[str]) -> str:
    """Why the domain of From is not proven; empty where it is."""
    mail = reading.message
    if not reading.envelope.trusted:
        return "it did not come over a trusted road"
    if mail.author is None or not mail.strict_from:
        return "From is not one plain address"
    believed = {each.lower() for each in servers}
    said = next((each for each in mail.authentications if each.server in believed), None)  # the topmost of a trusted host
    if said is None:
        return "no trusted host says anything about the sender"
    results = [each for each in said.results if each.method == "dmarc"]
    if len(results) != 1 or results[0].result != "pass":
        return f"dmarc={results[0].result}" if len(results) == 1 else f"{len(results) or 'no'} dmarc results"
    domain = mail.author.address.rpartition("@")[2].lower()
    if results[0].properties.get("header.from", "").lower().rpartition("@")[2] != domain:
        return "dmarc=pass is about another domain"
    return ""
