"""A mail as the desk understands it: envelope, message, and what the customer tells. The first stage of the road."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field, replace

from maild.mail.envelope import Envelope
from maild.mail.message import Message
from maild.mail.mime.limits import MAX_HEADER
from maild.mail.mime.parts import cut_header
from maild.mail.parse import parse
from maild.problem.fields.of_mail import fields_of
from maild.problem.found import Fields
from maild.problem.issues import Issues
from maild.problem.lexicon import Lexicon
from maild.problem.phrases import words_of
from maild.problem.said import Said, said
from maild.problem.topics import IN_SUBJECT, About
from maild.problem.vocabulary import words_in

# What an author's client writes; relays add all the others (Received-SPF, ARC-Seal, X-Spam-Status, …), other ones on each road.
_WRITTEN = re.compile(
    rb"(?im)^(?:from|sender|reply-to|to|cc|date|subject|message-id|in-reply-to|references|mime-version|content-[a-z-]{1,40})"
    rb"[ \t]*:.*(?:\n[ \t].*)*"
)
_TRACE = re.compile(
    rb"(?im)^(?:received|return-path|delivered-to|envelope-to|x-original-to|x-received|received-spf|authentication-results|arc-[a-z-]+|x-spam-[a-z-]+)"
    rb"[ \t]*:.*(?:\n[ \t].*)*\n?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """`digest` is equal for mails that are the same bytes but for what relays add. `fields` and `language` are the author's.

    `issues`: how many the mail holds, 0 where it is nothing but thanks or a machine's; `about`: the topics of the first.
    `words`: how many words tell of it.
    """

    envelope: Envelope
    message: Message
    digest: bytes
    fields: Fields
    language: str | None
    issues: int = 1
    about: About = field(default_factory=dict)
    words: int = 0
    only_thanks: bool = False


def read_mail(raw: bytes, envelope: Envelope, lexicon: Lexicon) -> Reading:
    """Understands a mail. Pure; total on content."""
    message = parse(raw)
    asks = _as_passed_on(message, lexicon)
    fields = fields_of(asks, lexicon.fields)
    told = said(asks, fields)
    language = lexicon.languages.of(told.text, f"{told.subject}\n{told.text}", asks.reply.text)
    issues, about = what_it_is_about(told, language, lexicon)
    thanks = _only_thanks(asks, fields, lexicon)
    return Reading(
        envelope=envelope,
        message=message,
        digest=digest_of(raw),
        fields=fields,
        language=language,
        issues=0 if thanks or (message.automatic and message.automatic.is_writer) else issues.count,
        about=about,
        words=told.told,
        only_thanks=thanks,
    )


def _as_passed_on(message: Message, lexicon: Lexicon) -> Message:
    """What an agent forwards is read as its author wrote it: the words above it are the agent's, and tell nothing of the problem."""
    if message.forwarded is None or message.author is None or message.author.address.lower() not in lexicon.agents:
        return message
    return replace(message, subject=message.forwarded.subject, reply=replace(message.reply, text=""))


def what_it_is_about(told: Said, language: str | None, lexicon: Lexicon) -> tuple[Issues, About]:
    """How many issues there are, and the topics of the first: whoever gets the mail gets it for that one."""
    words, subject = words_in(told.text), words_in(told.subject)
    issues = lexicon.issues.count(told, words, lexicon.topics, language)
    bonus = 0 if told.is_reply else IN_SUBJECT  # the subject of a reply is the older mail's
    return issues, lexicon.topics.about(issues.first or words, subject, language, bonus)


def read_blindly(raw: bytes, envelope: Envelope, why: str) -> Reading:
    """What can be said of a mail that could not be read: next to nothing, so nothing can fail. The raw mail is kept."""
    message = parse(cut_header(raw)[0][:MAX_HEADER] + b"\r\n\r\n")
    unread = replace(message, defects=(f"unreadable: {why}; see the raw mail", *message.defects))
    return Reading(envelope=envelope, message=unread, digest=digest_of(raw), fields={}, language=None)


def digest_of(raw: bytes) -> bytes:
    """128 bits over what the author's client wrote, header fields and body: not over what relays add, nor how the mail ends."""
    header, body = cut_header(raw)
    header = header[:MAX_HEADER].replace(b"\r\n", b"\n")
    written = _WRITTEN.findall(header)
    if not any(each[:4].lower() in (b"mess", b"date") for each in written):  # a form's: only other fields tell two of them apart
        written = [_TRACE.sub(b"", header + b"\n")]
    digest = hashlib.sha256(b"\n".join(written))
    digest.update(body.rstrip(b"\r\n"))
    return digest.digest()[:16]


def _only_thanks(message: Message, fields: Fields, lexicon: Lexicon) -> bool:
    """Nothing but thanks, among the names of the author and of the agents; a file, or a block that was filled in, is more."""
    if any(not each.inline for each in message.attachments) or any(each.source == "block" for each in fields.values()):
        return False
    own = words_of(message.author.name, message.author.address.partition("@")[0]) if message.author else frozenset()
    return lexicon.thanks(message.reply.text, {*own, *lexicon.names})
