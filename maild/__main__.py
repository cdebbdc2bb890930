"""The `maild` command. The pipe goes its own way: it must start in milliseconds, and needs none of the rest."""

from __future__ import annotations

import os
import sys

_WITH_VALUE = ("-c", "--config")


def main() -> int:
    """Runs the command; returns its exit code (sysexits.h)."""
    os.umask(0o077)  # mail is for nobody else on this machine
    words = iter(sys.argv[1:])
    for word in words:
        if word in _WITH_VALUE:
            next(words, None)
        elif not word.startswith("-"):
            if word == "deliver":
                from maild.intake import pipe

                return pipe.main(sys.argv[1:])
            break
    from maild.cli import entry

    return entry.main()


if __name__ == "__main__":
    sys.exit(main())
