"""The queue before the workers: order, conversations, and what does not fit into memory."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.intake.waiting import BATCH, IN_MEMORY, LOOK_AHEAD, Waiter, Waiting
from maild.mail.envelope import Envelope
from maild.store.spool import Entry

Backlog = list[Entry]


@pytest.fixture(scope="session")
def entry(envelope: Callable[..., Envelope]) -> Callable[..., Entry]:
    """Builds an entry: its place, and the keys of its conversation."""
    same = envelope()

    def build(seq: int, *conversation: str) -> Entry:
        return Entry(
            seq=seq, id=f"e{seq}", state="incoming", envelope=same, size=1, sealed=False, conversation=conversation,
            attempts=0, due_at=0, reason="",
        )  # fmt: skip

    return build


def fetching(spool: Backlog) -> Callable[[int, int], Backlog]:
    """What the spool gives: entries behind a place, in order."""
    return lambda after, most: [each for each in spool if each.seq > after][:most]


def ids(batch: list[Waiter]) -> list[str]:
    """The mails of a batch."""
    return [waiter.entry.id for waiter in batch]


def test_order_of_arrival(entry) -> None:
    """What waited before comes first, then what arrives; batches are full and nothing comes twice."""
    spool = [entry(n) for n in range(1, 41)]
    waiting = Waiting(fetching(spool))
    assert ids(waiting.take()) == [f"e{n}" for n in range(1, BATCH + 1)]
    waiting.arrived(entry(41))
    waiting.arrived(entry(41))
    assert ids(waiting.take()) == [f"e{n}" for n in range(BATCH + 1, 42)]
    assert waiting.take() == []
    assert len(waiting) == 0


def test_a_conversation_goes_to_one_worker(entry) -> None:
    """While a mail of a conversation is with a worker, the next of it waits, and so does what is tied to that one."""
    waiting = Waiting(fetching([entry(1, "a"), entry(2, "b")]))
    first = waiting.take()
    assert ids(first) == ["e1", "e2"]
    for late in (entry(3, "a", "c"), entry(4, "c"), entry(5, "d")):
        waiting.arrived(late)
    second = waiting.take()
    assert ids(second) == ["e5"]
    waiting.finished(first)
    assert ids(waiting.take()) == ["e3", "e4"]


def test_a_failed_batch_goes_one_by_one(entry) -> None:
    """After a failure each mail of the batch goes alone, in its old order and before what came later."""
    waiting = Waiting(fetching([entry(1), entry(2), entry(3)]))
    batch = waiting.take()
    waiting.arrived(entry(4))
    waiting.arrived(entry(5))
    waiting.back(batch, alone=True)
    taken = [waiting.take() for _ in range(4)]
    assert [ids(each) for each in taken] == [["e1"], ["e2"], ["e3"], ["e4", "e5"]]
    assert [each[0].alone for each in taken] == [True, True, True, False]


def test_a_paused_batch_stays_together(entry) -> None:
    """When the store was in trouble the same batch goes out again; who was alone stays alone."""
    waiting = Waiting(fetching([entry(1), entry(2)]))
    waiting.back(waiting.take(), alone=False)
    batch = waiting.take()
    assert ids(batch) == ["e1", "e2"]
    waiting.back(batch, alone=True)
    waiting.back(waiting.take(), alone=False)
    assert ids(waiting.take()) == ["e1"]


def test_once_more(entry) -> None:
    """What an operator or the clock brings back waits again, unless it waits or is with a worker already."""
    waiting = Waiting(fetching([entry(1), entry(2)]))
    batch = waiting.take()
    waiting.again(entry(1))
    assert waiting.take() == []
    waiting.finished(batch)
    waiting.again(entry(1))
    waiting.again(entry(1))
    assert ids(waiting.take()) == ["e1"]


@pytest.mark.parametrize("count", [IN_MEMORY - 1, IN_MEMORY, IN_MEMORY + 1, 3 * IN_MEMORY + 5])
def test_more_than_memory_holds(entry, count: int) -> None:
    """A backlog beyond memory is fetched as needed; with mail arriving all the while, everything comes once and in order."""
    spool = [entry(n) for n in range(1, count + 1)]
    waiting = Waiting(fetching(spool))
    order: list[str] = []
    longest = 0
    while batch := waiting.take():
        longest = max(longest, len(waiting))
        order += ids(batch)
        if len(order) % 3 == 0 and len(spool) < count + 2000:
            spool.append(entry(len(spool) + 1))
            waiting.arrived(spool[-1])
        waiting.finished(batch)
    assert order == [each.id for each in spool]
    assert longest <= 2 * IN_MEMORY


def test_a_long_conversation_does_not_stop_the_others(entry) -> None:
    """Behind hundreds of mails that must wait, others are found."""
    waiting = Waiting(fetching([entry(n, "hot") for n in range(1, LOOK_AHEAD)] + [entry(LOOK_AHEAD, "cold")]))
    batch = waiting.take()
    assert ids(batch) == [f"e{n}" for n in range(1, BATCH + 1)]
    assert ids(waiting.take()) == [f"e{LOOK_AHEAD}"]


KEYS = st.lists(st.sampled_from("abcde"), max_size=2, unique=True)
STEPS = st.one_of(
    st.tuples(st.just("arrive"), KEYS),
    st.tuples(st.just("take"), st.none()),
    st.tuples(st.just("finish"), st.integers(0, 9)),
    st.tuples(st.just("fail"), st.integers(0, 9)),
    st.tuples(st.just("pause"), st.integers(0, 9)),
)


@given(before=st.lists(KEYS, max_size=60), steps=st.lists(STEPS, max_size=80))
def test_whatever_happens(entry, before: list[list[str]], steps: list[tuple[str, object]]) -> None:
    """Two mails of one conversation are never with two workers; they end in the order of arrival; each mail ends once."""
    spool = [entry(number, *keys) for number, keys in enumerate(before, 1)]
    waiting = Waiting(fetching(spool))
    out: list[list[Waiter]] = []
    finished: list[Entry] = []

    def take() -> bool:
        batch = waiting.take()
        if not batch:
            return False
        held = {key for other in out for waiter in other for key in waiter.entry.conversation}
        assert held.isdisjoint(key for waiter in batch for key in waiter.entry.conversation)
        assert len(batch) <= BATCH
        assert len(batch) == 1 or not any(waiter.alone for waiter in batch)
        out.append(batch)
        return True

    def finish(number: int) -> None:
        batch = out.pop(number % len(out))
        waiting.finished(batch)
        finished.extend(waiter.entry for waiter in batch)

    for step, value in steps:
        if step == "arrive":
            spool.append(entry(len(spool) + 1, *value))
            waiting.arrived(spool[-1])
        elif step == "take":
            take()
        elif out and step == "finish":
            finish(value)
        elif out:
            waiting.back(out.pop(value % len(out)), alone=step == "fail")
    while out or take():
        if not take():
            finish(0)
    assert sorted(each.seq for each in finished) == [each.seq for each in spool]
    for key in "abcde":
        places = [each.seq for each in finished if key in each.conversation]
        assert places == sorted(places)
