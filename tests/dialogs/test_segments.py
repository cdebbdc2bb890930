"""However a mail is cut into segments, it arrives byte for byte; checked with mails that Hypothesis makes."""

from __future__ import annotations

import asyncio
import re

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

TRACE = re.compile(rb"\AReceived: .*\r\n(?:[ \t].*\r\n)+")
COMMANDS = b"MAIL FROM:<ann@example.org>\r\nRCPT TO:<support@example.com>\r\nDATA\r\n"
PIECES = st.sampled_from(
    [b"\r\n", b"\r", b"\n", b".", b"..", b"\0", b"\xff", b" ", b"a", b"\r\n.\r", b"\r\n.", b"QUIT\r\n", b"x" * 65_530]
)
MAILS = st.lists(
    st.tuples(st.binary(max_size=40), st.lists(PIECES, max_size=20), st.sampled_from([0, 0, 0, 0, 4_200])), min_size=1, max_size=4
)
CUTS = st.lists(st.integers(min_value=1, max_value=200), min_size=1, max_size=30)


def segments(raw: bytes, cuts: list[int]) -> list[bytes]:
    """The octets in portions: of these lengths, then in ever larger ones."""
    out, at, number = [], 0, 0
    while at < len(raw):
        size = cuts[number] if number < len(cuts) else 1 << min(number, 17)
        out.append(raw[at : at + size])
        at, number = at + size, number + 1
    return out


@given(mails=MAILS, cuts=CUTS)
@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_any_mail_in_any_segments(serving, mails: list[tuple[bytes, list[bytes], int]], cuts: list[int]) -> None:
    """What stands between DATA and the dot is in the spool behind the Received field, octet for octet, in the order it came."""
    contents = [start + b"".join(pieces) + b"line\r\n" * 17 * filler + b"\r\n" for start, pieces, filler in mails]

    async def run() -> None:
        async with serving(protocol="lmtp") as server:
            before = len(server.kept())
            client = await server.connect()
            await client.greet("LHLO client.example")
            waiting = COMMANDS
            for number, content in enumerate(contents):
                for segment in segments(waiting, cuts):
                    await client.send(segment)
                    await asyncio.sleep(0)
                answers = [await client.line() for _ in range(3 + (number > 0))]
                assert answers[-1].startswith("354 ")
                stuffed = (b"\r\n" + content).replace(b"\r\n.", b"\r\n..")[2:]
                waiting = stuffed + b".\r\n" + (COMMANDS if number + 1 < len(contents) else b"NOOP\r\n")
            for segment in segments(waiting, cuts):
                await client.send(segment)
                await asyncio.sleep(0)
            assert (await client.line()).startswith("250 2.0.0 accepted as")
            assert (await client.line()).startswith("250 2.0.0 OK")
            assert [TRACE.sub(b"", raw, count=1) for _, raw in server.kept()[before:]] == contents

    asyncio.run(run())
