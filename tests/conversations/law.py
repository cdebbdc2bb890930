"""What must hold, whatever happens: learned from the mails that went in and that the next hop took, never from maild itself.

I1 a mail that was taken is a message, or put aside with a reason. I2 no mail is written twice. I3 a ticket closes by silence
only after it, and after one reminder. I4 nothing goes to machines. I5 nothing internal goes to customers. I6 the log tells the
public state. I7 advisories. I8 upgrades. I9 whoever waits for a customer has a clock, or a mail on its way,
but for what no silence ends.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from maild.mail.outgoing import Outgoing
from tests.conversations.observed import Observed
from tests.conversations.people import AGENTS, MARK, Letter

CLOSE, AFTER_REMINDER, EMBARGO = timedelta(days=7), timedelta(hours=48), timedelta(days=14)
ASKING = ("answer", "question", "consent")
THEIRS = "|".join(map(re.escape, AGENTS.values()))
INTERNAL = re.compile(rf"SECRET-\d|[+]\d+-[an]-[a-z2-7]|@people\.example\.com|(?<!\w)(?:{THEIRS})", re.I)


def moment(mail: Outgoing) -> datetime:
    """When what a timer caused was due."""
    return datetime.fromisoformat(mail.cause.rpartition(" at ")[2])


class Broken(AssertionError):
    """A law does not hold."""


class Law:
    """Hears of every mail in and every acceptance; judges each day's writing."""

    def __init__(self) -> None:
        self.letters: dict[str, tuple[Letter, datetime]] = {}
        self.taken_at: dict[str, datetime] = {}  # key of a mail -> when the next hop took it last
        self.heard: dict[int | None, list[tuple[datetime, Letter]]] = {}
        self.written: dict[int | None, list[tuple[datetime, Outgoing]]] = {}
        self.marks: set[str] = set()
        self.unsettled: set[str] = set()
        self.counts: dict[str, int] = {}

    def taken(self, entry: str, letter: Letter, at: datetime) -> None:
        self.letters[entry] = letter, at
        self.unsettled.add(entry)
        self.heard.setdefault(letter.ticket, []).append((at, letter))

    def accepted(self, mail: Outgoing, at: datetime) -> bool:
        is_new = mail.key not in self.taken_at
        self.taken_at[mail.key] = at
        return is_new

    def judge(self, seen: Observed) -> None:
        """The state of affairs at the end of a day."""
        for mail, at in seen.mails:
            self.written.setdefault(mail.ticket, []).append((at, mail))
            self.marks.update(MARK.findall(mail.draft.text) if mail.recipient in AGENTS.values() else ())
        self.each_mail_is_kept_once(seen)
        self.require("I2", not seen.twice, seen.twice)
        for mail, at in seen.mails:
            self.nothing_to_machines(mail)
            self.nothing_internal(mail)
            if mail.cause.startswith("close of"):
                self.silence(mail, at)
            if mail.kind == "reminder":
                self.reminded_once(mail, at)
            if mail.kind == "announcement":
                self.published(mail)
            if "production database is upgraded" in mail.draft.text:
                self.upgraded(mail, at)
        for replayed, present in seen.states:
            self.require("I6", replayed == present, (replayed, present))
        self.advisories(seen)
        self.require("I9", not seen.stuck, seen.stuck)

    def require(self, law: str, holds: bool, about: object) -> None:
        self.counts[law] = self.counts.get(law, 0) + 1
        if not holds:
            raise Broken(f"{law}: {about}")

    def each_mail_is_kept_once(self, seen: Observed) -> None:
        for entry in self.unsettled:
            aside = seen.aside.get(entry)
            copies = seen.messages.get(entry, 0)  # more than one where its request was split or merged since
            self.require("I1", (copies > 0) is (aside is None) and aside != "", (entry, aside, self.letters[entry]))
        self.unsettled.clear()

    def nothing_to_machines(self, mail: Outgoing) -> None:
        cause, _ = self.letters.get(mail.cause, (None, None))
        self.require("I4", cause is None or cause.kind != "machine" or cause.author != mail.recipient, (mail, cause))

    def nothing_internal(self, mail: Outgoing) -> None:
        if mail.recipient not in AGENTS.values():
            words = f"{mail.reverse_path} {mail.draft!r}"
            self.require("I5", not INTERNAL.search(words) and not any(mark in words for mark in self.marks), words)

    def silence(self, mail: Outgoing, at: datetime) -> None:
        """I3. What the requester was asked last is `close` old; nobody wrote since; one reminder, two days old."""
        due, story = moment(mail), [(when, each) for when, each in self.written[mail.ticket] if when < at]
        asked = [(when, each) for when, each in story if self.asks(each)]
        since = self.taken_at.get(asked[-1][1].key) if asked else None
        self.require("I3", since is not None and since + CLOSE <= due, ("asked", since, due, mail.ticket))
        assert since is not None
        people = [
            one
            for when, one in self.heard.get(mail.ticket, ())
            if when > since and when <= at and one.kind in ("customer", "guest")
        ]
        self.require("I3", not people, ("heard", people))
        reminders = [self.taken_at.get(each.key) for when, each in story if each.kind == "reminder" and when >= since]
        self.require("I3", len(reminders) == 1, ("reminders", reminders, mail.ticket))
        self.require("I3", reminders[0] is not None and reminders[0] + AFTER_REMINDER <= due, ("too soon", reminders, due))

    def reminded_once(self, mail: Outgoing, at: datetime) -> None:
        """I3. Nobody is reminded twice of what was asked once."""
        story = [(when, each) for when, each in self.written[mail.ticket] if when <= at]
        since = max(when for when, each in story if self.asks(each))
        same = [each for when, each in story if each.kind == "reminder" and when >= since]
        self.require("I3", len(same) == 1, ("reminded again", mail.ticket, same))

    def asks(self, mail: Outgoing) -> bool:
        theirs = mail.draft.to[0].address == mail.recipient  # a participant's copy asks nobody
        return theirs and (mail.kind in ASKING or (mail.kind == "acknowledgement" and "please complete" in mail.draft.text))

    def advisories(self, seen: Observed) -> None:
        for mail, _ in seen.mails:
            if mail.kind in ("advisory", "announcement"):
                same = [one for _, one in self.written[mail.ticket] if one.kind == mail.kind and one.recipient == mail.recipient]
                self.require("I7", len(same) == 1, ("twice", mail))
                self.require("I7", self.second_person(mail), ("second person", mail.ticket))
        public = {mail.ticket for story in self.written.values() for _, mail in story if mail.kind == "announcement"}
        self.require("I7", len(seen.files) == len(public), (seen.files, public))

    def second_person(self, mail: Outgoing) -> bool:
        """Somebody else than who wrote the last advisory approved it afterwards."""
        drafts = [
            (when, each.recipient) for when, each in self.written[mail.ticket] if "the advisory is drafted" in each.draft.text
        ]
        since, author = drafts[-1]
        orders = ((when, one) for when, one in self.heard[mail.ticket] if one.text == "#approve" and one.authentic)
        return any(when > since and one.author != author for when, one in orders)

    def published(self, mail: Outgoing) -> None:
        """I7. Fourteen days after the broadcast to the minute, or at the beginning of a later day that an agent named."""
        orders = [(when, one) for when, one in self.heard[mail.ticket] if one.kind == "agent" and one.authentic]
        sent = [when for when, one in orders if one.text == "#broadcast" and when + EMBARGO <= moment(mail)]
        named = [
            datetime.fromisoformat(one.text.split()[1] + "T00:00:00+00:00")
            for _, one in orders
            if one.text.startswith("#embargo")
        ]
        exact = any(moment(mail) == when + EMBARGO for when in sent) or moment(mail) in named
        self.require("I7", bool(sent) and exact, ("day", mail.ticket, moment(mail), sent, named))

    def upgraded(self, mail: Outgoing, at: datetime) -> None:
        """I8. Declared, then tested, then consented to, each after the one before, by the last question for consent."""
        mails = [(when, each) for when, each in self.written[mail.ticket] if when < at]
        words = [(when, one) for when, one in self.heard[mail.ticket] if when <= at and (one.authentic or one.kind == "customer")]
        opening, _ = self.letters[self.written[mail.ticket][0][1].cause]
        tests = [when for when, each in mails if "test database of your upgrade is ready" in each.draft.text]
        self.require("I8", bool(tests), ("no test", mail.ticket))
        ready = max(tests)
        declared = "Customisations" in opening.text or any("ustomisations" in one.text and when <= ready for when, one in words)
        tested = [when for when, one in words if when >= ready and ("Test finished: yes" in one.text or one.text == "#tested")]
        asked = [(when, each) for when, each in mails if each.kind == "consent"]
        self.require("I8", declared and bool(tested) and bool(asked) and asked[-1][0] >= min(tested), ("gates", mail.ticket))
        said = [
            one for when, one in words if one.answers is asked[-1][1] or (one.answers and one.answers.key == asked[-1][1].key)
        ]
        yes = [one for one in said if one.text.lower() == "yes" and one.authentic and one.author == asked[-1][1].recipient]
        self.require("I8", bool(yes), ("consent", mail.ticket, said))
        undone = [one for when, one in words if when > max(tested) and one.kind == "agent" and one.text.startswith("#test-ready")]
        self.require("I8", not undone, ("tested anew", undone))
