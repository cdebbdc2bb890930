"""Upgrades: a conversation with gates. Pure. No path to production without a declaration, a finished test and consent."""
