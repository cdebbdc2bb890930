"""Names of attachments: data that a sender wrote, never a path. What other programs might take for more is taken out."""

from __future__ import annotations

import re
import unicodedata

from maild.mail.mime.header import one_line

MAX_NAME = 120
_MAX_ENDING = 20
# What files without a type are, by the endings that people send.
_TYPES = {
    "txt": "text/plain", "log": "text/plain", "csv": "text/csv", "htm": "text/html", "html": "text/html", "xml": "application/xml",
    "json": "application/json", "pdf": "application/pdf", "rtf": "application/rtf", "zip": "application/zip", "gz": "application/gzip",
    "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "gif": "image/gif", "bmp": "image/bmp", "tif": "image/tiff",
    "tiff": "image/tiff", "webp": "image/webp", "mp3": "audio/mpeg", "wav": "audio/x-wav", "mp4": "video/mp4", "eml": "message/rfc822",
    "doc": "application/msword", "xls": "application/vnd.ms-excel", "ppt": "application/vnd.ms-powerpoint", "ics": "text/calendar",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}  # fmt: skip
# Letters that show as nothing: direction marks, joiners, fillers. All of Unicode's Cf goes besides.
_FILLERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0\u2800")
_STEPS = re.compile(r"[.:]|.*[/\\].*")


def safe_name(name: str) -> str | None:
    """The name without folders, invisible characters and leading dots, at most 120 characters; None where nothing is left."""
    name = one_line(name)
    if not name.isascii():
        name = _visible(name)
    name = name.replace("\\", "/").rpartition("/")[2].strip(" ").lstrip(". ")
    if len(name) > MAX_NAME:
        stem, dot, ending = name.rpartition(".")
        name = f"{stem[: MAX_NAME - len(ending) - 1]}.{ending}" if dot and len(ending) < _MAX_ENDING else name[:MAX_NAME].rstrip()
    return name or None


def type_of(name: str | None) -> str:
    """The media type that a name's ending tells."""
    return _TYPES.get((name or "").rpartition(".")[2].lower(), "application/octet-stream")


def _visible(name: str) -> str:
    """Composed (NFC), without what shows as nothing; look-alikes of dots and slashes become those (NFKC), all else stays as written."""
    kept = (each for each in unicodedata.normalize("NFC", name) if unicodedata.category(each) != "Cf" and each not in _FILLERS)
    folded = (like if _STEPS.fullmatch(like := unicodedata.normalize("NFKC", each)) else each for each in kept)
    return one_line("".join(folded))
