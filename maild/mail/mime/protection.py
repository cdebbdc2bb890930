"""Is a mail signed, is it encrypted, and by what? (RFC 1847, 3156, 8551, and armour in a text.) Nothing is verified or opened."""

from __future__ import annotations

import re
from typing import Literal

from maild.mail.mime.fields import Fields, content_type, parameters
from maild.mail.mime.parts import Leaf

Kind = Literal["openpgp", "smime"]

_PKCS7 = ("application/pkcs7-mime", "application/x-pkcs7-mime")
_SIGNATURES: dict[str, Kind] = {
    "application/pgp-signature": "openpgp",
    "application/pkcs7-signature": "smime",
    "application/x-pkcs7-signature": "smime",
}
_TELLING = frozenset((*_PKCS7, *_SIGNATURES, "application/pgp-encrypted", "application/pgp"))
_BEGIN = b"-----BEGIN PGP"
_ARMOUR = re.compile(rb"^-----BEGIN PGP (SIGNED )?MESSAGE-----[ \t]*\r?$", re.M)
_SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")  # RFC 5652, section 5.1
_NEITHER = ("certs-only", "compressed-data")


def protection(fields: Fields, leaves: list[Leaf]) -> tuple[Kind | None, Kind | None]:
    """(signed, encrypted). Inside of encryption nobody sees a signature."""
    kind = content_type(fields)
    leaves = [leaf for leaf in leaves if leaf.type in _TELLING or (leaf.type == "text/plain" and _BEGIN in leaf.content)]
    if not leaves and kind not in ("multipart/signed", "multipart/encrypted"):
        return None, None
    about = parameters(fields.first("content-type"))
    told = about.get("smime-type", "").lower()
    pkcs7 = {told or _pkcs7(leaf.content) for leaf in leaves if leaf.type in _PKCS7}
    armoured = {each for each in map(_armour, leaves) if each}
    if kind == "multipart/encrypted" or "message" in armoured or any(leaf.type == "application/pgp-encrypted" for leaf in leaves):
        return None, "openpgp"
    if pkcs7 - {"signed-data", *_NEITHER}:
        return None, "smime"
    if kind == "multipart/signed" and "pgp" not in about.get("protocol", "").lower():
        return _by_signature(leaves) or "smime", None
    if kind == "multipart/signed" or "signed" in armoured:
        return "openpgp", None
    return "smime" if "signed-data" in pkcs7 else _by_signature(leaves), None


def _by_signature(leaves: list[Leaf]) -> Kind | None:
    """Lists and scanners put a signed mail into another multipart; a signature that was attached is of a file."""
    return next((_SIGNATURES[leaf.type] for leaf in leaves if leaf.type in _SIGNATURES and _is_of_the_mail(leaf)), None)


def _is_of_the_mail(leaf: Leaf) -> bool:
    return leaf.name in (None, "signature.asc", "smime.p7s") or leaf.disposition != "attachment"


def _pkcs7(content: bytes) -> str:
    """What a PKCS #7 part holds, by its content's object identifier (RFC 8551, section 3.2.2)."""
    return "signed-data" if _SIGNED_DATA in content[:64] else "enveloped-data"


def _armour(leaf: Leaf) -> str | None:
    """OpenPGP in the text itself, or in its obsolete part of its own (application/pgp)."""
    found = _ARMOUR.search(leaf.content) if leaf.type in ("text/plain", "application/pgp") else None
    return ("signed" if found[1] else "message") if found else None
