"""Kills a real daemon under load, again and again, and proves from outside that no acknowledged mail is lost or counted twice.

`python scripts/crash --kills 100` prints a line for each kill and a summary; its exit code is 1 where anything is wrong.
With `--steps` the moments are not random: the daemon dies before its first, second, … system call of each kind (needs strace).
"""

import argparse
import asyncio
import random
import shutil
import sys
import tempfile
import time
from pathlib import Path

from campaign import Campaign, Stuck
from customers import Refused
from daemon import DidNotStart
from steps import Steps
from verify import Evidence, Report, verify


def main(words: list[str] | None = None) -> int:
    """Runs the campaign; the exit code."""
    options = _options(words)
    folder = Path(tempfile.mkdtemp(prefix="maild-crash-"))
    campaign = Steps(options, folder) if options.steps else Campaign(options, folder)
    started = time.monotonic()
    try:
        asyncio.run(campaign.run())
        killed = time.monotonic() - started
        report = verify(
            Evidence(campaign.daemon.state, campaign.daemon.config, campaign.customers, campaign.sink, campaign.in_flight)
        )
    except* (DidNotStart, Stuck, Refused, TimeoutError) as errors:
        killed = time.monotonic() - started
        report = Report(violations=[f"{type(each).__name__}: {each}" for each in errors.exceptions])
    _say(campaign, report, killed, options)
    if report.violations or options.keep:
        print(f"everything is kept in {folder}")
    else:
        shutil.rmtree(folder)
    return 1 if report.violations else 0


def _options(words: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="crash", description="Kills maild under load, and counts what is lost.")
    parser.add_argument("--kills", type=int, default=100, help="how many (kills while it starts come on top)")
    parser.add_argument("--steps", action="store_true", help="before each system call of a mail's road, instead of at random")
    parser.add_argument("--between", type=int, default=200, help="mails acknowledged from one kill to the next, at least")
    parser.add_argument("--seed", type=int, default=None, help="for the moments, the targets and the mails")
    parser.add_argument("--connections", type=int, default=6, help="customers' connections at once")
    parser.add_argument("--workers", type=int, default=2, help="worker processes of the daemon")
    parser.add_argument("--backlog", type=int, default=600, help="customers wait when the desk is so many mails behind")
    parser.add_argument(
        "--program", nargs="+", default=["-m", "maild"], help="a Python program in its place, to see that a planted bug is found"
    )
    parser.add_argument("--keep", action="store_true", help="leave the folder")
    options = parser.parse_args(words)
    if options.seed is None:
        options.seed = random.SystemRandom().randrange(1 << 32)
    return options


def _say(campaign: Campaign, report: Report, seconds: float, options: argparse.Namespace) -> None:
    customers, kills = campaign.customers, campaign.kills
    asked = sum(count for target, count in kills.items() if target != "start")
    started = campaign.daemon.said("started")
    lines = {
        "seed": options.seed,
        "seconds": round(seconds),
        "kills": f"{asked} ({kills['front']} front, {kills['worker']} worker, {kills['both']} both), and {kills['start']} while it started",
        "with a batch in a worker's hands": campaign.with_batch,
        "of the front, with mails on their way out": campaign.with_sending,
        "mails acknowledged": customers.acknowledged,
        "sent again after a lost 250": customers.sent_again,
        "put off with 4xx": customers.put_off,
        "entries taken back from dead workers at start": sum(each["interrupted"] for each in started),
        "batches that died with their worker": len(campaign.daemon.said("batch failed")),
        **report.counts,
        "violations": len(report.violations),
    }
    print()
    for name, value in lines.items():
        print(f"{name:48} {value}")
    for violation in sorted(report.violations, key=_is_lesser)[:20]:
        print(f"VIOLATION  {violation}")


def _is_lesser(violation: str) -> bool:
    """A lost mail is told first, however much else is wrong."""
    return not violation.startswith("LOST")


if __name__ == "__main__":
    sys.exit(main())
