"""Octets to parts: header fields, character sets, encodings, the MIME tree, and what is packed inside of parts."""
