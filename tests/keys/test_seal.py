"""Sealed streams: only the key opens them, and only whole."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maild.keys.seal import CHUNK, MAGIC, BrokenSeal, Seal, new_seal

SEAL = Seal(bytes.fromhex("07" * 32))
OTHER = Seal(bytes.fromhex("08" * 32))


@given(pieces=st.lists(st.binary(max_size=300), max_size=6))
def test_what_is_pushed_comes_out(pieces: list[bytes]) -> None:
    """However the bytes came, they come out as one."""
    stream = SEAL.public.stream()
    sealed = b"".join([stream.push(piece) for piece in pieces]) + stream.close()
    assert SEAL.open(sealed) == b"".join(pieces)


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK + 5])
def test_sizes_around_a_chunk(size: int) -> None:
    """The cut between chunks is nobody's business."""
    content = bytes(range(256)) * (size // 256) + b"x" * (size % 256)
    assert SEAL.open(SEAL.public.seal(content)) == content


def test_nothing_shows() -> None:
    """The mail is nowhere in its sealed form, and the same mail is sealed differently each time."""
    content = b"From: ann@example.org\r\n" * 50
    one, two = SEAL.public.seal(content), SEAL.public.seal(content)
    assert one.startswith(MAGIC)
    assert one != two
    assert b"example" not in one


@given(cut=st.integers(0, 2000))
@settings(max_examples=100)
def test_a_stream_that_was_cut_is_noticed(cut: int) -> None:
    """Half a mail is no mail: wherever the disk stopped, also between two chunks, nothing is returned."""
    sealed = (
        SEAL.public.seal(b"a" * 700)
        if cut % 2
        else b"".join([(stream := SEAL.public.stream()).push(b"a" * 350), stream.push(b"b" * 350), stream.close()])
    )
    with pytest.raises(BrokenSeal):
        SEAL.open(sealed[: cut % len(sealed)])


def test_a_stream_that_was_cut_between_chunks_is_noticed() -> None:
    """Each chunk is whole, only the end is not there: what a crash between two writes leaves."""
    stream = SEAL.public.stream()
    pieces = [stream.push(b"1" * 50), stream.push(b"2" * 50), stream.close()]
    assert SEAL.open(b"".join(pieces)) == b"1" * 50 + b"2" * 50
    for number in range(3):
        with pytest.raises(BrokenSeal):
            SEAL.open(b"".join(pieces[:number]))


@given(at=st.integers(0, 10_000), flip=st.integers(1, 255))
@settings(max_examples=100)
def test_a_changed_octet_changes_no_mail(at: int, flip: int) -> None:
    """Any octet that matters is noticed; what is opened is what was sealed, or nothing."""
    content = b"a" * 200
    sealed = bytearray(SEAL.public.seal(content))
    sealed[at % len(sealed)] ^= flip
    end = len(sealed) - 21  # the length of the last chunk says nothing that the stream's end does not
    try:
        opened = SEAL.open(bytes(sealed))
    except BrokenSeal:
        return
    assert opened == content
    assert at % len(sealed) in range(end, end + 4)


@pytest.mark.parametrize(
    "sealed",
    [b"", b"MSL1", b"not sealed at all", MAGIC + b"\0" * 104, MAGIC + b"\0" * 500, b"From: ann@example.org\r\n\r\nhello"],
)
def test_what_was_never_sealed(sealed: bytes) -> None:
    """Anything else is refused, not guessed at."""
    with pytest.raises(BrokenSeal):
        SEAL.open(sealed)


def test_another_key_does_not_open() -> None:
    """What was sealed for one desk is nobody else's."""
    with pytest.raises(BrokenSeal):
        OTHER.open(SEAL.public.seal(b"secret"))


def test_chunks_cannot_change_places() -> None:
    """Each chunk is bound to those before it."""
    stream = SEAL.public.stream()
    head, first, second, end = stream.push(b""), stream.push(b"1" * 50), stream.push(b"2" * 50), stream.close()
    assert SEAL.open(head + first + second + end) == b"1" * 50 + b"2" * 50
    for mixed in (head + second + first + end, head + first + end, head + first + first + second + end):
        with pytest.raises(BrokenSeal):
            SEAL.open(mixed)


def test_new_keys_are_usable_and_differ() -> None:
    """A new seal is 32 octets in hexadecimal."""
    keys = {new_seal() for _ in range(3)}
    assert len(keys) == 3
    for key in keys:
        seal = Seal(bytes.fromhex(key))
        assert seal.open(seal.public.seal(b"x")) == b"x"


def test_nothing_may_follow_the_end() -> None:
    """Bytes behind the final chunk are noticed: a stream is whole, or it is broken."""
    with pytest.raises(BrokenSeal):
        SEAL.open(SEAL.public.seal(b"x") + b"y")
