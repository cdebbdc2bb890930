"""Compares what the customers and the sink know with what the desk has stored. Every violation is one sentence."""

import hashlib
import json
import re
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from customers import OPERATOR, Customers, Letter
from sink import Sink

from maild.config import load_config
from maild.keys.ring import open_keyring
from maild.rules.policy import load_policy
from maild.store.private import Private
from maild.store.spool import SpoolReader
from maild.tickets.lifecycle import PUBLIC, replay
from maild.tickets.ticket import Event

_MESSAGE_ID = re.compile(rb"(?im)^message-id: <([^>]+)>")
_ANY: Any = None
_DAY = 86_400_000_000


@dataclass(slots=True)
class Evidence:
    """Everything that is known at the end. `in_flight`: outbox key -> at how many kills of the front it was on its way."""

    state: Path
    config: Path
    customers: Customers
    sink: Sink
    in_flight: Counter[str]


@dataclass(slots=True)
class Report:
    """Counts for the summary, and what is wrong."""

    counts: dict[str, int] = field(default_factory=dict)
    violations: list[str] = field(default_factory=list)


def verify(evidence: Evidence) -> Report:
    """All checks, in the order of the road."""
    found = _Checks(evidence)
    for check in (found.databases, found.spool, found.desk, found.threads, found.log, found.fates, found.outbox, found.answers):
        check()
    return found.report


class _Checks:
    def __init__(self, evidence: Evidence) -> None:
        self._state = evidence.state
        self._customers = evidence.customers
        self._sink = evidence.sink
        self._in_flight = evidence.in_flight
        keys = open_keyring(evidence.state / "keys")
        self._private = Private(keys)
        self._reader = SpoolReader(evidence.state, keys.seal)
        self._teams = load_policy(load_config(evidence.config)).teams
        self._desk = sqlite3.connect(f"file:{evidence.state / 'maild.db'}?mode=ro", uri=True)
        self._desk.row_factory = sqlite3.Row
        self._entries: dict[str, list[str]] = defaultdict(list)  # Message-ID -> entries, in the order of arrival
        self._ticket_of: dict[str, int] = {}  # Message-ID -> ticket
        self._team_of: dict[int, str] = {}
        self.report = Report()

    def _wrong(self, what: str) -> None:
        self.report.violations.append(what)

    def _rows(self, query: str) -> Iterator[sqlite3.Row]:
        return iter(self._desk.execute(query))

    # --- in ---------------------------------------------------------------------------------------------------

    def databases(self) -> None:
        """Both are sound."""
        for name in ("spool.db", "maild.db"):
            with sqlite3.connect(f"file:{self._state / name}?mode=ro", uri=True) as connection:
                answer = connection.execute("PRAGMA integrity_check").fetchone()[0]
            if answer != "ok":
                self._wrong(f"{name}: integrity_check says {answer}")

    def spool(self) -> None:
        """Every acknowledged mail has an entry with the bytes that were sent, and nothing else is there."""
        files = {path.name for path in (self._state / "spool").iterdir()}
        for entry in self._reader.listed(["incoming", "active", "deferred", "hold", "done"]):
            files.discard(f"{entry.id}.mail")
            held = ("hold", "for-the-operator") if entry.envelope.forward_paths == (OPERATOR,) else ("done", "")
            if (entry.state, entry.reason) != held:
                self._wrong(f"entry {entry.id} is {entry.state} ({entry.reason or 'no reason'})")
            trace, raw = _cut_trace(self._reader.bytes_of(entry))
            named = _MESSAGE_ID.search(raw)
            letter = self._customers.letters.get(named[1].decode()) if named else None
            if letter is None or not trace.startswith(b"Received: from customers.example.org "):
                self._wrong(f"entry {entry.id} is no mail of ours")
                continue
            self._entries[letter.message_id].append(entry.id)
            if hashlib.sha256(raw).digest() != letter.digest:
                self._wrong(f"entry {entry.id}: {len(raw)} bytes are not the {letter.size} that were sent ({letter.message_id})")
            if entry.envelope.reverse_path != letter.author or entry.envelope.forward_paths != (letter.to,):
                self._wrong(f"entry {entry.id}: another envelope than that of {letter.message_id}")
        for name in sorted(files):
            self._wrong(f"spool/{name} belongs to no entry")
        for letter in self._customers.letters.values():
            if letter.entry and letter.entry not in self._entries[letter.message_id]:
                self._wrong(f"LOST: {letter.message_id} was acknowledged as {letter.entry}, which the spool does not have")
            if len(self._entries[letter.message_id]) > letter.sendings:
                self._wrong(f"{letter.message_id} was sent {letter.sendings} times and stands in the spool more often")
        self.report.counts["spool entries"] = sum(map(len, self._entries.values()))
        self.report.counts["of them second copies after a lost 250"] = sum(
            len(each) - 1 for each in self._entries.values() if each
        )

    def desk(self) -> None:
        """Every mail is one message on one ticket; each further copy of it is a discarded duplicate."""
        seen: dict[str, list[sqlite3.Row]] = defaultdict(list)
        for row in self._rows("SELECT * FROM seen"):
            seen[row["entry"]].append(row)
        messages: dict[str, list[sqlite3.Row]] = defaultdict(list)
        for row in self._rows("SELECT * FROM message"):
            messages[row["id"]].append(row)
        held = 0
        for message_id, entries in self._entries.items():
            if self._customers.letters[message_id].to == OPERATOR:
                if any([row["disposition"] for row in seen[entry]] != ["hold"] or entry in messages for entry in entries):
                    self._wrong(f"{message_id} is for the operator, and was not put on hold")
                held += bool(entries)
                continue
            accepted = [row for entry in entries for row in seen[entry] if row["disposition"] == "accept"]
            others = [row for entry in entries for row in seen[entry] if row["disposition"] != "accept"]
            if entries and (len(accepted) != 1 or accepted[0]["entry"] != entries[0]):
                self._wrong(f"{message_id}: accepted {len(accepted)} times, where its first copy should be")
            if len(others) != len(entries[1:]) or any(
                (r["disposition"], r["reason"]) != ("discard", "duplicate") for r in others
            ):
                self._wrong(f"{message_id}: further copies are {[(row['disposition'], row['reason']) for row in others]}")
            found = [row for entry in entries for row in messages.pop(entry, [])]
            if entries and [row["ticket"] for row in found] != [row["ticket"] for row in accepted]:
                self._wrong(f"{message_id} is a message of the tickets {[row['ticket'] for row in found]}")
            for row in found:
                self._ticket_of[message_id] = row["ticket"]
                if self._private.unpack(row["private"], row["sealed"])["message_id"] != message_id:
                    self._wrong(f"message {row['id']} on ticket {row['ticket']} is another mail than {message_id}")
        for entry in {*messages, *seen} - {each for entries in self._entries.values() for each in entries}:
            self._wrong(f"the desk knows the entry {entry}, and the spool does not")
        self.report.counts["messages on tickets"] = len(self._ticket_of)
        self.report.counts["on hold for the operator"] = held

    def threads(self) -> None:
        """Each conversation is one ticket, and each ticket one conversation; numbers are given once, and counted."""
        tickets = {row["number"]: row for row in self._rows("SELECT * FROM ticket")}
        self._team_of = {number: row["team"] for number, row in tickets.items()}
        owners: dict[int, int] = {}
        for message_id, ticket in self._ticket_of.items():
            thread = self._customers.letters[message_id].thread.number
            if owners.setdefault(ticket, thread) != thread:
                self._wrong(f"ticket {ticket} has mails of the threads {owners[ticket]} and {thread}")
        for thread, count in Counter(owners.values()).items():
            if count > 1:
                self._wrong(f"thread {thread} is on the tickets {sorted(t for t, owner in owners.items() if owner == thread)}")
        if set(owners) != set(tickets):
            self._wrong(f"tickets without a mail, or the reverse: {sorted(set(owners) ^ set(tickets))[:10]}")
        if sorted(tickets) != list(range(1, len(tickets) + 1)):
            self._wrong("the numbers have gaps, or do not begin at 1")
        counter = next(self._rows("SELECT value FROM counter WHERE name = 'ticket'"))["value"]
        if counter != len(tickets):
            self._wrong(f"the counter stands at {counter} with {len(tickets)} tickets")
        self.report.counts["tickets"] = len(tickets)

    def log(self) -> None:
        """Each ticket's log opens it once, has each of its mails once, and leads to the state that stands in its row."""
        logs: dict[int, list[Event]] = defaultdict(list)
        for row in self._rows("SELECT * FROM event ORDER BY id"):
            data = json.loads(row["data"])
            logs[row["ticket"]].append(
                Event(kind=row["kind"], at=_ANY, actor=row["actor"], reason=row["reason"], rule=row["rule"], data=data)
            )
        mails: dict[int, list[str]] = defaultdict(list)
        for message_id, ticket in self._ticket_of.items():
            mails[ticket].append(self._entries[message_id][0])
        for row in self._rows("SELECT * FROM ticket"):
            events = logs.pop(row["number"], [])
            if [each.kind for each in events].count("TicketOpened") != 1 or events[0].kind != "TicketOpened":
                self._wrong(f"ticket {row['number']}: its log does not open it once, and first")
            told = [each.data["message"] for each in events if each.kind in ("TicketOpened", "CustomerWrote")]
            if sorted(told) != sorted(mails[row["number"]]):
                self._wrong(f"ticket {row['number']}: its log tells of other mails than it has")
            plain = {name: row[name] for name in PUBLIC}
            plain |= {"missing": json.loads(row["missing"]), "tags": json.loads(row["tags"])}
            plain |= {"sealed": bool(row["sealed"]), "blocking": bool(row["blocking"])}
            if replay(events) != plain:
                self._wrong(f"ticket {row['number']}: its log leads to another state than its row has")
        for number in logs:
            self._wrong(f"there are events of a ticket {number}, which does not exist")

    def fates(self) -> None:
        """Each watched mail's fate reached its ticket once; the clocks of whoever was asked and is silent run from there."""
        told: Counter[str] = Counter()
        for row in self._rows("SELECT data FROM event WHERE kind IN ('MailAccepted', 'MailLost')"):
            told[json.loads(row["data"])["mail"]] += 1
        due: dict[int, dict[str, int]] = defaultdict(dict)
        for row in self._rows("SELECT * FROM due"):
            due[row["ticket"]][row["kind"]] = row["at"]
        wrote = Counter(self._ticket_of.values())
        asking = {row["number"] for row in self._rows("SELECT number FROM ticket WHERE stage = 'qualification'")}
        watched = list(self._rows("SELECT * FROM outbox WHERE watched"))
        for row in watched:
            if row["news"] or told.pop(row["key"], 0) != 1:
                self._wrong(f"the fate of {row['key']} did not reach ticket {row['ticket']} once")
            if row["ticket"] in asking and wrote[row["ticket"]] == 1:
                clocks = {kind: row["settled_at"] + days * _DAY for kind, days in (("reminder", 5), ("close", 7))}
                if due[row["ticket"]] != clocks:
                    self._wrong(f"the clocks of ticket {row['ticket']} are {due[row['ticket']]}, where {clocks} should be")
        for key in told:
            self._wrong(f"a ticket knows the fate of {key}, which nobody watched")
        self.report.counts["fates that tickets wait for"] = len(watched)

    # --- out --------------------------------------------------------------------------------------------------

    def outbox(self) -> None:
        """Every mail reached the sink; what came twice was in flight at a kill, is marked, and is the same to the byte."""
        rows = {}
        for row in self._rows("SELECT * FROM outbox"):
            number = "" if row["ticket"] is None else f"{row['ticket']}."
            rows[f"{number}{row['key']}@mail.example.com"] = row
        for message_id in set(self._sink.copies) - set(rows):
            self._wrong(f"the sink has <{message_id}>, of which the outbox knows nothing")
        extra = marked = 0
        for message_id, row in rows.items():
            copies = self._sink.copies.get(message_id, [])
            if row["state"] != "sent" or not copies:
                self._wrong(f"<{message_id}> is {row['state']} ({row['reply']}), and came {len(copies)} times")
            if len(copies) > 1 + self._in_flight[row["key"]]:
                self._wrong(f"<{message_id}> came {len(copies)} times, and was in flight at {self._in_flight[row['key']]} kills")
            if bool(row["twice"]) != (self._in_flight[row["key"]] > 0):
                self._wrong(
                    f"<{message_id}>: marked as sent twice: {bool(row['twice'])}, in flight: {self._in_flight[row['key']]}"
                )
            if len(copies) > 1 and len({self._sink.bytes_of(copy) for copy in copies}) > 1:
                self._wrong(f"<{message_id}> came twice, with different bytes")
            extra += max(0, len(copies) - 1)
            marked += row["twice"]
        self.report.counts["mails sent"] = len(rows)
        self.report.counts["of them marked as possible duplicates"] = marked
        self.report.counts["second copies that the sink got"] = extra

    def answers(self) -> None:
        """Seen from outside: one acknowledgement for each conversation, one notification for each mail and agent, the right number."""
        acknowledged: dict[str, set[str]] = defaultdict(set)
        notified: dict[str, set[str]] = defaultdict(set)
        for message_id, (first, *_) in self._sink.copies.items():
            if first.ticket is None and first.to == "ops@example.com":
                continue  # a note about what is on hold
            (acknowledged if first.automatic == "auto-replied" else notified)[first.answers].add(message_id)
            if first.ticket != self._ticket_of.get(first.answers):
                self._wrong(f"<{message_id}> names ticket {first.ticket} for a mail on {self._ticket_of.get(first.answers)}")
        desk = [each for each in self._customers.letters.values() if each.message_id in self._ticket_of]
        for letter in desk:
            opens = letter is letter.thread.letters[0]
            told = sorted(self._sink.copies[each][0].to for each in notified[letter.message_id])
            if len(acknowledged[letter.message_id]) != opens or told != self._told_of(letter):
                got = f"{len(acknowledged[letter.message_id])} acknowledgements and {len(notified[letter.message_id])} notifications"
                self._wrong(f"{letter.message_id} led to {got}")
            if any(self._sink.copies[each][0].to != letter.author for each in acknowledged[letter.message_id]):
                self._wrong(f"{letter.message_id}: somebody else got its acknowledgement")
        expected = sum(len(self._told_of(each)) + (each is each.thread.letters[0]) for each in desk)
        self.report.counts["acknowledgements and notifications expected"] = expected

    def _told_of(self, letter: Letter) -> list[str]:
        """The agents who are told of a mail: nobody has taken a ticket here, so all of its team."""
        return sorted(self._teams.members(self._team_of[self._ticket_of[letter.message_id]]))


def _cut_trace(raw: bytes) -> tuple[bytes, bytes]:
    """The field that the intake put before the mail, and the mail."""
    field_ = re.match(rb".*\r\n(?:[ \t].*\r\n)*", raw)
    end = field_.end() if field_ else 0
    return raw[:end], raw[end:]
