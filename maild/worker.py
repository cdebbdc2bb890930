"""A worker process: takes ids of batches from the front, walks the road with them, answers when the commit is done.

It may be killed at any instant. It decides nothing about attempts or retries: that is the front's, which sees what a dead
worker cannot tell. What they say to each other: `talk`.
"""

from __future__ import annotations

import contextlib
import gc
import os
import resource
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO

from maild import log as logging
from maild.clockwork import Clockwork
from maild.desk import Desk, build_desk
from maild.errors import MaildError, StoreTrouble
from maild.inforce import take_up
from maild.keys.ring import open_keyring
from maild.log import reason_of
from maild.pipeline import Item, work
from maild.store.spool import SpoolReader
from maild.talk import READY, Answer, Batch, Done, Failure, Trouble, batch_in, line_of

NICENESS = 5  # a storm is accepted first: what is in the spool is safe, and can wait
GC_THRESHOLD = 20_000  # objects made before the collector looks; a batch makes some ten thousand, nearly all short-lived


def main(configuration: str) -> int:
    """Serves until the front closes the pipe. `configuration` is a folder that `inforce` keeps, or a configuration file."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not be taken for an answer
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the front decides when we end
    with contextlib.suppress(PermissionError):  # a sandbox may forbid even to be modest
        os.nice(NICENESS)
    config = take_up(Path(configuration))
    limit = int(config.settings.store.worker_memory)
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    keys = open_keyring(config.state / "keys")
    desk = build_desk(config, keys)
    logging.set_up(config.settings.log.level, config.settings.log.format)  # only now: how a start fails may be told in full
    spool = SpoolReader(config.state, keys.seal)
    _say(answers, READY)
    desk.policy.lexicon.prepare()  # nobody waits for it yet
    gc.freeze()  # what was built lives as long as the process: the collector need not look at it again and again
    gc.set_threshold(GC_THRESHOLD)
    for line in sys.stdin.buffer:
        _say(answers, line_of(serve(batch_in(line), desk, spool)))
    desk.store.close()
    return 0


def serve(batch: Batch, desk: Desk, spool: SpoolReader) -> Answer:
    """Works on one batch; every failure becomes an answer, because the front must not wait for one that never comes."""
    try:
        blind = dict(batch.items)
        entries = spool.entries(blind)
        items = [
            Item(entry=each, envelope=entries[each].envelope, raw=spool.bytes_of(entries[each]), blind=why)
            for each, why in blind.items()
            if each in entries
        ]
        decisions = work(items, desk) if items else ()
        clockwork = Clockwork(desk, spool, logging.logger("clockwork"))
        more = batch.time and clockwork.pass_time(batch.alone)
        again = set(entries) - {each.entry for each in decisions}  # committed before, by a worker whose answer was lost
        held = dict(_held_before(desk, sorted(again)))
    except StoreTrouble as error:
        return Trouble(str(error))
    except MaildError as error:
        return Failure(str(error))
    except Exception as error:  # one mail's trouble must not end the road; the front hands the batch out one by one
        return Failure(reason_of(error))
    held |= {each.entry: each.verdict.reason for each in decisions if each.verdict.disposition == "hold"}
    return Done(held=held, more=more)


def _held_before(desk: Desk, entries: list[str]) -> Mapping[str, str]:
    """Handing out twice is harmless only where the second answer says what the first did: a held mail stays on hold."""
    if not entries:
        return {}
    with desk.store.preview() as tx:
        return tx.held(entries)


def _say(out: BinaryIO, line: bytes) -> None:
    out.write(line)
    out.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
