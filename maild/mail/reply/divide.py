"""The visible text divided into what the author wrote now, the signature, and what is quoted."""

from __future__ import annotations

from maild.mail.message import Reply
from maild.mail.reply.scan import Scan
from maild.mail.reply.signature import is_footer, signature_at

_BLANKS = " \t\n\xa0\u200b\ufeff"


def divide(found: Scan) -> Reply:
    """The author's own lines without signature; nothing of a customer is cut when in doubt."""
    own, rest = found.own, found.rest
    if found.opener is None:
        own, below = _below_a_footer(own)
        rest = [*rest, *below]
    at = signature_at(own)
    return Reply(
        text="\n".join(own[:at]).strip(_BLANKS),
        signature="\n".join(own[at:]).strip() or None,
        quoted="\n".join(rest).strip() or None,
    )


def _below_a_footer(own: list[str]) -> tuple[list[str], list[str]]:
    """What stands below a telephone's footer was there before: nobody writes under it."""
    for number in range(1, len(own) - 1):
        if not own[number - 1].strip() and not own[number + 1].strip() and is_footer(own[number]):
            return own[: number + 1], own[number + 1 :]
    return own, []
