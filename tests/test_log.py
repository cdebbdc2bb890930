"""Logs quote nothing: neither our own lines about foreign exceptions, nor libraries, nor last words."""

from __future__ import annotations

import subprocess
import sys

import pytest

from maild.errors import BadInput, StoreTrouble
from maild.log import reason_of

SCRIPT = """
import logging, sys, threading, warnings
from maild import log
log.set_up("debug", {form!r})
log.logger("test").info("begun", entry="ab12")
logging.getLogger("mail.log").error("%r >> %r", "192.0.2.1", "canary")
logging.getLogger("some.library").warning("not understood: %s", "canary")
logging.getLogger("some.library").error("canary as one text")
logging.getLogger("some.library").info("canary")
warnings.warn("canary")
def fail():
    raise ValueError("canary")
try:
    fail()
except ValueError:
    logging.getLogger("some.library").exception("lost %s", "canary")
thread = threading.Thread(target=fail)
thread.start()
thread.join()
fail()
"""


@pytest.mark.parametrize("form", ["json", "text"])
def test_what_is_told(form: str) -> None:
    """Our lines whole; of libraries the template and the place; of the last exception where it came from, never its words."""
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT.format(form=form)], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 1
    assert "canary" not in done.stderr.replace('raise ValueError("canary")', "")
    assert "ab12" in done.stderr
    for line in (
        "some.library: not understood: %s",
        "some.library: a library's message",
        "some.library: lost %s (ValueError at <string>:12)",
    ):
        assert line in done.stderr.splitlines()
    assert done.stderr.count("maild: ValueError, at") == 2


def test_reasons() -> None:
    """Our own errors say what they are; a foreign one says its type and where it was raised."""
    assert reason_of(StoreTrouble("store: full")) == "store: full"
    assert reason_of(BadInput("no")) == "no"
    assert reason_of(ValueError("canary")) == "ValueError"
    with pytest.raises(ValueError) as caught:
        int("canary")
    assert reason_of(caught.value).startswith("ValueError at test_log.py:")
