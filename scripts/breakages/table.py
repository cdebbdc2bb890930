"""What is broken, how, and which tests must notice (docs/security.md)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Breakage:
    """In `file` of maild/, `old` (which stands there once) becomes `new`."""

    name: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]


ASSURANCE, ADDRESS, CHECKS = (
    ("tests/guard/test_assurance.py",),
    ("tests/tickets/test_address.py",),
    ("tests/guard/test_checks.py",),
)
STANDING, COPIES, BUDGET = ("tests/tickets/test_standing.py",), ("tests/tickets/test_copies.py",), ("tests/guard/test_budget.py",)
THREADING, PUBLISHING = ("tests/tickets/test_threading.py",), ("tests/tickets/turns/test_publishing.py",)
SPOOFING, MERGING, CONFIRMING = (
    ("tests/guard/test_spoofing.py",),
    ("tests/tickets/commands/test_merging.py",),
    ("tests/tickets/turns/test_confirming.py",),
)
LOOPS, DELIVERY = ("tests/daemon/test_loops.py",), ("tests/tickets/turns/test_delivery.py",)
ROADS = ("tests/tickets/test_roads.py",)

BREAKAGES = (
    Breakage("any road is trusted", "guard/assurance.py", "if not reading.envelope.trusted:", "if False:", ASSURANCE),
    Breakage("any From is believed", "guard/assurance.py", "mail.author is None or not mail.strict_from", "mail.author is None", ASSURANCE),
    Breakage("any host is believed", "guard/assurance.py", "if each.server in believed)", ")", ASSURANCE),
    Breakage("of two dmarc results one is enough", "guard/assurance.py", "if len(results) != 1 or", "if not results or", ASSURANCE),
    Breakage(
        "dmarc may be about another domain", "guard/assurance.py", '"").lower().rpartition("@")[2] != domain', '"") == "?"', ASSURANCE
    ),
    Breakage("any signed address is the sender's own", "guard/assurance.py", "and target.given.lower() == sender", "", ASSURANCE),
    Breakage("an address is everybody's", "keys/marks.py", 'hmac.new(key, "\\0".join(parts)', 'hmac.new(key, "\\0".join(parts[:3])', ADDRESS),
    Breakage("every bounce address is good", "tickets/address.py", 'if bounce is None or not self._proves(bounce[2], mailbox, "bounce", bounce[1]):', "if bounce is None:", ADDRESS),
    Breakage("only the newest key proves", "tickets/address.py", "return any(same(proof, sign(key, local, *parts)) for key in self._keys)", "return same(proof, sign(self._keys[0], local, *parts))", STANDING),
    Breakage("keys are read once", "keys/signing.py", "if stamp != self._seen:", "if False:", ("tests/keys/test_signing.py",)),
    Breakage("a stranger is a participant", "tickets/threading.py", 'return "participant" if ticket.has_participant(sender) else "guest"', 'return "participant"', STANDING),
    Breakage("a reference is enough", "tickets/threading.py", "if ticket.has_participant(sender) or", "if True or", THREADING),
    Breakage("a reply may not overtake its parent", "tickets/threading.py", "return (*referenced_ids(message), *reported, *own)", "return (*referenced_ids(message), *reported)", ("tests/tickets/test_orders.py",)),
    Breakage("anybody takes people in", "tickets/copies.py", "if happened.assurance.level < 1:", "if False:", COPIES),
    Breakage("an agent's forward needs no proof", "tickets/turns/customers.py", "or happened.assurance.level < 1:", "or False:", ("tests/flows/test_flows.py", "-k", "105")),
    Breakage("no budget of correspondents", "guard/budget.py", "for scope, each in whose.items():\n        limit", "for scope, each in list(whose.items())[1:]:\n        limit", BUDGET),
    Breakage("no budget of domains", "tickets/budget.py", 'address.rpartition("@")[2]', "address", BUDGET),
    Breakage("own mail is taken", "guard/checks.py", "    own_mail,\n", "", CHECKS),
    Breakage("mail may go round for ever", "guard/checks.py", "    too_many_hops,\n", "", CHECKS),
    Breakage("a mail may come twice", "guard/checks.py", "    duplicate,\n", "", CHECKS),
    Breakage("any report counts", "guard/checks.py", "    uncorrelated_report,\n", "", CHECKS),
    Breakage("an internal line may go out", "tickets/turns/publishing.py", "if any(mark in folded for mark in marks):", "if False:", PUBLISHING),
    Breakage("a private address may go out", "tickets/turns/publishing.py", "if any(address.lower() in folded for address in teams.agents):", "if False:", PUBLISHING),
    Breakage("a note may be published by a copy", "tickets/arrival.py", 'return isinstance(other, ToTicket) and "nac"', 'return isinstance(other, ToTicket) and "can"', ("tests/tickets/test_arrival.py",)),
    Breakage("an encoded word is an address", "mail/address.py", "~-]|=(?!\\?))+", "~-]|=)+", SPOOFING),
    Breakage("From may have control characters", "mail/address.py", "or _CONTROL.search(bodies[0]):", ":", SPOOFING),
    Breakage("a header that was mended is believed", "mail/parse.py", "and not guarded.defects", "", SPOOFING),
    Breakage("two From fields are one", "mail/address.py", "if len(bodies) != 1 or", "if not bodies or", SPOOFING),
    Breakage("anybody's requests become one", "tickets/commands/merging.py", "return into.has_participant(address) or any(covers(each, address) for each in ours)", "return True", MERGING),
    Breakage("requests of two contracts become one", "tickets/commands/merging.py", "if len(known) > 1:", "if False:", MERGING),
    Breakage("what was merged is dead", "tickets/facts.py", "while ticket is not None and ticket.merged_into is not None:", "while False:", MERGING),
    Breakage("internal lines of what was merged may go out", "tickets/turns/agents.py", "(outcome.ticket.number, *outcome.ticket.absorbed)", "(outcome.ticket.number,)", MERGING),
    Breakage("what commands tell customers is not looked at", "tickets/turns/agents.py", "elif isinstance(each, tuple | list):", "elif False:", ("tests/tickets/commands/test_splitting.py",)),
    Breakage("anything confirms", "tickets/turns/confirming.py", "if not is_proven(happened) or not says(lexicon.consents, happened, lexicon):", "if not is_proven(happened):", CONFIRMING),
    Breakage("a confirmation counts for ever", "tickets/turns/confirming.py", " and each.at > now - VALID", "", CONFIRMING),
    Breakage("a confirmation counts twice", "tickets/turns/confirming.py", "is_done=True) if each.entry", "is_done=False) if each.entry", CONFIRMING),
    Breakage("an unproven yes uses a confirmation up", "tickets/turns/confirming.py", " and happened.assurance.level >= 2", "", CONFIRMING),
    Breakage("any address confirms", "tickets/address.py", "*((confirms,) if confirms else ())", "*()", CONFIRMING),
    Breakage("anybody may open", "guard/assurance.py", ' or required.allows("open", assurance)', " or True", CONFIRMING),
    Breakage("a responder is thanked each time", "tickets/turns/customers.py", " or _echoes(happened, moment) else acknowledge", " else acknowledge", LOOPS),
    Breakage("a bounce marks nobody", "tickets/turns/delivery.py", "if is_sure and to:", "if False:", DELIVERY),
    Breakage("what time sends is lost above a budget", "pipeline.py", "if leaves_out_customers(", "if False and leaves_out_customers(", ("tests/daemon/test_clockwork.py",)),
    Breakage("guests may flood a team", "tickets/budget.py", 'return {**whose, "ticket": str(ticket)} if ticket is not None else whose', "return whose", STANDING),
    Breakage("a flood of guests silences the customer", "guard/budget.py", 'if mail.kind == "notification" and not by_guest:', "if False:", STANDING),
    Breakage("a list swallows what people write", "mail/message.py", 'return self.kind not in ("list", "bulk")', "return True", ROADS),
    Breakage("a machine's mail is a person's", "tickets/happening.py", "by_machine = machine is not None and machine.is_writer", "by_machine = False", ROADS),
    Breakage("an agent's absence goes out", "tickets/turns/publishing.py", "if orders.orders or not reads_as_absence(message):", "if True:", ROADS),
    Breakage("Reply-All makes requests", "tickets/arrival.py", "if not any(_precedence", "if True or not any(_precedence", ROADS),
    Breakage("agents go by references that anybody writes", "tickets/threading.py", "as_agent = proven and", "as_agent =", ROADS),
    Breakage("names in a forged Cc silence the team", "tickets/turns/telling.py", "if happened.assurance.level < 1 or isinstance(happened, GuestWrote):", "if False:", ROADS),
    Breakage("machines are taken into conversations", "tickets/copies.py", "is_machine = is_machines(address) or", "is_machine =", ROADS),
    Breakage("a guest is thanked after the end", "tickets/turns/customers.py", "asked = () if is_guest or ", "asked = () if ", ROADS),
    Breakage("anybody answers by a reference", "tickets/arrival.py", "if sent and sent.to.lower() == author else None", "if sent else None", ROADS),
    Breakage("a reference is as good as a signed address", "tickets/arrival.py", "if isinstance(target, ToMailbox) and not book.signs:", "if isinstance(target, ToMailbox):", ROADS),
    Breakage("what bears our name is thrown away", "guard/checks.py", "(under_our_name and (key or is_answer))", "under_our_name", CHECKS),
    Breakage("our mail under another name is a customer's", "guard/checks.py", "if key in mail.facts.outgoing or", "if", CHECKS),
    Breakage("a header goes out unread", "mail/compose.py", "[name for name, _ in parse_fields(header)] != names or", "False or", ("tests/mail/test_compose.py",)),
    Breakage("twins are not told apart", "tickets/turns/resemblance.py", ".translate(_LETTERS)", "", ("tests/tickets/turns/test_resemblance.py",)),
)  # fmt: skip
