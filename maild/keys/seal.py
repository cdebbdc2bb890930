"""Sealing: bytes that only the desk's key can open again (libsodium: sealed box for the key, secretstream for the mail).

A sealed stream is: 4 octets "MSL1", the sealed stream key (80), the stream's header (24), then chunks, each behind its length
(4 octets, big-endian). The last chunk carries the final tag, so a stream that was cut is noticed.
"""

from __future__ import annotations

from nacl import bindings

MAGIC = b"MSL1"
CHUNK = 65536
_KEY = bindings.crypto_secretstream_xchacha20poly1305_KEYBYTES
_HEADER = bindings.crypto_secretstream_xchacha20poly1305_HEADERBYTES
_SEALED_KEY = _KEY + bindings.crypto_box_SEALBYTES
_MORE = bindings.crypto_secretstream_xchacha20poly1305_TAG_MESSAGE
_LAST = bindings.crypto_secretstream_xchacha20poly1305_TAG_FINAL


class BrokenSeal(ValueError):
    """The bytes were not sealed for this key, or were damaged or cut."""


def new_seal() -> str:
    """A new secret key, in hex."""
    return bytes(bindings.crypto_box_keypair()[1]).hex()


class PublicSeal:
    """Seals; cannot open."""

    def __init__(self, public: bytes) -> None:
        self._public = public

    def stream(self) -> SealingStream:
        """A new stream to push bytes through."""
        return SealingStream(self._public)

    def seal(self, content: bytes) -> bytes:
        """The content as one sealed stream."""
        stream = self.stream()
        return stream.push(content) + stream.close()


class SealingStream:
    """Encrypts as bytes come; memory stays flat."""

    def __init__(self, public: bytes) -> None:
        self._state = bindings.crypto_secretstream_xchacha20poly1305_state()
        key = bindings.crypto_secretstream_xchacha20poly1305_keygen()
        header = bindings.crypto_secretstream_xchacha20poly1305_init_push(self._state, key)
        self._out = [MAGIC + bindings.crypto_box_seal(key, public) + header]

    def push(self, content: bytes) -> bytes:
        """Ciphertext for these bytes, with all that came before and was not returned yet."""
        for start in range(0, len(content), CHUNK):
            self._add(content[start : start + CHUNK], _MORE)
        return self._take()

    def close(self) -> bytes:
        """The end of the stream."""
        self._add(b"", _LAST)
        return self._take()

    def _add(self, chunk: bytes, tag: int) -> None:
        cipher = bindings.crypto_secretstream_xchacha20poly1305_push(self._state, chunk, None, tag)
        self._out.append(len(cipher).to_bytes(4, "big") + cipher)

    def _take(self) -> bytes:
        out, self._out = b"".join(self._out), []
        return out


class Seal:
    """The secret key: opens what its public half sealed."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret
        self._public = bytes(bindings.crypto_scalarmult_base(secret))
        self.public = PublicSeal(self._public)

    def open(self, sealed: bytes) -> bytes:
        """The content of a sealed stream.

        Raises:
            BrokenSeal: see there.
        """
        try:
            return self._open(sealed)
        except Exception as error:  # libsodium's binding raises half a dozen kinds, all meaning the same
            raise BrokenSeal(str(error)) from error

    def _open(self, sealed: bytes) -> bytes:
        if not sealed.startswith(MAGIC):
            raise BrokenSeal("not a sealed stream")
        at = len(MAGIC) + _SEALED_KEY
        key = bindings.crypto_box_seal_open(sealed[len(MAGIC) : at], self._public, self._secret)
        state = bindings.crypto_secretstream_xchacha20poly1305_state()
        bindings.crypto_secretstream_xchacha20poly1305_init_pull(state, sealed[at : at + _HEADER], key)
        at += _HEADER
        chunks: list[bytes] = []
        tag = _MORE
        while tag != _LAST:
            size = int.from_bytes(sealed[at : at + 4], "big")
            chunk, tag = bindings.crypto_secretstream_xchacha20poly1305_pull(state, sealed[at + 4 : at + 4 + size])
            chunks.append(chunk)
            at += 4 + size
        if at != len(sealed):
            raise BrokenSeal("does not end with its last chunk")
        return b"".join(chunks)
