"""From what a report says about a recipient to a verdict: action, status, code, reason, and whether it is for ever."""

from __future__ import annotations

from maild.mail.bounces import reasons, replies, words
from maild.mail.bounces.account import Account
from maild.mail.message import BouncedRecipient
from maild.mail.mime.header import one_line

_ARRIVED = ("delivered", "relayed", "expanded")  # RFC 3464, section 2.3.3: no failure at all
_MAX_JUDGED = 2_000  # characters of an explanation
_FAR = 3_000  # characters of a report that may say: this is only a warning
_MOST = 20  # different explanations that are judged by their words


class Judge:
    """From words to a verdict; equal words of many recipients are judged once."""

    def __init__(self, subject: str, said: str, *, alone: bool) -> None:
        self._delayed = words.delayed().search(f"{subject}\n{said[:_FAR]}") is not None
        self._whole = f"{subject}\n{said}" if alone else ""
        self._known: dict[str, str | None] = {}

    def recipient(self, account: Account) -> BouncedRecipient:
        """What is to be held of this recipient's delivery."""
        explained = account.words[:_MAX_JUDGED].replace(account.address, "")
        action = one_line(account.action) or ("delayed" if self._delayed else "failed")
        reply = replies.best_reply(account.words[:_MAX_JUDGED])
        told = replies.best_reply(account.status)
        status = reply.status if reply.status and reply.weight > told.weight else told.status or reply.status
        reason = None if reasons.is_vague(status) else reasons.by_status(status)
        reason = reason or self._reason(explained) or reasons.by_status(status) or self._reason(self._whole)
        if status is None:
            status = self._derived(reason, action, reply.code, explained)
        return BouncedRecipient(
            address=one_line(account.address),
            action=action,
            status=status,
            code=reply.code,
            reason="delivered" if action in _ARRIVED else reason or "undefined",
            permanent=action == "failed" and not status.startswith("4"),
        )

    def _reason(self, explained: str) -> str | None:
        if explained not in self._known and len(self._known) < _MOST:
            self._known[explained] = reasons.by_words(explained)
        return self._known.get(explained)

    def _derived(self, reason: str | None, action: str, code: str | None, explained: str) -> str:
        if action in _ARRIVED:
            return "2.0.0"
        temporary = action == "delayed" or (code[0] == "4" if code else reasons.is_temporary(explained))
        return f"{4 if temporary else 5}.{reasons.DETAIL.get(reason or '', '0.0')}"
