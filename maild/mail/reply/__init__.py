"""What the author wrote now, apart from what is quoted, forwarded or signed."""
