"""Signing keys (Ed25519, RFC 8032): `SigningKey` signs, `VerifyKey` verifies and is named by `key_id`."""

import hashlib
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from rekam.enrolment.errors import RekamError
from rekam.trust.random import Random, SystemRandom
from rekam.trust.sealing import OpeningKey, SealingKey, Suite

__all__ = ["KeyUnreadable", "OpeningKey", "SealingKey", "SignatureInvalid", "SigningKey", "Suite", "VerifyKey"]

RAW_BYTES: Final = 32


class KeyUnreadable(RekamError):
    """These bytes are not a signing key (Ed25519, 32 bytes). Nothing was changed.
    Take the key from its key file or its certificate again.
    """


class SignatureInvalid(RekamError):
    """The signature does not fit: the data was changed, or another key signed it. Nothing was taken over.
    Fetch it again from where it came; if it fails again, keep it and report it.
    """


@lru_cache(maxsize=4096)  # asked at each signature, of the same few keys
def _key_id(raw: bytes) -> bytes:
    return hashlib.sha256(raw).digest()[:16]


@lru_cache(maxsize=4096)
def _opened(raw: bytes) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(raw)


@dataclass(frozen=True)
class VerifyKey:
    """The public half: 32 raw bytes."""

    raw: bytes

    def __post_init__(self) -> None:
        if len(self.raw) != RAW_BYTES:
            raise KeyUnreadable

    @property
    def key_id(self) -> bytes:
        """16 bytes: the start of the SHA-256 of the raw public key."""
        return _key_id(self.raw)

    def verify(self, signature: bytes, message: bytes) -> None:
        """Return if this key's owner signed `message`; raise SignatureInvalid otherwise."""
        try:
            _opened(self.raw).verify(signature, message)
        except InvalidSignature:
            raise SignatureInvalid from None

    def to_bytes(self) -> bytes:
        """`raw`."""
        return self.raw

    @classmethod
    def from_bytes(cls, raw: bytes) -> Self:
        """Read `to_bytes`. Raises KeyUnreadable."""
        return cls(bytes(raw))


@dataclass(frozen=True, repr=False)
class SigningKey:
    """The private half: the 32-byte seed of RFC 8032. Signing is deterministic."""

    seed: bytes

    def __post_init__(self) -> None:
        if len(self.seed) != RAW_BYTES:
            raise KeyUnreadable

    @classmethod
    def generate(cls, random: Random | None = None) -> Self:
        """A new key from the system's random source, or from `random`."""
        return cls((random or SystemRandom()).bytes(RAW_BYTES))

    @cached_property  # a multiplication on the curve, asked for at each signature
    def public(self) -> VerifyKey:
        """The half that others verify with."""
        return VerifyKey(Ed25519PrivateKey.from_private_bytes(self.seed).public_key().public_bytes_raw())

    @property
    def key_id(self) -> bytes:
        """That of the public half, 16 bytes."""
        return self.public.key_id

    def sign(self, message: bytes) -> bytes:
        """64 bytes over `message`."""
        return Ed25519PrivateKey.from_private_bytes(self.seed).sign(message)

    def to_bytes(self) -> bytes:
        """`seed`."""
        return self.seed

    @classmethod
    def from_bytes(cls, seed: bytes) -> Self:
        """Read `to_bytes`. Raises KeyUnreadable."""
        return cls(bytes(seed))

    def __repr__(self) -> str:
        return f"SigningKey(key_id={self.key_id.hex()})"  # the seed must reach no log
