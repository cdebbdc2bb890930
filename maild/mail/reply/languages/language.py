"""One row of the table of languages: what mail clients and their users write around a message in that language."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """Phrases, with ` | ` or the end of a line between two; in any case, but for `leads` and `fillers`."""

    tag: str  # RFC 5646

    # Labels of the header block above a quoted or forwarded message
    author: str = ""
    to: str = ""
    cc: str = ""
    bcc: str = ""
    date: str = ""
    subject: str = ""
    reply_to: str = ""
    other: str = ""  # what else stands there, and nobody needs

    # The line above a quote: `On 4 March 2026 at 11:02, Ann Berg wrote:`
    leads: str = ""  # words that it starts with, in front of the date
    wrote: str = ""  # third person, whole words
    wrote_joined: str = ""  # the same in scripts without blanks between words, or with vowels that are no letters
    we_wrote: str = ""  # first person: nobody's attribution
    fillers: str = ""  # words between the date and the name that belong to neither
    of: str = ""  # words between day, month and year
    at: str = ""  # words between date and time
    numbered: str = ""  # words before the number of a day or a month

    # Titles above a message, with or without rules around them
    original: str = ""
    forwarded: str = ""
    on_behalf: str = ""  # between who sent and who is the author

    # Before the colon at the start of a subject
    forward_prefixes: str = ""
    reply_prefixes: str = ""

    # Above the author's words, by the mail server of whoever got them
    alarms: str = ""  # before a sentence
    this_mail: str = ""  # how a sentence begins that says where a mail came from
    from_outside: str = ""  # how it goes on
    rarely: str = ""  # that its sender is new here; his address follows
    why_important: str = ""  # how the sentence ends that follows that
    advice: str = ""  # how a sentence begins that says what to do, and not to do, with such a mail
    advice_about: str = ""  # words of which it has one, or how they start

    # Below the author's words
    footers: str = ""  # what a telephone or a program adds, without its name
    excuses: str = ""  # words, or how they start, of what people add there: `please excuse typos`
    devices: str = ""  # words for such things, or how they start
    closings: str = ""  # whole lines, or before a name
    notices: str = ""  # words of disclaimers: a notice has two of them at least

    # What a desk asks for at the top of its mails; `…` stands for a few words
    reply_above: str = ""
