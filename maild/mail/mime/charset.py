"""Bytes of an unsure character set to text: what is declared unless it is a lie, then UTF-8, then a guess. Never fails."""

from __future__ import annotations

import re
from encodings.aliases import aliases

from maild.mail.mime.guess import guess

MAX_NAME = 40
_NOT_NAME = re.compile(r"[^ -~]")  # a name is shown in the defect
_NOT_TEXT = re.compile("[\x00\ud800-\udfff]")
_FOREIGN = re.compile("[^\x00-\x7f]")
_LONE = re.compile("[\udc80-\udcff]")
_SEPARATORS = re.compile(r"[^a-z0-9]+")
_COMMENT = re.compile(r"[;,(].*", re.S)
_KNOWN_ONLY = "cp720 cp737 cp856 cp874 cp1006 koi8_r koi8_t koi8_u mac_croatian mac_cyrillic mac_farsi mac_arabic utf_8_sig"
_NOT_CHARSETS = frozenset(
    ("base64_codec", "bz2_codec", "hex_codec", "mbcs", "quopri_codec", "rot_13", "uu_codec", "zlib_codec", "tactis")
)
# What is sent under the name of a smaller set, and where it is read as (WHATWG Encoding, section 4.2). UTF-8 is tried anyway.
_SUPERSETS = {
    "ascii": "", "utf_8": "", "utf_8_sig": "", "latin_1": "cp1252", "iso8859_9": "cp1254", "iso8859_11": "cp874", "tis_620": "cp874",
    "gb2312": "gb18030", "gbk": "gb18030", "euc_kr": "cp949", "big5": "cp950", "shift_jis": "cp932",
    "iso2022_jp": "iso2022_jp_ext", "iso2022_jp_1": "iso2022_jp_ext", "iso2022_jp_2": "iso2022_jp_ext",
}  # fmt: skip
# Names that mail uses and Python does not know; an empty one says nothing.
_NAMES = {
    "unknown": "", "unknown8bit": "", "8bit": "", "7bit": "", "binary": "", "default": "", "none": "", "userdefined": "", "ansi": "cp1252",
    "iso88598i": "iso8859_8", "iso88598e": "iso8859_8", "unicode11utf7": "utf_7", "unicode20utf7": "utf_7", "unicode11utf8": "",
    "utf8mb4": "", "utf": "", "unicode": "utf_16", "ucs2": "utf_16", "iso10646ucs2": "utf_16_be", "windows874": "cp874",
    "windows932": "cp932", "windows936": "gb18030", "windows949": "cp949", "windows950": "cp950", "cp50220": "iso2022_jp_ext",
    "cp50221": "iso2022_jp_ext", "cp50222": "iso2022_jp_ext", "koi8": "koi8_r", "koi8ru": "koi8_u", "macce": "mac_latin2",
    "iso88591windows31latin1": "cp1252", "iso885915windows30latin1": "cp1252", "big5eten": "cp950", "latin15": "iso8859_15",
}  # fmt: skip
_CODECS = {
    _SEPARATORS.sub("", alias): _SUPERSETS.get(codec, codec)
    for alias, codec in (*aliases.items(), *((each, each) for each in (*aliases.values(), *_KNOWN_ONLY.split())))
    if codec not in _NOT_CHARSETS
} | _NAMES
# Windows' sets under the names of the standard's: known by octets that are control characters in these.
_WINDOWS = {
    "iso8859_2": "cp1250", "iso8859_4": "cp1257", "iso8859_5": "cp1251", "iso8859_6": "cp1256", "iso8859_7": "cp1253",
    "iso8859_8": "cp1255", "iso8859_13": "cp1257", "iso8859_15": "cp1252",
}  # fmt: skip
_CONTROL_OCTET = re.compile(rb"[\x80-\x9f]")
_USUAL = frozenset(("", "utf-8", "us-ascii", "utf8"))
# Whose text is never UTF-8 by chance: one octet a letter, but not Thai.
_ONE_OCTET = ("cp12", "iso8859", "koi8", "mac", "cp85", "cp86", "cp437")
_WIDE = ("utf_16", "utf_32")
_BOMS = ((b"\xff\xfe\x00\x00", "utf_32"), (b"\x00\x00\xfe\xff", "utf_32"), (b"\xff\xfe", "utf_16"), (b"\xfe\xff", "utf_16"))
_JIS_RUN = re.compile(rb"\x1b\$[@B]([\x21-\x7e]*+)")
_JIS_SHIFT = re.compile(rb"\x1b\([BJ]")
_HIGH = bytes(octet | 0x80 for octet in range(256))
_TOLD_INSIDE = re.compile(
    rb"<(?:meta\b[^>]{0,200}?\bcharset|\?xml\b[^>]{0,80}?\bencoding)\s{0,9}=[\s\"']{0,9}([\w.:-]{1,40})", re.I
)
LOOKED_INSIDE = 2_048


def to_text(raw: bytes, declared: str | None, inside: str | None = None) -> tuple[str, str | None]:
    """The text and a defect, or None where the declaration held. `inside` is what the text says of itself.

    "us-ascii", "utf-8" and nothing declared are treated alike: UTF-8 if it fits, else a guess.
    """
    name = _name(declared) if declared else ""
    codec = "" if name in _USUAL else _codec(name)
    if codec and not (codec.startswith(_ONE_OCTET) and _is_utf8(raw)):
        text = _strictly(raw, codec)
        if text is not None:
            return _tidy(text), None
    wrong = f"charset: {name or 'none'} is wrong"
    text, used = _marked(raw)
    if text is None:
        try:
            return _tidy(raw.decode("utf-8")), wrong if codec != "" else None
        except UnicodeDecodeError:
            text, used = _likeliest(raw, codec, inside)
    return _tidy(text), f"{wrong}, read as {used}"


def told_inside(html: bytes) -> str | None:
    """The character set that HTML names in its own text, near its beginning (HTML, section 13.2.3.2)."""
    found = _TOLD_INSIDE.search(html, 0, LOOKED_INSIDE)
    return found[1].decode("ascii", "replace") if found else None


def is_known(name: str) -> bool:
    """Whether this is the name of a character set."""
    return bool(name) and _codec(name.lower()) is not None


def codec_of(name: str) -> str:
    """The codec of a character set; UTF-8 where nobody knows it."""
    return _codec(name.lower()) or "utf-8"


def clean(text: str) -> str:
    """The text without NUL and lone surrogates."""
    return _NOT_TEXT.sub("\N{REPLACEMENT CHARACTER}", text) if _NOT_TEXT.search(text) else text


def _tidy(text: str) -> str:
    return clean(text).removeprefix("\ufeff")


def _name(declared: str) -> str:
    """The name alone: without quotes, comments and what followed without its semicolon."""
    name = declared.lower()
    if name in _USUAL:
        return name
    return _COMMENT.sub("", _NOT_NAME.sub("?", name.strip(" \t\r\n\"'")[:MAX_NAME]))


def _codec(name: str) -> str | None:
    """What Python calls it; empty for UTF-8 and for what says nothing, None where nobody knows it.

    Only known names are looked up: Python would remember, and search its folders for, whatever a sender makes up.
    """
    if not name:
        return ""
    key = _SEPARATORS.sub("", name)
    for each in (key, key.removeprefix("x"), key.removeprefix("cs")):
        if each in _CODECS:
            return _CODECS[each]
    return None


def _is_utf8(raw: bytes) -> bool:
    """Whether it is not ASCII, and UTF-8."""
    if raw.isascii():
        return False
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _strictly(raw: bytes, codec: str) -> str | None:
    """The text, or None where it is not of this codec."""
    if codec.startswith(_WIDE):
        return _wide(raw, codec)
    if codec in _WINDOWS and _CONTROL_OCTET.search(raw):
        codec = _WINDOWS[codec]
    try:
        return raw.decode(codec)
    except UnicodeDecodeError:
        if codec == "cp950":
            return _strictly(raw, "big5hkscs")
        if codec == "utf_7":
            return raw.decode(codec, "replace") if raw.isascii() else None
        return _with_nec_row(raw) if codec == "iso2022_jp_ext" else None


def _with_nec_row(raw: bytes) -> str | None:
    """ISO-2022-JP as Windows writes it, with the signs of row 13 such as circled numbers, which the standard has not."""
    octets = _JIS_SHIFT.sub(b"", _JIS_RUN.sub(lambda run: run[1].translate(_HIGH), raw))
    try:
        return octets.decode("euc_jis_2004") if raw.isascii() else None
    except UnicodeDecodeError:
        return None


def _wide(raw: bytes, codec: str) -> str | None:
    """UTF-16 and UTF-32; without a mark the NULs tell the order, else it is the network's (RFC 2781, section 4.3)."""
    bom = next((name for mark, name in _BOMS if raw.startswith(mark)), None)
    head = raw[:2_000]
    if bom:
        codec = bom
    elif b"\0" not in head:
        if codec.startswith("utf_32") or head.isascii() or _is_utf8(raw):
            return None  # eight bits, whatever is said
        codec = codec if codec.endswith("e") else f"{codec}_be"
    elif not codec.endswith("e"):
        codec += "_be" if head[0::2].count(0) >= head[1::2].count(0) else "_le"
    whole = len(raw) - len(raw) % (4 if codec.startswith("utf_32") else 2)
    try:
        return raw[:whole].decode(codec)
    except UnicodeDecodeError:
        return None


def _marked(raw: bytes) -> tuple[str | None, str]:
    """Text that shows by itself what it is: by a byte order mark, by a NUL in each second octet, by escape sequences."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")) or (b"\0" in raw and raw[:2_000].count(0) * 4 > len(raw[:2_000])):
        return _wide(raw, "utf_16"), "utf_16"
    if b"\x1b$" in raw:
        codec = "iso2022_kr" if b"\x1b$)C" in raw else "iso2022_jp_ext"
        return _strictly(raw, codec), codec
    return None, ""


def _likeliest(raw: bytes, codec: str | None, inside: str | None) -> tuple[str, str]:
    """Text that is of no codec as a whole: of the declared one if few octets stand against it, else the best guess."""
    text = raw.decode("utf-8", "surrogateescape")
    odd = len(_LONE.findall(text))
    if 2 * odd <= len(_FOREIGN.findall(text)) - odd:  # two sources in one text, or a letter cut in two
        return _LONE.sub(lambda lone: bytes((ord(lone[0]) & 0xFF,)).decode("cp1252", "replace"), text), "utf-8 and cp1252"
    for each in (codec, _codec((inside or "").lower())):
        if each and not each.startswith(_WIDE):
            text = raw.decode(each, "replace")
            if 8 * text.count("\N{REPLACEMENT CHARACTER}") <= len(_FOREIGN.findall(text)):
                return text, each
    used = guess(raw)
    return raw.decode(used, "replace"), used
