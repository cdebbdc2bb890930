"""What a desk's database holds, as plain values: what was written since the last look, and what stands there now."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from maild.clock import from_stamp
from maild.mail.outgoing import Outgoing
from maild.store.look import Look
from maild.store.outbox import FINAL
from maild.store.private import Private
from maild.store.rows import outgoing_from_row
from maild.store.store import Store
from maild.store.tables import DUE, EVENTS, LETTERS, MESSAGES, OUTBOX, SEEN, TICKETS
from maild.tickets.lifecycle import PUBLIC, replay

UNDER_WAY = (
    "testing",
    "tested",
    "rehearsed",
    "consented",
)  # an upgrade that no silence ends; a reported vulnerability always is one


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """`mails` are new ones with their times; `twice` what is there twice; `states` pairs of replayed and present public state."""

    mails: list[tuple[Outgoing, datetime]]
    twice: list[Any]
    messages: dict[str, int]
    aside: dict[str, str]
    states: list[tuple[Any, Any]]
    stuck: list[int]
    files: list[str]


class Observer:
    """Looks at a store, again and again."""

    def __init__(self) -> None:
        self._mail = self._event = self._stamp = 0

    def look(self, store: Store, files: list[str]) -> Observed:
        """What is new, and what is."""
        private = Private(store.keys)
        with store.database.reading() as connection:
            rows = connection.execute(
                select(OUTBOX, LETTERS.c.private).join(LETTERS, LETTERS.c.key == OUTBOX.c.key).where(OUTBOX.c.id > self._mail)
            ).mappings()
            mails = [(row["id"], outgoing_from_row(dict(row), private), from_stamp(row["created_at"])) for row in rows]
            same = OUTBOX.c.kind, OUTBOX.c.ticket, OUTBOX.c.cause, OUTBOX.c.recipient
            twice = [tuple(row) for row in connection.execute(select(*same).group_by(*same).having(func.count() > 1))]
            touched = connection.execute(select(EVENTS.c.ticket).where(EVENTS.c.id > self._event).distinct()).scalars().all()
            last = connection.execute(select(func.max(EVENTS.c.id))).scalar() or 0
            since = self._stamp
            messages = dict(
                connection.execute(
                    select(MESSAGES.c.id, func.count()).where(MESSAGES.c.at >= since).group_by(MESSAGES.c.id)
                ).all()
            )
            aside = {
                row.entry: row.reason
                for row in connection.execute(select(SEEN).where(SEEN.c.disposition != "accept", SEEN.c.at >= since))
            }
            self._stamp = connection.execute(select(func.max(MESSAGES.c.at))).scalar() or 0
            runs = select(DUE.c.ticket).union(
                select(OUTBOX.c.ticket).where(
                    OUTBOX.c.watched, OUTBOX.c.state.not_in(FINAL) | OUTBOX.c.news, OUTBOX.c.ticket.is_not(None)
                )
            )
            endures = (TICKETS.c.service == "security") | TICKETS.c.case.in_(UNDER_WAY)
            stuck = connection.execute(
                select(TICKETS.c.number).where(
                    TICKETS.c.stage == "feedback", TICKETS.c.number.not_in(runs), func.coalesce(endures, False).is_(False)
                )
            )
            standing = list(stuck.scalars())
        self._mail = max([self._mail, *(number for number, _, _ in mails)])
        self._event = last
        states = [self._states(Look(store), number) for number in touched]
        new = [(mail, at) for _, mail, at in mails]
        return Observed(mails=new, twice=twice, messages=messages, aside=aside, states=states, stuck=standing, files=files)

    def _states(self, look: Look, number: int) -> tuple[Any, Any]:
        whole = look.ticket(number)
        assert whole is not None
        present = {name: getattr(whole.ticket, name) for name in PUBLIC}
        return json.loads(json.dumps({"number": number} | replay(whole.events))), json.loads(
            json.dumps({"number": number} | present)
        )
