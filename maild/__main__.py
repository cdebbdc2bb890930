"""The `maild` command. The pipe goes its own way: it must start in milliseconds, and needs none of the rest."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

_WITH_VALUE = ("-c", "--config")


def main() -> int:
    """Runs the command; returns its exit code (sysexits.h)."""
    os.umask(0o077)  # mail is for nobody else on this machine
    word = _command(sys.argv[1:])
    if word == "deliver":
        from maild.intake import pipe

        return pipe.main(sys.argv[1:])
    from maild.cli import entry

    return entry.main(word)


def _command(arguments: Sequence[str]) -> str | None:
    words = iter(arguments)
    for word in words:
        if word in _WITH_VALUE:
            next(words, None)
        elif word in ("-h", "--help"):
            return None  # of all
        elif not word.startswith("-"):
            return word
    return None


if __name__ == "__main__":
    sys.exit(main())
