"""A segment cipher for tests: hides nothing from an enemy, but binds key and context as a real one does."""

import hashlib

from rekam.enrolment.errors import RekamError


class SealBroken(RekamError):
    """The sealed record does not open with this key in this place. Nothing was read."""


class XorSeal:
    def __init__(self, key: bytes) -> None:
        self._key = key

    def encrypt(self, data: bytes, context: bytes) -> bytes:
        body = self._mixed(data)
        return hashlib.blake2b(body + context, key=self._key, digest_size=16).digest() + body

    def decrypt(self, data: bytes, context: bytes) -> bytes:
        if data[:16] != hashlib.blake2b(data[16:] + context, key=self._key, digest_size=16).digest():
            raise SealBroken
        return self._mixed(data[16:])

    def _mixed(self, data: bytes) -> bytes:
        stream = hashlib.shake_256(self._key).digest(len(data))
        return bytes(a ^ b for a, b in zip(data, stream, strict=True))
