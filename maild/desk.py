"""The desk: all that the road needs, put together from the configuration, once for each process."""

from __future__ import annotations

from dataclasses import dataclass, replace

from maild.clock import Clock, SystemClock
from maild.config import Config
from maild.keys.ring import Keyring
from maild.outbox.render import Renderer
from maild.outbox.shelf import Shelf
from maild.outbox.templates import Templates
from maild.rules.policy import Policy, load_policy
from maild.security import verbs as security
from maild.security.conduct import SECURITY
from maild.store.store import Store
from maild.tickets.address import AddressBook
from maild.tickets.commands.orders import needs_of
from maild.tickets.commands.verbs import VERBS
from maild.tickets.facts import Needs
from maild.tickets.outcome import Terms
from maild.upgrade import verbs as upgrade
from maild.upgrade.conduct import UPGRADE


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Everything the road needs."""

    policy: Policy
    terms: Terms
    store: Store
    book: AddressBook
    renderer: Renderer
    shelf: Shelf
    clock: Clock

    def needs_of(self, text: str) -> Needs:
        """What the commands of an agent's words need to be looked up."""
        return needs_of(text, self.terms.verbs, self.terms.table)


def build_desk(config: Config, keys: Keyring, preview: bool = False, policy: Policy | None = None) -> Desk:
    """The desk as configured; in a preview it gives out no proofs.

    Raises:
        BadConfiguration: configuration, rules or templates are wrong.
    """
    policy = policy or load_policy(config)
    book = AddressBook(config, keys.signing, preview)
    paths = config.settings.paths
    templates = Templates(config.templates, paths.templates, config.desk.language)
    renderer = Renderer(config, templates, book, policy.fields, policy.versions, keys.hashing)
    return Desk(
        policy=policy,
        terms=replace(
            policy.terms, verbs={**VERBS, **upgrade.VERBS, **security.VERBS}, services={"upgrade": UPGRADE, "security": SECURITY}
        ),
        store=Store(config, keys),
        book=book,
        renderer=renderer,
        shelf=Shelf(config.state / "advisories"),
        clock=SystemClock(),
    )
