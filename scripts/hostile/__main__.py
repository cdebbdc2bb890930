"""Reads mails that were made to keep a parser busy, each in a fresh process, and says how long it took and what memory it had.

`python scripts/hostile` builds each bomb of `bombs.py` at 10 KB, 1 MB and 25 MB, and reads it as a worker does (`read_mail` with
the shipped tables) and as the front does (the conversation's keys and IMAP's envelope, from the header section). It prints a line
a bomb, and its exit code is 1 where any reading passes two seconds or 512 MB. Seconds are the processor's: others may be at work.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from bombs import BOMBS

ROOT = Path(__file__).resolve().parents[2]
SIZES = {"10 KB": 10_000, "1 MB": 1_000_000, "25 MB": 25_000_000}
SECONDS, MEGABYTES = 2.0, 512
PATIENCE = 30  # seconds until a process is ended


def main() -> int:
    """Reads them all; the exit code."""
    parser = argparse.ArgumentParser(prog="hostile", description="Reads hostile mails under limits.")
    parser.add_argument("--only", default="", help="bombs whose name holds this")
    parser.add_argument("--size", choices=SIZES, action="append", help="only of this size")
    parser.add_argument("--one", nargs=2, metavar=("BOMB", "OCTETS"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(read_one(options.one[0], int(options.one[1]))))
        return 0
    sizes = options.size or list(SIZES)
    print(f"{'':28}" + "".join(f"{size + ': s':>12}{'front: s':>10}{'MB':>6}" for size in sizes))
    failed = [name for name in BOMBS if options.only in name and not _line(name, sizes)]
    print(f"\n{len(failed)} of {len(BOMBS)} pass {SECONDS:.0f} s or {MEGABYTES} MB" + "".join(f"\n  {each}" for each in failed))
    return 1 if failed else 0


def _line(name: str, sizes: list[str]) -> bool:
    """Prints the figures of a bomb; whether all are within the limits."""
    cells, fine = [], True
    for size in sizes:
        found = _in_a_process(name, SIZES[size])
        if found is None:
            cells.append(f"{'> ' + str(PATIENCE):>12}{'-':>10}{'-':>6} !")
            fine = False
            continue
        within = found["worker"] <= SECONDS and found["front"] <= SECONDS and found["megabytes"] <= MEGABYTES
        cells.append(f"{found['worker']:12.2f}{found['front']:10.3f}{found['megabytes']:6.0f}{' ' if within else '!'}")
        fine = fine and within
    print(f"{name:28}" + "".join(cells), flush=True)
    return fine


def _in_a_process(name: str, octets: int) -> dict[str, float] | None:
    """What it said; None where it had to be ended, or died."""
    try:
        words = [sys.executable, __file__, "--one", name, str(octets)]
        done = subprocess.run(words, capture_output=True, timeout=PATIENCE, check=False)
    except subprocess.TimeoutExpired:
        return None
    return json.loads(done.stdout) if done.returncode == 0 else None


def read_one(name: str, octets: int) -> dict[str, float]:
    """Seconds in the worker and in the front, and the peak of memory in megabytes."""
    from maild.config import load_config
    from maild.intake.conversation import HEAD, conversation_of
    from maild.intake.imap.envelope import paths_of
    from maild.mail.envelope import Envelope
    from maild.problem.reading import read_mail
    from maild.rules.policy import load_policy
    from maild.tickets.address import AddressBook

    with tempfile.TemporaryDirectory(prefix="maild-hostile-") as state:
        policy = load_policy(load_config(ROOT / "maild.toml", {"MAILD_PATHS_STATE": state}))
    envelope = Envelope(
        reverse_path="ann@example.org", forward_paths=("support@example.com",), arrived_at=datetime.now(UTC), intake="smtp"
    )
    book = AddressBook(policy.config, (b"k" * 32,))
    resource.setrlimit(resource.RLIMIT_DATA, (1 << 30, 1 << 30))
    raw = BOMBS[name](octets)
    started = time.process_time()
    read_mail(raw, envelope, policy.lexicon)
    worker = time.process_time() - started
    started = time.process_time()
    conversation_of(raw[:HEAD], envelope.forward_paths)
    paths_of(raw, book, "support@example.com")
    front = time.process_time() - started
    return {"worker": worker, "front": front, "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


if __name__ == "__main__":
    sys.exit(main())
