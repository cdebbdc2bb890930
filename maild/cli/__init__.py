"""The operator's words, one file a family."""
