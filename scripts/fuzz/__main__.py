"""Changes mails at random and reads them: nothing may raise, hang, or come out in another shape than docs/interfaces.md says.

`python scripts/fuzz FOLDER… --count 10000 --seed 1 --seconds 60` takes the files of the folders as seeds, prints what it did, and
writes each mail that fails to `--out`. The same seed makes the same mails. Its exit code is 1 where anything failed.
"""

import argparse
import collections
import contextlib
import itertools
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from invariants import check
from mutants import MAX_SIZE, mutants

from maild.config import load_config
from maild.mail.envelope import Envelope
from maild.rules.policy import load_policy

ROOT = Path(__file__).resolve().parents[2]
MAX_FAILURES = 20


class TooLong(Exception):
    """A mail that takes longer than it may."""


def main() -> int:
    """Reads until the count or the time is used up; the exit code."""
    options = _options()
    seeds = [path.read_bytes() for folder in options.folders for path in sorted(folder.rglob("*")) if path.is_file()]
    seeds = [each for each in seeds if each and len(each) <= MAX_SIZE]
    if not seeds:
        print("fuzz: no files in these folders", file=sys.stderr)
        return 64
    with tempfile.TemporaryDirectory(prefix="maild-fuzz-") as state:
        lexicon = load_policy(load_config(ROOT / "maild.toml", {"MAILD_PATHS_STATE": state})).lexicon
    envelope = Envelope(
        reverse_path="ann@example.org", forward_paths=("support@example.com",), arrived_at=datetime.now(UTC), intake="smtp"
    )
    kinds: collections.Counter[str] = collections.Counter()
    failures, slowest, read = 0, 0.0, 0
    started = time.monotonic()
    signal.signal(signal.SIGALRM, _ring)
    for how, raw in itertools.islice(mutants(seeds, options.seed), options.count):
        if time.monotonic() - started > options.seconds or failures >= MAX_FAILURES:
            break
        begun = time.process_time()
        try:
            with _at_most(options.limit):
                check(raw, envelope, lexicon)
        except Exception as error:  # whatever it is, it must not be: told, kept, and the next mail is read
            failures += 1
            _keep(options.out, failures, how, raw, error)
        slowest = max(slowest, time.process_time() - begun)
        kinds.update(how.partition(": ")[2].split(", "))
        read += 1
    seconds = time.monotonic() - started
    print(
        f"{read} mails of {len(seeds)} seeds in {seconds:.0f} s ({read / seconds:.0f} a second), the slowest {slowest:.2f} s; {failures} failed"
    )
    print("  " + ", ".join(f"{name} {count}" for name, count in kinds.most_common()))
    return 1 if failures else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="fuzz", description="Reads mails that were changed at random.")
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER", help="the files below are the seeds")
    parser.add_argument("--count", type=int, default=1_000_000, help="how many mails")
    parser.add_argument("--seconds", type=float, default=60.0, help="for how long")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--limit", type=float, default=5.0, help="seconds that a mail may take, read twice")
    parser.add_argument("--out", type=Path, default=Path("fuzz-failures"), help="where the mails that fail are written")
    return parser.parse_args()


@contextlib.contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _ring(_number: int, _frame: object) -> None:
    raise TooLong


def _keep(out: Path, number: int, how: str, raw: bytes, error: Exception) -> None:
    out.mkdir(parents=True, exist_ok=True)
    file = out / f"{number}.eml"
    file.write_bytes(raw)
    print(f"{file}: {type(error).__name__}: {error} ({how})")
    traceback.print_tb(error.__traceback__, limit=-3)


if __name__ == "__main__":
    sys.exit(main())
