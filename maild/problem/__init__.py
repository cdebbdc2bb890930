"""What a customer tells: fields, language, topics, issues, what is missing. Pure. Words and patterns are data of `rules/`."""
