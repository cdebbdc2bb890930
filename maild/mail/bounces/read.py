"""From a mail's parts to a `Bounce`: recognise, read whom it names, judge status and reason."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from maild.mail.bounces import notices, original, prose, reasons, replies, signs, status_fields
from maild.mail.bounces.account import Account
from maild.mail.bounces.judge import Judge
from maild.mail.message import Bounce, BouncedRecipient
from maild.mail.mime.charset import to_text
from maild.mail.mime.fields import Fields
from maild.mail.mime.parts import Leaf, leaves_of, split_header

MAX_RECIPIENTS = 500
MAX_TEXT = 65_536
MAX_REPORT = 262_144
_ADDRESS = re.compile(r"[^\s<>(),;:\"']{1,64}@[^\s<>(),;:\"']{1,253}")
MAX_COMPLETED = 20  # recipients for whom more words are looked for


def read_bounce(fields: Fields, leaves: list[Leaf], subject: str, text: str) -> Bounce | None:
    """The report that this mail is, or None. `text` is the mail's visible text."""
    if not signs.could_be_report(fields, leaves):
        return None
    whole = _undivided(leaves) or text[:MAX_TEXT]
    said, inline = original.split_text(whole)
    if not signs.is_report(fields, leaves, subject, said):
        return None
    header = original.original_header(leaves)
    accounts = _returned(leaves, _accounts(fields, leaves, whole, said), original.recipient_line(header, inline))
    judge = Judge(subject, said, alone=len(accounts) == 1)
    seen: dict[str, BouncedRecipient] = {}
    for account in accounts[:MAX_RECIPIENTS]:
        seen.setdefault(account.address.lower(), judge.recipient(account))
    return Bounce(
        recipients=tuple(seen.values()),
        original_message_id=original.message_id_of(header, inline, said) or notices.message_id_in(whole),
    )


def _undivided(leaves: list[Leaf]) -> str:
    """The text of a multipart whose boundary was not found: everything stands in one piece."""
    broken = next((leaf for leaf in leaves if leaf.type.startswith("multipart/")), None)
    return to_text(broken.content[:MAX_TEXT], None)[0].replace("\r\n", "\n") if broken else ""


def _accounts(fields: Fields, leaves: list[Leaf], whole: str, said: str) -> list[Account]:
    """By the report's own fields first, else by its words."""
    if notices.looks_like_notice(said):
        return notices.read_notice(said)
    told = _ADDRESS.findall(fields.text("x-failed-recipients"))[:MAX_RECIPIENTS]
    senders = frozenset(each.lower() for each in _ADDRESS.findall(fields.text("to")[:2_000]))
    named, is_sure = prose.read_prose(said, told, senders)
    structured = _structured(leaves, said) or ([] if named and is_sure else _structured([], whole))
    spoken = {each.address.lower(): each.words for each in named}
    found = structured or named
    completed = [_completed(each, spoken, said, alone=len(found) == 1) for each in found[:MAX_COMPLETED]]
    return completed + found[MAX_COMPLETED:]


def _returned(leaves: list[Leaf], accounts: list[Account], returned_to: str) -> list[Account]:
    """What the mail that came back adds: the recipients of a report in a report, else whom it was for, if nobody was named."""
    leaf = original.returned_leaf(leaves)
    if leaf is not None and b"elivery-status" in leaf.content[: original.MAX_HEADER]:
        fields, body = split_header(leaf.content[:MAX_REPORT].lstrip(b"\r\n"))
        inner = _structured(leaves_of(fields, body, []), "")
        if inner:
            return accounts + inner
    only = _ADDRESS.findall(returned_to[:2_000])
    return accounts or ([Account(address=only[0])] if len(only) == 1 else [])


def _structured(leaves: list[Leaf], text: str) -> list[Account]:
    found: list[Account] = []
    for leaf in leaves:
        is_report = leaf.type in signs.REPORTS
        if is_report or (leaf.type in ("text/plain", "application/octet-stream") and b"ecipient" in leaf.content[:MAX_TEXT]):
            part = to_text(leaf.content[:MAX_REPORT], leaf.charset or "utf-8")[0].replace("\r\n", "\n")  # RFC 6533 is UTF-8
            if is_report or status_fields.LOOKS_LIKE.match(part.lstrip()):
                found += status_fields.read_status_fields(part)
    place = None if found or not status_fields.NAMES_SOMEBODY.search(text) else status_fields.LOOKS_LIKE.search(text)
    return status_fields.read_status_fields(text[place.start() :]) if place else found


def _completed(account: Account, spoken: dict[str, str], said: str, *, alone: bool) -> Account:
    """With more words, where its own say too little: its paragraph, the transcript's lines about it, then the whole text."""
    further: tuple[Callable[[], str], ...] = (
        lambda: prose.words_about(said, account.address),
        lambda: prose.one_paragraph(said.split("\n")) if alone else "",
    )
    words = account.words
    if _weight(account.status, words) < replies.TELLING:
        words = "\n".join(filter(None, (words, spoken.get(account.address.lower(), ""))))
    for more in further:
        if _weight(account.status, words) >= replies.TELLING or reasons.by_words(words):
            break
        words = "\n".join(filter(None, (words, more())))
    return replace(account, words=words)


def _weight(*words: str) -> int:
    return replies.best_reply("\n".join(words)).weight
