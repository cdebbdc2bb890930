"""What front and workers say to each other comes back as it was said, a line each."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.talk import READY, Answer, Batch, Done, Failure, Trouble, answer_in, batch_in, line_of

ANSWERS = st.one_of(
    st.builds(Done, held=st.dictionaries(st.text(), st.text()), more=st.booleans()),
    st.builds(Trouble, st.text()),
    st.builds(Failure, st.text()),
)


@given(items=st.lists(st.tuples(st.text(), st.text())).map(tuple), time=st.booleans(), alone=st.booleans())
def test_batches(items: tuple[tuple[str, str], ...], time: bool, alone: bool) -> None:
    """To a worker: in one line of ASCII, whatever the reasons say."""
    batch = Batch(items=items, time=time, alone=alone)
    line = line_of(batch)
    assert batch_in(line) == batch
    assert (line.count(b"\n"), line.isascii(), line[-1:]) == (1, True, b"\n")


@given(answer=ANSWERS)
def test_answers(answer: Answer) -> None:
    """From a worker."""
    line = line_of(answer)
    assert answer_in(line) == answer
    assert (line.count(b"\n"), line.isascii(), line[-1:]) == (1, True, b"\n")
    assert line != READY


@pytest.mark.parametrize(
    "line",
    [
        b"", b"debug: hello\n", b'{"is":"Done"', READY, b"[]\n", b"1\n", b'{"is":"Batch"}\n', b'{"is":"Done","foo":1}\n',
        b'{"is":"Done","held":null,"more":false}\n', b'{"is":"Trouble"}\n', b"\xff\n",
    ],
)  # fmt: skip
def test_what_no_worker_says(line: bytes) -> None:
    """A line that was cut off, or that a library printed: an error that the front knows, and ends the worker for."""
    with pytest.raises((ValueError, KeyError, TypeError, AttributeError)):
        answer_in(line)
