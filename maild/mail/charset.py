"""Bytes of an unsure character set to text: what is declared, then UTF-8, then a guess, then Windows-1252. Never fails."""

from __future__ import annotations

import codecs
import re

from charset_normalizer import from_bytes

GUESS_BYTES = 32_768
FEW = 8
# Character sets that no mail is in unless it says so: with a byte order mark, or from a mainframe.
NEVER_GUESSED = [
    "utf_16",
    "utf_16_be",
    "utf_16_le",
    "utf_32",
    "utf_32_be",
    "utf_32_le",
    "utf_7",
    "cp037",
    "cp500",
    "cp1026",
    "cp1140",
    "cp273",
]
MAX_NAME = 40
# Codecs of other things than a mail's text; idna and punycode take quadratic time.
NOT_CHARSETS = frozenset({"idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined"})
NOT_NAME = re.compile(r"[^ -~]")  # a name is shown in the defect
NOT_TEXT = re.compile("[\x00\ud800-\udfff]")
# Names that Python knows as codecs but that are no character sets of mail, and names it does not know but mail uses.
ALIASES = {
    "unicode-1-1-utf-7": "utf-7", "cp-850": "cp850", "x-unknown": "", "unknown-8bit": "", "8bit": "", "default": "",
    "iso-8859-8-i": "iso-8859-8", "iso-8859-8-e": "iso-8859-8", "x-gbk": "gb18030", "gb2312": "gb18030", "gbk": "gb18030",
    "ks_c_5601-1987": "cp949", "euc-kr": "cp949", "x-sjis": "cp932", "shift_jis": "cp932", "x-mac-roman": "mac-roman",
    "iso-8859-1": "cp1252", "latin1": "cp1252", "us-ascii": "", "ascii": "", "ansi_x3.4-1968": "", "tis-620": "cp874",
    "windows-31j": "cp932", "x-windows-949": "cp949", "macintosh": "mac-roman", "utf-8": "", "utf8": "",
}  # fmt: skip


def to_text(raw: bytes, declared: str | None) -> tuple[str, str | None]:
    """The text and a defect, or None where the declaration held.

    "us-ascii", "utf-8" and nothing declared are treated alike: UTF-8 if it fits, else a guess.
    """
    name = NOT_NAME.sub("?", (declared or "").strip().strip("\"'").lower()[:MAX_NAME])
    alias = ALIASES.get(name, name)
    if alias:
        try:
            codec = codecs.lookup(alias)
            if getattr(codec, "_is_text_encoding", True) and codec.name not in NOT_CHARSETS:
                return clean(raw.decode(alias)), None
        except (LookupError, UnicodeError, ValueError):
            pass
    try:
        return clean(raw.decode("utf-8")), f"charset: {name} is wrong" if alias else None
    except UnicodeDecodeError:
        text, used = _guess(raw)
        return clean(text), f"charset: {name or 'none'} is wrong, read as {used}"


def _guess(raw: bytes) -> tuple[str, str]:
    sample = raw[:GUESS_BYTES]
    few = sum(octet > 127 for octet in sample[:2_000]) < FEW  # too few to tell one alphabet from another: the usual one
    best = None if few else from_bytes(sample, steps=3, enable_fallback=False, cp_exclusion=NEVER_GUESSED).best()
    for name in (best.encoding if best else "cp1252", "cp1252"):
        try:
            return raw.decode(name), name
        except (LookupError, UnicodeError):
            continue
    return raw.decode("cp1252", "replace"), "cp1252"


def clean(text: str) -> str:
    """The text without NUL and lone surrogates."""
    return NOT_TEXT.sub("\N{REPLACEMENT CHARACTER}", text) if NOT_TEXT.search(text) else text
