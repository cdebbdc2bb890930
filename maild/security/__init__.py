"""Disclosure: cases of vulnerabilities, their advisories, and who gets them when. Pure."""
