"""The operator's YAML: routing rules and tables, read into values, matched, proven and explained. Pure but for reading files."""
