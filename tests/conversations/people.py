"""The people of the conversations: what they write when a mail of the desk reaches them, or out of the blue. Seeded; they know only mails."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from maild.mail.outgoing import Outgoing

Kind = Literal["customer", "agent", "guest", "machine"]
AGENTS = {name: f"{name}@example.com" for name in ("paul", "emma", "raj", "lea", "omar", "nina", "mira")}
FIRMS = 9
REPORT = re.compile(r"#(\d+), (?:service )?(\w+),? (?:\((\w+)\), |case (\w+))?(?:stage (\w+))?")
REQUESTER = re.compile(r"Requester +(\S.*)")
RECEIPT = re.compile(r"Request #(\d+): stage (\w+)(?: \((\w+)\))?, team (\w+)")
MARK = re.compile(r"^([a-z2-7]{8})\|", re.M)
ADVISORY = "#advisory\nTitle: Portal users run scripts\nSeverity: high\nAffected: 16.0 - 18.0\nImpact: much\nRemedy: update\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A mail to the desk. `ticket` is the one that its address belongs to, where it answers a mail."""

    at: datetime
    kind: Kind
    author: str
    to: str
    text: str
    subject: str = "Request"
    answers: Outgoing | None = None
    authentic: bool = True
    cc: str = ""
    bounced: str = ""  # the address that a delivery report is about

    @property
    def ticket(self) -> int | None:
        return self.answers.ticket if self.answers else None

    def raw(self, number: int) -> bytes:
        domain = self.author.rpartition("@")[2]
        head = [
            f"From: <{self.author}>",
            f"To: <{self.to}>",
            f"Subject: {self.subject}",
            f"Message-ID: <{number}@people.{domain}>",
        ]
        head += [f"Authentication-Results: mx.example.com; dmarc=pass header.from={domain}"] if self.authentic else []
        head += [f"Cc: {self.cc}"] if self.cc else []
        head += [f"In-Reply-To: <{self.answers.draft.message_id}>"] if self.answers and not self.bounced else []
        head += [f"Auto-Submitted: auto-{'replied' if self.answers else 'generated'}"] if self.kind == "machine" else []
        body = f"{self.text}\n"
        if self.bounced:
            head.append("Content-Type: multipart/report; report-type=delivery-status; boundary=b")
            body = (
                f"--b\nContent-Type: text/plain\n\n{self.text}\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; r\n\n"
                f"Final-Recipient: rfc822; {self.bounced}\nAction: failed\nStatus: 5.1.1\n\n--b--\n"
            )
        return ("\n".join(head) + "\n\n" + body).replace("\n", "\r\n").encode()


class People:
    """Everybody but the desk."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.secrets = 0
        self.requests: dict[str, list[int]] = {}

    def contracts(self) -> str:
        head = "reference,customer,addresses,domains,databases,versions,hosting,edition,status"
        kinds = [("on-premise", "active"), ("platform", "active"), ("on-premise", "overdue")]
        rows = [
            f"M{n},Firm {n},it@firm{n}.example,firm{n}.example,db{n},{(16, 17)[n % 2]}.0,{kinds[n % 3][0]},enterprise,{kinds[n % 3][1]}"
            for n in range(FIRMS)
        ]
        return "\n".join([head, *rows, ""])

    def begins(self, now: datetime) -> Letter:
        """Somebody writes out of the blue."""
        pick, firm = self.chance.random(), self.chance.randrange(FIRMS)
        author = f"{self.chance.choice(['ann', 'bo', 'cy'])}@firm{firm}.example"
        proven = self.chance.random() < 0.85
        cc = f"<it@firm{firm}.example>" if self.chance.random() < 0.2 else ""

        def letter(to: str, text: str, subject: str, kind: Kind = "customer") -> Letter:
            return Letter(at=now, kind=kind, author=author, to=to, text=text, subject=subject, authentic=proven, cc=cc)

        if pick < 0.25:
            custom = self.chance.choice(["", "Customisations: no\n", "Customisations: yes, one module\n"])
            target = self.chance.choice(["18.0", "19.0", "15.0"])
            text = f"Please upgrade us.\nVersion: {16 + firm % 2}.0\nTarget version: {target}\nDatabase: db{firm}\nHosting: on-premise\n{custom}"
            return letter("upgrade@example.com", text, "Upgrade")
        if pick < 0.34:
            return letter("security@example.com", "Portal users run scripts.", "Report")
        if pick < 0.40:
            return letter("support@example.com", "disk is full", "Alert", "machine")
        if pick < 0.43:
            return letter("support@example.com", "Thanks", "Thanks")
        known = f"Version: 17.0\nDatabase: db{firm}\n" if pick < 0.70 else ""
        return letter(
            "support@example.com",
            f"How do we hide prices?\nKind of problem: functional\n{known}",
            f"Prices {self.chance.random()}",
        )

    def reacts(self, mail: Outgoing, now: datetime) -> list[Letter]:
        """What a mail of the desk leads to, now or later."""
        if mail.recipient in AGENTS.values():
            return self._agent(mail, now)
        return [] if mail.draft.reply_to is None or mail.kind in ("advisory", "announcement") else self._customer(mail, now)

    def _letter(self, mail: Outgoing, after: timedelta, now: datetime, kind: Kind, text: str, **more: object) -> Letter:
        assert mail.draft.reply_to is not None
        own = {"author": mail.recipient, "to": mail.draft.reply_to.address, "authentic": self.chance.random() < 0.93, **more}
        return Letter(at=now + after, kind=kind, text=text, subject=f"Re: {mail.draft.subject}", answers=mail, **own)  # type: ignore[arg-type]

    # --- customers --------------------------------------------------------------------------------------------

    def _customer(self, mail: Outgoing, now: datetime) -> list[Letter]:
        pick, text = self.chance.random(), mail.draft.text
        after = timedelta(minutes=self.chance.choice([20, 300, 2000, 6000, 8500, 11000, 30000]))

        def says(words: str, kind: Kind = "customer", **more: object) -> list[Letter]:
            return [self._letter(mail, after, now, kind, words, **more)]

        if pick < 0.05 and "+bounce-" in mail.reverse_path:
            return says(
                "no such user", "machine", author="MAILER-DAEMON@relay.example", to=mail.reverse_path, bounced=mail.recipient
            )
        if pick < 0.11:
            return [self._letter(mail, timedelta(minutes=1), now, "machine", "I am on vacation.")]
        if pick < 0.13:
            return says("I am her consultant.", "guest", author="eve@far.example")
        if mail.kind == "consent":
            word, proven = self.chance.choice(["yes", "Yes", "yes", "no", "Yes, but not today"]), self.chance.random() < 0.6
            return says(word, authentic=proven) if pick < 0.8 else []
        if "Test finished" in text:
            words = self.chance.choice(["Test finished: yes", "Test finished: yes", "Test finished: no\nIssues found: no lines"])
            return says(words) if pick < 0.8 else []
        if "please complete" in text:
            block = re.search(r"-----.*?end -----", text, re.S)
            assert block is not None
            values = {
                "Version": "17.0",
                "Database": "db",
                "Customisations": "no",
                "Target version": "18.0",
                "Hosting": "on-premise",
            }
            lines = [f"{line} {values.get(line.rstrip(': '), 'it is so')}" for line in block[0].split("\n")[1:-1]]
            kept = lines if pick < 0.6 else lines[:1]
            return says("\n".join(["----- please complete -----", *kept, "----- end -----"])) if pick < 0.7 else []
        if mail.kind == "acknowledgement":
            return says("One more thing.") if pick < 0.2 else []
        return says("It still does not work.") if pick < 0.4 else says("Thank you!") if pick < 0.55 else []

    # --- agents -----------------------------------------------------------------------------------------------

    def _agent(self, mail: Outgoing, now: datetime) -> list[Letter]:
        receipt, report = RECEIPT.search(mail.draft.text), REPORT.search(mail.draft.text)
        if mail.kind not in ("notification", "receipt", "note") or not (receipt or report):
            return []
        stage, case = (receipt[2], receipt[3]) if receipt else (report[5], report[3] or report[4])  # type: ignore[index]
        after = timedelta(minutes=self.chance.choice([5, 60, 600, 3000]))
        if self.chance.random() < 0.04:
            return [self._letter(mail, after, now, "machine", "I am on vacation.")]
        if self.chance.random() < 0.08:
            return []  # forgotten
        words = self._step(mail, case, now.date()) if case else self._support(mail, stage or "")
        return [self._letter(mail, after, now, "agent", each) for each in words]

    def _secret(self) -> str:
        self.secrets += 1
        return f"SECRET-{self.secrets}"

    def _other(self, mail: Outgoing) -> int:
        """One of the last requests, mostly of the same customer."""
        shown = REQUESTER.search(mail.draft.text)
        theirs = self.requests.setdefault(shown[1] if shown else "", [])
        others = [*dict.fromkeys(theirs[-6:]), max((mail.ticket or 0) - self.chance.randrange(1, 9), 1)]
        theirs.append(mail.ticket or 0)
        return self.chance.choice(others)

    def _support(self, mail: Outgoing, stage: str) -> list[str]:
        if mail.kind != "notification":
            return []
        pick, mark = self.chance.random(), MARK.search(mail.draft.text)
        choices = (
            (0.50, "Look under Settings."),
            (0.58, "#version 18.0\n#take\n\nLook under Settings."),
            (0.66, f"#note\n\n{self._secret()}"),
            (0.72, "#take"),
            (0.77, f"#team {self.chance.choice(['technical', 'functional', 'bugfix'])}"),
            (0.80, f"#assign {self.chance.choice(['lea', 'raj', 'nobody'])}"),
            (0.84, "#close it is a question for your reseller"),
            (0.85, "#spam"),
            (0.88, f"#tak\n\n{self._secret()}"),
            (0.91, f"See {mark[1] if mark else ''}| {self._secret()}"),
            (0.94, f"Write to lea@example.com, {self._secret()}."),
            (0.96, f"#merge {self._other(mail)}"),
            (0.97, self.chance.choice(["#split The other thing", f"#link {self._other(mail)}"])),
            (0.98, "#reopen"),
            (1.00, "#close\n\nIt is mended."),
        )
        return [next(text for most, text in choices if pick < most)]

    def _step(self, mail: Outgoing, case: str, today: date) -> list[str]:
        day = today + timedelta(days=self.chance.choice([16, 25]))
        if self.chance.random() < 0.15:  # a step too far
            return [
                self.chance.choice(["#upgraded", "#upgraded", "#broadcast", "#approve", "#schedule 2030-01-01", "#consent all"])
            ]
        steps: dict[str, list[str]] = {
            "requested": ["#customisations no", "Which modules do you have?"],
            "declared": [
                "#test-ready https://test.example.net/db",
                "#refuse it cannot be had",
                "#test-ready https://test.example.net/db",
            ],
            "testing": ["#tested", "#note\n\n" + self._secret(), "#test-failed no lines", ""],
            "tested": ["#rehearsed", "#consent upgrade to 18.0", "#consent upgrade to 18.0"],
            "rehearsed": ["#consent upgrade to 18.0"],
            "consented": [f"#schedule {day}", "#upgraded", "#upgraded", "#customisations two modules", "#test-failed late"],
            "received": ["#acknowledge\n#take", "#take", "#reject it is none"],
            "acknowledged": ["#confirm"],
            "analysis": ["#confirm", "Tell us more, please."],
            "confirmed": ["#corrected\n" + ADVISORY],
            "correction": ["#review", f"#embargo {day}"],
            "review": ["#approve", "#approve", "#review"],
            "advisory": ["#broadcast", "#broadcast", ADVISORY],
            "broadcast": ["", f"#embargo {day}", "#broadcast"],
        }
        text = self.chance.choice(steps.get(case, [""]))
        return [text] if text else []
