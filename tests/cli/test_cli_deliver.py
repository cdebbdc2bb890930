"""`maild deliver` leaves mail for a desk that need not run; then the desk runs, and `spool` and `status` tell what became of it."""

from __future__ import annotations

import json
import signal
import time
from itertools import islice
from threading import Timer
from typing import TYPE_CHECKING

import pytest

from maild.mail.parse import parse
from maild.store.store import HEAD

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

PATIENCE = 120.0  # its worker is nice to others, and they may have much to do
SPOOL = ("id", "state", "arrived_at", "size", "intake", "attempts", "sealed", "from", "to", "reason")


def drops(place: Any) -> list[bytes]:
    """What lies in the maildrop."""
    return [path.read_bytes() for path in place.state.glob("maildrop/*")]


def test_a_mail_is_left(place: Any, mail: Callable[..., bytes]) -> None:
    """0 means that the mail lies in the maildrop, lines ended as on the wire, with its envelope in front; no daemon is needed."""
    raw = mail("Hello\n")
    said = place.maild(
        "deliver", "--to", "support@example.com", "Upgrade+x@Example.com", "--from", "<ann@example.org>",
        stdin=raw.replace(b"\r\n", b"\n"), fresh=True,
    )  # fmt: skip
    assert (said.code, said.out, said.err) == (0, "", "")
    (left,) = drops(place)
    head, _, body = left.partition(b"\n")
    told = json.loads(head)
    assert (told["what"], told["from"], told["sealed"]) == ("mail", "ann@example.org", False)
    assert told["to"] == ["support@example.com", "Upgrade+x@Example.com"]
    assert body == raw


def test_the_reverse_path_is_null_unless_told(place: Any, mail: Callable[..., bytes]) -> None:
    """Without --from the mail has the null reverse-path, as with an empty one; postmaster is known everywhere."""
    assert place.maild("deliver", "--to=postmaster@example.com", stdin=mail()).code == 0
    assert place.maild("deliver", "--from", "", "--to=support@example.com", stdin=mail()).code == 0
    assert [json.loads(each.partition(b"\n")[0])["from"] for each in drops(place)] == ["", ""]


def test_a_sealed_mail_is_left_sealed(place: Any, mail: Callable[..., bytes]) -> None:
    """Mail for a sealed mailbox is never on the disk in the clear."""
    assert place.maild("deliver", "--to", "security@example.com", stdin=mail("a terrible secret\n")).code == 0
    (left,) = drops(place)
    assert b"terrible" not in left
    assert json.loads(left.partition(b"\n")[0])["sealed"] is True


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ([], 64),
        (["--to"], 64),
        (["--nonsense"], 64),
        (["--to", "support@example.com", "--verbose"], 64),
        (["support@example.com"], 64),
        (["--to", "nobody@example.com"], 67),
        (["--to", "support@example.com", "ann@example.org"], 67),
        (["--to", "support"], 67),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else str(value),
)
def test_refused_for_good(words: list[str], code: int, place: Any, mail: Callable[..., bytes]) -> None:
    """Wrong words and unknown mailboxes are told by their codes, in one line, and nothing is left."""
    said = place.maild("deliver", *words, stdin=mail())
    said.failed(code, "maild: deliver: ")
    assert said.err.count("\n") == 1
    assert not drops(place)


def test_too_large(place: Any, mail: Callable[..., bytes]) -> None:
    """A mail over the limit is data that cannot be taken, and its beginning does not stay."""
    place.edit("maild.toml", 'listen = "127.0.0.1:2525"', 'listen = "127.0.0.1:2525"\nmax_size = "100KB"')
    said = place.maild("deliver", "--to", "support@example.com", stdin=mail("x" * 70 + "\n" * 120_000))
    said.failed(65, "more than 100000 bytes", "intake.smtp.max_size")
    assert not drops(place)
    assert place.maild("deliver", "--to", "support@example.com", stdin=mail("x" * 50_000)).code == 0


def test_try_again(place: Any, mail: Callable[..., bytes]) -> None:
    """Where the mail cannot be kept the mailer is told to come again."""
    place.write("var", b"a file where the state folder should be")
    place.maild("deliver", "--to", "support@example.com", stdin=mail()).failed(75, "the mail was not taken")
    place.maild("deliver", "--to", "security@example.com", stdin=mail()).failed(75)


def _until(place: Any, condition: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """Asks `status` until it is so."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        (told,) = place.maild("status", "--json").objects
        if condition(told):
            return told
    pytest.fail(f"the desk came no further than {told}")


def test_a_short_life(place: Any, mail: Callable[..., bytes]) -> None:
    """Mail left before the start is worked on: tickets, sent mail, and what is held until the operator decides."""
    for to, number in (
        ("support@example.com", 1),
        ("support@example.com", 1),
        ("postmaster@example.com", 2),
        ("security@example.com", 3),
    ):
        raw = mail("Hello\n", Message_ID=f"<{number}@example.org>")
        assert place.maild("deliver", "--from", "ann@example.org", "--to", to, stdin=raw).code == 0
    with place.start("run", MAILD_INTAKE_SMTP_LISTEN="127.0.0.1:0") as daemon:
        watch = Timer(PATIENCE, daemon.kill)  # what waits for its lines must not wait for ever
        watch.start()
        try:
            assert any(line.startswith("maild: ready") for line in daemon.stderr)
            sent_lines = (line for line in daemon.stderr if "state='sent'" in line)
            assert len(list(islice(sent_lines, 5))) == 5
            told = _until(
                place, lambda each: sum(each["tickets"].values()) == 2 and each["spool"] == {"hold": 1} and "queued" not in each["outbox"]
            )  # fmt: skip
            assert (told["running"], told["schema"]) == (True, HEAD)
            place.maild("run", MAILD_INTAKE_SMTP_LISTEN="127.0.0.1:0").failed(75, "another maild runs here")
            (held,) = place.maild("spool", "list", "--json").objects
            assert place.maild("spool", "retry", held["id"][:6]).out == "retry: 1 at once\n"
        finally:
            daemon.send_signal(signal.SIGTERM)
            daemon.stderr.read()
            code = daemon.wait(PATIENCE)
            watch.cancel()
    assert code == 0
    _look_at_the_spool(place)
    sent = [parse(path.read_bytes()) for path in place.state.glob("sent/new/*")]
    about_tickets = [each for each in sent if "[#" in each.subject]
    assert sorted(each.to[0].address for each in about_tickets) == [
        "ann@example.org", "ann@example.org", "emma@example.com", "mira@example.com", "nina@example.com",
    ]  # fmt: skip


def _look_at_the_spool(place: Any) -> None:
    (held,) = place.maild("spool", "list", "--json").objects
    assert tuple(held) == SPOOL
    assert (held["intake"], held["from"], held["to"]) == ("pipe", "ann@example.org", ["postmaster@example.com"])
    table = place.maild("spool").out
    assert table.splitlines()[0].split() == ["id", "state", "arrived_at", "size", "attempts", "from", "to", "reason"]
    assert place.maild("spool", "show", held["id"][:8]).raw.endswith(b"\r\n\r\nHello\r\n")
    place.maild("spool", "show", "zzz").failed(65, "zzz")
    place.maild("spool", "drop", "zzz").failed(65, "zzz")
    assert place.maild("outbox", "list", "--json").objects == []
    assert not place.maild("status", "--json").objects[0]["running"]
