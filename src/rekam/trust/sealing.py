"""Sealing keys (HPKE, RFC 9180, base mode, single-shot): anybody seals, only the holder of the opening key opens.

Two suites. X25519 with HKDF-SHA-256 and AES-256-GCM is the default. The hybrid adds ML-KEM-768 (FIPS 203)
beside X25519, so that what is recorded today stays closed even if X25519 falls.
"""

import hashlib
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import Final, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from rekam.enrolment.errors import RekamError
from rekam.trust.random import Random, SystemRandom

__all__ = ["OpeningKey", "SealingKey", "SealingKeyUnreadable", "Suite", "UnknownSuite", "Unopenable"]

_X25519_BYTES: Final = 32
_MLKEM_PUBLIC_BYTES: Final = 1184
_MLKEM_SEED_BYTES: Final = 64


class SealingKeyUnreadable(RekamError):
    """These bytes are not a sealing or opening key of a known suite. Nothing was changed.
    Take the key from its key file or its certificate again.
    """


class UnknownSuite(RekamError):
    """The encryption suite '{suite}' is not known to this version of Rekam. Nothing was changed.
    Install the newer version, then try again.
    """


class Unopenable(RekamError):
    """The data was not sealed to this key, or it was changed on the way. Nothing was taken over.
    Fetch it again; if it fails again, keep it and report it.
    """


class Suite(Enum):
    """Name on the wire, tag byte of key bytes, public and private length in bytes, enc length of RFC 9180."""

    X25519 = ("x25519-sha256-aes256gcm", 1, _X25519_BYTES, _X25519_BYTES, 32)
    HYBRID = ("mlkem768x25519-sha256-aes256gcm", 2, _MLKEM_PUBLIC_BYTES + 32, _MLKEM_SEED_BYTES + 32, 1120)

    def __init__(self, label: str, tag: int, public_bytes: int, private_bytes: int, enc_bytes: int) -> None:
        self.label, self.tag = label, tag
        self.public_bytes, self.private_bytes, self.enc_bytes = public_bytes, private_bytes, enc_bytes

    @classmethod
    def parse(cls, label: str) -> "Suite":
        """The suite of a name on the wire. Raises UnknownSuite."""
        for suite in cls:
            if suite.label == label:
                return suite
        raise UnknownSuite(suite=label)

    @classmethod
    def of_key(cls, data: bytes, *, private: bool) -> tuple["Suite", bytes]:
        """Suite and raw bytes of a key's `to_bytes`. Raises SealingKeyUnreadable."""
        for suite in cls:
            size = suite.private_bytes if private else suite.public_bytes
            if data[:1] == bytes([suite.tag]) and len(data) == 1 + size:
                return suite, bytes(data[1:])
        raise SealingKeyUnreadable

    def hpke(self) -> hpke.Suite:
        """RFC 9180's suite."""
        kem = hpke.KEM.X25519 if self is Suite.X25519 else hpke.KEM.MLKEM768_X25519
        return hpke.Suite(kem, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)


@dataclass(frozen=True)
class SealingKey:
    """The public half, `raw` as the suite defines it (hybrid: ML-KEM-768 key, then X25519 key)."""

    suite: Suite
    raw: bytes

    @property
    def key_id(self) -> bytes:
        """16 bytes: the start of the SHA-256 of `to_bytes()`."""
        return hashlib.sha256(self.to_bytes()).digest()[:16]

    def seal(self, plaintext: bytes, info: bytes) -> bytes:
        """``enc || ciphertext`` bound to `info`. Raises SealingKeyUnreadable when `raw` is no usable key."""
        try:
            return self.suite.hpke().encrypt(plaintext, self._public(), info)
        except ValueError:  # a point of small order, or not a key at all
            raise SealingKeyUnreadable from None

    def _public(self) -> X25519PublicKey | hpke.MLKEM768X25519PublicKey:
        x25519 = X25519PublicKey.from_public_bytes(self.raw[-_X25519_BYTES:])
        if self.suite is Suite.X25519:
            return x25519
        mlkem = MLKEM768PublicKey.from_public_bytes(self.raw[:_MLKEM_PUBLIC_BYTES])
        return hpke.MLKEM768X25519PublicKey(mlkem, x25519)

    def to_bytes(self) -> bytes:
        """The suite's tag byte, then `raw`."""
        return bytes([self.suite.tag]) + self.raw

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Read `to_bytes`. Raises SealingKeyUnreadable."""
        return cls(*Suite.of_key(data, private=False))


@lru_cache(maxsize=16)  # reading one costs as much as using it; a place opens everything with the same few
def _x25519(scalar: bytes) -> X25519PrivateKey:
    return X25519PrivateKey.from_private_bytes(scalar)


@dataclass(frozen=True, repr=False)
class OpeningKey:
    """The private half, `raw`: the X25519 scalar; hybrid: the ML-KEM seed (64 bytes), then the X25519 scalar."""

    suite: Suite
    raw: bytes

    @classmethod
    def generate(cls, suite: Suite = Suite.X25519, random: Random | None = None) -> Self:
        """A new key of `suite` from the system's random source, or from `random`."""
        return cls(suite, (random or SystemRandom()).bytes(suite.private_bytes))

    @property
    def public(self) -> SealingKey:
        """The half that others seal to."""
        x25519 = _x25519(self.raw[-_X25519_BYTES:]).public_key().public_bytes_raw()
        if self.suite is Suite.X25519:
            return SealingKey(self.suite, x25519)
        mlkem = MLKEM768PrivateKey.from_seed_bytes(self.raw[:_MLKEM_SEED_BYTES]).public_key().public_bytes_raw()
        return SealingKey(self.suite, mlkem + x25519)

    @property
    def key_id(self) -> bytes:
        """That of the public half, 16 bytes."""
        return self.public.key_id

    def open(self, sealed: bytes, info: bytes) -> bytes:
        """The plaintext of `sealed`; raises Unopenable for another key, another `info` or changed bytes."""
        try:
            return self.suite.hpke().decrypt(sealed, self._private(), info)
        except InvalidTag:  # RFC 9180 cannot tell the three apart: whoever seals names the key beside it
            raise Unopenable from None

    def _private(self) -> X25519PrivateKey | hpke.MLKEM768X25519PrivateKey:
        x25519 = _x25519(self.raw[-_X25519_BYTES:])
        if self.suite is Suite.X25519:
            return x25519
        return hpke.MLKEM768X25519PrivateKey(MLKEM768PrivateKey.from_seed_bytes(self.raw[:_MLKEM_SEED_BYTES]), x25519)

    def to_bytes(self) -> bytes:
        """The suite's tag byte, then `raw`."""
        return bytes([self.suite.tag]) + self.raw

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Read `to_bytes`. Raises SealingKeyUnreadable."""
        return cls(*Suite.of_key(data, private=True))

    def __repr__(self) -> str:
        return f"OpeningKey({self.suite.label}, key_id={self.key_id.hex()})"  # the key must reach no log
