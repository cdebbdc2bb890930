"""`maild deliver`: mail from a pipe into the maildrop, in a few milliseconds: no database, no rules, no daemon."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from maild.clock import SystemClock, to_stamp
from maild.config import Config, load_config
from maild.errors import BadConfiguration, BadInput, MaildError, TryAgain, UnknownRecipient, Usage
from maild.intake.maildrop import TooLarge, leave

USAGE = "usage: maild [-c FILE] deliver --to ADDRESS… [--from ADDRESS] < mail"


def deliver(config: Config, recipients: Sequence[str], reverse_path: str, source: BinaryIO) -> str:
    """Leaves a mail in the maildrop; returns its name once it is durable.

    Raises:
        Usage, UnknownRecipient, BadInput, TryAgain.
    """
    if not recipients:
        raise Usage(f"no recipient; {USAGE}")
    sealed = False
    for address in recipients:
        found = config.mailbox_of(address)
        if found is None and not config.is_operators(address):
            raise UnknownRecipient(f"{address}: no such mailbox here; the desk's are in {config.file.name}")
        sealed = sealed or bool(found and found[0].sealed)
    head = {"what": "mail", "from": reverse_path, "to": list(recipients), "sealed": sealed, "at": to_stamp(SystemClock().now())}
    try:
        seal = None
        if sealed:
            from maild.keys.ring import open_public_seal  # libsodium takes its time to load, and most mail is not sealed

            seal = open_public_seal(config.state / "keys").stream()
        return leave(config.state / "maildrop", head, source, int(config.settings.intake.smtp.max_size), seal)
    except TooLarge as error:
        raise BadInput(f"the mail has {error}; intake.smtp.max_size is the limit") from error
    except OSError as error:
        raise TryAgain(f"{config.state / 'maildrop'}: {error.strerror or error}; the mail was not taken") from error


def main(arguments: Sequence[str]) -> int:
    """The command; returns its exit code. Any doubt is 75: the mailer comes again."""
    if "-h" in arguments or "--help" in arguments:
        print(USAGE)
        return os.EX_OK
    try:
        config_file, recipients, reverse_path = _options(arguments)
        deliver(load_config(config_file), recipients, reverse_path, sys.stdin.buffer)
        return os.EX_OK
    except BadConfiguration as error:  # a mailer would take 78 for final, and an operator's slip would bounce mail
        print(f"maild: deliver: {error}", file=sys.stderr)
        return os.EX_TEMPFAIL
    except MaildError as error:
        print(f"maild: deliver: {error}", file=sys.stderr)
        return error.exit_code
    except Exception as error:  # a mailer takes any other exit for final, and would bounce the mail
        print(f"maild: deliver: {type(error).__name__}: {error}; please try again", file=sys.stderr)
        return os.EX_TEMPFAIL


def _options(arguments: Sequence[str]) -> tuple[Path, list[str], str]:
    """`-c FILE`, `--to ADDRESS…`, `--from ADDRESS`, read without a library that would take longer than the work."""
    config, recipients, reverse_path = Path("maild.toml"), list[str](), ""
    current = ""
    for argument in arguments:
        name, equals, value = argument.partition("=")
        if name in ("--to", "--from", "-c", "--config"):
            current = name
            if not equals:
                continue
        elif argument == "deliver":
            continue
        elif argument.startswith("-") and current != "--from":  # a sender may have such an address, a mailbox of ours has none
            raise Usage(f"'{argument}' is not known here; {USAGE}")
        word = value if name == current and equals else argument
        if current == "--to":
            recipients.append(word.strip("<> "))
        elif current == "--from":
            reverse_path, current = word.strip("<> "), ""
        elif current in ("-c", "--config"):
            config, current = Path(word), ""
        else:
            raise Usage(f"'{word}' is not known here; {USAGE}")
    return config, recipients, reverse_path
