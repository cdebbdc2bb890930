"""Parts to the text that a reader sees, and the attachments beside it."""
