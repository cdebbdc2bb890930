"""May we act on a mail, and may we answer? Checks in order, each with a named reason. Pure."""
