"""The proof before anything goes live: what `maild check` refuses, neither a start nor a reload takes."""

from __future__ import annotations

from contextlib import nullcontext, suppress

from maild.config import Config
from maild.desk import Desk, build_desk
from maild.errors import BadConfiguration, Problem
from maild.intake.imap.sources import check_folders
from maild.keys.password import OnlyForTheService
from maild.keys.ring import Keyring
from maild.outbox.hops import open_hop


def prove(config: Config, keys: Keyring, preview: bool = False) -> Desk:
    """The desk as configured, once everything about it is proven: files, examples of the rules, templates.

    A preview need not have the passwords that only the service has.

    Raises:
        BadConfiguration: with all problems that were found, not only the first.
    """
    desk = build_desk(config, keys, preview)
    for look in (open_hop, check_folders):
        with suppress(OnlyForTheService) if preview else nullcontext():
            look(config)
    problems = desk.policy.rules.failed_examples(desk.policy.lexicon)
    for rule in desk.policy.rules.rules:
        if rule.action.reply and rule.action.reply not in desk.renderer.template_names:
            problems.append(Problem(rule.place, f"there is no template '{rule.action.reply}'", "write it, or mend `reply`"))
    problems += desk.renderer.prove()
    if problems:
        raise BadConfiguration(problems)
    return desk
