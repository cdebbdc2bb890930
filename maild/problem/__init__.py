"""What a customer tells: fields, language, what is missing. Pure. Words and patterns are data of `rules/fields.yaml`."""
