"""Cryptography that repeats, for simulated countries alone: `unsafe_repeatable` (docs/adr/0035).

Everything that is random in a process comes from one seed while the block lasts: `SystemRandom`, and the ephemeral
key of HPKE (RFC 9180 section 4.1), so that the same seed seals the same bytes. A signature that this process made is
remembered with its message and need not be computed again to be verified; any other signature is computed as always.
Keys made or used in such a block protect nobody.
"""

import hmac
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from hashlib import sha256
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from rekam.trust.keys import SigningKey, VerifyKey
from rekam.trust.random import SystemRandom
from rekam.trust.sealing import OpeningKey, SealingKey, Suite

__all__ = ["unsafe_repeatable"]

_KEM_ID: Final = b"KEM" + (0x0020).to_bytes(2, "big")
_HPKE_ID: Final = b"HPKE" + b"".join(number.to_bytes(2, "big") for number in (0x0020, 0x0001, 0x0002))


@contextmanager
def unsafe_repeatable(draw: Callable[[int], bytes]) -> Iterator[None]:
    """While the block lasts `draw(count)` is this process's only source of random bytes."""
    made: set[tuple[bytes, bytes, bytes]] = set()
    verify, opened = VerifyKey.verify, vars(OpeningKey)["public"]

    def signs(key: SigningKey, message: bytes) -> bytes:
        signature = _private(key.seed).sign(message)
        made.add((_public(key.seed), signature, message))
        return signature

    def verifies(key: VerifyKey, signature: bytes, message: bytes) -> None:
        if (key.raw, signature, message) not in made:
            verify(key, signature, message)
            made.add((key.raw, signature, message))

    def seals(key: SealingKey, plaintext: bytes, info: bytes) -> bytes:
        if key.suite is not Suite.X25519:
            raise NotImplementedError("only the default suite is repeatable")
        return _seal(draw(32), key.raw, plaintext, info)

    remembered: dict[type, dict[str, Any]] = {
        SystemRandom: {"bytes": lambda _self, count: draw(count)},
        SigningKey: {"sign": signs, "public": property(lambda key: VerifyKey(_public(key.seed)))},
        VerifyKey: {"verify": verifies},
        SealingKey: {"seal": seals},
        OpeningKey: {"public": property(lru_cache(maxsize=64)(opened.__get__))},
    }
    before = {kind: {name: vars(kind)[name] for name in changes} for kind, changes in remembered.items()}
    try:
        _put(remembered)
        yield
    finally:
        _put(before)


def _put(attributes: dict[type, dict[str, Any]]) -> None:
    for kind, changes in attributes.items():
        for name, value in changes.items():
            setattr(kind, name, value)


@lru_cache(maxsize=1024)
def _private(seed: bytes) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(seed)


@lru_cache(maxsize=1024)
def _public(seed: bytes) -> bytes:
    return _private(seed).public_key().public_bytes_raw()


def _seal(ephemeral: bytes, recipient: bytes, plaintext: bytes, info: bytes) -> bytes:
    """SealBase of RFC 9180 with X25519, HKDF-SHA-256 and AES-256-GCM, its ephemeral key given."""
    secret = X25519PrivateKey.from_private_bytes(ephemeral)
    enc = secret.public_key().public_bytes_raw()
    shared = secret.exchange(X25519PublicKey.from_public_bytes(recipient))
    prk = _extract(_KEM_ID, b"", b"eae_prk", shared)
    key = _expand(_KEM_ID, prk, b"shared_secret", enc + recipient, 32)
    context = b"\0" + _extract(_HPKE_ID, b"", b"psk_id_hash", b"") + _extract(_HPKE_ID, b"", b"info_hash", info)
    prk = _extract(_HPKE_ID, key, b"secret", b"")
    cipher = AESGCM(_expand(_HPKE_ID, prk, b"key", context, 32))
    return enc + cipher.encrypt(_expand(_HPKE_ID, prk, b"base_nonce", context, 12), plaintext, None)


def _extract(suite: bytes, salt: bytes, label: bytes, material: bytes) -> bytes:
    return hmac.digest(salt or bytes(32), b"HPKE-v1" + suite + label + material, sha256)


def _expand(suite: bytes, prk: bytes, label: bytes, info: bytes, length: int) -> bytes:
    labelled = length.to_bytes(2, "big") + b"HPKE-v1" + suite + label + info
    return hmac.digest(prk, labelled + b"\x01", sha256)[:length]
