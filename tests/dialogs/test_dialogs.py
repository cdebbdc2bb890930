r"""Literal dialogues: each `.txt` beside this file is a session with a real server, told by its first line.

    protocol: lmtp               the server (default: smtp)
    listener: max_size = 1000    a setting of the listener; times in seconds
    C: text                      the client sends a line (`{a*9}` is nine a; `{bounce}` a valid bounce address)
    R: \x00\n                    the client sends these octets and no line end
    S: text                      the server's next line starts so; `/…/` is a pattern for the whole line; `(closed)`: it hangs up
    E: <a@b> -> c@d, e@f         envelope of the next mail that must be in the spool when all is said
    K: text, KR: \x00\n          its lines or octets behind the Received field

What the server answered with 250 is in the spool, and nothing else is.
"""

from __future__ import annotations

import re
import tomllib
from datetime import timedelta
from pathlib import Path

import pytest

FILES = sorted(Path(__file__).parent.glob("*.txt"))
REPEAT = re.compile(r"\{(.)\*(\d+)\}")
TRACE = re.compile(rb"\AReceived: .*\r\n(?:[ \t].*\r\n)+")


def steps(file: Path) -> list[tuple[str, str]]:
    """The marks and texts of a file."""
    lines = [line.partition(":") for line in file.read_text().splitlines() if line and not line.startswith("#")]
    return [(mark, text.removeprefix(" ")) for mark, _, text in lines]


def octets(text: str) -> bytes:
    """Repeats written out, the rest as UTF-8."""
    return REPEAT.sub(lambda match: match[1] * int(match[2]), text).encode()


def raw(text: str) -> bytes:
    r"""The same for text with escapes such as `\x00`."""
    return REPEAT.sub(lambda match: match[1] * int(match[2]), text).encode("latin-1").decode("unicode_escape").encode("latin-1")


def fits(answer: str, wanted: str) -> bool:
    """Whether a line of the server is what the file says."""
    if wanted == "(closed)":
        return answer == ""
    if wanted.startswith("/"):
        return re.fullmatch(wanted.strip("/"), answer) is not None
    return answer != "" and answer.startswith(wanted)


def setting(text: str) -> dict[str, object]:
    """`name = value`; lengths of time are told in seconds."""
    ((name, value),) = tomllib.loads(text).items()
    timed = name.endswith(("timeout", "limit"))
    return {name: timedelta(seconds=value) if timed else tuple(value) if isinstance(value, list) else value}


@pytest.mark.parametrize("file", FILES, ids=lambda path: path.stem)
@pytest.mark.asyncio
async def test_dialogue(file: Path, serving) -> None:
    """The server says what the file says, keeps what it answered with 250, and nothing else."""
    script = steps(file)
    changes = {name: value for mark, text in script if mark == "listener" for name, value in setting(text).items()}
    protocol = next((text for mark, text in script if mark == "protocol"), "smtp")
    async with serving(protocol=protocol, **changes) as server:
        bounce = server.door.book.bounce_address("support@example.com", "0123456789abcdef")
        client = await server.connect()
        wanted: list[tuple[str, bytes]] = []
        accepted: list[str] = []
        pending = b""
        for number, (mark, text) in enumerate(script):
            if mark == "C":
                pending += octets(text.replace("{bounce}", bounce)) + b"\r\n"
            elif mark == "R":
                pending += raw(text)
            elif mark == "S":
                await client.send(pending)
                pending = b""
                answer = await client.line()
                assert fits(answer, text), f"{file.name}, step {number + 1}: {answer!r} where {text!r} belongs"
                if answer.startswith("250 2.0.0 accepted as "):
                    accepted.append(answer.rpartition(" ")[2])
            elif mark == "E":
                wanted.append((text.replace("{bounce}", bounce), b""))
            elif mark in ("K", "KR"):
                envelope, content = wanted[-1]
                wanted[-1] = (envelope, content + (octets(text) + b"\r\n" if mark == "K" else raw(text)))
        client.vanish()
        await server.quiet()
        kept = server.kept()
        assert [entry.id for entry, _ in kept] == list(dict.fromkeys(accepted))
        found = [
            (f"<{entry.envelope.reverse_path}> -> {', '.join(entry.envelope.forward_paths)}", TRACE.sub(b"", content, count=1))
            for entry, content in kept
        ]
        assert found == wanted
        assert ".part" not in server.files()
